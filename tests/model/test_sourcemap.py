"""Whoever handed in a notebook is told of cells, never of a file that was made of them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.model import Location, Raised
from grader.model.sourcemap import AS_IT_IS, Piece, SourceMap

FILES = ("conv.py", "pool.py")
NAMED = re.compile(r"(?<![\w.-])(?:conv|pool)\.py(?!\.?\w)")
SIZES = st.lists(st.integers(1, 5), min_size=1, max_size=6)
PARTS = ["conv.py", "pool.py", "own.py", 'File "', '"', ", line 4", ":7:", "/", "\\", "/some/a b/",
         " ", "\n", "(", ")", "'", "-", ".", "x", "0", "é", ", in f", "https://", "="]  # fmt: skip
SAID = st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=12).map("".join)


def made_of(sizes):
    """Return the map of files in which each cell has so many lines, and a mark before it."""
    pieces, first = [], 2
    for number, size in enumerate(sizes, 1):
        pieces.append(Piece(first + 1, f"cell {number}"))
        first += size + 1
    return SourceMap(dict.fromkeys(FILES, pieces))


@given(SIZES)
def test_every_line_of_a_cell_is_found_and_leads_back(sizes):
    sources = made_of(sizes)
    line = 2
    for number, size in enumerate(sizes, 1):
        line += 1
        for inner in range(1, size + 1):
            place = sources.locate(Location("conv.py", line, "f"))
            assert place == Location(f"cell {number}", inner, "f")
            assert sources.made_line(place) == ("conv.py", line)
            line += 1


@given(SIZES, st.integers(-(10**6), 10**12))
def test_no_line_whatever_keeps_the_name_of_a_made_file(sizes, line):
    assert str(made_of(sizes).locate(Location("pool.py", line))).startswith("cell ")
    assert not NAMED.search(str(SourceMap({"pool.py": ()}).locate(Location("pool.py", line))))


@given(SIZES, SAID)
def test_nothing_that_was_said_names_a_made_file_when_it_is_told_again(sizes, said):
    assert not NAMED.search(made_of(sizes).retell(said))


@given(SAID)
@example("own.py, line 4conv.py")  # no number of a line, and no name of a file
def test_what_names_no_made_file_is_told_as_it_was(said):
    if not NAMED.search(said):
        assert made_of([3]).retell(said) == said
    assert AS_IT_IS.retell(said) == said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("conv.py, line 4: no; conv.py has no f", "cell 1, line 2: no; the notebook has no f"),
        ('  File "/my stage/conv.py", line 5, in f', "  cell 1, line 3, in f"),
        ("/stage/pool.py:8: RuntimeWarning: x", "cell 2, line 1: RuntimeWarning: x"),
        (r"in C:\stage\conv.py:8", "in cell 2, line 1"),
        ("cannot import name 'f' from 'conv' (conv.py)",
         "cannot import name 'f' from 'conv' (the notebook)"),
        ("my-conv.py, line 4; conv.pyc; conv.py.bak", None),
        ('File "/stage/own.py", line 4', None),
        ("own.py:4 and own.py, line 4", None),
    ],
)  # fmt: skip
def test_places_in_words_become_cells_and_other_files_stay(said, told):
    known = made_of([4, 2])
    assert known.retell(said) == (said if told is None else told)


def test_an_exception_is_translated_with_its_frames_and_words():
    raised = Raised("KeyError", "see conv.py:4", frames=(("own.py", 1, "g"), ("conv.py", 8, "f")))
    told = made_of([4, 2]).raised(raised)
    assert told.message == "see cell 1, line 2"
    assert told.frames == (("own.py", 1, "g"), ("cell 2", 1, "f"))
    assert AS_IT_IS.raised(raised) is raised


def test_a_place_that_no_cell_has_leads_nowhere_back():
    sources = made_of([2, 2])
    assert sources.made_line(Location("own.py", 1)) is None
    assert sources.made_line(Location("cell 1", 9)) is None
    assert sources.made_line(Location("cell 3", 1)) is None


@pytest.mark.parametrize(
    "unit",
    ["conv.py:", "conv.py:1", 'File "', 'File "conv.py', "/conv.py", "a/", "conv.py, line 1",
     "conv.py, line ", "0" * 50, "conv.py:" + "0" * 50, "\\"],
)  # fmt: skip
def test_four_times_the_words_take_about_four_times_as_long(unit):
    sources = made_of([3])

    def seconds(size):
        text = unit * (size // len(unit))
        best = []
        for _ in range(5):
            start = time.process_time()
            sources.retell(text)
            best.append(time.process_time() - start)
        return min(best)

    assert seconds(256_000) < 8 * seconds(64_000) + 0.02  # a quadratic way would take seconds
