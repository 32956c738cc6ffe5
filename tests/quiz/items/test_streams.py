"""Streams: the same for ever, and independent of each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.items.streams import Stream


def test_a_stream_is_the_same_on_every_machine_and_python():
    """A quiz of last year is marked with last year's numbers."""
    stream = Stream("exam/7/alice/conv.stride-1")
    assert [stream.below(1000) for _ in range(6)] == [519, 82, 607, 900, 776, 426]


@given(st.text(), st.integers(1, 10**9))
def test_a_draw_lies_below_its_bound(key, stop):
    """No draw leaves its range, whatever the key."""
    assert 0 <= Stream(key).below(stop) < stop


@given(st.text(), st.lists(st.integers(), max_size=30))
def test_shuffling_loses_and_invents_nothing(key, options):
    """A shuffle is a permutation, and leaves its argument alone."""
    before = list(options)
    assert sorted(Stream(key).shuffled(options)) == sorted(before)
    assert options == before


def test_every_value_is_drawn():
    """A choice among ten reaches all ten, about as often."""
    stream = Stream("fair")
    counts = [0] * 10
    for _ in range(5000):
        counts[stream.below(10)] += 1
    assert min(counts) > 400
    assert max(counts) < 600


def test_two_keys_give_two_streams():
    """Neither a longer key nor a later draw repeats another stream."""
    streams = [Stream(key) for key in ("1/a", "1/b", "11/a", "")]
    assert len({stream.below(10**9) for stream in streams for _ in range(100)}) == 400
