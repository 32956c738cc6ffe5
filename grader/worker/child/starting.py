"""A worker starts: pipes, numpy, walls, and then the conversation."""

from __future__ import annotations

import gc
import importlib.machinery
import io
import os
import sys
from typing import TYPE_CHECKING, Any

from grader.worker.child.libraries import LibraryFinder, import_numpy
from grader.worker.child.parent import follow_parent, tell_where, wake_at_parents_end
from grader.worker.child.printing import PrintedFile
from grader.worker.child.walls import filter_calls, limit_resources, restrict_files

if TYPE_CHECKING:
    from typing import BinaryIO


def main(settings: dict[str, Any]) -> None:
    """Begin to answer, with the settings of the command line (docs/engineer/worker.md)."""
    wake_at_parents_end()
    requests, replies = take_pipes()
    gc.disable()  # while all that is made is kept
    import_numpy(settings["numpy"])
    from grader.worker.child.conversation import Conversation  # noqa: PLC0415 - it needs numpy

    gc.freeze()  # none of it is looked at again when the student's objects are
    gc.enable()
    forget_names()
    tell_where(replies)
    limit_resources(settings["memory_mib"], settings["cpu_s"], settings.get("resources", {}))
    if settings.get("files"):
        restrict_files(settings["files"], settings["folder"])
    if settings.get("seccomp"):
        filter_calls(bytes.fromhex(settings["seccomp"]))
    follow_parent()  # only now: rules and filter hold for one thread and for those that it starts
    if settings.get("libraries"):
        before = sys.meta_path.index(importlib.machinery.PathFinder)
        sys.meta_path.insert(before, LibraryFinder(settings["libraries"]))
    folder = os.path.join(settings["folder"], "")
    sys.path.append(settings["folder"])
    sys.dont_write_bytecode = True
    sys.argv = [""]
    Conversation(requests, replies, folder).run()


def forget_names() -> None:
    """Let no name lead to the modules of ours any more, now that all of them are there.

    Whatever the student's files are called, none is taken for one of these, none is kept out by
    one, and an import of ours fails as it does where there is no grader.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]


def take_pipes() -> tuple[BinaryIO, int]:
    """Move the private pipes away from descriptors 0 and 1; what is printed goes to the third."""
    requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    replies = os.dup(1)
    if os.name == "nt":  # pragma: no cover - Windows only
        import msvcrt  # noqa: PLC0415

        for descriptor in (replies, requests.fileno(), 2):
            msvcrt.setmode(descriptor, os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = io.TextIOWrapper(  # stays open for the life of the process
            io.BufferedWriter(PrintedFile(descriptor, "w", closefd=False)),
            encoding="utf-8", errors="backslashreplace", line_buffering=True,
        )  # fmt: skip
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    return requests, replies
