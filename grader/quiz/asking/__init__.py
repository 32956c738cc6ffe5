"""Asking: `sitting` is the order of questions, and what becomes of answers, whoever shows it.

`turns` is what it tells, `telling` the words for it, `daily` what a day asks, `overview` what is
due. `holding` goes from the first question to the sum, in a terminal through `terminal/` or as
pages through `browser/`. `exam` is an exam on a terminal, `answers_file` what it hands in,
`deciding` what decides its marks.
"""
