"""Who is in a class, and how their work came in.

In reading order: `person` says who is who, `delivery` what came in and whose it is. `tables` reads
what others wrote, `columns` what a column means, `moments` a time,
`numbers` a number; with these `roster` reads a
class list, `groups` who is in which team, `times` when work came in.
"""
