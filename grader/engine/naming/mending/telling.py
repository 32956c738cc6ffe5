"""Say which line mends a function, and of what kind the edit is: never what it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.naming.mending.kinds import KINDS
from grader.engine.naming.mending.looking import LOOK
from grader.model import Location
from grader.model.mended import Mending

if TYPE_CHECKING:
    from grader.course.course import Exercise
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.naming.mending.search import FoundMending
    from grader.model.sourcemap import SourceMap

PLURALS = {"has": "have", "is": "are"}


def tell_mending(
    found: FoundMending, own: OwnFunctions, exercise: Exercise, sources: SourceMap
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
    """
    file = f"{exercise.module}.py"
    lines = sorted({line for edit in found.edits for line in edit.lines})
    locations = tuple(sources.locate(Location(file, line)) for line in lines)
    kinds = list(dict.fromkeys(kind for edit in found.edits for kind in edit.kinds))
    message = _sentence(found, locations, kinds)
    if found.mistake is not None:
        message += f" With that mended, what is left is: {found.mistake.message}"
    shown = tuple(pair for edit in found.edits if edit.splices for pair in own.shown(edit))
    return Mending(kinds[0], message, tuple((one.file, one.line) for one in locations), shown)


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
