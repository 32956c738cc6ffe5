"""Gradescope's "Export Submissions": `submission_123/` folders and `submission_metadata.yml`.

The metadata says who handed in what and when; a group's work counts for each of its members, and
the group, which has no name of its own, is called as its folder is. All of it is read as text, and
times as times: a number of a student is no number that anybody computes with, and keeps its zeros.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from yaml.constructor import SafeConstructor

from grader.errors import SubmissionError
from grader.gradebook.people.delivery import Delivery
from grader.gradebook.people.person import Person
from grader.gradebook.people.tables import MAX_BYTES
from grader.grading.intake.layouts._common import (
    is_folder,
    list_folder,
    not_understood,
    time_told,
)
from grader.grading.intake.submissions import Found, Skipped, Submission
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

METADATA = "submission_metadata.yml"
MAX_REASON, MAX_PEOPLE = 300, 200_000
FOLDER = re.compile(r"submission_(\d+)")
TIME, NOTHING = "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:null"
YEAR_FIRST = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d[0-9:. \tZ+-]{0,40}")
NOT_GRADESCOPE = "its name is not one that Gradescope gives"
NOT_HERE = f"{METADATA} names it, but it is not in the download"


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Reads plain data; whatever Ruby object the file names is read as the data it is made of.

    A loader of YAML's own types would compute: numbers to the base 60, and mappings that are merged
    out of one another, which grow without an end.
    """

    timestamp_regexp = SafeConstructor.timestamp_regexp


def _plain(loader: Any, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


def _moment(loader: Any, node: Any) -> Any:
    return SafeConstructor.construct_yaml_timestamp(loader, node)


_Loader.add_multi_constructor("", _plain)
_Loader.add_multi_constructor("!", _plain)
_Loader.add_constructor(TIME, _moment)
_Loader.add_constructor(NOTHING, lambda *_: None)
_Loader.add_implicit_resolver(TIME, YEAR_FIRST, list("0123456789"))
_Loader.add_implicit_resolver(NOTHING, re.compile(r"~|null|"), ["~", "n", ""])


def detect(folder: Path) -> set[str]:
    """Return the entries that have Gradescope's names, the metadata among them."""
    names = {entry.name for entry in list_folder(folder)}
    return {name for name in names if name == METADATA or FOLDER.fullmatch(name)}


def find(folder: Path, ignored: Collection[str]) -> Found:
    """Return a submission for each submitter.

    Raises
    ------
    SubmissionError
        The metadata cannot be read.
    """
    facts = _metadata(folder / METADATA)
    submissions: list[Submission] = []
    skipped = []
    for entry in list_folder(folder, ignored):
        name = name_of(entry.name)
        if name == METADATA:
            skipped.append(Skipped(name, "what Gradescope says of its export"))
            continue
        if not FOLDER.fullmatch(name) or not is_folder(entry):
            skipped.append(not_understood(entry, NOT_GRADESCOPE))
            continue
        plain = Submission(name, Path(entry.path), "folder")
        submissions += [
            replace(plain, name=one.person.name or name, delivery=one)
            for one in _deliveries(name, facts.pop(name, {}), plain)
        ]
    nowhere = Submission("", folder / METADATA, "notebook")
    skipped += [
        Skipped(one.files[0], NOT_HERE, one.person.name, is_work=True, delivery=one)
        for name, some in facts.items() if FOLDER.fullmatch(str(name))
        for one in _deliveries(name, some, nowhere)
    ]  # fmt: skip
    return Found(tuple(submissions), tuple(skipped))


def _metadata(file: Path) -> dict[str, Any]:
    if not os.path.lexists(file):
        return {}
    try:
        read = yaml.load(_text(file), _Loader)  # noqa: S506 - plain data only
    except Exception as error:  # YAML has many ways to name what cannot be made
        text = " ".join(str(error).split())[:MAX_REASON] or type(error).__name__
        raise SubmissionError(f"{file} cannot be read: {text}") from error
    facts = read if isinstance(read, dict) else {}
    if sum(len(_submitters(one)) for one in facts.values()) > MAX_PEOPLE:
        raise SubmissionError(f"{file} cannot be read: it names more people than any class has")
    return facts


def _text(file: Path) -> str:
    """Return the text of a file; a pipe would be waited for, a device never ends.

    Raises
    ------
    ValueError
        It is none, or longer than any class needs.
    """
    if not file.is_file():
        raise ValueError("it is no file")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 2**20} MiB")
    return data.decode("utf-8")


def _submitters(facts: Any) -> list[Any]:
    listed = facts.get(":submitters") if isinstance(facts, dict) else None
    return listed if isinstance(listed, list) else []


def _deliveries(name: str, facts: Any, plain: Submission) -> list[Delivery]:
    """Return a delivery for each submitter; one without a name where the metadata says nothing."""
    facts = facts if isinstance(facts, dict) else {}
    told = time_told(plain, _time(facts.get(":created_at")))
    people = []
    for person in _submitters(facts):
        if not isinstance(person, dict):
            continue
        words = {key: _word(person.get(key)) for key in (":name", ":sid", ":email")}
        key = words[":sid"] or words[":email"] or words[":name"]
        people.append(Person(words[":name"], (key,) if key else (), email=words[":email"]))
    team = name if len(set(people)) > 1 else ""
    return [
        Delivery(who, "gradescope", files=(name,), team=team, **told)
        for who in dict.fromkeys(people) or [Person(ids=(name,))]
    ]


def _word(value: Any) -> str:
    """Return a text of the metadata: what is made of others may be endless when it is written."""
    return value if isinstance(value, str) else ""


def _time(value: Any) -> datetime | None:
    if isinstance(value, dict):  # a Ruby object: its time is one of the things it is made of
        value = next((one for one in value.values() if isinstance(one, datetime)), None)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
