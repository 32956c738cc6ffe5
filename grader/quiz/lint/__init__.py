"""The rules that items are held to: what an author is told before a student meets them.

In reading order: `problems` goes through the topics, `wording` looks at an item as it is written,
`variants` draws many of it, `telling` holds the rules for what one variant shows, `shown` computes
the formulas of an explanation as they stand there, `pictured` asks whether a picture is needed,
`oracle` asks torch, `guessing` is a student who
knows nothing and looks for the choice that looks right.
"""
