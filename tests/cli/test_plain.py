"""Plain output is for ears: no escapes, no boxes, nothing across, a word for every sign."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
import typer
from classes import ONLY, RIGHT, SANDBOX, WRONG, command, make_class
from started import run_dlgrade

from grader.cli import app

ROOT = Path(__file__).resolve().parents[2]
DRAWN = re.compile("[\u2500-\u25ff\u2713-\u2718]")  # boxes, blocks and marks
LONG = 60
AS_IT_IS = re.compile(r"^\s*\d+ \||https?://|/")  # code, an address, a path
TARGET = "pool.max_pool2d_backward"
STUDENT = {
    "home": (),
    "list": ("list", "pool"),
    "check": ("check", TARGET),
    "check-all": ("check", "pool"),
    "explained": ("check", TARGET, "--explain"),
    "hint": ("hint", TARGET),
    "explain": ("explain", "pool"),
    "asks": ("explain", "conv.im2col"),
    "reset": ("reset", "pool.flatten"),
    "draw": ("draw", "conv.im2col"),
    "drawings": ("draw",),
    "quiz": ("quiz",),
    "stats": ("quiz", "stats"),
    "today": ("quiz", "today", "--seed", "1"),
    "doctor": ("doctor",),
}
CODE = {  # what they write is a script, or one line for each thing: the terminal breaks them
    "debug": ("debug", TARGET),
    "report-bug": ("report-bug", TARGET),  # of which the text is broken as well
    "demo": ("demo", "paths"),
    "solution": ("solution", "pool.flatten"),
}


@pytest.fixture
def run(tmp_path, cache_home):
    """Run a command in a folder with one wrong answer, on a screen of 60 columns."""
    return begin(tmp_path, cache_home)


def begin(folder, cache_home):
    made = shutil.copytree(ROOT / "exercises", folder / "exercises")
    shutil.copy(ROOT / "examples" / "class" / "ties-all-paid" / "pool.py", made)

    def start(*words, typed="q\n", encoding=None, **variables):
        told = {} if encoding is None else {"PYTHONIOENCODING": encoding}
        environment = os.environ | {
            "XDG_CACHE_HOME": str(cache_home), "XDG_DATA_HOME": str(folder / "data"),
            "COLUMNS": str(LONG), "TERMINAL_WIDTH": str(LONG), **told, **variables,
        }  # fmt: skip
        return run_dlgrade(
            *words, folder=folder, variables=environment, typed=typed, encoding=encoding or "utf-8"
        )

    return start


@pytest.fixture(scope="module")
def plainly(tmp_path_factory, cache_home):
    """Return how a command ended that is plain by its environment, each in a folder of its own."""

    @cache
    def ended(name):
        run = begin(tmp_path_factory.mktemp("plain"), cache_home)
        return run(*(STUDENT | CODE)[name], DLGRADE_PLAIN="1")

    return ended


def said(done):
    """Return what a command wrote, which ended as commands end."""
    assert done.returncode in (0, 1, 2, 130), done.stderr
    assert "Traceback" not in done.stderr
    assert "fault of dlgrade" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("name", [*STUDENT, *CODE])
def test_with_dlgrade_plain_in_the_environment_every_command_is_plain(plainly, name):
    done = plainly(name)
    text = said(done) + done.stderr
    assert "\x1b" not in text
    assert not DRAWN.findall(text)
    if name in {*STUDENT, "report-bug"} - {"today"}:  # a question is typed as it is
        long = [line for line in done.stdout.splitlines() if len(line) > LONG]
        assert not [line for line in long if not AS_IT_IS.search(line)]


def every_command(group, *names):
    """Yield what is typed for each command, of groups as well, with its options."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from every_command(one, *names, name)
        yield " ".join((*names, name)), one


COMMANDS = dict(every_command(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_refuses_the_option(name):
    assert len(COMMANDS) > 30
    assert "--plain" in [word for one in COMMANDS[name].params for word in one.opts]


@pytest.mark.parametrize("name", ["list", "debug", "quiz", "explain"])
def test_the_option_before_a_command_says_the_same_as_behind_it(run, name):
    words = (STUDENT | CODE)[name]
    before, behind = run("--plain", *words), run(*words, "--plain")
    assert said(before) == said(behind)
    assert not DRAWN.findall(before.stdout)


def test_in_a_plain_list_a_state_is_said_once(run):
    rows = [row for row in said(run("list", "pool", "--plain")).splitlines() if "pool." in row]
    states = {re.split(r"/ \d+", row)[1].strip() for row in rows}
    assert states
    assert all(re.match("not written yet|written", state) for state in states)


@pytest.mark.parametrize("plain", ["", "1"])
@pytest.mark.parametrize("words", [("list",), ("check", "pool")])
def test_on_a_narrow_screen_a_row_is_one_line_with_whole_words(run, course, words, plain):
    text = said(run(*words, DLGRADE_PLAIN=plain))
    asked = course.find(words[1:])
    for exercise in asked:
        row = rf"(?m)^(?:  \S+ +)?{exercise.id}  [\d.]+ / [\d.]+  ?(?:\w.*)?$"
        assert re.search(row, text), exercise.id
    assert "…" not in text


def test_a_plain_question_has_no_bar_and_its_matrices_no_boxes(run):
    text = said(run("quiz", "by-hand", "--plain", typed="s\nq\n"))
    assert re.search(r"(?m)^1 of \d+   by-hand\.", text)
    assert re.search(r"(?m)^  image *\n(?:  [\d ]+\n)+  kernel *\n(?:  [\d ]+\n)+", text)
    assert not re.search(r"[|#]|\+-|\.\.\.\.", text)
    stats = said(run("quiz", "stats", "--plain"))
    assert "by-hand: 0% of 1\n" in stats
    assert "#" not in stats


def test_a_plain_topic_has_no_marks_of_markdown(run):
    text = said(run("explain", "augment", "--plain"))
    assert not re.search(r"(?m)^#|`rotate90`|\*\*|^```|^\|", text)
    assert "data: street signs; mirror: no: left and right" in " ".join(text.split())
    assert re.search(r"(?m)^- The turn goes clockwise", text)


@pytest.mark.parametrize("name", STUDENT)
def test_the_option_says_the_same_as_the_environment(run, name):
    words = STUDENT[name]
    option = run(*words, "--plain")
    assert not DRAWN.findall(said(option))
    assert "\x1b" not in option.stdout


def on_a_terminal(tmp_path, cache_home, words, keys, **variables):
    """Return all that a command sends to a terminal of 60 columns."""
    pexpect = pytest.importorskip("pexpect", reason="pseudo-terminals are POSIX's")
    made = shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copy(ROOT / "examples" / "class" / "ties-all-paid" / "pool.py", made)
    environment = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "XDG_DATA_HOME": str(tmp_path / "data"), **variables,
    }  # fmt: skip
    for name in ("COLUMNS", "LINES", "FORCE_COLOR", *({"NO_COLOR"} - set(variables))):
        environment.pop(name, None)
    first, *others = command(*words)
    child = pexpect.spawn(
        first, others, cwd=str(tmp_path), env=environment, encoding="utf-8", timeout=60,
        dimensions=(50, LONG),
    )  # fmt: skip
    for before, key in keys:
        child.expect(before)
        child.send(key)
    sent = child.read()
    child.close()
    assert child.exitstatus in (0, 1), sent
    return sent


ON_A_TERMINAL = {
    "list": (("list", "pool"), ()),
    "check": (("check", TARGET), ()),
    "explain": (("explain", "pool"), ()),
    "watch": (("watch", "pool"), ((r"q\s+quit", "q"),)),  # a narrow line may part them
    "draw": (("draw", "conv.im2col"), ()),
    "quiz": (("quiz", "today", "--seed", "1"), (("quit", "q\n"),)),
}


@pytest.mark.parametrize("name", ON_A_TERMINAL)
def test_a_dumb_terminal_gets_no_escape_and_no_sign(tmp_path, cache_home, name):
    sent = on_a_terminal(tmp_path, cache_home, *ON_A_TERMINAL[name], TERM="dumb")
    assert sent
    assert "\x1b" not in sent
    assert not DRAWN.findall(sent)
    if name in ("list", "check", "explain"):  # what is typed at the others has no line of its own
        lines = [line.rstrip() for line in sent.splitlines()]
        assert not [one for one in lines if len(one) > LONG and not AS_IT_IS.search(one)]


@pytest.mark.parametrize("columns", ["48", "60", "72"])
def test_on_a_narrow_screen_every_module_has_its_whole_name_and_numbers(run, course, columns):
    done = run(COLUMNS=columns, TERMINAL_WIDTH=columns)
    assert "…" not in said(done)
    for module in course.modules:
        assert re.search(rf"(?m)(?:^|\s){module} +─* *0 of \d+(?:\s|$)", done.stdout), module


def test_on_a_narrow_screen_doctor_breaks_a_path_and_leaves_nothing_of_it_out(plainly):
    assert "…" not in said(plainly("doctor"))


@pytest.mark.parametrize("name", ["list", "check", "explain"])
def test_with_no_color_a_terminal_gets_no_colour(tmp_path, cache_home, name):
    sent = on_a_terminal(
        tmp_path, cache_home, *ON_A_TERMINAL[name],
        TERM="xterm-256color", NO_COLOR="1", PAGER="cat",  # which waits for no key
    )  # fmt: skip
    assert sent
    assert not re.search(r"\x1b\[(?:\d+;)*(?:3|4|9|10)[0-7]m", sent)


def test_what_an_instructor_asks_is_plain_too(run, tmp_path, book):
    make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG)
    plain = {"DLGRADE_PLAIN": "1"}
    graded = ("grade", "hw", "--gradebook", str(book), "--only", ONLY, "--seed", "5")
    asked = [
        run(*graded, "--sandbox", SANDBOX, **plain),
        run("show", str(book), **plain),
        run("show", str(book), "bob", **plain),
        run("show", str(book), ONLY, **plain),
        run("override", str(book), "bob", ONLY, "1", "--why", "half of it", **plain),
        run("export", str(book), "--format", "csv", **plain),
        run("report", str(book), "-o", "pages", **plain),
        run("feedback", str(book), "-o", "back", **plain),
    ]
    for done in asked:
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert not DRAWN.findall(done.stdout + done.stderr)


def test_a_word_stands_for_each_sign(plainly):
    text = said(plainly("check-all"))
    lines = [line for line in text.splitlines() if re.match(r" *\S+ +pool\.", line)]
    assert lines
    assert all(line.split()[0] in ("ok", "FAIL", "todo", "????", "----") for line in lines)
    levels = said(plainly("check"))
    assert "FAIL equal numbers in a window" in " ".join(levels.split())
    assert "ok" in levels


def test_the_topics_of_the_quizzes_are_sentences_for_ears(plainly):
    text = said(plainly("quiz"))
    flat = " ".join(text.split())
    assert re.search(r"conv, Shapes: what comes out of a convolution; asked: 0 of \d+", flat)
    assert "|" not in text


@pytest.mark.parametrize("name", ["list", "check", "explained", "explain", "asks", "draw", "stats"])
def test_where_the_code_page_is_windows_own_nothing_is_lost(run, plainly, name):
    """As where output goes through a pipe there: what it cannot show is a word instead."""
    whole = said(plainly(name))
    done = run(*STUDENT[name], encoding="cp1252")
    assert said(done) == whole


@pytest.mark.parametrize("name", ["debug", "home", "doctor"])  # test_code_pages has the others
def test_in_windows_code_page_no_command_ends_in_a_traceback(run, name):
    done = run(*(STUDENT | CODE)[name], encoding="cp1252")
    assert said(done) + done.stderr
