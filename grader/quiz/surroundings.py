"""What the commands of `dlgrade quiz` take from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.files import built_in_course
from grader.quiz.items.loading import load_topic, load_topics
from grader.quiz.memory.history import default_data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from grader.quiz.items.item import Topic


def _now() -> datetime:
    return datetime.now(tz=UTC).astimezone()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the commands take from outside; tests bring their own.

    Parameters
    ----------
    quizzes_dir
        The course's quizzes.
    data_dir
        Where the history is kept.
    clock
        Gives the time, with its offset.
    """

    quizzes_dir: Path = field(default_factory=lambda: built_in_course() / "quizzes")
    data_dir: Path = field(default_factory=default_data_dir)
    clock: Callable[[], datetime] = _now

    @classmethod
    def given(cls, told: object) -> Surroundings:
        """Read what a mounting application has set: any of the attributes, none at all."""
        names = ("quizzes_dir", "data_dir", "clock")
        found = {name: getattr(told, name, None) for name in names}
        return cls(**{name: value for name, value in found.items() if value is not None})

    def load(self, topic: str) -> Topic:
        """Return a topic."""
        return load_topic(self.quizzes_dir, topic)

    def load_all(self, names: Collection[str] | None = None) -> tuple[Topic, ...]:
        """Return the topics of these names; all of them without names."""
        return load_topics(self.quizzes_dir, names)
