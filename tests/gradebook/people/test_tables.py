"""A table is read as it was saved, whoever wrote it, or refused in one line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.people import tables
from grader.gradebook.people.tables import decode, read_table

CELLS = st.text(st.sampled_from("abé,;\t\" 'ßд名\n"), max_size=6)


def save(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "table.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_way_in_which_spreadsheets_save_is_read(tmp_path, encoding, delimiter):
    rows = [["name", "e-mail"], ["Zé, Röe", "a;b"], ['"x"', "t\tu"]]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    table = read_table(save(tmp_path, stream.getvalue(), encoding), "--roster")
    assert [table.titles, *(row for _, row in table.rows)] == rows
    assert table.encoding == ("UTF-16" if "16" in encoding else "UTF-8")


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_what_excel_says_of_its_own_delimiter_counts(tmp_path, first):
    table = read_table(save(tmp_path, f"{first}\r\nname;a,b,c,d\r\nx;y\r\n"), "--roster")
    assert (table.titles, table.rows) == (["name", "a,b,c,d"], [(3, ["x", "y"])])


def test_excels_own_code_page_is_told_with_a_word_that_shows_it(tmp_path):
    table = read_table(save(tmp_path, "name\nPlain\nÜbung Dvoøák\n", "cp1252"), "--roster")
    assert table.rows[-1] == (3, ["Übung Dvoøák"])
    assert table.encoding == "Windows-1252, by which a word in it is 'Übung'"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("name\nДжж\n".encode("cp1251"), "by Windows-1252 a word in it would be"),
        (b"name\n\x81\n", "cannot be read as UTF-8, UTF-16 or Windows-1252"),
        (b"name\na\0b\n", "null characters"),
        (b"\xff\xfen", "cannot be read as UTF-8"),
        (b"", "is empty"),
        (b"\n\n;;\n", "is empty"),
    ],
)
def test_what_is_not_certainly_text_is_refused_in_one_line(tmp_path, data, why):
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(UsageError, match=why) as caught:
        read_table(tmp_path / "t.csv", "--groups")
    text = str(caught.value)
    assert text.startswith("--groups: ")
    assert "\n" not in text.replace(str(tmp_path), "")


@pytest.mark.parametrize(
    ("name", "most", "text"),
    [
        ("MAX_COLUMNS", 5, "a,b\n" + "x," * 7),
        ("MAX_COLUMNS", 5, 'a,b\n"x\n,,,,",,,,y\n'),
        ("MAX_ROWS", 5, "a\n" * 9),
        ("MAX_CELLS", 5, "a,b\n" * 9),
    ],
)
def test_what_is_larger_than_any_class_is_refused(tmp_path, monkeypatch, name, most, text):
    monkeypatch.setattr(tables, name, most)
    with pytest.raises(UsageError, match="more"):
        read_table(save(tmp_path, text), "--roster")
    monkeypatch.undo()
    assert read_table(save(tmp_path, text), "--roster").rows


def test_nothing_but_a_file_is_read(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "nothing", "."):
        with pytest.raises(UsageError, match=r"--times: .* there is no such file"):
            read_table(tmp_path / name, "--times")


def test_each_row_has_the_number_of_its_first_line(tmp_path):
    table = read_table(save(tmp_path, 'name\n\n"a\nb"\n,,\nc\n'), "--roster")
    assert table.rows == [(3, ["a\nb"]), (6, ["c"])]


@given(st.text())
def test_text_comes_back_from_every_unicode_encoding(text):
    if "\0" in text or text.startswith("\ufeff"):
        return
    for encoding in ("utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding))[0] == text
    if text.isascii():
        assert decode(text.encode())[0] == text


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_cells_come_back_as_they_were_written(tmp_path_factory, rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["name", "id"], *rows])
    file = tmp_path_factory.mktemp("table") / "t.csv"
    file.write_bytes(stream.getvalue().encode())
    read = [row for _, row in read_table(file, "--roster").rows]
    assert read == [row for row in rows if any(map(str.strip, row))]
