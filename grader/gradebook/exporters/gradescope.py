"""Gradescope's results.json for one student (`--student`), as an autograder there writes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from grader.errors import UsageError
from grader.render.recorded import case_lines

if TYPE_CHECKING:
    from grader.gradebook.exporters import Options
    from grader.gradebook.records import Records


def export(records: Records, stream: TextIO, options: Options) -> None:
    """Write the document of the one student that was asked for; never the seed.

    Raises
    ------
    UsageError
        There are several students or assignments, and none was chosen.
    """
    documents = []
    for document in records.documents():
        documents.append(document)
        if len(documents) > 1:
            text = "Gradescope's results.json holds one student's results of one assignment"
            raise UsageError(f"{text}; choose with --student NAME and --assignment NAME")
    if not documents:
        raise UsageError("there is nothing to export: the assignment has no submissions")
    document = documents[0]
    open_cases = options.show_cases or document["seed"] == 0
    json.dump(_results(document, show_cases=open_cases), stream, indent=1, allow_nan=False)
    stream.write("\n")


def _results(document: dict[str, Any], *, show_cases: bool) -> dict[str, Any]:
    late = document.get("term", {}).get("late")
    results: dict[str, Any] = {
        "output": _summary(document, late),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(sum(entry["seconds"] for entry in document["exercises"]), 3),
    }
    if document["complete"]:
        results["score"] = document["earned"] if late is None else late["earned"]
    results["tests"] = [
        _test(entry, number, show_cases=show_cases)
        for number, entry in enumerate(document["exercises"], 1)
    ]
    return results


def _summary(document: dict[str, Any], late: dict[str, Any] | None) -> str:
    lines = [f"{document['earned']:.10g} of {document['possible']:.10g} points"]
    if not document.get("term", {}).get("handed_in", True):
        lines.append("Nothing was handed in.")
    if late is not None and late["units"]:
        started = f"{late['units']} {late['unit']}{'s' if late['units'] > 1 else ''} late"
        lines.append(
            f"{started}: {late['percent']:g}% taken off, {late['earned']:.10g} points left"
        )
    if not document["complete"]:
        names = [entry["id"] for entry in document["exercises"] if entry["earned"] is None]
        lines.append(f"could not be graded yet, so that there is no total: {', '.join(names)}")
    return "\n".join(lines)


def _test(entry: dict[str, Any], number: int, *, show_cases: bool) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": entry["id"],
        "number": str(number),
        "max_score": entry["possible"],
        "output": "\n".join(_output(entry, show_cases=show_cases)),
        "output_format": "text",
        "visibility": "visible",
    }
    if entry["earned"] is not None:
        test["score"] = entry["earned"]
        test["status"] = "passed" if entry["earned"] == entry["possible"] else "failed"
    return test


def _output(entry: dict[str, Any], *, show_cases: bool) -> list[str]:
    """Return what the student reads about an exercise."""
    lines = []
    if "override" in entry:
        lines.append(f"Points given by hand: {entry['override']['why']}")
    lines += [
        f"{level['name']}: {level['status']}"
        + ("" if level["earned"] is None else f", {level['earned']:g} of {level['possible']:g}")
        for level in entry["levels"]
    ]
    if entry["status"] != "passed":
        lines.append(
            f"{entry['status']}: {entry['message']}" if entry["message"] else entry["status"]
        )
    lines += case_lines(entry, arguments=show_cases)
    if entry["diagnosis"] is not None:
        lines.append(f"Likely: {entry['diagnosis']['message']}")
    return lines
