"""Predictions that are handed in as a file, and held to labels that nobody but the author has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from grader.course.strategies import Strategy
from grader.course.words.levels import Level
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KINDS = {"i": "whole numbers", "f": "numbers"}
MOST_NUMBERS = 2**20


@dataclass(frozen=True)
class Predictions:
    """A file that stands for a student's function.

    Parameters
    ----------
    file
        Its name: an `.npz` beside the module's file, or alone.
    array
        The name of the array in it.
    shape
        Of that array.
    kind
        "i" for whole numbers, "f" for any.
    held_out
        The name of the file with the right ones, beside the check; its array has the same name.
    metric
        What a score is called.
    score
        A function of the predictions and the right ones: the larger the better.
    """

    file: str
    array: str
    shape: tuple[int, ...]
    kind: str
    held_out: str = ""
    metric: str = "score"
    score: Callable[[Any, Any], float] | None = None

    @property
    def form(self) -> list[Any]:
        """What a student may know of it."""
        return [self.file, self.array, list(self.shape), self.kind]


def predictions(  # noqa: PLR0913 - each is named by the author
    file: str,
    *,
    array: str,
    shape: Sequence[int],
    held_out: str,
    metric: str,
    score: Callable[[Any, Any], float],
    kind: str = "i",
) -> Predictions:
    """Ask for a file with predictions; see `Predictions`.

    Parameters
    ----------
    file, array, shape, held_out, metric, score, kind
        Of `Predictions`.

    Raises
    ------
    CourseError
        There can be no such file.

    Examples
    --------
    >>> predictions(
    ...     "predictions.npz", array="labels", shape=(100,), held_out="labels.npz",
    ...     metric="accuracy", score=lambda guess, right: (guess == right).mean(),
    ... ).form
    ['predictions.npz', 'labels', [100], 'i']
    """
    for name in (file, held_out):
        if not name.endswith(".npz") or "/" in name or "\\" in name or name.startswith("."):
            raise CourseError(f"predictions: {name!r} is not the name of an .npz file")
    size = 1
    for length in shape:
        size *= length
    if kind not in KINDS or not array.isidentifier() or not 0 < size <= MOST_NUMBERS:
        text = f"predictions: {array!r} of shape {tuple(shape)} and kind {kind!r}"
        raise CourseError(f"{text}: at most {MOST_NUMBERS:,} numbers of kind 'i' or 'f'")
    return Predictions(file, array, tuple(shape), kind, held_out, metric, score)


def scored(at_least: float | None = None) -> Level:
    """Describe a level of an exercise that asks for predictions.

    Parameters
    ----------
    at_least
        The score that is enough; None for a file of the right form.
    """
    return Level(Strategy(_draw_nothing), reach=float("-inf") if at_least is None else at_least)


def _draw_nothing(_: object) -> NoReturn:
    raise CourseError("levels of predictions draw no cases")
