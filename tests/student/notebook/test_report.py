"""What `grader.check` says is about cells, and about the student's own files."""

from __future__ import annotations

import pytest
from browsers import launch_browser, needs_chromium

from grader.student.notebook import report
from grader.student.notebook.report import Question, check_functions

IM2COL = """
def im2col(x, kernel_size, stride=1, padding=0):
    KH, KW = kernel_size
    N, C, H, W = x.shape
    OH, OW = (H + 2 * padding - KH) // stride + 1, (W + 2 * padding - KW) // stride + 1
    p = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.zeros((N, C * KH * KW, OH * OW))
    for i in range(OH):
        for j in range(OW):
            cols[:, :, i * OW + j] = p[:, :, i:i + KH, j:j + KW].reshape(N, -1)
    return cols
"""
# what is wider than its place, of all that is no table or grid
CLIPPED = """[...document.querySelectorAll('div')].filter(
  one => one.scrollWidth > one.clientWidth).map(one => one.textContent.slice(0, 60))"""
HEAD = "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Return what runs cells and checks the function of the last one."""
    monkeypatch.chdir(tmp_path)

    def check(*cells, explain=False):
        monkeypatch.setattr(report, "executed_cells", lambda: dict(enumerate(cells, 3)))
        asked = Question("conv.conv_output_size", explain=explain)
        return check_functions(asked, None, {"conv_output_size": None})

    return check


def test_an_exception_is_placed_in_the_line_of_its_cell(ask):
    found = ask(
        "K = 1", "# where it goes wrong\ndef f(x):\n    return {}[x]\n", HEAD + "    return f(K)"
    )
    (result,) = found.result.exercises
    assert str(result.location) == "cell [4], line 3"
    assert "Where: cell [4], line 3" in repr(found)
    assert "3 | return {}[x]" in repr(found)
    assert "conv.py" not in repr(found)


def test_a_wrong_answer_is_placed_where_it_is_returned(ask):
    found = ask("import numpy as np\n\n\n" + HEAD + "    return -1")
    assert found.result.exercises[0].location is None
    assert "Where: cell [3], line 5" in repr(found)


def test_what_the_shown_call_printed_stands_below_it(ask):
    found = ask("import numpy as np", HEAD + "    print('<seen>', input_size)\n    return -1")
    (result,) = found.result.exercises
    size = result.counterexample.arguments["input_size"]
    assert f"printed:\n    <seen> {size}\n" in repr(found)
    assert "&lt;seen&gt;" in found._repr_html_()
    assert "<seen>" not in found._repr_html_()


def test_a_forbidden_import_is_placed_in_its_cell_in_words_too(ask):
    found = ask("import os\nimport torch", HEAD + "    return torch.tensor(1)")
    (result,) = found.result.exercises
    assert result.message.startswith("cell [3], line 2 imports torch")
    assert str(result.location) == "cell [3], line 2"


def test_a_file_beside_the_notebook_keeps_its_own_lines(ask, tmp_path):
    (tmp_path / "helper.py").write_text("\n\ndef f(x):\n    return {}[x]\n")
    found = ask("import helper", HEAD + "    return helper.f(1)")
    assert str(found.result.exercises[0].location) == "helper.py, line 4"
    assert "Where: helper.py, line 4" in repr(found)
    assert "4 | return {}[x]" in repr(found)


def test_a_file_beside_the_notebook_that_is_no_python_is_told(ask, tmp_path):
    (tmp_path / "helper.py").write_text("def f(:\n")
    found = ask("import helper", HEAD + "    return helper.f(1)")
    (result,) = found.result.exercises
    assert "SyntaxError" in result.message
    assert str(result.location) == "helper.py, line 1"


def test_what_was_printed_names_cells(ask):
    body = "    import warnings; warnings.warn('look')\n    return -1"
    text = repr(ask(HEAD + body, explain=True))
    assert "cell [3], line 2: UserWarning: look" in text
    assert "conv.py" not in text


def test_a_function_that_no_cell_has_is_asked_for(ask):
    (result,) = ask("x = 1").result.exercises
    assert result.message.endswith("run the cell that defines it")


@needs_chromium
def test_no_prose_lies_beyond_the_edge_of_a_narrow_cell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = {1: "import numpy as np", 2: IM2COL}
    monkeypatch.setattr(report, "executed_cells", lambda: cells)
    found = check_functions(Question("conv.im2col"), None, {"im2col": None})
    shown = tmp_path / "shown.html"
    shown.write_text(
        f"<!doctype html><meta charset=utf-8><body style='width:600px'>{found._repr_html_()}",
        encoding="utf-8",
    )
    with launch_browser() as browser:
        page = browser.new_page()
        page.goto(shown.as_uri())
        assert "Likely:" in page.inner_text("body")
        assert page.evaluate(CLIPPED) == []
        assert page.locator("pre").count()
