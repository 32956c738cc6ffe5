"""Pages that open from disk: `feedback` for each student, `report` for the class.

`works` says what is shown of one student's work and `advice` what may be read again; `markup`
makes pages of it. For the class `tally` counts, `questions` those of exams, `figures` computes,
`charts` lays bars out, and `evidence` packs what is behind a cell.
"""
