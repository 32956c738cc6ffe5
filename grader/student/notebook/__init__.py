"""Checking from a notebook: what `grader.check`, `grader.draw` and `grader.ask` do.

`cells` gathers the source of a function and of all that it uses from the cells that were run,
`namespaces` does so from living objects; `report` runs the check and shows the result as HTML, and
`drawn` draws its failing case. `asked` asks a quiz below a cell.
"""
