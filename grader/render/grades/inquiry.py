"""What a gradebook answers, as tables: at a terminal, in a pipe, at any width. Never prints."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from grader.model import Status
from grader.model.owncount import own_count_line
from grader.render.grades.fitting import FittingTable, said
from grader.render.grades.run import changes_line, spread_line
from grader.render.signs import count_words, moment, points, style_for, word_for, worth
from grader.text import counted, natural, safe_name, safe_text, shorten_text, tell_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from grader.render.grades.asked import (
        Arrived,
        ChangesAnswer,
        ClassAnswer,
        Decision,
        ExerciseAnswer,
        Listed,
        Passage,
        Reproduction,
        Story,
    )
    from grader.render.grades.told import QuestionFigures, Reached

NOBODY = "nobody"
CELL, LINE = 300, 2000  # characters of what a submission said, in a table and alone


def render_classes(answers: Sequence[ClassAnswer], *, plain: bool = False) -> RenderableType:
    """Return assignments as wholes; of several, a line for each and a table of everybody."""
    if len(answers) == 1:
        return _class(answers[0], plain=plain)
    assignments = [f">{safe_text(one.assignment)}" for one in answers]
    table = FittingTable("student", *assignments, kept=1, plain=plain)
    cells = [{one.student: _final(one) for one in answer.members} for answer in answers]
    called = _called([one for answer in answers for one in answer.members])
    for student in sorted(called, key=lambda student: natural(called[student])):
        table.add_row(safe_name(called[student]), *(of.get(student, "") for of in cells))
    lines = [f"{safe_text(one.assignment)}: {_counts(one)}" for one in answers]
    return Group(*map(said, lines), Text(), table)


def _called(members: Iterable[Listed]) -> dict[str, str]:
    """Return what everybody is called: as last written, namesakes with a key."""
    people = {one.student: (one.student, one.name, one.key) for one in members}
    return tell_apart(people.values())


def _class(answer: ClassAnswer, *, plain: bool) -> RenderableType:
    titles = ("exercise", ">passed", "others", "commonest mistakes")
    exercises = FittingTable(*titles, kept=2, plain=plain)
    for exercise, counts in answer.exercises:
        total = sum(counts.values())
        others = {status: n for status, n in sorted(counts.items()) if status != "passed"}
        made = [(n, safe_text(name)) for where, name, n in answer.mistakes if where == exercise]
        passed = f"{counts.get('passed', 0)} of {total}"
        commonest = ", ".join(f"{n} x {name}" for n, name in made[:3])
        exercises.add_row(safe_text(exercise), passed, count_words(others), commonest)
    members = FittingTable("student", ">points", ">passed", "to know", kept=3, plain=plain)
    called = _called(answer.members)
    for one in sorted(
        answer.members, key=lambda one: (not one.present, natural(called[one.student]))
    ):
        row = (safe_name(called[one.student]), _final(one), str(one.passed), ", ".join(one.notes))
        members.add_row(*row)
    return Group(said(_counts(answer)), Text(), exercises, Text(), members)


def _counts(answer: ClassAnswer) -> str:
    """Return how many there are, and how their points are spread."""
    handed_in = sum(one.handed_in and not one.excused for one in answer.members)
    excused = sum(one.excused for one in answer.members)
    text = f"{counted(len(answer.members), 'student')}, {handed_in} handed in"
    text += f", {excused} excused" if excused else ""
    return f"{text}; {spread_line(answer.figures, answer.possible)}" if answer.figures else text


def _final(one: Listed) -> str:
    if one.final is None:
        return "-"
    before = f" ({points(one.earned)})" if one.final != one.earned else ""
    return f"{points(one.final)}{before}"


def render_stories(stories: Sequence[Story], *, plain: bool = False) -> RenderableType:
    """Return all that is known of a student, one assignment after another."""
    parts: list[RenderableType] = []
    for story in stories:
        keys = f" ({', '.join(map(safe_text, story.keys))})" if story.keys else ""
        head = f"{safe_name(story.name)}{keys} in {safe_text(story.assignment)}: "
        head += f"{_final(story.member)} of {worth(story.member.possible)}"
        notes = f"; {', '.join(story.member.notes)}" if story.member.notes else ""
        parts += [said(head + notes, "" if plain else "bold"), Text()]
        warnings = [said(f"warning: {safe_text(one)}") for one in story.warnings]
        if story.own_count:
            warnings.append(said(own_count_line(story.own_count)))
        parts += [*warnings, Text()] if warnings else []
        if story.arrived:
            parts += [render_deliveries(story.arrived, plain=plain, whose=False), Text()]
        if story.exercises:
            parts += [_passages(story.exercises, plain=plain), Text()]
        if nodes := dict.fromkeys(one.node for one in story.exercises if one.node):
            parts += [said(f"graded by {', '.join(map(safe_text, nodes))}"), Text()]
        if story.decisions:
            parts += [render_decisions(story.decisions, plain=plain), Text()]
    return Group(*parts[:-1])


def _passages(passages: Sequence[Passage], *, plain: bool) -> FittingTable:
    titles = ("exercise", ">points", "now", "what is wrong", "levels not passed", "before")
    table = FittingTable(*titles, kept=2, plain=plain)
    for one in passages:
        status = one.status if one.marks else ""
        wrong = one.mistake or (one.message if status != "passed" else "")
        wrong = shorten_text(wrong, CELL)
        where = f" ({safe_text(one.where)})" if one.where and wrong else ""
        table.add_row(
            safe_text(one.exercise),
            f"{points(one.earned)} / {points(one.possible)}",
            said(word_for(status) if status else "-", "" if plain else style_for(status)),
            f"{safe_text(wrong)}{where}" + (f". {safe_text(one.mended)}" if one.mended else ""),
            _not_passed(one),
            ", ".join(_until(one.marks)),
        )
    return table


def _not_passed(passage: Passage) -> str:
    """Return the levels that did not pass, and what became of one where it is something else."""
    missed = [(name, status) for name, status in passage.levels if status != Status.PASSED]
    if len(missed) == len(passage.levels) > 1:
        return f"all {len(missed)}"
    return ", ".join(
        safe_text(name) + (f" ({word_for(status)})" if status != passage.status else "")
        for name, status in missed
    )


def _until(marks: Sequence[tuple[str, Reached]]) -> Iterable[str]:
    """Yield what counted before, and until when."""
    for (_, mark), (following, _) in pairwise(marks):
        yield f"{_mark(mark)} until {moment(following)}"


def _mark(mark: Reached) -> str:
    return f"{word_for(mark.status)} {points(mark.earned)}"


def render_exercises(answers: Sequence[ExerciseAnswer], *, plain: bool = False) -> RenderableType:
    """Return an exercise over the class: levels, statuses, mistakes, and who made each."""
    parts: list[RenderableType] = []
    for one in answers:
        head = f"{safe_text(one.exercise)} in {safe_text(one.assignment)}"
        parts.append(said(head, "" if plain else "bold"))
        levels = one.levels if not one.questions else ()
        parts += [said(f"  {safe_text(n)}: {ok} of {of} passed") for n, ok, of in levels]
        for status, names in one.statuses:
            text = Text("  ")
            text.append_text(said(word_for(status), "" if plain else style_for(status)))
            text.append_text(said(f" {len(names)}: {_people(names)}"))
            parts.append(text)
        for name, message, names in one.mistakes:
            parts.append(said(f"  {safe_text(name)}: {safe_text(message)}"))
            parts.append(said(f"    {len(names)}: {_people(names)}"))
        if one.questions:
            parts.append(_questions(one.questions, plain=plain))
        parts.append(Text())
    return Group(*parts[:-1])


def _questions(questions: Sequence[QuestionFigures], *, plain: bool) -> FittingTable:
    """Return the questions of an exam: how hard, what they tell, which slips."""
    table = FittingTable("question", "asked", "points got", "tells", "slips", kept=1, plain=plain)
    for one in questions:
        tells = "-" if one.tells is None else f"{one.tells:.2f}"
        slips = ", ".join(f"{safe_text(name)}: {count}" for name, count in one.slips)
        table.add_row(safe_text(one.item), f"{one.asked}", f"{one.share:.0f}%", tells, slips)
    return table


def _people(names: Iterable[str]) -> str:
    return "; ".join(map(safe_name, names)) or NOBODY


def render_deliveries(
    arrived: Sequence[Arrived], *, plain: bool = False, whose: bool = True
) -> RenderableType:
    """Return what came in, how it was recognised, and what became of it."""
    several = len({one.assignment for one in arrived}) > 1
    more = ["student"] * whose + ["assignment"] * several
    table = FittingTable(*more, "files", "handed in", "how it was read", kept=1, plain=plain)
    for one in arrived:
        time = f"{moment(one.time)} ({one.time_source})" if one.time else "not known"
        time += ", marked late" if one.marked_late else ""
        team = f"team {safe_text(one.team)}" if one.team else ""
        read = one.why_not or " ".join(filter(None, (one.recognised, one.note)))
        when = "" if whose else f"read on {moment(one.run)}"
        row = [safe_name(one.name) or NOBODY] * whose + [safe_text(one.assignment)] * several
        row += [", ".join(map(safe_text, one.files)), time]
        table.add_row(*row, ", ".join(filter(None, (safe_text(read), when, team))))
    return table if arrived else Text("nothing came in")


def render_decisions(
    decisions: Sequence[Decision], *, plain: bool = False, whose: bool = False
) -> RenderableType:
    """Return what was decided by hand, with its reasons."""
    several = len({one.assignment for one in decisions}) > 1
    more = ["student"] * whose + ["assignment"] * several
    table = FittingTable(*more, "decided", "what", "why", kept=1, plain=plain)
    for one in decisions:
        what = one.what if one.counts else f"{one.what} (does not count any more)"
        row = [safe_name(one.name)] * whose + [safe_text(one.assignment)] * several
        row += [moment(one.decided_at), safe_text(what), safe_text(one.why)]
        table.add_row(*row)
    return table if decisions else Text("nothing was decided by hand")


def render_changes(answers: Sequence[ChangesAnswer]) -> RenderableType:
    """Return what the newest run of each assignment changed."""
    lines = []
    for one in answers:
        told = changes_line(one.changes, most=None) if one.changes else "no grade changed"
        lines.append(f"{safe_text(one.assignment)}, run of {moment(one.run)}: {told}")
    return Group(*map(said, lines))


def render_output(stories: Sequence[Story], *, plain: bool = False) -> RenderableType:
    """Return what a submission printed and raised, exercise by exercise."""
    parts: list[RenderableType] = []
    for story in stories:
        for one in story.exercises:
            if one.output or one.printed or one.where or one.trace:
                at = f" at {safe_text(one.where)}" if one.where else ""
                where = f"{safe_text(story.assignment)}, {safe_text(one.exercise)}{at}"
                head = f"{where}: {safe_text(shorten_text(one.message, LINE))}"
                parts.append(said(head, "" if plain else "bold"))
                for file, line, function, code in one.trace:
                    at = f"  {safe_text(file)}, line {line}, in {safe_text(function)}"
                    shown = safe_text(shorten_text(code, LINE))
                    parts += [said(at), *[said(f"    {shown}")] * bool(code)]
                lines = one.output.splitlines() or ["(it printed nothing)"]
                parts += [said(f"  {safe_text(line, spelt_out=False)}") for line in lines]
                if one.printed:
                    parts.append(Text("  of this, by the call that is shown:"))
                parts += [said(f"    {safe_text(line)}") for line in one.printed.splitlines()]
    return Group(*parts) if parts else Text("nothing was printed, and nothing raised")


def render_reproductions(found: Sequence[Reproduction]) -> RenderableType:
    """Return what to type, a line each, so that it can be copied."""
    lines = []
    for one in found:
        lines += [f"# {safe_text(one.exercise)}: {safe_text(one.note)}"] if one.note else []
        lines += one.lines
    return said("\n".join(dict.fromkeys(lines)) or "# nothing of it failed")
