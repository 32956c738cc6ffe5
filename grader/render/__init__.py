"""Turn results into Rich renderables; nothing here prints, and no student's text is markup.

`signs` and `lists` know neither numpy nor arrays, so that `dlgrade list` stays quick; `failure`
writes the message about one exercise, with `grids` for its arrays; `web` is the same as HTML.
"""
