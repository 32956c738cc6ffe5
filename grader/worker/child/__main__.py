"""Start a worker: run as a script, its settings the one argument (docs/engineer/worker.md)."""

from __future__ import annotations

import json
import os
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = "grader.worker.child"


def load_child() -> Callable[[dict[str, Any]], None]:
    """Import what is beside this file, by where it lies alone; return what starts it.

    The modules have the names that they have everywhere, without anything of ours around them: no
    `grader` can be imported, and nothing that is on the path can be taken for one of them.
    """
    package = types.ModuleType(PACKAGE)
    package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules[PACKAGE] = package
    from grader.worker.child.starting import main  # noqa: PLC0415 - only now can it be found

    return main


if __name__ == "__main__":
    load_child()(json.loads(sys.argv[1]))
