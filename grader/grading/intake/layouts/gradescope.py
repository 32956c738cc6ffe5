"""Gradescope's "Export Submissions": `submission_123/` folders and `submission_metadata.yml`.

The metadata says who handed in what and when; a group's work counts for each of its members.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from grader.errors import SubmissionError
from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.person import Person
from grader.grading.intake.layouts._common import file_time, list_folder
from grader.grading.intake.submissions import Found, Skipped, Submission, may_be_work
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
            reason = "its name is not one that Gradescope gives"
            skipped.append(Skipped(name, reason, is_work=entry.is_dir() or may_be_work(name)))
            continue
        plain = Submission(name, Path(entry.path), "folder")
        submissions += [
            replace(plain, name=one.person.name or name, delivery=one)
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
    when = _time(facts.get(":created_at"))
    told = {"came_in": when, "time_source": TimeSource.PLATFORM} if when else file_time(plain)
    told["files"] = (name,)
    people = facts.get(":submitters")
    made = []
    for person in people if isinstance(people, list) else []:
        if not isinstance(person, dict):
            continue
        words = {key: str(person.get(key) or "") for key in (":name", ":sid", ":email")}
        key = words[":sid"] or words[":email"] or words[":name"]
        who = Person(words[":name"], (key,) if key else (), email=words[":email"])
        made.append(Delivery(who, "gradescope", **told))
    return made or [Delivery(Person(ids=(name,)), "gradescope", **told)]


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
