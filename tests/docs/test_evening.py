"""A student's evening in a real terminal: init, watch, a mistake, its name, a hint, a fix.

With DLGRADE_COMMAND in the environment another `dlgrade` has the same evening: the tests of the
wheel give it the one that was installed from there.
"""

from __future__ import annotations

import os
import re
import shlex
import sys

import pytest

from grader.course.course import find_course
from grader.student.folder import function_text, replace_function

pexpect = pytest.importorskip("pexpect", reason="pexpect is missing (POSIX terminals only)")
if not hasattr(pexpect, "spawn"):
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

PATIENCE_S = 240
NEARLY = """def im2col(x, kernel_size, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    views = np.lib.stride_tricks.sliding_window_view(x, kernel_size, (2, 3))
    views = views[:, :, ::stride, ::stride]
    return np.einsum("nchwkl->nklchw", views).reshape(len(x), -1, views.shape[2] * views.shape[3])
"""
NEARLY_ID = "conv.im2col"


def without_colours(text):
    """Return what a terminal shows of what it was sent."""
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;?]*[A-Za-z]", "", text)


class Terminal:
    """A pseudo-terminal of 80 columns in which one command runs."""

    def __init__(self, command, folder, home, **extra):
        environment = os.environ | {
            "XDG_CACHE_HOME": str(home), "TERM": "xterm-256color", "PYTHONUTF8": "1", **extra,
        }  # fmt: skip
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
            environment.pop(name, None)
        self.child = pexpect.spawn(
            command[0], command[1:], cwd=str(folder), env=environment, encoding="utf-8",
            timeout=PATIENCE_S, dimensions=(50, 80),
        )  # fmt: skip
        self.raw = ""

    def expect(self, words):
        """Return what was shown up to these words, without colours."""
        self.child.expect(re.escape(words).replace(r"\ ", r"(?:\x1b\[[0-9;]*m|\s)+"))
        self.raw += self.child.before + self.child.after
        return without_colours(self.child.before + self.child.after)

    def end(self):
        """Return the rest, and the exit code."""
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before
        self.child.close()
        return without_colours(self.child.before), self.child.exitstatus


@pytest.fixture
def evening(tmp_path, cache_home):
    """Start commands in one folder, whose name has a space and an accent."""
    given = os.environ.get("DLGRADE_COMMAND")
    command = shlex.split(given) if given else [sys.executable, "-m", "grader"]
    folder = tmp_path / "un soir à moi"
    folder.mkdir()

    def run(*arguments, **extra):
        return Terminal([*command, *arguments], folder, cache_home, **extra)

    run.folder = folder
    return run


def save(path, name, text):
    """Save as most editors do: write beside, then rename."""
    new = path.with_suffix(".tmp")
    source = path.read_text(encoding="utf-8")
    new.write_text(replace_function(source, name, text), encoding="utf-8")
    new.replace(path)


def solution(name):
    course = find_course()
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions to type in")
    return function_text((course.solutions_dir / "conv.py").read_text(encoding="utf-8"), name)


def test_an_evening(evening):
    screen = evening("init")
    text, code = screen.end()
    assert code == 0
    assert "Now: dlgrade watch" in text
    conv = evening.folder / "exercises" / "conv.py"

    watch = evening("watch", "conv")
    watch.expect("not written yet")
    watch.expect("q quit")

    for name in ("conv_output_size", "zero_pad2d", "correlate2d"):
        save(conv, name, solution(name))
        watch.expect(f"conv.{name}")
        watch.expect("Next:")
        watch.expect("q quit")

    save(conv, "im2col", NEARLY)
    watch.expect(f"checking {NEARLY_ID}")
    watch.expect("wrong answer")
    shown = watch.expect("q quit")
    assert "columns by OH,OW" in shown
    assert "*" in shown
    assert "Likely:" in shown
    assert "channel" in shown
    assert "exercises/conv.py:" in shown

    watch.child.send("h")
    watch.expect("hint 1/3")

    save(conv, "im2col", "def im2col(x, kernel_size, stride=1, padding=0):\n    while True: pass\n")
    watch.expect(f"checking {NEARLY_ID}")
    save(conv, "im2col", solution("im2col"))
    watch.expect(f"checking {NEARLY_ID}")
    shown = watch.expect("Next: conv.conv2d_forward")
    assert "✔" in shown
    watch.expect("q quit")

    watch.child.send("l")
    watch.expect("4 of 10 exercises passed")
    watch.child.send("q")
    text, code = watch.end()
    assert code == 0
    assert "Traceback" not in watch.raw
    assert "\x1b[3" in watch.raw  # in colour,
    assert "\x1b]8;" in watch.raw  # with links

    text, code = evening("list", "conv").end()
    lines = {line.split()[0]: line for line in text.splitlines() if line.startswith("conv.")}
    assert code == 0
    assert "4 / 4" in lines[NEARLY_ID]
    assert "passed" in lines[NEARLY_ID]
    assert "not written yet" in lines["conv.col2im"]
    text, code = evening().end()
    assert "Next: conv.conv2d_forward" in text  # where one was, not the first of the course


def test_ctrl_c_ends_watch_with_130_and_gives_the_terminal_back(evening):
    evening("init").end()
    watch = evening("watch", "embedding")
    watch.expect("q quit")
    watch.child.sendintr()
    text, code = watch.end()
    assert code == 130
    assert "Traceback" not in text
    assert "interrupted" in text
    text, code = evening("list", "embedding").end()  # the same terminal serves as before
    assert code == 0


def test_no_color_is_heard_in_a_terminal(evening):
    evening("init").end()
    check = evening("check", "embedding.build_vocabulary", NO_COLOR="1")
    check.end()
    assert not re.search(r"\x1b\[(?:\d+;)*3[0-7]", check.raw)


def test_plain_sends_no_escape_at_all(evening):
    evening("init").end()
    check = evening("check", "embedding.build_vocabulary", "--plain")
    text, code = check.end()
    assert code == 1
    assert "\x1b" not in check.raw
    assert "todo" in text
