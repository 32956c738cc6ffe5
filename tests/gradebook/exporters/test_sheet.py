"""Somebody else's CSV comes back byte for byte, but for the cells that were meant."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.exporters import find_encoding
from grader.gradebook.exporters._sheet import load_sheet

CELLS = st.text(st.sampled_from('ab,;"\n é=\t1'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5)


def written(table, ending):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=ending)
    writer.writerow(["head", "line"])
    writer.writerows(table)
    return stream.getvalue()


def cut(folder, text):
    file = folder / "table.csv"
    file.write_bytes(text.encode())
    return load_sheet(file)


@given(TABLES, st.sampled_from(["\n", "\r\n"]))
def test_a_table_is_put_together_as_it_was(tmp_path_factory, table, ending):
    text = written(table, ending)
    sheet = cut(tmp_path_factory.mktemp("sheet"), text)
    assert sheet.text == text
    assert [sheet.values(row) for row in range(1, len(sheet.rows))] == table


@given(TABLES, st.data())
def test_changing_one_cell_changes_that_cell(tmp_path_factory, table, data):
    sheet = cut(tmp_path_factory.mktemp("sheet"), written(table, "\n"))
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[row]) - 1))
    sheet.set(row + 1, column, "7,5")
    read = list(csv.reader(io.StringIO(sheet.text, newline="")))[1:]
    table[row][column] = "7,5"
    assert read == table


@given(TABLES, CELLS, st.data())
def test_any_text_can_be_written_into_a_cell(tmp_path_factory, table, text, data):
    sheet = cut(tmp_path_factory.mktemp("sheet"), written(table, "\n"))
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[row]) - 1))
    sheet.set(row + 1, column, text)
    table[row][column] = text
    assert list(csv.reader(io.StringIO(sheet.text, newline="")))[1:] == table


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_is_read_by_its_mark_and_written_as_it_was(tmp_path, mark):
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    data = mark + '"Name"\t"Übung"\r\n"Zé"\t"1"\r\n'.encode(encoding)
    (tmp_path / "a.xls").write_bytes(data)
    sheet = load_sheet(tmp_path / "a.xls")
    assert sheet.values(1) == ["Zé", "1"]
    assert find_encoding(tmp_path / "a.xls") == encoding
    assert sheet.text.encode(encoding) == data


def test_a_quote_within_a_cell_opens_nothing(tmp_path):
    sheet = cut(tmp_path, 'disk\tsize\n5" one\t1\n"a\nb ""c"""\t2\n')
    assert [sheet.values(row) for row in (1, 2)] == [['5" one', "1"], ['a\nb "c"', "2"]]


def test_a_file_larger_than_any_class_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.gradebook.exporters._sheet.MAX_BYTES", 10)
    with pytest.raises(UsageError, match="is larger than"):
        cut(tmp_path, "a,b\n1,2\n3,4\n")


def test_a_row_with_more_cells_than_titles_is_one_line_and_empty_ones_are_none(tmp_path):
    cut(tmp_path, 'a,b\n1,2,, \n"x\ny",4\n').need_titles()
    with pytest.raises(UsageError, match="line 4 has more cells than there are titles; put what"):
        cut(tmp_path, 'a,b\n"x\ny",2\nLee, Kim,3\n').need_titles()
