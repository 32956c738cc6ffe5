"""A small matrix, filled in by hand: rows separated by `;`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from grader.errors import AmbiguousAnswerError, FormulaError, UnreadableAnswerError
from grader.quiz.items.arithmetic import evaluate_number
from grader.quiz.items.bodies import build_slips, number_of
from grader.quiz.items.item import Mark, Posed
from grader.quiz.kinds.base import QuestionKind, unreadable
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope, Value
    from grader.quiz.items.item import Answer
    from grader.quiz.items.streams import Stream

Rows = tuple[tuple[int | float, ...], ...]
MAX_CHARACTERS = 2000
AROUND = re.compile(
    r"(?:(?:torch|np|numpy)\.)?(?:tensor|array)\((.*?)(?:,\s*dtype=[\w.]+)?\)", re.DOTALL
)
"""What Python writes around a matrix."""
TIGHT_COMMA = re.compile(r"\d+,\d+")


class Kind(QuestionKind):
    """Ask for every element of a matrix, or of one row."""

    required: ClassVar = frozenset({"answer"})
    optional: ClassVar = frozenset({"slips", "shape_counts"})
    seconds: ClassVar = 120.0

    def pose(self, body: Mapping[str, object], scope: Scope, stream: Stream) -> Posed:  # noqa: ARG002 - nothing is shuffled
        """Evaluate the answer and the slips."""
        loose = body.get("shape_counts", False)
        if not isinstance(loose, bool):
            raise FormulaError("`shape_counts` must be true or false")
        key = self.coerce(scope.evaluate(str(body["answer"])))
        scope.bind("answer", self.show(key, Posed(key)))
        return Posed(key, slips=build_slips(self, body, scope, Posed(key)), loose=loose)

    def coerce(self, value: Value) -> Rows:
        """Insist on rows of one length; a plain list is one row."""
        if not isinstance(value, list) or not value:
            raise FormulaError(f"a matrix is a list of rows, got {value!r}")
        lines = [row if isinstance(row, list) else None for row in value]
        found = [value] if lines[0] is None else lines
        rows = tuple(tuple(number_of(element) for element in row or []) for row in found)
        if len({len(row) for row in rows}) != 1 or not rows[0]:
            raise FormulaError(f"the rows of a matrix have one length, got {value!r}")
        return rows

    def read(self, text: str, posed: Posed) -> Answer:
        """Split into rows and elements, and evaluate each."""
        if len(text) > MAX_CHARACTERS:
            raise UnreadableAnswerError(f"too long; expected {self.expects(posed)}")
        try:
            rows = tuple(
                tuple(evaluate_number(element) for element in row) for row in split_rows(text)
            )
        except FormulaError as error:
            raise unreadable(error, self.expects(posed)) from None
        if posed.loose:
            _require_plain_commas(text, rows_of(posed.key))
        even = len({len(row) for row in rows}) == 1 and len(rows[0]) > 0
        if even and (posed.loose or _size(rows) == _size(rows_of(posed.key))):
            return rows
        comma = " (write a point for decimals)" if "," in text else ""
        got = _said_size(rows)
        raise UnreadableAnswerError(f"got {got}{comma}; expected {self.expects(posed)}")

    def is_right(self, answer: Answer, posed: Posed) -> bool:
        """Compare element by element, to rounding error."""
        return self.same(answer, posed.key)

    def same(self, answer: Answer, other: Answer) -> bool:
        """Compare the shapes, then element by element, to rounding error."""
        left, right = rows_of(answer), rows_of(other)
        return _size(left) == _size(right) and not _differences(left, right)

    def mark(self, answer: Answer, posed: Posed) -> Mark:
        """Say also where the first wrong element is."""
        mark = super().mark(answer, posed)
        if mark.right:
            return mark
        if _size(rows_of(answer)) != _size(rows_of(posed.key)):
            got, want = (_said_size(rows_of(one)) for one in (answer, posed.key))
            return replace(mark, says=f"{mark.says} You have {got}; it is {want}.".strip())
        wrong = _differences(rows_of(answer), rows_of(posed.key))
        row, column = wrong[0]
        number, right = rows_of(answer)[row][column], rows_of(posed.key)[row][column]
        many = f"{counted(len(wrong), 'element')} {'is' if len(wrong) == 1 else 'are'}"
        where = f"{many} wrong, first row {row + 1}, column {column + 1}: {number:g} for {right:g}."
        return Mark(
            right=False, shown=mark.shown, slip=mark.slip, says=f"{mark.says} {where}".strip()
        )

    def show(self, answer: Answer, posed: Posed) -> str:  # noqa: ARG002 - the same for all
        """Write the rows with blanks and semicolons."""
        return "; ".join(" ".join(f"{element:.10g}" for element in row) for row in rows_of(answer))

    def expects(self, posed: Posed) -> str:
        """Give the size, with an example of a row and of the separator."""
        rows = rows_of(posed.key)
        if posed.loose:
            return "the matrix, blanks within a row and ; between rows, such as 1 0; 2 3"
        size = f"{len(rows)} rows of {len(rows[0])} numbers" if len(rows) > 1 else ""
        example = " ".join(["1", "0", "2", "3", "0"][place % 5] for place in range(len(rows[0])))
        if size:
            return f"{size}, blanks within a row and ; between rows: {example}; ..."
        return f"{len(rows[0])} numbers, such as {example}"

    def bare(self, text: str) -> str:
        """Leave brackets and separators out, but for a comma that a decimal may have."""
        plain = text.casefold()
        if "[" in plain or "(" in plain:
            plain = AROUND.sub(r"\1", plain).replace(",", " ")
        return re.sub(r"(?<!\d),|,(?!\d)|[\s;\[\]()]", "", plain)

    def identity(self, body: Mapping[str, object]) -> object:
        """Return the formula, and whether the shape counts."""
        return [body["answer"], True] if body.get("shape_counts") else body["answer"]


def rows_of(answer: Answer) -> Rows:
    """View an answer as rows.

    Parameters
    ----------
    answer
        As `Kind.coerce` or `Kind.read` gave it.

    Returns
    -------
    tuple of tuples of numbers
        The rows.
    """
    assert isinstance(answer, tuple)  # noqa: S101 - by construction; this tells mypy
    return tuple(
        tuple(element for element in row if isinstance(element, int | float))
        for row in answer
        if isinstance(row, tuple)
    )


def split_rows(text: str) -> list[list[str]]:
    """Cut a typed matrix into rows and elements.

    Parameters
    ----------
    text
        As typed: `1 2; 3 4`, `1, 2; 3, 4` or `[[1, 2], [3, 4]]`.

    Returns
    -------
    list of list of str
        The elements, not yet evaluated.

    Examples
    --------
    >>> split_rows("1 -2; 3 4") == split_rows("[[1, -2], [3, 4]]") == [["1", "-2"], ["3", "4"]]
    True
    """
    plain = text.strip()
    if found := AROUND.fullmatch(plain):
        plain = found[1]
    if re.fullmatch(r"\(\s*\(.*\)\s*,?\s*\)", plain, re.DOTALL):
        plain = plain.replace("(", "[").replace(")", "]")
    plain = re.sub(r"\]\s*,?\s*\[", ";", plain)
    rows = plain.strip("[] ").strip(";").split(";")
    return [row.replace(",", " ").split() for row in rows]


def _require_plain_commas(text: str, key: Rows) -> None:
    """Refuse commas that may be decimal ones, where no count of numbers would show what they are.

    Those are commas beside blanks, `0,5 1`, and any where the answer is no row of whole numbers.
    """
    parted = any(element != int(element) for row in key for element in row)
    for row in re.split(r"[;\]]", text) if "." not in text else ():
        typed = TIGHT_COMMA.search(row)
        if typed and (parted or re.search(r"\d,?\s+[-+\d]", row)):
            raise AmbiguousAnswerError(
                f"Is {typed[0]} one number or two? Write a point for decimals, blanks between"
            )


def _size(rows: Rows) -> list[int]:
    return [len(row) for row in rows]


def _said_size(rows: Rows) -> str:
    lengths = " and ".join(str(length) for length in sorted(set(_size(rows))))
    return f"{len(rows)} {'row' if len(rows) == 1 else 'rows'} of {lengths}"


def _differences(left: Rows, right: Rows) -> list[tuple[int, int]]:
    return [
        (r, c)
        for r, row in enumerate(right)
        for c, want in enumerate(row)
        if abs(left[r][c] - want) > 1e-9 * max(1.0, abs(want))
    ]
