"""Commands for a closer look at a case.

`debugging` holds a failing one, `drawing` draws it, `reporting` puts a verdict that seems wrong
into a folder.
"""
