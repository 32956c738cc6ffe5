"""What is remembered: `history` keeps answers, `schedule` says when one is due, `stats` counts."""
