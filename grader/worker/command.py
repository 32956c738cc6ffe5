"""The command line and the environment of a worker, as plain data."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Limits
    from grader.worker.libraries import Library

CHILD = Path(__file__).resolve().parent / "child"
SCRIPT = "__main__.py"  # in it, which is what is run
BACKSTOP_CPU_S = 3600
THREAD_SETTINGS = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}  # fmt: skip


def plain_command(folder: Path, limits: Limits, libraries: Sequence[Library] = ()) -> list[str]:
    """Return the command line of a worker without a sandbox.

    Parameters
    ----------
    folder
        The student's files; the last entry of the worker's path.
    limits
        Memory is a limit that the child sets for itself first of all.
    libraries
        What may be imported besides numpy.

    Notes
    -----
    `-S` keeps site-packages off the path, `-s` the user's own, and `-P` the folder of the script:
    the child finds numpy by the one folder that it is told.
    """
    return child_arguments(folder, limits, libraries=places_of(libraries))


def places_of(libraries: Sequence[Library]) -> dict[str, str]:
    """Return where libraries are on this machine, by name."""
    return {one.name: one.seen_in(one.folder) for one in libraries}


def child_arguments(
    folder: Path,
    limits: Limits,
    *,
    executable: str = sys.executable,
    child: Path = CHILD,
    numpy: str | None = None,
    **settings: Any,
) -> list[str]:
    """Return the command line of the child itself.

    Parameters
    ----------
    folder, executable, child, numpy
        The student's files, Python, the child's folder and the one that holds numpy, as the child
        will see them.
    limits
        What one exercise may use.
    **settings
        More settings of the child (docs/engineer/worker.md).
    """
    compile_child()
    told = {
        "folder": str(folder),
        "numpy": numpy or numpy_folder(),
        "memory_mib": limits.memory_mib,
        "cpu_s": BACKSTOP_CPU_S,
        **settings,
    }
    return [executable, "-s", "-P", "-S", str(child / SCRIPT), json.dumps(told)]


@cache
def compile_child() -> None:
    """Have what a worker imports of ours compiled and kept, once, as imports of ours would.

    Most of it is imported by nobody else, and a worker writes nothing: it would compile it at every
    start. Where nothing can be kept here either, it does.
    """
    for file in CHILD.glob("*.py"):
        SourceFileLoader(file.stem, str(file)).get_code(file.stem)


def numpy_folder() -> str:
    """Return the folder that holds the numpy package."""
    spec = find_spec("numpy")
    if spec is None or spec.origin is None:
        raise WorkerError("numpy is not installed here (pip install numpy)")
    return str(Path(spec.origin).parent.parent)


def clean_environment() -> dict[str, str]:
    """Return the whole environment of a worker: nothing of the user's passes through."""
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # what starting Python may need
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return environment | {
        **THREAD_SETTINGS,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
    }
