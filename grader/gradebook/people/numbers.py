"""Read and write numbers as somebody's table writes them, with a decimal point or a decimal comma.

`1,5` can only have a decimal comma and `1,000.00` only a decimal point; `1,000` may be one or a
thousand. So the mark is that of most numbers of a table, and never told by one cell that may mean
two numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

POINT, COMMA = ".", ","
MARKS = {POINT: "point", COMMA: "comma"}
NO_MARK, EITHER = "", "?"  # what a number says of the mark that has none, or may have both
PLAIN = re.compile(r"-?\d+(?:(?P<mark>[.,])\d+)?")
# Groups of three digits after a sign that is the same each time; no such number begins with 0.
GROUPED = re.compile(
    r"-?[1-9]\d{0,2}(?:(?P<group>[., '\u2019\u00a0\u202f])\d{3}(?:(?P=group)\d{3})*)"
    r"(?:(?!(?P=group))(?P<mark>[.,])\d+)?"
)
LONGEST = 40  # signs of a number that anybody writes


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of a table are written.

    Parameters
    ----------
    mark
        The decimal mark.
    doubt
        Why that is not certain; empty where it is.
    """

    mark: str = POINT
    doubt: str = ""

    def read(self, text: str) -> float | None:
        """Return the number in a cell; None where there is none.

        Examples
        --------
        >>> NumberForm(",").read("1.000"), NumberForm(".").read("1.000"), NumberForm().read("EX")
        (1000.0, 1.0, None)
        """
        said = mark_of(text)
        if said is None:
            return None
        mark = said if said in MARKS else self.mark
        digits = (c for c in text.strip() if c.isdecimal() or c in ("-", mark))
        return float("".join(digits).replace(mark, POINT))

    def write(self, value: float, model: str) -> str:
        """Return a number with as many decimals as a number of the table has.

        Parameters
        ----------
        value
            The number.
        model
            The other one; empty where there is none.

        Examples
        --------
        >>> NumberForm(",").write(7.5, "100,00"), NumberForm().write(8.0, "12.0")
        ('7,50', '8.0')
        >>> NumberForm().write(1 / 3, ""), NumberForm().write(1200.0, "1,000.00")
        ('0.33', '1200.00')
        """
        _, found, fraction = model.strip().rpartition(self.mark)
        if mark_of(model) == NO_MARK or not found:
            fraction = ""
        text = f"{value:.2f}"
        if len(fraction) < 2:
            text = text.rstrip("0").rstrip(POINT)
            if fraction and POINT not in text:
                text += ".0"
        return text.replace(POINT, self.mark)


def mark_of(text: str) -> str | None:
    """Return the decimal mark that a number alone shows.

    Returns
    -------
    str or None
        The mark; empty where a number shows none, `?` where it may be either. None for no number.

    Examples
    --------
    >>> [mark_of(text) for text in ("1,5", "1,000.00", "1.000.000", "0,125", "7", "1,000", "1/2")]
    [',', '.', ',', ',', '', '?', None]
    """
    text = text.strip()
    plain, grouped = PLAIN.fullmatch(text), GROUPED.fullmatch(text)
    if len(text) > LONGEST or not (plain or grouped):
        return None
    if plain and grouped:
        return EITHER
    if plain:
        return plain["mark"] or NO_MARK
    assert grouped is not None  # noqa: S101 - or it would be no number
    if grouped["mark"]:
        return grouped["mark"]
    return {POINT: COMMA, COMMA: POINT}.get(grouped["group"], NO_MARK)


def find_form(texts: Iterable[str], default: str, *, has_groups: bool = True) -> NumberForm:
    """Return how numbers are written, by most of those that show it.

    Parameters
    ----------
    texts
        Cells of a table; those that are no numbers show nothing.
    default
        The mark where they show none, or both equally often.
    has_groups
        Whether thousands may be set apart; otherwise `1,000` can only have a decimal comma.

    Examples
    --------
    >>> find_form(["1,000", "2.5"], ","), find_form(["1,000", "EX"], ".").mark
    (NumberForm(mark='.', doubt=''), '.')
    """
    shown: Counter[str] = Counter()
    for text in texts:
        if POINT in text or COMMA in text:
            said = mark_of(text)
            if said == EITHER and not has_groups:
                said = COMMA if COMMA in text else POINT
            if said in MARKS:
                shown[said] += 1
    if not shown:
        return NumberForm(default, "no number in the file shows its decimal mark")
    mark = default if shown[POINT] == shown[COMMA] else max(shown, key=shown.__getitem__)
    both = "some numbers in the file have a decimal point and some a decimal comma"
    return NumberForm(mark, both if len(shown) > 1 else "")
