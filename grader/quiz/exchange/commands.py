"""`dlgrade quiz export` and `dlgrade quiz import`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import UsageError
from grader.quiz.context import find_surroundings, write_out

if TYPE_CHECKING:
    from grader.quiz.exchange.question import PlainQuestion, Unheld
    from grader.quiz.exports import QuizFormat
    from grader.quiz.items.item import Topic, Variant

MOST_VARIANTS = 100
TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


def add_exchange(app: typer.Typer) -> None:
    """Give the quizzes' application its two commands that write for others and read of them."""
    app.command()(export)
    app.command("import")(import_)


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
    """Write a topic for Canvas, Moodle, Anki or a browser.

    Its questions have the numbers of one seed.
    """
    from grader.quiz.exports import load_exporter

    exporter = load_exporter(form)
    loaded = find_surroundings(ctx).load(topic)
    found = exporter.export(loaded, _draw(loaded, exporter, form, seed, variants))
    for line in found.lost:
        typer.echo(f"{form} cannot carry {line}", err=True)
    for line in found.left_out:
        typer.echo(f"left out: {line}", err=True)
    if output is None and isinstance(found.content, bytes) and sys.stdout.isatty():
        raise UsageError(f"{form} is an archive: name its file with -o {topic}.zip")
    write_out(found.content, output)


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


def import_(
    file: Annotated[Path, typer.Argument(help="Moodle XML or GIFT.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A topic's file, <topic>.toml (default: stdout)."),
    ] = None,
    title: Annotated[str, typer.Option(help="The topic's title (default: its name).")] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file that -o names.")
    ] = False,
) -> None:
    """Make a topic's file of the questions of a Moodle XML or GIFT file."""
    from grader.files import write_whole
    from grader.quiz.exchange.keeping import keep

    name = (output or file).stem
    if not TOPIC.fullmatch(name) or (output and output.suffix != ".toml"):
        raise UsageError("-o needs a name of small letters, digits and hyphens: -o my-topic.toml")
    if output and output.exists() and not overwrite:
        raise UsageError(f"{output} is there already; --overwrite replaces it")
    held, unheld = _read(file)
    text, unkept, count = keep(name, title or name, held)
    unheld = sorted((*unheld, *unkept), key=lambda one: one.line)
    for one in unheld:
        called = f" {one.name}" if one.name else ""
        typer.echo(f"{file}, line {one.line}:{called} is left out: {one.why}", err=True)
    if not count:
        raise UsageError(f"{file} holds no question that an item can hold; nothing is written")
    if output is None:
        typer.echo(text.encode(), nl=False)
    else:
        try:
            write_whole(output, text)
        except OSError as error:
            raise UsageError(f"{output} cannot be written ({error.strerror})") from error
    into = f" into {output}" if output else ""
    typer.echo(f"{count} of {count + len(unheld)} questions{into}", err=True)
    if unheld:
        raise typer.Exit(1)


def _read(file: Path) -> tuple[list[PlainQuestion], list[Unheld]]:
    from grader.quiz.exchange import gift, moodle
    from grader.quiz.exchange.bounded import read_bytes

    content = read_bytes(file)
    is_xml = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
    try:
        return moodle.read(content) if is_xml else gift.read(content)
    except UsageError as error:
        raise UsageError(f"{file} cannot be imported: {error}") from error
