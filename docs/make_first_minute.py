"""Record docs/student/first_minute.md, by `python docs/make_first_minute.py`.

The commands are run, each in the folder in which the page says that it is typed, and what they
print is put below them. The course has no solutions, as the one that pip installs has none. Only
what pip prints is written here by hand.
tests/docs/test_first_minute.py runs them again.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from started import end_waiting, run_dlgrade  # noqa: E402 - beside, not installed

if TYPE_CHECKING:
    from grader.course.course import Course

PAGE = HERE / "student" / "first_minute.md"
STUB = "    raise NotImplementedError\n"
BODY = """    if input_size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("a size or the stride is below 1, or the padding is negative")
    if kernel_size > input_size + 2 * padding:
        raise ValueError("the kernel is larger than the padded input")
    return (input_size + 2 * padding - kernel_size) // stride + 1
"""
TEMPLATE = """# The first minute

From nothing to a first answer that passes, as it looks in a terminal of 80 columns.
This page is made by `python docs/make_first_minute.py`, and a test runs its commands again.

## Install it, and check

In the folder of the course, where `exercises/` is:

```console
$ pip install . && dlgrade check conv
...
Successfully built dlgrade
Successfully installed dlgrade ...
{check conv}
```

Nothing is written yet, so that the exit code is 1.
The last lines say where to begin, and the command for it.

## Or in a folder of your own

```console
$ dlgrade init
{init}
```

The course begins with `activations`, and any module will do: here it is `conv`.
From here on this folder is the one in which you type.

## Write the first function

Open `exercises/conv.py`.
The docstring of `conv_output_size` has the formula, and says which arguments are refused.
In place of `raise NotImplementedError` write:

```python
{body}
```

```console
$ dlgrade check conv
{check conv again}
```

The first line is your first pass; the last ones say what comes next.

## Where you stand

```console
$ dlgrade
{}
```

`dlgrade watch conv` does the same at every save ([an evening with dlgrade](evening.md)).
[What a message looks like](messages.md) shows what you see when an answer is wrong.

## What it is all for

```console
$ dlgrade demo xo
{demo xo}
```

With each exercise that passes, more of the network is yours ([demo](demo.md)).
"""


def make_page(folder: Path, variables: dict[str, str], course: Course) -> str:
    """Return the page, with what the commands print now.

    Parameters
    ----------
    folder
        Empty.
    variables
        The environment of the commands.
    course
        Whose solutions are left out.
    """
    clone, own = folder / "dlgrade", folder / "evening"
    own.mkdir(parents=True)
    parts = (course.exercises_dir, course.quizzes_dir, course.checks_dir)
    for part in parts:
        hidden = shutil.ignore_patterns("__pycache__")
        shutil.copytree(part, folder / "course" / part.name, ignore=hidden)
    shutil.copytree(course.exercises_dir, clone / "exercises")
    said = {
        "{check conv}": _ask("check conv", clone, variables, 1),
        "{init}": _ask("init", own, variables),
    }
    file = own / "exercises" / "conv.py"
    stubs = file.read_text(encoding="utf-8")
    file.write_text(stubs.replace(STUB, BODY, 1), encoding="utf-8")  # the first function there
    said |= {
        "{body}": BODY.rstrip(),
        "{check conv again}": _ask("check conv", own, variables, 1),
        "{}": _ask("", own, variables),
        "{demo xo}": _ask("demo xo", own, variables),
    }
    return re.sub("|".join(map(re.escape, said)), lambda found: said[found[0]], TEMPLATE)


def _ask(words: str, folder: Path, variables: dict[str, str], code: int = 0) -> str:
    """Return what a command prints, on either stream, and make sure of its exit code."""
    before = ("--course", folder.parent / "course")
    done = run_dlgrade(*before, *words.split(), folder=folder, variables=variables)
    if done.returncode != code:
        raise RuntimeError(f"dlgrade {words} ended with {done.returncode}: {done.stderr}")
    lines = (done.stdout + done.stderr).replace("\\", "/").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def without_measured(page: str) -> str:
    """Return the page without the numbers that another torch may give: losses and shares."""
    return re.sub(r"\b\d+\.\d{2,}|\b\d+%", "#", page)


def main() -> None:
    """Write the page."""
    from grader.course.course import find_course  # noqa: PLC0415 - beside, not installed

    with tempfile.TemporaryDirectory() as name:
        home = Path(name, "home")
        kinds = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA")
        variables = os.environ | {kind: str(home) for kind in kinds} | {"COLUMNS": "80"}
        try:
            page = make_page(Path(name, "made"), variables, find_course())
        finally:
            end_waiting()
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
