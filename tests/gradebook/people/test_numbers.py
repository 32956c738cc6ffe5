"""Numbers of a table are read and written as most of it writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.people.numbers import EITHER, NumberForm, find_form, mark_of

MARKS = st.sampled_from(".,")
GROUPS = st.sampled_from(["", "'", " ", "\N{NARROW NO-BREAK SPACE}", "other mark"])


def written(value, places, mark, group):
    """Return a number as a platform that sets thousands apart writes it."""
    group = {",": ".", ".": ","}[mark] if group == "other mark" else group
    return f"{value:_.{places}f}".replace(".", mark).replace("_", group)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), MARKS, GROUPS)
def test_a_number_is_read_back_by_the_form_of_its_table_whatever_it_is(number, places, mark, group):
    value = number / 10**places
    text = written(value, places, mark, group)
    assert NumberForm(mark).read(text) == value
    assert mark_of(text) in ("", EITHER, mark)


@given(st.lists(st.floats(0, 10**6), min_size=1), MARKS, GROUPS, MARKS)
def test_the_mark_is_found_where_any_number_shows_it(values, mark, group, default):
    texts = [written(value, 2, mark, group) for value in values]
    assert find_form(texts, default) == NumberForm(mark)


@given(st.lists(st.integers(0, 10**7)), MARKS, st.sampled_from(["", " ", "'"]))
def test_whole_numbers_show_nothing_and_the_default_is_told_as_one(numbers, default, group):
    found = find_form([written(number, 0, ".", group) for number in numbers], default)
    assert (found.mark, found.doubt) == (default, "no number in the file shows its decimal mark")


@given(st.floats(0, 10**6), st.sampled_from(["", "3", "12.0", "100.00", "1,000", "1,000.00"]))
def test_what_is_written_is_read_again_and_has_the_decimals_of_its_model(value, model):
    form = NumberForm(".")
    text = form.write(value, model)
    assert form.read(text) == round(value, 2)
    assert "," not in text
    if model.endswith(".00"):
        assert text[-3] == "."
    comma = NumberForm(",").write(value, model.translate(str.maketrans(".,", ",.")))
    assert comma == text.replace(".", ",")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,000.00", "1,5"], "."),  # as many of both: the default, and told
        (["1,5", "2.50", "2.75"], "."),
        (["1.5", "2,50", "1.000,00"], ","),
    ],
)
def test_one_cell_does_not_decide_against_the_others_and_the_doubt_is_told(texts, mark):
    found = find_form(texts, ".")
    assert found.mark == mark
    assert found.doubt == "some numbers in the file have a decimal point and some a decimal comma"


def test_where_thousands_are_not_set_apart_three_digits_are_decimals():
    assert find_form(["1,000"], ".", has_groups=False) == NumberForm(",")
    assert find_form(["1,000"], ".").doubt


@pytest.mark.parametrize(
    "text", ["", "-", "EX", "1e0", "33%", "+3", "1,2,3", "1.2.3", "12,34,567", "1 00", "9" * 41]
)
def test_what_is_no_number_is_none(text):
    assert mark_of(text) is None
    assert NumberForm().read(text) is None
