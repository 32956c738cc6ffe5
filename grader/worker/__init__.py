"""The other process: everything that touches a student's code from a distance.

In reading order: `child` runs alone with the standard library and numpy; `wire` writes requests for
it and reads its replies with doubt, `traces` what they say of a call beside its answer, `rewriting`
those about a function in another text; `libraries` finds what it may import besides numpy;
`command` and `launch` say how it is started; `client` asks it, times it and kills it, with `pipes`
between the two, `waiting` to count how long and `family` to ask the system about it; `importing`
tries the libraries; `seat` holds one worker at a time; `sandbox/` has its walls. What passes
between the two processes is written down in docs/engineer/worker.md.
"""
