"""The screens of `dlgrade demo`: what learns, how far it is, and what came of it.

`shown` is what they are given, `charts` draws lines, `tiles` pictures and filters; `bodies` has
what is different in each demo, `screens` puts it together, `words` says whose the parts are, what
the comparison with torch found, and which demos there are.
"""
