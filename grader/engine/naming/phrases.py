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
    "misplaced": "All numbers are right, but in wrong places: look at the indices, and at "
    "the order of axes where there is a reshape or a transpose.",
    "no-return": "It returns None here: a way through the function ends without `return`, or "
    "with one that gives None.",
    "none": "One of the results is None: nothing was computed for it.",
    "items-missing": "Not all results are returned.",
    "items-order": "The results are returned in another order.",
    "shape-alone": "The numbers are right and in the right order; only the shape is another: a "
    "reshape is missing, or one too many.",
    "zeros": "It is 0 everywhere, in every case that fails.",
    "argument-returned": "It is an argument as it was given, where it fails.",
    "almost": "It is right to six digits or so and no further: float32 is used on the way, or a "
    "small number is added (an epsilon) where none belongs or another one does.",
    "without-sign": "The sign is lost: an absolute value or a square too many.",
    "square-of-it": "It is the square of the right one: a root is missing.",
    "root-of-it": "It is the root of the right one: a root too many.",
    "exp-of-it": "It is exp of the right one: a logarithm is missing.",
    "log-of-it": "It is the logarithm of the right one: an exp is missing.",
    "one-minus-it": "It is 1 minus the right one.",
    "reciprocal-of-it": "It is 1 divided by the right one.",
    "cut-off": "Numbers are cut off or rounded to whole ones: an array of whole numbers was filled "
    "(made with dtype=int, or like one of ints), or // stands for /.",
    "offset": "One number is added everywhere that does not belong there, or one is missing.",
    "term": "An argument is added or subtracted where it should not be, or not where it should.",
    "times": "An argument is multiplied with where it should not be, or not where it should.",
    "capped": "Numbers are right up to a limit and cut off beyond it, by a clip, a maximum or a "
    "minimum.",
    "backwards": "The numbers are right, in the reverse order along some axis.",
    "blocks": "The blocks along an axis are right, but in another order: compare the order of the "
    "gates with the docstring's.",
    "shifted": "The numbers come one place too early or too late along an axis: an index or a "
    "range is off by one.",
    "only-the-first": "Only the first along an axis is right: a loop that ends too early, or one "
    "that overwrites what it should keep.",
    "only-the-last": "Only the last along an axis is right: a loop that ends too early, or one "
    "that overwrites what it should keep.",
    "part-zero": "Every wrong number is 0, the others are right: some are never written, or set to "
    "0 by a mask that is too wide.",
    "part-sign": "Some numbers are right, and the others have the wrong sign.",
    "part-factor": "Some numbers are right, and the others are so but for one factor.",
    "own-factors": "Every row or column is right but for a factor of its own: what it is divided "
    "by or multiplied with (a sum, a maximum, a norm) is taken over another axis, over everything, "
    "or not at all.",
    "not-reduced": "It still has to be summed or averaged over an axis.",
    "reduced": "An axis is summed or averaged that stays.",
    "size-for-another": "It is right only where two sizes are equal: somewhere one of them stands "
    "for the other.",
    "one-only": "It is right only where one of the sizes is 1: look at what becomes of the others, "
    "in a loop, a sum or an index.",
    "endless-loop": "Nothing in a loop changes what its `while` asks about: it never ends.",
    "default": "It is right wherever an argument is given: its default is another one.",
}
