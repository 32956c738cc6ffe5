"""Who is in a class, and how their work came in.

In reading order: `person` says who is who, `delivery` what came in and whose it is, `roster` reads
a class list.
"""
