"""What leaves the house: a course without its solutions, for students or for an autograder.

In reading order: `release` writes the copy, with `narrowing` where less than all goes out, `data`
files that the course lists, in which `labels` looks for held-out ones, `summaries` in place of
checks, and a `wheel` of this dlgrade; `templates` has the files that go with it as they are.
"""
