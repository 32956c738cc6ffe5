"""A class of 120 goes in as each platform hands it out, and comes out as the platform takes it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from classes import HALF, RIGHT, dlgrade, grade
from downloads import PLATFORMS, make_pupils

LATE = "2026-11-01 00:00Z: 10%/day, at most 50%"
BY_HAND, UNMATCHED = 6, 1


def run(*words):
    done = dlgrade(*words)
    assert done.returncode == 0, done.stderr
    return done


def expected(pupil, platform):
    """Return the points that go out for one of the class: late is who a platform says is late."""
    if pupil.number == BY_HAND:
        return 0.25
    if pupil.missing:
        return 0.0
    late = pupil.late and platform in ("gradescope", "classroom")  # others give files no time
    return (1.0 if pupil.right else 0.5) * (0.8 if late else 1.0)


@pytest.fixture(scope="module", params=PLATFORMS)
def term(request, tmp_path_factory, shared_bank):
    """Grade a platform's download; return its name, the folder and the class."""
    tmp_path = tmp_path_factory.mktemp(request.param)
    pupils = make_pupils()
    own = PLATFORMS[request.param](
        tmp_path / "download", pupils, lambda one: RIGHT if one.right else HALF
    )
    (tmp_path / "own.csv").write_bytes(own.encode())
    shutil.copytree(shared_bank, tmp_path / "g.db.bank")
    done = grade(
        tmp_path / "download", tmp_path / "g.db", "--assignment", "hw2", "--seed", "5",
        "--roster", tmp_path / "own.csv",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("handed in nothing:") >= 10
    assert done.stdout.count("not on the roster:") == UNMATCHED
    boss = pupils[BY_HAND]
    key = boss.login if request.param == "classroom" else boss.id
    run("override", tmp_path / "g.db", key, "conv.zero_pad2d", "0.25", "--why", "seen by hand")
    return request.param, tmp_path, pupils


def test_a_class_goes_in_and_its_points_come_out(term):
    platform, folder, pupils = term
    if platform in ("canvas", "moodle"):
        wanted = {one.id: expected(one, platform) for one in pupils}
        assert filled(platform, folder) == wanted
        return
    text = run("export", folder / "g.db", "--format", "csv", "--late", LATE).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    found = {row["id"]: float(row["after_late"]) for row in rows}
    wanted = {key_of(platform, one): expected(one, platform) for one in pupils}
    assert wanted.items() <= found.items()
    assert len(found) == len(wanted) + UNMATCHED
    assert sum(row["handed_in"] == "no" for row in rows) == sum(one.missing for one in pupils)


def key_of(platform, pupil):
    """Return the roster's first key: Classroom's is what the instructor calls somebody by."""
    return pupil.email if platform == "classroom" else pupil.id


def filled(platform, folder):
    """Export into the platform's file; return the points in it, all other cells unchanged."""
    words = ("--format", platform, "--into", folder / "own.csv", "--late", LATE)
    done = run("export", folder / "g.db", *words)
    assert "seen by hand" in done.stderr
    assert "1 not in the file, so that their points go nowhere" in done.stderr
    texts = ((folder / "own.csv").read_bytes().decode(), done.stdout)
    separator = "," if platform == "canvas" else ";"
    before, after = (
        list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) for text in texts
    )
    points = {}
    for old, new in zip(before, after, strict=True):
        assert [old[i] for i in range(len(old)) if i != 4] == [*new[:4], *new[5:]]
        if old[4] != new[4]:
            key = new[1] if platform == "canvas" else new[0].removeprefix("Teilnehmer/in")
            points[key] = float(new[4].replace(",", "."))
    return points


def test_every_student_of_a_class_gets_results_that_gradescope_takes(term):
    platform, folder, pupils = term
    for one in (pupils[4], pupils[8], pupils[BY_HAND]):
        words = ("--format", "gradescope", "--student", key_of(platform, one), "--late", LATE)
        results = json.loads(run("export", folder / "g.db", *words).stdout)
        assert results["score"] == expected(one, platform)
        assert [test["max_score"] for test in results["tests"]] == [1.0]
