"""Points are read and written with the decimal mark of the file that they go into."""

from __future__ import annotations

import io

import pytest
from books import begin, from_canvas, hand_in, passed, wrong
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.view import select_view

BOTH = [wrong(), passed("pool.flatten")]


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        yield made


def canvas_of(maximum, *scores, delimiter=","):
    """Return a file of Canvas with students 1, 2, ... and their scores in hw2, and in hw1."""
    head = ("Student", "ID", "Section", "hw1 (41)", "hw2 (42)")
    rows = [head, ("Points Possible", "", "", "", maximum)]
    rows += [(f"name{n}", str(n), "2.1", "", score) for n, score in enumerate(scores, 1)]
    cell = '"{}"'.format
    return "".join(f"{delimiter.join(map(cell, row))}\n" for row in rows)


NOBODY_SHOWS = "no number in the file shows its decimal mark: they are read and written with a"


@pytest.mark.parametrize(
    ("delimiter", "maximum", "score", "doubt"),
    [
        (",", "1,000.00", "666.67", ""),
        (";", "1.000,00", "666,67", ""),
        (";", "1\N{NARROW NO-BREAK SPACE}000,00", "666,67", ""),
        (",", "1000,5", "667,0", ""),
        (",", "1,000", "666.67", f"{NOBODY_SHOWS} decimal point"),
        (";", "1.000", "666,67", f"{NOBODY_SHOWS} decimal comma"),
        (",", "1000", "666.67", f"{NOBODY_SHOWS} decimal point"),
    ],
)
def test_a_maximum_of_a_thousand_is_read_by_the_mark_of_the_whole_file(
    book, export, tmp_path, delimiter, maximum, score, doubt
):
    hand_in(begin(book), "name1", BOTH, from_canvas(1))
    file = tmp_path / "into.csv"
    file.write_bytes(canvas_of(maximum, "", delimiter=delimiter).encode())
    text, told = export(book, "canvas", into=file, scale=True)
    assert text == canvas_of(maximum, score, delimiter=delimiter)
    assert told == [*filter(None, [doubt]), "hw2: 1 cell filled"]
    text, _ = export(book, "canvas", into=file)
    mark = "," if "," in score else "."
    twos = ("2", f"2{mark}0", f"2{mark}00")
    assert text in [canvas_of(maximum, two, delimiter=delimiter) for two in twos]


def test_one_cell_with_a_comma_does_not_change_how_points_are_written(book, export, tmp_path):
    run = begin(book)
    for number in (1, 2, 3):
        hand_in(run, f"name{number}", BOTH, from_canvas(number))
    file = tmp_path / "into.csv"
    file.write_text(canvas_of("4.5", "1,5", "2.25", ""))
    text, told = export(book, "canvas", into=file, scale=True)
    assert text == canvas_of("4.5", "3.0", "3.0", "3.0")
    some = (
        "some numbers in the file have a decimal point and some a decimal comma: they are read and "
        "written with a decimal point"
    )
    assert told == [
        some,
        "hw2: 3 cells filled, 2 overwritten: name1 1,5 -> 3.0; name2 2.25 -> 3.0",
    ]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 300_000)), min_size=3, max_size=3),
    st.sampled_from([(",", ".", ","), (";", ",", "."), (";", ",", " "), (",", ".", "")]),
)
def test_what_a_file_holds_is_read_as_it_means_it_and_only_other_points_are_changed(
    tmp_path_factory, hundredths, signs
):
    delimiter, mark, group = signs

    def shown(number):
        text = "" if number is None else f"{number / 100:_.2f}"
        return text.replace(".", mark).replace("_", group)

    folder = tmp_path_factory.mktemp("canvas")
    with Gradebook(folder / "g.db") as book:
        run = begin(book)
        for number in (1, 2, 3):
            hand_in(run, f"name{number}", BOTH, from_canvas(number))
        file = folder / "into.csv"
        file.write_bytes(
            canvas_of(shown(300), *map(shown, hundredths), delimiter=delimiter).encode()
        )
        stream, told = io.StringIO(newline=""), []
        load_exporter("canvas")(select_view(book), stream, Options(file, tell=told.append))
    assert stream.getvalue() == canvas_of(shown(300), *[shown(200)] * 3, delimiter=delimiter)
    over = sum(number not in (None, 200) for number in hundredths)
    assert told[0].startswith("hw2: 3 cells filled" + (f", {over} overwritten: " if over else ""))
