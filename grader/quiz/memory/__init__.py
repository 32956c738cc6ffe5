"""What is remembered: an `event` is an answer, `history` keeps them on the disk.

`schedule` says when an item is due, `stats` counts.
"""
