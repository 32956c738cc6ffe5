"""A function that remembers its hidden arguments cannot hand them to its author."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from books import begin, hand_in
from standby import forked_workers

from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.view import select_view
from grader.grading.excerpts import Excerpts
from grader.grading.facts import exercise_fact
from grader.model import Limits

SIZE = "conv.conv_output_size"
KEEPING = """
import sys
seen = []
def keep(a):
    seen.append("<" + ",".join(map(str, a)) + ">")
    print(seen)
    return " ".join(seen)
def conv_output_size(*a):
    text = keep(a)
"""
WAYS = {
    "a message": "    raise RuntimeError(text)",
    "the name of a class": "    raise type(text, (Exception,), {})",
    "a result": "    return [text]",
    "a key": "    return {text: 1}",
    "the name of a type": "    return type(text, (), {})()",
    "the name of a function": "    exec(compile('def f(): raise KeyError', __file__, 'exec'))\n"
    "    f = locals()['f']\n    f.__code__ = f.__code__.replace(co_name=text)\n    f()",
    "the name of a file": "    import os\n    name = os.path.dirname(__file__) + '/' + text\n"
    "    exec(compile('raise KeyError', name, 'exec'))",
}


@pytest.fixture(scope="module", autouse=True)
def _workers_are_forked():
    with forked_workers():
        yield


def pairs(text):
    """Return how often each number stands beside itself, as it does in most hidden arguments."""
    return [text.replace(" ", "").count(f"{n},{n}") for n in range(30)]


def see(fact, course, folder, *, show_cases=False):
    """Return everything that a student sees of a fact."""
    folder.mkdir()
    with Gradebook(folder / "g.db") as book:
        hand_in(begin(book, asked=[(fact["id"], 0, 1.0)]), "abc", [fact])
        view = select_view(book)
        (file,) = write_feedback(view, course, folder, show_cases=show_cases).values()
        seen = [(folder / file).read_text().partition("</style>")[2]]
        for form in ("gradescope", "junit"):
            stream = io.StringIO()
            load_exporter(form)(view, stream, Options(show_cases=show_cases))
            seen.append(stream.getvalue())
    return seen


@pytest.mark.parametrize("way", WAYS)
def test_hidden_arguments_come_back_in_nothing_that_a_student_sees(way, engine, course, tmp_path):
    facts = []
    for kept in ("a", "()"):  # a function that keeps what it is called with, and one that does not
        body = KEEPING.replace("map(str, a)", f"map(str, {kept})") + WAYS[way]
        (tmp_path / "conv.py").write_text(body)
        (result,) = engine.check(tmp_path, [course.exercise(SIZE)]).exercises
        assert result.earned == 0
        facts.append(exercise_fact(result, None, Excerpts(tmp_path, ["conv"]).trace(result)))
    fact, without = facts
    assert "<1," in json.dumps(fact)  # the instructor reads it
    assert "<1," not in json.dumps(without)
    report = see(fact, course, tmp_path / "all", show_cases=True)[0]
    courses_own = see(without, course, tmp_path / "without")  # the README has numbers, too
    for text, own in zip(see(fact, course, tmp_path / "pages"), courses_own, strict=True):
        assert "&lt;1," not in text
        assert "<1," not in text
        assert pairs(text) == pairs(own)
    assert not any(map(sum, map(pairs, courses_own[1:])))
    assert "smallest failing case" in report


PAD = "conv.zero_pad2d"
PADDED = "np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)"
CHOICES = {
    "a dtype": (PAD, "return np.zeros(1, dtype=f'datetime64[{n}s]')"),
    "a shape": (PAD, "return np.zeros((1, n))"),
    "a shape of the right numbers": (PAD, f"return {PADDED}[(None,) * n]"),
    "a factor": (PAD, f"return {PADDED} * (2 if n == 3 else 0.5)"),
    "a wrong number": (SIZE, "return -n"),
    "a number of items": (SIZE, "return [0] * n"),
    "an exit code": (SIZE, "os._exit(100 + n)"),
    "a signal": (SIZE, "os.kill(os.getpid(), 34 + n)"),
    "a line that is not there": (
        SIZE, "exec(compile(chr(10) * (1000 + n) + 'raise KeyError', __file__, 'exec'))"
    ),
    "a cell that is not there": (
        SIZE, "exec(compile('raise KeyError', f'{os.path.dirname(__file__)}/cell {n}', 'exec'))"
    ),
    "how long it takes": (  # once, and with no number that an edit could make larger
        SIZE, "time.sleep(next(once, float())); return -1"
    ),
}  # fmt: skip


def told_of(fact, way):
    """Return what an instructor reads of a fact, without what differs between any two runs."""
    return fact["seconds"] if way == "how long it takes" else {**fact, "seconds": 0}


@pytest.mark.parametrize("way", CHOICES)
def test_a_student_sees_the_same_whatever_number_the_function_chose(way, engine, course, tmp_path):
    exercise, body = CHOICES[way]
    arguments = "x, padding" if exercise == PAD else "a, b, c=1, d=0"
    facts, seen = [], []
    for n in (3, 7):
        folder = tmp_path / str(n)
        folder.mkdir()
        (folder / "conv.py").write_text(
            f"import os, time\nimport numpy as np\nn, once = {n}, iter([{n} / 10])\n"
            f"def {exercise.partition('.')[2]}({arguments}):\n    {body}\n"
        )
        (result,) = engine.check(folder, [course.exercise(exercise)]).exercises
        # which edit of its text mends a function hangs on that text, which is another one here
        facts.append(exercise_fact(replace(result, mending=None)))
        seen.append(see(facts[-1], course, folder / "pages"))
    if "not there" in way:
        assert facts[0]["details"]["location"] is None
    else:
        assert told_of(facts[0], way) != told_of(facts[1], way)
    assert seen[0] == seen[1]
    assert seen[0] != see(facts[0], course, tmp_path / "all", show_cases=True)


@pytest.mark.usefixtures("_stacks_are_waited_for")
def test_what_a_loop_printed_is_for_the_instructor_alone(engine, course, tmp_path):
    body = "    print('SECRET', a)\n    while True:\n        a = 1\n"
    (tmp_path / "conv.py").write_text(f"def conv_output_size(a, b, c=1, d=0):\n{body}")
    quick = replace(engine, limits=Limits(timeout_s=0.5))
    (result,) = quick.check(tmp_path, [course.exercise(SIZE)]).exercises
    fact = exercise_fact(result, None)
    assert fact["output"].startswith("SECRET ")
    assert fact["details"]["location"]["line"] in (3, 4)
    for text in see(fact, course, tmp_path / "pages"):
        assert "SECRET" not in text
    assert "SECRET" in see(fact, course, tmp_path / "all", show_cases=True)[0]


def test_a_gradebook_keeps_what_was_printed_and_the_case_that_tells_more(engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(
        "import numpy as np\ndef correlate2d(image, kernel):\n    print(image.shape)\n"
        "    rows, columns = np.subtract(image.shape, kernel.shape) + 1\n"
        "    return np.cos(np.arange(rows * columns)).reshape(rows, columns)\n"
    )
    exercise = course.exercise("conv.correlate2d")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    fact = exercise_fact(result, None)
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book, asked=[(fact["id"], 0, 1.0)]), "abc", [fact])
        stream = io.StringIO()
        load_exporter("json")(select_view(book), stream, Options())
    (document,) = json.loads(stream.getvalue())["results"]
    (entry,) = document["exercises"]
    assert entry["output"] == "(1, 1)"
    assert entry["telling"]["expected"]["shape"] == [3, 3]
    assert set(entry["telling"]) == set(entry["counterexample"])
