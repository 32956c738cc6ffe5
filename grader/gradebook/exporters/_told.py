"""What exports say alike: of the cells of a platform's file, and why an exercise is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.gradebook.students import (
    final_points,
    find_excuse,
    find_late,
    handed_in,
    is_unread,
    names_of,
)
from grader.render.signs import worth
from grader.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.engine.document import Document, Entry
    from grader.gradebook.students import Student

SHOWN, SHOWN_WORD = 20, 40
OTHER_KEY = "of the name of somebody in the file who has another number, so left as they are"


def why_wrong(entry: Entry) -> list[str]:
    """Return the likely mistake and where it can be mended, a sentence each, as far as is known."""
    lines = []
    if entry["diagnosis"] is not None:
        lines.append(f"Likely: {entry['diagnosis']['message']}")
    if "mending" in entry:
        lines.append(entry["mending"]["message"])
    return lines


@dataclass
class Filled:
    """What became of the cells of one column, by whose they are.

    Parameters
    ----------
    count
        How many hold points now.
    excused
        Who is excused in the file: it stays so.
    locked
        Whose grade cannot be changed there.
    unclear
        Whose points stay, since nobody can tell whether they may be changed; what the file says.
    withheld
        Whose points stay, since there are none of ours to write; which.
    worded
        What a cell says where that is a word and no points.
    overwritten
        Whose cell held other points, which, and what it holds now.
    by_name
        Who was found by name alone, though both sides have keys.
    others
        Who has the name of somebody in the file to whom the same platform gave another key.
    """

    count: int = 0
    excused: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    unclear: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    worded: dict[str, str] = field(default_factory=dict)
    overwritten: list[str] = field(default_factory=list)
    by_name: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def kept(self) -> list[str]:
        """Whose cell is as it was, though something else would have been written."""
        return [*self.excused, *self.locked, *self.unclear, *self.withheld, *self.worded]

    @property
    def line(self) -> str:
        """How many cells were filled, kept and overwritten."""
        kept, over = len(self.kept), self.overwritten
        line = f"{counted(self.count, 'cell')} filled"
        line += f", {kept} kept" if kept else ""
        return line + (f", {len(over)} overwritten: {some(over)}" if over else "")


def tell_filled(
    names: Sequence[str],
    documents: Sequence[Document],
    filled: Filled,
    alone: tuple[Sequence[str], Sequence[str]],
    tell: Callable[[str], None],
) -> None:
    """Tell what an instructor should know about one assignment's points.

    Parameters
    ----------
    names, documents
        What everybody is called, and the results.
    filled
        What became of the cells.
    alone
        Who is in the gradebook alone, and who is in the file alone.
    tell
        Called with each line.
    """
    assignment = safe_text(names_of(documents[0])[1]) if documents else ""
    tell(f"{assignment}: {filled.line}")
    for text, people in (*_kept(filled, alone), *_written(names, documents, filled, alone[0])):
        if people:
            tell(f"{assignment}: {len(people)} {text}: {some(people)}")
    for name, document in zip(names, documents, strict=True):
        for entry in document["exercises"]:
            if "override" in entry and entry["earned"] is not None:
                given = f"{worth(entry['earned'])} by hand: {safe_text(entry['override']['why'])}"
                tell(f"{safe_text(name)}: {entry['id']}: {given}")


def _kept(
    filled: Filled, alone: tuple[Sequence[str], Sequence[str]]
) -> list[tuple[str, Sequence[str]]]:
    """Return what stayed as it was in the file, or was found by less than a key, and whose."""
    said = ", ".join(f"'{word[:SHOWN_WORD]}'" for word in dict.fromkeys(filled.unclear.values()))
    nobody = f"left as they are, since {safe_text(said)} does not tell whether a grade can be"
    return [
        ("not in the file, so that their points go nowhere", alone[0]),
        ("in the file and not in the gradebook, so left as they are", alone[1]),
        (OTHER_KEY, filled.others),
        ("found by name alone, with other keys in the file (look at them)", filled.by_name),
        ("excused in the file, so left as they are", filled.excused),
        ("cannot be changed there, so left as they are", filled.locked),
        (f"{nobody} changed there (empty a cell to have it filled)", list(filled.unclear)),
        ("without points of ours, so that the score in the file stays",
         [f"{who} {why}" for who, why in filled.withheld.items()]),
        ("with a word in the file and no points, so left as they are",
         [f"{who} '{word[:SHOWN_WORD]}'" for who, word in filled.worded.items()]),
    ]  # fmt: skip


def _written(
    names: Sequence[str], documents: Sequence[Document], filled: Filled, outside: Sequence[str]
) -> list[tuple[str, Sequence[str]]]:
    """Return what is to be known of those whose cell holds what we say, and who they are.

    Who is not in the file has no cell, nor has a namesake of somebody there.
    """
    kept = {*filled.kept, *outside, *filled.others}
    written = [pair for pair in zip(names, documents, strict=True) if pair[0] not in kept]

    def who(choose: Callable[[Document], bool], *, excused: bool = False) -> list[str]:
        return [
            name
            for name, one in written
            if (find_excuse(one) is not None) == excused and choose(one)
        ]

    return [
        ("excused", who(lambda one: not handed_in(one), excused=True)),
        ("excused, though they handed in", who(handed_in, excused=True)),
        ("handed in nothing, so 0", who(lambda one: why_nothing(one) == ABSENT)),
        ("could not be read, so left empty", who(lambda one: why_nothing(one) == UNREAD)),
        ("not graded in full, so left empty", who(lambda one: why_nothing(one) == IN_PART)),
        ("marked late by the platform",
         who(lambda one: _is_marked_late(one) and find_late(one) is None)),
    ]  # fmt: skip


UNREAD, IN_PART, ABSENT = "could not be read", "not graded in full", "handed in nothing"


def why_nothing(document: Document) -> str:
    """Return why there are no points of ours that could replace others; empty where there are.

    Where nothing came in, other points are for what came in elsewhere. Points by hand are ours.
    """
    if find_excuse(document) is not None:
        return ""
    if final_points(document) is None:
        return UNREAD if is_unread(document) else IN_PART
    by_hand = any("override" in entry for entry in document["exercises"])
    return "" if handed_in(document) or by_hand else ABSENT


def _is_marked_late(document: Document) -> bool:
    return "term" in document and document["term"]["marked_late"]


def call_all(students: Iterable[Student]) -> list[str]:
    """Return what people are called: by the roster, else the platform; of namesakes with a key."""
    everybody = list(students)
    count = Counter(one.person.name for one in everybody)
    return [
        f"{one.person.name} ({one.person.key or one.name})"
        if count[one.person.name] > 1
        else one.person.name
        for one in everybody
    ]


def some(texts: Sequence[str]) -> str:
    """Return texts as a line has room for them; semicolons stand between names with commas."""
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    between = "; " if any("," in text for text in texts[:SHOWN]) else ", "
    return between.join(map(safe_text, texts[:SHOWN])) + more
