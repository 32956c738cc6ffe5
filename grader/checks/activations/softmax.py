"""The numbers along the last axis become probabilities that sum to 1."""

from grader.checks._shared import negative, of_arguments, of_softmax, softmax_without_maximum
from grader.checks.activations._cases import rows
from grader.vocabulary import Exercise, one_of

exercise = Exercise(
    points=3,
    decks=("002",),
    levels={
        "small numbers": rows(),
        "rows far from 0": rows(row=900.0),
        "numbers of ±10000": rows(single=one_of(1e3, 1e4)),
    },
    features={
        "just one axis": lambda x: x.ndim == 1,
        "three axes": lambda x: x.ndim == 3,
        "x above 700": lambda x: x.max() > 700,
        "a row below -700": lambda x: x.max(-1).min() < -700,
        "rows more than 700 apart": lambda x: x.max(-1).max() - x.max(-1).min() > 700,
    },
    hints=(
        "What makes every number positive, and what makes them sum to 1? exp(1000) is inf: "
        "which number may be subtracted from a whole row first, without changing the result?",
        "The row [3, 1]; its largest number is 3, so look at [0, -2]:\n"
        "exp(0) = 1\n"
        "exp(-2) = 0.1353\n"
        "1 / (1 + 0.1353) = 0.8808\n"
        "softmax([3, 1]) = softmax([0, -2]) = [0.8808, 0.1192]\n"
        "softmax([1003, 1001]) = [0.8808, 0.1192]",
        "largest = x.max(..., keepdims=True)   # one number for each row\n"
        "e = np.exp(...)\n"
        "return e / ...                        # again one number for each row",
    ),
)


@exercise.equivalent
def softmax(x):
    return x.softmax(-1)


of_softmax(
    exercise,
    lambda softmax, x: softmax(x),
    no_maximum="exp of a large number overflows, and a row of very negative ones becomes all "
    "zeros. Subtract each row's maximum first.",
    global_maximum="The maximum of the whole array is subtracted, and a row far below it becomes "
    "all zeros. Every row needs its own: max(axis=-1, keepdims=True).",
    no_axis="The sum runs over the whole array: sum along the last axis, axis=-1 with "
    "keepdims=True.",
    no_keepdims="Maximum and sum lose the last axis and then meet the wrong one: keep it with "
    "keepdims=True.",
    softmax_twice="Softmax is applied twice.",
)
of_arguments(
    exercise,
    sign_turned=(
        "The sign in exp is turned: the largest number gets the largest probability.",
        {"x": negative},
    ),
)


@exercise.mistake("The minimum is subtracted, so that exp still overflows: subtract the maximum.")
def minimum_subtracted(x):
    return softmax_without_maximum(x - x.amin(-1, keepdim=True))


@exercise.mistake("The sum runs along the first axis: use the last one, axis=-1.")
def first_axis(x):
    return x.softmax(0)


@exercise.mistake("These are the logs of the probabilities: take exp of them.")
def log_softmax(x):
    return x.log_softmax(-1)


@exercise.mistake("axis=1 is the last axis of a matrix only; axis=-1 is the last one always.")
def axis_one(x):
    if x.ndim == 1:
        raise ValueError
    return x.softmax(1)


@exercise.mistake("The numbers are divided by their sum without exp.")
def no_exp(x):
    return x / x.sum(-1, keepdim=True)


@exercise.mistake("The division by the row's sum is missing.")
def not_divided(x):
    return (x - x.amax(-1, keepdim=True)).exp()


@exercise.mistake("This is a 1 for the largest number (argmax): softmax is soft, with exp.")
def one_for_the_largest(x):
    import torch.nn.functional as F

    return F.one_hot(x.argmax(-1), x.shape[-1]).double()


@exercise.mistake("This is the sigmoid of each number: softmax divides by the sum of the row.")
def sigmoid_for_softmax(x):
    return x.sigmoid()
