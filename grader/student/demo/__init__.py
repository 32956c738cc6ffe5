"""`dlgrade demo`: small networks that are made of the student's own functions, and learn.

In reading order: `catalogue` says which demos there are and what each needs, `lending` whose each
part is, `data` what ships to learn from; `asking` calls a part, on the worker or in `torch_parts`,
and compares the two; `pacing` fits the work into the time, `learning` is what all demos share, and
`networks/` are the four; `training` runs one of them and says what came of it.
"""
