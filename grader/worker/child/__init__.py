"""Run a student's functions on arguments from a pipe; send back plain bytes.

What is in this folder runs alone: the standard library, numpy, each other and the student's files
are all that it knows, and it decides nothing. Its counterpart is `grader.worker.client`, which
believes no word of it; the two agree on the frames described in docs/engineer/worker.md and
share `agreed`, `encoding` and `replies`.

In reading order: `starting` (by `__main__`, which is run as a script) has the pipes moved and numpy
imported (`libraries`), puts up `walls` and looks after the `parent`; `conversation` answers
requests: `loading` imports the student's files, without their `absences`, `calls` asks a function,
`rewriting` one in another text; `printing` is what becomes of what they print. `encoding` writes
and reads values, by the marks and numbers that are `agreed`, and `replies` the text around them.
"""
