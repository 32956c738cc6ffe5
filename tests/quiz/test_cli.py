"""The commands: topics, typos, exit codes, pipes, and what a start costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from quiz_helpers import QUIZZES, TOPICS
from started import run_dlgrade

from grader.quiz.memory.history import History

ROOT = QUIZZES.parent


@pytest.fixture
def home(tmp_path):
    return tmp_path


def run(home, *arguments, typed="", **variables):
    environment = {**os.environ, "XDG_DATA_HOME": str(home / "data"), "PYTHONPATH": str(ROOT)}
    if not variables:
        return run_dlgrade(*arguments, folder=home, variables=environment, typed=typed,
                           encoding=None, module="grader.quiz")  # fmt: skip
    return subprocess.run(  # the interpreter reads them when it starts
        [sys.executable, "-m", "grader.quiz", *arguments],
        input=typed.encode(),
        capture_output=True,
        env={**environment, **variables},
        cwd=home,
        check=False,
        timeout=120,
    )


def history_of(home):
    return History(home / "data" / "dlgrade" / "quiz").events


def test_without_a_topic_the_topics_are_listed(home):
    """Every topic with its title, and the next command."""
    shown = run(home)
    assert shown.returncode == 0
    text = shown.stdout.decode()
    assert all(topic.name in text for topic in TOPICS)
    assert "dlgrade quiz TOPIC" in text


@pytest.mark.parametrize(
    ("typo", "hint"),
    [
        ("cnov", "did you mean 'conv'?"),
        ("reveiw", "'review'"),
        ("zzz", "topics: activations, by-hand"),
    ],
)
def test_a_typo_ends_with_2_and_one_line(home, typo, hint):
    """Topics and commands are both guessed."""
    ended = run(home, typo)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert hint in ended.stderr.decode()
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("where", ["before", "after"])
def test_options_may_stand_before_and_after_the_topic(home, where):
    """`quiz --seed 5 conv` and `quiz conv --seed 5` are one command."""
    options = ["--plain", "--seed", "5"]
    ended = run(
        home, *([*options, "conv"] if where == "before" else ["conv", *options]), typed="q\n"
    )
    assert ended.returncode == 0
    other = run(home / "..", "conv", "--seed", "5", "--plain", typed="q\n")
    assert ended.stdout == other.stdout
    assert b"7x7" not in ended.stdout


def test_a_session_over_a_pipe_is_ascii_in_80_columns(home):
    """Right, wrong, unreadable and arithmetic, without colour, and readable as a transcript."""
    ended = run(home, "by-hand", typed="\n".join(["?", "x", "skip"] * 6))
    text = ended.stdout.decode("ascii")
    assert ended.returncode == 0
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert "It costs nothing" in text
    assert "To practise: conv.correlate2d" in text
    assert "Go on with: dlgrade quiz by-hand" in text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(home, encoding):
    """Signs that it cannot hold are replaced, on the way in and on the way out."""
    ended = run(
        home, "networks", typed="\xe9\u20ac\nskip\n" * 7, PYTHONIOENCODING=encoding, LC_ALL="C"
    )
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr
    assert len(history_of(home)) >= 5


def test_every_topic_can_be_worked_through_over_a_pipe(home):
    """Skipping everything shows every explanation and ends well."""
    for topic in TOPICS:
        ended = run(home, topic.name, typed="skip\n" * 3 * len(topic.items))
        assert ended.returncode == 0
        text = ended.stdout.decode("ascii")
        assert f"0 of {len(topic.items)} right at the first try" in text
        assert "Nothing is due today; " in text.splitlines()[-1]
        assert max(map(len, text.splitlines())) <= 80
    ended = run(home, "stats")
    assert b"Right answers by topic" in ended.stdout
    assert b"tomorrow" in ended.stdout
    assert run(home, "review").stdout.startswith(b"Nothing is due today; ")


def test_without_a_place_for_the_history_the_quiz_is_taken_all_the_same(home):
    """It is said before the first question, and nothing is promised that does not hold."""
    (home / "data").write_text("in the way")
    ended = run(home, "conv", "--plain", typed="5\nskip\n?\nq\n")
    text = " ".join(ended.stdout.decode().split())
    assert ended.returncode == 0
    assert ended.stderr == b""
    before, _, after = text.partition("1 of ")
    assert "cannot be" in before
    assert "nothing that you answer is remembered" in before
    assert "saved" not in before
    assert "Right." in after
    assert "nothing is saved" in after
    assert "Stopped; nothing was saved." in after


def test_a_day_without_a_place_for_the_history_is_taken_all_the_same(home):
    """`today` says it first, asks all its questions, and says at the end what is not kept."""
    (home / "data").write_text("in the way")
    ended = run(home, "today", "--plain", typed="skip\n" * 25)
    text = " ".join(ended.stdout.decode().split())
    assert (ended.returncode, ended.stderr) == (0, b"")
    before, _, after = text.partition("1 of 8")
    assert before.index("cannot be") < before.index("Today: 8 new questions, about ")
    assert "saved" not in before
    assert "0 of 8 right at the first try. 0 answers are saved, 24 are not." in after
    assert "tomorrow" not in after


def test_a_day_that_was_done_says_what_comes_next(home):
    """Eight questions, minutes first; then nothing is due, and more are there for the asking."""
    first = run(home, "today", typed="skip\n" * 24).stdout.decode()
    assert first.startswith("Today: 8 new questions, about ")
    assert "next: 8 questions tomorrow." in first.splitlines()[-1]
    again = run(home, "today").stdout.decode().splitlines()
    assert again[-2] == "Nothing is due today; next: 8 questions tomorrow."
    assert again[-1] == "More new questions: dlgrade quiz today --new 8"
    more = run(home, "today", "--new", "2", typed="q\n").stdout.decode()
    assert more.startswith("Today: 2 new questions, about ")
    assert run(home, "today", "--new", "0").stdout.startswith(b"Nothing is due today; ")


def test_what_is_taken_back_over_a_pipe_is_gone(home):
    """The answer, its line and its place in the sum; a guess counts as not known."""
    text = run(home, "conv", typed="4\nu\n5\ng\nq\n").stdout.decode()
    assert "Taken back: your answer to conv.stride-1" in text
    assert "conv.stride-1 was guessed; it counts as not known, and comes again" in text
    assert "Stopped; 1 answer is saved." in text
    assert [(one.answer, one.right, one.grade) for one in history_of(home)] == [("5", True, 1)]


def test_a_damaged_history_is_a_warning(home):
    """The session goes on."""
    folder = home / "data" / "dlgrade" / "quiz"
    folder.mkdir(parents=True)
    (folder / "history.jsonl").write_bytes(b"\x00\xffgarbage")
    ended = run(home, "conv", typed="5\nq\n")
    assert ended.returncode == 0
    assert b"warning: 1 damaged line" in ended.stdout
    assert len(history_of(home)) == 1


def test_an_exam_over_a_pipe_writes_its_file(home):
    """The file lies in ./exercises when there is one, else here, else where --dir says."""
    (home / "other").mkdir()
    typed = "1\na\nskip\n" * 10  # a number, a letter, or on to the next question
    arguments = ("exam", "conv", "--student", "alice", "--seed", "7")
    assert run(home, *arguments, typed=typed).returncode == 0
    assert (home / "quiz-answers.toml").exists()
    assert run(home, *arguments, "--dir", "other", typed=typed).returncode == 0
    assert (home / "other" / "quiz-answers.toml").exists()
    (home / "exercises").mkdir()
    assert run(home, *arguments, typed=typed).returncode == 0
    assert (home / "exercises" / "quiz-answers.toml").exists()
    assert history_of(home) == []


def test_a_key_is_written_where_the_solutions_are(home):
    """Each student's questions, in their order, with what is marked right; the file is whole."""
    wanted = ("conv", "losses", "--student", "alice", "--student", "bob", "--seed", "7")
    shown = run(home, "key", *wanted, "--items", "3")
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout.decode()
    assert text.count("   answer: ") == 12
    assert text.index("alice: conv, losses, seed 7") < text.index("bob: conv, losses, seed 7")
    assert run(home, "key", *wanted, "--items", "3", "-o", "key.txt").returncode == 0
    assert (home / "key.txt").read_text() == text


def test_a_course_without_solutions_has_no_key(tmp_path):
    """What students are handed out refuses it with one line."""
    shutil.copytree(QUIZZES, tmp_path / "course" / "quizzes")
    for name in ("exercises", "grader/checks"):
        shutil.copytree(ROOT / name, tmp_path / "course" / name.rpartition("/")[2])
    words = ("--course", tmp_path / "course", "quiz", "key", "conv", "--student", "a")
    ended = run_dlgrade(*words, "--seed", "1", folder=tmp_path, variables=dict(os.environ))
    assert ended.returncode == 2
    assert "is for instructors, and this course has no solutions/" in ended.stderr


def test_an_exam_of_several_topics_tells_its_time_first(home):
    """And how many questions there are, of all topics together."""
    words = ("exam", "conv", "losses", "--student", "alice", "--seed", "7", "--items", "2")
    shown = run(home, *words, "--minutes", "20", typed="s\n" * 4).stdout.decode()
    assert shown.startswith("You have 20 minutes for 4 questions")
    assert "4 open" in shown
    assert "--items 2 --minutes 20" in shown
    assert "minutes = 20" in (home / "quiz-answers.toml").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("exam", "conv"),
        ("exam", "conv", "--student", "a", "--seed", "x"),
        ("exam", "cnv", "--student", "a", "--seed", "1"),
        ("exam", "conv", "--student", "a", "--seed", "1", "--dir", "nowhere"),
        ("exam", "conv", "conv", "--student", "a", "--seed", "1"),
        ("exam", "conv", "--student", "a", "--seed", "1", "--items", "99"),
        ("exam", "conv", "--student", "a", "--seed", "1", "--items", "0"),
        ("key", "conv", "--seed", "1"),
        ("export", "conv", "--format", "word"),
        ("export", "conv"),
        ("export", "conv", "--format", "gift", "-o", "nowhere/x.gift"),
        ("lint", "cnv"),
        ("conv", "--nothing"),
        ("review", "--limit", "0"),
        ("today", "--limit", "0"),
        ("today", "--new", "-1"),
        ("today", "conv"),
    ],
)
def test_wrong_usage_ends_with_2(home, arguments):
    """Each tells what is wrong, without a traceback."""
    ended = run(home, *arguments)
    assert ended.returncode == 2
    assert ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("form", ["gift", "anki"])
def test_an_export_goes_to_standard_output_or_to_a_file(home, form):
    """The same text either way; what is lost goes to standard error."""
    shown = run(home, "export", "conv", "--format", form)
    saved = run(home, "export", "conv", "--format", form, "-o", "out.txt")
    assert shown.stdout == (home / "out.txt").read_bytes()
    assert saved.stdout == b""
    assert b"cannot carry" in saved.stderr


MOUNTED = """
import sys
from pathlib import Path
from types import SimpleNamespace
import typer
from grader.errors import DlgradeError
from grader.quiz.cli import app as quiz_app

app = typer.Typer(no_args_is_help=True)

@app.callback()
def start(context: typer.Context) -> None:
    context.obj = SimpleNamespace(quizzes_dir=Path(sys.argv[1]))

app.add_typer(quiz_app, name="quiz")
try:
    app(args=sys.argv[2:])
except DlgradeError as error:
    sys.exit(f"error: {error}")
"""


def run_mounted(home, quizzes, *arguments):
    return subprocess.run(
        [sys.executable, "-c", MOUNTED, str(quizzes), *arguments],
        cwd=home,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments", [(), ("conv",), ("today",), ("review",), ("stats",), ("lint",)]
)
def test_a_course_without_quizzes_says_so(home, arguments):
    """The folder is named, in one line."""
    ended = run_mounted(home, home / "nowhere", "quiz", *arguments)
    assert b"nowhere" in ended.stderr
    assert ended.stderr.count(b"\n") == 1


def test_mounted_in_another_application_it_takes_that_ones_quizzes(home):
    """`quiz`, `quiz TOPIC` and `quiz lint` work on the course that the application names."""
    text = (ROOT / "docs" / "author" / "questions.md").read_text(encoding="utf-8")
    item = text[text.index("```toml") + 7 : text.index("slips = [{")]
    slips = text[text.index("slips = [{") : text.index("```\n\nA new topic")]
    (home / "conv.toml").write_text(f'title = "Mine"\nplace = 1\n{item}{slips}', encoding="utf-8")
    assert b"Mine" in run_mounted(home, home, "quiz").stdout
    assert b"1 of 1" in run_mounted(home, home, "quiz", "conv").stdout
    assert b"did you mean 'conv'" in run_mounted(home, home, "quiz", "cov").stderr
    sound = run_mounted(home, home, "quiz", "lint", "--seeds", "5")
    assert (sound.returncode, b"no problem" in sound.stdout) == (0, True)
    wrong = item.replace("n - f + 1", "n - f + 2")
    (home / "conv.toml").write_text(f'title = "Mine"\nplace = 1\n{wrong}{slips}', encoding="utf-8")
    broken = run_mounted(home, home, "quiz", "lint", "conv", "--seeds", "5")
    assert (broken.returncode, b"torch disagrees" in broken.stdout) == (1, True)


HEAVY = ("torch", "numpy", "hypothesis", "pandas", "sympy")


@pytest.mark.parametrize("arguments", [(), ("conv",), ("today",), ("review",), ("stats",)])
def test_nothing_heavy_is_imported(home, arguments):
    """Neither torch nor NumPy nor Hypothesis is paid for by a quiz."""
    run(home, "conv", typed="5\n3\n")
    code = (
        "import runpy, sys\nsys.argv = ['quiz', *sys.argv[1:]]\n"
        "try:\n    runpy.run_module('grader.quiz', run_name='__main__')\n"
        f"except SystemExit: pass\nprint([m for m in {HEAVY} if m in sys.modules])"
    )
    environment = {**os.environ, "XDG_DATA_HOME": str(home / "data"), "PYTHONPATH": str(ROOT)}
    shown = subprocess.check_output(
        [sys.executable, "-c", code, *arguments], env=environment, stdin=subprocess.DEVNULL
    )
    assert shown.decode().splitlines()[-1] == "[]"


def cpu_seconds(home, *command):
    """Measure what a process costs: a busy machine changes the wall clock, and this less."""
    resource = pytest.importorskip("resource", reason="Windows counts otherwise")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "XDG_DATA_HOME": str(home), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_start_costs_a_fifth_of_importing_torch(home):
    """The least of three starts, against an import."""
    pytest.importorskip("torch")
    torch = cpu_seconds(home, "-c", "import torch")
    for arguments in ((), ("conv",), ("today",)):
        quiz = [cpu_seconds(home, "-m", "grader.quiz", *arguments) for _ in range(3)]
        assert min(quiz) <= 0.2 * torch
