"""What a gradebook answers is what its exports say, whoever asks, and in whatever form."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from statistics import median

import pytest
from books import (
    ASKED,
    at,
    begin_under,
    fact,
    from_canvas,
    hand_in,
    passed,
    run_conditions,
    wrong,
)
from typer.testing import CliRunner

from grader.cli import app
from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.changes import find_changes
from grader.gradebook.inquiry.standing import describe_class, describe_exercise
from grader.gradebook.inquiry.story import tell_story
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.pages.report import write_report
from grader.gradebook.people.delivery import Recognised, Recognition
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, Extension, note_excuses, note_extensions
from grader.gradebook.policy.lateness import deadline
from grader.gradebook.view import select_view
from grader.render.grades.told import Reached

FLATTEN = "pool.flatten"
LOST = fact("conv.im2col", "ungraded", message="the grader could not tell: a lost machine")
LOUD = wrong() | {"details": wrong()["details"] | {"output": "shape (1, 2)\n<b>"}}


@pytest.fixture
def path(tmp_path):
    """Grade a class twice: one hands in again, one could not be graded before."""
    path = tmp_path / "g.db"
    with Gradebook(path) as book:
        first = begin_under(book, lay=(str(tmp_path), ""))
        came = {"came_in": at("2026-11-02T10:00:00"), "files": ("conv (1).py",)}
        hand_in(first, "examplegiven", [passed(), passed(FLATTEN)], from_canvas(101, **came))
        hand_in(first, "roeric", [LOUD, passed(FLATTEN)], from_canvas(102, "Roe, Eric"), "a")
        hand_in(first, "waittim", [LOST, passed(FLATTEN)], from_canvas(104), "b")
        first.finish()
        book.note_roster(first.assignment, [
            Person("Example, Given", ("101",)), Person("Roe, Eric", ("102",)),
            Person("Wait, Tim", ("104",)), Person("Absent, One", ("105",)),
            Person("Excused, One", ("106",)),
        ])  # fmt: skip
        second = begin_under(book, lay=(str(tmp_path), ""))
        hand_in(second, "roeric", [passed(), passed(FLATTEN)], from_canvas(102, "Roe, Eric"), "c")
        hand_in(second, "waittim", [wrong(), passed(FLATTEN)], None, "b")
        second.finish()
        book.note_overrides(1, [("roeric", FLATTEN, 0.5, "half of it is copied")])
        note_excuses(book, 1, [("Excused, One", Excuse(True, "ill"))])
        note_extensions(book, 1, [("waittim", Extension(at("2026-11-09T00:00:00"), "moved"))])
    return path


@pytest.fixture
def ask(path):
    """Ask with the command: what it prints, and how it ends."""

    def ask(*words):
        return CliRunner().invoke(app, ["show", str(path), *words], env={"COLUMNS": "80"})

    return ask


def points_by_csv(book):
    stream = io.StringIO(newline="")
    load_exporter("csv")(select_view(book), stream, Options())
    stream.seek(0)
    return {row["name"]: row["earned"] for row in csv.DictReader(stream)}


def test_the_class_is_what_the_table_of_grades_says(path):
    with Gradebook(path, read_only=True) as book:
        (answer,) = describe_class(select_view(book))
        table = points_by_csv(book)
        summary = summarise(book, "hw2", [name for name, *_ in ASKED])
    mine = {one.name: "" if one.final is None else f"{one.final:g}" for one in answer.members}
    assert mine == {name: f"{float(text):g}" if text else "" for name, text in table.items()}
    present = [one.final for one in answer.members if one.present and one.final is not None]
    assert answer.figures.mean == sum(present) / len(present)
    assert answer.figures.median == median(present)
    assert (summary.scores, summary.possible) == (answer.figures, answer.possible)
    assert dict(answer.exercises)["conv.im2col"]["passed"] == 2


def test_what_a_run_changed_is_told_with_its_reason_and_by_the_rosters_names(path, ask):
    with Gradebook(path, read_only=True) as book:
        changes = find_changes(book, 1)
        summary = summarise(book, "hw2", ["conv.im2col"])
    assert [(c.name, c.exercise, c.before, c.after, c.why) for c in changes] == [
        ("roeric", "conv.im2col", Reached("failed", 1.0), Reached("passed", 2.0), "new submission"),
        ("waittim", "conv.im2col", Reached("ungraded", None), Reached("failed", 1.0),
         "could not be graded before"),
    ]  # fmt: skip
    assert [name for name, _ in summary.changes] == ["Roe, Eric", "Wait, Tim"]
    done = ask("--changes")
    assert done.exit_code == 0
    assert (
        "2 grades changed: Roe, Eric 1.5 -> 2.5 "
        "(conv.im2col: failed -> passed, new submission); Wait, Tim open -> 2 "
    ) in done.stdout
    assert "1 grade changed: Roe, Eric" in ask("roeric", "--changes").stdout


def test_a_students_story_has_deliveries_attempts_decisions_and_what_was_before(path, ask):
    with Gradebook(path, read_only=True) as book:
        (story,) = tell_story(select_view(book, student="102"))
    assert (story.name, story.member.final) == ("Roe, Eric", 2.5)
    assert len(story.attempts) == 2
    (im2col, flatten) = story.exercises
    assert [mark for _, mark in im2col.marks] == [Reached("failed", 1.0), Reached("passed", 2.0)]
    assert (flatten.earned, flatten.possible) == (0.5, 1.0)
    assert [(one.what, one.why, one.counts) for one in story.decisions] == [
        ("pool.flatten: 0.5 points", "half of it is copied", True)
    ]
    said = ask("Roe, Eric").stdout
    for words in ("Roe, Eric (roeric, 102) in hw2: 2.5 of 3 points", "half of it is copied",
                  "wrong answer 1 until 20"):  # fmt: skip
        assert words in said


def test_an_exercise_says_who_passed_and_who_made_each_mistake(path, ask):
    with Gradebook(path, read_only=True) as book:
        (answer,) = describe_exercise(select_view(book), "conv.im2col")
    assert dict(answer.statuses) == {
        "passed": ("Example, Given", "Roe, Eric"), "failed": ("Wait, Tim",),
    }  # fmt: skip
    assert [(name, who) for name, _, who in answer.mistakes] == [
        ("window-transposed", ("Wait, Tim",))
    ]
    assert ("any stride", 0, 1) in answer.levels
    assert "Wait, Tim" in ask("im2col").stdout
    done = ask("--mistake", "window-transposed")
    assert "Wait, Tim" in done.stdout
    assert "Example" not in done.stdout


def test_what_came_in_and_what_was_decided_stand_by_the_rosters_names(path, ask):
    with Gradebook(path) as book:
        how = Recognised(Recognition.CONTENT, "graded conv (1).py as conv.py")
        begin_under(book).record("examplegiven", "c", [passed(), passed(FLATTEN)], (), how)
    rows = json.loads(ask("--deliveries", "--json").stdout)["answers"]
    assert [row["name"] for row in rows] == ["Example, Given", "Roe, Eric", "Wait, Tim"]
    assert (rows[0]["files"], rows[0]["time"], rows[0]["note"]) == (
        ["conv (1).py"], "2026-11-02T10:00:00+00:00", "graded conv (1).py as conv.py",
    )  # fmt: skip
    decided = json.loads(ask("--decisions", "--json").stdout)["answers"]
    assert {(row["name"], row["what"], row["why"]) for row in decided} == {
        ("Roe, Eric", "pool.flatten: 0.5 points", "half of it is copied"),
        ("Excused, One", "excused", "ill"),
        ("Wait, Tim", f"due {deadline(at('2026-11-09T00:00:00'))}", "moved"),
    }


def test_what_a_submission_printed_is_shown_harmless(path, ask):
    with Gradebook(path) as book:
        hand_in(begin_under(book), "waittim", [LOUD, passed(FLATTEN)], None, "loud")
    said = ask("waittim", "--output").stdout
    assert "conv.im2col at conv.py, line 7: cols[0, 0, 0] = 0.25" in said
    assert "  shape (1, 2)\n  <b>\n" in said


def test_what_the_shown_call_printed_is_told_apart(path, ask):
    more = wrong()["details"] | {"output": "one\ntwo", "printed": "two\x1b\n… 3 more lines"}
    with Gradebook(path) as book:
        facts = [wrong() | {"details": more}, passed(FLATTEN)]
        hand_in(begin_under(book), "waittim", facts, None, "loud")
    said = ask("waittim", "--output").stdout
    assert "  one\n  two\n  of this, by the call that is shown:\n    two\\x1b\n" in said
    assert "    … 3 more lines\n" in said


def test_a_traceback_is_shown_harmless_whatever_names_it_has(path, ask):
    at = {"file": "conv.py\x1b[31m", "line": 7, "function": "f\n\u202e", "code": "x = y\t+ 1"}
    odd = wrong() | {"details": {"location": None, "trace": [at, at | {"code": ""}]}}
    with Gradebook(path) as book:
        hand_in(begin_under(book), "waittim", [odd, passed(FLATTEN)], None, "odd")
    lines = [line.rstrip() for line in ask("waittim", "--output").stdout.splitlines()]
    shown = r"  conv.py\x1b[31m, line 7, in f\n\u202e"
    assert lines[1:] == [shown, r"    x = y\t+ 1", shown, "  (it printed nothing)"]


def test_the_line_that_shows_a_failing_case_has_the_seed_and_where_the_work_lies(path, ask):
    with Gradebook(path) as book:
        came = from_canvas(107, files=("rita.zip",))
        again = begin_under(book, lay=(str(path.parent), "my course"))
        hand_in(again, "rita", [wrong(), passed(FLATTEN)], came, "r")
    where = path.parent / "rita.zip"
    assert f"# conv.im2col: not there any more: {where}" in ask("rita", "--reproduce").stdout
    where.write_bytes(b"")
    said = ask("rita", "--reproduce").stdout
    command, asked = "dlgrade --course 'my course'", f"conv.im2col --seed 4711 --dir {where}"
    assert said.splitlines() == [
        "# conv.im2col: nobody can tell whether what lies there now is what was graded",
        f"{command} check {asked}",
        f"{command} debug {asked} -o im2col_case.py",
    ]


def test_several_files_are_laid_out_by_the_names_that_the_student_gave(path, ask):
    names = ("roe_LATE_1_91_conv.py", "roe_LATE_1_92_my_helper-1.py")
    with Gradebook(path) as book:
        again = begin_under(book, lay=(str(path.parent), ""))
        hand_in(again, "roe", [wrong(), passed(FLATTEN)], from_canvas(109, files=names), "s")
    for name in names:
        (path.parent / name).write_bytes(b"")
    assert ask("roe", "--reproduce").stdout.splitlines()[1:] == [
        "mkdir -p submission-roe",
        f"cp {path.parent / names[0]} submission-roe/conv.py",
        f"cp {path.parent / names[1]} submission-roe/my_helper.py",
        "dlgrade check conv.im2col --seed 4711 --dir submission-roe",
        "dlgrade debug conv.im2col --seed 4711 --dir submission-roe -o im2col_case.py",
    ]


def test_who_was_not_in_the_folder_when_a_check_changed_is_named(path, ask):
    with Gradebook(path) as book:
        for digest, names in (("old", ("one", "two")), ("new", ("one",))):
            again = begin_under(book, {"conv.im2col": digest})
            for name in names:
                hand_in(again, name, [wrong(), passed(FLATTEN)], content=name)
            again.finish()
        other = book.begin_run("hw2", run_conditions(), [("pool.flatten", 1, 1.0)])
        other.note_criteria({FLATTEN: "any"})  # about another exercise
    said = ask().stderr
    assert "1 graded by a check or a dlgrade as it was before" in said
    assert said.rstrip().endswith(": two")


@pytest.fixture
def counted(path):
    """Add who is excused and handed in, and who did not hand in and has points by hand."""
    with Gradebook(path) as book:
        note_excuses(book, 1, [("examplegiven", Excuse(True, "ill"))])
        book.note_overrides(1, [("Absent, One", "conv.im2col", 2.0, "oral exam")])
    return path


def test_who_is_excused_is_in_no_figure_and_points_by_hand_are_in_all(counted):
    with Gradebook(counted, read_only=True) as book:
        (answer,) = describe_class(select_view(book))
        summary = summarise(book, "hw2", [name for name, *_ in ASKED])
    assert (answer.figures.count, answer.figures.mean) == (3, (2.5 + 2.0 + 2.0) / 3)
    assert (summary.scores, summary.possible) == (answer.figures, answer.possible)
    shown = {exercise: +Counter(counts) for exercise, counts in answer.exercises}
    assert shown["conv.im2col"] == {"passed": 1, "failed": 1, "missing": 1}
    assert {one.id: +Counter(one.counts) for one in summary.exercises} == shown


def test_an_excused_result_that_nobody_could_grade_is_told_all_the_same(tmp_path):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin_under(book), "abc", [LOST])
        note_excuses(book, 1, [("abc", Excuse(True, "ill"))])
        summary = summarise(book, "hw2", ["conv.im2col"])
    assert summary.exercises[0].counts == {}
    assert (summary.has_ungraded, summary.scores) == (True, None)
    assert [row[0] for row in summary.worth_a_look] == ["abc"]


def test_how_many_handed_in_is_the_same_on_every_page(counted, ask, course, tmp_path):
    with Gradebook(counted, read_only=True) as book:
        stream = io.StringIO(newline="")
        load_exporter("csv")(select_view(book), stream, Options())
        page = write_report(select_view(book), course, tmp_path / "report").read_text()
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    came = [row for row in rows if row["handed_in"] == "yes" and not row["excused"]]
    assert len(came) == 2
    assert [row["handed_in"] for row in rows if row["excused"]] == ["no", "yes"]
    assert "5 students, 2 handed in, 2 excused; 3 graded: mean " in ask().stdout
    assert "2 handed in, 1 did not (1 with points by hand), 2 excused." in " ".join(page.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--output",), "whose? `dlgrade show GRADEBOOK STUDENT --output`"),
        (("--changes", "--deliveries"), "one question at a time"),
        (("im2col", "--changes"), "not of an exercise"),
        (("im2cols",), "did you mean 'conv.im2col'?"),
        (("Tim Wait Jr",), "did you mean 'Wait, Tim'?"),
        (("--mistake", "window-transpose"), "did you mean 'window-transposed'?"),
        (("--assignment", "hw9"), "no assignment 'hw9'"),
    ],
)
def test_a_question_that_nobody_can_answer_is_one_line_that_helps(ask, words, message):
    done = ask(*words)
    assert done.exit_code != 0
    assert message in str(done.exception)


@pytest.fixture
def namesakes(path):
    """Add students who are called like an exercise, like its id, and like an exam and a module."""
    with Gradebook(path) as book:
        asked = [*ASKED, ("pool.im2col", 2, 1.0), ("quiz.conv", 3, 2.0)]
        again = book.begin_run("hw2", run_conditions(), asked)
        for number, name in enumerate(("flatten", "conv.im2col", "conv", "pool"), 110):
            hand_in(again, name, [wrong(), passed(FLATTEN)], from_canvas(number, name), name)


@pytest.mark.usefixtures("namesakes")
@pytest.mark.parametrize(
    ("word", "exercise"),
    [("flatten", FLATTEN), ("conv.im2col", "conv.im2col"), ("conv", "quiz.conv")],
)
def test_a_word_for_a_student_and_an_exercise_is_asked_back_and_never_guessed(ask, word, exercise):
    said = str(ask(word).exception)
    assert said == (
        f"a student and an exercise are called '{word}': --student {word} asks for the student, "
        f"--exercise {exercise} for the exercise"
    )
    story = json.loads(ask("--student", word, "--json").stdout)
    assert (story["asked"], story["answers"][0]["name"]) == ("student", word)
    answer = json.loads(ask("--exercise", exercise, "--json").stdout)
    assert (answer["asked"], answer["answers"][0]["exercise"]) == ("exercise", exercise)


@pytest.mark.usefixtures("namesakes")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("im2col",), "several exercises are called 'im2col': name the one that you mean: conv."),
        (("--exercise", "im2col"), "several exercises are called 'im2col'"),
        (("--exercise", "Wait, Tim"), "no exercise is called 'Wait, Tim'"),
        (("--student", "im2cols"), "is called 'im2cols'"),
        (("pool", "--student", "conv"), "one student or one exercise at a time: WORD, --student"),
    ],
)
def test_what_is_still_in_doubt_is_one_line_with_the_way_to_ask(ask, words, message):
    assert message in str(ask(*words).exception)


@pytest.mark.usefixtures("namesakes")
def test_a_student_who_is_called_like_a_module_is_found_by_that_name(ask):
    assert ask("pool").stdout.startswith("pool (113) in hw2: ")


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize(
    "words", [(), ("Roe, Eric",), ("conv.im2col",), ("--deliveries",), ("--decisions",)]
)
def test_an_answer_is_read_whole_on_a_narrow_screen(path, columns, words):
    done = CliRunner().invoke(
        app, ["show", str(path), *words], env={"COLUMNS": str(columns), "NO_COLOR": "1"}
    )
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= columns
    wide = CliRunner().invoke(app, ["show", str(path), *words], env={"COLUMNS": "400"})
    seen, told = "".join(done.stdout.split()), wide.stdout.split()
    assert [word for word in told if word not in seen] == []
    assert len(done.stdout.splitlines()) < 4 * len(wide.stdout.splitlines())  # no strip of letters


def test_of_several_assignments_each_has_a_line_and_each_student_one_row(path, ask):
    with Gradebook(path) as book:
        other = book.begin_run("hw3", run_conditions(), [("conv.im2col", 0, 2.0)])
        hand_in(other, "roeric", [passed()], from_canvas(102, "Roe, Eric"))
    lines = [line.split() for line in ask().stdout.splitlines()]
    assert ["Roe,", "Eric", "2.5", "2"] in lines
    assert [line[0] for line in lines if line][:3:2] == ["hw2:", "hw3:"]
