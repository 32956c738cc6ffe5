"""Commands about this machine, and about its part in a cluster."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader._version import __version__
from grader.cli.common import (
    Certificates,
    Plain,
    Settings,
    make_console,
    need_cluster_libraries,
    say,
    say_aside,
)
from grader.errors import DlgradeError, UsageError
from grader.text import safe_message

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.render.upkeep.probes import Probe


def say_versions(settings: Settings) -> None:
    """Say which dlgrade this is, which course, and what the answers hang on; import none of it.

    It is asked where something is broken, so that whatever cannot be told is a line of its own.
    """
    from importlib.metadata import PackageNotFoundError

    from grader.course.outline import course_name
    from grader.engine.cases.key import version

    say(f"dlgrade {__version__}")
    try:
        say(f"course {course_name(settings.course)}")
    except (DlgradeError, OSError) as error:
        say(f"course not told: {safe_message(str(error))}")
    say(f"python {platform.python_version()}")
    for library in ("numpy", "torch"):
        try:
            say(f"{library} {version(library)}")
        except PackageNotFoundError:
            say(f"{library} is not installed here")


def doctor(
    context: typer.Context,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="WHERE", help="Ask its nodes instead: who may grade, and why not."),
    ] = None,
    certificates: Certificates = None,
    plain: Plain = False,
) -> None:
    """Show what works here, what to install, limits and caches."""
    from grader.cli.doctor import examine
    from grader.render.upkeep.probes import render_probes

    course: Course = context.obj.course
    console = make_console(plain=plain)
    if cluster is None:
        probes = list(examine(course))
    else:
        probes = _examine_cluster(course, cluster, certificates, context.obj.course_dir)
    console.print(render_probes(probes, plain=plain))
    raise typer.Exit(0 if all(probe.held or not probe.needed for probe in probes) else 3)


def _examine_cluster(
    course: Course, asked: str, certificates: Path | None, course_dir: Path | None
) -> list[Probe]:
    need_cluster_libraries("doctor --cluster")
    import tempfile

    from grader.cluster.addresses import read_where
    from grader.cluster.checking import examine_cluster
    from grader.cluster.hosting import make_host
    from grader.cluster.starting import default_certificates

    host = make_host(read_where(asked), certificates or default_certificates(), course_dir, 1)
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
        return examine_cluster(host, course, "bwrap", Path(folder))


def node(
    context: typer.Context,
    address: Annotated[
        str | None, typer.Argument(metavar="ADDRESS", help="tls://HOST:PORT of the scheduler.")
    ] = None,
    scheduler: Annotated[
        bool, typer.Option("--scheduler", help="Be the scheduler at ADDRESS; it grades nothing.")
    ] = False,
    new_certificates: Annotated[
        bool, typer.Option("--new-certificates", help="Make the certificates of a cluster.")
    ] = False,
    certificates: Certificates = None,
    slots: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="How many submissions at once (default: the cores)."),
    ] = None,
) -> None:
    """Lend this machine to `grade --cluster`, until it is ended."""
    need_cluster_libraries("node")
    from grader.cluster.addresses import read_address
    from grader.cluster.certificates import load_security, make_certificates
    from grader.cluster.starting import default_certificates

    folder = (certificates or default_certificates()).absolute()
    if new_certificates:
        make_certificates(folder)
        say(f"certificates are in {folder}: copy it to every machine; who has it is trusted")
        if address is None:
            return
    if address is None:
        raise UsageError("node: say where the scheduler is, as tls://HOST:PORT")
    address = read_address(address)
    if "://:" in address and not scheduler:
        raise UsageError(f"node {address}: the host of the scheduler is missing")
    security = None if address.startswith("tcp://") else load_security(folder)
    if scheduler:
        import asyncio

        from grader.cluster.hosting import serve_scheduler

        asyncio.run(serve_scheduler(address, security, say_aside))
        return
    from grader.cluster.nodes.node import NodeOptions, run_node
    from grader.grading.executor import count_cores

    many = slots or count_cores()
    say_aside(f"this machine grades {many} at once for {address}; end it with Ctrl-C")
    run_node(NodeOptions(address, security, many, context.obj.course_dir, tell=say_aside))
