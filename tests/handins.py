"""Who is in a made-up class, what they hand in, in every form that is seen, and what each must be.

The course asks for `zero_pad2d` in `conv.py`. `FATES` says of each form whether it is read by its
name, guessed by its content, or told as unreadable.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import Recognition

if TYPE_CHECKING:
    from grader.gradebook.people.delivery import TimeSource

DUE = datetime(2026, 11, 1, 18, tzinfo=UTC)
PACKED_AT = datetime(2026, 11, 5, 8, tzinfo=UTC)  # when the download was made
FIRST = ("Ada", "Alan", "Grace", "Kurt", "Emmy", "Carl", "Sofja", "Paul", "Mary", "Edith", "Max")
LAST = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven")
HOSTILE = (
    "نور الدين", "O\"Neil 'Q'", "Öz, Zé", "=1+1", "@SUM(A1)", "New\nLine", "🦊 Fox",
    "Long " + "x" * 120, "\u202eevil", "<b>Bold</b>", "von der Tann, Ida-Maria", "a_b_c",
)  # fmt: skip
BY_NAME, BY_CONTENT, UNREADABLE = Recognition.NAME, Recognition.CONTENT, Recognition.UNREADABLE
WANTED = {"conv": ("zero_pad2d",)}
CODE = "import numpy as np\n\n\ndef zero_pad2d(x, padding):\n    # {0}\n    return np.asarray(x)\n"
NAMED = ("conv.py",)
GUESSED = (
    "conv (1).py", "Conv.py", "Copy of conv.py", "hw2_conv_final.py", "conv.PY", "conv.py.txt",
)  # fmt: skip
PACKED = ("zip", "zip in zip", "tar.gz", "deep", "mac zip")
OTHER = ("notebook", "utf-16", "latin-1")
LOST = ("essay.pdf", "essay.docx", "hw2.rar", "hw2.7z", "broken zip", "nothing")
FATES = {
    **dict.fromkeys((*NAMED, *PACKED, *OTHER), BY_NAME),
    **dict.fromkeys(GUESSED, BY_CONTENT),
    **dict.fromkeys((*LOST, "typed"), UNREADABLE),
}
FORMS = (*NAMED * 4, *PACKED, *OTHER, *GUESSED, *LOST)
MAGIC = {
    "essay.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "essay.docx": b"PK\3\4[Content_Types].xml",
    "hw2.rar": b"Rar!\x1a\x07\x01\x00", "hw2.7z": b"7z\xbc\xaf\x27\x1c",
}  # fmt: skip


def work(form, words):
    """Return the files of one student: content by path."""
    code = CODE.format(words)
    plain = code.encode()
    if form in NAMED or form in GUESSED:
        return {form: plain}
    if form in MAGIC:
        return {form: MAGIC[form] + words.encode()}
    if form == "nothing":
        return {}
    return {
        "zip": lambda: {"hw2.zip": zipped({"conv.py": plain})},
        "zip in zip": lambda: {"hw2.zip": zipped({"inner.zip": zipped({"conv.py": plain})})},
        "mac zip": lambda: {
            "Archive.zip": zipped({"hw2/conv.py": plain, "__MACOSX/hw2/._conv.py": b"\0\5\x16\7"})
        },
        "tar.gz": lambda: {"hw2.tar.gz": tarred({"hw2/conv.py": plain})},
        "deep": lambda: {"submission/final/conv.py": plain},
        "notebook": lambda: {"hw2.ipynb": notebook(code)},
        "utf-16": lambda: {"conv.py": code.encode("utf-16")},
        "latin-1": lambda: {
            "conv.py": f"# -*- coding: latin-1 -*-\n# \xfc\n{CODE.format('')}".encode("latin-1")
        },
        "broken zip": lambda: {"hw2.zip": zipped({"conv.py": plain})[:60]},
    }[form]()


def flat(files):
    """Return the files as a platform without folders has them: folders, and nothing, zipped."""
    if not files or any("/" in path for path in files):
        return {"submission.zip": zipped(files)}
    return files


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data)
    return stream.getvalue()


def tarred(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(stream.getvalue(), mtime=0)


def notebook(code):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# hw2"]},
        {"cell_type": "code", "metadata": {}, "source": code, "outputs": [],
         "execution_count": None},
    ]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@dataclass(frozen=True)
class Handed:
    """The truth of one thing that came in: who, what, when, by whose word."""

    name: str
    key: str
    files: tuple[str, ...]
    when: datetime | None
    source: TimeSource
    form: str
    late: bool = False
    team: str = ""
    older: bool = False

    @property
    def fate(self):
        return FATES[self.form]


@dataclass
class Inbox:
    """A download and what is true of it."""

    platform: str
    folder: object
    handed: list[Handed] = field(default_factory=list)
    beside: dict[str, bool] = field(default_factory=dict)
    """What is no student's, and whether it may be somebody's work."""

    def put(self, path, data, when=PACKED_AT):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        os.utime(file, (when.timestamp(),) * 2)

    def put_work(self, name, files):
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            self.put(f"{name}/{path}", data)

    def lay_beside(self, name, data=b"x", *, may_be_work=False):
        self.put(name, data)
        self.beside[name.partition("/")[0]] = may_be_work

    @property
    def current(self):
        return [one for one in self.handed if not one.older]


@dataclass(frozen=True)
class Hand:
    """One student, or team, with what they hand in."""

    number: int
    name: str
    members: tuple[tuple[str, str], ...]
    form: str
    when: datetime
    late: bool
    again: bool
    whole: bool

    @property
    def key(self):
        return str(1000 + self.number)

    @property
    def login(self):
        return f"user_{self.number:02}" if self.number % 3 else f"login{self.number}"

    def files(self, note="", form=""):
        return work(form or self.form, f"{self.number} {note}")


def make_hands(rng, size, *, teams):
    """Return who hands in; one in ten of a class hands in nothing."""
    hands = []
    for number in range(size):
        name = f"{FIRST[number % 11]} {LAST[number // 11 % 11]}{number // 121 or ''}"
        if number % 5 == 3:
            name = HOSTILE[(number // 5) % len(HOSTILE)] + " " * bool(number >= 60) + str(
                number // 60 or "")  # fmt: skip
        late = rng.random() < 0.15
        when = DUE + timedelta(hours=rng.choice([1, 20, 50] if late else [-2, -26, -75]))
        form = rng.choice(FORMS) if rng.random() < 0.8 or number % 7 else rng.choice(LOST)
        hand = Hand(number, name, (), form, when, late, rng.random() < 0.2, rng.random() < 0.9)
        if rng.random() < 0.9 or size < 4:
            hands.append(hand)
    if not teams:
        return hands
    together = []
    for number in range(0, len(hands), 3):
        some = hands[number : number + 3]
        members = tuple((one.name, one.key) for one in some)
        together.append(replace(some[0], name=f"Team {some[0].number}", members=members))
    return together
