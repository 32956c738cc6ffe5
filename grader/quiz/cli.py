"""The commands of `dlgrade quiz`: parse, call one function, print, exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from grader.quiz.context import OPTIONS, Browser, Plain, find_screen, find_surroundings
from grader.quiz.exams.commands import exam, key
from grader.quiz.exchange.commands import add_exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.asking.terminal.screen import TerminalScreen
    from grader.quiz.items.item import Item
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
    from grader.quiz.asking.holding import load_begun, load_history
    from grader.quiz.asking.overview import render_overview
    from grader.quiz.items.loading import skim_topics
    from grader.quiz.memory.stats import compute_figures

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    events = load_history(around, screen).events
    headings = skim_topics(around.quizzes_dir)
    figures = compute_figures(load_begun(around, events), events, around.clock())
    screen.show(render_overview(headings, figures, plain=screen.plain))


@app.command(hidden=True)
def ask(
    ctx: typer.Context,
    topic: str,
    plain: Plain = False,
    seed: Seed = None,
    browser: Browser = False,
) -> None:
    """Ask a topic's questions."""
    from grader.quiz.asking.holding import load_asked

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain, browser=browser)
    shown = [c for c in app.registered_commands if c.callback and not c.hidden]
    commands = [c.name or getattr(c.callback, "__name__", "") for c in shown]
    items = load_asked(around, topic, commands).items
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    label = topic if seed is None else f"{topic} --seed {seed}"
    _sit(around, screen, items, label=label, seed=seed)


@app.command()
def today(  # noqa: PLR0913 - an option each
    ctx: typer.Context,
    plain: Plain = False,
    seed: Seed = None,
    limit: Limit = MOST_ASKED,
    new: Annotated[
        int | None,
        typer.Option(min=0, help="So many new ones (default: 8 a day).", show_default=False),
    ] = None,
    browser: Browser = False,
) -> None:
    """Ask what is due and eight new questions, of mixed topics."""
    from grader.quiz.asking.daily import TODAY, tell_plan
    from grader.quiz.asking.holding import load_history, plan_today

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain, browser=browser)
    history = load_history(around, screen)
    plan = plan_today(around, screen, history, new=new, limit=limit)
    if plan is None:
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
    browser: Browser = False,
) -> None:
    """Ask what is due today, whatever the topic."""
    from grader.quiz.asking.daily import interleave
    from grader.quiz.asking.holding import load_begun, load_history
    from grader.quiz.asking.overview import find_due_items, render_nothing_due

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain, browser=browser)
    history = load_history(around, screen)
    topics = load_begun(around, history.events)
    items = find_due_items(topics, history.events, around.clock())[:limit]
    if not items:
        screen.show(render_nothing_due(topics, history.events, around.clock()))
        return
    seed = seed if seed is not None else ctx.meta[OPTIONS][1]
    _sit(around, screen, interleave(items), label="review", seed=seed, history=history)


@app.command()
def stats(ctx: typer.Context, plain: Plain = False) -> None:
    """Show accuracy by topic, what is due, and the slips made most."""
    from grader.quiz.asking.holding import load_begun, load_history
    from grader.quiz.asking.overview import render_figures
    from grader.quiz.memory.stats import compute_figures

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    history = load_history(around, screen)
    topics = load_begun(around, history.events)
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
    from grader.quiz.asking.holding import load_history, sit

    history = history or load_history(around, screen)
    ended = sit(around, screen, items, label=label, seed=seed, history=history, told=told)
    if ended:
        raise typer.Exit(ended)
