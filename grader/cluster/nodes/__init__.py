"""What runs on a node, and decides nothing there.

In reading order: `node` is its process, `desk` answers what the parent asks of it, `canary` runs
the references there, and `janitor` removes what a killed node leaves.
"""
