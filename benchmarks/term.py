"""Measure what is made from a large gradebook: answers, exports, feedback pages, the class's page.

    python benchmarks/term.py [--students N] [--exercises N]

Nothing is graded: the gradebook is filled with facts as a run leaves them, two thirds right, one
third wrong with a counterexample. Each figure is a ratio to `import torch` in the same run, so that
machines can be compared; seconds of processor time stand beside it. Page sizes are in kilobytes.
Where Chromium is, the class's page is opened in it: milliseconds of each step a person would feel.
"""

from __future__ import annotations

import argparse
import io
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from books import begin, from_canvas, hand_in, passed, wrong  # noqa: E402 - beside, not installed

from grader.course.course import find_course  # noqa: E402
from grader.gradebook.exporters import Options, load_exporter  # noqa: E402
from grader.gradebook.facts import Gradebook  # noqa: E402
from grader.gradebook.inquiry.changes import describe_changes  # noqa: E402
from grader.gradebook.inquiry.standing import describe_class, describe_exercise  # noqa: E402
from grader.gradebook.inquiry.story import tell_story  # noqa: E402
from grader.gradebook.pages.feedback import write_feedback  # noqa: E402
from grader.gradebook.pages.report import write_report  # noqa: E402
from grader.gradebook.view import select_view  # noqa: E402


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
        hand_in(run, name, facts, from_canvas(number), content=name)


def import_torch() -> float:
    """Return the seconds of processor time of the least of three imports."""
    found = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


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
            load_exporter(form)(select_view(book), io.StringIO(), Options())

        def show(student: str | None = None) -> None:
            view = select_view(book, student=student, brief=student is None)
            tell_story(view) if student else describe_class(view)

        makers = {
            "show": show,
            "show STUDENT": lambda: show("student00019"),
            "show EXERCISE": lambda: describe_exercise(
                select_view(book, brief=True), course.ids[0]
            ),
            "show --changes": lambda: describe_changes(select_view(book)),
            "json": lambda: export("json"),
            "csv": lambda: export("csv"),
            "junit": lambda: export("junit"),
            "feedback": lambda: write_feedback(select_view(book), course, folder / "f"),
            "report": lambda: write_report(select_view(book), course, folder / "r"),
        }
        yardstick = import_torch()
        for what, make in makers.items():
            start = time.process_time()
            make()
            seconds = time.process_time() - start
            print(f"{what:18} {seconds / yardstick:6.2f} x import torch   {seconds:6.2f} s")
        pages = {"the class's page": [folder / "r" / "index.html"]}
        pages["largest student's page"] = list((folder / "r" / "students").glob("*.html"))
        for what, files in pages.items():
            print(f"{what:24} {max(file.stat().st_size for file in files) / 1e3:8.0f} kB")
        chromium = shutil.which("chromium")
        if chromium:
            feel(chromium, folder / "r" / "index.html")


def feel(chromium: str, page_file: Path) -> None:
    """Print how long a person waits for the page, a search, a sort and a scroll."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where Chromium is

    steps = {
        "search": "i = document.querySelector('input[type=search]'); i.value = 'student0019';"
        " i.dispatchEvent(new Event('input'))",
        "sort": "document.querySelectorAll('th button')[3].click()",
        "scroll": "scrollTo(0, document.body.scrollHeight)",
    }
    shown = " document.body.offsetHeight; return new Promise(r => requestAnimationFrame(() =>"
    shown += " setTimeout(() => r(performance.now() - t))))"  # the page itself allows no `eval`
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(page_file.as_uri())
        page.evaluate("window.drawn")
        print(f"open and draw {1e3 * (time.perf_counter() - start):8.0f} ms")
        for what, step in steps.items():
            timed = f"() => {{ const t = performance.now(); {step}; {shown} }}"
            print(f"{what:13} {page.evaluate(timed):8.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
