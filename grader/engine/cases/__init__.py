"""Cases and their right answers.

In reading order: `drawing` is where numbers come from, `oracle` answers twice, with `scripted` for
classes, `caseset` puts the two together as bytes, `known` answers as known mistakes do, a `ladder`
is of small cases to which a failure is told, `bank` keeps it all, under a `key` that changes with
everything that enters. `kept` are those that a course brings along, and what is known `ahead` of a
failure goes with them: the ladder, and of what mistakes answer a `sketch`.
"""
