"""Asking: `sitting` and `exam` are the order of questions, `screen` and `render` the terminal.

`listening` reads until a line is an answer.
`answers_file` is what an exam hands in, `deciding` what decides its marks, `overview` what is due.
"""
