"""The commands of `dlgrade quiz`: parse, call one function, print, exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from grader.errors import HistoryError, UnknownTargetError
from grader.quiz.context import OPTIONS, Plain, find_screen, find_surroundings
from grader.quiz.exams.commands import exam, key
from grader.quiz.exchange.commands import add_exchange
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.asking.screen import TerminalScreen
    from grader.quiz.asking.turns import Unfinished
    from grader.quiz.items.item import Item, Topic
    from grader.quiz.memory.event import Event
    from grader.quiz.memory.history import History
    from grader.quiz.surroundings import Surroundings

MOST_ASKED = 30  # in one review

Seed = Annotated[int | None, typer.Option("--seed", help="These numbers; 0 are the deck's own.")]


Limit = Annotated[int, typer.Option(min=1, help="Ask at most so many that are due.")]


class TopicGroup(TyperGroup):
    """Take an unknown command's name for a topic, so that `dlgrade quiz conv` works."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Hand what is no command to the hidden command `ask`."""
        # Any: the types of click moved into Typer, and are private there
        is_command = args and args[0] in self.commands
        return super().resolve_command(ctx, args if is_command else ["ask", *args])


OTHERS = ("today", "review", "code", "stats", "exam", "key", "export", "import", "lint")
app = typer.Typer(
    cls=TopicGroup,
    help="Quizzes: asked, marked, explained, remembered.",
    no_args_is_help=False,
    subcommand_metavar=f"[TOPIC | {' | '.join(OTHERS)}] ...",
)


@app.callback(invoke_without_command=True)
def quiz(ctx: typer.Context, plain: Plain = False, seed: Seed = None) -> None:
    """Ask a TOPIC's questions; without one, list the topics and what is due."""
    ctx.meta[OPTIONS] = (plain, seed)
    if ctx.invoked_subcommand is not None:
        return
    from grader.quiz.asking.overview import render_overview
    from grader.quiz.items.loading import skim_topics
    from grader.quiz.memory.stats import compute_figures

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    events = _history(around, screen).events
    headings = skim_topics(around.quizzes_dir)
    figures = compute_figures(_load_begun(around, events), events, around.clock())
    screen.show(render_overview(headings, figures, plain=screen.plain))


@app.command(hidden=True)
def ask(ctx: typer.Context, topic: str, plain: Plain = False, seed: Seed = None) -> None:
    """Ask a topic's questions."""
    from grader.quiz.asking.overview import topics_about
    from grader.quiz.items.loading import topic_names, unknown_topic

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    topics = topic_names(around.quizzes_dir)
    if topics and topic not in topics:
        if about := topics_about(around.load_all(), topic):
            text = f"no quiz topic is called {topic!r}; its questions: dlgrade quiz"
            raise UnknownTargetError(f"{text} {' or '.join(about)}")
        shown = [c for c in app.registered_commands if c.callback and not c.hidden]
        commands = [c.name or getattr(c.callback, "__name__", "") for c in shown]
        raise UnknownTargetError(unknown_topic(topic, topics, commands))
    items = around.load(topic).items
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    label = topic if seed is None else f"{topic} --seed {seed}"
    _sit(around, screen, items, label=label, seed=seed)


@app.command()
def today(
    ctx: typer.Context,
    plain: Plain = False,
    seed: Seed = None,
    limit: Limit = MOST_ASKED,
    new: Annotated[
        int | None,
        typer.Option(min=0, help="So many new ones (default: 8 a day).", show_default=False),
    ] = None,
) -> None:
    """Ask what is due today and eight new questions, mixed over the topics."""
    from grader.quiz.asking.daily import TODAY, plan_day, tell_plan
    from grader.quiz.asking.overview import render_nothing_due
    from grader.quiz.items.loading import skim_topics

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    history = _history(around, screen)
    headings = skim_topics(around.quizzes_dir)
    events, now = history.events, around.clock()
    plan = plan_day(
        [one.name for one in headings], around.load_all, events, now, new=new, limit=limit
    )
    if not plan.items:
        screen.show(render_nothing_due(_load_begun(around, events), events, now))
        if sum(one.count for one in headings) > len({event.item for event in events if event.item}):
            screen.say("More new questions: dlgrade quiz today --new 8")
        return
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    told = tell_plan(plan)
    _sit(around, screen, plan.items, label=TODAY, seed=seed, history=history, told=told)


@app.command()
def review(
    ctx: typer.Context,
    plain: Plain = False,
    seed: Seed = None,
    limit: Limit = MOST_ASKED,
) -> None:
    """Ask what is due today, whatever the topic."""
    from grader.quiz.asking.daily import interleave
    from grader.quiz.asking.overview import find_due_items, render_nothing_due

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    history = _history(around, screen)
    topics = _load_begun(around, history.events)
    items = find_due_items(topics, history.events, around.clock())[:limit]
    if not items:
        screen.show(render_nothing_due(topics, history.events, around.clock()))
        return
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    _sit(around, screen, interleave(items), label="review", seed=seed, history=history)


@app.command()
def stats(ctx: typer.Context, plain: Plain = False) -> None:
    """Show accuracy by topic, what is due, and the slips made most."""
    from grader.quiz.asking.overview import render_figures
    from grader.quiz.memory.stats import compute_figures

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    history = _history(around, screen)
    topics = _load_begun(around, history.events)
    figures = compute_figures(topics, history.events, around.clock())
    screen.show(render_figures(figures, plain=screen.plain))


app.command()(exam)
app.command()(key)


add_exchange(app)


@app.command()
def lint(
    ctx: typer.Context,
    topic: Annotated[str | None, typer.Argument(help="One topic (default: all).")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Variants drawn of each item.")] = 200,
) -> None:
    """Check the items: for authors."""
    from grader.quiz.lint.problems import find_problems

    around = find_surroundings(ctx)
    topics = (around.load(topic),) if topic else around.load_all()
    problems = find_problems(topics, seeds)
    for problem in problems:
        typer.echo(f"{problem.item}: {problem.message}")
    count = sum(len(loaded.items) for loaded in topics)
    typer.echo(f"{count} items, {seeds} seeds: {len(problems) or 'no'} problem(s)")
    if problems:
        raise typer.Exit(1)


def _sit(  # noqa: PLR0913 - what a sitting needs
    around: Surroundings,
    screen: TerminalScreen,
    items: Sequence[Item],
    *,
    label: str,
    seed: int | None,
    history: History | None = None,
    told: str = "",
) -> None:
    from grader.quiz.asking.dialogue import hold_and_sum_up
    from grader.quiz.asking.overview import render_when_again
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.turns import find_unfinished

    history = history or _history(around, screen)
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
        topics = _load_begun(around, history.events)
        screen.show(render_when_again(topics, history.events, around.clock()))
    if ended:
        raise typer.Exit(ended)


def _greet(
    screen: TerminalScreen,
    items: Sequence[Item],
    unfinished: Unfinished | None,
    history: History,
    told: str,
) -> None:
    """Say how many questions there are, how long they take, and whether answers have a place."""
    from grader.quiz.asking.overview import about_minutes

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
    saved = "; all is saved" if history.remembers else ""
    screen.say(f"Type ? for help, undo (u) to take back, quit (q) to stop{saved}.")


def _history(around: Surroundings, screen: TerminalScreen) -> History:
    from grader.quiz.memory.history import History

    history = History(around.data_dir)
    try:
        _ = history.events
    except HistoryError as error:
        history.give_up()
        screen.warn(f"{error}; this goes on, and nothing that you answer is remembered")
    if history.notice:
        screen.warn(history.notice)
    return history


def _load_begun(around: Surroundings, events: Sequence[Event]) -> tuple[Topic, ...]:
    """Load the topics that the history knows: reading all would cost as much as the rest."""
    begun = {event.item.partition(".")[0] for event in events}
    return around.load_all(begun)
