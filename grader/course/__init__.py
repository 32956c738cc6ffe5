"""What is asked: stubs, checks and their words, found by their names.

In reading order: `docstrings` reads what the page of a function says, `windows` which part of an
input an element of its result is made of, `stubs` reads the function itself,
`pools`, `strategies`, `words/` and `vocabulary` are the words of a check, `loading` imports one,
`course` finds it all, `freshness` whether that still lies there, `outline` keeps one line of each
exercise, `topics` finds the page of a module; `handout/` makes the student's copy, `skeletons/`
begins a course or an exercise. Nothing here runs a student's code, draws a case or knows an answer.
"""
