"""Grading the grader: `mutants` makes wrong references, `audit` counts how many are caught."""
