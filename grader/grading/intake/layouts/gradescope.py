"""Gradescope's "Export Submissions": `submission_123/` folders and `submission_metadata.yml`.

The metadata says who handed in what and when; a group's work counts for each of its members.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from grader.errors import SubmissionError
from grader.gradebook.people import Delivery, Person
from grader.grading.intake.layouts._common import NO_CODE, list_folder, parts_of_folder, time_of
from grader.grading.intake.submissions import Found, Submission
from grader.text import name_of

if TYPE_CHECKING:
    from collections.abc import Collection

METADATA = "submission_metadata.yml"
MAX_REASON = 300
FOLDER = re.compile(r"submission_(\d+)")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain data; whatever Ruby object the file names is read as the data it is made of."""


def _plain(loader: Any, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("", _plain)
_Loader.add_multi_constructor("!", _plain)


def detect(folder: Path) -> bool:
    """Tell whether the metadata, or one of Gradescope's folders, is there."""
    names = [entry.name for entry in list_folder(folder)]
    return METADATA in names or any(FOLDER.fullmatch(name) for name in names)


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
            continue
        if not FOLDER.fullmatch(name) or not entry.is_dir(follow_symlinks=False):
            skipped.append((name, "its name is not one that Gradescope gives"))
            continue
        parts = parts_of_folder(Path(entry.path))
        if parts is None:
            skipped.append((name, NO_CODE))
            continue
        kind, path, files = parts
        plain = Submission(name, path, kind, files)
        submissions += [
            Submission(one.person.name or name, path, kind, files, one)
            for one in _deliveries(name, facts.get(name, {}), plain)
        ]
    return Found(tuple(submissions), tuple(skipped))


def _metadata(file: Path) -> dict[str, Any]:
    try:
        read = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - plain data only
    except FileNotFoundError:
        return {}
    except Exception as error:  # YAML has many ways to name what cannot be made
        text = " ".join(str(error).split())[:MAX_REASON] or type(error).__name__
        raise SubmissionError(f"{file} cannot be read: {text}") from error
    return read if isinstance(read, dict) else {}


def _deliveries(name: str, facts: Any, plain: Submission) -> list[Delivery]:
    """Return a delivery for each submitter; one without a name where the metadata says nothing."""
    facts = facts if isinstance(facts, dict) else {}
    when = _time(facts.get(":created_at")) or time_of(plain)
    people = facts.get(":submitters")
    made = []
    for person in people if isinstance(people, list) else []:
        if not isinstance(person, dict):
            continue
        words = {key: str(person.get(key) or "") for key in (":name", ":sid", ":email")}
        key = words[":sid"] or words[":email"] or words[":name"]
        who = Person(words[":name"], (key,) if key else (), email=words[":email"])
        made.append(Delivery(who, "gradescope", when))
    return made or [Delivery(Person(ids=(name,)), "gradescope", when)]


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
