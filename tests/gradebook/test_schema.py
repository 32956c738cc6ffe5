"""The views score a class once, and whoever shows points shows theirs."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from books import begin, fact, from_canvas, hand_in, passed, wrong
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.pages.figures import figures_of
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.people.person import Person
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view
from grader.model import Status
from grader.render.signs import exact, points, worth

ASKED = (("conv.im2col", 0, 2.0), ("pool.flatten", 1, 1.0), ("quiz.conv", 2, 1.5))
NAMES = ("abc", "bob", "=1+1")
ABSENT = "zoe"
WORTH = {exercise: worth for exercise, _, worth in ASKED}
EXERCISES = [exercise for exercise, _, _ in ASKED]
LEVELS = st.lists(
    st.tuples(st.sampled_from(Status), st.sampled_from([0.25, 0.5, 1.0])), min_size=1, max_size=3
)


@dataclass
class Drawn:
    """What happened to a made-up class, and what its points are by the words of the docs."""

    attempts: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[tuple[str, str], list] = field(default_factory=dict)
    decided: dict[tuple[str, str], float | None] = field(default_factory=dict)

    def graded(self, content, exercise):
        levels = self.facts.get((content, exercise))
        if levels is None or any(status == "ungraded" for status, _ in levels):
            return None
        graded = sum(worth for status, worth in levels if status == "passed")
        return min(graded, WORTH[exercise])  # it may have been worth more then

    def earned(self, name, exercise):
        by_hand = self.decided.get((name, exercise))
        if by_hand is not None:
            return min(by_hand, WORTH[exercise])
        contents = [content for who, content in self.attempts if who == name]
        return self.graded(contents[-1], exercise) if contents else 0.0

    def total(self, name):
        return sum(self.earned(name, exercise) or 0.0 for exercise in EXERCISES)

    def complete(self, name):
        return all(self.earned(name, exercise) is not None for exercise in EXERCISES)


@st.composite
def classes(draw):
    """Draw hand-ins (some twice, some of the same work), regrades, and decisions by hand."""
    steps = []
    for _ in range(draw(st.integers(1, 6))):
        name, content = draw(st.sampled_from(NAMES)), draw(st.sampled_from("pqr"))
        asked = draw(st.lists(st.sampled_from(EXERCISES), unique=True))
        steps.append((name, content, {exercise: draw(LEVELS) for exercise in asked}))
    decisions = st.tuples(
        st.sampled_from([*NAMES, ABSENT]),
        st.sampled_from(EXERCISES),
        st.sampled_from([None, 0.0, 0.25, 1.0, 1.75]),  # more than some are worth now
    )
    return steps, draw(st.lists(decisions, max_size=4))


def keep(book, steps, decisions):
    """Write a class into a gradebook; return what its points should be."""
    book.query("PRAGMA synchronous = OFF")
    drawn = Drawn()
    for name, content, asked in steps:
        run = begin(book, asked=ASKED)
        facts = []
        for exercise, levels in asked.items():
            wrong_ones = [str(status) for status, _ in levels if status != "passed"]
            rows = [(f"level {n}", str(s), p) for n, (s, p) in enumerate(levels)]
            facts.append(fact(exercise, wrong_ones[0] if wrong_ones else "passed", levels=rows))
            drawn.facts[content, exercise] = levels
        hand_in(run, name, facts, content=content)
        drawn.attempts.append((name, content))
    book.note_roster(1, [Person(name) for name in (*NAMES, ABSENT)])
    for name, exercise, given_points in decisions:
        book.note_overrides(1, [(name, exercise, given_points, "why not")])
        drawn.decided[name, exercise] = given_points
    return drawn


def exported(book, form, **chosen):
    stream = io.StringIO(newline="")
    load_exporter(form)(select_view(book, **chosen), stream, Options())
    return stream.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("classes")


@settings(max_examples=40, deadline=None)  # the first page loads the templates
@given(classes())
def test_the_views_every_export_and_every_page_show_the_same_points(folder, course, drawn_class):
    path = folder / f"{sha256(repr(drawn_class).encode()).hexdigest()}.db"
    path.unlink(missing_ok=True)
    with Gradebook(path) as book:
        drawn = keep(book, *drawn_class)
        results = {one["submission"]: one for one in json.loads(exported(book, "json"))["results"]}
        assert set(results) == {*NAMES, ABSENT}
        for name, document in results.items():
            found = {entry["id"]: entry["earned"] for entry in document["exercises"]}
            assert found == {exercise: drawn.earned(name, exercise) for exercise in EXERCISES}
            assert (document["earned"], document["complete"]) == (
                drawn.total(name), drawn.complete(name)
            )  # fmt: skip
        rows = book.query("SELECT submission, exercise, points FROM current_override")
        decided = {who: given for who, given in drawn.decided.items() if given is not None}
        assert {row[:2]: row[2] for row in rows} == decided
        views_agree(book, results)
        exports_agree(book, results)
        pages_agree(book, course, folder, results)


def views_agree(book, results):
    scored = [name for name, one in results.items() if _has_points(one)]
    rows = book.query("SELECT submission, earned, possible, complete FROM submission_score")
    assert {row[0]: row[1:] for row in rows} == {
        name: (results[name]["earned"], results[name]["possible"], results[name]["complete"])
        for name in scored
    }
    rows = book.query("SELECT submission, exercise, earned, possible, status FROM exercise_score")
    assert {row[:2]: row[2:] for row in rows} == {
        (name, entry["id"]): (entry["earned"], entry["possible"], entry["status"])
        for name in scored
        for entry in results[name]["exercises"]
    }
    summary = summarise(book, "hw2", EXERCISES)
    counts = {one.id: sum(one.counts.values()) for one in summary.exercises}
    counted = [one for one in results.values() if _has_points(one)]
    assert counts == dict.fromkeys(EXERCISES, len(counted))
    assert summary.scores == figures_of([one["earned"] for one in counted if one["complete"]])


def exports_agree(book, results):
    rows = list(csv.DictReader(io.StringIO(exported(book, "csv"))))
    suites = ET.fromstring(exported(book, "junit"))  # noqa: S314 - our own text
    assert len(rows) == len(suites) == len(results)
    for row, suite in zip(rows, suites, strict=True):
        document = results[row["submission"].removeprefix("'")]
        assert suite.get("name") == f"hw2: {document['submission']}"
        told = {one.get("name"): one.get("value") for one in suite.find("properties")}
        assert told["earned"] == exact(document["earned"])
        assert row["earned"] == (told["earned"] if document["complete"] else "")
        for entry in document["exercises"]:
            shown = exact(entry["earned"])
            assert row[entry["id"]] == told[f"{entry['id']}.earned"] == shown
    for name, document in results.items():
        test = json.loads(exported(book, "gradescope", student=name))
        assert test.get("score") == (document["earned"] if document["complete"] else None)
        assert [one.get("score") for one in test["tests"]] == [
            entry["earned"] if document["complete"] else None for entry in document["exercises"]
        ]


def _has_points(document):
    """Tell whether somebody handed in, or has points by hand: others stand apart in a page."""
    by_hand = any("override" in entry for entry in document["exercises"])
    return by_hand or document.get("term", {"handed_in": True})["handed_in"]


def pages_agree(book, course, folder, results):
    tally = ClassTally("hw2")
    for name, works in select_view(book).by_student():
        tally.add(works[0], name)
    assert {row.file: (row.earned, row.final) for row in tally.rows} == {
        name: (one["earned"], one["earned"] if one["complete"] else None)
        for name, one in results.items()
    }
    told = [one for one in results.values() if one["complete"] and _has_points(one)]
    assert sum(count for _, count in tally.bins) == len(told)
    for name, file in write_feedback(select_view(book), course, folder / "pages").items():
        text = (folder / "pages" / file).read_text(encoding="utf-8")
        total = f"{points(results[name]['earned'])} of {worth(results[name]['possible'])}"
        told = total if results[name]["complete"] else "not all graded yet"
        assert f">hw2: {told}</h2>" in text


@given(classes())
@settings(max_examples=20, deadline=None)
def test_the_best_attempt_never_has_less_than_the_newest(folder, drawn_class):
    path = folder / f"best {sha256(repr(drawn_class).encode()).hexdigest()}.db"
    path.unlink(missing_ok=True)
    with Gradebook(path) as book:
        keep(book, *drawn_class)
        newest = list(select_view(book).documents())
        best = list(select_view(book, policy=Policy(best=True)).documents())
    assert len(newest) == len(best) > len(NAMES)
    for one, other in zip(newest, best, strict=True):
        if one["complete"]:
            assert other["earned"] >= one["earned"]


# ---------------------------------------------------------------------- growth

QUERIES = (
    "SELECT submission, earned, possible FROM submission_score",
    "SELECT mistake, count(*) FROM current_fact GROUP BY mistake ORDER BY 2 DESC",
    "SELECT * FROM exercise_score",
    "SELECT * FROM current_submission",
    "SELECT * FROM current_override",
)


SIZES = (100, 200, 400)
EVERY = 20  # steps of SQLite's machine between two counts


def fill(path, students):
    """Write a class: all handed in twice; a quarter, and as many others, got points by hand."""
    book = Gradebook(path)
    book.query("PRAGMA synchronous = OFF")
    book.query("PRAGMA journal_mode = OFF")
    for attempt in range(2):
        run = begin(book)
        came = [(f"s{number}", from_canvas(number)) for number in range(students)]
        book.note_deliveries(run.assignment, run.number, came)
        for number in range(students):
            hand_in(
                run, f"s{number}", [wrong(), passed("pool.flatten")], None, f"{number} {attempt}"
            )
    decided = [f"{kind}{number}" for kind in ("s", "absent") for number in range(0, students, 4)]
    book.note_overrides(1, [(name, "conv.im2col", 2.0, "why not") for name in decided])
    return book


def steps_of(book, work):
    """Return how many steps SQLite's machine takes for some work: no clock is asked."""
    count = 0

    def step():
        nonlocal count
        count += EVERY

    book.seals.forget()
    book._connection.set_progress_handler(step, EVERY)
    try:
        work(book)
    finally:
        book._connection.set_progress_handler(None, 1)
    return count


def read_pages(book):
    tally = ClassTally("hw2")
    for name, works in select_view(book).by_student():
        tally.add(works[0], name)
    assert len(tally.rows) in SIZES


WORK = {query: lambda book, query=query: book.query(query) for query in QUERIES}
WORK["summary"] = lambda book: summarise(book, "hw2", EXERCISES[:2])
WORK["documents"] = lambda book: list(select_view(book).documents())
WORK["the best"] = lambda book: list(select_view(book, policy=Policy(best=True)).documents())
WORK["pages"] = read_pages
WORK["damage"] = lambda book: book.find_damaged(1)
WORK["opening"] = lambda book: book._make_ready()
WORK |= {form: lambda book, form=form: exported(book, form) for form in ("json", "csv", "junit")}


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("growth")
    books = [fill(folder / f"{students}.db", students) for students in SIZES]
    yield books
    for book in books:
        book.close()


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_twice_the_class_is_about_twice_the_work(growing, work):
    small, larger, largest = (steps_of(book, work) for book in growing)
    assert small > 10 * EVERY
    assert larger < 2.4 * small
    assert largest < 2.4 * larger


def test_one_more_submission_is_as_much_work_in_a_large_class_as_in_a_small_one(growing):
    def keep_one(book):
        content = sha256(b"one more").hexdigest()
        asked = run.pending(content, EXERCISES[:2])
        run.record("one more", content, [fact(exercise) for exercise in asked])

    counts = []
    for book in growing:
        run = begin(book)
        counts.append(steps_of(book, keep_one))
    assert 10 * EVERY < counts[-1] < 1.2 * counts[0] + 10 * EVERY
