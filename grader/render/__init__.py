"""Turn results into Rich renderables; nothing here prints, and no student's text is markup.

In reading order: `signs` are the marks, words and colours of every screen, `shown` the facts that a
student's screens are given; `lists` is the course as a list, `failure` the message about one
exercise, with `grids` and `answers` for its arrays; `explaining/` is what stands behind it at
length; `recorded` shows a case out of a document, and `hidden` keeps back what a student's code
wrote about one; `grades/` shows a class, `drawings/` paints what an exercise is about, `demo/` a
network that learns, `upkeep/` the audit, the doctor and a folder laid out; `web` is any as HTML.
`signs` and `lists` know neither numpy nor arrays, so that `dlgrade list` is quick.
"""
