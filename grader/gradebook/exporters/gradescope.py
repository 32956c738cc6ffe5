"""Gradescope's results.json, as an autograder there writes it: of one student, or of a class.

Of one (`--student`) it is that document, and so of a lone submission to which Gradescope gave no
number, as in an autograder. Of a class that came from Gradescope, however small, it is one object
with the document of each submission under the submission's number, which Gradescope tells an
autograder as `id` in `submission_metadata.json`: so a few lines there give back what was graded
here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TextIO

from grader.errors import UsageError
from grader.gradebook.exporters._told import call_all, some, why_wrong
from grader.gradebook.policy.lateness import cost
from grader.gradebook.students import (
    NOTHING,
    final_points,
    find_excuse,
    find_late,
    find_note,
    handed_in,
)
from grader.model import Status
from grader.render.hidden import SAME_CASES, without_words
from grader.render.recorded import case_lines
from grader.render.signs import points, word_for, worth
from grader.text import counted, safe_lines, safe_text

if TYPE_CHECKING:
    from grader.engine.document import Document, Entry
    from grader.gradebook.exporters import Options
    from grader.gradebook.students import StudentResult
    from grader.gradebook.view import ClassView

SUBMISSION = re.compile(r"submission_(\d{1,20})")  # a folder of Gradescope's export


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write the document of one student, or those of all submissions; never the seed.

    Raises
    ------
    UsageError
        There are several assignments, or students who did not hand in on Gradescope.
    """
    works = [one for _, some_works in view.by_student() for one in some_works]
    if not works:
        raise UsageError("there is nothing to export: the assignment has no submissions")
    alone = len(works) == 1 and (view.student is not None or not _submission(works[0]))
    if alone:
        tree = _tree(works[0], options)
    else:
        tree = _by_submission(works, options)
        if not tree or len(view.names) != 1:
            text = "Gradescope's results.json holds one student's results of one assignment"
            raise UsageError(f"{text}; choose with --student NAME and --assignment NAME")
    json.dump(tree, stream, indent=1, allow_nan=False)
    stream.write("\n")


def _tree(work: StudentResult, options: Options) -> dict[str, Any]:
    document = work.document
    return _results(document, show_cases=options.show_cases or document["seed"] == 0)


def _submission(work: StudentResult) -> str:
    """Return the number of a submission on Gradescope; empty for none."""
    delivery = work.student.newest
    numbers = [found[1] for name in delivery.files if (found := SUBMISSION.fullmatch(name))]
    return numbers[0] if delivery.layout == "gradescope" and len(numbers) == 1 else ""


def _by_submission(works: list[StudentResult], options: Options) -> dict[str, Any]:
    """Return the documents by the numbers of the submissions; tell who has none.

    A group has one submission. Where its members do not have the same results, as after a decision
    by hand about one of them, nobody knows which to show.
    """
    shown: dict[str, Any] = {}
    unlike: dict[str, None] = {}
    without = []
    for work, name in zip(works, call_all(one.student for one in works), strict=True):
        number = _submission(work)
        if not number:
            without.append(name)
            continue
        tree = _tree(work, options)
        if shown.setdefault(number, tree) != tree:
            unlike[number] = None
    if not shown:
        return shown
    for number in unlike:
        del shown[number]
    options.tell(f"{counted(len(shown), 'submission')} of Gradescope written")
    if without:
        options.tell(f"{len(without)} without a submission there, left out: {some(without)}")
    if unlike:
        text = "whose members have other results than one another, left out (use --student)"
        options.tell(f"{len(unlike)} {text}: {some(list(unlike))}")
    return dict(sorted(shown.items(), key=lambda one: int(one[0])))


def _results(document: Document, *, show_cases: bool) -> dict[str, Any]:
    """Return the tree; without a single score where the document is not complete.

    Gradescope adds up the tests where there is no total, so that one of them without a score would
    count as zero. Where there is no score at all it shows no number.
    """
    results: dict[str, Any] = {
        "output": safe_lines(
            "\n".join([*_summary(document), *([] if show_cases else [SAME_CASES])])
        ),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
    }
    if show_cases:  # a function that sleeps for as long as its arguments say chooses it
        seconds = sum(entry["seconds"] for entry in document["exercises"])
        results["execution_time"] = round(seconds, 3)
    score = final_points(document)
    if score is not None:
        results["score"] = score
    results["tests"] = [
        _test(entry if show_cases else without_words(entry), number, show_cases=show_cases)
        for number, entry in enumerate(document["exercises"], 1)
    ]
    if not document["complete"] or find_excuse(document) is not None:
        for test in results["tests"]:  # of points without a total, Gradescope makes one
            test.pop("score", None)
            test.pop("max_score")
    return results


def _summary(document: Document) -> list[str]:
    lines = summary_lines(document)
    if not document["complete"]:
        lines.append("That is no zero: ask your instructor, with a link to this page.")
    return lines


def summary_lines(document: Document) -> list[str]:
    """Return what a student reads about a whole assignment: points, and what is to be known."""
    lines = [f"{points(document['earned'])} of {worth(document['possible'])}"]
    if not handed_in(document):
        lines.append(f"{NOTHING.capitalize()}.")
    excused = find_excuse(document)
    if excused is not None:
        lines.append(f"Excused, so that no points count: {excused['why']}")
    if note := find_note(document):
        lines.append(safe_text(note))
    late = find_late(document)
    if late is not None and cost(late):
        lines.append(cost(late))
    if not document["complete"]:
        names = [entry["id"] for entry in document["exercises"] if entry["earned"] is None]
        lines.append(f"could not be graded yet, so that there is no total: {', '.join(names)}")
    return lines


def _test(entry: Entry, number: int, *, show_cases: bool) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": entry["id"],
        "number": str(number),
        "max_score": entry["possible"],
        "output": safe_lines("\n".join(_output(entry, show_cases=show_cases))),
        "output_format": "text",
        "visibility": "visible",
    }
    if entry["earned"] is not None:
        test["score"] = entry["earned"]
        test["status"] = "passed" if entry["earned"] == entry["possible"] else "failed"
    return test


def _output(entry: Entry, *, show_cases: bool) -> list[str]:
    """Return what the student reads about an exercise."""
    lines = []
    if "override" in entry:
        lines.append(f"Points given by hand: {entry['override']['why']}")
    lines += [
        f"{level['name']}: {word_for(level['status'])}"
        + _points(level["earned"], level["possible"])
        for level in entry["levels"]
    ]
    if entry["status"] != Status.PASSED:
        word = word_for(entry["status"])
        lines.append(f"{word}: {entry['message']}" if entry["message"] else word)
    lines += case_lines(entry, arguments=show_cases)
    return lines + why_wrong(entry)


def _points(earned: float | None, possible: float) -> str:
    return "" if earned is None else f", {points(earned)} of {points(possible)}"
