"""docs/student/drawings.md and its pictures are as the script that makes them writes them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_drawings", DOCS / "make_drawings.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_drawings"] = module
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_drawn_anew_as_it_is(script, engine):
    there = {file.stem for file in (DOCS / "student" / "drawings").iterdir()}
    assert there == {example.name for example in script.EXAMPLES}
    for example in script.EXAMPLES:
        kept = (DOCS / "student" / "drawings" / f"{example.name}.svg").read_text(encoding="utf-8")
        assert script.draw(example, engine) == kept, f"python docs/make_drawings.py: {example.name}"


def test_the_page_is_written_anew_as_it_is(script, course):
    assert script.write_page(course) == (DOCS / "student" / "drawings.md").read_text(
        encoding="utf-8"
    )


def test_every_drawing_of_the_table_is_on_the_page(script):
    assert {one.drawing for one in script.EXAMPLES} == {one.name for one in script.DRAWINGS}
