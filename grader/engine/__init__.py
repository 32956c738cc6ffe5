"""One answer: is it right, and if not, what is wrong with it.

In reading order: `engine` takes a folder and a worker and returns a result; `source`, `reading/`
and `inspection` look at the student's text; `cases/` draws the cases and knows their answers;
`examiner` asks a worker through `asking/`; `judge` and `compare` decide; `naming/` makes a failure
small and names it; `values` and `document` write it down; `wording` says what a value is; `audit/`
grades all that.
"""
