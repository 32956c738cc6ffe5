"""Gradebooks made of facts, without grading anything: for tests of what is made from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.person import Person
from grader.gradebook.runs import Conditions
from grader.gradebook.view import select_view
from grader.model import Limits

ASKED = (("conv.im2col", 0, 2.0), ("pool.flatten", 1, 1.0))
WRONG = {
    "call": "im2col(x, (1, 2), stride=1, padding=0)",
    "arguments": {
        "x": {"shape": [1, 1, 1, 2], "dtype": "float64", "data": [[[[0.5, 0.25]]]]},
        "kernel_size": [1, 2],
        "stride": 1,
        "padding": 0,
    },
    "expected": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.5], [0.25]]]},
    "actual": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.25], [0.5]]]},
    "shrunk": True,
}


def fact(exercise, status="passed", *, levels=None, message="", counterexample=None, **more):
    """Return a fact about an exercise; `levels` are (name, status, points)."""
    possible = {name: points for name, _, points in ASKED}.get(exercise, 1.0)
    rows = levels or [("all", status, possible)]
    return {
        "id": exercise,
        "status": status,
        "cases": 100,
        "seconds": 0.25,
        "message": message,
        "diagnosis": more.get("diagnosis"),
        "counterexample": counterexample,
        "details": more.get("details", {}),
        "levels": [{"name": n, "status": s, "possible": p} for n, s, p in rows],
    }


def passed(exercise="conv.im2col"):
    return fact(exercise)


def wrong(exercise="conv.im2col"):
    """Return a fact of which one level of two passed."""
    return fact(
        exercise,
        "failed",
        levels=[("stride 1, no padding", "passed", 1.0), ("any stride", "failed", 1.0)],
        message="cols[0, 0, 0] = 0.25, expected 0.5",
        counterexample=WRONG,
        diagnosis={"id": "window-transposed", "message": "Run along the rows first."},
        details={"location": {"file": "conv.py", "line": 7, "function": "im2col"}},
    )


def run_conditions(seed=4711):
    versions = {"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}
    return Conditions(seed, "course", Limits(), "none", ["reference", "torch"], versions)


def begin_under(book, criteria=(), **conditions):
    """Begin a run under other conditions, which says what decides the verdicts."""
    made = book.begin_run("hw2", replace(run_conditions(), **conditions), list(ASKED))
    made.note_criteria(dict(criteria))
    return made


def begin(book, assignment="hw2", seed=4711, asked=ASKED):
    return book.begin_run(assignment, run_conditions(seed), list(asked))


def hand_in(run, name, facts, delivery=None, content=None):
    """Write down one submission with its facts, and how it came in."""
    if delivery is not None:
        run.book.note_deliveries(run.assignment, run.number, [(name, delivery)])
    text = content or f"{name} {facts}"
    run.record(name, sha256(text.encode()).hexdigest(), facts)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def from_platform(layout, number, name="", login="", email="", **more):
    """Return how something came in; a time is the platform's word unless it is said whose."""
    if "came_in" in more:
        more.setdefault("time_source", TimeSource.PLATFORM)
    return Delivery(Person(name, (str(number),), login, email), layout, **more)


def from_canvas(number, name="", **more):
    return from_platform("canvas", number, name, **more)


def make_class(path):
    """Write a small class: right, half right, hostile, ungraded, not handed in."""
    book = Gradebook(path)
    run = begin(book)
    hand_in(run, "examplegiven", [passed(), passed("pool.flatten")], from_canvas(101))
    hand_in(run, "roeric", [wrong(), passed("pool.flatten")], from_canvas(102))
    evil = from_canvas(103, "=HYPERLINK(1)")
    hand_in(run, "=1+1", [passed(), fact("pool.flatten", "missing", message="no file")], evil)
    lost = fact("conv.im2col", "ungraded", message="the grader could not tell: a lost machine")
    hand_in(run, "waittim", [lost, passed("pool.flatten")], from_canvas(104))
    return book, run


def worksheet(*cells):
    """Return a worksheet of Moodle with participants 1, 2, ...: a grade, and what follows it."""
    head = "Identifier,Full name,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
    return head + "".join(f"Participant {n},{cell}\n" for n, cell in enumerate(cells, 1))


def names(path):
    """Return who is in a gradebook."""
    with Gradebook(path, read_only=True) as book:
        return [one["submission"] for one in select_view(book).documents()]


def documents(path):
    """Return the result documents of a gradebook."""
    with Gradebook(path, read_only=True) as book:
        return list(select_view(book).documents())
