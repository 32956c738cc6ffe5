"""What a page shows of one student's work in one assignment: what is to be mended, then the rest.

Both pages are made of this. It never holds the seed. Arguments of hidden cases, and what code that
knew them wrote, are in it on request alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.gradebook.pages.advice import Shown
from grader.gradebook.policy.lateness import cost, deadline_in
from grader.gradebook.students import (
    NOTHING,
    find_excuse,
    find_late,
    find_note,
    find_warnings,
    handed_in,
    is_unread,
    names_of,
)
from grader.model import Status
from grader.render.hidden import SAME_CASES, own_line, shared_feature, without_words
from grader.render.recorded import case_blocks
from grader.render.signs import OPEN, word_for
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.engine.document import Details, Document, Entry
    from grader.gradebook.pages.advice import Advice
    from grader.gradebook.students import StudentResult
    from grader.model.sourcemap import Excerpt


def prepare_work(
    one: StudentResult, number: int, advice: Advice, *, show_cases: bool
) -> dict[str, Any]:
    """Return what the pages show of one assignment of a student.

    Parameters
    ----------
    one
        What was reached.
    number
        Which of the student's assignments it is: anchors begin with it.
    advice
        What the course says.
    show_cases
        Show the arguments of hidden cases.
    """
    document = one.document
    own_cases = show_cases or document["seed"] == 0
    entries = []
    for place, entry in enumerate(document["exercises"]):
        shown = _entry(entry, advice, arguments=own_cases)
        shown["anchor"] = f"{number}-{place}"
        more = one.details.get(entry["id"], {})
        features = frozenset() if own_cases else advice.find(entry["id"]).features
        entries.append(shown | _details(more, entry["id"], features, own_cases=own_cases))
    opened = [entry for entry in entries if entry["opened"]]
    alone, alike = _by_cause(opened)
    return {
        "assignment": safe_text(names_of(document)[1]),
        "earned": document["earned"],
        "complete": document["complete"],
        "possible": document["possible"],
        "lines": [*_lines(document), *([] if own_cases else [SAME_CASES])],
        "entries": entries,
        "mending": alone,
        "alike": alike,
        "passed": [entry for entry in entries if not entry["opened"]],
    }


def _by_cause(
    opened: Iterable[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the exercises that have something of their own to show, and the others by cause.

    What is missing from all exercises for one reason is told once.
    """
    causes: dict[Any, list[dict[str, Any]]] = {}
    for place, entry in enumerate(opened):
        own = entry["blocks"] or entry["diagnosis"] or entry["override"] or entry["code"]
        cause = place if own else (entry["word"], entry["message"])
        causes.setdefault(cause, []).append(entry)
    alone = [some[0] for some in causes.values() if len(some) == 1]
    alike = [
        {**{name: some[0][name] for name in ("word", "message", "color")}, "entries": some}
        for some in causes.values()
        if len(some) > 1
    ]
    return alone, alike


def _lines(document: Document) -> list[str]:
    """Return what is to be said above the points."""
    lines = []
    excused = find_excuse(document)
    if excused is not None:
        counts = ", so these points do not count" if handed_in(document) else ""
        lines.append(f"Excused{counts}: {excused['why']}")
    elif not handed_in(document):
        lines.append(f"{NOTHING.capitalize()}.")
    if note := safe_text(find_note(document)):
        text = "What came in" if is_unread(document) else "A file had another name:"
        lines.append(f"{text} {note}.")
    lines += [f"Of your files: {safe_text(warning)}." for warning in find_warnings(document)]
    if not document["complete"]:
        lines.append("Something could not be graded yet, so these points are not final.")
    if "term" in document and "extended" in document["term"]:
        why, due = document["term"]["extended"]["why"], document["term"]["due"]
        lines.append(f"Your deadline is {deadline_in(due)}: {why}")
    late = find_late(document)
    if late is not None and cost(late):
        lines.append(f"{cost(late)[:1].upper()}{cost(late)[1:]}.")
    if "term" in document and document["term"]["attempts"] > 1:
        term = document["term"]
        lines.append(f"This is attempt {term['attempt']} of {term['attempts']}.")
    return lines


def _what(name: str, status: str) -> dict[str, str]:
    """Return what became of something: the word, and the class that colours it."""
    color = "passed" if status == Status.PASSED else "open" if status in OPEN else "wrong"
    return {"name": name, "word": word_for(status), "color": color}


def _entry(entry: Entry, advice: Advice, *, arguments: bool) -> dict[str, Any]:
    entry = entry if arguments else without_words(entry)
    passed = entry["status"] == Status.PASSED
    rows = [
        {**_what(level["name"], level["status"]), **_points(level["earned"], level["possible"])}
        for level in entry["levels"]
    ]
    whole = _points(entry["earned"], entry["possible"])
    told = Shown() if passed else advice.find(entry["id"])
    shown = entry["counterexample"]
    return {
        **_what(entry["id"], entry["status"]),
        **whole,
        "message": entry["message"],
        "diagnosis": entry["diagnosis"],
        "mended": entry.get("mending"),
        "opened": not passed or "override" in entry,
        "rows": rows or [_what("all", entry["status"]) | whole],
        "override": entry.get("override"),
        "blocks": case_blocks(entry, arguments=arguments),
        "hidden": not arguments,
        "shrunk": shown is not None and shown["shrunk"],
        "lesson": told.lesson,
        "hints": told.hints,
        "reading": told.reading,
        "topic": None if passed else advice.find_topic(entry["id"]),
    }


def _points(earned: float | None, possible: float) -> dict[str, float | None]:
    return {"earned": earned, "possible": possible}


def _details(
    details: Details, exercise: str, features: frozenset[str], *, own_cases: bool
) -> dict[str, Any]:
    """Return what is said about an exercise and stands in no document."""
    where, separation = details.get("location"), details.get("separation", "")
    told = where if own_cases else own_line(exercise, where)
    # Which lines are shown is as much the code's choice as the line is.
    code = details.get("code") if told is not None or where is None else None
    return {
        "separation": separation if own_cases else shared_feature(separation, features),
        "location": told,
        "code": None if code is None else numbered(code),
        "notes": details.get("notes", []),
        "edits": details["mending"]["edits"] if "mending" in details else [],  # for instructors
    }


def numbered(code: Excerpt) -> dict[str, Any]:
    r"""Return an excerpt with the number of each line.

    Examples
    --------
    >>> numbered({"file": "conv.py", "first": 9, "line": 10, "text": "a\nb"})["lines"]
    [(9, 'a', False), (10, 'b', True)]
    """
    lines = enumerate(code["text"].split("\n"), code["first"])
    return {
        "file": code["file"],
        "line": code["line"],
        "lines": [(number, text, number == code["line"]) for number, text in lines],
    }
