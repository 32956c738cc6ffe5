"""The walls around a worker, and what tries them.

In reading order: `bubblewrap` builds the sandboxes out of `mounts`, `visible` (what is shown
inside), `seccomp`, `cgroup` and `users`; `probes` runs hostile code inside and says what held.
docs/security.md lists what is promised.
"""
