"""`dlgrade grade`: a class's submissions into a gradebook."""

from __future__ import annotations

import contextlib
import signal
import time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from grader.cli.common import (
    Certificates,
    Plain,
    Timeout,
    make_console,
    need_cluster_libraries,
    say_aside,
)
from grader.errors import UsageError
from grader.files import from_here
from grader.model import Limits
from grader.text import as_typed, safe_message, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

    from rich.console import Console

    from grader.cluster.starting import Cluster
    from grader.grading.intake.submissions import Found
    from grader.grading.run import Plan
    from grader.render.grades.told import ClassSummary, Done

DEFAULTS = Limits()


class Sandboxes(StrEnum):
    """Values of `--sandbox`."""

    bwrap = "bwrap"
    uid = "uid"
    none = "none"


def grade(
    context: typer.Context,
    submissions: Annotated[
        Path, typer.Argument(help="A folder with a folder, .zip or notebook for each student.")
    ],
    gradebook: Annotated[Path, typer.Option(help="Where grades are kept.")] = Path("gradebook.db"),
    assignment: Annotated[
        str | None, typer.Option(help="Its name (default: the folder's name).")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="TARGET", help="A module or exercise; repeatable.")
    ] = None,
    exam: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TOPIC:SEED[:ITEMS]", help="A graded quiz that is expected; repeatable."
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="How many at once (default: the cores).")
    ] = None,
    sandbox: Annotated[
        Sandboxes, typer.Option(help="What stands between a submission and this machine.")
    ] = Sandboxes.bwrap,
    timeout: Timeout = DEFAULTS.timeout_s,
    memory: Annotated[
        int, typer.Option(min=256, help="MiB of memory for each exercise.")
    ] = DEFAULTS.memory_mib,
    seed: Annotated[
        int | None,
        typer.Option(
            help="Seed of the cases (default: the assignment's own).",
            envvar="DLGRADE_SEED",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Grade on several machines: local:N, tls://HOST:PORT, slurm or pbs.",
        ),
    ] = None,
    certificates: Certificates = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade all anew; old facts stay as history.")
    ] = False,
    layout: Annotated[
        str,
        typer.Option(
            help="auto, folders, canvas, moodle, gradescope, classroom, blackboard, brightspace or "
            "google."
        ),
    ] = "auto",
    roster: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="The class: name, id, login, e-mail."),
    ] = None,
    groups: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Who is in which team: group, and who somebody is."),
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="When work came in, as the platform's own table says."),
    ] = None,
    student: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Grade only this one's work, once more; repeatable."),
    ] = None,
    require_reference: Annotated[
        bool, typer.Option("--require-reference", help="End with 3 if torch is the only oracle.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Grade every submission in a folder."""
    if not submissions.is_dir():
        text = f"{submissions} is no folder: unpack it first" if submissions.exists() else ""
        raise UsageError(text or f"there is no folder {submissions}")
    if not gradebook.absolute().parent.is_dir():
        raise UsageError(f"--gradebook: there is no folder {gradebook.absolute().parent}")
    from grader.grading.process import started_ahead

    job = None if cluster is not None else context.with_resource(started_ahead())
    from grader.gradebook.people.groups import read_groups
    from grader.gradebook.people.roster import read_roster
    from grader.gradebook.people.times import read_times
    from grader.grading import run as classroom
    from grader.grading.exams import read_exams
    from grader.grading.executor import count_cores

    course = context.obj.course
    if require_reference:
        classroom.require_reference(course)
    plan = classroom.Plan(
        course, context.obj.course_dir, submissions.resolve(), gradebook.absolute(),
        course.find(only or []), _assignment_name(assignment, submissions), seed, regrade,
        jobs or count_cores(), str(sandbox), Limits(timeout, memory),
        layout, read_roster(roster) if roster is not None else None, read_exams(exam or []),
        read_groups(groups) if groups is not None else (),
        read_times(times) if times is not None else None, tuple(student or ()),
    )  # fmt: skip
    if any(exercise.check.handed_in for exercise in plan.exercises):
        from grader.engine.asking.handed_in import require_right

        require_right(plan.exercises)
    for how in (plan.roster and plan.roster.how, plan.times and plan.times.how):
        if how:
            say_aside(how)
    cluster_ = _find_cluster(cluster, certificates, plan, jobs)
    _end_in_order()
    found = plan.find()
    summary, in_doubt = _show(plan, found, cluster_, job, plain=plain)
    unread = in_doubt or any(one.is_work for one in found.skipped)
    raise typer.Exit(3 if unread or summary.has_ungraded else 0)


def _end_in_order() -> None:
    """Leave nothing behind at `kill` or a closed terminal either, as after Ctrl-C."""

    def end(number: int, _: object) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)  # one is enough
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP, and it alone Ctrl-Break
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def _assignment_name(given: str | None, folder: Path) -> str:
    from grader.text import name_of

    name = given if given is not None else name_of(folder.resolve().name)
    if not name.strip():
        raise UsageError("--assignment: the name is empty")
    return name


def _find_cluster(
    asked: str | None, certificates: Path | None, plan: Plan, jobs: int | None
) -> Cluster | None:
    """Return what grades in place of this machine's own processes, where that was asked for."""
    if asked is None:
        return None
    need_cluster_libraries("grade --cluster")
    from grader.cluster.starting import Cluster

    return Cluster.of(asked, certificates, plan, jobs, say_aside)


def _show(
    plan: Plan, found: Found, cluster: Cluster | None, job: Popen[bytes] | None, *, plain: bool
) -> tuple[ClassSummary, bool]:
    from grader.grading import run as classroom
    from grader.grading.executor import LocalExecutor
    from grader.grading.whose import tell_roster
    from grader.render.grades import run as render_class

    console = make_console(plain=plain)
    if found.skipped:
        told = [(one.name, one.reason) for one in found.skipped]
        console.print(render_class.render_skipped(told))
    if not found.submissions:
        raise UsageError(f"{plan.folder} holds no submissions")
    total = len(plan.choose(found))
    started, graded = time.monotonic(), Counted()
    try:
        with _progress(console, total, plain=plain) as tell:
            if cluster is None:
                start = partial(LocalExecutor, started=job)
                summary = classroom.grade_class(plan, found, graded.then(tell), start)
            else:
                then = graded.then(cluster.with_pace(tell, total))
                summary = classroom.grade_class(plan, found, then, cluster.start)
    except (KeyboardInterrupt, SystemExit):
        again = "goes on, without --regrade" if plan.regrade else "goes on"
        again = "begins anew" if plan.students else again
        say_aside(f"{graded.count} of {total} graded; the same command {again}")
        raise
    console.print(render_class.render_summary(summary, plain=plain), soft_wrap=True)
    lines, in_doubt = tell_roster(plan, found)
    for line in lines:
        console.print(safe_message(line), soft_wrap=True)
    took = render_class.duration(time.monotonic() - started)
    console.print(
        f"\ngrades are in {plan.gradebook}, assignment {plan.assignment!r} ({took}); "
        f"ask it with `dlgrade show {_typed(plan.gradebook)}`",
        soft_wrap=True,
    )
    return summary, in_doubt


def _typed(path: Path) -> str:
    """Return a path as somebody would type it here."""
    return as_typed(str(from_here(path)))


class Counted:
    """Counts how often something is called."""

    count = 0

    def then(self, call: Callable[[Done], None]) -> Callable[[Done], None]:
        """Return a function that counts, and then calls another."""

        def counting(done: Done) -> None:
            self.count += 1
            call(done)

        return counting


@contextlib.contextmanager
def _progress(console: Console, total: int, *, plain: bool) -> Iterator[Callable[[Done], None]]:
    """Yield what to call with every finished submission: a bar moves, or a line is printed."""
    from grader.render.grades import run as render_class

    count = 0

    def line(done: Done) -> None:
        nonlocal count
        count += 1
        console.print(f"[{count}/{total}]", render_class.render_done(done), soft_wrap=True)

    if plain or not console.is_terminal:
        yield line
        return
    from rich.progress import Progress

    with Progress(*render_class.progress_columns(), console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def advance(done: Done) -> None:
            bar.update(task, advance=1, description=safe_text(done.name)[:40])
            if done.warnings:
                bar.console.print(render_class.render_done(done), soft_wrap=True)

        yield advance
