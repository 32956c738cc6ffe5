"""What helps: a solution is shown as a file of one's own would look."""

from __future__ import annotations

import ast

import pytest

from grader.student.helping.hints import read_reference, spaced
from grader.student.notebook.cells import gather, read_cells


@pytest.mark.parametrize("module", ["conv", "layers", "losses", "recurrent", "optim"])
def test_a_solution_has_two_blank_lines_around_each_function_and_class(course, module):
    for exercise in course.find([module]):
        text = read_reference(course, exercise)
        source = (course.solutions_dir / f"{module}.py").read_text(encoding="utf-8")
        alone = gather(read_cells({1: source}), [exercise.name]).text
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(alone))  # nothing but blank lines
        lines, (head, *nodes) = text.split("\n"), ast.parse(text).body
        assert head.lineno == 1
        for node in nodes:
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                assert lines[first - 3 : first - 1] == ["", ""]
                assert lines[first - 4]


def test_imports_stand_together_by_where_they_come_from():
    text = "from __future__ import annotations\nimport math\nimport re\nimport numpy as np\nA = 1\n"
    assert spaced(text) == (
        "from __future__ import annotations\n\nimport math\nimport re\n\n"
        "import numpy as np\n\nA = 1\n"
    )


def test_a_decorator_stays_with_its_function():
    text = "import re\n@wraps\ndef f():\n    pass\nB = 2\n"
    assert spaced(text) == "import re\n\n\n@wraps\ndef f():\n    pass\n\n\nB = 2\n"
