"""What a machine is, as far as verdicts depend on it, and in what two machines differ."""

from __future__ import annotations

import platform
import secrets
from functools import cache
from typing import TYPE_CHECKING, Any

from grader.engine.cases import key
from grader.worker.libraries import find_libraries, versions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.course.course import Course

SHOWN = 12  # digits of a digest


@cache
def own_identity() -> str:
    """Return the name of this very process among all nodes that there ever are."""
    return secrets.token_hex(6)


def describe_here(course: Course) -> dict[str, Any]:
    """Return what decides here: versions, the course, our own code; and what this machine is."""
    return {
        "versions": key.versions() | versions_of(find_libraries(course.imports)),
        "course": course.digest,
        "code": f"{key.engine_digest()} {key.drawing_digest()}",
        "host": platform.node() or "unknown",
        "identity": own_identity(),
    }


def find_differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Return in what another machine differs so that its verdicts may; each in a few words."""
    found = []
    there = theirs["versions"]
    for name, version in mine["versions"].items():
        if there.get(name) != version:
            found.append(f"{name} {there.get(name, 'is missing')}, not {version}")
    if not found and theirs["code"] != mine["code"]:
        found.append("the files of dlgrade are others")
    if theirs["course"] != mine["course"]:
        text = f"{theirs['course'][:SHOWN]}, not {mine['course'][:SHOWN]}"
        found.append(f"the course is another one ({text})")
    return found
