"""docs/engineer/core.md is one program that prints what it says; its signposts lead somewhere."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "engineer" / "core.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROGRAM = "\n\n".join(re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
MOST_LINES = 200


def run(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def test_the_program_of_the_page_prints_what_the_page_shows():
    (shown,) = re.findall(r"^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert run(PROGRAM) == shown


def test_the_core_stays_small():
    assert 100 < len([line for line in PROGRAM.splitlines() if line.strip()]) <= MOST_LINES


def test_another_mistake_gets_another_name():
    wrong = ("x.max(axis=1, keepdims=True))", "powers.sum()")
    head, tail = PROGRAM.split("def reference", 1)
    for before, after in zip(wrong, ("x.max(axis=0))", "powers.sum(axis=0)"), strict=True):
        assert before in head
        head = head.replace(before, after)
    assert "Likely: The sum runs down the columns" in run(f"{head}def reference{tail}")


def test_every_signpost_names_a_module_of_the_house():
    names = set(re.findall(r"`(grader(?:\.\w+)+)`", TEXT))
    assert len(names) > 10
    for name in names:
        importlib.import_module(name)
