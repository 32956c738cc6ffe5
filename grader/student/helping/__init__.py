"""What helps with an exercise, before it passes and after.

In reading order: `hints` are read one at a time, and the course's own solution after them;
`spoiling` makes one line of a function that passes wrong, which `lines` shows among others, and
`spoilt` makes a question of it.
"""
