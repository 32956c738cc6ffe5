"""A student at a real terminal: keys, Ctrl-C, a later day, an exam."""

from __future__ import annotations

import os
import re
import signal
import sys

import pytest
from quiz_helpers import QUIZZES, TOPICS

from grader.quiz.asking.exam import mark
from grader.quiz.exams.paper import load_paper
from grader.quiz.marking import right_answer
from grader.quiz.memory.history import History

pexpect = pytest.importorskip("pexpect", reason="the dev extra has it")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="pexpect needs a pseudo-terminal")

PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from types import SimpleNamespace
from grader.quiz.cli import app

day, data, quizzes = sys.argv[1:4]
start = dt.datetime.fromisoformat(day)
ticks = iter(range(10**6))
around = SimpleNamespace(
    quizzes_dir=Path(quizzes),
    data_dir=Path(data),
    clock=lambda: start + dt.timedelta(seconds=10 * next(ticks)),
)
app(obj=around, args=sys.argv[4:], prog_name="dlgrade quiz")
"""
COUNT = len(TOPICS[0].items)
FIRST_DAY = "2026-03-02T09:00:00+00:00"


@pytest.fixture
def start(tmp_path):
    """Start the program in a terminal of 80 columns, on a day."""
    started = []

    def spawn(*arguments, day=FIRST_DAY, **variables):
        environment = {**os.environ, "PYTHONPATH": str(QUIZZES.parent), "TERM": "xterm-256color"}
        environment = {k: v for k, v in environment.items() if k not in ("NO_COLOR", "COLUMNS")}
        child = pexpect.spawn(
            sys.executable,
            ["-c", PROGRAM, day, str(tmp_path / "data"), str(QUIZZES), *arguments],
            env={**environment, **variables},
            cwd=str(tmp_path),
            encoding="utf-8",
            dimensions=(40, 80),
            timeout=120,
        )
        started.append(child)
        return child

    yield spawn
    for child in started:
        child.close(force=True)


def finish(child):
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus


def test_right_wrong_unreadable_and_arithmetic(start):
    """One sitting shows each, in colour, with the explanation behind every answer."""
    child = start("conv")
    child.expect(f"1 of {COUNT}")
    child.expect("> $")
    child.sendline("five")
    child.expect("cannot be read as an answer")
    child.expect("> $")
    child.sendline("10/2")
    child.expect("Right")
    child.expect(r"7 - 3 \+ 1 = 5")
    child.expect(f"2 of {COUNT}.*> $")
    child.sendline("2")
    child.expect("Wrong")
    child.expect("the first place counts too")
    child.expect("To practise: conv.conv_output_size")
    child.expect(f"3 of {COUNT + 1}.*> $")
    assert "\x1b[" in child.before
    child.sendline("quit")
    child.expect("2 answers are saved")
    child.expect("conv.stride-2")
    assert finish(child) == 0


def test_plain_has_no_colour(start):
    """With --plain, and with NO_COLOR, no colour is sent."""
    for child in (start("conv", "--plain"), start("conv", NO_COLOR="1")):
        child.expect(f"1 of {COUNT}")
        child.expect("> $")
        assert "\x1b[3" not in child.before
        child.sendline("q")
        assert finish(child) == 0


def test_ctrl_c_and_resume(start, tmp_path):
    """Ctrl-C ends with 130 and says how to go on; the same command goes on there."""
    child = start("conv")
    child.expect("> $")
    child.sendline("5")
    child.expect(f"2 of {COUNT}.*> $")
    child.sendintr()
    child.expect("Stopped; 1 answer is saved. Go on with: dlgrade quiz conv")
    assert finish(child) == 130
    assert len(History(tmp_path / "data").events) == 1
    child = start("conv")
    child.expect(f"Going on where you stopped: 1 of {COUNT} are done")
    child.expect(f"2 of {COUNT}.*conv.stride-2.*> $")
    child.sendeof()
    child.expect("Stopped; 0 answers are saved")
    assert finish(child) == 0


@pytest.mark.parametrize("death", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_a_closed_terminal_loses_at_most_the_question_on_the_screen(start, tmp_path, death):
    """Whatever ends the program, the answer before is on the disk."""
    child = start("conv")
    child.expect("> $")
    child.sendline("5")
    child.expect(f"2 of {COUNT}.*> $")
    child.kill(death)
    child.expect(pexpect.EOF)
    assert [event.right for event in History(tmp_path / "data").events] == [True]


def test_review_on_a_later_day(start):
    """Nothing is due today; in a month the item comes back, with other numbers."""
    child = start("conv")
    child.expect("> $")
    child.sendline("5")
    child.expect(f"2 of {COUNT}.*> $")
    child.sendline("q")
    assert finish(child) == 0
    child = start("review")
    child.expect("Nothing is due today; 1 question tomorrow|in")
    assert finish(child) == 0
    child = start("review", day="2026-04-02T09:00:00+00:00")
    child.expect("1 of 1.*conv.stride-1")
    child.expect(r"\((a number[^)]*)\)")
    assert "7x7" not in child.before
    child.expect("> $")
    child.sendline("skip")
    child.expect(r"Skipped.*The answer is (\d+)")
    child.expect("again.*> $")
    child.sendline("q")
    assert finish(child) == 0
    child = start("stats", day="2026-04-02T10:00:00+00:00")
    child.expect("Right answers by topic")
    child.expect("conv")
    child.expect("50% of 2")
    assert finish(child) == 0


def test_two_days_of_questions(start, tmp_path):
    """Eight new ones, a slip taken back, a guess; the next day asks what was not known first."""
    child = start("today")
    child.expect("Today: 8 new questions, about 1?[0-9] minutes")
    child.expect("1 of 8.*conv.stride-1.*> $")
    child.sendline("4")
    child.expect("Wrong.*2 of 9.*> $")
    child.sendline("u")
    child.expect("Taken back: your answer to conv.stride-1.*1 of 8.*7x7.*> $")
    child.sendline("5")
    child.expect("Right.*2 of 8.*> $")
    child.sendline("g")
    child.expect("conv.stride-1 was guessed; it counts as not known, and comes again.*> $")
    for _ in range(7 + 1 + 7 + 8):  # seven once, the guess and seven again, and all a last time
        child.sendline("s")
        child.expect("Skipped.*> $")
    assert "That was the last question. Enter ends; undo" in child.before + child.after
    child.sendline("what?")
    child.expect("That was the last question.*> $")
    child.sendline("")
    child.expect("0 of 8 right at the first try, 1 guessed.")
    child.expect("Nothing is due today; next: 8 questions tomorrow.")
    assert finish(child) == 0
    child = start("today", day="2026-03-03T08:00:00+00:00")
    child.expect("Today: 8 due and 8 new questions, about")
    child.expect("1 of 16.*conv.stride-1.*> $")
    child.sendline("q")
    assert finish(child) == 0
    events = History(tmp_path / "data").events
    assert [(one.answer, one.grade) for one in events[:2]] == [("5", 1), ("", 1)]


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_whatever_is_typed_is_one_clear_line(start, options):
    """Empty lines, signs, keys without a meaning and words for later: the question stays."""
    child = start("today", *options)
    child.expect("1 of 8.*> $")
    for typed, told in (
        ("", r"Answer: a number"),
        ("   ", r"Answer: a number"),
        ("u", "There is no answer of this sitting to take back"),
        ("g", "There is no answer yet that could be a guess"),
        ("x" * 300, "cannot be read as an answer"),
        ("\u4e2d\u6587 \u2603", "cannot be read as an answer"),
        ("\x0c", r"Answer: a number"),
        ("\x1b[5~\x1b[15~", r"Answer: a number|cannot be read as an answer"),
    ):
        child.sendline(typed)
        child.expect(told)
        child.expect("> $")
    child.sendline("5")
    child.expect("Right.*2 of 8.*> $")
    child.sendeof()
    child.expect("Stopped; 1 answer is saved")
    assert finish(child) == 0


def test_a_terminal_that_is_made_narrower_is_followed(start):
    """From the next question on no line is longer, and none is cut."""
    child = start("today")
    child.expect("1 of 8.*> $")
    child.setwinsize(24, 40)
    child.sendline("5")
    child.expect("2 of 8.*> $")
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", child.before + child.after).splitlines()
    shown = [line.rstrip() for line in lines if not set(line) & set("\u2502\u250c\u2514")]
    assert max(map(len, shown)) <= 40
    child.sendline("q")
    assert finish(child) == 0


def test_an_exam_and_its_marking(start, tmp_path):
    """A student answers their own questions, one of them wrong; the grader finds just that."""
    variants = load_paper(QUIZZES, "transfer", 7).draw("alice")
    child = start("exam", "transfer", "--student", "alice", "--seed", "7")
    for place, variant in enumerate(variants, start=1):
        child.expect(f"{place} of {len(variants)}.*{variant.item.id}")
        child.expect("> $")
        is_wrong = variant.item.id == "transfer.trainable"
        child.sendline("1" if is_wrong else right_answer(variant))
    child.expect(f"All {len(variants)} questions are answered")
    assert "Right" not in child.before
    assert finish(child) == 0
    marks = mark(QUIZZES, "transfer", 7, "alice", (tmp_path / "quiz-answers.toml").read_bytes())
    assert {one.item for one in marks if not one.earned} == {"transfer.trainable"}


def test_an_exam_that_was_interrupted_goes_on(start, tmp_path):
    """Ctrl-C ends with 130 and keeps the answers in the file."""
    child = start("exam", "conv", "--student", "alice", "--seed", "7")
    child.expect(f"1 of {COUNT}.*> $")
    child.sendline("1x1x1" if "sizes" in child.after else ("a" if "letter" in child.after else "1"))
    child.expect("> $")
    child.sendintr()
    child.expect("Stopped; the answers so far are in")
    assert finish(child) == 130
    child = start("exam", "conv", "--student", "alice", "--seed", "7")
    child.expect(f"of {COUNT}.*> $")
    child.sendline("q")
    assert finish(child) == 0


def test_a_line_is_edited_as_in_every_prompt(start):
    """Arrows, Home, Ctrl-L and the line before: what is sent is what stands there in the end."""
    pytest.importorskip("readline")
    child = start("conv")
    child.expect(f"1 of {COUNT}.*> $")
    child.send("0\x1b[D5\x1b[C\x7f\r")  # 0, left, 5, right, back: 5
    child.expect("Right")
    child.expect(f"2 of {COUNT}.*> $")
    child.send("12\x1b[H-\x0c\r")  # Home, a sign, Ctrl-L
    child.expect("Wrong")
    child.expect(f"3 of {COUNT + 1}.*> $")
    child.send("\x1b[A\x1b[A\x05\x7f\x7f2\r")  # two lines up there is the 5; the end, back, 2
    child.expect("Read as|Right|Wrong")
    assert "cannot be read" not in child.before
    child.sendline("q")
    assert finish(child) == 0


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_pasted_lines_answer_no_later_question(start, tmp_path, options):
    """None of several lines that come at once is counted, not even an order; the question stays."""
    child = start("conv", *options)
    child.expect(f"1 of {COUNT}.*> $")
    child.send("1\r2\rquit\r3\r")
    child.expect(r"several lines came at once.*> $")
    child.sendline("5")
    child.expect(f"Right.*2 of {COUNT}.*> $")
    child.sendline("q")
    assert finish(child) == 0
    assert [event.answer for event in History(tmp_path / "data").events] == ["5"]


def test_the_history_of_lines_is_not_kept_on_the_disk(start, tmp_path):
    """What was typed is remembered for this sitting; answers have a file of their own."""
    child = start("conv")
    child.expect("> $")
    child.sendline("5")
    child.expect(f"2 of {COUNT}.*> $")
    child.sendline("q")
    assert finish(child) == 0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["history.jsonl"]
