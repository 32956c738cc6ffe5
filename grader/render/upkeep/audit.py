"""Turn audits into Rich renderables, or a Markdown table for the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.engine.audit.audit import ExerciseAudit
    from grader.engine.audit.drawn import DrawnAudit

HEAD = ("exercise", "mistakes", "caught", "named", "mutants", "survive", "explained")


def render_survivors(audit: ExerciseAudit) -> RenderableType:
    """Return one line about an exercise, and below it whatever the checks let through."""
    sign = ("sharp", "green") if audit.is_sharp else ("blunt", "red")
    lines = [Text.assemble(sign, " ", (audit.id, "bold"))]
    for found in audit.mistakes:
        where = f" ({found.place})" if found.place else ""
        if found.raised:
            lines.append(Text(f"  mistake {found.mistake.id} always raises {found.raised}", "red"))
        elif not found.caught:
            text = f"  mistake {found.mistake.id} is not caught: it is right in every case"
            lines.append(Text(f"{text}{where}", "red"))
        elif not found.is_sharp:
            lines.append(Text(f"  mistake {found.mistake.id} is named {found.named}{where}", "red"))
    lines.extend(Text(f"  {slip}", "red") for slip in audit.slips)
    diffs = [mutant.diff.replace("\n", "\n  ") for mutant in audit.survivors]
    lines.extend(Text(f"  a mutant survives, {diff}") for diff in diffs)
    lines.extend(
        Text(f"  hint {one.hint} gives a line of the solution away: {one.text}", "red")
        for one in audit.given_away
    )
    lines.extend(_undrawn(audit.drawn))
    return Group(*lines)


def _undrawn(drawn: DrawnAudit) -> list[Text]:
    """Return lines on the numbers that catch and are in no case: who says nothing, and why not."""
    told: dict[tuple[str, str], list[str]] = {}
    for gap in drawn.gaps:
        told.setdefault((gap.parameter, gap.why), []).append(gap.kind)
    lines = []
    for (parameter, why), kinds in told.items():
        text = f"  {parameter} is never {', '.join(kinds)}"
        lines.append(Text(f"{text}: {why}", "dim") if why else Text(text, "yellow"))
    needless = [f"  drawn all the same, so that this says nothing: {n.why}" for n in drawn.needless]
    return [*lines, *(Text(text, "yellow") for text in needless)]


def render_audit(audits: Sequence[ExerciseAudit], *, markdown: bool = False) -> RenderableType:
    """Return the table of all audits, with a total."""
    rows = [_row(audit) for audit in audits]
    total = ["total", *(str(sum(int(row[i]) for row in rows)) for i in range(1, len(HEAD)))]
    if markdown:
        lines = [HEAD, ["---", *["---:"] * (len(HEAD) - 1)], *rows, total]
        return Text("\n".join(f"| {' | '.join(line)} |" for line in lines))
    table = Table(box=None, pad_edge=False)
    for name in HEAD:
        table.add_column(name, justify="left" if name == "exercise" else "right")
    for row in [*rows, total]:
        table.add_row(*row)
    return table


def _row(audit: ExerciseAudit) -> list[str]:
    return [
        audit.id,
        str(len(audit.mistakes)),
        str(sum(found.caught > 0 for found in audit.mistakes)),
        str(sum(found.is_sharp for found in audit.mistakes)),
        str(audit.mutants),
        str(len(audit.survivors)),
        str(len(audit.explained)),
    ]
