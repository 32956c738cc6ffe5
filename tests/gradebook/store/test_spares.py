"""Whatever is written over a cell of a gradebook: nobody gets another grade, and it is mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from books import begin, fact, passed, wrong
from damage import EXERCISES, cells, check, keep_class, overwrite, read, read_mended, write
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.changes import describe_changes
from grader.gradebook.inquiry.standing import describe_class
from grader.gradebook.inquiry.story import list_decisions, list_deliveries, tell_story
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.store.seals import WHOLE_TABLES
from grader.gradebook.view import select_view

VALUES = st.one_of(
    st.none(),
    st.integers(-3, 12),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=20).filter(lambda text: "\0" not in text and text.isprintable()),
    st.binary(max_size=20),
    st.sampled_from(["roeric", "s1", "passed", "hw2", "[]", "{}", "fact", "submission", "excuse"]),
)


@dataclass
class Kept:
    content: bytes = field(repr=False)
    whole: tuple = field(repr=False)
    cells: list = field(repr=False)
    damaged: object

    def _repr_pretty_(self, printer, _cycle):
        """Be short where Hypothesis tells of a failure, which its own warning would hide."""
        printer.text("a class")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return a class in a file, what was read of it, its cells, and a place to write to."""
    path = tmp_path_factory.mktemp("kept") / "gradebook.db"
    keep_class(path)
    return Kept(path.read_bytes(), read(path), cells(path), path.with_name("damaged.db"))


def ask_everything(path):
    """Ask a gradebook all that can be asked: nothing is raised, whatever is in it."""
    with Gradebook(path, read_only=True) as book:
        view = select_view(book)
        tell_story(view)
        describe_class(view)
        describe_changes(view)
        list(view.remarks())
        for one in view.assignments:
            list_deliveries(view, one)
            list_decisions(view, one)
        summarise(book, "hw2", EXERCISES)


def grade_again(path):
    """Record everybody once more, as a run over the same folder does."""
    with Gradebook(path) as book:
        run = begin(book)
        for name, facts, content in handed_in():
            asked = run.pending(content, EXERCISES)
            run.record(name, content, [one for one in facts if one["id"] in asked])
        run.finish()
        return book.find_damaged(run.assignment)


def handed_in():
    """Yield what `damage.keep_class` hands in, as its newest."""
    given = {"examplegiven": [passed(), passed("pool.flatten")]}
    given["roeric"] = [wrong(), passed("pool.flatten")]
    given["=1+1"] = [passed(), fact("pool.flatten", "missing", message="no file")]
    lost = fact("conv.im2col", "ungraded", message="the grader could not tell: a lost machine")
    given["waittim"] = [lost, passed("pool.flatten")]
    for number in range(1, 8):
        given[f"s{number}"] = [wrong() if number % 2 else passed(), passed("pool.flatten")]
    for name, facts in given.items():
        yield name, facts, sha256(f"{name} {facts}".encode()).hexdigest()
    yield "s0", [fact("conv.im2col", "failed")], sha256(b"another").hexdigest()


@given(place=st.floats(0, 1, exclude_max=True), value=VALUES)
@settings(max_examples=100, deadline=None)
def test_whatever_is_in_a_cell_nobody_has_another_grade_and_grading_mends_it(kept, place, value):
    cell, path = kept.cells[int(place * len(kept.cells))], kept.damaged
    note(str(cell))
    write(path, kept.content)
    assume(overwrite(path, *cell, value))
    found = read(path)
    check(found, kept.whole)
    if cell[0] in WHOLE_TABLES or cell[0] == "spare":
        assert not found[2]
        assert len(read_mended(path)) == 1
    ask_everything(path)
    assert path.stat().st_size
    before = set(found[2])
    left = grade_again(path)
    assert set(left) <= before - {name for name, *_ in handed_in()}
    assert read_mended(path) == []


@pytest.mark.parametrize("value", [b"", "s1", 1.5, None])
def test_a_seal_that_is_about_no_row_is_damage_that_everything_can_tell_of(kept, value):
    seals = [cell for cell in kept.cells if cell[:2] == ("seal", "first")]
    assert seals
    for cell in seals:
        write(kept.damaged, kept.content)
        if overwrite(kept.damaged, *cell, value):
            check(read(kept.damaged), kept.whole)
            ask_everything(kept.damaged)
