"""Facts of a class, and everything that is seen in them.

In reading order: `store/` is the SQLite file, its tables and the views by which points count,
`file` an open one, `runs` writes what a run finds out, `people/` says who is who, `facts` is the
gradebook and what a term adds to it, `policy/` what being late costs and what was decided about
somebody; `students` holds what one person reached, `presence` finds out who is in an assignment,
`assignment` reads one, `view` is the part that was asked for, `inquiry/` answers questions of it;
`counterparts` says who is who in a platform's own file, `exporters/` writes other
programs' formats, `pages/` HTML.
"""
