"""What the tests of a release and of the wheel share: the lines that neither may hold."""

from __future__ import annotations

import ast
from functools import cache


@cache
def code_of(source):
    """Return the lines of code of every function's body, docstrings and stubs apart."""
    lines, written = set(), source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            for part in node.body:
                if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
                    lines |= {line.strip() for line in ast.unparse(part).splitlines()}
                    *before, last = written[part.lineno - 1 : part.end_lineno]
                    last = last.encode()[: part.end_col_offset].decode()  # without what follows
                    lines |= {line.strip() for line in (*before, last)}
    trivial = {"raise NotImplementedError", "else:", "return out", "return x"}
    return {line for line in lines if len(line) > 12} - trivial


def solution_lines(course):
    """Return the lines of code of all solutions."""
    files = sorted(course.solutions_dir.glob("*.py"))
    return {line for file in files for line in code_of(file.read_text(encoding="utf-8"))}


def stub_texts(course):
    """Return the docstrings' own formulas, which stubs and solutions share on purpose."""
    return "\n".join(p.read_text(encoding="utf-8") for p in course.exercises_dir.glob("*.py"))
