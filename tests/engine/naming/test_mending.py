"""Edits of a student's function: each kind is thought of, and all of them are Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from growth import calls_of
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.engine.naming.mending.edits import MOST_EDITS, Clues, find_edits
from grader.engine.naming.mending.own import MAX_BYTES, Splice, find_own
from grader.engine.naming.mending.telling import KINDS

SOLUTIONS = [
    file
    for file in sorted((Path(__file__).resolve().parents[3] / "solutions").glob("*.py"))
    if re.search(r"^def ", file.read_text(encoding="utf-8"), re.MULTILINE)
]
"""The solutions that are functions; of classes no edit is tried."""


def own(text, name="f"):
    functions = {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
    return find_own(text.encode(), functions, name)


def function(body, parameters="x"):
    lines = body if isinstance(body, list) else [body]
    return f"def f({parameters}):\n" + "".join(f"    {line}\n" for line in lines)


def tree(text):
    return ast.dump(ast.parse(text))


ONE = [
    # (parameters, before, after, in what the answer is wrong)
    ("a, b", "return a + b", "return a - b", "values"),
    ("a, b", "return a ** b", "return a * b", "values"),
    ("a, b", "return a ^ b", "return a ** b", "values"),
    ("x, n=1", "return x[n / 2]", "return x[n // 2]", "raises"),
    ("x", "return x > 0", "return x >= 0", "values"),
    ("x", "return x + 1", "return x + 2", "values"),
    ("x", "return x * 2", "return x * 1.0", "values"),
    ("x, eps=1e-7", "return x + eps", "return x", "values"),
    ("x", "return x.sum(axis=0)", "return x.sum(axis=1)", "values"),
    ("x", "return x.sum()", "return x.sum(axis=-1, keepdims=True)", "shape"),
    ("x", "return x.sum(axis=1)", "return x.sum(axis=1, keepdims=True)", "shape"),
    ("x", "return x.sum(axis=1, keepdims=True)", "return x.sum(axis=1, keepdims=False)", "shape"),
    ("x", "return x.sum(dim=1, keepdim=True)", "return x.sum(dim=1, keepdims=True)", "raises"),
    ("x, y", "return x", "return y", "values"),
    ("x, y", "return x * x", "return y * y", "values"),
    ("x, y", "return x - y", "return y - x", "values"),
    ("x, y", "return x", "return x * y", "values"),
    ("x, y", "return x, y", "return y, x", "values"),
    ("x, y", "return g(x, y)", "return g(y, x)", "values"),
    ("x, y, z", "return x * y + z", "return x * y", "values"),
    ("x, y, z", "return x + y / z", "return (x + y) / z", "values"),
    ("x, y", "return np.sqrt(x + y)", "return np.sqrt(x) + y", "values"),
    ("x, y", "return np.sqrt(x) + y", "return np.sqrt(x + y)", "values"),
    ("x", "return x.sum()", "return x.mean()", "values"),
    ("x, y", "return x + y", "return x / x.shape[0] + y", "values"),
    ("x", "return x.sum()", "return x.sum() / x.shape[0]", "values"),
    ("x", "return x.sum() / len(x)", "return x.sum() / x.size", "values"),
    ("x", "return 3 * x", "return -(3 * x)", "values"),
    ("x", "return -x", "return x", "values"),
    ("x, w", "return x @ w", "return x @ w.T", "raises"),
    ("x, w", "return x @ w", "return w.T @ x", "values"),
    ("x, w", "return x.T @ w", "return x @ w", "values"),
    ("x", "return np.exp(x)", "return np.exp(x - x.max(axis=-1, keepdims=True))", "finite"),
    ("x", "return np.sum(x)", "return np.sum(np.abs(x))", "values"),
    ("x, y", "return x * y", "return x * np.abs(y)", "values"),
    ("x", "return max(x, 0)", "return np.maximum(x, 0)", "raises"),
    ("x", "return np.max(x, 0)", "return np.maximum(x, 0)", "values"),
    ("x", "return np.zeros(3, dtype=int) + x", "return np.zeros(3, dtype=float) + x", "dtype"),
    ("x", "return np.zeros_like(x)", "return np.zeros_like(x, dtype=float)", "dtype"),
    ("x, p=0", "return x[p:-p, p:-p]", "return x[p:-p or None, p:-p or None]", "shape"),
    ("x", "return x[1:-1]", "return x[1:]", "shape"),
    ("x", "return x[:]", "return x[::-1]", "values"),
    ("x", "return [i for i in range(len(x))]", "return [i for i in range(len(x) - 1)]", "values"),
    ("x", "return x if x > 0 else 0", "return 0 if x > 0 else x", "values"),
    ("x", "return x if x > 0 else x + 1", "return x + 1", "values"),
    ("x, y", "return np.where(x > 6, x, y)", "return y", "values"),
    ("x, h", "return x / 2 * h - x / 2 * h", "return (x / 2 * h - x) / (2 * h)", "values"),
    ("x, y", "return x.sum() * y.sum()", "return (x * y).sum()", "values"),
    ("x, y", "return np.tanh(x) + np.tanh(y)", "return np.tanh(x + y)", "values"),
    ("x, y, r", "return r * (x + y)", "return x + r * y", "values"),
    ("kh=2, kw=2, sh=1, sw=1", "return 1 / (sh * sw)", "return 1 / (kh * kw)", "values"),
    (
        "oh=3, ow=3",
        "return [j * oh + i for i in range(oh) for j in range(ow)]",
        "return [i * ow + j for i in range(oh) for j in range(ow)]",
        "values",
    ),
    ("x, bias", "return x + bias", "return x + bias[:, None, None]", "values"),
    ("x", "return np.zeros(3) + x", "return np.zeros(3, dtype=np.int64) + x", "dtype"),
    ("x, t", "return x / (1 - x)", "return x / (1 - x ** t)", "values"),
    ("x", "return x.transpose(0, 2, 1)", "return x.transpose(0, 1, 2)", "values"),
    ("x", "return int(x)", "return x", "type"),
]


@pytest.mark.parametrize(("parameters", "before", "after", "kind"), ONE)
def test_one_change_of_an_expression_is_thought_of(parameters, before, after, kind):
    functions = own(function(before, parameters))
    edits = find_edits(functions, Clues(frozenset([kind])))
    wanted = tree(function(after, parameters))
    assert wanted in [tree(functions.edited(edit)) for edit in edits]


MORE = [
    (["out[x] = 1", "return out"], ["out[x] += 1", "return out"]),
    (["out[x] += 1", "return out"], ["out[x] = 1", "return out"]),
    (["best, at = -500.0, x", "return best"], ["best, at = -np.inf, x", "return best"]),
    (["best = 0", "return best"], ["best = -np.inf", "return best"]),
    (["out += x", "return out"], ["out = out + (x)", "return out"]),
    (["a = x + 1", "b = a", "a = 2", "return b"], ["a = x + 1", "a = 2", "b = a", "return b"]),
    (["out *= 2", "return out"], ["pass", "return out"]),
    (["if x:", "    return out", "return x"], ["if not (x):", "    return out", "return x"]),
    (
        ["for i in range(x):", "    out[i] = 1", "    return out"],
        ["for i in range(x):", "    out[i] = 1", "    pass", "return out"],
    ),
    (
        ["for i in range(x):", "    s = 0", "    s += i", "return s"],
        ["s = 0", "for i in range(x):", "    pass", "    s += i", "return s"],
    ),
    (
        ["s = 0", "for i in range(x):", "    s += i", "return s"],
        ["pass", "for i in range(x):", "    s = 0", "    s += i", "return s"],
    ),
    (
        ["for i in range(x):", "    s = out[i]", "out += s", "return out"],
        ["for i in range(x):", "    s = out[i]", "    out += s", "pass", "return out"],
    ),
    (["x[0] = 1", "return x"], ["x = x.copy()", "x[0] = 1", "return x"]),
    (["y = x", "y[0] = 1", "return y"], ["y = x.copy()", "y[0] = 1", "return y"]),
    (["h, w = x.shape", "return out[h, h]"], ["h, w = x.shape", "return out[w, w]"]),
    (
        ["for i in range(x):", "    out += x[i:i + 3]", "return out"],
        ["for i in range(x):", "    out += x[i * stride:i * stride + 3]", "return out"],
    ),
    (
        ["h = x + 1", "g = x + 2", "g[g <= 0] = 0", "return g"],
        ["h = x + 1", "g = x + 2", "g[h <= 0] = 0", "return g"],
    ),
    (
        ["h = x + 1", "g = x + 2", "return np.maximum(g, 0)"],
        ["h = x + 1", "g = x + 2", "return (g * (h > 0))"],
    ),
    (
        ["a = x.max(axis=0)", "return a + x.sum(axis=0)"],
        ["a = x.max(axis=1)", "return a + x.sum(axis=1)"],
    ),
]


@pytest.mark.parametrize(("before", "after"), MORE)
def test_one_change_of_a_statement_or_all_over_it_is_thought_of(before, after):
    functions = own(function(before, "x, out, stride=1"))
    edits = find_edits(functions, Clues(frozenset(["values", "changed"])))
    wanted = tree(function(after, "x, out, stride=1"))
    assert wanted in [tree(functions.edited(edit)) for edit in edits]


LEAST = """best = 0
for i, one in enumerate(x):
    if one < best:
        best, at = one, i
return at"""
BOUND = """last, i = len(x) - 1, 0
room = last
while i <= room:
    i += 2
return i"""


@pytest.mark.parametrize(("body", "is_thought_of"), [(LEAST, True), (BOUND, False)])
def test_a_least_number_may_begin_above_all_but_the_bound_of_a_loop_never_ends_it(
    body, is_thought_of
):
    edits = find_edits(own(function(body.splitlines())), Clues())
    assert any(edit.kind == "start" for edit in edits) is is_thought_of


def test_a_default_and_a_helper_are_edited_too():
    functions = own(
        "def g(x):\n    return x + 1\n\ndef f(x, slope=0.1):\n    return g(x) * slope\n"
    )
    texts = {tree(functions.edited(edit)) for edit in find_edits(functions, Clues())}
    assert tree("def g(x):\n    return x - 1") in texts
    assert tree("def f(x, slope=0.01):\n    return g(x) * slope") in texts


def test_the_line_that_raised_comes_first():
    text = function(["a = x + 1", "b = a * 2", "return b - x"])
    first = find_edits(own(text), Clues(frozenset(["raises"]), lines=(3,)))[0]
    assert first.lines == (3,)


def test_of_several_results_only_what_leads_to_the_wrong_one_is_edited():
    text = function(["a = x + 1", "b = x * 2", "return a, b"])
    lines = {edit.lines for edit in find_edits(own(text), Clues(part=1))}
    assert (3,) in lines
    assert (2,) not in lines


def test_a_line_from_which_a_right_result_comes_is_less_likely_at_fault():
    text = function(["a = x + 1", "b = a * 2", "return a, b"])

    def costs(right):
        edits = find_edits(own(text), Clues(part=1, right=right))
        return {edit.splices: edit.cost for edit in edits if edit.lines == (2,)}

    before, after = costs(()), costs((0,))
    assert before
    assert after == {splices: cost + 1 for splices, cost in before.items()}


def test_what_the_words_of_a_name_speak_of_is_tried_sooner():
    text = function(["a = np.exp(x)", "b = x.sum()", "return a / b"])

    def place(told):
        edits = find_edits(own(text), Clues(told=told))
        return next(at for at, edit in enumerate(edits) if edit.kind == "transpose")

    assert place("weights-not-transposed") < place("")
    assert place("beside-the-point") == place("")


# ----------------------------------------------------------------------------- what always holds


@pytest.mark.parametrize("file", SOLUTIONS, ids=lambda file: file.stem)
def test_every_edit_of_every_solution_is_python_at_a_line_of_its_own(file):
    text = file.read_text(encoding="utf-8")
    names = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    assert names
    for name in names:
        functions = own(text, name)
        edits = find_edits(functions, Clues(frozenset(["values", "shape", "changed"])))
        assert len(edits) <= MOST_EDITS
        for edit in edits[::7]:
            ast.parse(functions.edited(edit))
            assert edit.kind in KINDS
            spans = [functions.line_start(n) for n in (edit.lines[0], edit.lines[-1] + 1)]
            assert spans[0] < spans[1]


def test_the_same_function_has_the_same_edits_in_the_same_order():
    text = SOLUTIONS[0].read_text(encoding="utf-8")
    name = re.search(r"^def ([a-z]\w*)", text, re.MULTILINE)[1]
    first, second = (find_edits(own(text, name), Clues()) for _ in range(2))
    assert first == second
    assert first


@given(st.text(alphabet="abé\t #'()[]:=+-*/\n", max_size=60))
@settings(max_examples=200, deadline=None)
def test_text_around_a_function_does_not_move_its_edits(noise):
    before = "".join(f"# {line}\n" for line in noise.splitlines()) + "s = 'é'\n"
    functions = own(before + function("return 'é', x + 1  # é"))
    edits = find_edits(functions, Clues())
    assert tree(function("return 'é', x - 1")) in [tree(functions.edited(e)) for e in edits]


HOSTILE = {
    "deep": function("return " + "(" * 80 + "x" + ")" * 80),
    "long sum": function("return " + " + ".join(["x"] * 900)),
    "nested": function("return " + "-" * 400 + "x"),
    "f-string": function('return f"{x + 1!r:>{10 + 2}}"'),
    "one line": "def f(x): return x + 1; y = 2\n",
    "semicolons": function("a = x; b = a + 1; return b"),
    "lambda": function("return (lambda y=1: y)(x)"),
    "walrus": function("return (y := x + 1) + y"),
    "star": function("return [*x, *range(3)]"),
    "match": function(["match x:", "    case 1: return 2", "    case _: return 3"]),
    "with": function(["with x as y:", "    return y + 1"]),
    "decorated": "@staticmethod\ndef f(x): return x + 1\n",
    "tabs": "def f(x):\n\tfor i in x:\n\t\ty = i\n\treturn y\n",
    "tabs in loops": "def f(x, t):\n\tfor n in t:\n\t\ty = t[n]\n\t\tfor j in range(3):\n"
    "\t\t\tif j:\n\t\t\t\ty += 1\n\t\t\tx[j + 1] = y\n\t\t\tx[j] = x[j + 1]\n\treturn x\n",
    "annotated place": function(["for i in x:", "    x[i]: int = 1"]),
    "chained place": function(["for i in x:", "    a = x[i] = 1", "return a"]),
    "counted into a place": function(["for i in x:", "    for x[i] in x:", "        i + 1"]),
    "crlf": "def f(x):\r\n    y = x + 1\r\n    return y\r\n",
    "backslash": function(["y = x + \\", "        1", "return y"]),
    "many lines": function(["return g(", "    x,", "    x + 1,  # a comment", ")"]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_function_has_edits_that_are_python_or_none(name):
    functions = own(HOSTILE[name])
    for edit in find_edits(functions, Clues(frozenset(["values", "shape", "raises"])))[:600]:
        text = functions.edited(edit)
        if text is not None:
            ast.parse(text)
            assert functions.shown(edit)


@pytest.mark.parametrize("body", ["x = 1", "x = [" + "1, " * 30 + "]"])
def test_a_function_that_is_far_too_long_is_left_alone(body):
    lines = [body] * (MAX_BYTES // len(body) + 1)
    assert own(function([*lines, "return x"])) is None
    assert own(function([*lines[:20], "return x"])) is not None


def test_finding_edits_grows_as_the_function_does():
    def cost(count):
        functions = own(function([*[f"x[{n}] = x[{n}] + 1" for n in range(count)], "return x"]))
        return calls_of(lambda: find_edits(functions, Clues()))

    assert 0 < cost(80) < 6 * cost(20)


def test_no_word_of_a_kind_says_what_the_text_must_be():
    assert all(re.fullmatch(r"[\w\s,;:'/.-]+", words) for words in KINDS.values())


def test_pieces_inside_of_each_other_are_no_edit():
    functions = own(function("return x + 1"))
    (one, *_) = find_edits(functions, Clues())
    start, end = functions.spans["f"]
    both = one.joined(type(one)("sign", 1, (1,), (Splice(start, end, "pass"),)))
    assert functions.edited(both) is None
