"""What a submission can learn of the run around it, of its neighbours and of the cases: nothing."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import classes
import pytest
from classes import ONLY, RIGHT, children_of, make_class

from grader.course.handout.release import Release, write_archive

NEEDS_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
SEED = 7_306_914_528

SPY = """
import os, time
def look():
    for room in os.listdir("/tmp"):
        for inner, _, names in os.walk(os.path.join("/tmp", room)):
            for name in names:
                try: text = open(os.path.join(inner, name)).read()
                except (OSError, ValueError): continue
                if "def zero_pad2d" in text and "a-spy-is" + "-here" not in text: return text
def neighbours():
    for number in filter(str.isdigit, os.listdir("/proc")):
        try: words = open(f"/proc/{number}/cmdline").read()
        except OSError: continue
        folder = words.partition('"folder": "')[2].partition('"')[0]
        try: text = open(folder + "/conv.py").read()
        except OSError: continue
        if "a-spy-is" + "-here" not in text: return text
mark = "a-spy-is-here"
hit, end = None, time.time() + 4
while hit is None and time.time() < end:
    for search in (look, neighbours):
        try: hit = hit or search()
        except OSError: pass
    time.sleep(0.02)
if hit:
    exec(hit, globals())
"""


@NEEDS_ROOT
def test_a_spy_finds_no_neighbours_file_wherever_it_looks(tmp_path):
    students = {f"right{number}": RIGHT for number in range(4)}
    folder = make_class(tmp_path / "hw", spy=SPY, **students)
    done = classes.grade(folder, tmp_path / "g.db", "--jobs", "2", sandbox="uid")
    assert done.returncode == 0, done.stderr
    found = {name: status[ONLY] for name, status in classes.statuses(tmp_path / "g.db").items()}
    assert found.pop("spy") in {"missing", "timeout"}  # nothing that it could hand in as its own
    assert set(found.values()) == {"passed"}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="/proc is missing")
def test_the_seed_is_on_no_command_line_of_a_run(tmp_path):
    folder = make_class(tmp_path / "hw", a=RIGHT, b=RIGHT + "\n")
    classes.grade(folder, tmp_path / "g.db", "--seed", SEED)  # leaves the cases in the bank
    (tmp_path / "g.db").unlink()
    line = classes.command("grade", folder, "--gradebook", tmp_path / "g.db", "--only", ONLY,
                           "--sandbox", classes.SANDBOX)  # fmt: skip
    run = subprocess.Popen(line, env=classes.environment(DLGRADE_SEED=str(SEED)),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    seen = {}
    while run.poll() is None:
        for pid in [run.pid, *children_of(run.pid)]:
            try:
                seen[pid] = Path(f"/proc/{pid}/cmdline").read_bytes() or seen.get(pid, b"")
            except OSError:
                continue
        time.sleep(0.02)
    assert run.wait() == 0, run.communicate()[0]
    run.stdout.close()
    assert any(b"child/__main__.py" in words for words in seen.values())
    assert any(b"grader.grading.job" in words for words in seen.values())
    assert not [words for words in seen.values() if str(SEED).encode() in words]
    assert classes.results(tmp_path / "g.db")["a"]["seed"] == SEED


STEALING = """
import os, sys
def words():
    found = []
    for place in ({root!r}, {root!r} + "/source", {root!r} + "/source/course/cases", "/proc"):
        numbers = filter(str.isdigit, os.listdir(place)) if place == "/proc" else ()
        for name in ("run_autograder", "seed", "kept.bank", *numbers):
            path = os.path.join(place, name)
            for inner in (path, path + "/cmdline", path + "/environ"):
                try: found.append(open(inner, errors="replace").read())
                except OSError: pass
    return "".join(found)
def zero_pad2d(x, padding):
    sys.path[:0] = {packages!r}
    torch = __import__("torch")
    return torch.nn.functional.pad(torch.from_numpy(x), (padding,) * 4).numpy()
def conv_output_size(*a, **k):
    try: text = words()
    except OSError: text = ""
    raise RuntimeError("found " + {seed!r} if {seed!r} in text else "nothing")
"""


@NEEDS_ROOT
@pytest.mark.skipif(not shutil.which("bash"), reason="bash is missing")
def test_gradescopes_autograder_gives_away_neither_its_seed_nor_torch(tmp_path, course):
    """Where namespaces are refused, as most containers do, and another user must serve."""
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    archive = tmp_path / "autograder.zip"
    targets = (ONLY, "conv.conv_output_size")
    kept = {"kept.bank": f"{SEED}\n".encode()}  # no case of it is ever asked for
    files = Release(course, targets=targets).gradescope_files("hw", SEED, kept)
    write_archive(archive, files)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (tools / "dlgrade").write_text(f'#!/bin/sh\nexec {sys.executable} -P -m grader "$@"\n')
    for path in [*tools.iterdir(), *root.rglob("*"), *(root / "source" / "x").parents][:-1]:
        path.chmod(0o755)
    packages = [path for path in sys.path if path.endswith("site-packages")]
    seed = files["seed"].decode().strip()
    text = STEALING.format(root=str(root), packages=packages, seed=seed)
    (root / "submission" / "conv.py").write_text(text)
    script = [shutil.which("bash"), str(root / "run_autograder")]
    done = subprocess.run(
        script, capture_output=True, text=True, check=False,
        env=classes.environment(
            AUTOGRADER_ROOT=str(root), DLGRADE=str(tools / "dlgrade"),
            PATH=f"{tools}{os.pathsep}{os.environ['PATH']}",
        ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = (root / "results" / "results.json").read_text()
    told = json.loads(results)
    assert told["score"] == 0
    assert len(told["tests"]) == 2
    assert seed not in results
    assert "found" not in results
    tried = f"{text}\nimport numpy\nprint(zero_pad2d(numpy.ones((1, 1, 1, 1)), 1).shape)\n"
    line = [sys.executable, "-c", f"{tried}conv_output_size()"]
    open_to_all = subprocess.run(line, capture_output=True, text=True, check=False)
    assert "(1, 1, 3, 3)" in open_to_all.stdout  # what it tries does work where nobody is shut out
    assert f"found {seed}" in open_to_all.stderr
    private = [root / "source" / "seed", root / "source" / "course" / "cases" / "kept.bank"]
    assert [stat.S_IMODE(file.stat().st_mode) & 0o077 for file in private] == [0, 0]
