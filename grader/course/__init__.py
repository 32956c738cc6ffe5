"""What is asked: stubs, checks and their words, found by their names.

In reading order: `docstrings` reads what the page of a function says, `stubs` the function itself,
`pools`, `strategies`, `autograd` and `vocabulary` are the words of a check, `loading` imports one,
`course` finds it all, `outline` keeps one line of each exercise; `release` makes the student's
copy, with `narrowing` where less than all goes out, `summaries` in place of checks and a `wheel` of
this dlgrade. Nothing here runs a student's code, draws a case or knows an answer.
"""
