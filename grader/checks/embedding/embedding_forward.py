"""Look up: every index is replaced by its row of the table."""

from grader.checks.embedding._cases import is_repeated, lookups
from grader.vocabulary import Exercise, between

exercise = Exercise(
    points=1,
    decks=("001",),
    requires=("build_vocabulary",),
    levels={
        "a row of indices": lookups(axes=1),
        "indices with several axes": lookups(axes=between(2, 3)),
    },
    features={
        "several axes of indices": lambda indices: indices.ndim > 1,
        "an index that comes again": is_repeated,
        "the index 0": lambda indices: (indices == 0).any(),
    },
    hints=(
        "The vector of word number v is row v of the table. What shape has the answer for N words?",
        "The indices may have several axes: each index is replaced by D numbers, in its place.",
        "NumPy takes a whole array of indices at once: table[indices].",
    ),
)


@exercise.equivalent
def embedding(indices, table):
    import torch.nn.functional as F

    return F.embedding(indices, table)


@exercise.mistake("The axes of indices are flattened: the result has indices.shape + (D,).")
def flattened(indices, table):
    return embedding(indices.reshape(-1), table)


@exercise.mistake(
    "The vectors of a row are joined to one long one; the result has indices.shape + (D,)."
)
def vectors_joined(indices, table):
    return embedding(indices, table).reshape(len(indices), -1)


@exercise.mistake("D comes first in the result; the D numbers of a vector are its last axis.")
def vectors_first(indices, table):
    return embedding(indices, table).movedim(-1, 0)


@exercise.mistake("Columns are looked up, table[:, indices]; word v is row v: table[indices].")
def columns(indices, table):
    if indices.max() >= table.shape[1]:
        raise IndexError
    return embedding(indices, table.T).movedim(-1, 0)


@exercise.mistake("One is subtracted from the indices; they count from 0 already.")
def counted_from_one(indices, table):
    return embedding((indices - 1) % len(table), table)


@exercise.mistake(
    "The result has room for one axis of indices only. Make it indices.shape + (D,), or let "
    "table[indices] do it."
)
def one_axis_only(indices, table):
    if indices[0].numel() > 1:
        raise ValueError
    return embedding(indices.reshape(-1), table)


@exercise.mistake("These are the one-hot rows of the indices; multiply them by the table.")
def one_hot_rows(indices, table):
    import torch.nn.functional as F

    return F.one_hot(indices, len(table)).to(table.dtype)


@exercise.mistake("The vectors are averaged over the words; every index keeps a vector of its own.")
def averaged(indices, table):
    return embedding(indices, table).mean(-2)


@exercise.mistake("The vectors are added up over the words; every index keeps a vector of its own.")
def added_up(indices, table):
    return embedding(indices, table).sum(-2)
