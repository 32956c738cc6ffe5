"""Commands for a closer look at a case.

`debugging` holds a failing one, `drawing` draws it; `offers` is what `check` says of both.
"""
