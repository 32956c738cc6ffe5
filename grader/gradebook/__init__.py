"""Facts of a class, and everything that is seen in them.

In reading order: `file` opens and guards the SQLite file (`schema.sql`), `facts` writes what a run
finds out, `people` and `roster` say who is who, `lateness` what being late costs; `assignment`
reads one assignment, `students` holds what one person reached, `view` is the part that was asked
for, `summary` the class as a whole; `exporters/` writes other programs' formats, `pages/` HTML.
"""
