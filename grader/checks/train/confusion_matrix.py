"""Which class is taken for which: a table of counts, rows for what is right."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.train._cases import counted
from grader.vocabulary import Exercise, between

exercise = Exercise(
    points=2,
    decks=(),
    requires=("accuracy",),
    levels={"some classes": counted(), "a class that never occurs": counted(missing=between(1, 2))},
    features={
        "a pair that occurs twice": lambda predictions, targets: (
            len(set(zip(targets.tolist(), predictions.tolist(), strict=True))) < len(targets)
        ),
        "something wrong": lambda predictions, targets: (predictions != targets).any(),
        "the last class in neither": lambda predictions, targets, num_classes: (
            max(predictions.max(), targets.max()) < num_classes - 1
        ),
        "the last class never predicted": lambda predictions, num_classes: (
            predictions.max() < num_classes - 1
        ),
        "a class that is never right": lambda targets, num_classes: (
            len(set(targets.tolist())) < num_classes
        ),
        "several samples": lambda targets: len(targets) > 1,
    },
    hints=(
        "How large is the table, whichever classes occur? In which cell does one sample count, "
        "by its right class and by the predicted one?",
        "Predictions 0, 1, 1 for the targets 0, 2, 2: cell [0, 0] gets 1, cell [2, 1] gets 2.\n"
        "confusion_matrix([0, 1, 1], [0, 2, 2], 3) = [[1, 0, 0], [0, 0, 0], [0, 2, 0]]",
        "counts = np.zeros(..., dtype=np.int64)\n"
        "for t, p in zip(...):\n"
        "    counts[..., ...] += 1\n"
        "return counts\n"
        "Without a loop, += on counts[targets, predictions] counts a repeated pair once.",
    ),
)


@exercise.equivalent
def confusion_matrix(predictions, targets, num_classes):
    import torch

    cells = torch.bincount(targets * num_classes + predictions, minlength=num_classes**2)
    return cells.reshape(num_classes, num_classes)


def padded(counts):
    """Return the counts with a row and a column of zeros after them."""
    import torch.nn.functional as F

    return F.pad(counts, (0, 1, 0, 1))


of_result(
    exercise,
    transposed=(
        "Rows and columns are swapped: a row is the right class, a column the predicted one, "
        "counts[target, prediction]."
    ),
    repeats_lost=(
        "A pair that occurs again is counted once: counts[targets, predictions] += 1 reads all "
        "cells before it writes. Use np.add.at, np.bincount or a loop.",
        lambda counts: counts.clamp(max=1),
    ),
    right_ones_alone=(
        "Only what is right is counted; what is taken for another class counts beside the "
        "diagonal.",
        lambda counts: counts.diagonal().diag(),
    ),
    wrong_ones_alone=(
        "Only what is wrong is counted: what is right stands on the diagonal.",
        lambda counts: counts - counts.diagonal().diag(),
    ),
    floats=(
        "The counts are floats; np.zeros makes float64 unless it is told dtype=np.int64.",
        lambda counts: counts.double(),
    ),
    shares=(
        "The counts are divided by the number of samples: keep them as they are.",
        lambda counts: counts.double() / counts.sum(),
    ),
    shares_of_rows=(
        "Each row is divided by its sum: keep the counts as they are.",
        lambda counts: counts.double() / counts.sum(1, keepdim=True).clamp(min=1),
    ),
    in_one_row=(
        "The cells stand in one long row: reshape them to (K, K).",
        lambda counts: counts.flatten(),
    ),
    one_class_too_many=(
        "There is one row and one column too many: classes run from 0 to num_classes - 1.",
        padded,
    ),
    absent_classes_left_out=(
        "Classes that do not occur have no row (np.unique): all num_classes have one, of zeros.",
        lambda counts, predictions, targets: counts[present(predictions, targets)][
            :, present(predictions, targets)
        ],
    ),
    both_ways=(
        "Each pair is counted both ways: only counts[target, prediction] grows.",
        lambda counts: counts + counts.T,
    ),
    rows_backwards=("The rows are in reverse: row 0 is class 0.", lambda counts: counts.flip(0)),
    both_backwards=(
        "Rows and columns are in reverse: class 0 comes first in both.",
        lambda counts: counts.flip(0, 1),
    ),
    targets_alone=(
        "Only the targets are counted, as if everything were right: the column is the predicted "
        "class.",
        lambda counts: counts.sum(1).diag(),
    ),
    predictions_alone=(
        "Only the predictions are counted, as if everything were right: the row is the right "
        "class.",
        lambda counts: counts.sum(0).diag(),
    ),
)
of_arguments(
    exercise,
    size_from_the_data=(
        "The table ends at the largest class that occurs; it has num_classes rows, whatever does.",
        {
            "num_classes": lambda _, predictions, targets: (
                int(max(predictions.max(), targets.max())) + 1
            )
        },
    ),
    first_sample_missing=(
        "The first sample is not counted: begin at 0.",
        {"predictions": lambda p: p[1:], "targets": lambda t: t[1:]},
    ),
    last_sample_missing=(
        "The last sample is not counted: range(N) reaches it.",
        {"predictions": lambda p: p[:-1], "targets": lambda t: t[:-1]},
    ),
)


@exercise.mistake(
    "A cell counts every sample whose target or whose prediction fits (|); it counts those where "
    "both do: &."
)
def either_fits(predictions, targets, num_classes):
    counts = confusion_matrix(predictions, targets, num_classes)
    return counts.sum(1)[:, None] + counts.sum(0) - counts


def present(predictions, targets):
    """Return the classes that occur, in order."""
    import torch

    return torch.cat([predictions, targets]).unique()
