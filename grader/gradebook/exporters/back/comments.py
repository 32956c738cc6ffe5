"""Fill the feedback comments of Moodle's grading worksheet: points and named mistakes, as HTML.

By Moodle's source (`assignfeedback_offline`) the column of a worksheet becomes the student's
feedback comment as it stands there, as HTML. A comment of somebody's own is never replaced, nor is
one of ours in which, or behind which, somebody wrote: ours is known again by a digest of its words.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.counterparts import (
    MOODLE,
    has_another_key,
    known_as,
    match_asked,
    person_of,
)
from grader.gradebook.exporters._told import OTHER_KEY, call_all, some, why_wrong
from grader.gradebook.exporters.gradescope import summary_lines
from grader.gradebook.exporters.moodle import load_worksheet, need_one
from grader.gradebook.people.person import compact
from grader.gradebook.students import names_of
from grader.model import Status
from grader.render.hidden import SAME_CASES, without_words
from grader.render.signs import points, word_for
from grader.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from grader.engine.document import Document, Entry
    from grader.gradebook.exporters import Options
    from grader.gradebook.view import ClassView

COMMENTS = {
    "feedbackcomments", "feedbackalskommentar", "commentairesdefeedback", "feedbackparcommentaires",
    "comentariosderetroalimentacion", "comentariosdefeedback", "commentidifeedback",
    "feedbackcommenti", "feedbackopmerkingen",
}  # fmt: skip
OURS = re.compile(r'<div class="dlgrade ([0-9a-f]{12})">(.*)</div>', re.DOTALL)


@dataclass
class Commented:
    """What became of the comments of a worksheet, by whose they are.

    Parameters
    ----------
    written, replaced, kept
        New ones, those that took the place of an older one of ours, and other people's.
    others
        Whose name somebody has in the file to whom Moodle gave another number.
    """

    written: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def write_comments(view: ClassView, into: Path, stream: TextIO, options: Options) -> int:
    """Write the worksheet with the column of feedback comments filled.

    Parameters
    ----------
    view
        One assignment.
    into
        The worksheet.
    stream
        Where to.
    options
        The title of its column, hidden cases, and what to call with what is to be told.

    Returns
    -------
    int
        How many comments there are now that are ours.

    Raises
    ------
    UsageError
        The file is no worksheet, or has no such column.
    """
    need_one(view)
    sheet, rows, people = load_worksheet(into)
    sheet.need_titles()
    column = _column(sheet.values(0), options)
    works = list(view.results(view.assignments[0]))
    names = call_all(one.student for one in works)
    ours = [known_as(one.student, MOODLE, person_of(one.document)) for one in works]
    pairs = match_asked(ours, view.unasked(view.assignments[0]), people, MOODLE)
    told = Commented()
    for place, at in pairs.items():
        document, name = works[place].document, names[place]
        before = sheet.value(rows[at], column).strip()
        if has_another_key(works[place].student, people[at], MOODLE):
            told.others.append(name)
            continue
        if before and not _is_ours(before):
            told.kept.append(name)
            continue
        text = comment_text(document, show_cases=options.show_cases or document["seed"] == 0)
        (told.replaced if before not in ("", text) else told.written).append(name)
        sheet.set(rows[at], column, text)
    stream.write(sheet.text)
    found = set(pairs.values())
    strange = [sheet.value(row, 0) for at, row in enumerate(rows) if at not in found]
    absent = [name for at, name in enumerate(names) if at not in pairs]
    _tell(view.names[0], told, absent, [] if options.is_alone else strange, options)
    return len(told.written) + len(told.replaced)


def _column(titles: Sequence[str], options: Options) -> int:
    if options.column is not None:
        wanted = [place for place, title in enumerate(titles) if title == options.column]
        text = f"--column: the file has no column {options.column!r}, or several"
    else:
        wanted = [place for place, title in enumerate(titles) if compact(title) in COMMENTS]
        text = "--into: no column of feedback comments"
    if len(wanted) == 1:
        return wanted[0]
    text = f"{text}, among {', '.join(map(repr, titles))}; name it with --column TITLE"
    raise UsageError(f"{text}, or switch 'Feedback comments' on in the assignment's settings")


def comment_text(document: Document, *, show_cases: bool) -> str:
    """Return what a student reads in a comment, as one line of HTML."""
    lines = summary_lines(document)
    lines[0] = f"{names_of(document)[1]}: {lines[0]}"
    lines += [] if show_cases else [SAME_CASES]
    entries = [one if show_cases else without_words(one) for one in document["exercises"]]
    items = "".join(f"<li>{_html(_line(entry))}</li>" for entry in entries)
    told = "".join(f"<p>{_html(line)}</p>" for line in lines)
    return _ours(f"{told}<ul>{items}</ul>")


def _ours(text: str) -> str:
    """Return HTML as a comment that is known again."""
    return f'<div class="dlgrade {_digest(text)}">{text}</div>'


def _is_ours(comment: str) -> bool:
    """Tell whether a comment is one of ours, to its end and as it was written."""
    found = OURS.fullmatch(comment)
    return found is not None and _digest(found[2]) == found[1]


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _line(entry: Entry) -> str:
    """Return points, what became of an exercise, and the likely mistake."""
    known = f"{points(entry['earned'])} of {points(entry['possible'])}, "
    known = "" if entry["earned"] is None else known
    line = f"{entry['id']}: {known}{word_for(entry['status'])}"
    if entry["status"] != Status.PASSED and entry["message"]:
        line += f": {entry['message']}"
    if "override" in entry:
        line += f". Points given by hand: {entry['override']['why']}"
    for why in why_wrong(entry):
        line += f" {why}" if line.endswith(".") else f". {why}"
    return line


def _html(text: str) -> str:
    return html.escape(safe_text(text), quote=False)


def _tell(
    name: str, told: Commented, absent: list[str], strange: list[str], options: Options
) -> None:
    count = len(told.written) + len(told.replaced)
    line = f"{counted(count, 'comment')} filled"
    line += f", {len(told.kept)} kept" if told.kept else ""
    line += f", {len(told.replaced)} overwritten, which were ours" if told.replaced else ""
    options.tell(f"{safe_text(name)}: {line}")
    for text, names in (
        ("with a comment of somebody's in the file, so left as they are", told.kept),
        (OTHER_KEY, told.others),
        ("not in the file, so that they get no comment", absent),
        ("in the file and not in the gradebook, so left as they are", strange),
    ):
        if names:
            options.tell(f"{safe_text(name)}: {len(names)} {text}: {some(names)}")
