"""What the quiz tests share: the course's items, a screen without a terminal, a clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from grader.quiz.items.loading import load_topics

QUIZZES = Path(__file__).resolve().parents[1] / "quizzes"
TOPICS = load_topics(QUIZZES)
ITEMS = tuple(item for topic in TOPICS for item in topic.items)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start="2026-03-02T09:00:00+00:00"):
        self.now = dt.datetime.fromisoformat(start)

    def __call__(self):
        return self.now

    def pass_(self, **span):
        self.now += dt.timedelta(**span)


class Script:
    """A screen that types what it is told, and remembers what it was shown.

    An answer may be a function of the variant, so that a test can be right without knowing the
    numbers; an exception is raised, as Ctrl-C would.
    """

    def __init__(self, *answers, clock=None, seconds=5):
        self.answers = list(answers)
        self.asked, self.verdicts, self.complaints, self.helped = [], [], [], []
        self.read_back, self.warned, self.said = [], [], []
        self.clock, self.seconds = clock, seconds

    def ask(self, variant, place, total, *, again):
        self.asked.append((variant, place, total, again))

    def read(self):
        if self.clock:
            self.clock.pass_(seconds=self.seconds)
        if not self.answers:
            raise EOFError
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer(self.asked[-1][0]) if callable(answer) else answer

    def unreadable(self, message):
        self.complaints.append(message)

    def say(self, text):
        self.said.append(text)

    def warn(self, text):
        self.warned.append(text)

    def read_as(self, shown):
        self.read_back.append(shown)

    def help(self, variant, words):
        assert variant is self.asked[-1][0]
        self.helped.append(words)

    def verdict(self, variant, mark):
        self.verdicts.append((variant, mark))


def item_called(name):
    """Return the item of that id."""
    return next(item for item in ITEMS if item.id == name)
