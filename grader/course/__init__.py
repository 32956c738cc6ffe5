"""What is asked: stubs, checks and their words, found by their names.

In reading order: `stubs` reads a function that is to be written, `docstrings` what its page says,
`strategies` and `vocabulary` are the words of a check, `course` finds and loads it all, `outline`
keeps one line of each exercise, `release` makes the student's copy. Nothing here runs a student's
code, draws a case or knows an answer.
"""
