"""What no worker writes is a forged frame, and nothing else comes of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from answering import RAISED
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import ForgedFrameError
from grader.model import Case
from grader.worker.wire import (
    pack_case,
    read_reply,
)


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_noise_is_never_an_answer(text, data):
    request = pack_case(Case(((1,),)))
    with pytest.raises(ForgedFrameError):
        read_reply(b"\xff" + text, data, request)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["r", "d", "x", "a", "s", "f", "t", "d", "c", "u", "o", "frames"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(json_values, st.binary(max_size=64))
@settings(max_examples=500)
def test_json_of_any_form_is_an_answer_or_a_forged_frame_and_nothing_else(tree, data):
    request = pack_case(Case(((np.zeros(2), 1),)))
    try:
        answer = read_reply(json.dumps(tree).encode(), data, request)
    except ForgedFrameError:
        return
    assert answer.steps


def test_an_infinite_number_written_as_a_large_one_is_forged():
    text = b'{"r":[],"d":[[null]],"x":' + json.dumps(
        {**RAISED, "frames": [["a.py", 7, "f"]]}
    ).encode().replace(b"7", b"1e400")
    with pytest.raises(ForgedFrameError):
        read_reply(text + b"}", b"", pack_case(Case(((1,),))))


@pytest.mark.parametrize(
    "tree",
    [
        {"r": [{"a": "|O", "s": [1]}]},
        {"r": [{"a": "<f8", "s": [-1]}]},
        {"r": [{"a": "<f8", "s": [10**30]}]},
        {"r": [{"a": "f8,f8", "s": [1]}]},
        {"r": [{"a": "<f8", "s": [True]}]},
        {"r": [{"c": 0}]},
        {"r": [{"l": "lambda x: x"}]},
        {"r": [{"f": 7}]},
        {"r": []},
        {"r": [1]},
        {},
        [],
        {"r": [{"d": [[[1], 2]]}]},
        {"x": {"frames": 1}},
        {"r": [1], "d": [[None], [None]]},
        {"r": [1], "d": []},
        {"r": [1, 1], "d": [[None]]},
        {"r": [1], "d": [[None]], "x": RAISED},
        {"r": [], "d": [[None]], "x": {**RAISED, "frames": [["a.py", float("inf"), "f"]]}},
        {"r": [], "d": [[None]], "x": {**RAISED, "frames": [["a.py", -1, "f"]]}},
        {"r": [], "d": [[None]], "x": {**RAISED, "frames": [["a.py", 10**12, "f"]]}},
        {"r": [], "d": [[None]], "x": {**RAISED, "message": [[]] * 1000}},
        {"r": [{"o": "float64", "s": [float("inf")]}], "d": [[None]]},
        {"r": [{"o": "float64", "s": "12"}], "d": [[None]]},
        {"r": [{"a": "<f8", "s": [10**70] * 3 + [0]}], "d": [[None]]},
        {"r": [{"a": "<f8", "s": [0] * 65}], "d": [[None]]},
        {"r": [10**100], "d": [[None]]},
        {"r": [0.5], "d": [[None]]},
    ],
)
def test_a_reply_that_no_worker_writes_is_forged(tree):
    request = pack_case(Case(((1,),)))
    if isinstance(tree, dict) and "r" in tree:
        tree.setdefault("d", [[None]] if tree["r"] != [1] else None)
    with pytest.raises(ForgedFrameError):
        read_reply(json.dumps(tree).encode(), b"\0" * 16, request)
