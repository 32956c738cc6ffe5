"""What is written by hand, to be quick, is what `json` would write, and is read as what it was."""

from __future__ import annotations

import functools
import json
from hashlib import blake2b
from itertools import chain

import numpy as np
import pytest
from answering import RAISED
from hypothesis import given
from hypothesis import strategies as st
from sendable import arrays, equal, values

from grader.worker.child import encoding
from grader.worker.child.replies import write_fingerprints, write_reply


def tree_of(value, keep_tuples):
    """Return the tree that the table of `encoding` has for a value."""
    inner = functools.partial(tree_of, keep_tuples=keep_tuples)
    if isinstance(value, np.ndarray):
        return {"a": value.dtype.str, "s": list(value.shape)}
    if isinstance(value, (list, tuple)):
        items = list(map(inner, value))
        return {"t": items} if keep_tuples and isinstance(value, tuple) else items
    if isinstance(value, dict):
        return {"d": [[inner(key), inner(item)] for key, item in value.items()]}
    return {"f": 8} if isinstance(value, float) else value


@given(values, st.booleans())
def test_a_value_is_written_as_json_writes_its_tree(value, keep_tuples):
    text = encoding.Encoder(keep_tuples=keep_tuples).encode(value)
    assert (
        encoding.to_json(json.loads(text)) == text == encoding.to_json(tree_of(value, keep_tuples))
    )


@given(st.lists(values, min_size=1, max_size=3), st.sampled_from([{}, {"x": RAISED, "n": 1}]))
def test_a_reply_is_written_as_json_writes_its_tree(results, more):
    digests = encoding.to_json([["0" * 16, None]] * len(results))
    text = write_reply(map(encoding.Encoder().encode, results), digests, more).decode()
    trees = [tree_of(result, keep_tuples=False) for result in results]
    assert text == encoding.to_json({"r": trees, **more, "d": json.loads(digests)})


@given(st.lists(st.lists(values, max_size=3), min_size=1, max_size=2))
def test_a_fingerprint_is_that_of_an_arrays_type_shape_and_bytes_or_of_what_is_sent(steps):
    found = json.loads(write_fingerprints(steps, script=False))
    for value, digest in zip(chain(*steps), chain(*found), strict=True):
        encoder = encoding.Encoder()
        text = encoder.encode(value)
        if isinstance(value, np.ndarray):
            text = f"{value.dtype.str}{value.shape}"
        sent = text.encode() + b"".join(encoder.chunks)
        assert digest in (None, blake2b(sent, digest_size=8).hexdigest())


def test_a_fingerprint_stays_what_it_is_in_the_files_that_a_course_keeps():
    x = np.arange(6.0).reshape(2, 3)
    text = '[["5e1c5a30de157032",null]]'
    assert write_fingerprints([[x, 1]], script=False) == text


@pytest.mark.parametrize("change", [
    lambda x: x.__setitem__((0, 0), 1.0), lambda x: setattr(x, "shape", (3, 2)),
    lambda x: x.resize((2, 2), refcheck=False), lambda x: x.partition(0, axis=0),
    lambda x: setattr(x, "dtype", np.int64),
])  # fmt: skip
def test_an_array_that_was_changed_has_another_fingerprint(change):
    x = np.array([[3.0, 2.0, 1.0], [0.0, 5.0, 4.0]])
    before = write_fingerprints([[x]], script=False)
    change(x)
    assert write_fingerprints([[x]], script=False) != before


@given(arrays, st.booleans())
def test_an_array_that_was_read_is_the_students_alone(x, odd):
    """Whatever lies before it: fresh memory of its own, which can be written to and made larger."""
    encoder = encoding.Encoder()
    given_ = [np.array([odd]), x, x] if odd else [x, x]
    text = encoder.encode(given_)
    *_, one, other = encoding.Decoder(b"".join(encoder.chunks)).decode(json.loads(text))
    for array in (one, other):
        assert array.base is None
        assert array.flags.owndata
        assert array.flags.writeable
        assert array.flags.aligned
        assert array.flags.c_contiguous
    assert not np.shares_memory(one, other)
    assert equal(one, x)
