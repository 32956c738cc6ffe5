"""Draw what an exam asks of a student: so many questions of a topic, with numbers of their own.

Seed, student, number of questions, the topic's file and what is known of difficulties are all that
decides it. So whoever knows them draws the same again, and no file has to say what was asked.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.quiz.exams.difficulty import group, read_shares
from grader.quiz.items.loading import load_topic
from grader.quiz.items.streams import Stream
from grader.quiz.items.variants import draw_variant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.quiz.items.item import Item, Topic, Variant


@dataclass(frozen=True)
class Paper:
    """What an exam asks about one topic.

    Parameters
    ----------
    topic
        The questions that there are.
    seed
        The seed of the exam, the same for the class.
    count
        How many of them a student is asked.
    shares
        What was earned for each in earlier exams, where that is known.
    """

    topic: Topic
    seed: int
    count: int
    shares: Mapping[str, float] = field(default_factory=dict)

    def draw(self, student: str) -> list[Variant]:
        """Draw the questions of one student, in the order in which they are asked.

        Parameters
        ----------
        student
            The student's id: another id gives other questions, other numbers and another order.

        Returns
        -------
        list of Variant
            As many for everybody, no item twice.

        Raises
        ------
        CourseError
            An item cannot be drawn.
        """
        key = f"exam/{self.seed}/{student}"
        variants = [draw_variant(item, key) for item in self._choose(key)]
        return Stream(f"{key}/order/{self.topic.name}").shuffled(variants)

    def _choose(self, key: str) -> Sequence[Item]:
        """Return a student's items: one of each difficulty where that is known, else any."""
        items = {item.id: item for item in self.topic.items}
        if self.count == len(items):
            return self.topic.items
        stream = Stream(f"{key}/items/{self.topic.name}")
        if not items.keys() & self.shares.keys():
            return stream.shuffled(self.topic.items)[: self.count]
        groups = group(list(items), self.shares, self.count)
        return [items[stream.choice(some)] for some in groups]


def fingerprint(variants: Sequence[Variant]) -> str:
    """Condense what one student is asked about a topic, as far as answers hang on it.

    Which items, their numbers and how many choices there are; no wording, no order and no right
    answer, so that a mended key changes nothing here.

    Returns
    -------
    str
        12 hexadecimal digits.
    """
    asked = [
        [
            one.item.id,
            [one.names[parameter.name] for parameter in one.item.parameters],
            [len(one.posed.options), len(one.posed.lefts)],
        ]
        for one in sorted(variants, key=lambda variant: variant.item.id)
    ]
    text = json.dumps(asked, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_paper(quizzes_dir: Path, topic: str, seed: int, count: int | None = None) -> Paper:
    """Load what an exam asks about a topic.

    Parameters
    ----------
    quizzes_dir
        The course's quizzes.
    topic
        The topic's name.
    seed
        The seed of the exam.
    count
        How many questions of the topic; None for all.

    Raises
    ------
    UnknownTargetError
        The course has no such topic.
    CourseError
        A file is not as it must be.
    UsageError
        The topic has fewer questions.
    """
    loaded = load_topic(quizzes_dir, topic)
    there = len(loaded.items)
    if count is not None and not 1 <= count <= there:
        text = f"the topic {topic} has {there} questions"
        raise UsageError(f"{text}, so that an exam cannot ask {count}: take 1 to {there}")
    return Paper(loaded, seed, there if count is None else count, read_shares(quizzes_dir))


def draw_together(papers: Sequence[Paper], student: str) -> list[tuple[Paper, Variant]]:
    """Draw one student's questions of all topics of an exam, mixed.

    Parameters
    ----------
    papers
        At least one, of different topics; their order changes nothing.
    student
        The student's id.
    """
    sorted_ = sorted(papers, key=lambda paper: paper.topic.name)
    drawn = [(paper, variant) for paper in sorted_ for variant in paper.draw(student)]
    if len(papers) == 1:
        return drawn
    names = "+".join(paper.topic.name for paper in sorted_)
    return Stream(f"exam/{papers[0].seed}/{student}/order/{names}").shuffled(drawn)
