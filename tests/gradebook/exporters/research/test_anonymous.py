"""A copy for research holds nothing that a person or a student's code wrote, and all numbers."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from books import WRONG, at, begin, fact, from_platform, hand_in, passed
from classes import dlgrade
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grader.gradebook.exporters import Options, find_formats, load_exporter
from grader.gradebook.exporters.research.anonymous import FORMATS, hide_identity, numbers_of
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import Recognised, Recognition
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, Extension, note_excuses, note_extensions
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view

CASE = {
    "call": "im2col(x, (1, 2), stride=1, padding=0)",
    "arguments": WRONG["arguments"],
    "expected": WRONG["expected"],
    "actual": {"shape": [1, 2, 1], "dtype": "left out", "data": [[[0.25], [0.5]]]},
    "shrunk": True,
}
DOCUMENT = {
    "schema": 1, "submission": "PSEUDONYM", "assignment": "assignment 1",
    "earned": 2.0, "possible": 3.0, "complete": True, "seed": None,
    "versions": {"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"},
    "oracles": ["reference", "torch"], "sandbox": "none",
    "exercises": [
        {"id": "conv.im2col", "status": "error", "earned": 1.0, "possible": 2.0, "cases": 100,
         "seconds": 0.2, "message": "it raised an error",
         "levels": [{"name": "all", "status": "error", "earned": 0.0, "possible": 2.0}],
         "counterexample": CASE,
         "diagnosis": {"id": "window-transposed", "message": "Run along the rows first."},
         "override": {"why": "left out", "decided_at": "", "points": 1.0, "graded": 0.0}},
        {"id": "pool.flatten", "status": "passed", "earned": 1.0, "possible": 1.0, "cases": 100,
         "seconds": 0.2, "message": "",
         "levels": [{"name": "all", "status": "passed", "earned": 1.0, "possible": 1.0}],
         "counterexample": None, "diagnosis": None},
    ],
    "term": {
        "name": "", "id": "", "login": "", "email": "", "handed_in": True,
        "came_in": "2026-11-02", "time_source": "platform", "marked_late": False,
        "due": "2026-11-01", "on_roster": True, "attempt": 1, "attempts": 1,
        "extended": {"why": "left out", "decided_at": ""},
        "late": {"due": "2026-11-01", "unit": "day", "units": 2, "percent": 34.0,
                 "earned": 1.32, "judged": True},
    },
    "delivery": {"files": [], "time": "2026-11-02", "time_source": "platform",
                 "recognised": "content", "note": ""},
}  # fmt: skip
TABLE = """\
submission,assignment,earned,possible,complete,conv.im2col,pool.flatten,ungraded,name,id,\
handed_in,came_in,marked_late,attempt,late,percent_off,after_late,by_hand,time_source,due,extended
PSEUDONYM,assignment 1,2,3,yes,1,1,,,,yes,2026-11-02,,1 of 1,2 days,34,1.32,\
conv.im2col: 0 -> 1 (left out),platform,2026-11-01,left out
"""
RULE = read_rule("2026-10-01 00:00Z: 1%/hour")


def make_book(path, word):
    """Write one student into whose every text somebody put a word."""
    book = Gradebook(path)
    run = begin(book, word("hw2"))
    actual = {"shape": [1, 2, 1], "dtype": word("float64"), "data": [[[0.25], [0.5]]]}
    hostile = fact(
        "conv.im2col", "error", message=f"it raised {word('KeyError')}: {word('text')}",
        counterexample={**WRONG, "actual": actual},
        diagnosis={"id": "window-transposed", "message": "Run along the rows first."},
        details={"output": word("printed"), "location":
                 {"file": word("conv.py"), "line": 7, "function": word("im2col")}},
    )  # fmt: skip
    name, mail = word("Given Example"), word("given@example.org")
    how = from_platform(
        "canvas", word("1001"), name, word("given"), mail, team=word("Team A"),
        files=(word("given_1001_9001_x.py"),), came_in=at("2026-11-02T09:13:47"),
    )  # fmt: skip
    book.note_deliveries(run.assignment, run.number, [(word("examplegiven"), how)])
    guess = Recognised(Recognition.CONTENT, word("graded x.py as conv.py"))
    facts = [hostile, passed("pool.flatten")]
    run.record(word("examplegiven"), "a" * 64, facts, (), guess)
    book.note_roster(run.assignment, [Person(name, (word("1001"),), word("given"), mail)])
    student = word("examplegiven")
    book.note_overrides(run.assignment, [(student, "conv.im2col", 1.0, word("seen by hand"))])
    due = at("2026-11-01T00:00:00")
    note_extensions(book, run.assignment, [(student, Extension(due, word("was ill")))])
    return book


def export(book, form, **how):
    stream = io.StringIO(newline="")
    view = hide_identity(select_view(book, **how))
    load_exporter(form)(view, stream, Options())
    return stream.getvalue(), view


def texts(tree):
    """Yield every text in a document, keys included."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts(value)
    elif isinstance(tree, str):
        yield tree


def test_what_is_left_of_a_document_in_full(tmp_path):
    with make_book(tmp_path / "g.db", lambda text: text) as book:
        policy = Policy(replace(RULE, percent=1.0))
        text, view = export(book, "json", policy=policy)
        (pseudonym,) = view.pseudonyms.values()
        (found,) = json.loads(text)["results"]
        wanted = json.loads(json.dumps(DOCUMENT).replace("PSEUDONYM", pseudonym))
        wanted["exercises"][0]["counterexample"]["actual"]["dtype"] = "float64"
        assert found == wanted
        table, _ = export(book, "csv", policy=policy)
        assert table == TABLE.replace("PSEUDONYM", pseudonym)


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=3, max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, st.sampled_from(["", "=", "<b>", "\u202e", "a,b\n", "/home/x/", "'"]))
def test_no_word_of_anybodys_is_in_a_copy_whatever_it_is(tmp_path_factory, word, front):
    word = f"{front}{word}"
    assume(word.strip())
    harmless = {**DOCUMENT, "submission": "student-0123456789abcdef"}
    ours = "\n".join([*texts({"results": [harmless]}), TABLE, json.dumps(harmless)])
    assume(word not in ours)
    folder = tmp_path_factory.mktemp("book")
    with make_book(folder / "g.db", lambda text: f"{word}{text}{word}") as book:
        policy = Policy(RULE)
        text, view = export(book, "json", policy=policy)
        table, _ = export(book, "csv", policy=policy)
        (pseudonym,) = view.pseudonyms.values()  # its digits are a matter of luck
        text, table = (one.replace(pseudonym, "student") for one in (text, table))
        found = json.loads(text)
        everything = [text, table, *texts(found), *csv_cells(table)]
        assert not [one for one in everything if word in one]
        assert len(found["results"]) == 1


def csv_cells(table):
    return [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]


def test_a_value_keeps_its_form_and_its_numbers_and_no_word():
    assert numbers_of({"raises": "ValueError", "message": "my name"}) == {
        "raises": "ValueError", "message": "",
    }  # fmt: skip
    assert numbers_of({"raises": "GivenError", "message": "x"})["raises"] == "left out"
    large = {
        "shape": [2], "dtype": "float64", "data": None, "own": "x",
        "first_wrong": [{"index": [0], "expected": 1.0, "actual": "Given"}],
    }  # fmt: skip
    assert numbers_of(large) == {
        "shape": [2], "dtype": "float64", "data": None,
        "first_wrong": [{"index": [0], "expected": 1.0, "actual": "left out"}],
    }  # fmt: skip
    pairs = {"dict": [["Given", 1], [2, "-inf"]]}
    assert numbers_of(pairs) == {"dict": [["left out", 1], [2, "-inf"]]}
    deep = nested = []
    for _ in range(500):
        nested.append([])
        nested = nested[0]
    assert json.dumps(numbers_of(deep)).count("left out") == 1


def test_rows_do_not_stand_in_the_order_of_names_and_a_pseudonym_is_one_in_all_assignments(
    tmp_path,
):
    with Gradebook(tmp_path / "g.db") as book:
        names = [f"name{number:02}" for number in range(20)]
        for assignment in ("hw1", "hw2"):
            run = begin(book, assignment)
            for name in names:
                hand_in(run, name, [passed()], content=name + assignment)
        text, view = export(book, "json")
        rows = [(one["assignment"], one["submission"]) for one in json.loads(text)["results"]]
        one = [view.pseudonyms[name] for name in names]
        assert len(set(one)) == 20
        assert one != sorted(one)
        assert rows == [(f"assignment {n}", who) for n in (1, 2) for who in sorted(one)]
        alone, _ = export(book, "json", assignments=["hw2"], student="name07")
        (left,) = json.loads(alone)["results"]
        assert (left["assignment"], left["submission"]) == ("assignment 2", one[7])


def test_whoever_is_excused_or_handed_in_nothing_is_there_without_a_reason(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        book.note_roster(run.assignment, [Person("Not Here", ("9",)), Person("Ida Ill", ("8",))])
        note_excuses(book, run.assignment, [("Ida Ill", Excuse(True, "broke a leg"))])
        text, view = export(book, "json")
        found = {one["submission"]: one for one in json.loads(text)["results"]}
        ill, absent = (found[view.pseudonyms[name]] for name in ("Ida Ill", "Not Here"))
        assert ill["term"]["excused"] == {"why": "left out", "decided_at": ""}
        assert absent["term"]["handed_in"] is False
        assert {entry["message"] for entry in absent["exercises"]} == {"could not be loaded"}


def run_export(book, *words):
    return dlgrade("export", book, "--anonymous", *words)


def test_the_command_says_here_alone_which_assignment_is_which(tmp_path):
    with make_book(tmp_path / "g.db", lambda text: text):
        pass
    done = run_export(tmp_path / "g.db", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "dlgrade: assignment 1 is 'hw2'" in done.stderr
    assert "hw2" not in done.stdout
    assert done.stdout == run_export(tmp_path / "g.db", "--format", "csv").stdout


@pytest.mark.parametrize("form", sorted(set(find_formats()) - set(FORMATS)))
def test_a_format_that_needs_names_is_refused_in_one_line(tmp_path, form):
    with make_book(tmp_path / "g.db", lambda text: text):
        pass
    done = run_export(tmp_path / "g.db", "--format", form)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"dlgrade: --anonymous: {form} is for a program that has to know whose points they are; "
        "csv and json can do without names\n"
    )
    assert not (tmp_path / "g.db.pseudonyms").exists()


def test_an_empty_gradebook_has_an_empty_copy(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        assert json.loads(export(book, "json")[0]) == {"schema": 1, "results": []}
