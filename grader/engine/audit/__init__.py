"""Grading the grader: `mutants` makes wrong references, `audit` counts how many are caught.

`limited` makes those that are wrong at some numbers only, `drawn` says which numbers no case holds;
`hints` finds hints that hold the answer, `slips` what an author got wrong. `writing` writes what is
known of the built-in course before anybody fails it.
"""
