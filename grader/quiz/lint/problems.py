"""Go through the topics of a course and collect what is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grader.quiz.items.loading import topic_names
from grader.quiz.lint.guessing import find_cues, find_cues_of_code, find_leaning
from grader.quiz.lint.variants import find_in_variants
from grader.quiz.lint.wording import find_in_wording, stub_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.quiz.items.item import Topic


class Problem(NamedTuple):
    """Something that is not as it must be.

    Parameters
    ----------
    item
        The item's id; a topic's name, or an exercise's id, where no single item is to blame.
    message
        One line: what, and in which variant.
    """

    item: str
    message: str


def find_problems(topics: Sequence[Topic], seeds: int = 200) -> list[Problem]:
    """Check every item of the topics, and each topic as a whole.

    Parameters
    ----------
    topics
        What to check.
    seeds
        How many variants of each item, the deck's own apart.

    Returns
    -------
    list of Problem
        At most one of each sort for an item.
    """
    ids = [item.id for topic in topics for item in topic.items]
    problems = [Problem(i, "this id is used twice") for i in sorted(set(ids)) if ids.count(i) > 1]
    for topic in topics:
        for item in topic.items:
            problems += [Problem(item.id, message) for message in find_in_wording(item)]
            problems += [Problem(item.id, message) for message in find_in_variants(item, seeds)]
        problems += [Problem(topic.name, message) for message in find_cues(topic, seeds)]
    problems += [Problem("code", message) for message in find_cues_of_code(topics)]
    problems += [Problem("claims", message) for message in find_leaning(topics)]
    return problems + list(_unpractised(topics))


def _unpractised(topics: Sequence[Topic]) -> Iterator[Problem]:
    """Name the exercises that no question trains, once all topics of a course are there."""
    if not topics or not topics[0].items:
        return
    quizzes = topics[0].items[0].source.parent
    if {topic.name for topic in topics} != set(topic_names(quizzes)):
        return
    practised = {item.practise for topic in topics for item in topic.items}
    for stub in sorted((quizzes.parent / "exercises").glob("*.py")):
        for name in stub_names(stub):
            if not re.match("_", name) and f"{stub.stem}.{name}" not in practised:
                yield Problem(f"{stub.stem}.{name}", "no question practises this exercise")
