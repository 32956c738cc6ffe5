"""An import that is not allowed costs the functions that need it, and nobody else."""

from __future__ import annotations

import ast
import sys
import types

import pytest
from growth import assert_linear
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grader.engine.reading import imports
from grader.engine.reading.imports import MAX_OWN_BYTES, OwnFiles, Survey
from grader.engine.reading.needs import Search, left_out, tell_left_out
from grader.model.sourcemap import AS_IT_IS
from grader.student.notebook.cells import gather, read_cells
from grader.worker.child import absences as leaving
from grader.worker.child import loading


def survey(folder, text, **others):
    """Return what a file imports that lies beside others."""
    for name, content in others.items():
        file = folder / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    (folder / "conv.py").write_text(text)
    return Survey(OwnFiles(folder), folder / "conv.py")


def needed(found, name="f"):
    """Return what a function needs that it may not import, and where that is."""
    return [(one.name, one.file.name, one.line) for one in Search(found).run(name)]


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np, os.path, json",
        "from numpy.lib.stride_tricks import sliding_window_view",
        "from __future__ import annotations",
        "import helpers\nfrom helpers import f",
        "from . import helpers",
        "def f():\n    import math",
    ],
)
def test_numpy_the_standard_library_and_own_files_may_be_imported(tmp_path, text):
    found = survey(tmp_path, text, helpers="import math\ndef f(): return math.pi")
    assert not found.refused
    assert left_out(found) is None
    assert needed(found) == []


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("import torch\ndef f(): return torch.ones(1)", "torch", 1),
        ("\nfrom torch.nn import functional as F\ndef f(): return F.relu", "torch", 2),
        ("def f():\n    import scipy.signal", "scipy", 2),
        ("import numpy, solutions\ndef f(): return solutions.f()", "solutions", 1),
        ("import torch\ndef g(): return torch\ndef f(): return g()", "torch", 1),
        ("import torch\nK = torch.ones(1)\ndef f(): return K", "torch", 1),
        ("import torch\nclass C(torch.nn.Module): pass\ndef f(): return C()", "torch", 1),
        ("import torch\n@torch.no_grad()\ndef f(): return 1", "torch", 1),
        ("import torch\ndef f(x=torch): return x", "torch", 1),
        ("import torch\nf = torch.relu", "torch", 1),
        ("import torch\nf = lambda x: torch.relu(x)", "torch", 1),
        ("from torch import relu as f", "torch", 1),
        ("from torch import *\ndef f(): return relu", "torch", 1),
        ("try:\n    import torch\nexcept ImportError:\n    torch = None\ndef f(): return torch",
         "torch", 2),
        ("if 0:\n    import pandas\ndef f(): return pandas", "pandas", 2),
        ("import torch\nx = torch.ones(1)\ny = x + 1\nx = 3\ndef f(): return y", "torch", 1),
        ("import torch\nK = torch\ndef g(): return K\nA = g()\nK = 1\ndef f(): return A",
         "torch", 1),
        ("import torch\nK = 1\nK += torch.ones(1)\ndef f(): return K", "torch", 1),
    ],
)  # fmt: skip
def test_a_function_needs_what_it_reaches_through_names(tmp_path, text, name, line):
    assert needed(survey(tmp_path, text)) == [(name, "conv.py", line)]


GUARDED = """
try:
    import torch
    HAS = True
except ImportError:
    HAS = False
def f(): return HAS
"""
MAIN = """
if __name__ == "__main__":
    import torch
    K = torch.ones(1)
K = 1
def f(): return K
"""


@pytest.mark.parametrize(
    "text",
    [
        "import torch\ndef f(): return 1",
        "import grader\ndef f(): return 1\ngrader.check(f)",
        "import torch\nK = torch.ones(1)\nK = 1\ndef f(): return K",
        "import torch\ndef f(torch): return torch",
        "import torch\ndef f(): return torch\nf = lambda: 1",
        "from __future__ import annotations\nimport torch\ndef f(x: torch.Tensor): return x",
        "def plot():\n    import matplotlib\ndef f(): return 1",
        "from torch import *\ndef f(): return len([1])",
        GUARDED,
        MAIN,
    ],
)
def test_what_a_function_does_not_reach_costs_it_nothing(tmp_path, text):
    found = survey(tmp_path, text)
    assert found.refused
    assert needed(found) == []


HELPER = """
import matplotlib.pyplot as plt
def half(n): return n // 2
def plot(x): plt.plot(x)
"""


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("from helper import half\ndef f(): return half(2)", False),
        ("from helper import half as h, plot\ndef f(): return h(2)", False),
        ("from helper import plot\ndef f(): return plot(2)", True),
        ("import helper\ndef f(): return helper.half(2)", False),
        ("import helper as h\ndef f(): return h.plot(2)", True),
        ("import helper\ndef f(): return getattr(helper, 'half')", True),
        ("from helper import *\ndef f(): return half(2)", False),
        ("from helper import *\ndef f(): return plot(2)", True),
        ("from . import helper\ndef f(): return helper.half(2)", False),
        ("def f():\n    from helper import half\n    return half(2)", False),
        ("def f():\n    import helper\n    return helper.half(2)", True),
        ("import pkg.inner as p\ndef f(): return p.half(2)", False),
        ("from pkg.inner import plot\ndef f(): return plot(2)", True),
    ],
)
def test_names_are_followed_into_own_files(tmp_path, text, needs):
    others = {"helper": HELPER, "pkg/inner": HELPER, "pkg/__init__": ""}
    found = survey(tmp_path, text, **others)
    assert bool(needed(found)) is needs


def test_the_files_of_a_submission_may_import_one_another_in_a_circle(tmp_path):
    first = "from b import h\ndef g(): return h()"
    second = "import torch\nfrom a import g\ndef h(): return g() + torch.ones(1)"
    found = survey(tmp_path, "from a import g\ndef f(): return g()", a=first, b=second)
    assert needed(found) == [("torch", "b.py", 1)]


# ----------------------------------------------------------------------------- names of libraries

NAMESAKE = "def half(n): return n // 2\n"


@pytest.mark.parametrize(
    "text",
    [
        "from statistics import half\ndef f(): return half(2)",
        "import statistics\ndef f(): return statistics.half(2)",
        "import statistics as s\ndef f(): return s.half(2)",
        "from statistics import *\ndef f(): return half(2)",
    ],
)
def test_an_own_file_that_a_standard_module_hides_is_told_to_whoever_needs_it(tmp_path, text):
    found = survey(tmp_path, text + "\ndef g(): return 1", statistics=NAMESAKE)
    (refusal,) = Search(found).run("f")
    assert refusal.why == "statistics is a module of Python's own: give your file another name"
    assert needed(found, "g") == []


def test_numpy_is_told_as_a_library(tmp_path):
    found = survey(tmp_path, "from numpy import half\ndef f(): return half(2)", numpy=NAMESAKE)
    (refusal,) = Search(found).run("f")
    assert refusal.why == "numpy is a library: give your file another name"


def test_whoever_means_the_standard_module_is_told_and_graded(tmp_path):
    text = "import random\nfrom random import shuffle\ndef f(): return random.choice([1])"
    found = survey(tmp_path, text, random="x = 1\n")
    assert not found.refused
    assert needed(found) == []
    assert tell_left_out([found], (), AS_IT_IS) == (
        "random.py is not used: random is a module of Python's own: give your file another name",
    )


# ----------------------------------------------------------------------------- bounds

LONG = "a" * 300


@pytest.mark.parametrize(
    "text",
    [f"import {LONG}", f"import {LONG}.b", f"from {LONG} import b", f"from . import {LONG}",
     f"import {'é' * 200}"],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_an_import_like_any_other(tmp_path, text):
    (refusal,) = survey(tmp_path, text).refused.values()
    assert refusal.name[:1] in {"a", "é"}
    assert len(refusal.name) <= 201
    assert refusal.line == 1


def test_an_own_file_that_is_not_parsed_may_not_be_imported(tmp_path):
    found = survey(tmp_path, "from big import f", big="#" * 2**21)
    assert "big.py: the file is larger" in needed(found)[0][0]
    found = survey(tmp_path, "import odd\ndef f(): return odd.f()",
                   odd="# coding: punycode\nimport torch-")  # fmt: skip
    assert needed(found) == [
        ("odd (odd.py: it says that it is in punycode; save it as UTF-8)", "conv.py", 1)
    ]


def test_a_submission_has_no_more_parsed_than_is_bounded(tmp_path, monkeypatch):
    parsed = []
    (tmp_path / "own").mkdir()
    for number in range(20):
        (tmp_path / "own" / f"m{number}.py").write_text("#" * 2**19)
    own = OwnFiles(tmp_path)
    for name in ("conv", "pool"):
        (tmp_path / f"{name}.py").write_text("")
        own.add(tmp_path / f"{name}.py", imports.contents_of(ast.parse("import own")))
    empty = ast.parse("")
    monkeypatch.setattr(imports, "parse_python", lambda text: parsed.append(len(text)) or empty)
    for name in ("conv", "pool"):
        (refusal,) = Survey(own, tmp_path / f"{name}.py").refused.values()
        assert "all files together are larger than 4 MiB" in refusal.name
    assert sum(parsed) == MAX_OWN_BYTES


@pytest.mark.parametrize(
    "piece",
    [
        "import a{0}; b{0} = a{0}; ",
        "from a{0} import *; x{0} = y{0}; ",
        "import a{0}\ndef b{0}(): return b{1}()\n",
        "x += 1; ",
        "b{0}, x = x, b{1}; ",
    ],
)
def test_looking_for_what_is_needed_is_linear_in_a_file(tmp_path, piece):
    def prepare(size):
        pieces = "".join(piece.format(n, n + 1) for n in range(size))
        return "import torch\nx = torch.x\n" + pieces + "\ndef f(): return x, b0()\n"

    def work(text):
        found = survey(tmp_path, text)
        assert found.refused
        assert needed(found)
        assert left_out(found)

    assert_linear(prepare, work, 60)


# ----------------------------------------------------------------------------- laws

NAMES = st.sampled_from("abcd")
VALUES = NAMES | st.sampled_from(["1", "nolib.one", "g()", "h()", "(lambda: a)()"])
STATEMENTS = st.one_of(
    st.sampled_from([
        "import nolib", "from nolib import one as a", "import nolib as b", "from nolib import one",
        "nolib.one", "print(g())", "from nolib import *", "h()",
        "try:\n    import nolib\nexcept ImportError:\n    pass",
        "if True:\n    import nolib",
    ]),
    st.builds("{} = {}".format, NAMES, VALUES),
    st.builds("{} += {}".format, NAMES, VALUES),
    st.builds("for {} in range(2):\n    {} = {}".format, NAMES, NAMES, VALUES),
    st.builds("def {}(): return {}".format, st.sampled_from("fgh"), VALUES),
    st.builds("class {}:\n    v = {}".format, NAMES, VALUES),
)  # fmt: skip
MODULES = st.lists(STATEMENTS, min_size=2, max_size=9).map(
    lambda lines: "\n".join(["a = b = c = d = 5", *lines, ""])
)
LAW = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
    deadline=None,
    max_examples=80,
)


def answer(scope, name):
    """Return what a function answers, or what it raises."""
    try:
        found = scope[name]()
        return found if isinstance(found, int) else type(found).__name__
    except Exception as error:  # noqa: BLE001 - whatever it is
        return type(error)


def run_whole(text):
    """Run a module where every library is there."""
    library, scope = types.ModuleType("nolib"), {"__name__": "conv"}
    library.one = 1000
    sys.modules["nolib"] = library
    try:
        exec(compile(text, "conv.py", "exec", dont_inherit=True), scope)  # noqa: S102 - made here
    except Exception:  # noqa: BLE001 - whatever it is
        return None
    finally:
        del sys.modules["nolib"]
    return scope


def run_without(text, told, path):
    """Run a module as a worker does, where some of it is left out."""
    module = types.ModuleType("conv")
    path.write_text(text)
    absences = leaving.Absences(str(path.parent))
    absences.add(told.tree["left_out"])
    loading.run_statements(module, str(path), absences)
    return vars(module)


@given(MODULES)
@LAW
def test_who_needs_nothing_that_is_left_out_answers_as_if_it_were_there(tmp_path, text):
    whole = run_whole(text)
    assume(whole is not None)
    found = survey(tmp_path, text)
    assume(found.refused)
    free = [name for name in "fgh" if name in whole and not needed(found, name)]
    expected = {name: answer(whole, name) for name in free}
    scope = run_without(text, left_out(found), tmp_path / "conv.py")
    assert {name: answer(scope, name) for name in free} == expected


@given(st.lists(MODULES, min_size=1, max_size=3))
@LAW
def test_the_check_in_a_notebook_refuses_what_grading_the_notebook_refuses(tmp_path, cells):
    whole = survey(tmp_path, "\n".join(cells))
    for name in "fgh":
        made = gather(read_cells(dict(enumerate(cells, 1))), [name])
        graded = [refusal for refusal, _, _ in needed(whole, name)]
        checked = [refusal for refusal, _, _ in needed(survey(tmp_path, made.text), name)]
        assert set(checked) == set(graded)
        whole = survey(tmp_path, "\n".join(cells))
