"""What an instructor says about points: rules given with an export, decisions that are kept.

In reading order: `lateness` what being late costs, `budget` late days that cost nothing,
`decisions` other deadlines and who is excused, `following` points by hand of who has another name
now, `table` many decisions, `term` all that a class adds to a document.
"""
