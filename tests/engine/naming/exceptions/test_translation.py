"""What Python and NumPy raise is said in one sentence, by what stands in the student's line.

After a change on purpose: `python tests/slips.py`, and read what it changed in slips.txt.
"""

from __future__ import annotations

import ast
import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slips import check, read_slips, told

from grader.engine.document import entry_of
from grader.engine.naming.exceptions.scene import Scene
from grader.engine.naming.exceptions.syntax import FIXED as SYNTAX
from grader.engine.naming.exceptions.syntax import KINDS, explain_syntax
from grader.engine.naming.exceptions.translation import FIXED, MAX_MESSAGE, RULES, translate
from grader.engine.reading.sites import find_site
from grader.model import Raised, Status
from grader.render.hidden import without_words

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from re import _parser

SLIPS = read_slips()
MOST = 700  # characters of a sentence
# Kinds that no small file can raise in the same way everywhere, or only with other files beside it.
WITHOUT_EXAMPLE = {
    "argument-order", "argument-twice", "empty-list", "import-circular",
    "import-relative", "joined-ranks", "loop-outside", "math-domain",
    "no-length", "no-number", "no-numbers", "no-target", "not-a-number",
    "not-in-list", "nothing-joined", "parameter-order", "raised-nothing", "remapped-shapes",
    "squeezed-axis", "truth-value-empty", "uneven-split", "window-size", "zero-step",
    "indentation-uneven",
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_told_word_for_word_as_the_golden_file_has_it(slip, engine, course, tmp_path):
    assert told(check(slip, engine, course, tmp_path)) == slip.told


def test_the_golden_file_has_an_example_of_every_kind_that_a_small_file_can_raise():
    shown = {slip.told.splitlines()[1].partition(": ")[0] for slip in SLIPS}
    assert len(shown & FIXED.keys()) > 60
    assert FIXED.keys() - shown == WITHOUT_EXAMPLE


# ----------------------------------------------------------------------------- the line decides


def find(source, line, kind="ValueError", message="", **more):
    """Return what is told about a line of a source that raised."""
    site = find_site(ast.parse(source), line)
    return translate(Scene(Raised(kind, message, **more), site))


def test_a_message_that_the_student_made_up_is_told_as_a_raise_and_not_as_what_it_says():
    source = "def f(x):\n    raise ValueError('operands could not be …')\n"
    message = "operands could not be broadcast together with shapes (2,) (3,)"
    assert find(source, 2, message=message).diagnosis.id == "own-refusal"
    assert find("def f(x):\n    return x + 1\n", 2, message=message).diagnosis.id == "shapes-differ"


KEEPING = """\
class Linear:
    def __init__(self):
        self.x = None
    def forward(self, x):
        {} = x
    def backward(self, grad_out):
        if self.x is None:
            raise RuntimeError("no forward yet")
"""


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ("x", "no method but __init__ gives `self.x` a value; keep it in the one that is called"),
        ("self.x", "forward gives `self.x` its value (line 5), and has not done so"),
    ],
)
def test_a_refusal_since_nothing_was_kept_is_the_fault_of_what_does_not_keep_it(kept, says):
    found = find(KEEPING.format(kept), 8, "RuntimeError", "no forward yet")
    assert found.diagnosis.message == (
        f"The `raise` in line 8 is your own, and this call has to be answered: {says} before."
    )


def test_a_name_is_not_meant_for_its_counterpart_in_the_same_line():
    source = "def f(lr, v):\n    v_hat = v\n    return lr * m_hat / v_hat\n"
    message = "name 'm_hat' is not defined"
    assert "v_hat" not in find(source, 3, "NameError", message).diagnosis.message
    source = "def f(lr, v):\n    v_hat = v\n    return lr * v_hta / v\n"
    message = "name 'v_hta' is not defined"
    assert "did you mean `v_hat`?" in find(source, 3, "NameError", message).diagnosis.message


@pytest.mark.parametrize("said", ["list.remove(x): x not in list", "'c' is not in list"])
def test_what_a_list_does_not_hold_is_told_however_it_was_asked_for(said):
    source = "def f(kept, key):\n    kept.remove(key)\n"
    assert find(source, 2, message=said).diagnosis.id == "not-in-list"


def test_a_raise_that_goes_wrong_itself_is_told_as_what_went_wrong():
    source = "def f(x):\n    raise ValueErorr('bad')\n"
    told = find(source, 2, "NameError", "name 'ValueErorr' is not defined").diagnosis.message
    assert told == "Nothing is called `ValueErorr` here: did you mean `ValueError`?"
    message = "exceptions must derive from BaseException"
    source = "def f(x):\n    raise 'bad'\n"
    assert find(source, 2, "TypeError", message).diagnosis.id == "raised-nothing"


TRUTH = (
    "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
)


@pytest.mark.parametrize("line", ["if x > 0: pass", "y = x and 1", "y = not x", "assert x"])
def test_nothing_is_said_about_max_where_no_max_stands(line):
    told = find(f"def f(x):\n    {line}\n", 2, message=TRUTH).diagnosis.message
    assert "max" not in told
    assert f"`{line.partition(': ')[0].removeprefix('y = ')}`" in told


LIST = "'list' object has no attribute 'shape'"
FLOAT = "'float' object cannot be interpreted as an integer"
DOUBTS = [
    ("return helper(x) + x(1)", "TypeError", "'numpy.ndarray' object is not callable",
     "`x(…)` calls a value (numpy.ndarray): square brackets take an element, `x[…]`."),
    ("return x[0] + np.zeros[3]", "TypeError",
     "'builtin_function_or_method' object is not subscriptable",
     "`np.zeros` is a function: round parentheses call it, `np.zeros(…)`."),
    ("return x.shape[0] + y.shape[0]", "AttributeError", LIST,
     ("Something in the line is a list here, and a list has no `.shape`: np.array(…) makes an "
      "array of it.")),
    ("for i, j in [1, 2]: pass", "TypeError", "cannot unpack non-iterable int object",
     "Each value of `[1, 2]` is a single number (int): the loop gives it one name."),
    ("a, b = max(5)", "TypeError", "'int' object is not iterable", "not-iterable"),
    ("a, b = f([p for p, q in x])", "ValueError",
     "not enough values to unpack (expected 2, got 1)", "unpacked"),
    ("a, b = f(x)", "ValueError", "not enough values to unpack (expected 2, got 1)",
     "`f(x)` has 1 value here, and this line wants exactly two."),
    ("return [p for p, q in x]", "ValueError",
     "not enough values to unpack (expected 2, got 1)", "unpacked"),
    ("return np.maximum(x, y[n + 1])", "ValueError",
     "operands could not be broadcast together with shapes (2,) (3,)",
     ("Shapes (2,) and (3,) do not fit together: their last axes have 2 and 3 entries, and "
      "neither is 1.")),
    ("return x[np.argmax(x / 2)][y]", "TypeError", FLOAT, "float-as-index"),
    ("return np.full(y, x / 2)", "TypeError", FLOAT, "float-as-index"),
    ("if x > max(n, 1): pass", "ValueError",
     "The truth value of an array with more than one element is ambiguous.",
     ("`if x > max(n, 1)` or Python's `max(n, 1)` asks one question about a whole array, and each "
      "element has an answer of its own: np.where, np.maximum or a mask goes through the "
      "elements.")),
    ("return np.zeros(3, dtype=y)", "TypeError", "Cannot interpret 'x' as a data type", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "message", "expected"), DOUBTS)
def test_where_a_line_leaves_a_doubt_nothing_false_is_said(line, kind, message, expected):
    found = find(f"def f(x, y, n):\n    {line}\n", 2, kind, message)
    told = found and found.diagnosis.message
    assert told == FIXED.get(expected, expected)


def test_of_two_statements_in_one_line_the_one_that_asks_is_told():
    source = "def f(x):\n    if x > 0: raise ValueError('bad')\n"
    assert find(source, 2, message=TRUTH).diagnosis.message.startswith("`if x > 0` asks")
    assert find(source, 2, message="bad").diagnosis.id == "own-refusal"


def test_a_line_in_which_nothing_asks_gets_the_sentence_without_particulars():
    found = find("def f(x):\n    return g(x)\n", 2, message=TRUTH)
    assert found.diagnosis.message == FIXED["truth-value"]


def test_the_name_in_a_message_counts_only_where_it_is_in_the_line():
    found = find("def f(x):\n    return x\n", 2, "NameError", "name 'SECRET' is not defined")
    assert found.diagnosis.message == FIXED["name-unknown"]


def test_a_suggestion_of_pythons_own_is_kept():
    message = "module 'statistics' has no attribute 'man'. Did you mean: 'mean'?"
    told = find("import statistics\ny = statistics.man(2)\n", 2, "AttributeError", message)
    assert told.diagnosis.message == "There is no `statistics.man`: did you mean `statistics.mean`?"


def test_numbers_of_lines_are_those_that_the_student_knows():
    tree = ast.parse("def f(x):\n    if x > 9:\n        raise ValueError\n    return x\n")
    site = find_site(tree, 3, "cell 2, line {}".format)
    told = translate(Scene(Raised("ValueError"), site)).diagnosis.message
    assert told.startswith("The `raise` in cell 2, line 3 is your own")


# ----------------------------------------------------------------------------- beside what is known


def diagnosis(engine, course, folder, exercise, source):
    (folder / f"{exercise.partition('.')[0]}.py").write_text("import numpy as np\n" + source)
    (result,) = engine.check(folder, [course.exercise(exercise)]).exercises
    return result.diagnosis


def test_a_known_mistake_by_its_exception_alone_does_not_hide_what_the_line_says(
    engine, course, tmp_path
):
    source = "def relu(x):\n    if x > 0:\n        return x\n    return 0\n"
    named = diagnosis(engine, course, tmp_path, "activations.relu", source)
    assert named.id == "truth-value"
    assert named.message.startswith("`if x > 0` asks one question")


def test_a_known_mistake_that_says_why_shapes_do_not_fit_is_told(engine, course, tmp_path):
    source = "def linear_forward(x, weight, bias):\n    return x @ weight + bias\n"
    named = diagnosis(engine, course, tmp_path, "linear.linear_forward", source)
    assert named.id == "weight-not-transposed"


def test_bad_arguments_that_break_the_formula_are_told_as_not_refused(engine, course, tmp_path):
    source = (
        "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"
        "    return (input_size + 2 * padding - kernel_size) // stride + 1\n"
    )
    named = diagnosis(engine, course, tmp_path, "conv.conv_output_size", source)
    assert "raise ValueError" in named.message


def test_a_name_that_is_not_there_is_told_for_bad_arguments_too(engine, course, tmp_path):
    source = (
        "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"
        "    if min(input_size, kernel_size, stride) < 1 or padding < 0:\n"
        "        raise ValueErorr('bad')\n"
        "    if kernel_size > input_size + 2 * padding:\n"
        "        raise ValueErorr('bad')\n"
        "    return (input_size + 2 * padding - kernel_size) // stride + 1\n"
    )
    named = diagnosis(engine, course, tmp_path, "conv.conv_output_size", source)
    assert named.message == "Nothing is called `ValueErorr` here: did you mean `ValueError`?"


def test_no_mistake_of_the_course_is_called_as_a_kind_of_exception_is(course):
    for name in course.ids:
        assert not course.exercise(name).check.mistakes.keys() & FIXED.keys()


# ----------------------------------------------------------------------------- hidden cases


def test_a_kind_has_one_sentence_without_particulars():
    for rule in RULES:
        assert FIXED[rule.id] == rule.fixed, rule.id
    assert len({name for name, _, _ in KINDS}) + 1 == len(SYNTAX)
    for name, _, text in KINDS:
        assert SYNTAX[name] == text or name == "one-equals-sign"


def test_while_cases_are_hidden_every_slip_is_told_in_a_fixed_sentence(engine, course, tmp_path):
    entries = [entry_of(check(slip, engine, course, tmp_path)) for slip in SLIPS[::4]]
    named = [entry for entry in entries if entry["diagnosis"] is not None]
    assert len(named) > len(entries) / 2
    for entry in named:
        shown = without_words(entry)["diagnosis"]
        assert shown == {"id": shown["id"], "message": FIXED[shown["id"]]}


def test_a_refusal_with_words_keeps_them_to_itself_while_cases_are_hidden(engine, course, tmp_path):
    refusing = [one for one in SLIPS if one.name.startswith("a helper refuses")]
    assert refusing
    for slip in refusing:
        entry = entry_of(check(slip, engine, course, tmp_path))
        assert "nine axes" not in str(without_words(entry)["message"])


# ----------------------------------------------------------------------------- any claim

LINES = [
    "x.shape", "out[i] = x / 2", "if x > 0: pass", "raise ValueError(x)", "a, b = x.shape",
    "for i in range(x.size / 2): pass", "y += x @ x", "assert x", "z = [q for q in x if q]",
    "return max(x, key=lambda v: v / 2)", "w = np.zeros(n / 2, k)", "x = f(x)(1)[2].append(3)",
]  # fmt: skip
SITES = [
    find_site(ast.parse(f"def f(x, n=1):\n    n = n / 3\n    {line}\n    return x\n"), 3)
    for line in LINES
]
KINDS_OF_EXCEPTIONS = sorted({kind for rule in RULES for kind in rule.kinds.split()})
CLAIMS = st.one_of(
    st.sampled_from(RULES).flatmap(lambda rule: st.from_regex(rf"\A{rule.pattern}")),
    st.text(max_size=400),
)


@given(st.sampled_from(KINDS_OF_EXCEPTIONS) | st.text(), CLAIMS, st.sampled_from([None, *SITES]))
def test_whatever_is_claimed_there_is_a_sentence_or_none_and_nothing_is_raised(kind, said, site):
    raised = Raised(kind, "".join(c if c.isprintable() else " " for c in said))
    for bad in (False, True):
        found = translate(Scene(raised, site, {"x": 1}, lambda _: {1, 2}, bad=bad))
        if found is not None:
            assert found.diagnosis.id in FIXED
            assert found.diagnosis.message.isprintable()
            assert 10 < len(found.diagnosis.message) < MOST


@given(st.text(), st.lists(st.text(max_size=30), max_size=4), st.integers(-2, 6))
def test_whatever_the_parser_says_nothing_is_raised(message, lines, number):
    found = explain_syntax(message, lines, number)
    assert found is None or found.id in SYNTAX


def repeats(tree):
    """Yield how often each part of a pattern may be repeated."""
    for operator, argument in tree:
        if str(operator) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield argument[1]
            yield from repeats(argument[2])
        elif str(operator) == "SUBPATTERN":
            yield from repeats(argument[-1])
        elif str(operator) == "BRANCH":
            for branch in argument[1]:
                yield from repeats(branch)


@pytest.mark.parametrize("pattern", [rule.pattern for rule in RULES] + [kind[1] for kind in KINDS])
def test_every_repetition_in_a_pattern_has_a_bound_and_none_is_inside_of_another(pattern):
    tree = _parser.parse(pattern)
    assert all(most <= 100 for most in repeats(tree))
    nested = [
        argument
        for operator, argument in tree
        if str(operator) == "MAX_REPEAT" and argument[1] > 1
        if any(most > 1 for most in repeats(argument[2]))
    ]
    assert not nested


def test_a_message_is_cut_before_any_pattern_sees_it(monkeypatch):
    seen = []
    match = re.match
    monkeypatch.setattr(
        "grader.engine.naming.exceptions.translation.re.match",
        lambda pattern, text: seen.append(len(text)) or match(pattern, text),
    )
    assert translate(Scene(Raised("TypeError" * 1000, "a('" * 100_000))) is None
    assert translate(Scene(Raised("TypeError", "a('" * 100_000))) is None
    assert 0 < max(seen) <= MAX_MESSAGE


def test_a_very_long_line_is_looked_at_in_part():
    numbers = ", ".join(["x / 2"] * 200_000)
    site = find_site(ast.parse(f"def f(x):\n    return np.zeros([{numbers}], x)\n"), 2)
    assert len(list(site.parts())) <= 5_000
    assert translate(
        Scene(Raised("TypeError", "'float' object cannot be interpreted as an integer"), site)
    )


def test_a_name_that_leads_round_in_circles_ends_the_search():
    lines = "\n".join(f"    a{n} = a{n + 1} + a{n}" for n in range(300))
    site = find_site(ast.parse(f"def f(x):\n{lines}\n    return x[a0]\n"), 302)
    said = Raised("TypeError", "'float' object cannot be interpreted as an integer")
    assert translate(Scene(said, site)).diagnosis.message == FIXED["float-as-index"]


def test_an_unwritten_function_with_words_is_still_not_written(engine, course, tmp_path):
    (tmp_path / "activations.py").write_text(
        "def relu(x):\n    y = x\n    raise NotImplementedError('SECRET')\n"
    )
    (result,) = engine.check(tmp_path, [course.exercise("activations.relu")]).exercises
    assert result.status is Status.UNIMPLEMENTED
    assert result.message == "not written yet: it raised NotImplementedError: SECRET"
    assert "SECRET" not in without_words(entry_of(result))["message"]
