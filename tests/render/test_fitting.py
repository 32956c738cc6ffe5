"""A table of a class is read whole at any width: nothing is cut off, nothing becomes a strip."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.render.grades.fitting import FittingTable

WORD = st.text("abcdefgh.漢", min_size=1, max_size=12)
WORDS = st.lists(WORD, max_size=5).map(" ".join)
NUMBER = st.floats(0, 99).map(lambda x: f"{x:.2f}")


def lines_of(table, width):
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(table)
    return stream.getvalue().splitlines()


def make(rows, titles=("exercise", ">passed", "others", "mistakes"), kept=2):
    table = FittingTable(*titles, kept=kept, plain=False)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def letters(text):
    return "".join(text.split())


@given(st.lists(st.tuples(WORD, NUMBER, WORDS, WORDS), max_size=4), st.integers(24, 120))
def test_every_letter_of_every_cell_is_there_and_no_line_is_too_long(rows, width):
    lines = lines_of(make(rows), width)
    assert max(map(cell_len, lines)) <= width
    shown = letters("".join(lines))
    for row in rows:
        assert row[1] in " ".join(lines).split()  # a number is never parted
        for cell in row:
            for letter in set(letters(cell)):
                assert shown.count(letter) >= letters(cell).count(letter)


ROW = ("conv.im2col", "3 of 6", "5 x wrong answer, 2 x not written yet", "3 x window-transposed")


def test_what_has_no_room_stands_below_its_row_the_least_important_first():
    assert lines_of(make([ROW]), 90) == [
        "exercise     passed  others                                 mistakes",
        "conv.im2col  3 of 6  5 x wrong answer, 2 x not written yet  3 x window-transposed",
    ]
    assert lines_of(make([ROW]), 60) == [
        "exercise     passed  others",
        "conv.im2col  3 of 6  5 x wrong answer, 2 x not written yet",
        "  mistakes: 3 x window-transposed",
    ]
    assert lines_of(make([ROW]), 40) == [
        "exercise     passed",
        "conv.im2col  3 of 6",
        "  others: 5 x wrong answer, 2 x not",
        "  written yet",
        "  mistakes: 3 x window-transposed",
    ]


def test_a_column_in_which_nobody_says_anything_is_left_out_and_takes_no_line():
    for width in (40, 90):
        assert lines_of(make([("conv.im2col", "3 of 6", "", "")]), width) == [
            "exercise     passed",
            "conv.im2col  3 of 6",
        ]


def test_numbers_stay_together_beside_or_below_and_their_titles_may_be_parted():
    titles = ("student", ">hw1-convolution", ">hw2-attention", ">hw3")
    table = make([("Given Example", "3", "2.5 (3)", "")], titles, kept=1)
    table.add_row(*map(Text, ("Other", "1", "", "-")))
    assert lines_of(table, 48) == [
        "student        hw1-convoluti  hw2-attention  hw3",
        "                          on",
        "Given Example              3        2.5 (3)",
        "Other                      1                   -",
    ]
    assert lines_of(table, 30) == [
        "student",
        "  hw1-convolution,",
        "  hw2-attention, hw3",
        "Given Example",
        "  3, 2.5 (3),",
        "Other",
        "  1, , -",
    ]


def test_where_it_is_plain_a_row_is_a_sentence_with_each_title_before_its_cell():
    table = FittingTable("exercise", ">passed", "others", "mistakes", kept=2, plain=True)
    table.add_row("conv.im2col", "3 of 6", "", "3 x window-transposed")
    told = "conv.im2col; passed: 3 of 6; mistakes: 3 x window-transposed"
    assert [line.rstrip() for line in lines_of(table, 90)] == [told]
