"""The commands of `dlgrade quiz`: parse, call one function, print, exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from grader.errors import INTERRUPTED, HistoryError, UnknownTargetError, UsageError
from grader.quiz.exchange.commands import add_exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.asking.screen import TerminalScreen
    from grader.quiz.asking.sitting import Unfinished
    from grader.quiz.items.item import Event, Item, Topic
    from grader.quiz.memory.history import History
    from grader.quiz.surroundings import Surroundings

OPTIONS = "grader.quiz"
MOST_ASKED = 30  # in one review

Plain = Annotated[bool, typer.Option("--plain", help="ASCII only, no colour, 80 columns.")]
Seed = Annotated[int | None, typer.Option("--seed", help="These numbers; 0 are the deck's own.")]


class TopicGroup(TyperGroup):
    """Take an unknown command's name for a topic, so that `dlgrade quiz conv` works."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Hand what is no command to the hidden command `ask`."""
        # Any: the types of click moved into Typer, and are private there
        is_command = args and args[0] in self.commands
        return super().resolve_command(ctx, args if is_command else ["ask", *args])


app = typer.Typer(
    cls=TopicGroup,
    help="Quizzes: asked, marked, explained, remembered.",
    no_args_is_help=False,
    subcommand_metavar="[TOPIC | review | stats | exam | export | import | lint] ...",
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

    around, screen = _surroundings(ctx), _screen(ctx, plain)
    events = _history(around, screen).events
    headings = skim_topics(around.quizzes_dir)
    figures = compute_figures(_load_begun(around, events), events, around.clock())
    screen.show(render_overview(headings, figures, plain=screen.plain))


@app.command(hidden=True)
def ask(ctx: typer.Context, topic: str, plain: Plain = False, seed: Seed = None) -> None:
    """Ask a topic's questions."""
    from grader.quiz.items.loading import topic_names, unknown_topic

    around, screen = _surroundings(ctx), _screen(ctx, plain)
    topics = topic_names(around.quizzes_dir)
    if topics and topic not in topics:
        shown = [c for c in app.registered_commands if c.callback and not c.hidden]
        commands = [c.name or getattr(c.callback, "__name__", "") for c in shown]
        raise UnknownTargetError(unknown_topic(topic, topics, commands))
    items = around.load(topic).items
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    label = topic if seed is None else f"{topic} --seed {seed}"
    _sit(around, screen, items, label=label, seed=seed)


@app.command()
def review(
    ctx: typer.Context,
    plain: Plain = False,
    seed: Seed = None,
    limit: Annotated[int, typer.Option(min=1, help="Ask at most so many items.")] = MOST_ASKED,
) -> None:
    """Ask what is due today, whatever the topic."""
    from grader.quiz.asking.overview import find_due_items, render_nothing_due

    around, screen = _surroundings(ctx), _screen(ctx, plain)
    history = _history(around, screen)
    topics = _load_begun(around, history.events)
    items = find_due_items(topics, history.events, around.clock())[:limit]
    if not items:
        screen.show(render_nothing_due(topics, history.events, around.clock()))
        return
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    _sit(around, screen, items, label="review", seed=seed, history=history)


@app.command()
def stats(ctx: typer.Context, plain: Plain = False) -> None:
    """Show accuracy by topic, what is due, and the slips made most."""
    from grader.quiz.asking.overview import render_figures
    from grader.quiz.memory.stats import compute_figures

    around, screen = _surroundings(ctx), _screen(ctx, plain)
    history = _history(around, screen)
    topics = _load_begun(around, history.events)
    figures = compute_figures(topics, history.events, around.clock())
    screen.show(render_figures(figures, plain=screen.plain))


@app.command()
def exam(  # noqa: PLR0913 - its options are the contract's
    ctx: typer.Context,
    topic: str,
    student: Annotated[str, typer.Option(help="Your id: the name of the folder you hand in.")],
    seed: Annotated[int, typer.Option(help="The seed of the exam, from your instructor.")],
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help="Your exercises' folder (default: here, or ./exercises)."),
    ] = None,
    plain: Plain = False,
) -> None:
    """Take a graded quiz: your own numbers, no feedback, answers in quiz-answers.toml."""
    from grader.quiz.asking.answers_file import FILE_NAME
    from grader.quiz.asking.exam import take_exam

    around, screen = _surroundings(ctx), _screen(ctx, plain)
    loaded = around.load(topic)
    path = _exercises_dir(directory) / FILE_NAME
    again = f"dlgrade quiz exam {topic} --student {student} --seed {seed}"
    try:
        left = take_exam(loaded, seed=seed, student=student, path=path, screen=screen)
    except KeyboardInterrupt:
        screen.say(f"\nStopped; the answers so far are in {path}. Go on with: {again}")
        raise typer.Exit(INTERRUPTED) from None
    done = f"All {len(loaded.items)} questions are answered" if not left else f"{left} open"
    screen.say(f"\n{done}; the answers are in {path}.{f' Go on with: {again}' if left else ''}")


add_exchange(app)


@app.command()
def lint(
    ctx: typer.Context,
    topic: Annotated[str | None, typer.Argument(help="One topic (default: all).")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Variants drawn of each item.")] = 200,
) -> None:
    """Check the items: for authors."""
    from grader.quiz.lint.problems import find_problems

    around = _surroundings(ctx)
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
) -> None:
    from grader.quiz.asking.overview import render_when_again
    from grader.quiz.asking.render import render_summary
    from grader.quiz.asking.sitting import Sitting, find_unfinished

    history = history or _history(around, screen)
    unfinished = find_unfinished(history.events, label, around.clock())
    if unfinished and all(item.id in unfinished.right for item in items):
        unfinished = None
    _greet(screen, items, unfinished, history)
    sitting = Sitting(
        items, screen=screen, history=history, clock=around.clock,
        label=label, seed=seed, unfinished=unfinished,
    )  # fmt: skip
    again = f"dlgrade quiz {label}"
    ended = 0
    try:
        sitting.run()
    except KeyboardInterrupt:
        ended = INTERRUPTED
    screen.show(render_summary(sitting.summary, again, saved=history.remembers))
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
) -> None:
    """Say how many questions there are, and whether there is a place for the answers."""
    if history.remembers:
        try:
            history.try_place()
        except HistoryError as error:
            history.remembers = False
            screen.warn(f"{error}; this goes on, and nothing that you answer is remembered")
    if unfinished:
        done = sum(item.id in unfinished.right for item in items)
        screen.say(f"Going on where you stopped: {done} of {len(items)} are done.")
    else:
        many = "1 question" if len(items) == 1 else f"{len(items)} questions"
        saved = "; all is saved" if history.remembers else ""
        screen.say(f"{many}. Type ? for help, quit to stop{saved}.")


def _surroundings(ctx: typer.Context) -> Surroundings:
    from grader.quiz.surroundings import Surroundings

    return Surroundings.given(ctx.obj)


def _screen(ctx: typer.Context, plain: bool) -> TerminalScreen:
    from grader.quiz.asking.screen import TerminalScreen

    return TerminalScreen(plain=plain or ctx.meta[OPTIONS][0])


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


def _exercises_dir(directory: Path | None) -> Path:
    if directory is not None:
        if not directory.is_dir():
            raise UsageError(f"--dir {directory}: there is no such folder")
        return directory
    inside = Path("exercises")
    return inside if inside.is_dir() else Path()
