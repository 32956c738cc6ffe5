"""Of a file that SQLite cannot follow what can be read is read, in bounded work, and mended."""

from __future__ import annotations

import contextlib
import sqlite3
from hashlib import sha256

import pytest
from books import begin, hand_in, passed, wrong
from damage import EXERCISES, change, check, read, read_mended, write

from grader.gradebook.facts import Gradebook
from grader.gradebook.store.opening import GradebookError
from grader.gradebook.store.rescue import rescue

PAGE = 4096
PEOPLE = 60
LEAF, INNER = 13, 5  # the first byte of a page of a table
POINTS, BY_HAND = 1.75, "s3"


def work(number):
    return [wrong() if number % 2 else passed(), passed("pool.flatten")]


def content_of(name, facts):
    return sha256(f"{name} {facts}".encode()).hexdigest()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return a class of several pages a table in a file, and what was read of it."""
    path = tmp_path_factory.mktemp("kept") / "gradebook.db"
    with Gradebook(path) as book:
        run = begin(book)
        for number in range(PEOPLE):
            hand_in(run, f"s{number}", work(number))
        book.note_overrides(run.assignment, [(BY_HAND, "conv.im2col", POINTS, "seen by hand")])
        run.finish()
    return path.read_bytes(), read(path)


def root_of(path, name):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        text = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return connection.execute(text, (name,)).fetchone()[0]


def pages_of(content, root):
    """Return the numbers of the leaves of a table, in order."""
    start = (root - 1) * PAGE
    if content[start] == LEAF:
        return [root]
    assert content[start] == INNER
    count = int.from_bytes(content[start + 3 : start + 5], "big")
    cells = [
        int.from_bytes(content[start + 12 + 2 * i : start + 14 + 2 * i], "big")
        for i in range(count)
    ]
    children = [int.from_bytes(content[start + cell : start + cell + 4], "big") for cell in cells]
    children.append(int.from_bytes(content[start + 8 : start + 12], "big"))
    return [page for child in children for page in pages_of(content, child)]


def put(path, page, *, at=0, filler=bytes(PAGE)):
    """Write over a page."""
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE + at : (page - 1) * PAGE + at + len(filler)] = filler
    path.write_bytes(content)


def grade(path, names):
    with Gradebook(path) as book:
        run = begin(book)
        for name in names:
            facts = work(int(name[1:]))
            content = content_of(name, facts)
            asked = run.pending(content, EXERCISES)
            run.record(name, content, [one for one in facts if one["id"] in asked])
        run.finish()


def grade_everybody(path):
    grade(path, [f"s{number}" for number in range(PEOPLE)])


class Counting(sqlite3.Connection):
    """A connection that does not answer for ever."""

    left = 0

    def execute(self, *words):
        Counting.left -= 1
        assert Counting.left > 0, "too many statements"
        return super().execute(*words)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seal SET last = 4611686018427387904 WHERE source IN ('fact', 'submission')",
        "UPDATE seal SET first = 9223372036854775807 WHERE first = 60",
        "UPDATE seal SET first = -9223372036854775808 WHERE first = 1",
        "UPDATE seal SET first = 'x', last = x'00' WHERE first IN (1, 60)",
    ],
)
@pytest.mark.parametrize("table", ["fact", "level", "submission"])
def test_a_damaged_row_number_makes_nobody_walk(kept, tmp_path, monkeypatch, table, statement):
    path = write(tmp_path / "g.db", kept[0])
    change(path, statement)
    root = root_of(path, table)
    for page in {root, *(pages_of(kept[0], root)[-1:] if table != "level" else ())}:
        put(path, page)
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, factory=Counting, **k))
    Counting.left = 10 * PEOPLE
    rescued = rescue(path)
    assert rescued.execute("SELECT count(*) FROM seal").fetchone()[0] > PEOPLE
    rescued.close()


def test_pages_that_lead_to_one_another_are_read_for_a_bounded_time(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    root = root_of(path, "fact")
    leaf, last = pages_of(kept[0], root)[0], len(kept[0]) // PAGE
    depth, fan = 12, 300  # rows than which no disk has more
    with path.open("ab") as file:
        for number in range(depth):
            child = last + number + 2 if number < depth - 1 else leaf
            cells = b"".join(child.to_bytes(4, "big") + b"\x01" for _ in range(fan))
            places = [PAGE - len(cells) + 5 * one for one in range(fan)]
            head = bytes([INNER, 0, 0]) + fan.to_bytes(2, "big") + places[0].to_bytes(2, "big")
            head += b"\0" + child.to_bytes(4, "big")
            head += b"".join(one.to_bytes(2, "big") for one in places)
            file.write(head + bytes(PAGE - len(head) - len(cells)) + cells)
    content = path.read_bytes()
    put(path, root, filler=content[last * PAGE : (last + 1) * PAGE])
    put(path, 1, at=28, filler=(last + depth).to_bytes(4, "big"))
    found = read(path)
    check(found, kept[1])
    assert found[2]


def test_a_broken_index_is_not_taken_over(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    put(path, root_of(path, "override_by_name"), at=3, filler=bytes(2))  # it has no entries
    put(path, root_of(path, "submission_by_name"))
    found = read(path)
    check(found, kept[1])
    assert found == kept[1]
    (line,) = read_mended(path)
    assert "what can be read is read" in line


def test_levels_whose_fact_is_lost_are_not_in_the_way_of_another(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    put(path, pages_of(kept[0], root_of(path, "fact"))[-1])
    found = read(path)
    check(found, kept[1])
    assert 0 < len(found[2]) < PEOPLE
    grade_everybody(path)
    assert read(path) == kept[1]
    assert read_mended(path) == []


def test_whose_row_is_lost_is_named_also_when_its_number_came_back(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    with Gradebook(path) as book:
        hand_in(begin(book), f"s{PEOPLE - 1}", [passed(), passed("pool.flatten")], content="new")
    content = path.read_bytes()
    whole = read(path)
    put(path, pages_of(content, root_of(path, "submission"))[-1])
    found = read(path)
    check(found, whole)
    assert f"s{PEOPLE - 1}" in found[2]
    grade(path, ["s1", *sorted(found[2] - {f"s{PEOPLE - 1}"})])
    documents, _, left = read(path)
    assert left == {f"s{PEOPLE - 1}"}
    assert documents[f"s{PEOPLE - 1}"]["exercises"][0]["status"] == "ungraded"
    grade(path, [f"s{PEOPLE - 1}"])
    assert read(path)[2] == set()


@pytest.mark.parametrize("cut", [0, 100, PAGE // 2])
@pytest.mark.parametrize("lost", [1, 4])
def test_a_file_that_was_cut_short_is_read_as_far_as_it_goes(kept, tmp_path, cut, lost):
    path = write(tmp_path / "g.db", kept[0][: len(kept[0]) - lost * PAGE + cut % PAGE])
    found = read(path)
    check(found, kept[1])
    (line, *_) = read_mended(path)
    assert "what can be read is read" in line
    grade_everybody(path)
    assert read(path) == kept[1]
    assert read_mended(path) == []


@pytest.mark.parametrize("count", [0, 3, 10_000, 2**31 - 1])
def test_a_number_of_pages_that_is_not_true_gives_nobody_another_grade(kept, tmp_path, count):
    path = write(tmp_path / "g.db", kept[0])
    put(path, 1, at=28, filler=count.to_bytes(4, "big"))
    with contextlib.suppress(GradebookError):
        check(read(path), kept[1])
        grade_everybody(path)
        assert read(path) == kept[1]


def test_a_name_that_is_no_text_any_more_is_mended(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    change(path, "UPDATE submission SET name = CAST(x'73ff' AS TEXT) WHERE name = 's5'")
    found = read(path)
    check(found, kept[1])
    assert "s5" in found[2]
    grade_everybody(path)
    assert read(path) == kept[1]


@pytest.mark.parametrize("number", [2**62 + 1, 2**63 - 1])
@pytest.mark.parametrize("table", ["fact", "submission"])
def test_after_a_row_number_that_leaves_no_larger_one_the_newest_still_counts(
    kept, tmp_path, table, number
):
    path = write(tmp_path / "g.db", kept[0])
    change(path, f"UPDATE {table} SET id = {number} WHERE id = 7")  # noqa: S608 - our words
    grade_everybody(path)
    assert read(path) == kept[1]
    with Gradebook(path) as book:
        run = begin(book)
        for again in range(1, 6):
            facts = [passed(), passed("pool.flatten")] if again % 2 else work(1)
            hand_in(run, "s1", facts, content="the same")
            run.finish()
            run = begin(book)
            statuses = [one["status"] for one in read(path)[0]["s1"]["exercises"]]
            assert statuses == [one["status"] for one in facts]
