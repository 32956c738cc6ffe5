"""Measure what a class costs as it grows: grading, the end of a run, and all that is made of it.

    python benchmarks/scale.py [--sizes 100 1000 5000] [--exercises N] [--steps STEP ...] [--real N]

The gradebook's side: every answer comes at once, two thirds right, one third wrong with a
counterexample. Each step is a process of its own, so that its memory can be told, and its seconds
are CPU time of that process. In brackets: the time of one submission relative to that in the
smallest class, so that what is linear stays near 1. `--real N` also grades classes of up to N in
earnest, with `dlgrade grade`: seconds are then those of a clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from batch import MIX, SANDBOX, write_class  # noqa: E402 - beside, not installed
from books import begin, from_canvas, passed, wrong  # noqa: E402 - beside, not installed

from grader.course.course import find_course  # noqa: E402
from grader.gradebook.exporters import Options, load_exporter  # noqa: E402
from grader.gradebook.facts import Gradebook  # noqa: E402
from grader.gradebook.inquiry.standing import describe_class  # noqa: E402
from grader.gradebook.inquiry.summary import summarise  # noqa: E402
from grader.gradebook.pages.feedback import write_feedback  # noqa: E402
from grader.gradebook.pages.report import write_report  # noqa: E402
from grader.gradebook.view import select_view  # noqa: E402
from grader.grading.batch import Batch  # noqa: E402
from grader.grading.intake.layouts import find_all  # noqa: E402

if TYPE_CHECKING:
    from grader.grading.executor import Order
    from grader.grading.messages import Graded

STEPS = ("grade", "again", "json", "csv", "junit", "show", "feedback", "report")


class AtOnce:
    """An executor that has every answer already."""

    ahead = 2

    def submit(self, order: Order) -> Future[Graded]:
        """Answer that a third is wrong, another third for each student."""
        number = int(order.student.removeprefix("s"))
        answer: Future[Graded] = Future()
        answer.set_result({
            "facts": [
                wrong(exercise) if (number + place) % 3 == 0 else passed(exercise)
                for place, exercise in enumerate(order.exercises)
            ],
            "warnings": [],
            "recognised": "name",
            "note": "",
        })  # fmt: skip
        return answer

    def close(self) -> None:
        """End nothing."""


def grade(folder: Path, ids: list[str]) -> dict[str, float]:
    """Grade what is not graded yet; return the seconds until all was known, and of the end."""
    exercises = find_course().find(ids)
    submissions = find_all(folder / "class").submissions
    start = time.process_time()
    with Gradebook(folder / "g.db") as book:
        opened = time.process_time()
        asked = [(exercise.id, place, 2.0) for place, exercise in enumerate(exercises)]
        run = begin(book, "hw", asked=asked)
        came = [(one.name, from_canvas(int(one.name.removeprefix("s")))) for one in submissions]
        book.note_deliveries(run.assignment, run.number, came)
        Batch(run, exercises, AtOnce(), lambda _: None).grade(submissions)
        graded = time.process_time()
        run.finish()
        summarise(book, "hw", ids)
        end = time.process_time()
    return {"open": opened - start, "grade": graded - opened, "end": end - graded}


def make(step: str, folder: Path) -> dict[str, float]:
    """Make something of a graded class; return its seconds, opening the gradebook apart."""
    course = find_course()
    start = time.process_time()
    with Gradebook(folder / "g.db", read_only=True) as book:
        opened = time.process_time()
        view = select_view(book)
        if step == "feedback":
            write_feedback(view, course, folder / "feedback")
        elif step == "report":
            write_report(view, course, folder / "report")
        elif step == "show":
            describe_class(select_view(book, brief=True))
        else:
            with (folder / f"out.{step}").open("w", encoding="utf-8", newline="") as stream:
                load_exporter(step)(view, stream, Options())
    return {"open": opened - start, step: time.process_time() - opened}


def measure(step: str, folder: Path, exercises: int) -> dict[str, float]:
    """Return the seconds of each part of a step in another process, and its memory in MiB."""
    line = [sys.executable, __file__, "--step", step, "--folder", str(folder)]
    line += ["--exercises", str(exercises)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def write_trivial(folder: Path, count: int) -> None:
    """Write submissions that all differ."""
    for number in range(count):
        (folder / f"s{number:04}").mkdir(parents=True)
        (folder / f"s{number:04}" / "conv.py").write_text(f"# {number}\n")


def at_once(sizes: list[int], exercises: int, steps: list[str]) -> None:
    """Print the table of the gradebook's side."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_trivial(folder / "class", size)
            for step in dict.fromkeys(("grade", *steps)):  # there is nothing to ask before
                found = measure(step, folder, exercises)
                if step == "again":
                    found = {"again": found["grade"], "open": found["open"], "mib": found["mib"]}
                memory = found.pop("mib")
                for part, seconds in found.items():
                    if part != "open" or step == "json":
                        rows.setdefault(part, []).append((seconds, memory))
            kept = (folder / "g.db").stat().st_size / 2**20
            rows.setdefault("the file", []).append((0.0, kept))
    print_table(f"{exercises} exercises", sizes, rows)


def print_table(title: str, sizes: list[int], rows: dict[str, list[tuple[float, float]]]) -> None:
    """Print a row for each thing, and seconds, their growth and memory for each size."""
    print(f"{title:14}" + "".join(f"{f'{size} submissions':>28}" for size in sizes))
    for what, cells in rows.items():
        line = f"{what:14}"
        for size, (seconds, memory) in zip(sizes, cells, strict=True):
            cell = f"{memory:.0f} MiB"
            if seconds:
                growth = seconds / size / (cells[0][0] / sizes[0])
                cell = f"{seconds:.2f} s ({growth:.2f}) {cell}"
            line += f"{cell:>28}"
        print(line)


def real(sizes: list[int], only: str) -> None:
    """Print what whole runs of `dlgrade grade` take."""
    cells = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            warm = write_class(folder / "warm", MIX, len(MIX))
            for submissions in (warm, write_class(folder / "class", MIX, size)):
                line = [sys.executable, __file__, "--step", "run", "--folder", str(submissions)]
                done = subprocess.run(
                    [*line, "--only", only], capture_output=True, text=True, check=True
                )
            found = json.loads(done.stdout)
            cells.append((found["run"], found["mib"]))
    print_table(only, sizes, {"dlgrade grade": cells})


def run_command(folder: Path, only: str) -> dict[str, float]:
    """Grade in this process as the command does, grading processes apart."""
    from grader.cli import app  # noqa: PLC0415 - no other step needs it

    words = ["grade", str(folder), "--gradebook", str(folder.parent / "g.db"), "--assignment", "a"]
    start = time.perf_counter()
    sys.stdout = sys.stderr
    app([*words, "--only", only, "--sandbox", SANDBOX], standalone_mode=False)
    sys.stdout = sys.__stdout__
    return {"run": time.perf_counter() - start}


def main() -> None:
    """Print the tables, or do one step and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--exercises", type=int, default=71)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--real", type=int, default=0)
    parser.add_argument("--only", default="conv")
    parser.add_argument("--step", default="")
    parser.add_argument("--folder", type=Path, default=Path())
    chosen = parser.parse_args()
    if not chosen.step:
        at_once(chosen.sizes, chosen.exercises, chosen.steps)
        if chosen.real:
            real([n for n in (100, 300, 1000) if n <= chosen.real] or [chosen.real], chosen.only)
        return
    ids = list(find_course().ids[: chosen.exercises])
    if chosen.step == "run":
        found = run_command(chosen.folder, chosen.only)
    elif chosen.step in ("grade", "again"):
        found = grade(chosen.folder, ids)
    else:
        found = make(chosen.step, chosen.folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found | {"mib": peak}))


if __name__ == "__main__":
    main()
