"""The losses of several tasks are added, each multiplied by its weight."""

from grader.checks._shared import numpy_errors, of_arguments, of_result
from grader.vocabulary import (
    Exercise,
    array,
    bad,
    between,
    one_of,
    strategy,
    undrawn,
    wide,
)


def shares(count):
    """Return weights that sum to 1, as those of tasks often do."""
    return [0.5 ** min(number, count - 1) for number in range(1, count + 1)]


@strategy
def tasks(draw, bad_arguments=False):
    """Draw lists of losses and weights, of unequal length where these are bad arguments."""
    n = draw(between(1, 5))
    more = draw(between(1, 3)) if bad_arguments else 0
    lengths = draw(one_of((n, n + more), (n + more, n)))
    losses = draw(array(lengths[0], of=wide)).tolist()
    weights = draw(array(lengths[1], of=wide)).tolist()
    weights = draw(one_of(weights, weights, weights, shares(lengths[1])))
    return bad(losses, weights) if bad_arguments else (losses, weights)


exercise = Exercise(
    points=1,
    decks=("003",),
    levels={
        "a weight for each loss": tasks(),
        "unequal lengths": tasks(bad_arguments=True),
    },
    features={
        "several tasks": lambda losses: len(losses) > 1,
        "more losses than weights": lambda losses, weights: len(losses) > len(weights),
        "more weights than losses": lambda losses, weights: len(losses) < len(weights),
        "weights that sum to 1": lambda weights: sum(weights) == 1,
        "a negative loss": lambda losses: min(losses) < 0,
    },
    never=[undrawn("orders", "Lists of numbers have no order in memory.")],
    terms=lambda losses, weights: max(map(abs, losses)) * max(map(abs, weights)),
    hints=(
        "losses and weights are lists of Python numbers: what goes with what? And what should "
        "happen when one list is longer, where zip would stop silently at the shorter one?",
        "multi_task_loss([1, 4], [0.5, 0.25]) = 0.5 * 1 + 0.25 * 4 = 1.5",
        "if ... != ...:\n"
        "    raise ValueError(...)\n"
        "return the sum of loss times weight, pair by pair",
    ),
)


@exercise.equivalent
def multi_task_loss(losses, weights):
    import torch

    return torch.tensor(losses, dtype=torch.float64) @ torch.tensor(weights, dtype=torch.float64)


def pairs(losses, weights):
    """Return both lists as tensors, cut to the length of the shorter one."""
    import torch

    n = min(len(losses), len(weights))
    return torch.tensor([losses[:n], weights[:n]], dtype=torch.float64)


of_arguments(
    exercise,
    weights_ignored=(
        "The weights are not used: multiply each loss by its own.",
        {"weights": lambda weights: [1.0] * len(weights)},
    ),
)
of_result(
    exercise,
    mean_for_sum=(
        "The mean is taken; the weighted losses are added.",
        lambda loss, losses: loss / len(losses),
    ),
    weighted_average=(
        "This is a weighted average: do not divide by the sum of the weights.",
        lambda loss, weights: loss / sum(weights),
    ),
)


@exercise.mistake("Every loss is multiplied by every weight: pair them up, weights[i] * losses[i].")
def every_pair(losses, weights):
    return sum(losses) * sum(weights)


@exercise.mistake("Only the last task counts: each one overwrites (=) the sum; add to it (+=).")
def last_task_only(losses, weights):
    return losses[-1] * weights[-1]


@exercise.mistake("The weighted losses are right but not added: the result is one number.")
def not_added(losses, weights):
    return pairs(losses, weights).prod(0)


@exercise.mistake(
    "losses and weights are lists, and `*` does not multiply two lists: use np.dot, or zip and sum."
)
def lists_multiplied(losses, weights):
    raise TypeError


@exercise.mistake(
    "zip stops at the shorter list, so that losses or weights are lost silently: compare the "
    "lengths and raise ValueError.",
    on_bad_arguments=True,
)
def zip_stops_early(losses, weights):
    return pairs(losses, weights).prod(0).sum()


@exercise.mistake(
    "One loop over range(len(losses)) raises IndexError when weights run out, and leaves weights "
    "over otherwise: compare the lengths first and raise ValueError.",
    on_bad_arguments=True,
)
def index_runs_out(losses, weights):
    if len(weights) < len(losses):
        raise IndexError
    return zip_stops_early(losses, weights)


@exercise.mistake(
    "An array of length 1 is stretched to any length when arrays are multiplied, without an error: "
    "compare the lengths yourself and raise ValueError.",
    on_bad_arguments=True,
)
@numpy_errors()
def length_one_stretched(losses, weights):
    import torch

    losses = torch.tensor(losses, dtype=torch.float64)
    return (losses * torch.tensor(weights, dtype=torch.float64)).sum()


@exercise.mistake(
    "assert raises AssertionError, and nothing under `python -O`: use `if …: raise ValueError(…)`.",
    on_bad_arguments=True,
)
def assertion(losses, weights):
    if len(losses) != len(weights):
        raise AssertionError
    return multi_task_loss(losses, weights)


@exercise.mistake(
    "Unequal lengths are noticed, but nothing is raised: `raise ValueError(…)` instead of None.",
    on_bad_arguments=True,
)
def none_returned(losses, weights):
    return multi_task_loss(losses, weights) if len(losses) == len(weights) else None
