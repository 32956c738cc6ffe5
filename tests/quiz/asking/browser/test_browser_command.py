"""`dlgrade quiz TOPIC --browser` as a process: its address, its end, and what the terminal says."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsed import Visitor, fields_of
from quiz_helpers import QUIZZES, Clock

from grader.errors import UsageError
from grader.quiz.asking.browser import screen as screens
from grader.quiz.asking.sitting import Sitting
from grader.quiz.items.loading import load_topic
from grader.quiz.items.variants import draw_variant
from grader.quiz.memory.history import History

ITEM_TOPIC = "transfer"


@contextlib.contextmanager
def started(home, *words, module="grader.quiz"):
    """Start the command, and yield it with who visits its address."""
    environment = {
        **os.environ, "XDG_DATA_HOME": str(home / "data"), "PYTHONPATH": str(QUIZZES.parent),
        "BROWSER": "true", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words, "--browser"], cwd=home, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/\S{20,}\n", said)):
            line = process.stdout.readline()
            assert line, said
            said += line
        process.said = said
        yield process, Visitor(found[0].strip())
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def ended(process):
    """Return the exit code and all that was said."""
    rest = process.stdout.read()
    return process.wait(timeout=60), process.said + rest


def history_of(home):
    return History(home / "data" / "dlgrade" / "quiz").events


def test_a_topic_is_worked_through_and_the_last_page_comes_before_the_end(tmp_path):
    """The page says what the terminal says: how many were right, and when to come back."""
    items = load_topic(QUIZZES, ITEM_TOPIC).items
    with started(tmp_path, ITEM_TOPIC) as (process, visitor):
        for item in items:
            visitor.post(visitor.look().filled("answer", **fields_of(draw_variant(item))))
            visitor.post(visitor.look().filled("next"))
        page = visitor.look()
        code, said = ended(process)
    line = f"{len(items)} of {len(items)} right at the first try."
    assert code == 0
    assert line in said
    assert line in page.text
    assert "Nothing is due today; next:" in page.text
    assert "This page may be closed" in page.text
    assert page.forms == {}
    assert "Stop in the page, or with Ctrl-C here; all is saved." in said
    assert history_of(tmp_path)[-1].done


def test_stopping_in_the_page_ends_the_command_and_says_how_to_go_on(tmp_path):
    """And the next time it is gone on with."""
    with started(tmp_path, ITEM_TOPIC, "--plain") as (process, visitor):
        first = load_topic(QUIZZES, ITEM_TOPIC).items[0]
        visitor.do("answer", **fields_of(draw_variant(first)))
        page = visitor.do("stop")
        code, said = ended(process)
    assert code == 0
    line = f"Stopped; 1 answer is saved. Go on with: dlgrade quiz {ITEM_TOPIC} --browser"
    assert line in said
    assert line in page.text
    assert not history_of(tmp_path)[-1].done
    with started(tmp_path, ITEM_TOPIC) as (process, visitor):
        assert "Going on where you stopped: 1 of" in visitor.look().text
        visitor.do("stop")
        assert ended(process)[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT for one process")
def test_an_interrupt_ends_it_as_in_a_terminal(tmp_path):
    """The sum is told, all is saved, and the code is that of an interrupt."""
    with started(tmp_path, ITEM_TOPIC) as (process, visitor):
        visitor.do("skip")
        process.send_signal(signal.SIGINT)
        code, said = ended(process)
    assert code == 130
    assert "Stopped; 1 answer is saved." in said
    assert "Traceback" not in said
    assert len(history_of(tmp_path)) == 1


def test_a_day_is_taken_in_the_browser_too(tmp_path):
    """Its plan is on the first page."""
    with started(tmp_path, "today") as (process, visitor):
        assert "Today: 8 new questions, about" in visitor.look().text
        visitor.do("stop")
        assert ended(process)[0] == 0


def test_questions_about_code_are_asked_in_the_browser_too(tmp_path):
    """Its lines keep their blanks; nothing is remembered, and the page says how to go on."""
    target = "train.early_stopping"
    words = ("quiz", "code", target, "--solutions", "--items", "1", "--seed", "4")
    with started(tmp_path, *words, module="grader") as (process, visitor):
        page = visitor.look()
        assert "1 question about your own code." in page.text
        assert re.search(r'<code class="text">    +\S', page.html)
        page = visitor.do("skip")
        assert "Skipped." in page.text
        page = visitor.do("stop")
        code, said = ended(process)
    line = f"Begin again with: dlgrade quiz code {target} --solutions --items 1 --seed 4 --browser"
    assert code == 0
    assert line in page.text
    assert line in " ".join(said.split())
    assert history_of(tmp_path) == []


def test_without_anything_to_ask_no_browser_is_opened(tmp_path):
    """It is one line in the terminal, as without."""
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(QUIZZES.parent)}
    found = subprocess.run(
        [sys.executable, "-m", "grader.quiz", "review", "--browser"], env=environment,
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert "nothing is due" in found.stdout
    assert "http:" not in found.stdout


@pytest.mark.parametrize(
    ("name", "opened"), [("lynx", 0), ("/usr/bin/w3m", 0), ("firefox", 1), ("", 1)]
)
def test_a_browser_without_a_window_would_take_the_terminal_and_is_not_opened(
    monkeypatch, name, opened
):
    """The address is printed for whoever wants it there."""
    import webbrowser

    calls = []
    found = SimpleNamespace(name=name, open=calls.append)
    monkeypatch.setattr(webbrowser, "get", lambda: found)
    screens.open_address("http://127.0.0.1:1/x")
    assert len(calls) == opened


def test_where_the_browser_does_not_open_no_other_one_takes_the_terminal(monkeypatch):
    """Python would go on to the next that it finds, and that may be one without a window."""
    import webbrowser

    called = []
    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setattr(webbrowser, "_tryorder", ["broken", "lynx"])
    for name in ("broken", "lynx"):
        made = SimpleNamespace(name=name, open=lambda *_, name=name: called.append(name))
        webbrowser._browsers[name] = [None, made]
    screens.open_address("http://127.0.0.1:1/x")
    assert called == ["broken"]


@pytest.mark.parametrize("fault", ["Error", "ValueError", "OSError"])
def test_where_there_is_no_browser_nothing_is_said(monkeypatch, fault):
    """The address stands in the terminal; a BROWSER that cannot be read is none."""
    import webbrowser

    def none():
        raise {"Error": webbrowser.Error, "ValueError": ValueError, "OSError": OSError}[fault]

    monkeypatch.setattr(webbrowser, "get", none)
    assert screens.open_address("http://127.0.0.1:1/x") is None


@pytest.fixture
def screen():
    """Return a screen that opens no browser, and a sitting for it."""
    history = History(Path("nowhere"))
    history.give_up()
    items = load_topic(QUIZZES, ITEM_TOPIC).items
    sitting = Sitting(items, history=history, clock=Clock(), warn=print, label=ITEM_TOPIC)
    return screens.BrowserScreen(open_browser=lambda _: None), sitting


def test_where_nothing_can_be_served_one_line_says_so(screen, monkeypatch):
    """A machine without loopback, or none that is allowed: the terminal is still there."""

    def refuse(_):
        raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(screens, "LoopbackServer", refuse)
    shown, sitting = screen
    with pytest.raises(UsageError, match=r"Cannot assign .*without --browser"):
        shown.hold(sitting)


def test_an_interrupt_before_anything_is_served_waits_for_nothing(screen, monkeypatch):
    """A server that never began cannot be shut down."""

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(screens.Thread, "start", interrupt)
    shown, sitting = screen
    with pytest.raises(KeyboardInterrupt):
        shown.hold(sitting)


def test_no_wait_is_longer_than_a_turn(screen, monkeypatch):
    """On Windows Ctrl-C is heard between two waits alone, at the last page as well."""
    waits = []

    class Unset:
        set = staticmethod(lambda: None)

        @staticmethod
        def wait(seconds):
            waits.append(seconds)
            return len(waits) == 3

    shown, sitting = screen
    monkeypatch.setattr(screens, "Event", Unset)
    shown.hold(sitting)
    shown.close()
    assert len(waits) > 3
    assert set(waits) == {screens.TURN_S}
