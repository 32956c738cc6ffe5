"""The student's folder: what is in it, how far it is, and what helps.

In reading order: `folder` lays out stubs and puts them back, `progress` is one small file,
`standing` says how far each exercise is, `tonight` what there is to do now, `checking` makes what
checks it, `helping/` hints and what comes after them, `where` which line to open and `faults`
which words could not be found; `holding/` makes a script of a failing case and `drawing/` a
picture, `watching/` checks at every save, `notebook/` from a notebook, `demo/` trains networks out
of what is there; `items` makes tests of pytest of the exercises.
"""
