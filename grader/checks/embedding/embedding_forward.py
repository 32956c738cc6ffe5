"""Look up: every index is replaced by its row of the table."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.embedding._cases import is_repeated, lookups
from grader.vocabulary import Exercise, between

exercise = Exercise(
    points=1,
    decks=("001", "002"),
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
        "The vector of word number v is row v of the table: what shape has the result for N "
        "words, and for indices of several axes? Can NumPy take many rows at once?",
        "The table [[0, 1], [2, 3], [4, 5]]: index 2 stands for [4, 5], index 0 for [0, 1].\n"
        "embedding_forward([2, 0, 2], [[0, 1], [2, 3], [4, 5]]) = [[4, 5], [0, 1], [4, 5]]",
        "An array of indices may stand where one index does:\n"
        "return table[...]\n"
        "The shape is that of the indices, with D at its end.",
    ),
)


@exercise.equivalent
def embedding(indices, table):
    import torch.nn.functional as F

    return F.embedding(indices, table)


of_result(
    exercise,
    vectors_joined=(
        "The vectors of a row are joined to one long one; the result has indices.shape + (D,).",
        lambda vectors: vectors.reshape(len(vectors), -1),
    ),
    vectors_first=(
        "D comes first in the result; the D numbers of a vector are its last axis.",
        lambda vectors: vectors.movedim(-1, 0),
    ),
    averaged=(
        "The vectors are averaged over the words; every index keeps a vector of its own.",
        lambda vectors: vectors.mean(-2),
    ),
    added_up=(
        "The vectors are added up over the words; every index keeps a vector of its own.",
        lambda vectors: vectors.sum(-2),
    ),
)
of_arguments(
    exercise,
    flattened=(
        "The axes of indices are flattened: the result has indices.shape + (D,).",
        {"indices": lambda indices: indices.reshape(-1)},
    ),
    counted_from_one=(
        "One is subtracted from the indices; they count from 0 already.",
        {"indices": lambda indices, table: (indices - 1) % len(table)},
    ),
)


@exercise.mistake("Columns are looked up, table[:, indices]; word v is row v: table[indices].")
def columns(indices, table):
    if indices.max() >= table.shape[1]:
        raise IndexError
    return embedding(indices, table.T).movedim(-1, 0)


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
