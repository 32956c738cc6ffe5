"""The walls around a worker, and what tries them.

In reading order: `base` is what every sandbox shares, `bubblewrap`, `uid` and `none` are the
sandboxes, and `kinds` makes one by its name, or says why none can be had (`refusals` knows what
helps). They are built out of `visible` (what is shown inside), `mounts`, `landlock` and `closing`
(files), `seccomp` (calls), `cgroup` and `users`. `probes` runs hostile code inside and says what
held. docs/instructor/security.md lists what is promised.
"""
