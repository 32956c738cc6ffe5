"""A worker answers for a function in other texts, and the student's file stays as it was."""

from __future__ import annotations

import signal

import numpy as np
import pytest

from grader.model import Case, Limits, Raised
from grader.worker.client import Worker
from grader.worker.rewriting import Rewritten
from grader.worker.wire import pack_case, read_reply

FILE = """import numpy as np
SEEN = []
TABLE = np.zeros(2)

def helper(x):
    SEEN.append(x)
    TABLE[0] += 1
    return x + 1

def f(x):
    return helper(x) * 10 + len(SEEN)
"""
BASE = FILE.partition("def helper")[1] + FILE.partition("def helper")[2]


@pytest.fixture
def worker(tmp_path):
    (tmp_path / "conv.py").write_text(FILE)
    with Worker(tmp_path, Limits(timeout_s=5.0)) as one:
        assert one.load("conv", "f") is True
        yield one


def ask(worker, *texts, limit_s=1.0, name="f"):
    """Return what each text answers to 1."""
    request = pack_case(Case(((1,),)))
    asked = Rewritten(name, BASE, texts, limit_s) if texts else name
    frames = worker.call("conv", asked, [request] * max(len(texts), 1))
    return [read_reply(*frame, request).steps[-1] for frame in frames]


def test_each_case_is_answered_by_its_own_text(worker):
    assert ask(worker, "def f(x): return 5", "def f(x): return helper(x)", "") == [5, 2, 21]


def test_a_helper_in_another_text_serves_the_function_as_it_stands(worker):
    assert ask(worker, "def helper(x): return 7") == [70]


def test_the_file_is_as_it_was_afterwards(worker):
    assert ask(worker) == [21]
    ask(worker, "def f(x):\n    SEEN.clear(); TABLE[:] = 9; return helper(x)", "x = SEEN.pop()")
    assert ask(worker) == [22]  # what the file's own calls appended, and nothing else
    assert ask(worker, "def f(x): return float(TABLE[0])") == [2.0]


def test_one_text_keeps_its_state_over_its_cases_and_hands_none_to_the_next(worker):
    one, other = "def f(x): SEEN.append(x); return len(SEEN)", "def f(x): return len(SEEN)"
    assert ask(worker, one, one, other) == [1, 2, 0]


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("def f(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("del f", "KeyError"),
        ("def f(): pass", "TypeError"),
        ("raise SystemExit", "SystemExit"),
    ],
)
def test_a_text_that_is_no_function_is_an_exception_of_its_case(worker, text, raised):
    first, second = ask(worker, text, "def f(x): return 3")
    assert isinstance(first, Raised)
    assert (first.type, second) == (raised, 3)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timer")
@pytest.mark.parametrize(
    "body",
    ["while True: pass", "while True:\n  try:\n   x += 1\n  except: pass\n  if x > 9**9: break"],
)
def test_a_text_that_computes_too_long_costs_its_own_limit_and_no_worker(worker, body):
    texts = f"def f(x):\n {body}\n return 0", "def f(x): return 3"
    first, second = ask(worker, *texts, limit_s=0.1)
    assert second == 3
    if "try" not in body:
        assert first.type == "Overtime"


def test_annotations_of_another_text_are_not_looked_at(worker):
    assert ask(worker, "def f(x: nothing.at_all) -> 1 / 0: return 1") == [1]


def test_arrays_go_in_and_come_back_as_ever(worker):
    request = pack_case(Case(((np.arange(3.0),),)))
    asked = Rewritten("f", BASE, ["def f(x): x[0] = 5; return x * 2"], 1.0)
    (frame,) = worker.call("conv", asked, [request])
    answer = read_reply(*frame, request)
    assert answer.steps[0].tolist() == [10.0, 2.0, 4.0]
    assert answer.changed == (0, 0)
