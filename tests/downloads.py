"""Made-up classes as platforms hand them out, with those who make a term hard among them."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime

HOSTILE = {7: "=cmd|' /C calc'!A0", 8: "<script>alert(1)</script>", 9: "Übung-Öz, Zé"}
DUE = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Pupil:
    """One of a made-up class."""

    number: int
    first: str
    last: str

    @property
    def id(self):
        return str(1000 + self.number)

    @property
    def login(self):
        return f"login{self.number:03}"

    @property
    def email(self):
        return f"{self.login}@example.org"

    @property
    def name(self):
        return HOSTILE.get(self.number, f"{self.first} {self.last}")

    @property
    def missing(self):
        return self.number % 12 == 11

    @property
    def late(self):
        return self.number % 20 == 3

    @property
    def right(self):
        return self.number % 3 != 0

    @property
    def came_in(self):
        """Two started days late, or in time."""
        return (
            datetime(2026, 11, 2, 12, tzinfo=UTC)
            if self.late
            else datetime(2026, 10, 30, tzinfo=UTC)
        )


FIRST = (
    "Abc",
    "Alan",
    "Grace",
    "Kurt",
    "Emmy",
    "Carl",
    "Sofja",
    "Paul",
    "Mary",
    "John",
    "Edith",
    "Max",
)
LAST = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def make_pupils(count=120):
    return [Pupil(n, FIRST[n % 12], LAST[n // 12 % 10] + "x" * (n // 120)) for n in range(count)]


def write(path, text, when):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (when.timestamp(), when.timestamp()))


def table(rows, delimiter=","):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def letters(text):
    return "".join(c for c in text.lower() if c.isalnum() or c == "_")


def canvas(folder, pupils, code):
    """Write flat files; return the platform's own gradebook file, which is the roster too."""
    for n, one in enumerate(p for p in pupils if not p.missing):
        late = "LATE_" if one.late else ""
        name = letters(HOSTILE.get(one.number, one.last + one.first))  # Canvas's own name for them
        again = "-1" if one.number % 10 == 4 else ""
        file = folder / f"{name}_{late}{one.id}_{9000 + n}_conv{again}.py"
        write(file, code(one), one.came_in)
    write(folder / "strangersam_99999_1_conv.py", code(pupils[0]), DUE)
    write(folder / "notes.txt", "hi", DUE)
    rows = [["Student", "ID", "SIS Login ID", "Section", "hw2 (4711)", "Final Score"]]
    rows += [["", "", "", "", "Manual Posting", ""]]
    rows += [["    Points Possible", "", "", "", "1.0", "(read only)"]]
    rows += [[p.name, p.id, p.login, "A", "", "0.0"] for p in pupils]
    rows += [["Student, Test", "5", "", "A", "", ""]]
    return table(rows)


def moodle(folder, pupils, code):
    """Write a folder for each participant; return the grading worksheet, in German."""
    for one in pupils:
        if not one.missing:
            name = one.name.replace("/", "")
            write(
                folder / f"{name}_{one.id}_assignsubmission_file_" / "conv.py",
                code(one),
                one.came_in,
            )
    write(folder / "Sam Stranger_99999_assignsubmission_file_" / "conv.py", code(pupils[0]), DUE)
    rows = [
        [
            "ID",
            "Vollständiger Name",
            "E-Mail-Adresse",
            "Status",
            "Bewertung",
            "Bestwertung",
            "Änderbar",
        ]
    ]
    rows += [
        [f"Teilnehmer/in{p.id}", p.name, p.email, "Abgegeben", "", "1,00", "Ja"] for p in pupils
    ]
    return table(rows, ";")


def gradescope(folder, pupils, code):
    """Write submissions with their metadata; return Gradescope's roster."""
    lines = ["---"]
    for one in pupils:
        if one.missing:
            continue
        name = one.name.replace("'", "''")
        lines += [f"submission_{one.id}7:", "  :submitters:", f"  - :name: '{name}'"]
        lines += [f"    :sid: '{one.id}'", f"    :email: {one.email}"]
        lines += [f"  :created_at: {one.came_in:%Y-%m-%d %H:%M:%S}.000000000 Z"]
        write(folder / f"submission_{one.id}7" / "conv.py", code(one), DUE)
    write(folder / "submission_1" / "conv.py", code(pupils[0]), DUE)
    write(folder / "submission_metadata.yml", "\n".join(lines) + "\n", DUE)
    return table([["Name", "SID", "Email"], *([p.name, p.id, p.email] for p in pupils)])


def classroom(folder, pupils, code):
    """Write repositories, and who handed them in when; return a roster by login."""
    grades = [["github_username", "student_repository_name", "submission_timestamp"]]
    for one in pupils:
        if not one.missing:
            when = f"{one.came_in:%Y-%m-%d %H:%M:%S} UTC"
            grades.append([one.login, f"hw2-{one.login}", when])
            write(folder / f"hw2-{one.login}" / "conv.py", code(one), one.came_in)
            write(folder / f"hw2-{one.login}" / ".git" / "HEAD", "ref: refs/heads/main\n", DUE)
    write(folder / "hw2-stranger" / "conv.py", code(pupils[0]), DUE)
    write(folder / "hw2-stranger" / ".git" / "HEAD", "ref: refs/heads/main\n", DUE)
    write(folder / "grades.csv", table(grades), DUE)
    rows = [[p.email, p.login, p.id, p.name] for p in pupils]
    return table([["identifier", "github_username", "github_id", "name"], *rows])


PLATFORMS = {
    "canvas": canvas, "moodle": moodle, "gradescope": gradescope, "classroom": classroom,
}  # fmt: skip
