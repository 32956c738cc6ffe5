"""Turn the document of `dlgrade check --json` into what GitHub Classroom and a reader want."""

import base64
import json
import sys


def points(entry):
    """Return the points of one exercise; what could not be graded earns none here."""
    return entry["earned"] or 0.0


def for_classroom(document):
    """Return one line for GITHUB_OUTPUT: a test for each exercise, with its points."""
    tests = [
        {
            "name": f"{entry['id']} ({points(entry):g} of {entry['possible']:g})",
            "status": "pass" if entry["status"] == "passed" else "fail",
            "score": points(entry),
            "message": entry["message"] or entry["status"],
        }
        for entry in document["exercises"]
    ]
    passed = all(test["status"] == "pass" for test in tests)
    tree = {
        "version": 1,
        "status": "pass" if passed else "fail",
        "max_score": document["possible"],
        "tests": tests,
    }
    return "result=" + base64.b64encode(json.dumps(tree).encode()).decode()


def as_table(document):
    """Return a Markdown table of the exercises."""
    rows = ["| exercise | points | |", "|---|---|---|"]
    for entry in document["exercises"]:
        text = entry["message"] or entry["status"]
        text = text.replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
        rows.append(f"| `{entry['id']}` | {points(entry):g} / {entry['possible']:g} | {text} |")
    total = f"{document['earned']:g} of {document['possible']:g} points"
    return "\n".join([f"**{total}**", "", *rows])


if __name__ == "__main__":
    with open(sys.argv[-1], encoding="utf-8") as file:
        found = json.load(file)
    print(as_table(found) if "--table" in sys.argv else for_classroom(found))
