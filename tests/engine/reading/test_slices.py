"""What a wrong result comes from, and no right one, is told by line; nothing else is."""

from __future__ import annotations

import ast

import pytest
from growth import calls_of

from grader.engine.reading.slices import MAX_FLOWS, Slices


def slices(*body, others=""):
    text = "def f(x, w, b, n):\n" + "".join(f"    {line}\n" for line in body) + others
    functions = {node.name: node for node in ast.parse(text).body}
    return Slices("f", functions)


def test_what_a_right_result_comes_from_is_out_of_suspicion():
    found = slices("h = x @ w", "loss = h.sum() + 1", "g = h * 2", "return loss, g")
    assert found.suspects([0], [1]) == [{3}]
    assert found.suspects([1], [0]) == [{4}]
    assert found.suspects([0, 1], []) == [{2, 3}, {2, 4}]


def test_without_a_right_result_all_that_computes_is_suspected():
    found = slices("n, d = x.shape", "out = np.zeros((n, d))", "out += x @ w", "return out")
    assert found.suspects([None], []) == [{4}]
    assert found.statements == 1


def test_each_item_of_a_pair_comes_from_its_own_side():
    found = slices("p, q = x + 1, w * 2", "return p, q + 0")
    assert found.suspects([1], [0]) == [{2, 3}]
    found = slices("p, q = np.split(x, 2)", "return p, q + 0")
    assert found.suspects([1], [0]) == [{3}]


def test_a_name_that_is_returned_alone_is_suspected_where_nothing_else_is():
    assert slices("a = x + w", "return a, a").suspects([1], [0]) == [{3}]


@pytest.mark.parametrize(
    ("statement", "line"),
    [("r.append(h * 2)", 5), ("np.add.at(r, h, 1)", 5), ("r[h] = w * 2", 5)],
)
def test_what_a_call_or_an_index_changes_is_written(statement, line):
    found = slices("h = w + 1", "r = []", "for _ in x:", f"    {statement}", "return h, r")
    assert found.suspects([1], [0]) == [{line}]


def test_a_loop_that_leaps_or_does_not_go_over_all_is_suspected():
    body = ("t = 0", "for i in range(1, n):", "    if i:", "        continue", "    t += i")
    assert slices(*body, "return t").suspects([None], []) == [{3, 4, 5, 6}]
    body = ("t, m = 0, len(x)", "for i in range(m):", "    t += i")
    assert slices(*body, "return t").suspects([None], []) == [{4}]
    body = ("t = 0", "for i in range(n):", "    t += i")  # which may be negative
    assert slices(*body, "return t").suspects([None], []) == [{3, 4}]


def test_what_is_returned_is_suspected_where_it_has_another_shape():
    found = slices("a = x + 1", "return a")
    assert found.suspects([None], []) == [{2}]
    assert found.suspects([None], [], shape=True) == [{2, 3}]


def test_a_name_that_stands_for_two_things_clears_nothing_by_itself():
    found = slices("a = x + 1", "a = a / 2", "b = a * 2", "return b, a")
    assert found.suspects([1], [0]) == [set()]


def test_what_is_written_later_is_no_source_unless_a_loop_goes_round():
    body = ("b = a * 2", "a = a / 2")
    assert slices("a = x + 1", *body, "return b, a").suspects([1], [0]) == [{4}]
    turning = ("for _ in x:", *(f"    {line}" for line in body))
    assert slices("a = x + 1", *turning, "return b, a").suspects([1], [0]) == [set()]


def test_what_is_written_in_one_branch_is_no_source_in_the_other():
    body = ("if n:", "    m = w * 2", "    a = x - m", "else:", "    a = x - w", "return a, m")
    assert slices("m = w + 1", *body).suspects([1], [0]) == [set()]
    body = ("if n:", "    a = x", "    m = m * 2", "else:", "    a = x - m", "return a, m")
    assert slices("m = w + 1", *body).suspects([1], [0]) == [{5}]


def test_the_condition_of_a_while_comes_from_what_its_loop_writes():
    body = ("k = 0", "r = w * 2", "while k < n:", "    k = k + x", "return r, k")
    assert slices(*body).suspects([0], [1]) == [{3}]
    assert slices(*body).suspects([1], [0]) == [{4, 5}]


def test_a_tuple_of_names_that_is_returned_is_nothing_that_could_be_wrong():
    found = slices("a = x + 1", "b = w * 2", "return (a, b), a")
    assert found.suspects([0], [1]) == [{3}]


def test_what_several_results_share_is_told_though_it_is_plain_and_no_right_one_reads_it():
    body = ("d = x + 1", "g = d", "return d, g * 2, g * w, g.sum()")
    assert slices(*body).shared([1, 2, 3], [0]) == {3}
    assert slices(*body).shared([1, 2, 3], []) == {2, 3}
    assert slices(*body).shared([0, 1], [2]) == set()


def test_another_function_is_suspected_unless_something_right_calls_it():
    other = "def g(v):\n    v = v + 1\n    return v * 2\n"
    body = ("a = g(x)", "c = w + 1", "return a, c")
    assert slices(*body, others=other).suspects([0], [1]) == [{2, 6, 7}]
    body = ("a = g(x)", "c = g(w)", "return a, c")
    assert slices(*body, others=other).suspects([0], [1]) == [{2}]


def test_functions_that_call_each_other_come_to_an_end():
    other = "def g(v):\n    return h(v) + 1\n\n\ndef h(v):\n    return g(v) + f(v, v, v, v)\n"
    assert slices("return g(x) + 1", others=other).suspects([None], []) == [{2, 4, 8}]


def test_a_function_without_a_result_or_with_too_much_in_it_tells_nothing():
    assert slices("x[0] = 1").suspects([None], []) == []
    assert slices(*["x = x + 1"] * MAX_FLOWS, "return x").suspects([None], []) == []


def test_the_work_grows_as_the_function_does():
    def calls(count):
        body = [f"a{i} = a{i - 1} + {i}" for i in range(1, count)]
        text = slices("a0 = x", *body, f"return a{count - 1}, b")
        return calls_of(lambda: text.suspects([0], [1]))

    assert 0 < calls(160) < 6 * calls(40)
