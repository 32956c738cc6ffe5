"""Measure what is made from a large gradebook: exports, feedback pages, the class's page.

    python benchmarks/term.py [--students N] [--exercises N]

Nothing is graded: the gradebook is filled with facts as a run leaves them, two thirds right, one
third wrong with a counterexample. Each figure is a ratio to the time of the JSON export of the same
gradebook, so that machines can be compared; seconds stand beside it. Page sizes are in kilobytes.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from books import begin, canvas_origin, hand_in, passed, wrong  # noqa: E402 - beside, not installed

from grader.course import find_course  # noqa: E402
from grader.exporters import Options, load_exporter  # noqa: E402
from grader.feedback import write_feedback  # noqa: E402
from grader.gradebook import Gradebook  # noqa: E402
from grader.report import write_report  # noqa: E402
from grader.standings import select_standings  # noqa: E402


def fill(book: Gradebook, students: int, exercises: list[str]) -> None:
    """Hand in a class in which everybody's work differs."""
    book.query("PRAGMA synchronous = OFF")  # ours to lose, and not what is measured
    asked = [(exercise, place, 2.0) for place, exercise in enumerate(exercises)]
    run = begin(book, asked=asked)
    for number in range(students):
        facts = [
            wrong(exercise) if (number + place) % 3 == 0 else passed(exercise)
            for place, exercise in enumerate(exercises)
        ]
        name = f"student{number:05}"
        hand_in(run, name, facts, canvas_origin(number), content=name)


def main() -> None:
    """Print one line for each thing that is made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--exercises", type=int, default=14)
    arguments = parser.parse_args()
    course = find_course()
    with tempfile.TemporaryDirectory() as name, Gradebook(Path(name) / "g.db") as book:
        folder = Path(name)
        fill(book, arguments.students, list(course.ids[: arguments.exercises]))

        def export(form: str) -> None:
            load_exporter(form)(select_standings(book), io.StringIO(), Options())

        makers = {
            "json": lambda: export("json"),
            "csv": lambda: export("csv"),
            "junit": lambda: export("junit"),
            "feedback": lambda: write_feedback(select_standings(book), course, folder / "f"),
            "report": lambda: write_report(select_standings(book), course, folder / "r"),
        }
        yardstick = 0.0
        for what, make in makers.items():
            start = time.perf_counter()
            make()
            seconds = time.perf_counter() - start
            yardstick = yardstick or seconds
            print(f"{what:10} {seconds / yardstick:6.2f} x json   {seconds:6.2f} s")
        pages = {"the class's page": [folder / "r" / "index.html"]}
        pages["largest student's page"] = list((folder / "r" / "students").glob("*.html"))
        for what, files in pages.items():
            print(f"{what:24} {max(file.stat().st_size for file in files) / 1e3:8.0f} kB")


if __name__ == "__main__":
    main()
