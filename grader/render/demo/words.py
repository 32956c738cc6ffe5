"""What is said of a demo: whose the parts are, what torch says to it, which demos there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from grader.model import Status
from grader.render.signs import MARKS, QUIET, RIGHT, WRONG, WRONG_MARK
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.render.demo.shown import Agreement, DemoEnd, DemoLine, DemoPart

MOST_NEEDED = 3
MOST_LINES = 2  # of losses that are torch's, each for itself


def count_parts(parts: Sequence[DemoPart]) -> str:
    """Return how many parts are the student's.

    Examples
    --------
    >>> from grader.render.demo.shown import DemoPart
    >>> count_parts([DemoPart("a.b", True), DemoPart("a.c", False, "not written yet")])
    '1 of 2 parts is yours'
    """
    own = sum(part.own for part in parts)
    if own == len(parts):
        return f"all {own} parts are yours"
    if own == 0:
        return f"none of the {len(parts)} parts is yours yet"
    return f"{own} of {len(parts)} parts {'is' if own == 1 else 'are'} yours"


def render_story(name: str, story: str) -> Text:
    """Return in a sentence what a demo shows.

    Examples
    --------
    >>> print(render_story("xo", "features slide over a picture"))
    xo: out of your own functions, beside torch's, features slide over a picture.
    """
    end = "" if story.endswith("?") else "."
    return Text(f"{name}: out of your own functions, beside torch's, {story}{end}")


def render_parts(parts: Sequence[DemoPart]) -> RenderableType:
    """Return whose the parts are: how many, then what is lent, by reason, and what is doubtful."""
    lines = [Text(f"{count_parts(parts)}.", "bold")]
    lent, doubtful = _by_reason(parts, own=False), _by_reason(parts, own=True)
    for why, names in lent.items():
        lines.append(Text(f"Lent by torch, {why}: {', '.join(names)}"))
    for why, names in doubtful.items():
        named = ", ".join(names) if len(names) < sum(part.own for part in parts) else "all of yours"
        lines.append(Text(f"{why.capitalize()}: {named}"))
    return Group(*lines)


def _by_reason(parts: Sequence[DemoPart], *, own: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in parts:
        if part.own is own and part.why:
            found.setdefault(part.why, []).append(part.id)
    return found


def render_end(end: DemoEnd, *, plain: bool = False) -> RenderableType:
    """Return what came of a demo: each loss beside torch's, and which part is suspect.

    Parameters
    ----------
    end
        What is to be told.
    plain
        Words for signs.
    """
    lines = _agreements(end.agreements, plain=plain)
    for number, suspicion in enumerate(end.suspicions):
        first = "The first part that differs from torch's is" if number == 0 else "So does"
        lines.append(
            Text.assemble(
                f"{first} ", (suspicion.id, "bold"), f", in step {suspicion.step}: ",
                suspicion.message,
            )
        )  # fmt: skip
    if not end.suspicions and not end.fault and not all(one.holds for one in end.agreements):
        text = "No part alone differs from torch's when it is asked the same: does one of them keep"
        lines.append(Text(f"{text} something between its calls? dlgrade check asks each twice."))
    if end.fault:
        lines.append(Text.assemble((_sign(plain=plain, right=False), WRONG), f" {end.fault}"))
    if end.interrupted:
        lines.append(Text("Interrupted: this is what was reached.", QUIET))
    lines += [Text(one, QUIET) for one in end.remarks]
    return Group(*lines)


def render_following(end: DemoEnd) -> Text:
    """Return the command that goes on, which is to stay on one line."""
    return Text(f"Next: {end.following}", "bold")


def _sign(*, plain: bool, right: bool) -> str:
    sign, word, _ = MARKS[Status.PASSED] if right else WRONG_MARK
    return word if plain else sign


def _agreements(found: Sequence[Agreement], *, plain: bool) -> list[Text]:
    """Return what became of each loss; of many, those that are torch's share a line."""
    same = [one for one in found if one.holds]
    if len(same) <= MOST_LINES or len({one.steps for one in same}) > 1:
        return [_agreement(one, plain=plain) for one in found]
    named = ", ".join(f"{one.what} {one.own:.3g}" for one in same)
    said = f" your loss after {counted(same[0].steps, 'step')}, the same as torch's: {named}"
    line = Text.assemble((_sign(plain=plain, right=True), RIGHT), said)
    return [line, *[_agreement(one, plain=plain) for one in found if not one.holds]]


def _agreement(one: Agreement, *, plain: bool) -> Text:
    """Return both losses, and whether they are the same."""
    style = RIGHT if one.holds else WRONG
    what = f"{one.what}: " if one.what else ""
    said = f"your loss after {counted(one.steps, 'step')}: {one.own:.4g}, torch's: {one.torchs:.4g}"
    line = Text.assemble((_sign(plain=plain, right=one.holds), style), f" {what}{said}")
    if not one.holds:
        how = "It falls, but not as torch's does" if one.falls else "It does not fall"
        line.append(f". {'It runs away' if one.runs_away else how}.", style)
    return line


def render_demos(lines: Sequence[DemoLine], *, plain: bool = False) -> RenderableType:
    """Return the list of all demos: what each is, how many parts are there, what it still needs."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        sign, _, style = MARKS[Status.UNIMPLEMENTED if line.missing else Status.PASSED]
        mark = ("later" if line.missing else "open") if plain else sign
        own = Text(f"{line.own} of {line.total} parts are yours")
        if line.missing:
            more = len(line.missing) - MOST_NEEDED
            named = ", ".join(line.missing[:MOST_NEEDED]) + f" and {more} more" * (more > 0)
            own.append(f"; opens with {named}", QUIET)
        told = Group(Text(line.story), own)
        table.add_row(Text(mark, style), Text(line.name, "bold"), told)
    how = Text("dlgrade demo NAME runs any of them; torch lends what is not there.", QUIET)
    return Group(table, Text(), how)
