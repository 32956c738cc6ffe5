"""Hold a sitting from what is said before its first question to its sum, on any screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from grader.errors import INTERRUPTED, HistoryError, UnknownTargetError
from grader.quiz.asking.daily import plan_day
from grader.quiz.asking.overview import (
    about_minutes,
    render_nothing_due,
    render_when_again,
    topics_about,
)
from grader.quiz.asking.sitting import Sitting
from grader.quiz.asking.turns import find_unfinished
from grader.quiz.items.loading import skim_topics, topic_names, unknown_topic
from grader.quiz.memory.history import History
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.quiz.asking.daily import DayPlan
    from grader.quiz.asking.turns import Summary, Unfinished
    from grader.quiz.items.item import Item, Topic
    from grader.quiz.memory.event import Event
    from grader.quiz.surroundings import Surroundings


class WholeScreen(Protocol):
    """Where a sitting is held: a terminal, a browser, a notebook."""

    def say(self, text: str) -> None:
        """Say a line."""

    def warn(self, text: str) -> None:
        """Say what the student should know before going on."""

    def show(self, renderable: RenderableType) -> None:
        """Show anything that Rich can print."""

    def manual(self, *, saves: bool) -> str:
        """Say what works in this mode whatever is asked, and whether answers are kept."""

    def hold(self, sitting: Sitting) -> None:
        """Ask until nothing is left, or the student stops; raises KeyboardInterrupt at Ctrl-C."""

    def sum_up(self, summary: Summary, again: str, *, saves: bool = True) -> None:
        """Show what a sitting came to; `again` is the command that goes on."""

    def close(self) -> None:
        """Let go of what was shown: nothing follows."""


def sit(  # noqa: PLR0913 - what a sitting needs
    around: Surroundings,
    screen: WholeScreen,
    items: Sequence[Item],
    *,
    label: str,
    seed: int | None,
    history: History,
    told: str = "",
) -> int:
    """Greet, ask, and sum up.

    Parameters
    ----------
    around
        Where topics and the history are.
    screen
        Where.
    items
        What is asked.
    label
        The kind of sitting, such as "conv" or "review".
    seed
        None for every item's next variant; a number for that seed's.
    history
        Where answers are kept.
    told
        What is said before a new sitting; "" for how many questions there are.

    Returns
    -------
    int
        The command's exit code.
    """
    unfinished = find_unfinished(history.events, label, around.clock())
    if unfinished and all(item.id in unfinished.right for item in items):
        unfinished = None
    _greet(screen, items, unfinished, history, told)
    sitting = Sitting(
        items, history=history, clock=around.clock, warn=screen.warn,
        label=label, seed=seed, unfinished=unfinished,
    )  # fmt: skip
    ended = hold_and_sum_up(sitting, screen, f"dlgrade quiz {label}")
    if sitting.summary.finished and history.remembers:
        topics = load_begun(around, history.events)
        screen.show(render_when_again(topics, history.events, around.clock()))
    screen.close()
    return ended


def hold_and_sum_up(
    sitting: Sitting, screen: WholeScreen, again: str, *, saves: bool = True
) -> int:
    """Hold a sitting, then show what it came to.

    Parameters
    ----------
    sitting
        What is asked.
    screen
        Where.
    again
        The command that goes on.
    saves
        Whether answers are to be remembered at all.

    Returns
    -------
    int
        The command's exit code.
    """
    ended = 0
    try:
        screen.hold(sitting)
    except KeyboardInterrupt:
        ended = INTERRUPTED
    screen.sum_up(sitting.summary, again, saves=saves)
    return ended


def plan_today(
    around: Surroundings, screen: WholeScreen, history: History, *, new: int | None, limit: int
) -> DayPlan | None:
    """Plan a day, or say when the next one is.

    Parameters
    ----------
    around
        Where topics are.
    screen
        Where it is said that nothing is due.
    history
        What was answered.
    new, limit
        As for `plan_day`.

    Returns
    -------
    DayPlan or None
        None where there is nothing to ask.
    """
    headings = skim_topics(around.quizzes_dir)
    events, now = history.events, around.clock()
    names = [one.name for one in headings]
    plan = plan_day(names, around.load_all, events, now, new=new, limit=limit)
    if plan.items:
        return plan
    screen.show(render_nothing_due(load_begun(around, events), events, now))
    if sum(one.count for one in headings) > len({event.item for event in events if event.item}):
        screen.say("More new questions: dlgrade quiz today --new 8")
    return None


def load_asked(around: Surroundings, name: str, commands: Sequence[str] = ()) -> Topic:
    """Load the topic that is asked for.

    Parameters
    ----------
    around
        Where topics are.
    name
        Of a topic.
    commands
        What else may be typed in that place.

    Returns
    -------
    Topic
        With its items.

    Raises
    ------
    UnknownTargetError
        There is none of that name; for an exercise or a module it says which topics ask about it.
    """
    topics = topic_names(around.quizzes_dir)
    if topics and name not in topics:
        if about := topics_about(around.load_all(), name):
            text = f"no quiz topic is called {name!r}; its questions: dlgrade quiz"
            raise UnknownTargetError(f"{text} {' or '.join(about)}")
        raise UnknownTargetError(unknown_topic(name, topics, commands))
    return around.load(name)


def load_history(around: Surroundings, screen: WholeScreen) -> History:
    """Load the history; one that cannot be read is said, and the sitting goes on without."""
    history = History(around.data_dir)
    try:
        _ = history.events
    except HistoryError as error:
        history.give_up()
        screen.warn(f"{error}; this goes on, and nothing that you answer is remembered")
    if history.notice:
        screen.warn(history.notice)
    return history


def load_begun(around: Surroundings, events: Sequence[Event]) -> tuple[Topic, ...]:
    """Load the topics that the history knows: reading all would cost as much as the rest."""
    begun = {event.item.partition(".")[0] for event in events}
    return around.load_all(begun)


def _greet(
    screen: WholeScreen,
    items: Sequence[Item],
    unfinished: Unfinished | None,
    history: History,
    told: str,
) -> None:
    """Say how many questions there are, how long they take, and whether answers have a place."""
    if history.remembers:
        try:
            history.try_place()
        except HistoryError as error:
            history.remembers = False
            screen.warn(f"{error}; this goes on, and nothing that you answer is remembered")
    if unfinished:
        left = [item for item in items if item.id not in unfinished.right]
        done = len(unfinished.right)
        many = f"{done} of {done + len(left)} are done"
        screen.say(f"Going on where you stopped: {many}, {about_minutes(left)} to go.")
    else:
        screen.say(told or f"{counted(len(items), 'question')}, {about_minutes(items)}.")
    screen.say(screen.manual(saves=history.remembers))
