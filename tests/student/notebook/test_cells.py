"""The source of a function, gathered from cells in the order they were run."""

from __future__ import annotations

import ast
import types

import numpy as np
import pytest
from growth import assert_linear

from grader.errors import UsageError
from grader.model import Location
from grader.model.sourcemap import SourceMap
from grader.student.notebook.cells import gather, read_cells
from grader.student.notebook.namespaces import gather_objects


def gathered(*cells, names=("f",)):
    return gather(read_cells(dict(enumerate(cells, 1))), names)


def value(source, *arguments):
    """Run what was gathered, and call f."""
    scope = {}
    exec(compile(source.text, "gathered", "exec"), scope)  # noqa: S102 - the tests' own code
    return scope["f"](*arguments)


def label(source, line):
    """Return what the student calls a line of the file that was gathered."""
    return str(SourceMap({"conv.py": source.pieces}).locate(Location("conv.py", line)))


def test_only_what_the_function_needs_comes_along():
    source = gathered(
        "import numpy as np\nimport matplotlib.pyplot as plt",
        "K = 3\nx = plt.imread('cat.png')",
        "def helper(a):\n    return a * K",
        "def f(x):\n    return np.sum(helper(x))",
        "plt.plot(f(x))",
    )
    assert "plt" not in source.text
    assert value(source, np.ones(2)) == 6


def test_the_last_definition_wins_in_the_order_of_execution():
    assert value(gathered("def f(): return 1", "def f(): return 2")) == 2
    assert value(gathered("def f(): return 2", "def f(): return 1", "def f(): return 2")) == 2
    assert value(gathered("K = 1", "def f(): return K", "K = 2")) == 2
    assert value(gathered("def f(): return 1", "f = lambda: 3")) == 3


def test_what_was_replaced_leaves_no_trace():
    source = gathered("import torch\nK = torch.zeros(1)", "K = 4", "def f(): return K")
    assert "torch" not in source.text
    assert value(source) == 4


def test_values_that_are_built_up_keep_all_their_parts():
    assert value(gathered("T = [0]", "T[0] = 5\nT += [1]", "def f(): return T")) == [5, 1]
    assert value(gathered("if True:\n    K = 1\nelse:\n    K = 2", "def f(): return K")) == 1


def test_a_name_that_is_a_parameter_is_not_taken_from_the_notebook():
    source = gathered("import torch\nx = torch.zeros(1)", "def f(x):\n    y = x\n    return y")
    assert "torch" not in source.text


def test_cells_that_failed_and_magics_are_passed_over():
    source = gathered(
        "def f(:\n",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().run_cell_magic('time', '', 'def f():\\n    return 1\\n')",
        "get_ipython().run_cell_magic('bash', '', 'def f(): return 2')",
        "get_ipython().system('ls')",
    )
    assert value(source) == 1


def test_decorators_future_imports_and_shared_lines_are_kept_right():
    source = gathered(
        "import functools",
        "from __future__ import annotations",
        "@functools.cache\ndef g(): return 7",
        "a = 1; b = 2; f = lambda: a + b + g()",
    )
    assert source.text.startswith("from __future__")
    assert value(source) == 10


def test_every_line_knows_its_cell():
    source = gathered("import numpy as np", "# a comment\n\n\ndef f(x):\n    return np.sum(x)\n")
    lines = source.text.splitlines()
    assert label(source, lines.index("    return np.sum(x)") + 1) == "cell [2], line 5"
    assert label(source, 1) == "cell [1], line 1"


def test_a_function_that_no_cell_defines_is_left_out():
    assert gathered("x = 1").text == ""


def test_names_from_a_star_import_are_looked_for():
    assert value(gathered("from math import *", "def f(): return floor(2.5)")) == 2


def test_a_value_that_a_later_cell_builds_on_itself_comes_with_what_it_was_before():
    assert value(gathered("K = 1", "K = K + 1", "def f(): return K")) == 2
    assert value(gathered("K = 2", "A = K", "K = 3", "def f(): return A + K")) == 5


def test_statements_that_share_a_line_are_told_apart_whatever_is_in_them():
    cell = "s = 'é;\x0c'; t = (1,\n 2); u = [\n 'b']; f = lambda: (s, t, u)"
    assert value(gathered(cell)) == ("é;\x0c", (1, 2), ["b"])


def test_a_tree_that_is_deeper_than_functions_may_call_one_another_is_gathered():
    text = "a = 1; K = " + "+".join(["1"] * 2_500)
    assert gathered(text, "def f(): return K").text.startswith("K = 1+1+")


def test_reading_a_cell_is_linear_in_the_statements_of_one_line():
    assert_linear(lambda size: "".join(f"a{n} = {n}; " for n in range(size)),
                  lambda cell: gathered(cell, names=("a0",)), 200)  # fmt: skip


def test_a_namespace_of_living_objects_is_written_out():
    module = types.ModuleType("helper")
    namespace = {"np": np, "K": 2, "W": np.array([1.0, 2.0]), "exp": np.exp, "t": (1, [2.0]),
                 "unused": object(), "f": namespace_function, "g": helper_function}  # fmt: skip
    source = gather_objects(namespace | {"module": module}, ["f"])
    assert "unused" not in source.text
    scope = {}
    exec(compile(source.text, "gathered", "exec"), scope)  # noqa: S102 - the tests' own code
    assert np.allclose(scope["f"](1.0), np.exp([1.0, 2.0]) * 2 + 1)
    line = next(n for n, text in enumerate(source.text.splitlines()) if "return exp(x)" in text)
    assert label(source, line + 1) == "g in test_cells.py, line 2"


def namespace_function(x):
    return g(W) * K + t[0] * x  # noqa: F821 - found in the namespace


def helper_function(x):
    return exp(x)  # noqa: F821 - found in the namespace


def test_an_object_without_source_is_said_by_name():
    with pytest.raises(UsageError, match="the source of f cannot be seen"):
        gather_objects({"f": eval("lambda: 1")}, ["f"])  # noqa: S307 - that is the point


def test_a_namespace_without_the_function_gives_an_empty_file():
    assert ast.parse(gather_objects({}, ["f"]).text).body[0].module == "__future__"
