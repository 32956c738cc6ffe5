"""`dlgrade watch`: one process that checks again at every save.

`saves` tells what was written to disk, `changes` which exercises that concerns, `checker` asks a
worker that was started ahead, `keys` reads single keys, and `session` is the one place that prints.
"""
