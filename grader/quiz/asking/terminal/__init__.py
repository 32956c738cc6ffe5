"""A sitting in a terminal: `dialogue` goes through it, `listening` reads until a line is an answer.

`screen` shows and reads, `render` is what is shown, and `fitting` what becomes of what is wide.
"""
