"""Draw the pictures of the pages for the documents, by `python docs/make_pages.py`.

The class is made up: nobody is in it, and nothing is graded. It needs Chromium and playwright.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from books import begin, fact, from_canvas, hand_in, wrong  # noqa: E402 - beside, not installed
from browsers import CHROMIUM  # noqa: E402

from grader.course.course import find_course  # noqa: E402
from grader.gradebook.facts import Gradebook  # noqa: E402
from grader.gradebook.pages.report import write_report  # noqa: E402
from grader.gradebook.people.person import Person  # noqa: E402
from grader.gradebook.view import select_view  # noqa: E402

NAMES = [
    "Ada Ahlgren",
    "Bruno Okafor",
    "Chen Wei",
    "Dara Novak",
    "Emil Sørensen",
    "Fatima Haddad",
    "Goran Ilić",
    "Hana Kim",
    "Ines Duarte",
    "Jonas Berg",
    "Kavya Rao",
    "Liam Walsh",
    "Mira Cohen",
    "Nils Vogel",
    "Olga Petrova",
    "Pablo Ruiz",
    "Quinn Lee",
    "Rosa Marín",
    "Sven Olsen",
    "Tara Singh",
    "Uma Patel",
    "Viktor Hahn",
    "Wanda Kowal",
    "Xenia Roth",
]
CODE = """    n, c, h, w = x.shape
    kh, kw = kernel_size
    rows = (h + 2 * padding - kh) // stride + 1
    cols = np.zeros((n, c * kh * kw, rows * rows))
    for i in range(kh):
        for j in range(kw):
            patch = x[:, :, i : i + rows, j : j + rows]
            cols[:, j * kh + i] = patch.reshape(n, -1)
    return cols"""
MISTAKES = (
    ("window-transposed", "The window is walked down its columns; run along the rows first."),
    ("flipped-kernel", "The kernel is flipped: this is a cross-correlation."),
    ("padding-everywhere", "Padding goes on height and width, not on batch and channels."),
)
RAISED = "it raised ValueError: could not broadcast input array from shape (4,) into shape (9,)"
EXERCISES = 12


def make_facts(exercises: list[str], skill: float, chance: random.Random) -> list[dict]:
    """Return what somebody of some skill reached."""
    facts = []
    for place, exercise in enumerate(exercises):
        luck = chance.random()
        if luck < skill - 0.04 * place:
            facts.append(fact(exercise, levels=[("all", "passed", 2.0)]))
        elif luck < 0.75:
            name, message = MISTAKES[(place + chance.randrange(2)) % 3]
            facts.append(wrong(exercise) | {"diagnosis": {"id": name, "message": message}})
        else:
            status, message = (
                ("error", RAISED) if luck < 0.9 else ("unimplemented", "not written yet")
            )
            levels = [("all", status, 2.0)]
            facts.append(fact(exercise, status, levels=levels, message=message))
        if facts[-1]["status"] in ("failed", "error"):
            where = {"file": "conv.py", "line": 47, "function": ""}
            lines = {"file": "conv.py", "first": 40, "line": 47, "text": CODE}
            facts[-1]["details"] = {"location": where, "code": lines}
    return facts


def make_pages(folder: Path) -> Path:
    """Write the pages of a made up class."""
    course, chance = find_course(), random.Random(3)  # noqa: S311 - nothing that is secret
    exercises = list(course.ids[:EXERCISES])
    asked = [(exercise, place, 2.0) for place, exercise in enumerate(exercises)]
    skills = [min(1.0, chance.gauss(0.85, 0.2)) for _ in NAMES]
    with Gradebook(folder / "g.db") as book:
        for shift, name in enumerate(("hw1", "hw2")):
            run = begin(book, name, asked=asked)
            people = [Person(one, (str(number),)) for number, one in enumerate(NAMES)]
            book.note_roster(run.assignment, people)
            for number, skill in enumerate(skills):
                if number != 7 + shift:
                    facts = make_facts(exercises, skill - 0.1 * shift, chance)
                    hand_in(
                        run, f"s{number}", facts, from_canvas(number), content=f"{shift} {number}"
                    )
        return write_report(select_view(book), course, folder / "report")


def main() -> None:
    """Write the pictures."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where Chromium is

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        page_file = make_pages(Path(name))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.goto(page_file.as_uri())
        page.evaluate("document.getElementById('work-1').scrollIntoView()")
        page.screenshot(path=HERE / "instructor" / "report.png")
        page.evaluate("document.getElementById('students-1').scrollIntoView()")
        page.screenshot(path=HERE / "instructor" / "report_heat.png")
        page.goto((page_file.parent / "students" / "s13.html").as_uri())
        page.screenshot(path=HERE / "instructor" / "feedback.png")
        browser.close()


if __name__ == "__main__":
    main()
