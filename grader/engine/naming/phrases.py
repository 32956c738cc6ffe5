"""Sentences about mistakes that more than one part of the grader must know word for word."""

from __future__ import annotations

UNREFUSED = (
    "Bad arguments are not refused everywhere: raise ValueError where the docstring says so."
)
# Symptoms whose sentence says something that the answer chose, and what is left of it without that.
WITHOUT_PARTICULARS = {
    "dtype": "The dtype is not the expected one: look for dtype=… and .astype.",
    "keepdims": "The numbers are right, the shape is not: drop keepdims=True, or an axis of "
    "length 1.",
    "end-unwritten": "The end of the result was never written: look at where the loop ends.",
    "factor": "All numbers are right but for one factor: one too many, or one forgotten.",
    "sign": "The sign is wrong everywhere.",
    "swapped-axes": "The numbers are right, but the axes are in another order.",
    "misplaced": "All numbers are right, but in wrong places: look at the order of the axes in "
    "reshape and transpose.",
}
