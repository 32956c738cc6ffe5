"""Whatever ends a run: what was graded is there, and the next run completes it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import classes
import pytest
from classes import CRASHING, ONLY, RIGHT, WRONG, grade, make_class
from shared import shared_folder

from grader.gradebook.store.migration import create

PAUSES, PAUSE_S = 10, 30.0  # in a round, so that workers can share them
ROUNDS = [(0, 5), *(pytest.param(n, 10, marks=pytest.mark.slow) for n in range(1, 11))]
STUDENTS = 16


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return a class, and the gradebook of a run that nothing happened to."""
    return shared_folder(tmp_path_factory, "undisturbed", grade_undisturbed)


def grade_undisturbed(folder):
    texts = {
        f"s{n:02}": (RIGHT, WRONG, RIGHT, CRASHING)[n % 4] + f"# {n}\n" for n in range(STUDENTS)
    }
    make_class(folder / "hw", **texts)
    done = grade(folder / "hw", folder / "g.db", "--seed", 5, "--jobs", 2)
    assert done.returncode == 0, done.stderr


def start(folder, book, *words, stderr=subprocess.DEVNULL, **environment):
    line = classes.command("grade", folder / "hw", "--gradebook", book, "--seed", 5, "--only", ONLY,
                           "--sandbox", classes.SANDBOX, *words)  # fmt: skip
    return subprocess.Popen(
        line, env=classes.environment(**environment), stdout=subprocess.DEVNULL, stderr=stderr
    )


def disturb(run, generator):
    """End the run, one of its grading processes, workers or sandboxes; or interrupt it."""
    what = generator.choice(["parent", "interrupt", "one", "one", "family", "family", "terminate"])
    if what == "parent":
        classes.kill(run.pid)
    elif what == "interrupt":
        classes.kill(run.pid, signal.SIGINT)
    elif what == "terminate":
        classes.kill(run.pid, signal.SIGTERM)
    elif what == "one":  # and the run goes on
        family = classes.children_of(run.pid)
        if family:
            classes.kill(generator.choice(family))
    else:
        family = classes.children_of(run.pid)
        for pid in generator.sample(family, min(2, len(family))):
            classes.kill(pid)
        time.sleep(generator.uniform(0, 0.3))
        classes.kill(run.pid)


@pytest.mark.parametrize(("number", "kills"), ROUNDS)
def test_a_run_killed_at_random_moments_ends_with_the_undisturbed_gradebook(
    undisturbed, tmp_path, number, kills
):
    generator = random.Random(20261120 + number)
    book = tmp_path / "g.db"
    shutil.copytree(undisturbed / "g.db.bank", tmp_path / "g.db.bank")
    graded = 0
    for _ in range(kills):
        run = start(undisturbed, book)
        time.sleep(generator.uniform(0.2, 2.5))
        disturb(run, generator)
        run.wait(timeout=120)
        if book.exists() and book.stat().st_size:
            before, graded = graded, len(classes.graded(book))
            assert graded >= before, "what was graded is lost"
        if graded == STUDENTS:
            assert classes.without_times(book) == classes.without_times(undisturbed / "g.db")
            book.unlink()
            graded = 0
    done = grade(undisturbed / "hw", book, "--seed", 5)
    assert done.returncode == 0, done.stderr
    assert classes.without_times(book) == classes.without_times(undisturbed / "g.db")


def follows_its_parent(worker):
    """Tell whether a worker is through its start: one thread of it looks after its parent."""
    return len(list(Path(f"/proc/{worker}/task").glob("*"))) > 1


def are_through(workers, sandbox):
    """Tell whether workers, and what they are inside of, know whose end is theirs.

    In a sandbox that is so once it has started Python: bubblewrap asks for it before.
    """
    if sandbox == "none":
        return bool(workers) and all(map(follows_its_parent, workers))
    try:
        started = [Path(f"/proc/{one}/cmdline").read_bytes() for one in workers]
    except OSError:  # it has ended meanwhile
        return False
    return any(b"python" in one.partition(b"\0")[0] for one in started)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody wakes what is stopped")
@pytest.mark.parametrize("sandbox", dict.fromkeys([classes.SANDBOX, "none"]))
@pytest.mark.parametrize("killed", ["the run", "its grading process"])
def test_what_is_stopped_when_the_run_is_killed_ends_with_it(
    undisturbed, tmp_path, sandbox, killed
):
    book = tmp_path / "g.db"
    shutil.copytree(undisturbed / "g.db.bank", tmp_path / "g.db.bank")
    run = start(undisturbed, book, "--sandbox", sandbox, "--jobs", 1)
    end = time.monotonic() + 60
    while not (book.exists() and book.stat().st_size and classes.graded(book)):
        assert time.monotonic() < end
        time.sleep(0.1)
    job, *workers = classes.children_of(run.pid)
    while not are_through(workers, sandbox):
        assert run.poll() is None, "it was over before anything of it could be stopped"
        time.sleep(0.02)  # one for each submission: others may be there by now
        job, *workers = classes.children_of(run.pid) or [0]
    for pid in [job] if killed == "the run" else workers:
        classes.kill(pid, signal.SIGSTOP)
    if killed != "the run":
        classes.kill(job)
    classes.kill(run.pid)
    run.wait(timeout=30)
    end = time.monotonic() + 20
    while any(classes.is_alive(pid) for pid in (job, *workers)):
        assert time.monotonic() < end, "something outlived the run"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_a_run_paused_at_random_moments_gives_the_undisturbed_gradebook(
    undisturbed, tmp_path, number
):
    generator = random.Random(20261126 + number)
    book = tmp_path / "g.db"
    shutil.copytree(undisturbed / "g.db.bank", tmp_path / "g.db.bank")
    paused = 0
    while paused < PAUSES:
        run = start(undisturbed, book)
        while paused < PAUSES and run.poll() is None:
            time.sleep(generator.uniform(0.2, 2.5))
            family = [run.pid, *classes.children_of(run.pid)]
            if run.poll() is None and classes.kill(pid := generator.choice(family), signal.SIGSTOP):
                time.sleep(PAUSE_S)
                classes.kill(pid, signal.SIGCONT)
                paused += 1
        assert run.wait(timeout=300) == 0
        assert classes.without_times(book) == classes.without_times(undisturbed / "g.db")
        book.unlink()


def test_a_full_disk_ends_the_run_with_one_line_and_the_next_one_completes_it(
    undisturbed, tmp_path
):
    book = tmp_path / "g.db"
    shutil.copytree(undisturbed / "g.db.bank", tmp_path / "g.db.bank")
    line = classes.command("grade", undisturbed / "hw", "--gradebook", book, "--seed", 5,
                           "--only", ONLY, "--sandbox", classes.SANDBOX, "--jobs", 1)  # fmt: skip
    whole = (undisturbed / "g.db").stat().st_size
    empty = tmp_path / "empty.db"
    create(empty)
    full = (empty.stat().st_size + whole) // 2  # a file's bytes: some students find room
    limiting = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, "
    limiting += f"({full}, {full})); os.execv(sys.executable, sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", limiting, *line],
        env=classes.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stdout
    assert "what was graded so far is kept" in done.stderr
    assert "Traceback" not in done.stderr
    known = classes.without_times(book)
    kept = {name: known[name] for name in classes.graded(book)}
    assert 0 < len(kept) < len(known) == STUDENTS
    assert grade(undisturbed / "hw", book, "--seed", 5).returncode == 0
    final = classes.without_times(book)
    assert {name: final[name] for name in kept} == kept
    assert final == classes.without_times(undisturbed / "g.db")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interrupt_leaves_neither_process_nor_file_and_says_how_to_go_on(
    undisturbed, tmp_path, number, code
):
    book = tmp_path / "g.db"
    shutil.copytree(undisturbed / "g.db.bank", tmp_path / "g.db.bank")
    scratch = tmp_path / "temporary"
    scratch.mkdir()
    scratch.chmod(0o777)
    run = start(undisturbed, book, stderr=subprocess.PIPE, TMPDIR=str(scratch))
    end = time.monotonic() + 60
    while not (book.exists() and book.stat().st_size and classes.graded(book)):
        assert time.monotonic() < end
        time.sleep(0.1)
    family = classes.children_of(run.pid)
    run.send_signal(number)
    _, said = run.communicate(timeout=30)
    assert run.returncode == code
    assert b"the same command goes on" in said
    end = time.monotonic() + 10
    while any(classes.is_alive(pid) for pid in family):
        assert time.monotonic() < end, "something outlived the run"
        time.sleep(0.05)
    assert classes.graded(book)
    assert not list(scratch.glob("dlgrade-*"))
    assert not book.with_name("g.db-journal").exists()
