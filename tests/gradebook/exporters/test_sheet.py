"""Somebody else's CSV comes back byte for byte, but for the cells that were meant."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

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
