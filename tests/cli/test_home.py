"""`dlgrade` alone: where one stands and tonight's portion, in one screen, whatever is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from started import run_dlgrade

from grader.cli.live.demo import note_as_seen
from grader.quiz.items.loading import load_topic, load_topics
from grader.quiz.items.variants import answer_digest
from grader.student.demo.catalogue import DEMOS, find_demo
from grader.student.progress import FILE, Progress, Record, to_text
from grader.student.standing import Files

NAMES = tuple(demo.name for demo in DEMOS)
ROOT = Path(__file__).resolve().parents[2]
ONE = timedelta(days=1)


def now():
    """Return the time as it is now: tests may begin on one day and end on the next."""
    return datetime.now(tz=UTC).astimezone()


class Home:
    """A student's folder and what `dlgrade` says in it."""

    def __init__(self, folder, variables, course):
        self.folder, self.variables, self.course = folder, variables, course
        self.exercises = folder / "exercises"
        self.data = Path(variables["XDG_DATA_HOME"])

    def __call__(self, *before, **extra):
        return run_dlgrade(*before, folder=self.folder, variables=self.variables | extra)

    def lay_out(self):
        """Put the stubs there, and the same functions written where they are to have passed."""
        self.exercises.mkdir()
        for module in self.course.modules:
            file = self.course.exercises_dir / f"{module}.py"
            shutil.copy(file, self.exercises / file.name)

    def passes(self, *ids, days=(), **kept):
        """Write right answers, and a progress file that knows that they passed."""
        for module in {name.partition(".")[0] for name in ids}:
            solution = self.course.solutions_dir / f"{module}.py"
            shutil.copy(solution, self.exercises / f"{module}.py")
        files = Files(self.exercises)
        records = {name: Record("passed", 1.0, 1.0, files.seal(name)) for name in ids}
        progress = Progress(records, days=tuple(sorted(days)), **kept)
        (self.exercises / FILE).write_text(to_text(progress), encoding="utf-8")

    def answered(self, *days_ago, topic="conv", count=2):
        """Write a history: the first items of a topic, answered right on some days."""
        lines = []
        for item in load_topic(self.course.quizzes_dir, topic).items[:count]:
            for ago in days_ago:
                at = (now() - ago * ONE).isoformat()
                event = {"v": 1, "at": at, "item": item.id, "digest": answer_digest(item)}
                event |= {"session": f"{topic}@{at}", "variant": "", "answer": "5", "right": True}
                event |= {"slip": "", "seconds": 20.0, "grade": 3, "done": False}
                lines.append(json.dumps(event))
        history = self.data / "dlgrade" / "quiz" / "history.jsonl"
        history.parent.mkdir(parents=True)
        history.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return history


@pytest.fixture
def home(tmp_path, cache_home, course):
    folder = tmp_path / "me"
    folder.mkdir()
    variables = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home), "COLUMNS": "80",
        "XDG_DATA_HOME": str(tmp_path / "data"), "PYTHONUTF8": "1", "HOME": str(tmp_path),
    }  # fmt: skip
    return Home(folder, variables, course)


def is_one_screen(done):
    """Whether a terminal of 80 by 24 shows all of it, and the line to type in."""
    lines = done.stdout.splitlines()
    return len(lines) < 24 and max(map(len, lines)) <= 80


def test_without_a_folder_it_says_init_and_what_the_quizzes_ask(home):
    done = home()
    assert (done.returncode, done.stderr) == (0, "")
    assert "dlgrade init" in done.stdout
    assert "Review" not in done.stdout
    home.answered(40)
    assert "Review: 2 questions are due" in home().stdout


def test_in_a_fresh_folder_it_names_the_first_exercise_and_nothing_that_there_is_not(home):
    home.lay_out()
    done = home()
    first = home.course.exercise(home.course.ids[0])
    assert f"Next: {first.id}  " in done.stdout
    assert first.lesson in " ".join(done.stdout.split())
    assert f"dlgrade explain {first.id}" in done.stdout
    for word in ("Review", "Open now", "Due", "in a row", "builds on"):
        assert word not in done.stdout
    assert is_one_screen(done)


def test_half_way_it_says_what_the_next_one_builds_on(home):
    home.lay_out()
    ids = list(home.course.ids)
    place = next(n for n, name in enumerate(ids) if home.course.exercise(name).requires)
    home.passes(*ids[:place])
    shown = " ".join(home().stdout.split())
    needs = home.course.exercise(ids[place]).requires
    assert f"Next: {ids[place]}" in shown
    assert all(f"✔ {name}" in shown for name in needs)
    home.passes(*ids[: place - 1])
    assert f"Next: {ids[place - 1]}" in " ".join(home().stdout.split())


def test_the_fullest_screen_is_still_one(home, course, tmp_path):
    """Everything at once: what is due, questions, demos, a row of days, two lines of words."""
    home.lay_out()
    longest = max(course.ids, key=lambda name: len(course.exercise(name).lesson + name))
    days = {(now() - n * ONE).date() for n in range(12)}
    home.passes(*(name for name in course.ids if name != longest), days=days)
    home.answered(40)
    own = tmp_path / "own"
    for name in ("exercises", "quizzes"):
        shutil.copytree(getattr(course, f"{name}_dir"), own / name)
    shutil.copytree(course.checks_dir, own / "checks")
    due = (now() + 3 * ONE).isoformat()
    with (own / "exercises" / "course.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[assignment]]\nname = "Homework 12"\ndue = {due}\nexam = "conv"\n')
        file.write(f"targets = {json.dumps([longest.partition('.')[0]])}\n")
    done = home("--course", str(own))
    assert done.stderr == ""
    assert f"Next: {longest}" in done.stdout
    for word in ("Due: Homework 12", "exam conv", "Review: 2 ", "Open now", "12 days in a row"):
        assert word in done.stdout
    assert is_one_screen(done)


def test_of_very_many_questions_it_says_how_many_a_review_asks(home, course):
    home.lay_out()
    history = home.answered(40, count=99)
    topics = load_topics(course.quizzes_dir)
    for topic in [one.name for one in topics if one.name != "conv"]:
        lines = history.read_text(encoding="utf-8")
        shutil.rmtree(home.data)
        history = home.answered(40, topic=topic, count=99)
        history.write_text(lines + history.read_text(encoding="utf-8"), encoding="utf-8")
    done = home()
    due = sum(len(topic.items) for topic in topics)
    assert re.search(
        rf"Review: {due} questions are due, 30 in one review, about \d\d min", done.stdout
    )
    assert is_one_screen(done)


def test_when_all_passed_it_says_so_and_what_is_left(home):
    home.lay_out()
    home.passes(*home.course.ids, seen=NAMES[:-1])
    home.answered(40, count=1)
    shown = home().stdout
    assert "Everything here passes. Well done." in shown
    assert "Review: 1 question is due, about 1 minute: dlgrade quiz review" in shown
    assert f"Open now: dlgrade demo {NAMES[-1]}\n" in shown
    assert "Next" not in shown
    assert "dlgrade watch" not in shown


def test_all_demos_are_told_of_on_one_line_no_command_cut_in_two(home):
    home.lay_out()
    home.passes(*home.course.ids)
    assert f"Open now: dlgrade demo {' · '.join(NAMES)}\n" in home().stdout


def test_a_demo_that_was_run_is_not_told_of_again(home, course):
    home.lay_out()
    home.passes(*find_demo("xo").opening)
    assert "dlgrade demo xo" in home().stdout
    note_as_seen(course, home.exercises, find_demo("xo"), given=False)
    assert "dlgrade demo xo" not in home().stdout
    there = (course.exercises_dir / FILE).exists()  # another installation may have left one
    note_as_seen(course, course.exercises_dir, find_demo("xo"), given=False)
    assert (course.exercises_dir / FILE).exists() == there


def test_a_broken_progress_file_is_one_line_and_the_evening_goes_on(home):
    home.lay_out()
    (home.exercises / FILE).write_text("{half", encoding="utf-8")
    done = home()
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "damaged" in done.stderr
    assert "Next: " in done.stdout
    assert home().stderr == ""


def test_a_broken_history_is_one_line_and_the_evening_goes_on(home):
    home.lay_out()
    history = home.answered(40)
    with history.open("a", encoding="utf-8") as file:
        file.write("{half")
    done = home()
    assert "damaged" in done.stderr
    assert "Review: 2 questions are due" in done.stdout
    history.unlink()
    history.mkdir()
    assert home().returncode == 0


def test_broken_quizzes_are_one_line_and_the_evening_goes_on(home, course, tmp_path):
    home.answered(40)
    own = tmp_path / "own"
    shutil.copytree(course.exercises_dir, own / "exercises")
    shutil.copytree(course.checks_dir, own / "checks")
    (own / "quizzes").mkdir()
    assert home("--course", str(own)).stderr == ""  # a course without any
    (own / "quizzes" / "conv.toml").write_text("title = 1\n", encoding="utf-8")
    done = home("--course", str(own))
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "conv.toml" in done.stderr


def test_a_file_that_is_no_python_is_told_at_what_is_next(home):
    home.lay_out()
    first = home.course.ids[0]
    file = home.exercises / f"{first.partition('.')[0]}.py"
    file.write_text("def half(:\n", encoding="utf-8")
    assert f"Next: {first}" in home().stdout
    assert "(broken file)" in home().stdout


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ((0,), ""),  # one day is no row
        ((0, 1), "2 days in a row"),
        ((1, 2, 3), "3 days in a row"),  # today is not over
        ((2, 3, 4), ""),  # and no word about what ended
    ],
)
def test_days_in_a_row_are_told_and_a_gap_is_not(home, ago, words):
    home.lay_out()
    home.passes(days={(now() - n * ONE).date() for n in ago})
    shown = home().stdout
    assert ("in a row" in shown) == bool(words)
    assert words in shown


def test_questions_and_exercises_make_one_row(home):
    home.lay_out()
    home.passes(days={now().date()})
    home.answered(1)
    assert "2 days in a row" in home().stdout


def test_a_check_that_passes_counts_the_day(home):
    home.lay_out()
    home.passes(days={(now() - ONE).date()})
    shutil.copy(home.course.solutions_dir / "embedding.py", home.exercises)
    variables = home.variables
    run_dlgrade(
        "check", "embedding.build_vocabulary", folder=home.folder, variables=variables
    ).check_returncode()
    assert "2 days in a row" in home().stdout


def test_it_imports_nothing_heavy(home):
    home.lay_out()
    home.passes(*home.course.ids[:20])
    home.answered(40)
    home()  # the outlines are kept
    code = (
        "import sys\nfrom grader.__main__ import main\nsys.argv = ['dlgrade']\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "print([m for m in ('torch', 'numpy', 'hypothesis', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home.folder, capture_output=True, encoding="utf-8",
        env=home.variables | {"PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    assert "Review: 2" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
