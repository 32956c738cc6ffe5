"""Every promise of docs/instructor/security.md names the tests that hold it, and they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from grader.grading.intake.packages import MAX_DEPTH, MAX_FILES, MAX_TOTAL_MIB
from grader.model import Limits
from grader.parsing import MAX_SOURCE_BYTES
from grader.worker.client import WATCH_S
from grader.worker.sandbox.base import MAX_FILE_MIB, MAX_OPEN_FILES, MAX_PROCESSES
from grader.worker.sandbox.bubblewrap import PRIVATE_MIB
from grader.worker.sandbox.mounts import STAGE_MODE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "instructor" / "security.md").read_text(encoding="utf-8")
FILE = re.compile(r"`(test_\w+\.py)`")
NAMED = re.compile(r"`(test_\w+\.py)`: ((?:\*[^*|]+\*(?:,\s)?)+)")
ROWS = re.findall(r"^\| (\*\*.*) \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)


def cited():
    """Yield each test that is named: its file, and words of its name."""
    for file, words in NAMED.findall(PAGE):
        for phrase in re.findall(r"\*([^*]+)\*", words):
            yield file, phrase


def functions_in(file):
    trees = [ast.parse(p.read_text(encoding="utf-8")) for p in (ROOT / "tests").rglob(file)]
    assert trees, file
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize(("file", "phrase"), sorted(set(cited())))
def test_a_test_that_is_named_is_there(file, phrase):
    words = re.sub(r"\W+", "_", phrase.lower())
    found = [name for name in functions_in(file) if name.startswith("test_") and words in name]
    assert len(found) == 1, found


def test_every_promise_names_at_least_one_test_and_no_file_without_one():
    assert len(ROWS) > 12
    for promise, _, tested in ROWS:
        assert FILE.findall(tested), promise
        assert FILE.findall(tested) == [file for file, _ in NAMED.findall(tested)], promise


def test_the_numbers_of_the_page_are_those_of_the_code():
    for said in (
        f"{MAX_PROCESSES} processes, {MAX_OPEN_FILES} open files, {MAX_FILE_MIB} MiB a file",
        f"a private `/tmp` of {PRIVATE_MIB} MiB",
        f"(0{STAGE_MODE & 0o777:o}, files 0640)",
        f"more than {MAX_FILES:,} files, {MAX_TOTAL_MIB} MiB or {MAX_DEPTH} folders deep",
        f"code of a notebook above {MAX_SOURCE_BYTES // 2**20} MiB",
        f"{MAX_FILE_MIB} MiB a file, {Limits().output_mib} MiB of output",
        f"adds up resident memory every {round(WATCH_S * 1000)} ms",
    ):
        assert said in PAGE
