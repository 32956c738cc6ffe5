"""`dlgrade draw`: a picture at once, of one's own functions, of the case that fails, in a file."""

from __future__ import annotations

import os
import re
import shutil
import zipfile

import pytest
from classes import command
from started import run_dlgrade

from grader.cli.exporting import require_picture
from grader.errors import UsageError

PAD = """import numpy as np


def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("negative")
    return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)
"""
EVERYWHERE = PAD.replace("[(0, 0)] * 2 + [(padding, padding)] * 2", "padding")
SHIFTED = PAD.replace("    return np", "    return np.roll(np").replace("* 2)\n", "* 2), 1, 3)\n")
REFUSES_NOTHING = """def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    return (input_size + 2 * padding - kernel_size) // max(1, stride) + 1
"""
NAME = "conv.zero_pad2d"


@pytest.fixture
def dlgrade(tmp_path, cache_home, course):
    folder = tmp_path / "exercises"
    shutil.copytree(course.exercises_dir, folder, ignore=shutil.ignore_patterns("*.toml", "__*"))
    variables = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home), "COLUMNS": "80",
        "PYTHONUTF8": "1",
    }  # fmt: skip

    def run(*arguments, where=folder):
        return run_dlgrade(*arguments, folder=where, variables=variables)

    run.folder, run.variables = folder, variables
    return run


def test_alone_it_lists_the_drawings_and_whose_they_are(dlgrade):
    done = dlgrade("draw")
    assert done.returncode == 0
    for word in ("window", "conv.im2col", "attention", "of no exercise"):
        assert word in done.stdout


def test_a_stub_is_drawn_with_question_marks_at_once_and_with_the_command_that_helps(dlgrade):
    done = dlgrade("draw", "zero_pad2d")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("?") >= 81
    assert f"? {NAME}: not written yet; dlgrade check {NAME}" in done.stdout
    both = dlgrade("draw", "im2col").stdout  # which draws another one's numbers, too
    assert "? conv.correlate2d, conv.im2col: not written yet; dlgrade check conv.im2col\n" in both


def test_what_passes_is_drawn_after_a_check_that_is_remembered_until_it_is_edited(dlgrade):
    (dlgrade.folder / "conv.py").write_text(PAD)
    first = dlgrade("draw", NAME)
    assert first.stderr == f"dlgrade: checking {NAME} first ...\n"
    assert "?" not in first.stdout
    assert "padded[0, 0] (9, 9)" in first.stdout
    again = dlgrade("draw", NAME)
    assert (again.stdout, again.stderr) == (first.stdout, "")
    (dlgrade.folder / "conv.py").write_text(PAD.replace("(padding, padding)", "(padding, 0)"))
    edited = dlgrade("draw", NAME, "--case", "lecture")
    assert "checking" in edited.stderr
    assert f"? {NAME}: does not pass" in edited.stdout


def test_a_failing_check_offers_the_drawing_of_its_case_and_that_is_what_is_drawn(dlgrade):
    (dlgrade.folder / "conv.py").write_text(SHIFTED)
    printed = dlgrade("check", NAME).stdout
    (line,) = re.findall(r"^  Look at it: (.*)$", printed, re.MULTILINE)
    assert line == f"dlgrade draw {NAME}"
    call = re.search(r"^  (zero_pad2d\(.*\)) *$", printed, re.MULTILINE)[1]
    drawn = dlgrade(*line.split()[1:]).stdout
    assert f"the case that fails: {call}" in re.sub(r"\s+", " ", drawn)
    assert "*" in drawn
    assert "n* wrong, says the check" in drawn
    lecture = dlgrade("draw", NAME, "--case", "lecture").stdout
    assert "the case that fails" not in lecture
    assert "padded[0, 0] (9, 9)" in lecture


def test_a_failing_case_that_raised_says_so_and_which_command_tells_more(dlgrade):
    raises = PAD.replace("    if padding < 0:\n", "    if padding >= 0:\n")
    (dlgrade.folder / "conv.py").write_text(raises)
    drawn = re.sub(r"\s+", " ", dlgrade("draw", NAME).stdout)
    assert "(?)" in drawn
    assert f"; it raised ValueError: negative; dlgrade check {NAME} says where" in drawn
    long = raises.replace('"negative"', '"a\\x1b[31m\\n" * 500')
    (dlgrade.folder / "conv.py").write_text(long)
    drawn = dlgrade("draw", NAME).stdout
    assert "more characters)" in drawn
    assert "\x1b" not in drawn


def test_nothing_is_offered_where_there_is_no_drawing_and_of_a_refusal(dlgrade):
    (dlgrade.folder / "pool.py").write_text("def flatten(x):\n    return x.reshape(1, -1)\n")
    assert "Look at it" not in dlgrade("check", "pool.flatten").stdout
    (dlgrade.folder / "conv.py").write_text(REFUSES_NOTHING)
    printed = dlgrade("check", "conv.conv_output_size").stdout
    assert "Hold it" in printed
    assert "Look at it" not in printed
    drawn = dlgrade("draw", "conv.conv_output_size")
    assert drawn.returncode == 0
    assert "cannot be drawn: here are the lecture's numbers" in drawn.stderr


def test_a_drawing_is_written_to_a_file_for_a_slide(dlgrade):
    (dlgrade.folder / "conv.py").write_text(PAD)
    done = dlgrade("draw", NAME, "-o", "pad.svg", "--padding", "2", "--step", "0")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("dlgrade: saved in pad.svg\n")
    text = (dlgrade.folder / "pad.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg ")
    assert "padded[0, 0] (11, 11)" in text
    assert dlgrade("draw", NAME, "-o", "pad.html").returncode == 0
    assert "<svg " in (dlgrade.folder / "pad.html").read_text(encoding="utf-8")


def test_a_picture_that_is_there_is_replaced_as_a_whole_and_nothing_stays_beside_it(dlgrade):
    (dlgrade.folder / "pad.svg").write_text("old " * 100_000)
    before = {file.name for file in dlgrade.folder.iterdir()}
    assert dlgrade("draw", "receptive", "-o", "pad.svg").returncode == 0
    assert (dlgrade.folder / "pad.svg").read_text(encoding="utf-8").endswith("</svg>\n")
    assert {file.name for file in dlgrade.folder.iterdir()} - before <= {".dlgrade.json"}


def test_a_place_that_may_not_be_written_is_told_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    for where in (tmp_path / "new.svg", tmp_path / "old.html"):
        (tmp_path / "old.html").touch()
        with pytest.raises(UsageError, match=r"-o: .* cannot be written"):
            require_picture(where)


@pytest.mark.parametrize("extra", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_without_colours_or_a_cursor_a_terminal_gets_one_picture_in_plain_letters(dlgrade, extra):
    pexpect = pytest.importorskip("pexpect", reason="pexpect is missing (POSIX terminals only)")
    first, *words = command("draw", "receptive", "--step", "0")
    child = pexpect.spawn(
        first, words, cwd=str(dlgrade.folder), env=dlgrade.variables | extra, dimensions=(24, 80),
        encoding="utf-8", timeout=60,
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert ("[*]" if "TERM" in extra else "[·]") in child.before
    assert not re.search(r"\x1b\[(3|4|9|10)\d", child.before)  # no colour, no cursor moved
    assert ("\x1b" in child.before) == ("TERM" not in extra)  # bold and dim are no colours


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("imcol",), "is called 'imcol'; did you mean 'conv.im2col'?"),
        (("losses.mse_loss",), "there is no drawing of losses.mse_loss; `dlgrade draw` lists"),
        (("lstm", "--stride", "2"), "--stride: the drawing lstm has no stride"),
        (("receptive", "--step", "99"), "--step: this drawing has no step 99; its steps"),
        (("conv_output_size", "--step", "99"), "its steps are fewer"),
        (("receptive", "-o", "x.png"), "-o: x.png should end with .svg or .html"),
        (("receptive", "-o", "no/x.svg"), "-o: there is no folder"),
        (("receptive", "-o", "folder.svg"), "-o: folder.svg is a folder; name a file in it"),
        (("receptive", "--dir", "nowhere"), "--dir: there is no folder nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told_in_one_line(dlgrade, arguments, said):
    (dlgrade.folder / "folder.svg").mkdir()
    done = dlgrade("draw", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_any_exercises_a_drawing_has_its_geometry(dlgrade, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = dlgrade("draw", "window", where=empty)
    assert done.returncode == 0
    assert "its file is not here" in done.stdout
    assert dlgrade("draw", "receptive", where=empty).stdout.count("[·]") == 20
    assert list(empty.iterdir()) == []


def test_what_was_handed_in_as_a_zip_is_drawn(dlgrade):
    with zipfile.ZipFile(dlgrade.folder / "mine.zip", "w") as made:
        made.writestr("conv.py", PAD)
    done = dlgrade("draw", NAME, "--dir", "mine.zip")
    assert done.returncode == 0
    assert "padded[0, 0] (9, 9)" in done.stdout
    assert "?" not in done.stdout


def test_a_file_with_another_name_is_drawn_as_it_is_graded(dlgrade):
    (dlgrade.folder / "conv.py").unlink()
    (dlgrade.folder / "conv (1).py").write_text(EVERYWHERE)
    done = dlgrade("draw", NAME)
    assert done.returncode == 0
    assert "conv (1).py" in done.stderr
    assert "the case that fails" in done.stdout
