"""A question as other programs know it: fixed numbers, one of five forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["number", "choice", "choices", "words", "pairs"]
"""One number, one choice, several choices, a typed text, pairs to match."""

Table: TypeAlias = "tuple[str, tuple[tuple[str, ...], ...]]"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that a question foresees.

    Parameters
    ----------
    text
        What is chosen or typed; of a number its digits.
    right
        Whether it is right.
    says
        What to tell whoever gives it; "" for nothing.
    margin
        How far a number may be from it.
    """

    text: str
    right: bool
    says: str = ""
    margin: float = 0.0


@dataclass(frozen=True, slots=True)
class Illustration:
    """The picture of a question.

    Parameters
    ----------
    name
        Of the file.
    svg
        Its text.
    says
        What is to be seen, for whoever cannot see it.
    """

    name: str
    svg: str
    says: str


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """One question with fixed numbers.

    Parameters
    ----------
    name
        What its author calls it; for ours the id of the item.
    form
        How it is answered.
    text
        Plain text.
    tables
        Titles and matrices under it.
    replies
        The answers foreseen, right ones first where order matters; none for pairs.
    pairs
        Left and right sides that belong together.
    unused
        Right sides that belong to nothing.
    explanation
        What everybody is told afterwards.
    hint
        How the answer is typed, where that is not plain.
    picture
        What is seen with the question; None for nothing.
    line
        Where it begins in the file that it was read from; 0 for ours.
    """

    name: str
    form: Form
    text: str
    tables: tuple[Table, ...] = ()
    replies: tuple[Reply, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    unused: tuple[str, ...] = ()
    explanation: str = ""
    hint: str = ""
    picture: Illustration | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unheld:
    """A question that was read and cannot be held.

    Parameters
    ----------
    line
        Where it begins in its file.
    name
        What its author calls it.
    why
        One line.
    """

    line: int
    name: str
    why: str
