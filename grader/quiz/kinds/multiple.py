"""Several choices at once: all that are right, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from grader.errors import FormulaError, UnreadableAnswerError
from grader.quiz.items.bodies import tables
from grader.quiz.items.item import LETTERS, Mark, Posed
from grader.quiz.kinds.base import LetteredKind
from grader.quiz.kinds.single import pose_choices
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream


class Kind(LetteredKind):
    """Ask for all the letters that are right."""

    required: ClassVar = frozenset({"choices"})
    rule: ClassVar = (
        "All that are right, and no other, are right. In an exam a part earns a part of the point:"
        " of what is right the share taken, less the share taken of what is wrong"
    )
    seconds: ClassVar = 45.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:
        """Fill in the choices, find the right ones and shuffle."""
        options, right = pose_choices(body, scope, stream)
        if not right:
            raise FormulaError("a multiple choice has at least one right answer, here none is")
        scope.bind("answer", ", ".join(options[position].text for position in right))
        return Posed(tuple(LETTERS[position] for position in right), options=options)

    def read(self, text: str, posed: Posed) -> Answer:
        """Read letters in any order, with or without separators."""
        letters = text.lower().replace(",", " ").replace("and", " ").split()
        found = sorted(set("".join(letters)))
        if not found or not set(found) <= set(LETTERS[: len(posed.options)]):
            raise UnreadableAnswerError(f"expected {self.expects(posed)}")
        return tuple(found)

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Say what was right, and of each choice that is wrongly taken or left what is so."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        assert isinstance(posed.key, tuple)  # noqa: S101 - by construction; this tells mypy
        shown, wrong = self.show(answer, posed), set(answer) ^ set(posed.key)
        if not wrong:
            return Mark(right=True, shown=shown)
        options = {letter: posed.options[LETTERS.index(str(letter))] for letter in wrong}
        taken = [option.slip for letter, option in options.items() if letter in answer]
        says = [
            f"{letter}) {'does not belong' if letter in answer else 'is missing'}."
            + (f" {options[letter].says}" if options[letter].says else "")
            for letter in sorted(wrong, key=str)
        ]
        slips = sorted(filter(None, taken))
        got = [str(letter) for letter in posed.key if letter in answer]
        if got:
            right = counted(len(posed.key), "right choice")
            says.insert(0, f"{len(got)} of {right}: {' '.join(got)}.")
        return Mark(
            right=False, shown=shown, slip=slips[0] if slips else "", says="\n".join(says),
            partial=share_of(set(map(str, answer)), set(map(str, posed.key)), len(posed.options)),
        )  # fmt: skip

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - letters are letters
        """Write the letters in order."""
        assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
        return " ".join(str(letter) for letter in answer)

    def expects(self, posed: Posed) -> str:
        """Give the letters there are."""
        return f"all the right letters out of a to {LETTERS[len(posed.options) - 1]}, such as a b"

    def chance(self, body: Mapping[str, object]) -> float:
        """Count the ways to take at least one of the choices."""
        ways: int = 2 ** len(tables(body, "choices")) - 1
        return 1 / ways

    def identity(self, body: Mapping[str, object]) -> object:
        """Return which choices are right, in the order of the file."""
        return [table.get("right", False) for table in tables(body, "choices")]


def share_of(taken: set[str], right: set[str], count: int) -> float:
    """Return what some choices earn of a point: credit for each, and none for taking all.

    Parameters
    ----------
    taken, right
        Letters that were chosen, and those that are right, which are not the same.
    count
        How many letters there are.

    Returns
    -------
    float
        From 0 to below 1, in hundredths.

    Notes
    -----
    `max(0, taken and right / right - taken and wrong / wrong)`: of what is right as much as was
    taken, less as much as was taken of what is wrong. Whoever takes all, or each by a coin, has as
    much of both.

    Examples
    --------
    >>> share_of({"a"}, {"a", "b"}, 4), share_of({"a", "b", "c"}, {"a", "b"}, 4)
    (0.5, 0.5)
    >>> share_of(set("abcd"), {"a", "b"}, 4)
    0.0
    """
    wrong = count - len(right)
    got = len(taken & right) / len(right)
    lost = len(taken - right) / wrong if wrong else 0.0
    return round(max(0.0, got - lost), 2)
