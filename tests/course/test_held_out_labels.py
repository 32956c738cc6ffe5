"""Held-out labels in data that go out: found in every form, and only where they are."""

from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest

from grader.course.handout.labels import Labels

RNG = np.random.default_rng(7)
TEN = RNG.integers(0, 10, 1000)
TWO = RNG.integers(0, 2, 1000)
RARE = (RNG.random(5000) < 0.03).astype(int)
FEW = RNG.integers(0, 5, 20)
REAL = RNG.normal(size=300)
KINDS = {"ten": TEN, "two": TWO, "rare": RARE, "few": FEW, "real": REAL}


def npz(**arrays):
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def csv(labels, head="", between=","):
    noise = np.random.default_rng(1).random(len(labels))
    rows = [f"{i}{between}{x:.3f}{between}{y}" for i, (x, y) in enumerate(zip(noise, labels))]  # noqa: B905
    return "\n".join([head, *rows] if head else rows).encode()


def one_hot(labels):
    return np.eye(labels.max() + 1)[labels]


FORMS = {
    "whole": lambda y: npz(x=np.zeros(3), y=y),
    "alone": npy,
    "of another type": lambda y: npz(y=y.astype(np.float32)),
    "in reverse": lambda y: npz(y=y[::-1]),
    "a column": lambda y: npz(t=np.column_stack([np.arange(len(y)), RNG.random(len(y)), y])),
    "the last column of a wide table": lambda y: npz(
        t=np.column_stack([RNG.random((len(y), 200)), y])
    ),
    "a row": lambda y: npz(t=np.stack([RNG.random(len(y)), y])),
    "a channel": lambda y: npz(t=np.stack([RNG.random((len(y), 4)), y[:, None] + np.zeros(4)], 2)),
    "after those of the training": lambda y: npz(
        y=np.concatenate([RNG.permutation(np.resize(y, 4000)), y])
    ),
    "a field": lambda y: npz(
        t=np.array(list(zip(range(len(y)), y.tolist())), [("id", "i8"), ("y", "f8")])  # noqa: B905
    ),
    "as texts": lambda y: npz(y=y.astype(str)),
    "lines": lambda y: "\n".join(map(str, y.tolist())).encode(),
    "one line": lambda y: str(y.tolist()).encode(),
    "a table of text": csv,
    "a table of text with a head of another length": lambda y: csv(y, "the id,x value,y"),
    "tabs": lambda y: csv(y, between="\t"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_labels_are_found_in_every_form(form, kind):
    assert Labels(KINDS[kind]).are_in(FORMS[form](KINDS[kind]))


@pytest.mark.parametrize("labels", [TEN, TWO, FEW, TEN + 1], ids=["ten", "two", "few", "from 1"])
def test_labels_are_found_as_one_hot_rows_or_columns(labels):
    values = np.unique(labels)
    rows = (labels[:, None] == values).astype(np.float32)
    for table in (rows, rows.T, rows.astype(bool), np.concatenate([rows[::-1], rows])):
        assert Labels(labels).are_in(npz(x=RNG.random((9, 9)), table=table))
        assert Labels(labels).are_in(npy(table))


@pytest.mark.parametrize("begin", [0, 1, 333, 950])
def test_fifty_in_a_row_are_enough(begin):
    part = TEN[begin : begin + 50]
    assert Labels(TEN).are_in(npz(y=part))
    assert Labels(TEN).are_in(npz(y=np.concatenate([RNG.integers(0, 10, 5000), part[::-1]])))
    assert not Labels(TEN).are_in(npz(y=part[:49]))


def test_a_run_is_found_where_two_parts_that_are_looked_at_meet():
    many = RNG.integers(0, 10, 2**20 + 4000)
    for begin in (2**20 - 60, 2**20 - 25, 2**20, 2**20 + 3950):
        held = many.copy()
        held[begin : begin + 50] = TEN[100:150]
        assert Labels(TEN).are_in(npy(held)), begin
    assert not Labels(TEN).are_in(npy(many))


OTHERS = {
    "ten": RNG.integers(0, 10, 50_000),
    "two": RNG.integers(0, 2, 50_000),
    "rare": (RNG.random(50_000) < 0.03).astype(int),
    "few": RNG.integers(0, 5, 50_000),
    "real": RNG.normal(size=50_000),
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_labels_that_were_drawn_the_same_way_are_none(kind):
    other = OTHERS[kind]
    assert not Labels(KINDS[kind]).are_in(npz(y=other, t=other.reshape(500, 100)))
    assert not Labels(KINDS[kind]).are_in(csv(other))


PLAIN = {
    "all the same": np.zeros(500, int),
    "a handful": np.array([0, 1, 1]),
    "nine": np.arange(9) % 4,
    "classes in turn": np.arange(1000) % 10,
    "few classes in turn": np.arange(40) % 10,
    "nothing": np.zeros(0, int),
    "one": np.ones(1, int),
}
DATA = {
    "zeros": np.zeros((500, 28, 28)),
    "ones": np.ones(1000),
    "bits": np.random.default_rng(3).integers(0, 2, (1000, 300)),
    "in turn": np.arange(2000) % 10,
    "by class": np.repeat(np.arange(10), 500),
    "counted": np.arange(5000),
    "none": np.zeros(0),
    "a number": np.array(3.0),
    "nan": np.full((60, 60), np.nan),
    "texts": np.array(["a", "b"]),
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("labels", PLAIN)
def test_labels_that_tell_nothing_are_found_nowhere(labels, data):
    assert not Labels(PLAIN[labels]).are_in(npz(d=DATA[data]))


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("kind", KINDS)
def test_plain_data_hold_no_labels(kind, data):
    assert not Labels(KINDS[kind]).are_in(npz(d=DATA[data]))


def test_labels_by_class_are_found_whole_and_not_in_other_labels_by_class():
    held = np.repeat(np.arange(10), 100)
    assert Labels(held).are_in(npz(y=held))
    assert not Labels(held).are_in(npz(y=np.repeat(np.arange(10), 600)))
    assert Labels(np.repeat([0, 1], 50)).are_in(npz(y=np.repeat([0.0, 1.0], 50)))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\1", b"PK\3\4", b"\xff" * 5000, b"a, b\nc"])
def test_what_holds_no_numbers_holds_no_labels(content):
    assert not Labels(TEN).are_in(content)


def test_a_large_file_is_looked_through_in_bounded_memory():
    big = npy(np.random.default_rng(5).integers(0, 10, (5000, 784), np.uint8))
    tracemalloc.start()
    assert not Labels(TEN).are_in(big)
    assert not Labels(TEN).are_in(b"0,1,2,3\n" * 500_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300 * 2**20
