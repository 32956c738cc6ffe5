"""Weights that begin as the identity: what goes in comes out, 1 on the diagonal and 0 elsewhere."""

from grader.checks._shared import axis_in_front, of_arguments, of_result
from grader.vocabulary import Exercise, between, strategy


@strategy
def sizes(draw, n=between(1, 12)):
    """Draw how many numbers there are."""
    return (draw(n),)


exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"two and more": sizes(n=between(2, 12)), "one number, too": sizes(n=between(1, 3))},
    features={
        "n = 1": lambda n: n == 1,
        "an even n": lambda n: n % 2 == 0,
        "n above 2": lambda n: n > 2,
    },
    hints=(
        "The result W has to give back any vector h: which number does row 0 take, with which "
        "weight, and how many of the others?",
        "1 * 5 + 0 * 7 = 5     row 0 is [1, 0] and takes the first number of [5, 7]\n"
        "0 * 5 + 1 * 7 = 7     row 1 is [0, 1] and takes the second\n"
        "identity_init(2) = [[1, 0], [0, 1]]",
        "weight = np.zeros(...)\n"
        "for i in range(n):\n"
        "    weight[..., ...] = 1.0\n"
        "return weight             # one function of NumPy does all of it",
    ),
)


@exercise.equivalent
def identity_init(n, diagonal=1.0, others=0.0):
    import torch

    return torch.full((n, n), others, dtype=torch.float64).fill_diagonal_(diagonal)


of_result(
    exercise,
    integer_result="The result holds whole numbers; weights are float64, as np.zeros makes them.",
    turned_round=(
        "The ones run from the top right to the bottom left: row i has its 1 in column i.",
        lambda weight: weight.flip(1),
    ),
    diagonal_alone=(
        "That is the diagonal alone, of shape (n,). The weights are a table of shape (n, n) in "
        "which it stands.",
        lambda weight: weight.diagonal(),
    ),
    in_one_row=(
        "The rows stand one after the other in one long row: the result has shape (n, n).",
        lambda weight: weight.flatten(),
    ),
    axis_too_many=(
        "There is an axis of length 1 in front: the result has shape (n, n).",
        axis_in_front,
    ),
    last_one_missing=(
        "The last 1 is missing: the loop has to reach row n - 1, range(n) does.",
        lambda weight: weight - _corner(weight, -1),
    ),
    first_one_missing=(
        "The first 1 is missing: rows are counted from 0.",
        lambda weight: weight - _corner(weight, 0),
    ),
    first_alone=(
        "Only the first number is handed on: every row i has its 1, in column i.",
        lambda weight: _corner(weight, 0),
    ),
    one_column_late=(
        "Every 1 stands one column too far to the right: row i has its 1 in column i.",
        lambda weight: weight.roll(1, 1).triu(),
    ),
    ones_below_too=(
        "Everything below the diagonal is 1, too (np.tri): there it is 0.",
        lambda weight: (weight + 1.0).clamp(max=1.0).tril(),
    ),
    one_row_too_many=(
        "There is one row and one column too many: n numbers have n of each.",
        lambda weight: identity_init(len(weight) + 1),
    ),
)
of_arguments(
    exercise,
    ones_everywhere=("Every weight is 1: off the diagonal it is 0.", {"others": 1.0}),
    zeros_everywhere=(
        "Every weight is 0, so that nothing gets through: on the diagonal it is 1.",
        {"diagonal": 0.0},
    ),
    mean_of_all=(
        "Every weight is 1/n, which hands on the mean. Each number is to get through as it is.",
        {"diagonal": lambda _, n: 1.0 / n, "others": lambda _, n: 1.0 / n},
    ),
    n_on_the_diagonal=(
        "n stands on the diagonal where 1 does.",
        {"diagonal": lambda _, n: float(n)},
    ),
    divided_by_n=(
        "The ones are divided by n: W @ h has to give h as it is.",
        {"diagonal": lambda _, n: 1.0 / n},
    ),
    divided_by_the_root_of_n=(
        "The ones are divided by the root of n: this start has no scale, W @ h = h.",
        {"diagonal": lambda _, n: n**-0.5},
    ),
    halved=("There is 0.5 on the diagonal where 1 stands.", {"diagonal": 0.5}),
    negative=("There is -1 on the diagonal where 1 stands.", {"diagonal": -1.0}),
)


def _corner(weight, place):
    """Return zeros with one 1, at the beginning or the end of the diagonal."""
    kept = weight * 0.0
    kept[place, place] = 1.0
    return kept
