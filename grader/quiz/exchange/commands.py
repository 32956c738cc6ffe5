"""`dlgrade quiz export` and `dlgrade quiz import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.quiz.exports import QuizFormat
    from grader.quiz.items.item import Topic, Variant

MOST_VARIANTS = 100


def add_exchange(app: typer.Typer) -> None:
    """Give the quizzes' application its two commands that write for others and read of them."""
    app.command()(export)


def export(  # noqa: PLR0913 - its options are what people ask for
    ctx: typer.Context,
    topic: str,
    form: Annotated[str, typer.Option("--format", help="anki, canvas, gift, html or moodle.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Default: stdout.")] = None,
    seed: Annotated[int, typer.Option(help="Which numbers; 0 are the deck's own.")] = 0,
    variants: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_VARIANTS, help="Variants of each question."),
    ] = None,
) -> None:
    """Write a topic for Canvas, Moodle, Anki or a browser, with the numbers of one seed."""
    from grader.files import write_whole
    from grader.quiz.exports import load_exporter
    from grader.quiz.surroundings import Surroundings

    exporter = load_exporter(form)
    loaded = Surroundings.given(ctx.obj).load(topic)
    found = exporter.export(loaded, _draw(loaded, exporter, form, seed, variants))
    for line in found.lost:
        typer.echo(f"{form} cannot carry {line}", err=True)
    for line in found.left_out:
        typer.echo(f"left out: {line}", err=True)
    if output is None:
        typer.echo(found.content, nl=False)
        return
    try:
        write_whole(output, found.content)
    except OSError as error:
        raise UsageError(f"{output} cannot be written ({error.strerror})") from error


def _draw(
    topic: Topic, exporter: QuizFormat, form: str, seed: int, asked: int | None
) -> list[Variant]:
    from grader.quiz.items.variants import draw_variant, practice_key

    count = exporter.variants if asked is None else asked
    if count > 1 and not exporter.several:
        raise UsageError(f"--variants {count}: {form} holds one variant of each question")
    return [
        draw_variant(item, practice_key(seed, number))
        for item in topic.items
        for number in range(count if item.parameters else 1)
    ]
