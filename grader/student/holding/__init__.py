"""A failing case to hold: a plain Python file that shows it, and a debugger that stops in it.

In reading order: `offers` is what a check says of it; `literals` writes values as Python, `pieces`
are what every such file has, `script` writes a case as a file, with `classes` for that of a class,
`home` says where the student's code is that the file runs, `keeping` sees to it that no other file
is lost by that, `stopping` runs it under Python's debugger; `replaying` calls the function under a
debugger that is there already; `parcel` is all about one verdict, to be sent.
"""
