"""Quizzes in the terminal: asked, marked, explained, remembered.

It is made of small parts: `loading` reads `quizzes/<topic>.toml`, `variants` draws the
numbers of one question, `kinds` read and mark an answer (one file each), `history` and `schedule`
remember, `session` and `exam` ask, `screen` shows. Nothing here imports torch, NumPy or
Hypothesis, except `lint`, which compares formulas with torch when an author asks for it.
"""
