"""The field's own edits are thought of: what is forgotten, what is wrong twice, what overflows."""

from __future__ import annotations

import ast

import pytest
from growth import calls_of

from grader.engine.naming.mending.edits import Clues, find_edits
from grader.engine.naming.mending.own import find_own


def own(text):
    functions = {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
    return find_own(text.encode(), functions, "f")


def function(parameters, body):
    lines = body.split("; ") if "\n" not in body else body.split("\n")
    return f"def f({parameters}):\n" + "".join(f"    {line}\n" for line in lines)


def tree(text):
    return ast.dump(ast.parse(text))


EQUAL = "(a == b)"
FIRST = f"({EQUAL}.reshape(*{EQUAL}.shape[:-2], -1).cumsum(-1).reshape({EQUAL}.shape) == 1)"
FORGOTTEN = [
    ("x, eps=1e-8", "return x / np.sqrt(x)", "return x / (np.sqrt(x) + eps)"),
    ("x, kh=2, kw=2", "return x.sum()", "return x.sum() / (kh * kw)"),
    ("x, kh=2, kw=2", "return x / kh ** 2", "return x / (kh * kw)"),
    ("x", "return np.mean(x)", "return np.mean(np.sum(x, axis=-1))"),
    ("x, n=1", "return x.mean()", "return (x.sum() / n)"),
    ("x, y", "return x.mean() - y.mean()", "return x.sum() - y.sum()"),
    ("x, n", "return [x[t] for t in range(n)]", "return [x[t + 1] for t in range(n)]"),
    ("x, n", "return [x[0] for t in range(n)]", "return [x[t] for t in range(n)]"),
    (
        "x",
        "y = np.tanh(x); return y * (1 - x * x)",
        "y = np.tanh(x); return y * (1 - np.tanh(x) * np.tanh(x))",
    ),
    ("x", "return np.stack(x)", "return np.stack(x[::-1])"),
    ("x", "return np.array(x)", "return np.array(x[1:])"),
    ("x", "return x + 1", "return np.tanh(x + 1)"),
    ("x", "return x.transpose(0, 3, 1, 2)", "return x.transpose(0, 1, 2, 3)"),
    ("x", "return np.einsum('ij,jk->ik', x, x)", "return np.einsum('ij,jk->ki', x, x)"),
    ("x", "return np.maximum(np.zeros(3), x)", "return np.maximum(np.zeros(3) - np.inf, x)"),
    ("n, b", "return [i for i in range(n // b)]", "return [i for i in range(-(-n // b))]"),
    ("x, w", "y = x + 1; return y", "y = (x + 1) @ w; return y"),
    ("a, b", "return a == b", f"return {EQUAL} & {FIRST}"),
    ("x", "n = x.shape[2]; return n", "n = x.shape[3]; return n"),
    ("x", "n = x.shape[-1]; return n", "n = x.shape[-2]; return n"),
    (
        "x, y",
        "return [x[i] for i in range(3) for j in range(3) if i != j]",
        "return [x[i] for i in range(3) for j in range(3) if x[i] != j]",
    ),
    ("x, w, b", "y = x @ w + b; return y", "y = np.maximum(0, x @ w + b); return y"),
    ("x, pad", "return x + pad - 1", "return x + 2 * pad - 1"),
    ("x", "return np.sum(x)", "return np.sum(x ** 2)"),
    ("x", "return x.sum(axis=0)", "return x.sum(axis=-1, keepdims=True)"),
    (
        "x, y",
        "a = 0; a += np.sum(x); a -= np.sum(y); return a",
        "a = 0; a += np.sqrt(np.sum(x)); a -= np.sqrt(np.sum(y)); return a",
    ),
    ("z", "g = z[0]; o = z[1]; return g, o", "g = z[1]; o = z[0]; return g, o"),
    (
        "x, n",
        "return [i < n for i in range(len(x))]",
        "return [i >= len(x) - n for i in range(len(x))]",
    ),
    (
        "x, n",
        "return [i < n for i, _ in enumerate(x)]",
        "return [i >= len(x) - n for i, _ in enumerate(x)]",
    ),
    ("h=1, k=2", "a = h - k; return a", "a = h - k + 1; return a"),
    (
        "h=1, k=2, s=1",
        "a = (h - k) // s + 1; return a",
        "a = (h - 1) * s + k; return a",
    ),
    (
        "x, b, order",
        "for i in range(0, 9, b):\n    n = len(order)\n    x /= b\nreturn x",
        "for i in range(0, 9, b):\n    n = len(order)\n    x /= n\nreturn x",
    ),
    ("x, n", "k = x.max() + 1; return k", "k = n; return k"),
    ("x, n", "return np.bincount(x)", "return np.bincount(x, minlength=n)"),
    ("x, n", "return np.bincount(x)", "return np.bincount(x, minlength=n ** 2)"),
    ("x", "return np.einsum('ij,ik->jk', x, x)", "return np.einsum('ji,ki->jk', x, x)"),
    (
        "x, t, n",
        "a = 0\nfor i in range(n):\n    for j in range(n):\n        a += x[i, j]\nreturn a",
        (
            "a = 0\nfor i in range(n):\n    for j in range(n):\n"
            "        if j != i: a += x[i, j]\nreturn a"
        ),
    ),
    (
        "x, t, n",
        (
            "a = 0\nfor i in range(n):\n    c = x[i, t[i]]\n    for j in range(n):\n"
            "        a += c\nreturn a"
        ),
        (
            "a = 0\nfor i in range(n):\n    c = x[i, t[i]]\n    for j in range(n):\n"
            "        if j != t[i]: a += c\nreturn a"
        ),
    ),
    ("p, x", "return (p - 1) * p * (1 - p) + x", "return (p - 1) + x"),
    ("x", "x.sort(); return x", "x.sort(key=lambda one: -one[0]); return x"),
    ("x", "return sorted(x)", "return sorted(x, reverse=True)"),
    ("x", "return np.argsort(x + 1, kind='stable')", "return np.argsort(-(x + 1), kind='stable')"),
    ("k", "m = {'a': 1, 'b': 2}; return m[k]", "m = {'a': 2, 'b': 1}; return m[k]"),
    ("x, a", "x * 2 + a; return a", "a = x * 2 + a; return a"),
    ("x, y", "y = y.append(x); return y", "y = (y + [x]); return y"),
    ("x, y", "y = g(x).reverse(); return y", "y = list(reversed(g(x))); return y"),
    ("x, y", "y = x.sort(); return y", "y = sorted(x); return y"),
    (
        "x, j",
        "if j < 0 or j == 2:\n    return 0\nreturn x[j]",
        "if (j < 0 or j >= len(x)) or j == 2:\n    return 0\nreturn x[j]",
    ),
    (
        "x",
        "best = x[0]\nfor v in x:\n    if v < best:\n        best = v\nreturn best",
        "best = float('inf')\nfor v in x:\n    if v < best:\n        best = v\nreturn best",
    ),
]
SCALED = """def g(q, k):
    return q @ k / np.sqrt(q.shape[-1])


def f(q, k):
    d = g(q, k)
    return d + k
"""
TWICE = [
    ("h, w, p=0", "a = h + p; b = w + p; return a, b", "a = h - p; b = w - p; return a, b"),
    ("h=1, w=1", "a, b = h - 2, w - 2; return a, b", "a, b = h - 2 + 1, w - 2 + 1; return a, b"),
    ("h=1, w=1", "a = h - 2; b = w - 2; return a, b", "a = h - 2 + 1; b = w - 2 + 1; return a, b"),
    ("x, i, j", "return x[i + 1:, j + 1:]", "return x[i - 1:, j - 1:]"),
    (
        "h, w",
        "for i in range(h):\n    for j in range(w):\n        pass\nreturn i",
        "for i in range(h - 1):\n    for j in range(w - 1):\n        pass\nreturn i",
    ),
]
STABLE = [
    ("x", "return -np.log(1 / (1 + np.exp(-x)))", "return -(-np.logaddexp(0, -x))"),
    ("x", "p = 1 / (1 + np.exp(-x)); return np.log(1 - p)",
     "p = 1 / (1 + np.exp(-x)); return -np.logaddexp(0, x)"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "before", "after"), [*FORGOTTEN, *STABLE])
def test_what_is_forgotten_twice_wrong_or_overflows_is_thought_of(parameters, before, after):
    functions = own(function(parameters, before))
    edits = find_edits(functions, Clues())
    assert tree(function(parameters, after)) in [tree(functions.edited(edit)) for edit in edits]


@pytest.mark.parametrize(("parameters", "before", "after"), TWICE)
def test_rows_and_columns_are_edited_together(parameters, before, after):
    functions = own(function(parameters, before))
    assert tree(function(parameters, after)) in [
        tree(functions.edited(edit)) for edit in find_edits(functions, Clues())
    ]


def test_what_divides_in_one_function_is_thought_of_in_another():
    functions = own(SCALED)
    wanted = "def f(q, k):\n    d = g(q, k) / np.sqrt(q.shape[-1])\n    return d + k"
    assert tree(wanted) in [tree(functions.edited(edit)) for edit in find_edits(functions, Clues())]


def test_a_slope_is_dropped_in_both_statements_that_multiply_it():
    functions = own(function("p, q", "a = p * p * (1 - p); b = 2 * q * (1 - q); return a, b"))
    wanted = tree(function("p, q", "a = p; b = 2; return a, b"))
    (found,) = [e for e in find_edits(functions, Clues()) if tree(functions.edited(e)) == wanted]
    assert found.lines == (2, 3)


def test_the_work_for_borders_and_meetings_grows_as_the_function_does():
    def cost(count):
        loops = [f"for i{n} in x:\n    a += x[t[i{n}]] < 0" for n in range(count)]
        functions = own(function("x, t", "\n".join(["a = 0", *loops, "return a"])))
        return calls_of(lambda: find_edits(functions, Clues()))

    assert 0 < cost(60) < 7 * cost(15)


def test_the_log_of_another_function_is_left_alone():
    functions = own(function("x", "return np.log(x + 1)"))
    assert not [edit for edit in find_edits(functions, Clues()) if edit.kind == "stable"]


def test_many_edits_of_one_kind_come_after_few_of_another():
    names = ", ".join(f"a{n}" for n in range(12))
    functions = own(function(names, f"b = {' + '.join(names.split(', '))}; return b.sum(axis=0)"))
    kinds = [edit.kind for edit in find_edits(functions, Clues())]
    assert kinds.index("axis") < kinds.index("operator")


@pytest.mark.parametrize(
    "text",
    [
        "return enumerate()",
        "for i, x in enumerate():\n    pass\nreturn 1",
        "return np.log()",
        "return np.log(1 / (1 + np.exp()))",
        "return np.einsum('->', x)",
        "return np.einsum('ij->')",
        "return np.mean() + x.mean(*x)",
        "return range()",
        "return np.array()",
        "return x.transpose((0, 1))",
        "return (x == 1)[..., None]",
    ],
)
def test_calls_without_what_they_need_have_edits_all_the_same(text):
    functions = own(function("x", text))
    for edit in find_edits(functions, Clues(frozenset(["values", "finite"]))):
        made = functions.edited(edit)
        assert made is None or ast.parse(made)
