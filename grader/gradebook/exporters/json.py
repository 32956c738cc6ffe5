"""Every result document of a gradebook, for other programs (docs/engineer/result.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from grader.engine.document import SCHEMA

if TYPE_CHECKING:
    from grader.gradebook.exporters import Options
    from grader.gradebook.view import ClassView


def export(view: ClassView, stream: TextIO, options: Options) -> None:  # noqa: ARG001
    """Write `{"schema": 1, "results": [...]}`, one document after another."""
    stream.write(f'{{"schema": {SCHEMA}, "results": [')
    for number, document in enumerate(view.documents()):
        stream.write(",\n" if number else "\n")
        stream.write(json.dumps(document, allow_nan=False))
    stream.write("\n]}\n")
