"""Questions: read, drawn, held to rules.

In reading order: `item` is what a question is, `loading` reads `quizzes/<topic>.toml`, `making`
makes an item of a table of it, `sources` says which lectures ask it, `words` and `arithmetic` are
what `formulas` may use, `spelling` is how people type numbers, `streams` draw them, `bodies` and
`variants` make one question of them, and `picturing` draws its picture, which `describing` puts
into words.
"""
