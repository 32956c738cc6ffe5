"""Data files of a course: what is listed goes out beside the stubs, and never the answers."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from grader.course.course import find_course
from grader.course.handout.data import data_files
from grader.errors import CourseError
from grader.student.folder import lay_out

PIXELS = Path(__file__).resolve().parents[2] / "examples" / "courses" / "pixels"


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the pixels course that may be changed."""
    return shutil.copytree(PIXELS, tmp_path / "course")


def listing(folder, value):
    (folder / "exercises" / "course.toml").write_text(f"data = {value}\n")
    return find_course(folder)


def test_what_is_listed_is_laid_out_beside_the_stubs_in_its_folder(folder, tmp_path):
    (folder / "exercises" / "data").mkdir()
    (folder / "exercises" / "data" / "words.txt").write_text("a dog")
    (folder / "exercises" / "data" / "unlisted.txt").write_text("mine")
    course = listing(folder, '["contest_data.npz", "data/words.txt"]')
    lay_out(course, tmp_path / "own")
    assert (tmp_path / "own" / "data" / "words.txt").read_text() == "a dog"
    assert (tmp_path / "own" / "contest_data.npz").is_file()
    assert not (tmp_path / "own" / "data" / "unlisted.txt").exists()


REFUSED = {
    '"contest_data.npz"': "data is a list of files",
    "[3]": "data is a list of files",
    '["../checks/contest/held_out.npz"]': "is hidden, or leads out of",
    '["/etc/passwd"]': "is no path inside of",
    '["data//x.npz"]': "is no path inside of",
    '[""]': "is no path inside of",
    '[".env"]': "is hidden, or leads out of",
    '["contest.py"]': "is no data",
    '["README.md"]': "is no data",
    '["link.npz"]': "is a link",
    '["below/held_out.npz"]': "is a link",
    '["none.npz"]': "there is no file",
    '["data"]': "there is no file",
}


@pytest.mark.parametrize(("value", "said"), REFUSED.items())
def test_what_is_no_ordinary_file_of_the_exercises_is_refused_in_a_line(folder, value, said):
    exercises = folder / "exercises"
    (exercises / "data").mkdir()
    (exercises / "link.npz").symlink_to(folder / "checks" / "contest" / "held_out.npz")
    (exercises / "below").symlink_to(folder / "checks" / "contest")
    (exercises / ".env").write_text("x")
    with pytest.raises(CourseError, match=re.escape(said)) as refused:
        data_files(listing(folder, value))
    assert "course.toml: data" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_copy_of_the_held_out_labels_is_refused_whole_or_among_other_arrays(folder):
    held = folder / "checks" / "contest" / "held_out.npz"
    shutil.copy(held, folder / "exercises" / "copy.npz")
    labels = np.load(held)["labels"]
    np.savez(folder / "exercises" / "all.npz", x=np.zeros(3), y_test=labels.astype(float))
    for name in ("copy.npz", "all.npz"):
        with pytest.raises(CourseError, match=r"holds what contest\.predict compares"):
            data_files(listing(folder, f'["{name}"]'))
