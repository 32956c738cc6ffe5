"""What an instructor says about points: rules given with an export, decisions that are kept.

In reading order: `lateness` what being late costs, `budget` late days that cost nothing,
`decisions` other deadlines and who is excused, `table` many of those, `term` all that a class adds
to a document.
"""
