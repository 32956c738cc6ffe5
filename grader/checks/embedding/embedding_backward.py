"""Every gradient goes back to the row of the table that it came from; repeated rows collect all."""

from grader.checks._shared import of_arguments, of_result, one, products_of
from grader.checks.embedding._cases import is_repeated, lookups
from grader.vocabulary import Exercise, between, gradients

exercise = Exercise(
    points=2,
    decks=("001",),
    requires=("embedding_forward",),
    levels={
        "a row of indices": lookups(axes=1, backward=True),
        "indices with several axes": lookups(axes=between(2, 3), backward=True),
    },
    features={
        "an index that comes again": is_repeated,
        "several axes of indices": lambda indices: indices.ndim > 1,
        "a last row that is never used": lambda indices, num_embeddings: (
            indices.max() < num_embeddings - 1
        ),
    },
    terms=products_of("grad_out"),
    hints=(
        "Which rows of the table made which part of the result? What does a row get that was "
        "looked up three times, and one that never was?",
        "Indices [2, 0, 2], and gradients 1, 10 and 100 arrive:\n"
        "1 + 100 = 101      row 2 was looked up twice\n"
        "embedding_backward([[1], [10], [100]], [2, 0, 2], 3) = [[10], [0], [101]]",
        "grad_table = np.zeros((..., ...))\n"
        "for every place in indices:\n"
        "    grad_table[...] += ...\n"
        "return grad_table\n"
        "At once, += on grad_table[indices] counts a repeated index once;\n"
        "np.add.at counts each.",
    ),
)


@exercise.equivalent
def table_gradient(grad_out, indices, num_embeddings):
    import torch
    import torch.nn.functional as F

    table = torch.zeros(num_embeddings, grad_out.shape[-1], dtype=grad_out.dtype)
    return gradients(lambda leaf: F.embedding(indices, leaf), grad_out, table)[0]


@exercise.mistake(
    "An index that comes again keeps only its last gradient: = overwrites, and "
    "grad_table[indices] += ... counts it once. Add each one: np.add.at."
)
def repeats_lost(grad_out, indices, num_embeddings):
    grad_table = 0 * table_gradient(grad_out, indices, num_embeddings)
    for index, vector in zip(indices.flatten(), grad_out.flatten(0, -2), strict=True):
        grad_table[index] = vector
    return grad_table


@exercise.mistake(
    "An index that comes again within a row of indices keeps only its last gradient: "
    "grad_table[row] += ... counts it once. Add each one: np.add.at."
)
def repeats_in_a_row_lost(grad_out, indices, num_embeddings):
    if indices.ndim == 1:
        return table_gradient(grad_out, indices, num_embeddings)
    rows = zip(grad_out, indices, strict=True)
    return sum(repeats_lost(vectors, row, num_embeddings) for vectors, row in rows)


@exercise.mistake("Gradients of an index that comes again are averaged; add them up.")
def repeats_averaged(grad_out, indices, num_embeddings):
    counts = indices.flatten().bincount(minlength=num_embeddings).clamp(min=1)
    return table_gradient(grad_out, indices, num_embeddings) / counts[:, None]


of_result(
    exercise,
    used_rows_only=(
        "Only rows that were used are returned; the others get zeros.",
        lambda grad_table, indices: grad_table[indices.unique()],
    ),
    transposed="The gradient is (D, V); like the table it is (V, D).",
    averaged=(
        "The gradient is divided by the number of indices; they are added up.",
        lambda grad_table, indices: grad_table / indices.numel(),
    ),
)
of_arguments(
    exercise,
    grad_out_forgotten=(
        "The indices are counted, but not multiplied by grad_out: add grad_out's rows.",
        {"grad_out": one},
    ),
    ends_at_largest_index=(
        "The gradient ends with the largest index; the table has num_embeddings rows.",
        {"num_embeddings": lambda _, indices: int(indices.max()) + 1},
    ),
)


@exercise.mistake("Gradients are given back by index, as in the forward pass: grad_out[indices].")
def looked_up_again(grad_out, indices, num_embeddings):
    if indices.max() >= len(grad_out):
        raise IndexError
    return grad_out[indices]
