"""Families of edits: `expressions` of one place, `statements` as wholes, `repeated` ones.

`arrays` has the field's own: a forgotten transpose, mean, factor, maximum, stride, crop or copy.
"""
