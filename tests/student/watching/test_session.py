"""What `dlgrade watch` shows, event by event, with real checks and no terminal."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import textwrap
import threading
import time

import pytest
from rich.console import Console

from grader.course.outline import outline_of
from grader.engine.engine import Engine
from grader.model import Limits
from grader.render.lists import render_around
from grader.student.folder import function_text, replace_function
from grader.student.progress import Progress, ProgressFile
from grader.student.standing import read_standings
from grader.student.watching.checker import Checker
from grader.student.watching.session import Key, WatchSession

PATIENCE_S = 60.0  # the first check of all imports torch, perhaps on a busy machine
WRONG = (
    "def conv_output_size(n, f, stride=1, padding=0):\n    return (n + padding - f) // stride + 1\n"
)
STRIDELESS = """import numpy as np


def im2col(x, kernel_size, stride=1, padding=0):
    (high, wide), frame = kernel_size, [(0, 0)] * 2 + [(padding, padding)] * 2
    n, c, h, w = x.shape
    down, right = ((s + 2 * padding - k) // stride + 1 for s, k in ((h, high), (w, wide)))
    p = np.pad(x, frame)
    cols = np.zeros((n, c * high * wide, down * right))
    for place in range(down * right):
        i, j = divmod(place, right)
        cols[:, :, place] = p[:, :, i : i + high, j : j + wide].reshape(n, -1)
    return cols
"""
LOOPING = (
    "from pathlib import Path\nPath(__file__).with_name('looping').touch()\nwhile True: pass\n"
)
LOOP = "def conv_output_size(n, f, stride=1, padding=0):\n" + textwrap.indent(LOOPING, "    ")


def wait_until(happened):
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


class Evening:
    """Run a session on a thread, and wait for what it shows."""

    def __init__(self, course, bank, folder, targets):
        self.folder, self.output = folder, io.StringIO()
        console = Console(file=self.output, width=100, color_system=None, force_terminal=False)
        engine = Engine(course, limits=Limits(timeout_s=10 * PATIENCE_S), bank=bank)
        self.store = ProgressFile(folder)
        chosen = course.find(targets)
        self.session = WatchSession(engine, folder, chosen, console, self.store, given=folder)
        self.thread = threading.Thread(target=self.session.run, daemon=True)
        self.thread.start()
        self._read = 0

    def expect(self, words):
        """Return what was shown since the last time up to these words."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            text = self.output.getvalue()
            found = text.find(words, self._read)
            if found >= 0:
                shown, self._read = text[self._read : found + len(words)], found + len(words)
                return shown
            time.sleep(0.02)

        raise AssertionError(f"{words!r} was not shown after: {text[self._read :]}")

    def press(self, key):
        self.session._events.put(Key(key))

    def save(self, name, text):
        (self.folder / name).write_text(text)

    def quit(self):
        self.press("q")
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@pytest.fixture
def start(course, bank, tmp_path):
    """Start evenings that end with the test."""
    started = []

    def begin(*targets):
        folder = tmp_path / "my exércises"
        shutil.copytree(course.exercises_dir, folder)
        evening = Evening(course, bank, folder, targets)
        started.append(evening)
        evening.expect("q quit")
        return evening

    yield begin
    for evening in started:
        evening.quit()


def solved(course, *names):
    """Return the stub file with some functions of the solution."""
    stub = (course.exercises_dir / "conv.py").read_text()
    answer = (course.solutions_dir / "conv.py").read_text()
    for name in names:
        stub = replace_function(stub, name, function_text(answer, name))
    return stub


def test_a_save_brings_a_verdict_the_message_and_then_the_next_exercise(start, course):
    evening = start("conv")
    evening.save("conv.py", "import numpy as np\n" + WRONG)
    evening.expect("conv.py saved: checking conv.conv_output_size")
    shown = evening.expect("h shows a hint")
    assert "✘ conv.conv_output_size" in shown
    assert "Likely:" in shown
    evening.save("conv.py", solved(course, "conv_output_size"))
    shown = evening.expect("Next: conv.zero_pad2d")
    assert "✔ conv.conv_output_size" in shown
    assert evening.store.load().record("conv.conv_output_size").status == "passed"


def test_of_all_modules_the_next_is_in_the_one_that_was_saved_and_begins_there_another_day(
    start, course
):
    evening = start()
    evening.save("conv.py", solved(course, "conv_output_size"))
    evening.expect("conv.py saved: checking conv.conv_output_size")
    evening.expect("Next: conv.zero_pad2d")
    evening.expect("q quit")
    assert evening.store.load().at == "conv"
    again = WatchSession(
        evening.session.engine, evening.folder, evening.session.exercises, evening.session.console,
        evening.store,
    )  # fmt: skip
    again._checker.close()
    assert again._current.id == "conv.zero_pad2d"


def test_only_what_a_change_touches_is_checked(start, course):
    evening = start("conv")
    evening.save("conv.py", solved(course, "conv_output_size", "zero_pad2d"))
    evening.expect("Next: conv.correlate2d")
    evening.expect("q quit")
    other = "def zero_pad2d(x, padding):\n    return x\n"
    text = (evening.folder / "conv.py").read_text()
    evening.save("conv.py", replace_function(text, "zero_pad2d", other))
    shown = evening.expect("q quit")
    assert "checking conv.zero_pad2d" in shown
    assert "conv.conv_output_size" not in shown


def test_what_the_shown_call_printed_is_shown(start):
    evening = start("conv.conv_output_size")
    evening.save("conv.py", WRONG.replace("    return", "    print('seen', n)\n    return"))
    shown = evening.expect("h shows a hint")
    assert re.search(r"printed:\s+seen \d+\s", shown)


def test_half_saved_files_are_survived(start, course):
    evening = start("conv.conv_output_size")
    evening.save("conv.py", "def conv_output_size(n,\n")
    assert "SyntaxError" in evening.expect("q quit")
    (evening.folder / "conv.py").unlink()
    assert "there is no file conv.py" in evening.expect("q quit")
    evening.save("conv.py", "x = undefined\n" + WRONG)
    assert "NameError" in evening.expect("q quit")
    evening.save("conv.py", solved(course, "conv_output_size"))
    evening.expect("Well done")


def test_the_next_save_interrupts_an_endless_loop(start, course):
    evening = start("conv.conv_output_size")
    evening.save("conv.py", LOOP)
    wait_until((evening.folder / "looping").exists)
    evening.save("conv.py", solved(course, "conv_output_size"))
    evening.expect("Well done")  # the loop alone may compute for longer than this waits


def test_an_import_that_loops_is_interrupted_too(start, course):
    evening = start("conv.conv_output_size")
    evening.save("conv.py", LOOPING + WRONG)
    wait_until((evening.folder / "looping").exists)
    evening.save("conv.py", solved(course, "conv_output_size"))
    evening.expect("Well done")


def test_keys_give_a_hint_the_list_the_next_exercise_and_the_long_form(start):
    evening = start("conv")
    evening.press("h")
    assert "hint 1/3" in evening.expect("1. ")
    evening.press("H")
    evening.expect("hint 2/3")
    evening.press("l")
    assert "conv.conv2d_backward" in evening.expect("0 of 10 exercises passed")
    evening.press("n")
    evening.expect("next: checking conv.zero_pad2d")
    evening.expect("q quit")
    evening.press("e")
    evening.expect("What it is:")
    evening.press("\n")
    evening.expect("again: checking conv.zero_pad2d")
    evening.press("?")
    evening.expect("q quit")


def test_of_more_exercises_than_a_screen_holds_the_list_has_those_of_the_module(start):
    evening = start()
    evening.session.console = Console(
        file=evening.output, width=80, height=24, color_system=None, force_terminal=True
    )
    evening.press("l")
    shown = evening.expect("Every exercise: dlgrade list")
    lines = shown.splitlines()
    assert len(lines) < 24
    here = evening.session._current.module
    rows = [line for line in lines if " / " in line]
    assert len(rows) > 1
    assert all(line.startswith(f"{here}.") for line in rows)
    assert {one.module for one in evening.session.exercises} <= set(shown.split())
    assert "exercises passed" in lines[-2]


@pytest.mark.parametrize("plain", [False, True])
def test_a_screen_of_80_by_24_holds_the_list_around_every_module(course, plain):
    exercises = course.find([])
    standings = read_standings(None, [outline_of(one) for one in exercises], Progress())
    for module in {one.module for one in exercises}:
        console = Console(width=80, height=24, file=io.StringIO())
        shown = render_around(standings, module, rows=22, plain=plain)
        assert len(console.render_lines(shown)) <= 22, module


def test_closing_the_terminal_ends_it(start):
    evening = start("conv")
    evening.press("")
    evening.thread.join(PATIENCE_S)
    assert not evening.thread.is_alive()


def test_an_own_file_beside_the_exercises_counts(start, course):
    evening = start("conv.conv_output_size")
    wrong = WRONG.replace("return", "return answer() +")
    evening.save("helper.py", "def answer():\n    return 0\n")
    evening.expect("helper.py saved: checking conv.conv_output_size")
    evening.expect("q quit")
    evening.save("conv.py", "from helper import answer\n" + wrong)
    evening.expect("wrong answer")
    evening.expect("q quit")


def test_what_is_left_out_of_a_file_is_told(start, course):
    evening = start("conv.conv_output_size")
    evening.save("conv.py", "import torch\n" + solved(course, "conv_output_size"))
    assert "torch (conv.py, line 1)" in evening.expect("Well done")


def test_a_file_in_another_encoding_is_named(start, course):
    evening = start("conv.conv_output_size")
    text = solved(course, "conv_output_size")
    (evening.folder / "conv.py").write_bytes(text.encode("utf-16"))
    evening.expect("conv.py is saved as UTF-16; save it as UTF-8")
    evening.expect("q quit")


class HastyQueue:
    """Return from `put` only when the checker has begun with the wish, or is done with it."""

    def __init__(self, checker, inner, news):
        self._checker, self._inner, self._news = checker, inner, news

    def put(self, wish):
        before = self._checker._seat
        self._inner.put(wish)
        wait_until(lambda: wish is None or self._is_begun(wish, before))

    def _is_begun(self, wish, before):
        told = any(item.number == wish.number for item in self._news)
        return told or self._checker._seat is not before

    def get(self, timeout):
        return self._inner.get(timeout=timeout)


def test_a_wish_that_is_taken_at_once_is_not_the_one_that_is_given_up(course, bank, tmp_path):
    (tmp_path / "conv.py").write_text(solved(course, "conv_output_size"))
    news = []
    checker = Checker(Engine(course, bank=bank), tmp_path, news.append)
    checker._wishes = HastyQueue(checker, checker._wishes, news)
    exercise = course.exercise("conv.conv_output_size")
    checker.start([exercise])  # whoever waits in the old queue takes this one
    wait_until(lambda: any(item.kind == "done" for item in news))
    wish = checker.start([exercise])
    wait_until(lambda: any(item.kind == "done" and item.number == wish for item in news))
    checker.close()


def test_results_of_a_check_that_was_given_up_are_not_told(course, bank, tmp_path):
    (tmp_path / "conv.py").write_text(LOOP)
    news = []
    engine = Engine(course, limits=Limits(timeout_s=10 * PATIENCE_S), bank=bank)
    checker = Checker(engine, tmp_path, news.append)
    exercise = course.exercise("conv.conv_output_size")
    first = checker.start([exercise])
    wait_until((tmp_path / "looping").exists)
    (tmp_path / "conv.py").write_text(solved(course, "conv_output_size"))
    second = checker.start([exercise])
    wait_until(lambda: any(item.kind == "done" for item in news))
    checker.close()
    assert {item.number for item in news} == {second}
    assert first != second
    assert news[-1].results[0].status == "passed"


def test_each_key_acts_on_what_the_screen_announced(start, course):
    evening = start("conv")
    evening.save("conv.py", solved(course, "conv_output_size"))
    evening.expect("Next: conv.zero_pad2d")
    evening.expect("q quit")
    evening.press("r")
    evening.expect("again: checking conv.conv_output_size")
    evening.expect("Next: conv.zero_pad2d")
    evening.expect("q quit")
    evening.press("h")
    evening.expect("conv.zero_pad2d  hint 1/")
    evening.press("n")
    evening.expect("next: checking conv.zero_pad2d")
    evening.expect("q quit")
    evening.press("n")
    evening.expect("next: checking conv.correlate2d")


def test_a_save_in_a_package_of_the_students_own_is_checked(start, course):
    evening = start("conv.conv_output_size")
    helpers = evening.folder / "helpers"
    helpers.mkdir()
    (helpers / "__init__.py").write_text("")
    (helpers / "ops.py").write_text("STEP = 2\n")
    body = "def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n"
    body += (
        "    return conv_check(input_size, kernel_size, stride, padding) // STEP\n"
        "def conv_check(n, f, s, p):\n"
        "    if min(n, f, s) < 1 or p < 0 or n + 2 * p < f:\n"
        "        raise ValueError\n"
        "    return (n + 2 * p - f) // s + 1\n"
    )
    evening.save("conv.py", "from helpers.ops import STEP\n" + body)
    evening.expect("✘ conv.conv_output_size")
    evening.expect("q quit")
    (helpers / "ops.py").write_text("STEP = 1\n")
    evening.expect("helpers/ops.py saved: checking conv.conv_output_size")
    evening.expect("✔ conv.conv_output_size")


def test_a_failing_check_offers_the_drawing_of_its_case_and_a_key_draws_it(start):
    evening = start("conv")
    evening.save("conv.py", STRIDELESS)
    evening.expect("✘ conv.im2col")
    shown = evening.expect("q quit")
    where = shlex.quote(str(evening.folder))
    assert f"Look at it: d, or dlgrade draw conv.im2col --dir {where}" in shown
    evening.press("d")
    shown = evening.expect("dlgrade check conv.im2col")
    assert "The window that moves" in shown
    assert "the case that fails: im2col(" in shown
    assert "n* wrong, says the check" in shown


def test_the_key_that_draws_shows_question_marks_of_a_stub_and_says_where_there_is_no_drawing(
    start,
):
    evening = start("conv.zero_pad2d", "pool.flatten")
    evening.press("d")
    assert evening.expect("zero_pad2d: not written yet").count("?") > 80
    evening.press("n")
    evening.expect("checking pool.flatten")
    evening.expect("q quit")
    evening.press("d")
    evening.expect("there is no drawing of pool.flatten; `dlgrade draw` lists what there is")
