"""Write what is worked out ahead for the built-in course: `python -m grader.engine.audit.writing`.

Run it after a change of a check, of what checks share, or of the words of a stub's signature; what
still fits is left as it is.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.course.course import find_course
from grader.engine.cases.ahead import FOLDER, SUFFIX, ahead_key, find_ahead, make_ahead, pack_ahead
from grader.engine.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

ANEW = "--anew"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a file for each exercise that has none that fits, and take away what is of none.

    Parameters
    ----------
    arguments
        Modules and exercises; none for all. `--anew` writes those that fit, too.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    engine = Engine(find_course())
    for exercise in engine.course.find([word for word in words if word != ANEW]):
        if ANEW in words or find_ahead(engine.course, exercise) is None:
            made = make_ahead(exercise, engine.oracles(exercise), engine.case_set(exercise))
            FOLDER.mkdir(exist_ok=True)
            file = FOLDER / f"{exercise.id}.{SUFFIX}"
            file.write_bytes(pack_ahead(made, ahead_key(engine.course, exercise)))
            sys.stdout.write(f"{file.name}: {file.stat().st_size} bytes\n")
    for file in FOLDER.glob(f"*.{SUFFIX}"):
        if file.stem not in engine.course.ids:
            file.unlink()
            sys.stdout.write(f"{file.name}: gone, as its exercise is\n")


if __name__ == "__main__":
    main()
