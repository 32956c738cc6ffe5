"""Asking: `sitting` is the order of questions, and what becomes of answers, whoever shows it.

`turns` is what it tells, `daily` what a day asks, `overview` what is due. `dialogue` holds a
sitting in a terminal: `listening` reads until a line is an answer, `screen` and `render` show,
`fitting` what is wide.
`exam` is an exam on a terminal, `answers_file` what it hands in, `deciding` what decides its marks.
"""
