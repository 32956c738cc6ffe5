"""What comes in, read with distrust.

In reading order: `layouts/` knows each platform's download, `submissions` is what they find there,
`claims` settles whose it is and `teams` shares a team's work out; `packages` reads that as bytes,
`archives` opens what is packed, `encodings` and `notebooks` turn it into Python, `codefile` is what
one file defines, `wanted` is what is looked for, `recognition` finds out which file is which
module, `staging` lays files out; `own` reads a student's own folder in the same way.
"""
