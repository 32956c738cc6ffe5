"""A copy of a class for research, in which nobody can be told who is who.

In reading order: `pseudonyms` are what students are called there, `anonymous` is what is left of a
document.
"""
