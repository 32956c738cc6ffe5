"""`dlgrade explain` shows a topic's page, or what an exercise asks, on any terminal."""

from __future__ import annotations

import os
import re

import pytest
from started import run_dlgrade

from grader.render.signs import worth


@pytest.fixture
def dlgrade(tmp_path, cache_home):
    """Run the command in an empty folder."""

    def run(*arguments, **extra):
        variables = os.environ | {
            "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home),
            "COLUMNS": "80", "PYTHONUTF8": "1", **extra,
        }  # fmt: skip
        return run_dlgrade(*arguments, folder=tmp_path, variables=variables)

    return run


def test_alone_it_lists_the_topics(dlgrade, course):
    done = dlgrade("explain")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[: len(course.modules)]] == list(course.modules)
    assert "one small window" in done.stdout


def test_a_module_is_its_page_within_80_columns(dlgrade, course):
    for module in course.modules:
        done = dlgrade("explain", module)
        assert done.returncode == 0
        assert max(map(len, done.stdout.splitlines())) <= 80
        for stub in course.stubs(module):
            assert stub.name in done.stdout
        assert "┏" not in done.stdout or module == "conv"  # no box around a title
    assert "finds edges" in dlgrade("explain", "conv").stdout


def test_an_exercise_is_what_it_asks_and_its_part_of_the_page(dlgrade, course):
    shown = " ".join(dlgrade("explain", "conv.im2col").stdout.split())
    assert f"conv.im2col {worth(course.exercise('conv.im2col').check.points)} builds" in shown
    assert "builds on conv.conv_output_size, conv.zero_pad2d" in shown
    assert "cols : ndarray of float64, shape (N, C * KH * KW, OH * OW)" in shown
    assert "Each window, written as a column" in shown
    assert "the way back" not in shown.lower()  # that is col2im's
    assert "dlgrade explain conv " in shown
    assert "dlgrade draw conv.im2col" in shown
    assert "dlgrade draw" not in dlgrade("explain", "losses.mse_loss").stdout  # there is none


@pytest.mark.parametrize("file", ["exercises/conv.py", "./conv.py", "/a/b/conv.py", "conv.md"])
def test_a_file_of_any_folder_is_its_module(dlgrade, file):
    """The page is the same whosever file it is: no option is asked for that there is none of."""
    done = dlgrade("explain", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == dlgrade("explain", "conv").stdout


def test_plain_has_no_pictures_and_says_so(dlgrade):
    done = dlgrade("explain", "conv", "--plain")
    assert done.stdout.startswith("conv: one small window")
    assert done.stdout.count("(A picture") == 2
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("cnov", "did you mean 'conv'?"),
        ("imcol", "did you mean 'conv.im2col'?"),
        ("zzzzz", "`dlgrade list` shows them all"),
    ],
)
def test_a_typo_is_told_what_was_meant(dlgrade, typed, words):
    done = dlgrade("explain", typed)
    assert done.returncode == 2
    assert words in done.stderr
    assert not done.stdout


def test_a_course_named_before_a_word_that_is_no_command_is_looked_at(dlgrade, course):
    folder = course.exercises_dir.parent / "examples" / "courses" / "streams"
    done = dlgrade("--course", folder, "streams")
    assert "did you mean 'dlgrade check streams'?" in done.stderr
    assert done.returncode == 2


def test_others_words_for_it_lead_to_it(dlgrade):
    assert "did you mean 'dlgrade explain'?" in dlgrade("learn", "conv").stderr


def test_a_course_without_pages_says_what_its_exercises_ask(dlgrade, course, tmp_path):
    own = tmp_path / "own"
    for name in ("exercises", "checks"):
        (own / name).mkdir(parents=True)
    (own / "exercises" / "embedding.py").write_bytes(
        (course.exercises_dir / "embedding.py").read_bytes()
    )
    (own / "checks" / "embedding").mkdir()
    for file in (course.checks_dir / "embedding").glob("*.py"):
        (own / "checks" / "embedding" / file.name).write_bytes(file.read_bytes())
    done = dlgrade("--course", str(own), "explain", "embedding")
    assert done.returncode == 0, done.stderr
    for name in ("build_vocabulary", "embedding_forward", "embedding_backward"):
        assert re.search(rf"^embedding\.{name}  \d", done.stdout, re.MULTILINE)


def test_check_explain_names_the_topic(dlgrade, course, tmp_path):
    (tmp_path / "conv.py").write_text("def correlate2d(image, kernel):\n    return image\n")
    shown = dlgrade("check", "conv.correlate2d", "--explain").stdout
    assert "The topic: dlgrade explain conv.correlate2d" in shown
