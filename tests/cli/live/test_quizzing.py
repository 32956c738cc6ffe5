"""`dlgrade quiz code` from outside: about code that passes, and nothing is changed by it."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from started import run_dlgrade
from typer.main import get_command

from grader.cli import quizzes
from grader.quiz.cli import OTHERS
from grader.quiz.items.loading import load_topic
from grader.quiz.lint.problems import find_problems


@pytest.fixture(scope="module")
def passed(tmp_path_factory, cache_home, course):
    """Return a folder in which `pool` has passed, as the last check noted."""
    folder = tmp_path_factory.mktemp("passed")
    shutil.copy(course.solutions_dir / "pool.py", folder)
    shutil.copy(course.exercises_dir / "conv.py", folder)
    done = run_dlgrade("check", "pool", folder=folder, variables=around(folder, cache_home))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


WINDOWS = (
    "pool.flatten",
    *(f"pool.{kind}_pool2d_{way}" for kind in ("avg", "max") for way in ("forward", "backward")),
)


def around(folder, cache_home):
    return os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home),
        "XDG_DATA_HOME": str(folder / "data"), "COLUMNS": "80",
    }  # fmt: skip


@pytest.fixture
def quiz(passed, cache_home):
    def run(*words, typed=""):
        return run_dlgrade(
            "quiz", "code", *words, folder=passed, variables=around(passed, cache_home), typed=typed
        )

    return run


def seen(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_code_that_passes_is_asked_about_and_stays_as_it_is(quiz, passed):
    before = seen(passed)
    done = quiz(*WINDOWS, "--items", "2", "--seed", "4", typed="a\nb\nc\n")
    assert done.returncode == 0, done.stderr
    assert "2 questions about your own code. The same again: dlgrade quiz code" in done.stdout
    assert "Type ? for help, undo (u) to take back, quit (q) to stop." in done.stdout
    assert re.search(r"To read: pool\.py, line \d+", done.stdout)
    assert "A check says: " in done.stdout.replace("\n", " ")
    assert seen(passed) == before  # no history, either


def test_the_same_seed_asks_the_same(quiz):
    """The command that the end names asks the very same questions."""
    first = quiz("pool", "--items", "2", typed="q\n")
    said = " ".join(first.stdout.split())
    told = said.partition("nothing was saved. Begin again with: dlgrade quiz code ")[2]
    assert quiz(*told.split(), typed="q\n").stdout == first.stdout
    assert re.fullmatch(r"pool --items 2 --seed \d+", told)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conv",), "nothing of conv has passed as it is now"),
        (("conw",), "did you mean 'conv'"),
        (("pool", "-o", "t.toml"), "-o writes the topic of `--solutions`"),
        (("pool", "--solutions", "-o", "t.txt"), "into a file that ends in .toml"),
        (("pool", "--items", "0"), "--items"),
        (("pool", "--dir", "nowhere"), "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_asked_is_one_line(quiz, words, said):
    done = quiz(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_topic_about_the_solutions_can_be_linted(quiz, tmp_path):
    done = quiz(
        *WINDOWS, "losses.mse_loss", "--solutions", "--seed", "1", "-o", tmp_path / "q.toml"
    )
    assert done.returncode == 0, done.stderr
    assert "do not hand it out before the deadline" in done.stderr
    topic = load_topic(tmp_path, "q")
    assert f"{len(topic.items)} questions in" in done.stdout
    assert {item.practise for item in topic.items} >= {"losses.mse_loss", "pool.max_pool2d_forward"}
    assert find_problems((topic,), 20) == []


def test_a_topic_that_cannot_be_written_is_one_line(quiz, tmp_path):
    done = quiz("pool.flatten", "--solutions", "-o", tmp_path / "no" / "q.toml")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_the_usage_of_quiz_names_the_commands_that_there_are():
    shown = [name for name, one in get_command(quizzes).commands.items() if not one.hidden]
    assert sorted(shown) == sorted(OTHERS)
