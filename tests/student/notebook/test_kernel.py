"""`grader.check` in a real kernel, and at a plain prompt."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings

import pytest

import grader
from grader.errors import UnknownTargetError, UsageError

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")

WRONG = """
def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    return (input_size + padding - kernel_size) // stride + 1
"""
RIGHT = """
def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    low(input_size, kernel_size, stride)
    if padding < 0 or kernel_size > input_size + 2 * padding:
        raise ValueError("no")
    return (input_size + 2 * padding - kernel_size) // stride + 1
"""
HELPER = """
def low(*numbers):
    if min(numbers) < 1:
        raise ValueError("too small")
"""
CHECK = 'grader.check("conv.conv_output_size")'


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Run a notebook, and return what each cell displayed, by MIME type."""
    import nbformat

    folder = tmp_path_factory.mktemp("mon carnet é")
    (folder / "own.py").write_text("def one():\n    return 1\n")
    cells = [
        "import grader, torch\nimport numpy as np\nx = torch.zeros(3)",
        WRONG, CHECK, HELPER, "%%time\n" + RIGHT, CHECK,
        CHECK + ".passed",
        'grader.check("conv.im2col")',
        "import own\n" + WRONG.replace("+ 1", "+ own.one()"), CHECK,
        "def conv_output_size(n, k, stride=1, padding=0):\n    return torch.zeros(1)", CHECK,
        "def conv_output_size(n, k, stride=1, padding=0):\n    import torch\n    return 1", CHECK,
        'grader.check("conv.im2cool")',
        RIGHT + "\ntuple(e.id for e in grader.check().result.exercises)",
        "r = grader.check()\nr.earned, r.possible, r.message",
        "del conv_output_size", CHECK,
    ]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own, about event loops
        client = nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="python3", allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
        )  # fmt: skip
        client.execute()
    return [_shown(cell) for cell in notebook.cells]


def _shown(cell):
    found = {}
    for output in cell.outputs:
        found |= output.get("data", {})
        if output.output_type == "error":
            found["error"] = f"{output.ename}: {output.evalue}"
            found["traceback"] = output.traceback
    return found


@pytest.mark.filterwarnings("ignore")
def test_a_wrong_answer_is_shown_as_html_with_its_diagnosis_and_cell(outputs):
    html, text = outputs[2]["text/html"], outputs[2]["text/plain"]
    assert not re.search(r"<pre[^>]*>(?:(?!</pre>).)*(Likely:|Next:|Where:)", html, re.DOTALL)
    assert "<pre" in html  # the grids keep their lines
    assert "Likely:" in html
    assert "cell [2], line 2" in text
    assert "grader.check(&quot;conv.conv_output_size&quot;)" in html
    assert "\x1b" not in text


@pytest.mark.filterwarnings("ignore")
def test_the_last_definition_wins_with_the_helpers_that_it_uses(outputs):
    assert "✔ conv.conv_output_size" in outputs[5]["text/plain"]
    assert outputs[6]["text/plain"] == "True"


@pytest.mark.filterwarnings("ignore")
def test_a_function_that_is_not_there_says_what_to_run(outputs):
    assert "there is no function im2col here: run the cell" in outputs[7]["text/plain"]
    assert "there is no function conv_output_size here" in outputs[18]["text/plain"]


@pytest.mark.filterwarnings("ignore")
def test_a_file_beside_the_notebook_is_its_own(outputs):
    text = outputs[9]["text/plain"]
    assert "wrong answer" in text
    assert "Likely:" in text


@pytest.mark.filterwarnings("ignore")
def test_torch_is_no_part_of_an_answer(outputs):
    assert "not allowed" in outputs[11]["text/plain"]
    assert "cell [1], line 1 imports torch" in outputs[11]["text/plain"]
    assert "cell [13], line 2 imports torch" in outputs[13]["text/plain"]


@pytest.mark.filterwarnings("ignore")
def test_an_unknown_target_is_an_error_that_helps(outputs):
    (line,) = outputs[14]["traceback"]
    assert line.startswith("dlgrade: no module or exercise is called 'conv.im2cool'")
    assert "did you mean 'conv.im2col'?" in line


@pytest.mark.filterwarnings("ignore")
def test_without_a_target_every_function_that_is_there_is_checked(outputs):
    assert outputs[15]["text/plain"] == "('conv.conv_output_size',)"
    assert outputs[16]["text/plain"] == "(3.0, 3.0, '')"


# ----------------------------------------------------------------------------- without a kernel


def test_a_given_namespace_is_checked(course):
    import importlib.util

    spec = importlib.util.spec_from_file_location("answers", course.solutions_dir / "conv.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    report = grader.check("conv.im2col", vars(module))
    assert report.passed
    assert "✔ conv.im2col" in repr(report)
    assert (
        report.result.earned
        == report.result.possible
        == course.exercise("conv.im2col").check.points
    )


def test_the_function_itself_is_a_target_and_anything_else_is_refused_in_one_line(course):
    def flatten(x):
        return x.reshape(len(x), -1)

    report = grader.check(flatten, {"flatten": flatten})
    assert [one.id for one in report.result.exercises] == ["pool.flatten"]
    with pytest.raises(UnknownTargetError, match=r"did you mean 'pool\.flatten'"):
        grader.check(lambda_named("flaten"))
    with pytest.raises(UsageError, match=r'a target is a text, as in grader\.check\("activ'):
        grader.check(5)


def lambda_named(name):
    def function():
        pass

    function.__name__ = name
    return function


def test_a_plain_script_is_checked_by_its_globals(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(f"import grader\n{HELPER}\n{RIGHT}\nprint({CHECK})\n")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path,
        env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert "✔ conv.conv_output_size" in done.stdout


def test_importing_grader_loads_nothing():
    code = "import sys, grader; print(sorted({'numpy', 'rich', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_target_is_an_error():
    with pytest.raises(UnknownTargetError):
        grader.check("nothing", {})
