"""Families of mistakes that the losses have in common: a mean of all elements, a sum of them."""

from grader.checks._shared import numpy_errors, of_result


def of_mean(exercise, losses, *, halved, sum_for_mean):
    """Add what goes wrong with the mean of `losses(pred, target)`; two mistakes in own words."""
    of_result(
        exercise,
        halved=halved,
        sum_for_mean=(sum_for_mean, lambda loss, pred: loss * pred.numel()),
        mean_over_first_axis=(
            "The sum is divided by len(pred), the length of the first axis; divide by the number "
            "of all elements, pred.size.",
            lambda loss, pred: loss * pred.numel() / len(pred),
        ),
        mean_of_each_column=(
            "np.mean with axis=0 leaves one number for each column: average all elements.",
            lambda _, pred, target: losses(pred, target).mean(0),
        ),
    )


def of_two_shapes(exercise, losses):
    """Add what goes wrong where target loses axes before pred and target are subtracted."""
    for way, reshaped in ("squeezed", "squeeze"), ("flattened", "flatten"):

        @numpy_errors()
        def mistaken(pred, target, reshaped=reshaped):
            return losses(pred, getattr(target, reshaped)()).mean()

        exercise.add(
            f"target_{way}",
            f"target is {way} and pred is not: (N, 1) - (N,) becomes (N, N). Both have the same "
            "shape; subtract them as they are.",
            mistaken,
        )


def of_sum(exercise, prices, *, mean_for_sum):
    """Add what goes wrong with the sum of each weight's price, `prices(weight, ...)`."""
    of_result(
        exercise,
        mean_for_sum=(mean_for_sum, lambda penalty, weight: penalty / weight.numel()),
        divided_by_rows=(
            "The sum is divided by len(weight); the penalty is not divided by anything.",
            lambda penalty, weight: penalty / len(weight),
        ),
    )
    exercise.add(
        "sum_of_rows",
        "Only the first axis is summed (Python's sum does that): np.sum without an axis adds all.",
        lambda *arguments: prices(*arguments).sum(0),
    )


def of_division(exercise):
    """Add what goes wrong where a gradient is divided by the number of samples."""
    of_result(
        exercise,
        not_divided=(
            "The division by N is missing: the loss is a mean over the batch.",
            lambda grad, targets: grad * len(targets),
        ),
        divided_by_classes_too=(
            "It is divided by all N*K entries; the loss is a mean over the N samples.",
            lambda grad: grad / grad.shape[1],
        ),
    )


NO_COLUMN = (
    "scores[np.arange(N), targets] has shape (N,) and meets the wrong axis of the (N, K) scores: "
    "make it a column with [:, np.newaxis]."
)
