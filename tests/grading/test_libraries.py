"""A course may allow an import: in `check` and `grade` alike, and in what it hands out."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from classes import ONLY, SANDBOX, make_class, statuses
from libraries import INNER, NAME, USER, copy_course, install, note_version, with_library
from started import run_dlgrade

from grader.course.course import find_course
from grader.course.handout.release import Release
from grader.errors import CourseError

OTHER = USER.replace("padlib", "otherlib")


@pytest.fixture
def site(tmp_path):
    return install(tmp_path / "site")


def dlgrade(own, site, *words):
    return run_dlgrade("--course", own, *words, folder=own, variables=with_library(site))


def grade(own, site, folder, sandbox=SANDBOX):
    return dlgrade(own, site, "grade", folder, "--gradebook", folder.parent / "g.db",
                   "--sandbox", sandbox, "--only", ONLY, "--jobs", 1)  # fmt: skip


@pytest.mark.parametrize("sandbox", dict.fromkeys([SANDBOX, "none"]))
def test_what_is_allowed_may_be_imported_and_nothing_else(course, site, tmp_path, sandbox):
    own = copy_course(course, tmp_path / "own")
    folder = make_class(tmp_path / "hw", user=USER, other=OTHER)
    done = grade(own, site, folder, sandbox)
    assert done.returncode == 0, done.stderr
    found = statuses(tmp_path / "g.db")
    assert found == {"user": {ONLY: "passed"}, "other": {ONLY: "rejected"}}
    assert f"imports otherlib: only numpy, {NAME}, the standard library" in done.stdout
    for name, code in {"user": 0, "other": 1}.items():
        done = dlgrade(own, site, "check", ONLY, "--dir", folder / name, "--plain")
        assert done.returncode == code, done.stdout + done.stderr
    assert f"only numpy, {NAME}, the standard library" in done.stdout


def test_allowing_an_import_grades_again_and_taking_it_back_too(course, site, tmp_path):
    own = copy_course(course, tmp_path / "own", "[]")
    folder = make_class(tmp_path / "hw", user=USER)
    toml = own / "exercises" / "course.toml"
    for imports, status in {
        "[]": "rejected",
        f'["{NAME}"]': "passed",
        '["math"]': "rejected",
    }.items():
        first, _, rest = toml.read_text().partition("\n")
        assert first.startswith("imports")
        toml.write_text(f"imports = {imports}\n{rest}")
        done = grade(own, site, folder)
        assert done.returncode == 0, done.stderr
        assert statuses(tmp_path / "g.db") == {"user": {ONLY: status}}


def test_another_version_of_a_library_grades_again_under_the_same_cases(course, site, tmp_path):
    own = copy_course(course, tmp_path / "own")
    folder = make_class(tmp_path / "hw", user=USER)
    seen = []
    for version, inner in {"1.0": INNER, "2.0": INNER.replace("np.pad(x, ", "np.pad(-x, ")}.items():
        note_version(site, version)
        (site / NAME / "inner.py").write_text(inner)
        done = grade(own, site, folder)
        assert done.returncode == 0, done.stderr
        bank = (tmp_path / "g.db.bank").glob(f"{ONLY}-*.bank")
        kept = {one.name: sha256(one.read_bytes()).hexdigest() for one in bank}
        asked = dlgrade(own, site, "export", tmp_path / "g.db", "--format", "json")
        (document,) = json.loads(asked.stdout)["results"]
        seen.append((document["versions"][NAME], statuses(tmp_path / "g.db")["user"][ONLY], kept))
    (first, passed, kept), (second, failed, kept_then) = seen
    assert (first, passed, second, failed) == ("1.0", "passed", "2.0", "failed")
    assert len(kept) == 1
    assert len(kept_then) == 2, "right answers may be made with a library: they are worked out anew"
    assert {*kept.values()} == {*kept_then.values()}, "and here they are not"
    said = dlgrade(own, site, "show", tmp_path / "g.db", "--changes").stdout
    assert "another library" in " ".join(said.split())
    checked = dlgrade(own, site, "check", ONLY, "--dir", folder / "user", "--json")
    assert json.loads(checked.stdout)["versions"][NAME] == "2.0"


@pytest.mark.parametrize("broken", [False, True])
def test_a_library_that_is_not_there_costs_nobody_anything(course, tmp_path, broken):
    own = copy_course(course, tmp_path / "own")
    site = install(tmp_path / "site", text="import nowhere\n") if broken else tmp_path
    folder = make_class(tmp_path / "hw", user=USER)
    words = "cannot be imported where submissions run" if broken else f"pip install {NAME}"
    checked = dlgrade(own, site, "check", ONLY, "--dir", folder / "user")
    for done in (grade(own, site, folder), checked):
        assert done.returncode == 3
        assert words in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "g.db").exists()
    done = dlgrade(own, site, "doctor")
    assert f"import {NAME}" in done.stdout
    assert done.returncode == 3


@pytest.mark.parametrize(
    ("imports", "words"),
    [
        ('"scipy"', "imports is a list of names"),
        ("[1]", "imports is a list of names"),
        ('["scipy.stats"]', "'scipy.stats' is no name of a library"),
        ('[""]', "'' is no name of a library"),
        ('["class"]', "'class' is no name of a library"),
        ('["grader"]', "leave it out"),
        ('["torch"]', "torch holds the right answers of the checks"),
        ('["torch"]\nabout_torch = true', "torch holds the right answers of the checks"),
        ('["torch"]\nabout_torch = "no"', "about_torch is true or false"),
    ],
)
def test_what_is_no_list_of_libraries_is_said(course, tmp_path, imports, words):
    own = copy_course(course, tmp_path / "own", imports)
    with pytest.raises(CourseError) as caught:
        assert find_course(own).imports
    assert str(own / "exercises" / "course.toml") in str(caught.value)
    assert words in str(caught.value)


def test_torch_is_allowed_where_the_course_says_that_it_is_not_about_torch(course, tmp_path):
    own = copy_course(course, tmp_path / "own", '["torch"]\nabout_torch = false')
    assert find_course(own).imports == ("torch",)


def test_a_list_that_cannot_be_read_ends_a_command_with_one_line(course, tmp_path):
    own = copy_course(course, tmp_path / "own", '["scipy.stats"]')
    make_class(tmp_path / "hw", user=USER)
    for asked in (("check", ONLY, "--dir", tmp_path / "hw" / "user"),
                  ("grade", tmp_path / "hw", "--gradebook", tmp_path / "g.db")):  # fmt: skip
        done = dlgrade(own, tmp_path, *asked)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert str(own / "exercises" / "course.toml") in line
        assert "'scipy.stats' is no name of a library" in line


def test_what_is_handed_out_allows_it_and_installs_it(course, tmp_path):
    own = find_course(copy_course(course, tmp_path / "own", f'["{NAME}", "json", "yaml"]'))
    assert own.imports == (NAME, "yaml")
    for files in (Release(own).student_files(), Release(own).gradescope_files("hw", 5)):
        lines = files["requirements.txt"].decode().splitlines()
        assert lines[1:] == [NAME, "PyYAML"]
        toml = next(text for name, text in files.items() if name.endswith("exercises/course.toml"))
        assert f'imports = ["{NAME}"'.encode() in toml
