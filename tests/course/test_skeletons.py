"""A course and an exercise that are begun by a command work as they are, and nothing is lost."""

from __future__ import annotations

import re
import shlex

import pytest
from started import run_dlgrade

from grader.course.course import find_course
from grader.course.stubs import derive_stub


@pytest.fixture
def begun(tmp_path, cache_home):
    def dlgrade(*words, folder=tmp_path):
        usual = {"XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home)}
        return run_dlgrade(*words, folder=folder, variables=usual)

    done = dlgrade("new-course", "my course")
    assert done.returncode == 0, done.stderr
    return dlgrade, tmp_path / "my course", done


def files_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_said_next_can_be_typed_and_succeeds(begun):
    dlgrade, folder, done = begun
    added = dlgrade("--course", folder, "new-exercise", "signals.blur")
    assert added.returncode == 0, added.stderr
    more = dlgrade("new-exercise", "basics.triple", folder=folder)
    for said, here in ((done, folder.parent), (added, folder.parent), (more, folder)):
        lines = [line for line in said.stdout.splitlines() if line.startswith("  dlgrade ")]
        assert len(lines) == 3
        for line in lines:
            tried = dlgrade(*shlex.split(line)[1:], folder=here)
            assert tried.returncode == 0, f"{line}\n{tried.stdout}{tried.stderr}"
        assert re.search(r"^sharp ", tried.stdout, re.MULTILINE)
    assert find_course(folder).ids == ("basics.double", "basics.triple", "signals.blur")


def test_a_new_module_gets_a_page_where_the_others_have_one(begun):
    dlgrade, folder, _ = begun
    dlgrade("--course", folder, "new-exercise", "signals.blur")
    assert (folder / "topics" / "signals.md").read_text().startswith("# signals")
    (folder / "topics" / "signals.md").write_text("# Mine")
    dlgrade("--course", folder, "new-exercise", "signals.sharpen")
    assert (folder / "topics" / "signals.md").read_text() == "# Mine"


def test_the_stubs_of_a_new_course_are_not_written_yet_and_say_what_to_fill_in(begun):
    dlgrade, folder, _ = begun
    done = dlgrade("--course", folder, "check", "--dir", folder / "exercises")
    assert done.returncode == 1
    assert "not written yet" in done.stdout
    for part in ("solutions/basics.py", "checks/basics/double.py", "topics/basics.md"):
        assert "FILL IN" in (folder / part).read_text()


def test_a_new_exercise_keeps_what_its_module_held(begun):
    dlgrade, folder, _ = begun
    before = (folder / "solutions" / "basics.py").read_text()
    dlgrade("--course", folder, "new-exercise", "basics.triple")
    after = (folder / "solutions" / "basics.py").read_text()
    assert after.startswith(before)
    assert (folder / "exercises" / "basics.py").read_text() == derive_stub(after)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new-exercise", "basics.double"), "double.py exists already"),
        (("new-exercise", "basics"), "it is MODULE.NAME, like conv.blur"),
        (("new-exercise", "basics.a.b"), "it is MODULE.NAME, like conv.blur"),
        (("new-exercise", "basics.2nd"), "'2nd' is not made of letters"),
        (("new-exercise", "basics._own"), "'_own' is not made of letters"),
        (("new-exercise", "../away.x"), "it is MODULE.NAME, like conv.blur"),
        (("new-exercise", "a/b.x"), "'a/b' is not made of letters"),
        (("new-exercise", "class.x"), "'class' is not made of letters"),
        (("new-exercise", "random.x"), "would hide the library random"),
        (("new-exercise", "basics.Linear"), "write a class by docs/author/authoring.md"),
        (("new-exercise", "basics.np"), "has something called np already"),
        (("new-exercise", "alone.x"), "alone.py exists without"),
        (("new-exercise", "broken.x"), "broken.py cannot be read"),
        (("new-course", "."), "is not empty; name a new folder"),
        (("new-course", "inner"), "lies in the course"),
        (("new-course", "checks/inner"), "lies in the course"),
        (("stubs",), "broken.py cannot be read"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_one_line_and_leaves_all_as_it_was(begun, words, said):
    dlgrade, folder, _ = begun
    (folder / "exercises" / "alone.py").write_text("def y(x):\n    raise NotImplementedError\n")
    (folder / "solutions" / "broken.py").write_text("def y(x:\n")
    before = files_of(folder)
    done = dlgrade(*words, folder=folder)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line
    assert files_of(folder) == before


@pytest.mark.parametrize("words", [("stubs",), ("new-exercise", "a.b")])
def test_outside_of_a_course_the_command_that_begins_one_is_named(begun, words):
    dlgrade, folder, _ = begun
    for asked in (words, ("--course", "nowhere", *words)):
        done = dlgrade(*asked, folder=folder.parent)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert "solutions" in line
    assert "dlgrade new-course DIR" in dlgrade(*words, folder=folder.parent).stderr


def test_stubs_are_written_where_they_differ_and_nowhere_else(begun):
    dlgrade, folder, _ = begun
    stub = folder / "exercises" / "basics.py"
    right = stub.read_text()
    stub.write_text("another text\n")
    assert "wrote" in dlgrade("stubs", folder=folder).stdout
    assert stub.read_text() == right
    assert "is as its solution has it" in dlgrade("stubs", folder=folder).stdout
