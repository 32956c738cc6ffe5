"""Draw what an exercise is about, with the student's own functions where they pass.

In reading order: `table` says which drawing belongs to which exercise; `states` which functions
pass, `calling` asks them on the worker; `knobs` is what can be turned, and `held` the failing case
that is drawn; `pictures/` builds a picture out of these, `builders` finds its builder; `showing`
draws what a check has just found, `session` turns the knobs by keys.
"""
