"""Whoever handed in a notebook is sent to its cells by every text there is about it."""

from __future__ import annotations

import json

import books
import pytest

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view
from grader.grading.intake.packages import Package
from grader.grading.job import Grader

ASKED = "conv.conv_output_size"
HEAD = "def conv_output_size(n, k, stride=1, padding=0):\n"
FIRST = "%matplotlib inline\nimport numpy as np\n"
NOTEBOOKS = {
    "raises": [FIRST, HEAD + "    raise KeyError('see conv.py, line 1')"],
    "raises in another cell": [FIRST, "def g():\n\n    return {}[1]", HEAD + "    return g()"],
    "warns": [FIRST, HEAD + "    import warnings; warnings.warn('look')\n    return np.int64(3)"],
    "prints a traceback": [HEAD + "    try:\n        return {}[1]\n    except KeyError:\n"
                           "        import traceback; traceback.print_exc()\n        return 3"],
    "names its file": [FIRST, HEAD + "    print(__file__)\n    raise ValueError(__file__)"],
    "imports what it may not": [FIRST, "x = 1\n\nimport torch", HEAD + "    return torch"],
    "is not written": [FIRST, HEAD + "    raise NotImplementedError"],
    "has other parameters": [FIRST, "def conv_output_size():\n    return 1"],
    "is not there": [FIRST],
    "has no cells": [],
    "ends the process": ["import os\nos._exit(3)"],
    "ends the process when called": [HEAD + "    import os\n    os._exit(3)"],
    "cannot be one file": ["x = 1", "from __future__ import nothing_of_the_kind\n" + HEAD
                           + "    return 1"],
    "does not import itself": ["from conv import nothing", HEAD + "    return nothing"],
    "ends inside a string": ["x = 1 \\", HEAD + "    return 1"],
}  # fmt: skip


def notebook(cells):
    inner = [{"cell_type": "code", "source": source} for source in cells]
    return Package("notebook", {"": json.dumps({"cells": inner}).encode()})


@pytest.fixture(scope="module")
def graded(engine, tmp_path_factory):
    """Return the one fact about each of the notebooks."""
    grader = Grader(engine, tmp_path_factory.mktemp("scratch"))
    facts = {name: grader.grade(notebook(cells), [ASKED])["facts"] for name, cells in
             NOTEBOOKS.items()}  # fmt: skip
    grader.close()
    return {name: fact for name, (fact,) in facts.items()}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_text_about_a_notebook_names_a_file_that_was_made_of_it(graded, name):
    assert graded[name]["status"] != "passed"
    assert graded[name]["message"]
    details = graded[name]["details"]
    assert ".py" not in details.get("code", {}).get("file", "")
    assert not [line["file"] for line in details.get("trace", ()) if ".py" in line["file"]]
    students = ("code", "trace")  # with the lines as they were written
    own_words = {key: value for key, value in details.items() if key not in students}
    assert ".py" not in json.dumps({**graded[name], "details": own_words})


@pytest.mark.parametrize(
    ("name", "file", "line"),
    [
        ("raises", "cell 2", 2),
        ("raises in another cell", "cell 2", 3),
        ("imports what it may not", "cell 2", 3),
        ("is not written", "cell 2", 1),
        ("has other parameters", "cell 2", 1),
    ],
)
def test_the_place_of_a_fault_is_the_line_of_its_cell(graded, name, file, line):
    where = graded[name]["details"]["location"]
    assert (where["file"], where["line"]) == (file, line)


def test_the_message_names_the_same_place(graded):
    found = graded["imports what it may not"]
    assert found["message"].startswith("cell 2, line 3 imports torch")


def test_what_was_printed_names_the_same_places(graded):
    assert (
        "cell 1, line 3, in conv_output_size" in graded["prints a traceback"]["details"]["output"]
    )
    assert "cell 2, line 2: UserWarning: look" in graded["warns"]["details"]["output"]


def test_the_students_page_says_where_as_the_message_does(graded, course, tmp_path):
    with Gradebook(tmp_path / "grades.db") as book:
        run = books.begin(book, asked=[(ASKED, 0, 1.0)])
        books.hand_in(run, "ada", [graded["raises in another cell"]])
        view = select_view(book, [], None, Policy())
        (file,) = write_feedback(view, course, tmp_path / "pages").values()
    page = (tmp_path / "pages" / file).read_text(encoding="utf-8")
    assert "Where: cell 2, line 3" in page
    assert "conv.py" not in page
