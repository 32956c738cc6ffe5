"""Read the files of a course as text, and derive the stubs from the solutions.

Nothing is executed here: everything comes from the syntax tree. Run `dlgrade stubs` after a change
to `solutions/`; a test holds the two in step.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.course.docstrings import returned_names
from grader.errors import CourseError
from grader.files import write_whole

SCRIPT = "script"  # what features and terms of a class's check take: the steps of a case


@dataclass(frozen=True)
class Parameter:
    """One parameter of an exercise; `default` is its source text, or None."""

    name: str
    default: str | None = None

    @cached_property  # asked for with each of a hundred cases
    def value(self) -> Any:
        """The default itself; None where there is none, too."""
        return None if self.default is None else ast.literal_eval(self.default)


@dataclass(frozen=True)
class Stub:
    """What the stub file says about one function.

    Parameters
    ----------
    name
        The function's name.
    parameters
        In order.
    docstring
        As a student reads it.
    returns
        The names of the results in the docstring's Returns section.
    line
        Where it starts in its file.
    methods
        Of a class, whose cases are scripts; a function has none.
    """

    name: str
    parameters: tuple[Parameter, ...]
    docstring: str
    returns: tuple[str, ...]
    line: int
    methods: tuple[Stub, ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return bool(self.methods)

    @property
    def own_names(self) -> set[str]:
        """The names of the functions that are to be written."""
        return {self.name, *(method.name for method in self.methods)}

    @property
    def names(self) -> list[str]:
        """What the parameters are called, in order."""
        return [parameter.name for parameter in self.parameters]

    @property
    def required(self) -> int:
        """How many parameters have no default."""
        return sum(parameter.default is None for parameter in self.parameters)

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return self.docstring.partition("\n")[0]

    def __str__(self) -> str:
        made = next((one for one in self.methods if one.name == "__init__"), None)
        if made is not None:
            return f"{self.name}{str(made).removeprefix(made.name)}"
        texts = [p.name if p.default is None else f"{p.name}={p.default}" for p in self.parameters]
        return f"{self.name}({', '.join(texts)})"


def read_stubs(source: str) -> tuple[Stub, ...]:
    """Return the public functions and classes of a stub file, in order.

    Parameters
    ----------
    source
        Text of `exercises/<module>.py`.

    Raises
    ------
    SyntaxError
        The file is not Python.
    """
    return tuple(map(_read_stub, _public(ast.parse(source))))


def _public(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """Return the functions of a file that are exercises, and the classes that have methods."""
    return [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and (isinstance(node, ast.FunctionDef) or methods_of(node))
    ]


def methods_of(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the constructor and the public methods of a class; helpers of its own are left out."""
    found = [part for part in node.body if isinstance(part, ast.FunctionDef)]
    return [part for part in found if part.name[:1] != "_" or part.name.startswith("__")]


def _read_stub(node: ast.FunctionDef | ast.ClassDef) -> Stub:
    docstring = ast.get_docstring(node) or ""
    if isinstance(node, ast.ClassDef):
        return Stub(
            node.name, (Parameter(SCRIPT),), docstring, (), node.lineno,
            tuple(replace(one, parameters=one.parameters[1:])  # without `self`
                  for one in map(_read_stub, methods_of(node))),
        )  # fmt: skip
    return Stub(node.name, parameters_of(node), docstring, returned_names(docstring), node.lineno)


def parameters_of(node: ast.FunctionDef) -> tuple[Parameter, ...]:
    """Return the positional parameters of a function."""
    positional = [*node.args.posonlyargs, *node.args.args]
    missing = len(positional) - len(node.args.defaults)
    defaults = [None] * missing + [ast.unparse(default) for default in node.args.defaults]
    pairs = zip(positional, defaults, strict=True)
    return tuple(Parameter(argument.arg, default) for argument, default in pairs)


def derive_stub(source: str) -> str:
    """Return the stub of a solution: its signatures and docstrings, nothing of its bodies.

    Parameters
    ----------
    source
        Text of `solutions/<module>.py`.

    Returns
    -------
    str
        Text of `exercises/<module>.py`: imports that the signatures or examples need, then every
        public function with `raise NotImplementedError` in place of its body; a public class with
        that in place of the bodies of its public methods.
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    functions = ["\n".join(_stub_lines(node, lines)) for node in _public(tree)]
    signatures = re.sub(r'""".*?"""', "", " ".join(functions), flags=re.DOTALL)
    head = f'"""{ast.get_docstring(tree, clean=False)}"""\n\n{_imports(tree, lines, signatures)}'
    return head + "\n\n\n" + "\n\n\n".join(functions) + "\n"


def _stub_lines(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> list[str]:
    """Return a definition with its docstring; what is below that is for the student to write."""
    documented = node.body[0]
    end = documented.end_lineno or documented.lineno
    head = lines[node.lineno - 1 : documented.lineno - 1]
    head = [line.partition("  # noqa")[0] for line in head]  # a reason that holds for a body only
    before = lines[documented.lineno - 1].encode()[: documented.col_offset].decode().rstrip()
    if before:  # `def f(x): return x`, all on one line
        return [*head, before, f"{' ' * (node.col_offset + 4)}raise NotImplementedError"]
    if ast.get_docstring(node) is not None:  # else it is the solution's first statement
        head += lines[documented.lineno - 1 : end]
    if isinstance(node, ast.ClassDef):
        return head + [t for one in methods_of(node) for t in ("", *_stub_lines(one, lines))]
    return [*head, f"{' ' * documented.col_offset}raise NotImplementedError"]


def _imports(tree: ast.Module, lines: list[str], signatures: str) -> str:
    """Return the imports that a stub needs, in groups as they stand in the solution."""
    guarded = [node for node in tree.body if isinstance(node, ast.If) and _needed(node, signatures)]
    names = signatures + (" TYPE_CHECKING" if guarded else "")
    kept: list[str] = []
    last_line = 0
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.If)) and _needed(node, names):
            if kept and "" in lines[last_line : node.lineno - 1]:
                kept.append("")
            kept += lines[node.lineno - 1 : node.end_lineno]
            last_line = node.end_lineno or node.lineno
    return "\n".join(kept)


def _needed(node: ast.Import | ast.ImportFrom | ast.If, signatures: str) -> bool:
    """Tell whether a stub needs an import: numpy always, others when a signature names them."""
    inside = node.body if isinstance(node, ast.If) else [node]
    imports = [n for n in inside if isinstance(n, (ast.Import, ast.ImportFrom))]
    names = {alias.asname or alias.name for n in imports for alias in n.names}
    return bool(names & {"np", "annotations"}) or any(
        re.search(rf"\b{name}\b", signatures) for name in names
    )


def write_stubs(solutions: Path, exercises: Path) -> list[Path]:
    """Write the stub of every solution that has changed; return the files that were written.

    Parameters
    ----------
    solutions, exercises
        Two folders of a course.

    Raises
    ------
    CourseError
        A solution cannot be read, or a stub cannot be written.
    """
    written = []
    for solution in sorted(solutions.glob("*.py")):
        stub = exercises / solution.name
        try:
            text = derive_stub(solution.read_text(encoding="utf-8"))
        except SyntaxError as error:
            text = f"{solution} cannot be read: line {error.lineno}: {error.msg}"
            raise CourseError(text) from error
        except (OSError, ValueError) as error:
            raise CourseError(f"{solution} cannot be read: {error}") from error
        try:
            if not stub.is_file() or stub.read_text(encoding="utf-8") != text:
                exercises.mkdir(exist_ok=True)
                write_whole(stub, text)
                written.append(stub)
        except (OSError, ValueError) as error:
            raise CourseError(f"{stub} cannot be written: {error}") from error
    return written


def main() -> None:
    """Do what `dlgrade stubs` does: `python -m grader.stubs [COURSE]`."""
    course = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    for stub in write_stubs(course / "solutions", course / "exercises"):
        sys.stdout.write(f"wrote {stub}\n")
