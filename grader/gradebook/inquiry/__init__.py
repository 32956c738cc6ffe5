"""What can be asked of a gradebook, beside everybody's results.

In reading order: `changes` says whose grade a run changed and why,
`summary` the class at the end of a run, `standing` a class, an exercise or a mistake, and `story`
what happened to one student.
"""
