"""Asking: `sitting` and `exam` are the order of questions, `screen` and `render` the terminal.

`answers_file` is what an exam hands in, `overview` what is due.
"""
