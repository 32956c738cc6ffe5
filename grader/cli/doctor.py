"""Probe what works here: versions, the worker and each of its limits, the sandbox, the caches.

Every limit is tried for real, by a small file that a student could have written.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.cases.bank import user_folder
from grader.engine.cases.key import versions
from grader.errors import (
    DlgradeError,
    GraderError,
    SandboxError,
    WorkerDiedError,
    WorkerError,
    WorkerTimeoutError,
)
from grader.model import Case, Limits, Raised
from grader.quiz.memory.history import default_data_dir
from grader.render.upkeep.probes import Probe
from grader.student.faults import read_faults
from grader.text import safe_text
from grader.worker.client import Worker
from grader.worker.libraries import find_libraries
from grader.worker.sandbox.kinds import require_sandbox
from grader.worker.sandbox.landlock import landlock_version
from grader.worker.sandbox.probes import probe_sandbox
from grader.worker.sandbox.users import is_root
from grader.worker.wire import pack_case, read_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.course import Course
    from grader.worker.sandbox.probes import Attempted
    from grader.worker.wire import Answer

TRIED_BYTES = 2**18
QUICK, PATIENT = 0.5, 60.0  # CPU seconds for what must be ended, and for what must be answered
REPORT = "please report this, with the lines above"
PROBES = """
import os

def answer():
    return 42

def compute():
    while True:
        pass

def sleep():
    import time
    time.sleep(3600)

def allocate():
    return len(bytearray(4 * 2**30))

def import_others():
    for name in ("torch", "typer"):
        try:
            __import__(name)
            return 0
        except ModuleNotFoundError:
            pass
    return 42

def print_without_end():
    while True:
        print("x" * 10_000)

def end():
    os._exit(0)
"""


def examine(course: Course) -> Iterator[Probe]:
    """Yield what was found about this machine, one probe after another."""
    for name, number in versions().items():
        yield Probe(name, number)
    yield _course_probe(course)
    yield _cache_probe()
    yield _history_probe()
    yield _words_probe()
    yield _pages_probe()
    try:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "probe.py").write_text(PROBES, encoding="utf-8")
            yield from _worker_probes(Path(folder))
        yield from _library_probes(course, "none")
        yield from _sandbox_probes(course)
    except OSError as error:
        text = f"{tempfile.gettempdir()} cannot be used ({error.strerror}): the rest was not tried"
        yield Probe("temporary files", text, held=False, remedy="make room there, or set TMPDIR")


def _course_probe(course: Course) -> Probe:
    oracles = "reference and torch" if course.solutions_dir else "torch alone (no solutions here)"
    count = len(course.ids)
    return Probe(
        "course", f"{count} exercises in {course.exercises_dir}, checked against {oracles}"
    )


def _write_there(folder: Path) -> None:
    """Write a file as large as small ones are: on a full disk an empty one can still be made."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(TRIED_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _cache_probe() -> Probe:
    folder = user_folder()
    try:
        _write_there(folder)
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror}); every check draws its cases anew"
        return Probe("cache", text, held=False, remedy="mend its permissions", needed=False)
    size = sum(file.stat().st_size for file in folder.iterdir())
    return Probe("cache", f"{folder}, {size / 2**20:.1f} MiB; safe to delete")


def _history_probe() -> Probe:
    folder = default_data_dir()
    try:
        _write_there(folder)
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror}); answers would not be remembered"
        return Probe("quizzes", text, held=False, remedy="mend its permissions", needed=False)
    return Probe("quizzes", f"answers are remembered in {folder}")


def _pages_probe() -> Probe:
    """Tell whether an instructor's pages can be made; a student needs none of it."""
    needs = {"jinja2": "feedback and report", "copydetect": "report --similar"}
    missing = [what for name, what in needs.items() if find_spec(name) is None]
    text = "all that feedback and report need is here"
    if missing:
        text = f"not for {' and '.join(missing)}, which an instructor asks for: pip install "
        text += "'dlgrade[class]'"
    return Probe("pages", text)


def _words_probe() -> Probe:
    """Tell which words could not be found lately: of ours, and never part of a verdict."""
    faults = read_faults()
    if not faults:
        return Probe("words", "for every wrong answer so far words were found")
    text = "\n".join(
        ["of these wrong answers less was told than is known:", *map(safe_text, faults)]
    )
    return Probe("words", text, held=False, remedy="please report these lines", needed=False)


def _worker_probes(folder: Path) -> Iterator[Probe]:
    def attempt(function: str, expected: str) -> str:
        """Return how a call ended, in a word."""
        timeout_s = QUICK if expected == "timeout" else PATIENT
        limits = Limits(timeout_s, memory_mib=512, output_mib=1)
        try:
            with Worker(folder, limits) as worker:
                return _outcome(worker, function)
        except WorkerError as error:
            return str(error)

    wanted = [
        ("worker", "answer", "answered", "starts, imports numpy and answers"),
        ("CPU time", "compute", "timeout", "an endless loop is ended"),
        ("wall time", "sleep", "timeout", "a call that sleeps is ended"),
        ("memory", "allocate", "MemoryError", "4 GiB are refused"),
        ("output", "print_without_end", "died", "endless printing is ended"),
        (
            "imports",
            "import_others",
            "answered",
            "a plain import cannot reach torch or any other library",
        ),
        ("process", "end", "died", "a process that ends itself is noticed"),
    ]
    for name, function, expected, detail in wanted:
        found = attempt(function, expected)
        held = found == expected
        remedy = "" if held else REPORT
        yield Probe(name, detail if held else f"{detail}: no, {found}", held, remedy)


def _outcome(worker: Worker, function: str) -> str:
    request = pack_case(Case(((),)))
    try:
        worker.load("probe", function)
        worker.begin()
        (frame,) = worker.call("probe", function, [request])
    except WorkerDiedError:
        return "died"
    except WorkerTimeoutError:
        return "timeout"
    return _said(read_reply(*frame, request))


def _said(answer: Answer) -> str:
    last = answer.steps[-1]
    if isinstance(last, Raised):
        return last.type
    return "answered" if last == 42 else f"answered {last!r}"


def _sandbox_probes(course: Course) -> Iterator[Probe]:
    """Yield a probe for each wall and limit of the sandbox that `grade` uses.

    Where bubblewrap does not work, root has another one.
    """
    try:
        require_sandbox("bwrap")
    except SandboxError as error:
        detail = f"{error.problem}: `check` trusts its user and does without, `grade` cannot"
        yield Probe("sandbox", detail, held=False, remedy=error.remedy, needed=False)
        if sys.platform == "linux" and is_root():
            yield _landlock_probe()
            yield from _walls("uid", course)
        return
    yield Probe("sandbox", f"bubblewrap is at {shutil.which('bwrap')}")
    yield from _library_probes(course, "bwrap")
    yield from _walls("bwrap", course)


def _library_probes(course: Course, kind: str) -> Iterator[Probe]:
    """Yield whether a worker can import each library that the course allows."""
    where = "for `check`" if kind == "none" else "in the sandbox"
    for name in course.imports:
        try:
            libraries = find_libraries([name])
            require_sandbox(kind, libraries=libraries)
        except GraderError as error:
            text, help_ = f"not to be imported {where}: {error}", f"pip install {name}"
            yield Probe(f"import {name}", text, held=False, remedy=help_)
        else:
            yield Probe(f"import {name}", f"allowed by course.toml, imported {where}")


def _walls(kind: str, course: Course) -> Iterator[Probe]:
    try:
        for tried in probe_sandbox(kind, course.solutions_dir):
            yield _of_sandbox(tried)
    except SandboxError as error:
        yield Probe(kind, error.problem, held=False, remedy=error.remedy or REPORT, needed=False)
    except DlgradeError as error:
        yield Probe(kind, str(error), held=False, remedy=REPORT, needed=False)


def _landlock_probe() -> Probe:
    version = landlock_version()
    if version:
        return Probe("uid: files", f"Landlock {version} keeps workers from all files but their own")
    text = "without Landlock here: what every user may read can be read; installed packages are "
    return Probe("uid: files", f"{text}closed to others while a class is graded")


def _of_sandbox(tried: Attempted) -> Probe:
    detail, remedy = tried.words, ""
    if tried.held is None:
        detail = f"{tried.words}: nobody can tell, {safe_text(tried.outcome)}"
    elif not tried.held:
        detail, remedy = f"{tried.words}: no", REPORT
    return Probe(tried.name, detail, tried.held, remedy, needed=False)
