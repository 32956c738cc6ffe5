"""docs/teaching.md is followed word for word, from release to the last export."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from classes import HALF, RIGHT, SANDBOX, environment
from downloads import canvas, make_pupils

PAGE = Path(__file__).resolve().parents[2] / "docs" / "teaching.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(line, folder):
    words = shlex.split(line)
    assert words[0] == "dlgrade"
    if (
        words[1] == "grade" and SANDBOX == "none"
    ):  # what this machine cannot do is no part of a term
        words += ["--sandbox", "none"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader", *words[1:]], cwd=folder, env=environment(),
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done


def test_a_term_is_taught_word_for_word(tmp_path):
    pupils = make_pupils(12)
    own = canvas(tmp_path / "hw2", pupils, lambda one: RIGHT if one.right else HALF)
    (tmp_path / "canvas.csv").write_bytes(own.encode())
    lines = [
        line
        for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        for line in block.splitlines()
    ]
    told = {line.split()[1]: run(line, tmp_path) for line in lines}

    assert [line.split()[1] for line in lines] == [
        "release", "grade", "report", "override", "extend", "excuse", "feedback",
        "export", "export",
    ]  # fmt: skip
    assert not list((tmp_path / "students").rglob("solutions"))
    assert "handed in nothing: " in told["grade"].stdout
    assert "not on the roster: strangersam" in told["grade"].stdout
    assert (tmp_path / "report" / "index.html").stat().st_size < 2_000_000
    assert len(list((tmp_path / "feedback").iterdir())) == len(pupils) + 1
    assert "The text of the exercise was misleading." in (tmp_path / "points.csv").read_text()
    assert "The text of the exercise was misleading." in told["export"].stderr
    with (tmp_path / "canvas-filled.csv").open(encoding="utf-8", newline="") as file:
        points = {row["ID"]: row["hw2 (4711)"] for row in csv.DictReader(file) if row["ID"] != "5"}
    points.pop("")
    assert points == {one.id: expected(one) for one in pupils}


def expected(pupil):
    """Return what Canvas is told: exercises without code earn nothing, LATE costs nothing alone."""
    if pupil.missing:
        return "EX"  # all of them, which is one: the page excuses 1011
    if pupil.number == 4:
        return "0.75"
    return "1.0" if pupil.right else "0.5"
