"""Say what became of a class and of nobody in it: what is left of documents for research.

What is left is a list of what may stay, so that whatever documents learn to say is left out until
somebody puts it there. Numbers stay: points, levels, cases, and those of counterexamples. Texts
are the course's own; what a person or a student's code wrote is not there: names, keys, addresses,
files, reasons, messages of exceptions, output. Times are days, and seconds of computing tenths. No
code is shown. The seed is left out, since the hidden cases follow from it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from grader.gradebook.assignment import Assignment
from grader.gradebook.exporters.research.pseudonyms import find_pseudonyms
from grader.gradebook.students import names_of
from grader.gradebook.view import ClassView
from grader.model import Status
from grader.render.hidden import EXCEPTIONS, QUIZ, without_words
from grader.render.signs import word_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.engine.document import Arrival, ByHand, Decided, Document, Entry, Late, Term
    from grader.gradebook.students import Student

FORMATS = ("csv", "json")  # what is not for a platform, which needs names
LEFT_OUT = "left out"
DAY = 10  # letters of a date at the front of a time
HOURS = 24  # of a day
DTYPE = re.compile(r"bool|(?:u?int|float|complex)\d{1,3}")
NUMBERS = ("nan", "inf", "-inf")  # as JSON has to write them
LISTS = ("shape", "index")  # parts of a value that are numbers alone
PARTS = (*LISTS, "data", "first_wrong", "expected", "actual", "dict")
MAX_DEPTH = 64


@dataclass(frozen=True, kw_only=True)
class AnonymousView(ClassView):
    """A part of a gradebook in which students have pseudonyms and assignments numbers.

    Parameters
    ----------
    pseudonyms, numbers
        By the name of a student, and of an assignment.
    """

    pseudonyms: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def members(self, assignment: Assignment) -> list[Student]:
        """Return everybody in an assignment by pseudonym: the order of names would tell names."""
        return sorted(super().members(assignment), key=lambda one: self.pseudonyms[one.name])

    def documents(self) -> Iterator[Document]:
        """Yield what is left of each document."""
        for document in super().documents():
            name, assignment = names_of(document)
            number = f"assignment {self.numbers[assignment]}"
            yield without_identity(document, self.pseudonyms[name], number)


def hide_identity(view: ClassView) -> AnonymousView:
    """Return the same part of a gradebook in which nobody can be told who is who.

    Pseudonyms are the same for one student in all assignments, and numbers those of assignments in
    the gradebook, whatever was asked for.

    Raises
    ------
    UsageError
        What is kept of pseudonyms beside the gradebook cannot be read or written.
    """
    classes: dict[str, Sequence[Student]] = {}
    numbers: dict[str, int] = {}
    pseudonyms: dict[str, str] = {}
    if view.assignments:
        book = view.assignments[0].book
        numbers = {name: number for number, name in enumerate(book.assignment_names(), 1)}
        here = {one.name: one for one in view.assignments}
        for name in numbers:
            classes[name] = (here.get(name) or Assignment(book, name, view.policy)).students
        pseudonyms = find_pseudonyms(book.path, classes)
    return AnonymousView(
        view.assignments, view.student, view.policy, view.others,
        pseudonyms=pseudonyms, numbers=numbers,
    )  # fmt: skip


def without_identity(document: Document, pseudonym: str, assignment: str) -> Document:
    """Return what may be known of a document by those who may not know whose it is.

    Parameters
    ----------
    document
        Of a class.
    pseudonym, assignment
        What takes the place of the names.
    """
    left: dict[str, Any] = {
        "schema": document["schema"], "submission": pseudonym, "assignment": assignment,
        "earned": document["earned"], "possible": document["possible"],
        "complete": document["complete"], "seed": None, "versions": document["versions"],
        "oracles": document["oracles"], "sandbox": document["sandbox"],
        "exercises": [_entry(entry) for entry in document["exercises"]],
    }  # fmt: skip
    if "term" in document:
        left["term"] = _term(document["term"])
    if "delivery" in document:
        left["delivery"] = _arrival(document["delivery"])
    return cast("Document", left)


def _entry(entry: Entry) -> Entry:
    told, shown = without_words(entry), entry["counterexample"]
    status = entry["status"]
    left: Entry = {
        "id": entry["id"], "status": status,
        "earned": entry["earned"], "possible": entry["possible"], "cases": entry["cases"],
        "seconds": round(entry["seconds"], 1),
        "message": "" if status == Status.PASSED else word_for(status),
        "levels": entry["levels"], "counterexample": None,
        "diagnosis": None if entry["id"].startswith(QUIZ) else told["diagnosis"],
    }  # fmt: skip
    if shown is not None:
        left["counterexample"] = {
            "call": shown["call"], "arguments": shown["arguments"], "expected": shown["expected"],
            "actual": numbers_of(shown["actual"]), "shrunk": shown["shrunk"],
        }  # fmt: skip
    if "override" in entry:
        points, graded = entry["override"]["points"], entry["override"]["graded"]
        by_hand: ByHand = {**_decided(), "points": points, "graded": graded}
        left["override"] = by_hand
    return left


def numbers_of(value: Any, depth: int = 0) -> Any:
    """Return what is left of a value that a student's code made: its form and its numbers.

    Examples
    --------
    >>> numbers_of([1, "nan", "my name is Given", {"raises": "GivenError", "message": "Given"}])
    [1, 'nan', 'left out', {'raises': 'left out', 'message': ''}]
    """
    if value is None or isinstance(value, (bool, int, float)) or value in NUMBERS:
        return value
    if depth > MAX_DEPTH:
        return LEFT_OUT
    if isinstance(value, list):
        return [numbers_of(one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return LEFT_OUT
    if "raises" in value:
        kind = value["raises"]
        return {"raises": kind if kind in EXCEPTIONS else LEFT_OUT, "message": ""}
    left = {part: numbers_of(value[part], depth + 1) for part in PARTS if part in value}
    if "dtype" in value:
        kind = str(value["dtype"])
        left["dtype"] = kind if DTYPE.fullmatch(kind) else LEFT_OUT
    return left


def _term(term: Term) -> Term:
    left: Term = {
        "name": "", "id": "", "login": "", "email": "", "handed_in": term["handed_in"],
        "came_in": _day(term["came_in"]), "time_source": term["time_source"],
        "marked_late": term["marked_late"], "due": _day(term["due"]),
        "on_roster": term["on_roster"], "attempt": term["attempt"], "attempts": term["attempts"],
    }  # fmt: skip
    if "extended" in term:
        left["extended"] = _decided()
    if "excused" in term:
        left["excused"] = _decided()
    if "late" in term:
        left["late"] = _late(term["late"])
    return left


def _late(late: Late) -> Late:
    """Return what being late costs, in days also where the rule counts hours."""
    left: Late = {
        "due": late["due"][:DAY], "unit": late["unit"], "units": late["units"],
        "percent": late["percent"], "earned": late["earned"], "judged": late["judged"],
    }  # fmt: skip
    if late["unit"] == "hour":
        left |= {"unit": "day", "units": math.ceil(late["units"] / HOURS)}
    if "days" in late:
        left["days"] = late["days"]
    return left


def _arrival(arrival: Arrival) -> Arrival:
    return {
        "files": [], "time": _day(arrival["time"]), "time_source": arrival["time_source"],
        "recognised": arrival["recognised"], "note": "",
    }  # fmt: skip


def _decided() -> Decided:
    return {"why": LEFT_OUT, "decided_at": ""}


def _day(time: str | None) -> str | None:
    return None if time is None else time[:DAY]
