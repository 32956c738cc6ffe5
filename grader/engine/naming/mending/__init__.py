"""The line: the one edit of a student's function after which every case passes, or what is left.

In reading order: `own` has the text of a function or a class and of what that calls, and puts an
edit into it; `scope` knows their names. Edits are thought of by `expressions` (one place),
`statements` (whole ones), `repeated` (the same at several) and `twins` (of what is counted: rows
and columns, sizes, an item that meets itself), `arrays` and `forgotten` (the field's own: what is
missing around a value), `objects` (what is kept); `edits` puts the likeliest first. `trying`
asks the worker about them, and `search` looks for the one that mends; where none does, `looking`
asks where it all comes from; `telling` has the words for each kind, and says what was found.
"""
