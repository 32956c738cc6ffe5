"""A class on the screen.

`told` and `asked` are what a run and a gradebook say, as plain data; `run` shows a run and its end,
`inquiry` the answers to questions, in tables of `fitting`, which have room on any screen.
"""
