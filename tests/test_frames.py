"""A frame comes back as it was put together, and nothing else is taken for one."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import FrameError
from grader.frames import HEAD, MAX_BYTES, from_frame, read_frame, to_frame, write_frame

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(TREES, st.binary())
def test_a_frame_comes_back_as_it_was(tree, data):
    assert from_frame(to_frame(tree, data)) == (tree, data)


@given(st.lists(st.tuples(TREES, st.binary()), max_size=4))
def test_frames_come_back_one_by_one_from_a_stream(frames):
    stream = io.BytesIO()
    for tree, data in frames:
        write_frame(stream, tree, data)
    stream.seek(0)
    assert [read_frame(stream) for _ in frames] == frames
    assert read_frame(stream) is None


@given(TREES, st.binary(), st.data())
def test_a_frame_that_is_cut_or_lengthened_is_none(tree, data, draw):
    frame = to_frame(tree, data)
    cut = frame[: draw.draw(st.integers(0, len(frame) - 1))]
    for other in (cut, frame + b"\0"):
        with pytest.raises(FrameError):
            from_frame(other)
    assert read_frame(io.BytesIO(cut)) is None


@given(st.binary())
def test_any_bytes_are_a_frame_or_a_frame_error(content):
    try:
        tree, data = from_frame(content)
    except FrameError:
        return
    assert content.endswith(data)
    assert json.loads(content[HEAD.size : len(content) - len(data)]) == tree


class Counting(io.BytesIO):
    """Notes the largest piece that was asked for."""

    largest = 0

    def read(self, size=-1):
        self.largest = max(self.largest, size)
        return super().read(size)


@pytest.mark.parametrize("sizes", [(MAX_BYTES + 1, 0), (0, MAX_BYTES + 1), (2**64 - 1, 2**64 - 1)])
def test_a_length_out_of_bounds_is_refused_before_anything_is_read(sizes):
    stream = Counting(HEAD.pack(*sizes) + b"{}")
    with pytest.raises(FrameError, match="more than 1024 MiB"):
        read_frame(stream)
    assert stream.largest == HEAD.size


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 200_000])
def test_a_tree_that_cannot_be_read_is_a_frame_error(text):
    frame = HEAD.pack(len(text), 0) + text
    with pytest.raises(FrameError, match="cannot be read"):
        from_frame(frame)
    with pytest.raises(FrameError, match="cannot be read"):
        read_frame(io.BytesIO(frame))
