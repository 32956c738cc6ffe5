"""The frozen types that the quizzes pass around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.quiz.items.formulas import Value
    from grader.render.drawings.parts import Picture

Answer: TypeAlias = "int | float | str | tuple[Answer, ...]"
"""What an answer is once read: plain, comparable, and JSON-able as lists."""

LETTERS = "abcdefghijklmnop"
"""The names of the options of a question, and so the most that one can have."""


@dataclass(frozen=True, slots=True)
class ItemParameter:
    """A number (or word, or matrix) of an item that changes from variant to variant.

    Parameters
    ----------
    name
        The name formulas use.
    deck
        The deck's own value: the first variant.
    among
        What fresh variants are drawn from; for a matrix, what each element is drawn from.
    shape
        The sizes of a vector or matrix, None for a single value.
    """

    name: str
    deck: Value
    among: Sequence[Value]
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a topic, as its file states it.

    Parameters
    ----------
    id
        `<topic>.<name>`, unique in the course.
    kind
        The name of a file in `grader/quiz/kinds`.
    question, explanation
        Templates: `{formula}` is filled in.
    deck
        Numbers of the lectures that it comes from, such as "000, 003"; "" for an addition to them.
    lectures
        Their titles.
    sources
        The same with the place in each, for people: "GE 461: Pooling layer".
    practise
        The exercise that trains this, such as "conv.conv_output_size"; "" for none.
    parameters
        In the order of the file, which is the order they are drawn in.
    where, lets
        Conditions that every variant meets; derived names and their formulas, in order.
    tables, picture
        Matrices shown under the question (title and formula), and how to draw its picture.
    body
        What only this kind of question knows (`answer`, `choices`, ...), checked by the kind.
    seconds
        What a fluent student needs; the grade for the memory follows from it.
    torch, without_torch
        Python that computes the answer with torch, or why there is none.
    source
        The file, for error messages.
    """

    id: str
    kind: str
    question: str
    explanation: str
    deck: str
    lectures: tuple[str, ...]
    sources: tuple[str, ...]
    practise: str
    parameters: tuple[ItemParameter, ...]
    where: tuple[str, ...]
    lets: Mapping[str, str]
    tables: Mapping[str, str]
    picture: Mapping[str, object]
    body: Mapping[str, object]
    seconds: float
    torch: str
    without_torch: str
    source: Path

    @property
    def topic(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Topic:
    """One file of quizzes.

    Parameters
    ----------
    name
        The file's name without `.toml`.
    title
        One line for the list of topics.
    place
        Its place in the course.
    items
        In the order of the file.
    """

    name: str
    title: str
    place: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, as a variant shows it.

    Parameters
    ----------
    text
        What is read.
    slip
        The name of the mistake that choosing it makes; "" for none.
    says
        What to tell whoever chose it.
    """

    text: str
    slip: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong answer that says which mistake was made.

    Parameters
    ----------
    name
        A few words, counted by `quiz stats`.
    value
        The answer that the mistake leads to, in this variant.
    says
        What to tell whoever gave it.
    """

    name: str
    value: Answer
    says: str


@dataclass(frozen=True, slots=True)
class Posed:
    """The part of a variant that its kind builds, reads and marks.

    Parameters
    ----------
    key
        The right answer.
    options
        What is shown with letters, in this variant's order.
    lefts
        What is shown with numbers, for a matching question.
    slips
        Wrong answers that are recognised; none equals the key.
    tolerance
        How far a number may be from the key.
    relative
        The same as a share of the key, where the tolerance is one; else 0.
    loose
        Whether an answer of another shape is an answer, and wrong.
    contained
        Words that make a text right wherever they stand in it.
    """

    key: Answer
    options: tuple[Option, ...] = ()
    lefts: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()
    tolerance: float = 0.0
    relative: float = 0.0
    loose: bool = False
    contained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One question with its numbers, ready to be asked.

    Parameters
    ----------
    item
        Where it comes from.
    key
        The key of its random stream; "" for the deck's own numbers.
    names
        The values of parameters and derived names.
    question, explanation
        Filled in.
    tables, picture
        Titles and matrices to show; the picture, None for none.
    posed
        The right answer, the options and the slips.
    """

    item: Item
    key: str
    names: Mapping[str, Value]
    question: str
    explanation: str
    tables: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    posed: Posed
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth, and what to say about it.

    Parameters
    ----------
    right
        Whether it is the right answer.
    shown
        The answer as it was understood.
    slip
        The name of the recognised mistake; "" for none.
    says
        The feedback for this very answer; "" for none.
    partial
        The share of the point that a wrong answer earns in an exam, below 1.
    """

    right: bool
    shown: str
    slip: str = ""
    says: str = ""
    partial: float = 0.0

    @property
    def credit(self) -> float:
        """The share of the point that the answer earns."""
        return 1.0 if self.right else self.partial
