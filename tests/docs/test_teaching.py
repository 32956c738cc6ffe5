"""docs/instructor/teaching.md is followed word for word, from release to the last export."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from classes import ROOT, SANDBOX, dlgrade

PAGE = ROOT / "docs" / "instructor" / "teaching.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(line, folder, code=0):
    words = shlex.split(line)
    assert words[0] == "dlgrade"
    if words[1] == "grade" and SANDBOX == "none":
        words += ["--sandbox", "none"]  # what this machine cannot do is no part of a term
    done = dlgrade(*words[1:], folder=folder)
    assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
    return done


def test_a_term_is_taught_word_for_word(tmp_path):
    lines = [
        line
        for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        for line in block.splitlines()
    ]
    assert lines[:2] == ["cp -r examples/term term", "cd term"]
    folder = tmp_path / "term"
    shutil.copytree(ROOT / "examples" / "term", folder)
    told, asked = {}, []
    for line in lines[2:]:
        kind = line.partition(" --format ")[2].split(" ")[0]
        done = run(line, folder)
        if line.split()[1] == "show":
            asked.append(done.stdout)
        else:
            told[kind or line.split()[1]] = done

    assert [line.split()[1] for line in lines[2:]] == [
        "release", "grade", "report", *["show"] * 8, "override", "extend", "excuse", "feedback",
        "feedback", "export", "export", "export",
    ]  # fmt: skip
    readme = (folder / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (\d+) \|.*, which is named", readme, re.MULTILINE)
    for number, name in zip(named, ("padded-every-axis", "one-padding"), strict=True):
        assert name in run(f"dlgrade show gradebook.db {number}", folder).stdout
    the_class, story, exercise, mistake, changes, came, printed, typed = asked
    assert "13 students, 11 handed in" in the_class
    assert "Example, Given04" in story
    assert "3.5 of 4 points" in story
    assert "Example, Given05" in mistake
    assert mistake.count("padded-every-axis: ") == 1
    assert "negative padding: 8 of 11 passed" in exercise
    assert "no grade changed" in changes
    assert "content graded" in " ".join(came.split())
    assert "nothing was printed" in printed
    assert typed.startswith("dlgrade check conv.zero_pad2d --seed ")
    shown = run(typed.strip().splitlines()[0], folder, code=1).stdout
    assert "every axis" in " ".join(shown.split())
    assert not list((folder / "students").rglob("solutions"))
    graded = told["grade"].stdout
    assert "graded hw2_conv_final.py as conv.py" in graded
    assert "conv.py is saved as UTF-16; save it as UTF-8" in graded
    assert "handed in nothing: Example, Given11" in graded
    assert "not on the roster: strangersam" in graded
    assert (folder / "report" / "index.html").stat().st_size < 2_000_000
    assert len(list((folder / "feedback").glob("*.html"))) == 13  # twelve, and Sam
    assert len((folder / "feedback" / "index.csv").read_text().splitlines()) == 14
    with zipfile.ZipFile(folder / "feedback.zip") as archive:  # eleven who handed in a file
        names = archive.namelist()
    assert "examplegiven02_LATE_1002_9002_conv.html" in names
    assert len(names) == len(list((folder / "hw2").iterdir())) == 11
    copy = (folder / "research.csv").read_text()
    assert len(copy.splitlines()) == 14
    assert not [word for word in ("example", "1002", "user02", "misleading") if word in copy]
    assert "The text of the exercise was misleading." in (folder / "points.csv").read_text()
    assert "The text of the exercise was misleading." in told["canvas"].stderr


def test_the_file_for_canvas_has_the_points_that_the_example_says(tmp_path):
    folder = tmp_path / "term"
    shutil.copytree(ROOT / "examples" / "term", folder)
    run("dlgrade grade hw2 --assignment hw2 --only conv.zero_pad2d --only conv.conv_output_size "
        "--roster canvas.csv", folder)  # fmt: skip
    rule = "2026-11-01 00:00Z: 10%/day, at most 50%, marked 20%"
    done = run(f"dlgrade export gradebook.db --format canvas --into canvas.csv -o out.csv "
               f'--late "{rule}"', folder)  # fmt: skip
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        points = {row["ID"]: row["hw2 (4711)"] for row in csv.DictReader(file)}
    assert [points[str(number)] for number in range(1001, 1013)] == [
        "4.0", "3.2", "4.0", "3.5", "3.0", "4.0", "4.0", "4.0", "1.0", "3.0", "0.0", "EX",
    ]  # fmt: skip
    assert "1 excused in the file, so left as they are: Example, Given12" in done.stderr


def test_the_autograder_that_gives_results_back_finds_those_of_its_submission(tmp_path):
    (script,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    for name in ("source", "results"):
        (tmp_path / name).mkdir()
    (tmp_path / "source" / "results.json").write_text('{"77": {"score": 2.0}}')
    for number, wanted in ((77, {"score": 2.0}), (78, {"output": "not graded yet"})):
        (tmp_path / "submission_metadata.json").write_text(json.dumps({"id": number}))
        line = [sys.executable, "-c", script.replace("/autograder", str(tmp_path))]
        subprocess.run(line, check=True)
        assert json.loads((tmp_path / "results" / "results.json").read_text()) == wanted
