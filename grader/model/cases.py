"""What a student's function is given, and what comes back in place of an ordinary value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Carry:
    """An argument of a later step: the student's previous result, or one item of it.

    Parameters
    ----------
    index
        Which item of the previous result; None for the whole.
    """

    index: int | None = None

    def part_of(self, result: Any) -> Any:
        """Return what the later step gets of the previous result."""
        return result if self.index is None else result[self.index]


@dataclass(frozen=True, slots=True)
class Case:
    """One set of arguments, or a sequence of calls that hand their state on.

    Parameters
    ----------
    steps
        The positional arguments of each call, in order.
    bad
        Whether the arguments are bad, so that `ValueError` is the right answer.
    script
        Whether the steps are those of `grader.model.scripts`, on objects of a class.
    """

    steps: tuple[tuple[Any, ...], ...]
    bad: bool = False
    script: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception in place of a result, as plain facts.

    Parameters
    ----------
    type
        The name of its class.
    message
        What it said.
    value_error
        Whether it is a `ValueError` or a subclass.
    frames
        File name, line and function of every frame in the student's own files, outermost first.
    """

    type: str
    message: str = ""
    value_error: bool = False
    memory: bool = False
    unwritten: bool = False
    frames: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A result of a type that no exercise returns; in a list or a dict it reads `<set>`."""

    type: str

    def __repr__(self) -> str:
        return f"<{self.type}>"


@dataclass(frozen=True, slots=True)
class Opaque:
    """An array whose elements were not sent: of objects or strings, or far too large."""

    dtype: str
    shape: tuple[int, ...]

    def __repr__(self) -> str:
        return f"<{self.dtype} array of shape {self.shape}>"


class NarrowFloat(float):
    """A float that the student's code computed in another width than float64."""

    __slots__ = ("dtype",)
    dtype: str
