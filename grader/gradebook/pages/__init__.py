"""Pages that open from disk: `feedback` for each student, `report` for the class.

`tally` counts what the class page shows, `charts` draws it; `advice` is what a student may read
again.
"""
