"""What is known of an exception: its words, which are a claim, and the line, which is a fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence

    from grader.engine.reading.sites import Site
    from grader.model import Raised

    Tell = Callable[["Scene", re.Match[str]], str | None]

NAME = r"(?P<name>\w{1,80})"
SHAPE = r"\((?P<{}>[\d, ]{{0,60}})\)"


@dataclass(frozen=True)
class Scene:
    """Where something was raised.

    Parameters
    ----------
    raised
        What the student's process says of it.
    site
        The statement that stands in its line; None where there is none, so that nothing is said
        about it.
    arguments
        Of the call, by name.
    ranks
        How many axes each argument that is an array has, over all cases that were asked.
    bad
        Whether the call should have raised `ValueError`.
    step
        Of a script: the step in which it was raised.
    made
        Where the class begins whose object it was; what has its name where that is no class.
    """

    raised: Raised
    site: Site | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    ranks: Callable[[str], set[int]] = lambda _: set()
    bad: bool = False
    step: tuple[Any, ...] = ()
    made: Site | None = None

    @property
    def function(self) -> str:
        """The name of the function that the line is in."""
        inside = self.site.function if self.site else None
        return inside.name if inside else ""


@dataclass(frozen=True)
class Rule:
    """A kind of exception that has a sentence.

    Parameters
    ----------
    id
        What it is called in results.
    kinds
        The names of the classes.
    pattern
        How its message begins. Only bounded repetitions: the message is a student's.
    fixed
        The sentence without anything of the message or the line; what a student reads while
        cases are hidden.
    tell
        Returns the sentence with both; an empty text for the fixed one, None where the line says
        that it is something else.
    whole
        Whether the line says all there is to say, so that no known mistake explains more.
    """

    id: str
    kinds: str
    pattern: str
    fixed: str
    tell: Tell | None = None
    whole: bool = True


def shape_of(text: str) -> tuple[int, ...]:
    """Return a shape as NumPy writes it in messages.

    Examples
    --------
    >>> shape_of("2,3"), shape_of("4,"), shape_of("")
    ((2, 3), (4,), ())
    """
    return tuple(int(part) for part in text.split(",") if part.strip())


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return words[-1] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
