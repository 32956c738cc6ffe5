"""Quizzes in the terminal: asked, marked, explained, remembered.

In reading order: `items/` reads `quizzes/<topic>.toml` and draws the numbers of one question,
`kinds/` reads and marks an answer (one file each) and `marking` is their one door, `memory/` keeps
every answer and says what is due, `exams/` draws what an exam asks of whom, `asking/` is a sitting
or an exam on a terminal, `lint/` holds items to their rules, `exports/` writes topics for other
programs and `exchange/` reads theirs, `cli` has the commands, and `context` and `surroundings` what
they take from outside. Nothing here imports torch, NumPy or Hypothesis, except `lint/oracle`, which
compares formulas with torch when an author asks for it.
"""
