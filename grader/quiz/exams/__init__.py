"""What an exam asks of whom.

`difficulty` reads how hard questions were in exams before, `paper` draws the questions of a
student, and `key` writes them down with their answers, for the instructor. `commands` has the two
commands of exams.
"""
