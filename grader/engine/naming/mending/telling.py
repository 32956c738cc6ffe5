"""Say which line mends a function, and of what kind the edit is: never what it must be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.engine.naming.mending.looking import LOOK
from grader.engine.reading.conditions import find_refusals
from grader.model import Location
from grader.model.mended import Mending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.naming.mending.own import Edit, OwnFunctions
    from grader.model.sourcemap import SourceMap

KINDS: dict[str, str] = {
    "adds": "adds to what is there, where it must assign",
    "assigns": "assigns; what comes to one place more than once must add up",
    "axis": "works along another axis than the one that is meant, or along all of them",
    "backwards": "goes in the wrong direction",
    "begins": "begins a maximum at a number, and all that it looks at may lie below",
    "begin": "has a slice that begins at 0, where the padding comes first",
    "biased": "has a variance divided by n, where that divided by n - 1 is meant",
    "both-sides": "counts the padding once, where it comes on both sides",
    "bound": "counts one too many, or one too few",
    "bracket": "takes its terms together in the wrong way: look at the brackets",
    "call": "calls another function than the one that is meant",
    "call-extra": "calls a function that has no place there",
    "call-missing": "lacks a function around what it computes",
    "comparison": "compares in the wrong direction, or leaves out equality",
    "condition": "has a condition that is the wrong way round, or not wanted",
    "count": "counts along one axis, where all elements are meant",
    "copy": "changes an array that somebody else still has: work on a copy",
    "crop": "cuts off -p at the end of an axis, and that leaves nothing where p is 0",
    "cut": "computes what may be negative: take the larger of it and 0",
    "division": "divides with the wrong one of / and //",
    "divisor": "divides by too little: look at all that is to be counted",
    "dtype": "makes an array of another dtype: what is put into it is cut off",
    "ends-early": "has a slice that begins behind the padding, and ends too early by as much",
    "ends": "asks about one end alone, where what lies beyond the other one counts, too",
    "factor-extra": "has a factor too many",
    "factor-missing": "lacks a factor",
    "formula": "computes a size by the formula of another operation",
    "given": "computes anew what is given already",
    "goes-on": "goes on with the next turn, where the loop is to end",
    "guard": "stands in the wrong order: the condition comes first",
    "ignored": "does not use an argument where it should",
    "in-place": "changes an array in place, where a new one is wanted",
    "items": "has two things in the wrong order",
    "itself": "counts in one that is to be left out",
    "keepdims": "is wrong about keepdims",
    "kept": "keeps an array that somebody else may change: keep a copy",
    "keyword": "has a keyword with the wrong value",
    "leaves": "leaves the loop, where only this turn of it is to end",
    "length": "takes the length of another axis than the one that is meant",
    "log": "takes the log of what may be rounded to 0: use a form in which it is not",
    "look": "is where what is wrong comes from",
    "loop-in": "stands outside of a loop that it belongs into",
    "loop-out": "stands inside of a loop that it does not belong into",
    "maximum": "picks from an axis, where it should compare element by element",
    "maximum-row": "takes exp of large numbers: subtract the row's maximum first",
    "mean": "lacks a division by a size: a mean divides by all that it adds up",
    "mean-of-all": "takes one mean over everything, where some axes are to be summed",
    "name": "uses one variable where another is meant",
    "none-kept": "keeps what a method gives that changes its object in place, and that is None",
    "number": "has a number that is not the right one",
    "number-asked": "asks about another number than the one that is meant, or is not wanted",
    "not-put-back": "changes an element of an argument, and what stood there is not put back",
    "of-now": "looks at what the object is now, where what it was at an earlier call counts",
    "off-by-one": "computes a value that is too large, or too small, by 1",
    "one-for-all": "puts one and the same object into every place of a list",
    "operator": "has a wrong operator",
    "order": "has two things in the wrong order",
    "past-end": "reaches past the end: it lacks a condition that its index is not too large",
    "place": "comes too early or too late: look at the statement beside it",
    "power": "lacks a power",
    "printed": "prints a result that must be returned",
    "rebinds": "gives its name another array, where the array itself is to change",
    "result-missing": "does not return all that is asked for",
    "shape": "makes an array of the wrong shape",
    "shared": "makes one for all objects of the class: make it in __init__",
    "short": "makes an array that ends with the largest number there is: say how long it must be",
    "sign": "has a wrong sign",
    "size": "uses one size or index where another is meant",
    "slice": "has a slice with a wrong bound or step",
    "stable": "divides inf by inf where exp is large: use the form that suits the sign",
    "start": "begins with another value than the one that is meant",
    "stale": "stores nothing new, and a later call reads what an earlier one stored, or nothing",
    "statement-extra": "should not be there",
    "stride": "has an index that lacks the step: the stride, or the dilation",
    "sum": "lacks a sum over an axis",
    "term-extra": "has a term too many",
    "term-missing": "lacks a term",
    "ties": "marks each of several equal numbers, where only the first one counts",
    "too-early": "comes too early: it belongs behind the loop that follows",
    "transpose": "has a transpose too few or too many",
    "type": "makes a value of another type than the one that is asked for",
    "unused": "computes something that is kept nowhere",
    "unreturned": "is where it ends without returning anything",
    "unstored": "leaves what it computes in a local name: the object keeps the old one",
}
NOT_PUT_BACK = "not-put-back"
ASKING = ("if ", "elif ", "case ")
PLURALS = {"has": "have", "is": "are", "assigns;": "assign;"}


@dataclass(frozen=True)
class FoundMending:
    """What mends a function.

    Parameters
    ----------
    edits
        One edit, or two that do so each by itself.
    mistake
        A known mistake that explains what is still wrong; None where nothing is.
    """

    edits: tuple[Edit, ...]
    mistake: Mistake | None = None

    def moved(self, before: OwnFunctions, now: OwnFunctions) -> FoundMending:
        """Return the same for the same functions in another file."""
        return replace(self, edits=tuple(now.moved(edit, before) for edit in self.edits))


def decide(mended: Sequence[Edit]) -> FoundMending | None:
    """Return the likeliest edits, if they are at one line or at two."""
    if {"divisor"} & {edit.kind for edit in mended}:  # what divides already divides by too little
        mended = [edit for edit in mended if edit.kind != "mean"]
    least = min((edit.cost for edit in mended), default=0)
    by_line: dict[tuple[int, ...], Edit] = {}
    for edit in mended:
        if edit.cost == least:
            by_line.setdefault(edit.lines, edit)
    if not by_line or len({line for lines in by_line for line in lines}) > 2:
        return None
    return FoundMending(tuple(edit for _, edit in sorted(by_line.items())))


def tell_mending(
    found: FoundMending,
    own: OwnFunctions,
    exercise: Exercise,
    sources: SourceMap,
    *,
    refuses: bool = False,
) -> Mending:
    """Return what was found, its lines as the student knows them.

    Parameters
    ----------
    found
        What mends the function.
    own
        Its text.
    exercise
        Which.
    sources
        What the student calls the files and their lines.
    refuses
        Whether all that is wrong is a `raise` of the function's own. Many a change of its condition
        mends that, so that none of them says what is wrong with it.
    """
    file = f"{exercise.module}.py"
    lines = sorted({line for edit in found.edits for line in edit.lines})
    locations = tuple(sources.locate(Location(file, line)) for line in lines)
    kinds = list(
        dict.fromkeys(_kind_at(kind, edit, own) for edit in found.edits for kind in edit.kinds)
    )
    message = _sentence(found, locations, kinds)
    if (
        refuses
        and LOOK not in kinds
        and {*lines} <= {line for _, line in find_refusals(own.bodies).values()}
    ):
        names = " and ".join(map(_name, locations))
        message = f"{_capital(names)} {'refuses' if len(lines) == 1 else 'refuse'} too much."
    if found.mistake is not None:
        message += f" With that mended, what is left is: {found.mistake.message}"
    shown = tuple(pair for edit in found.edits if edit.splices for pair in own.shown(edit))
    return Mending(kinds[0], message, tuple((one.file, one.line) for one in locations), shown)


def _kind_at(kind: str, edit: Edit, own: OwnFunctions) -> str:
    """Return the kind of an edit; of a number in a condition, which may not be wanted, another."""
    heads = [before.lstrip() for before, _ in own.shown(edit)] if kind == "number" else []
    return "number-asked" if heads and all(one.startswith(ASKING) for one in heads) else kind


def advised(message: str, mending: Mending) -> str:
    """Return what is said of an argument that is changed, with the advice that suits the line.

    Examples
    --------
    >>> advised("it changes its argument x; work on a copy", Mending(NOT_PUT_BACK, "", (), ()))
    'it changes its argument x; put back what stood there'
    """
    if mending.kind != NOT_PUT_BACK:
        return message
    changes, between, _ = message.partition("; work on ")
    return f"{changes}; put back what stood there" if between else message


def _sentence(found: FoundMending, locations: tuple[Location, ...], kinds: list[str]) -> str:
    """Return one sentence: which line, and what it does."""
    names = [_name(location) for location in locations]
    first = found.edits[0]
    if first.kind == LOOK:
        rest = "comes from there" if len(names) == 1 else "comes from one of them"
        return f"Look at {' and '.join(names)}: what is wrong {rest}."
    if first.other is not None:
        both = zip(names * (3 - len(names)), first.kinds, strict=True)
        return f"{_capital('; '.join(f'{name} {KINDS[kind]}' for name, kind in both))}."
    if len(found.edits) == len(kinds) == len(names) == 2:  # each of them in its own words
        both = zip(names, kinds, strict=True)
        return f"{_capital(', or '.join(f'{name} {KINDS[kind]}' for name, kind in both))}."
    between = " or " if len(found.edits) > 1 else " and "
    return f"{_capital(between.join(names))} {_plural(KINDS[kinds[0]], found)}."


def _plural(says: str, found: FoundMending) -> str:
    """Return what is said of two lines together."""
    if len(found.edits) > 1 or len(found.edits[0].lines) == 1:
        return says
    verb, _, rest = says.partition(" ")
    return f"{PLURALS.get(verb, verb.removesuffix('s'))} {rest}"


def _name(location: Location) -> str:
    is_cell = not location.file.endswith(".py")
    return str(location) if is_cell else f"line {location.line}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
