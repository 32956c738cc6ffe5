"""The four networks of the demos, each out of parts that somebody else calls.

`digits` reads, `letters` spells with the `cells` of two recurrent layers, `crosses` tells X from O,
`paths` walks; `twins` are the same in torch, from the same start.
"""
