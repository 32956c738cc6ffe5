"""Which demos there are, and what each of them is made of.

Nothing here needs numpy: `dlgrade` alone asks which demo has just opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.render.shown import Standing


@dataclass(frozen=True)
class Demo:
    """One demo.

    Parameters
    ----------
    name
        What is typed.
    story
        What learns what, in a line.
    parts
        Ids of the exercises that it is made of, as they are first needed.
    opening
        Those that have to be the student's own before it is worth a look.
    extra
        Those that take the place of others where the student has written all of them.
    """

    name: str
    story: str
    parts: tuple[str, ...]
    opening: tuple[str, ...]
    extra: tuple[str, ...] = ()


LSTM = ("recurrent.lstm_cell", "recurrent.lstm_cell_backward")
STEPS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")

DEMOS = (
    Demo(
        "digits",
        "a convolutional network learns to read handwritten digits",
        (
            "optim.minibatches",
            "conv.conv2d_forward",
            "activations.relu",
            "pool.max_pool2d_forward",
            "pool.flatten",
            "linear.linear_forward",
            "losses.cross_entropy",
            "losses.cross_entropy_backward",
            "linear.linear_backward",
            "pool.max_pool2d_backward",
            "activations.relu_backward",
            "conv.conv2d_backward",
            "optim.momentum_step",
        ),
        (
            "linear.linear_forward",
            "losses.cross_entropy",
            "losses.cross_entropy_backward",
            "linear.linear_backward",
            "optim.momentum_step",
        ),
    ),
    Demo(
        "letters",
        "a recurrent network learns to spell: hello, then a rhyme",
        (
            "embedding.build_vocabulary",
            "recurrent.one_hot",
            "recurrent.rnn_forward",
            "linear.linear_forward",
            "losses.cross_entropy",
            "losses.cross_entropy_backward",
            "linear.linear_backward",
            "recurrent.rnn_backward",
            "optim.adam_step",
            "recurrent.rnn_cell",
        ),
        ("recurrent.rnn_cell", "recurrent.rnn_forward", "recurrent.rnn_backward"),
        LSTM,
    ),
    Demo(
        "xo",
        "three features slide over a picture, and vote: X or O?",
        (
            "conv.correlate2d",
            "activations.relu",
            "pool.max_pool2d_forward",
            "pool.flatten",
            "linear.linear_forward",
            "losses.cross_entropy",
            "losses.cross_entropy_backward",
            "linear.linear_backward",
            "optim.sgd_step",
            "activations.softmax",
        ),
        ("conv.correlate2d", "pool.max_pool2d_forward"),
    ),
    Demo(
        "paths",
        "six optimisers walk down a valley, steep one way and shallow the other",
        tuple(f"optim.{name}_step" for name in STEPS),
        ("optim.sgd_step", "optim.momentum_step"),
    ),
)


def find_demo(name: str) -> Demo:
    """Return the demo of that name.

    Raises
    ------
    UsageError
        There is none; the message says what was probably meant.
    """
    known = {demo.name: demo for demo in DEMOS}
    if name not in known:
        meant = did_you_mean(name, {one: one for one in known}, f"there are {', '.join(known)}")
        raise UsageError(f"no demo is called {name!r}; {meant}")
    return known[name]


def opened_demos(standings: Iterable[Standing]) -> list[Demo]:
    """Return the demos that are worth a look: what they turn on has passed, as it is now.

    Parameters
    ----------
    standings
        Of all exercises of the course (`grader.student.standing.read_standings`).
    """
    passed = {one.exercise.id for one in standings if one.passed}
    return [demo for demo in DEMOS if passed.issuperset(demo.opening)]
