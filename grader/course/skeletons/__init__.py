"""Begin a course of one's own: `writing` puts names into the skeletons that lie beside it.

The `.txt` files are what is written: settings, a page, solutions and a check, with `$name` and
`$module` for what the author chose.
"""
