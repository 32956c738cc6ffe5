"""JUnit's XML (xunit2), for a continuous-integration server: a suite a student, a case a level.

Points are properties of the suite, since the schema knows none of a case.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from grader.gradebook.exporters import Options
    from grader.gradebook.records import Records

WRONG = {"failed", "rejected", "unimplemented", "missing"}
SKIPPED = {"ungraded", "not_run"}
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(records: Records, stream: TextIO, options: Options) -> None:  # noqa: ARG001
    """Write `<testsuites>` with one `<testsuite>` for each student and assignment."""
    root = ET.Element("testsuites", name="dlgrade")
    for document in records.documents():
        root.append(_suite(document))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
    stream.write(ET.tostring(root, encoding="unicode") + "\n")


def _suite(document: dict[str, Any]) -> ET.Element:
    name = f"{document['assignment']}: {document['submission']}"
    suite = ET.Element("testsuite", name=_text(name))
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(document):
        ET.SubElement(properties, "property", name=_text(key), value=_text(value))
    cases = [case for entry in document["exercises"] for case in _cases(entry)]
    suite.extend(cases)
    kinds = [child.tag for case in cases for child in case]
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(kinds.count("failure")))
    suite.set("errors", str(kinds.count("error")))
    suite.set("skipped", str(kinds.count("skipped")))
    suite.set("time", f"{sum(entry['seconds'] for entry in document['exercises']):.3f}")
    return suite


def _properties(document: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [
        ("earned", _number(document["earned"])),
        ("possible", _number(document["possible"])),
        ("complete", str(document["complete"]).lower()),
    ]
    term = document.get("term", {})
    if term:
        rows.append(("handed_in", str(term["handed_in"]).lower()))
    if "late" in term:
        late = term["late"]
        rows.append((f"late.{late['unit']}s", str(late["units"])))
        rows.append(("late.percent", _number(late["percent"])))
        rows.append(("late.earned", _number(late["earned"])))
    for entry in document["exercises"]:
        rows.append((f"{entry['id']}.earned", _number(entry["earned"])))
        rows.append((f"{entry['id']}.possible", _number(entry["possible"])))
        if "override" in entry:
            graded = _number(entry["override"]["graded"])
            rows.append((f"{entry['id']}.graded", graded))
            rows.append((f"{entry['id']}.why", entry["override"]["why"]))
    return rows


def _cases(entry: dict[str, Any]) -> list[ET.Element]:
    """Return the levels of an exercise as test cases; the whole exercise when it has none."""
    levels = entry["levels"] or [{"name": "all", "status": entry["status"]}]
    made = []
    seconds = f"{entry['seconds'] / len(levels):.3f}"
    told = False
    for level in levels:
        case = ET.Element(
            "testcase", classname=_text(entry["id"]), name=_text(level["name"]), time=seconds
        )
        status = level["status"]
        if status != "passed":
            kind = "failure" if status in WRONG else "skipped" if status in SKIPPED else "error"
            child = ET.SubElement(case, kind, message=_text("" if told else entry["message"]))
            child.set("type", status)
            child.text = None if told else _text(_explanation(entry)) or None
            told = True
        made.append(case)
    return made


def _explanation(entry: dict[str, Any]) -> str:
    """Return what the first failing level says: the call and the likely mistake."""
    lines = []
    if entry["counterexample"] is not None:
        lines.append(entry["counterexample"]["call"])
    if entry["diagnosis"] is not None:
        lines.append(f"Likely: {entry['diagnosis']['message']}")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _text(text: str) -> str:
    """Return text without the characters that XML has no way to write."""
    return NOT_XML.sub("\ufffd", text)
