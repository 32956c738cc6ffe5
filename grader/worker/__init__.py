"""The other process: everything that touches a student's code from a distance.

`child` runs alone in the child with the standard library and numpy; `client` starts it, talks to
it over a private pipe, watches its limits and kills it. What passes between them is written down
in docs/worker.md.
"""
