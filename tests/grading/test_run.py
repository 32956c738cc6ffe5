"""`dlgrade grade` from the outside: every submission is graded, and nothing is lost or gained."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile

import classes
import pytest
from classes import CRASHING, ONLY, RIGHT, ROOT, TORCH, WRONG, grade, make_class

from grader.model import Status
from grader.render.signs import word_for


def archive(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in files.items():
            file.writestr(name.replace("__", "/") + ".py", text)
    return buffer.getvalue()


FUNCTION = RIGHT.replace("import numpy as np\n", "")
CELLS = ["%matplotlib inline\nimport numpy as np", "raise RuntimeError('half done')", FUNCTION]
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in CELLS]})


def test_every_kind_of_submission_is_graded_and_what_is_none_is_named(tmp_path, book):
    folder = make_class(
        tmp_path / "hw", right=RIGHT, wrong=WRONG, crash=CRASHING, torch=TORCH, broken="def x(:\n",
        empty="x = 1\n", **{"zipped.zip": archive(zipped__conv=RIGHT), "evil.zip": b"no zip",
        "note.ipynb": NOTEBOOK.encode(), "readme.txt": b"hi"},
    )  # fmt: skip
    (folder / "linked").mkdir()
    (folder / "linked" / "conv.py").symlink_to("../right/conv.py")
    done = grade(folder, book, "--seed", 5)
    assert done.returncode == 0, done.stderr
    assert "skipped readme.txt" in done.stdout
    assert {name: found[ONLY] for name, found in classes.statuses(book).items()} == {
        "right": "passed", "zipped": "passed", "note": "passed", "wrong": "failed",
        "crash": "crashed", "torch": "rejected", "evil": "rejected", "linked": "rejected",
        "broken": "missing", "empty": "missing",
    }  # fmt: skip
    documents = classes.results(book)
    for name, document in documents.items():
        full = document["possible"] if name in ("right", "zipped", "note") else 0.0
        assert document["earned"] == full or name == "wrong"
    (entry,) = documents["wrong"]["exercises"]
    assert entry["diagnosis"]
    assert entry["counterexample"]["shrunk"]
    assert documents["right"]["sandbox"] == classes.SANDBOX
    assert "commonest mistakes" in done.stdout
    assert re.search(rf"crash +conv\.zero_pad2d +{word_for(Status.CRASHED)}", done.stdout)


def test_a_warning_about_a_submission_is_shown_with_it(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=WRONG)
    make_class(folder / "a", exercises=RIGHT)
    done = grade(folder, book, "--seed", 5)
    assert classes.statuses(book)["a"][ONLY] == "passed"
    assert "warning: there is conv.py beside exercises/" in done.stdout


def test_a_terminal_gets_a_progress_bar_and_no_line_for_each(tmp_path, book):
    import pty

    folder = make_class(tmp_path / "hw", a=RIGHT, b=RIGHT + "#")
    line = classes.command("grade", folder, "--gradebook", book, "--seed", 5, "--only", ONLY,
                           "--sandbox", classes.SANDBOX)  # fmt: skip
    ours, theirs = pty.openpty()
    run = subprocess.Popen(line, stdout=theirs, stderr=theirs,
                           env=classes.environment(TERM="xterm"))  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # the other side has closed the terminal
    os.close(ours)
    assert run.wait() == 0
    assert b"2/2" in shown
    assert b"[1/2]" not in shown


def test_the_same_content_under_two_names_is_graded_once_for_both(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=WRONG, b=WRONG)
    grade(folder, book, "--seed", 5, "--jobs", 1)
    one, two = (classes.results(book)[name] for name in "ab")
    assert one["exercises"] == two["exercises"]
    connection = sqlite3.connect(book)
    assert connection.execute("SELECT count(*) FROM fact").fetchone() == (1,)
    connection.close()


def test_two_jobs_and_one_give_the_same_gradebook(tmp_path, book, shared_bank):
    texts = {f"s{n}": (RIGHT, WRONG, CRASHING)[n % 3] + f"# {n}\n" for n in range(6)}
    folder = make_class(tmp_path / "hw", **texts)
    shutil.copytree(shared_bank, tmp_path / "two.db.bank")
    grade(folder, book, "--seed", 5, "--jobs", 1)
    grade(folder, tmp_path / "two.db", "--seed", 5, "--jobs", 2)
    assert classes.without_times(book) == classes.without_times(tmp_path / "two.db")


ODD_NAMES = ["new\nline", "esc\x1b[31mape", "<b>html<!--", 'quo"te', "=1+1", "zo\udcff"]


def test_odd_names_are_harmless_on_the_screen_and_in_every_export(tmp_path, book):
    folder = make_class(tmp_path / "hw", **dict.fromkeys(ODD_NAMES, RIGHT))
    done = grade(folder, book, "--seed", 5)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert sum(line.startswith("[") for line in done.stdout.splitlines()) == len(ODD_NAMES)
    assert {"=1+1", "new\nline", "zo\\xff"} <= set(classes.results(book))
    table = classes.dlgrade("export", book, "--format", "csv", encoding=None).stdout
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert len(rows) == len(ODD_NAMES)
    assert b"\x1b" not in table


def test_a_hostile_submission_changes_nothing_about_its_neighbours(tmp_path, book, shared_bank):
    good = {"good1": RIGHT, "good2": WRONG}
    bad = {
        "fork": "import os\ndef zero_pad2d(x, padding):\n    while True: os.fork()\n",
        "kill": "import os\ndef zero_pad2d(x, padding):\n    os.kill(-1, 9)\n",
        "killer": "import os\ndef zero_pad2d(x, padding):\n    os.killpg(0, 9)\n",
        "output": "def zero_pad2d(x, padding):\n    while True: print('x' * 9999)\n",
        "memory": "def zero_pad2d(x, padding):\n    return [bytearray(2**27) for _ in range(99)]\n",
        "late": "import os, time\ndef zero_pad2d(x, padding):\n"
                "    if os.fork() == 0: time.sleep(99)\n    return x\n",
        "exit": "import os\nos._exit(0)\n",
    }  # fmt: skip
    if classes.SANDBOX == "none":
        for name in ("fork", "kill"):
            del bad[name]  # without a sandbox these reach the machine: docs/instructor/security.md
    shutil.copytree(shared_bank, tmp_path / "alone.db.bank")
    grade(make_class(tmp_path / "alone" / "hw", **good), tmp_path / "alone.db", "--seed", 5)
    done = grade(make_class(tmp_path / "all" / "hw", **good, **bad), book, "--seed", 5,
                 "--timeout", "2", "--jobs", 2)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    both = classes.without_times(book)
    alone = classes.without_times(tmp_path / "alone.db")
    assert {name: both[name] for name in alone} == alone
    assert {both[name]["earned"] for name in bad} == {0}


def test_two_deliveries_of_one_name_cost_these_two_and_not_the_run(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=RIGHT, b=RIGHT, **{"a.zip": b""})
    done = grade(folder, book)
    assert done.returncode == 3, done.stderr
    said = done.stdout + done.stderr
    assert "a.zip" in said
    assert "another delivery has the same name" in said
    entries = classes.without_times(book)
    assert entries["a"]["complete"] is False
    assert entries["b"]["complete"] is True
    assert entries["b"]["earned"] > 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
def test_the_uid_sandbox_closes_what_an_unused_user_must_not_read(tmp_path, book):
    course = tmp_path / "course"
    shutil.copytree(ROOT / "exercises", course / "exercises")
    shutil.copytree(ROOT / "grader" / "checks", course / "checks")
    shutil.copytree(ROOT / "solutions", course / "solutions")
    for folder in [*course.iterdir(), *course.parents][:-2]:
        folder.chmod(0o755)
    (course / "solutions" / "conv.py").chmod(0o644)
    stealing = f"""
def zero_pad2d(x, padding):
    names = {{}}
    exec(open({str(course / "solutions" / "conv.py")!r}).read(), names)
    return names["zero_pad2d"](x, padding)
"""
    folder = make_class(tmp_path / "hw", thief=stealing, right=RIGHT)
    done = classes.dlgrade("--course", course, "grade", folder, "--gradebook", book,
                           "--only", ONLY, "--sandbox", "uid", "--jobs", 1)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {n: found[ONLY] for n, found in classes.statuses(book).items()} == {
        "right": "passed", "thief": "error",
    }  # fmt: skip
    for private in (course / "solutions", folder, book, tmp_path / "g.db.bank"):
        assert private.stat().st_mode & 0o077 == 0, private
    assert classes.results(book)["right"]["sandbox"] == "uid"


@pytest.mark.bwrap
@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
def test_the_example_class_gets_the_right_scores(tmp_path, engine, course):
    book = tmp_path / "g.db"
    for exercise in course.find(["conv", "pool"]):
        engine.case_set(exercise)  # the cases that all tests share
    (tmp_path / "g.db.bank").mkdir()
    for file in engine.bank.folder.glob("*.bank"):
        shutil.copy(file, tmp_path / "g.db.bank")
    done = grade(ROOT / "examples" / "class", book, "--seed", 0, "--timeout", "2", only="conv pool")
    assert done.returncode == 0, done.stderr
    found = classes.results(book)
    assert {name: (d["earned"], d["possible"]) for name, d in found.items()} == {
        "right-loops": (50.0, 50.0), "right-einsum": (50.0, 50.0), "ties-all-paid": (48.5, 50.0),
        "flipped-kernel": (45.0, 50.0), "cropped-padding": (23.0, 50.0),
        "endless-loop": (18.0, 50.0), "half-written": (4.5, 50.0), "syntax-error": (0.0, 50.0),
    }  # fmt: skip
    named = {
        (name, e["id"]): e["diagnosis"]["id"]
        for name, d in found.items() for e in d["exercises"] if e["diagnosis"]
    }  # fmt: skip
    assert (
        named.items()
        >= {
            ("flipped-kernel", "conv.correlate2d"): "flipped-kernel",
            ("flipped-kernel", "conv.conv2d_forward"): "flipped-kernel",
            ("cropped-padding", "conv.col2im"): "empty-crop",
            ("cropped-padding", "conv.conv2d_backward"): "empty-crop",
            ("ties-all-paid", "pool.max_pool2d_backward"): "every-tie-paid",
        }.items()
    )
