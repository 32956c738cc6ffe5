"""A module runs without what nothing asked for needs; its other functions are graded."""

from __future__ import annotations

import json

import pytest

from grader.grading.intake.packages import Package
from grader.grading.job import Grader
from grader.model import Status
from grader.student.notebook import report
from grader.student.notebook.report import Question, check_functions

SIZE = """
def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    if min(input_size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError("sizes and strides begin at 1, padding at 0")
    if kernel_size > input_size + 2 * padding:
        raise ValueError("the kernel does not fit")
    return (input_size + 2 * padding - kernel_size) // stride + 1
"""
PAD = """
def zero_pad2d(x, padding):
    return torch.nn.functional.pad(torch.tensor(x), [padding] * 4).numpy()
"""
HELPER = """import matplotlib.pyplot as plt

LINES = plt.rcParams

def half(n):
    return n // 2

def plot(x):
    plt.plot(x)
"""
ASKED = ("conv.conv_output_size", "conv.zero_pad2d")


def check(engine, folder, text, *asked, **others):
    """Return what became of a file of the student's, beside others."""
    (folder / "conv.py").write_text(text)
    for name, content in others.items():
        (folder / f"{name}.py").write_text(content)
    return engine.check(folder, engine.course.find(asked or ASKED[:1]))


HEADS = {
    "an import": "import torch\n",
    "an import among others": "import numpy as np, torch, os\nos.getcwd()\n",
    "a plot": "import matplotlib.pyplot as plt\nplt.plot([1])\n",
    "what follows from it": "import torch\nx = torch.ones(1)\ny = x + 1\nprint(y)\n",
    "the check itself": "import grader\n" + SIZE + 'grader.check("conv.conv_output_size")\n',
    "a function that plots": "def show():\n    import matplotlib\nshow()\n",
    "a function that uses a plot": "import matplotlib as m\ndef show(): m.plot()\nshow()\n",
    "a class": "import torch\nclass Net(torch.nn.Module):\n    pass\nnet = Net()\n",
    "an annotation": "import torch\ndef g(x: torch.Tensor): pass\n",
    "a decorator": "import torch\n@torch.no_grad()\ndef g(): pass\n",
    "what is tried": "try:\n    import torch\nexcept ImportError:\n    torch = None\n",
    "what is tried and used": "try:\n    import torch\n    torch.manual_seed(0)\n"
    "except ImportError:\n    pass\n",
    "a condition": "if True:\n    import torch\n",
    "a loop": "import torch\nfor n in range(3):\n    print(n)\n    torch.manual_seed(n)\n",
    "what is deleted": "import torch\ndel torch\n",
    "everything": "from torch import *\nmanual_seed(0)\n",
    "a future": "from __future__ import annotations\nimport torch\n",
    "an own file": "from helper import half, plot, LINES\nimport helper\nplot(1)\nhelper.LINES\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_a_file_is_graded_without_what_its_asked_functions_do_not_need(engine, tmp_path, name):
    found = check(engine, tmp_path, HEADS[name] + SIZE, helper=HELPER)
    assert found.exercises[0].status is Status.PASSED, found.exercises[0].message
    assert any("left out" in warning for warning in found.warnings)


def test_one_function_that_needs_a_library_costs_that_function(engine, tmp_path):
    found = check(engine, tmp_path, "import torch\n" + SIZE + PAD, *ASKED)
    first, second = found.exercises
    assert first.status is Status.PASSED
    assert second.status is Status.REJECTED
    assert second.message.startswith("conv.py, line 1 imports torch: only numpy, the standard")
    assert found.warnings == ()


def test_what_is_left_out_is_told_once_with_its_lines(engine, tmp_path):
    found = check(engine, tmp_path, "import torch\n\ntorch.manual_seed(0)\n" + SIZE)
    assert found.warnings == (
        "left out, since nothing that is asked for needs it: torch (conv.py, line 1)",
        "left out, since it uses what is left out: conv.py, line 3",
    )


def test_other_faults_of_a_file_stop_it_as_ever(engine, tmp_path):
    found = check(engine, tmp_path, "import torch\nx = undefined\n" + SIZE)
    (result,) = found.exercises
    assert result.status is Status.MISSING
    assert "NameError: name 'undefined' is not defined" in result.message
    assert str(result.location) == "conv.py, line 2"


def test_lines_stay_where_they_are(engine, tmp_path):
    body = "import torch\n\ndef conv_output_size(n, k, stride=1, padding=0):\n    return {}[1]\n"
    (result,) = check(engine, tmp_path, body).exercises
    assert str(result.location) == "conv.py, line 4"


def test_compiled_leftovers_of_an_own_file_are_not_taken_for_it(engine, tmp_path):
    import py_compile

    (tmp_path / "helper.py").write_text(HELPER)
    py_compile.compile(str(tmp_path / "helper.py"))
    body = "from helper import half\n" + SIZE.replace("+ 1", "+ half(2)")
    found = check(engine, tmp_path, body, helper=HELPER)
    assert found.exercises[0].status is Status.PASSED, found.exercises[0].message


def test_a_library_that_is_left_out_is_not_there_in_another_way(engine, tmp_path):
    body = "import torch\n\ndef conv_output_size(n, k, stride=1, padding=0):\n"
    body += "    return len(__import__('torch').ones(n))\n"
    (result,) = check(engine, tmp_path, body).exercises
    assert result.status is Status.ERROR
    assert "No module named 'torch'" in result.message


def test_a_helper_named_like_a_standard_module_costs_who_needs_it(engine, tmp_path):
    text = "from statistics import half\n" + SIZE
    text += "def zero_pad2d(x, padding):\n    return half(x)\n"
    found = check(engine, tmp_path, text, *ASKED, statistics="def half(n):\n    return n\n")
    first, second = found.exercises
    assert first.status is Status.PASSED
    assert second.status is Status.REJECTED
    assert second.message == (
        "conv.py, line 1 imports statistics: statistics is a module of Python's own: give your "
        "file another name"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_in_another_encoding_is_named_with_what_helps(engine, tmp_path, encoding):
    (tmp_path / "conv.py").write_bytes(SIZE.encode(encoding))
    (result,) = engine.check(tmp_path, engine.course.find(ASKED[:1])).exercises
    assert result.status is Status.MISSING
    assert result.message == f"conv.py is saved as {encoding.upper()}; save it as UTF-8"
    assert str(result.location) == "conv.py, line 1"


def test_a_file_in_an_encoding_that_it_names_is_graded_without_what_it_does_not_need(
    engine, tmp_path
):
    text = "# coding: latin-1\nimport torch  # é\ns = 'é'; torch.manual_seed(0)\n"
    (tmp_path / "conv.py").write_bytes((text + SIZE).encode("latin-1"))
    (result,) = engine.check(tmp_path, engine.course.find(ASKED[:1])).exercises
    assert result.status is Status.PASSED, result.message


# ----------------------------------------------------------------------------- notebooks

CELLS = {
    "checks itself": [SIZE, 'import grader\ngrader.check("conv.conv_output_size")'],
    "plots": ["import matplotlib.pyplot as plt\nimport numpy as np", SIZE,
              "plt.plot([conv_output_size(n, 3) for n in range(3, 9)])\nK = 1"],
    "compares": [SIZE, "import torch\nassert conv_output_size(7, 3) == torch.ones(5).shape[0]"],
    "goes on in the same cell": ["import torch\nx = torch.ones(1)\n" + SIZE],
    "a cell that raises": ["raise RuntimeError('half done')", SIZE, "import torch"],
    "needs it": ["import torch", SIZE.replace("    return (", "    torch.ones(1)\n    return (")],
    "needs it by a constant": ["import torch\nK = torch.ones(1)", SIZE.replace("+ 1", "+ K")],
}  # fmt: skip


@pytest.fixture(scope="module")
def grade(engine, tmp_path_factory):
    """Return what grades the cells of a notebook."""
    grader = Grader(engine, tmp_path_factory.mktemp("scratch"))

    def run(cells):
        inner = [{"cell_type": "code", "source": source} for source in cells]
        package = Package("notebook", {"": json.dumps({"cells": inner}).encode()})
        return grader.grade(package, list(ASKED[:1]))

    yield run
    grader.close()


@pytest.mark.parametrize("name", CELLS)
def test_a_notebook_is_graded_as_it_is_checked(grade, name, tmp_path, monkeypatch):
    cells = CELLS[name]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(report, "executed_cells", lambda: dict(enumerate(cells, 1)))
    found = check_functions(Question(ASKED[0]), None, {"conv_output_size": None})
    (fact,) = grade(cells)["facts"]
    assert fact["status"] == found.result.exercises[0].status
    assert (fact["status"] == "rejected") is name.startswith("needs it")
    assert fact["status"] in ("passed", "rejected")


def test_what_is_left_out_of_a_notebook_is_told_by_its_cells(grade):
    told = grade(["import torch", SIZE, "\ntorch.manual_seed(0)"])["warnings"]
    assert told == [
        "left out, since nothing that is asked for needs it: torch (cell 1, line 1)",
        "left out, since it uses what is left out: cell 3, line 2",
    ]
