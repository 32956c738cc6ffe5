"""JUnit's XML (xunit2), for a continuous-integration server: a suite a student, a case a level.

Points are properties of the suite, since the schema knows none of a case. Nobody knows here who
reads a server's pages: what is kept from students where cases are hidden is kept from it, too.
"""

from __future__ import annotations

import shutil
import tempfile
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, TextIO

from grader.gradebook.exporters._told import why_wrong
from grader.gradebook.students import find_excuse, find_late, find_note, handed_in, names_of
from grader.model import Status
from grader.render.hidden import without_words
from grader.render.signs import OPEN, exact, word_for
from grader.text import safe_text

if TYPE_CHECKING:
    from grader.engine.document import Document, Entry
    from grader.gradebook.exporters import Options
    from grader.gradebook.view import ClassView

WRONG = (Status.FAILED, Status.REJECTED, Status.UNIMPLEMENTED, Status.MISSING)


def export(view: ClassView, stream: TextIO, options: Options) -> None:
    """Write `<testsuites>` with one `<testsuite>` for each student and assignment."""
    totals = dict.fromkeys(("tests", "failures", "errors"), 0)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as suites:
        for document in view.documents():  # a class of them, as elements, would fill the memory
            suite = _suite(document, show_cases=options.show_cases or document["seed"] == 0)
            for count in totals:
                totals[count] += int(suite.get(count, "0"))
            ET.indent(suite, level=1)
            suites.write(f"  {ET.tostring(suite, encoding='unicode')}\n")
        suites.seek(0)
        counts = "".join(f' {name}="{count}"' for name, count in totals.items())
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
        stream.write(f'<testsuites name="dlgrade"{counts}>\n')
        shutil.copyfileobj(suites, stream)
        stream.write("</testsuites>\n")


def _suite(document: Document, *, show_cases: bool) -> ET.Element:
    submission, assignment = names_of(document)
    suite = ET.Element("testsuite", name=_text(f"{assignment}: {submission}"))
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(document):
        ET.SubElement(properties, "property", name=_text(key), value=_text(value))
    cases = [
        case for entry in document["exercises"] for case in _cases(entry, show_cases=show_cases)
    ]
    excused = find_excuse(document)
    if excused is not None and not handed_in(document):
        for case in cases:  # whoever need not hand in has failed nothing
            del case[:]
            why = _text(f"excused: {excused['why']}")
            ET.SubElement(case, "skipped", message=why, type="excused")
    suite.extend(cases)
    kinds = [child.tag for case in cases for child in case]
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(kinds.count("failure")))
    suite.set("errors", str(kinds.count("error")))
    suite.set("skipped", str(kinds.count("skipped")))
    if show_cases:  # a function that sleeps for as long as its arguments say chooses it
        suite.set("time", f"{sum(entry['seconds'] for entry in document['exercises']):.3f}")
    return suite


def _properties(document: Document) -> list[tuple[str, str]]:
    rows = [
        ("earned", exact(document["earned"])),
        ("possible", exact(document["possible"])),
        ("complete", str(document["complete"]).lower()),
    ]
    if "term" in document:
        rows.append(("handed_in", str(document["term"]["handed_in"]).lower()))
    excused, late = find_excuse(document), find_late(document)
    if excused is not None:
        rows.append(("excused", excused["why"]))
    if note := find_note(document):
        rows.append(("files", note))
    if late is not None:
        rows.append((f"late.{late['unit']}s", str(late["units"])))
        rows.append(("late.percent", exact(late["percent"])))
        rows.append(("late.earned", exact(late["earned"])))
    for entry in document["exercises"]:
        rows.append((f"{entry['id']}.earned", exact(entry["earned"])))
        rows.append((f"{entry['id']}.possible", exact(entry["possible"])))
        if "override" in entry:
            graded = exact(entry["override"]["graded"])
            rows.append((f"{entry['id']}.graded", graded))
            rows.append((f"{entry['id']}.why", entry["override"]["why"]))
    return rows


def _cases(entry: Entry, *, show_cases: bool) -> list[ET.Element]:
    """Return the levels of an exercise as test cases; the whole exercise when it has none."""
    entry = entry if show_cases else without_words(entry)
    levels = [(level["name"], level["status"]) for level in entry["levels"]]
    levels = levels or [("all", entry["status"])]
    made = []
    seconds = f"{entry['seconds'] / len(levels):.3f}"
    told = False
    for name, status in levels:
        case = ET.Element("testcase", classname=_text(entry["id"]), name=_text(name))
        if show_cases:
            case.set("time", seconds)
        if status != Status.PASSED:
            kind = "failure" if status in WRONG else "skipped" if status in OPEN else "error"
            message = "" if told else entry["message"]
            child = ET.SubElement(case, kind, message=_text(message or word_for(status)))
            child.set("type", status)
            child.text = None if told else _explanation(entry, show_cases=show_cases) or None
            told = True
        made.append(case)
    return made


def _explanation(entry: Entry, *, show_cases: bool) -> str:
    """Return what the first failing level says: the call and the likely mistake."""
    lines = []
    if show_cases and entry["counterexample"] is not None:
        lines.append(entry["counterexample"]["call"])
    lines += why_wrong(entry)
    return "\n".join(map(_text, lines))


def _text(text: str) -> str:
    r"""Return text with all spelt out that XML cannot write, or that turns what is beside it round.

    Examples
    --------
    >>> print(_text("a" + chr(0x202E) + "b" + chr(0)))
    a\u202eb\x00
    """
    return safe_text(text)
