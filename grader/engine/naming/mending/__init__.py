"""The line: the one edit of a student's function after which every case passes.

In reading order: `own` has the text of a function and of those that it calls, and puts an edit into
it; `scope` knows their names, `reach` which statements lead to a wrong result; `expressions`,
`statements`, `repeated` and `arrays` think of edits, `edits` puts the likeliest first; `trying`
asks the worker about them, and `search` looks for the one that mends; `kinds` has the words for
each kind, and `telling` says what was found.
"""
