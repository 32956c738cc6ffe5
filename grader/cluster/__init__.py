"""A class on several machines, by Dask distributed: the same verdicts, one writer, many nodes.

In reading order: `starting` makes an executor of what was typed (`addresses`); `executor` takes
orders as the one of a single machine does (`orders` are those under way), `roll` keeps who grades,
`admission` lets nodes in, and `replies` checks what they answer; `hosting` starts nodes here or
through a batch system, and `checking` is for `doctor`. `nodes/` is the other side. Both share
`here` (what a machine is), `sealing` (what passes between them is encrypted), `certificates` and
`settings` of Dask.

Dask unpickles what its peers send: whoever has the certificates is trusted with this account. No
byte of a student's is ever unpickled; it travels as bytes, sealed, into a grading process.
"""
