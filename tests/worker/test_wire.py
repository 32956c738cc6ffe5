"""What crosses the pipe is exact in one direction and doubted in the other."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.engine.compare import same_answers
from grader.errors import ForgedFrameError
from grader.model import Carry, Case, NarrowFloat, Opaque, Raised, Unsupported
from grader.worker import child
from grader.worker.wire import (
    anonymous,
    pack_case,
    pack_reply,
    printable,
    read_exception,
    read_reply,
    unpack_case,
)

numbers = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**200), 2**200), st.text(max_size=20),
    st.floats(allow_nan=False),
)  # fmt: skip
arrays = npst.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.int8, np.bool_, np.complex128]),
    npst.array_shapes(min_dims=1, max_dims=4, max_side=3),
)
values = st.recursive(
    st.one_of(numbers, arrays),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    max_leaves=8,
)


def equal(one, other):
    """Tell whether two values are the same to the last bit and type."""
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and (one.tobytes() == other.tobytes())
        )
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def as_lists(value):
    """Return a value with lists for tuples, as a reply brings them."""
    if isinstance(value, (list, tuple)):
        return [as_lists(item) for item in value]
    return {k: as_lists(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(st.lists(st.lists(values, max_size=3), min_size=1, max_size=3))
def test_arguments_arrive_as_they_were_sent(steps):
    case = Case(tuple(tuple(arguments) for arguments in steps))
    assert equal(unpack_case(pack_case(case)), case.steps)


@given(values)
def test_an_honest_reply_reads_as_the_value_with_tuples_as_lists(value):
    request = pack_case(Case(((1,),)))
    answer = read_reply(*pack_reply([value], request), request)
    assert same_answers([as_lists(value)], answer.steps, 0.0) or "nan" in repr(value)
    assert answer.changed is None


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


@pytest.mark.parametrize(
    "tree",
    [
        {"r": [{"a": "|O", "s": [1]}]},
        {"r": [{"a": "<f8", "s": [-1]}]},
        {"r": [{"a": "<f8", "s": [10**30]}]},
        {"r": [{"a": "f8,f8", "s": [1]}]},
        {"r": [{"a": "<f8", "s": [True]}]},
        {"r": [{"c": 0}]},
        {"r": [{"f": 7}]},
        {"r": []},
        {"r": [1]},
        {},
        [],
        {"r": [{"d": [[[1], 2]]}]},
        {"x": {"frames": 1}},
        {"r": [1], "d": [[None], [None]]},
        {"r": [1], "d": []},
    ],
)
def test_a_reply_that_no_worker_writes_is_forged(tree):
    request = pack_case(Case(((1,),)))
    if isinstance(tree, dict) and "r" in tree:
        tree.setdefault("d", [[None]] if tree["r"] != [1] else None)
    with pytest.raises(ForgedFrameError):
        read_reply(json.dumps(tree).encode(), b"\0" * 16, request)


def test_a_changed_argument_is_known_by_step_and_place():
    case = Case(((np.zeros(2), 1.0, [np.ones(1)]), (Carry(), 1.0, [np.ones(1)])))
    request = pack_case(case)
    text, data = pack_reply([1, 2], request)
    tree = json.loads(text)
    tree["d"][1][2] = "0" * 16
    assert read_reply(json.dumps(tree).encode(), data, request).changed == (1, 2)


def test_only_arguments_that_can_change_have_a_fingerprint():
    request = pack_case(Case(((np.zeros(2), 1, 0.5, (1, 2), "a", None, [1]),)))
    fingerprints = request.digests[0]
    assert [value is not None for value in fingerprints] == [True] + [False] * 5 + [True]


@pytest.mark.parametrize(
    ("value", "tree"),
    [
        (np.float64(2.0), {"f": 8}),
        (np.array(2.0), {"f": 8}),
        (np.float32(2.0), {"f": 4}),
        (np.int64(3), 3),
        (np.array(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (2**300, {"u": "a huge int"}),
        (object(), {"u": "object"}),
        (np.zeros((1, 1)).view(np.matrix), {"u": "matrix"}),
        (np.ma.masked_array([1.0]), {"u": "MaskedArray"}),
        (np.array([1, "a"], dtype=object), {"o": "object", "s": [2]}),
        ({1, 2}, {"u": "set"}),
    ],
)
def test_scalars_of_numpy_are_numbers_and_foreign_types_are_named(value, tree):
    assert child.encode(value)[0] == tree


def test_subclasses_of_containers_are_read_as_what_they_store():
    class Liar(list):
        def __iter__(self):
            return iter([99])

        def __len__(self):
            return 7

    assert child.encode(Liar([1, 2]))[0] == [1, 2]


def test_what_stands_for_values_that_do_not_travel_is_read_back():
    request = pack_case(Case(((1,),)))
    body = {"r": [[{"u": "set"}, {"o": "object", "s": [2]}, {"f": 4}]], "d": [[None]]}
    ((foreign, opaque, narrow),) = read_reply(
        json.dumps(body).encode(), np.float64(1.5).tobytes(), request
    ).steps
    assert foreign == Unsupported("set")
    assert opaque == Opaque("object", (2,))
    assert isinstance(narrow, NarrowFloat)
    assert narrow.dtype == "float32"


def test_an_exception_is_read_field_by_field_and_made_harmless():
    tree = {
        "type": "Boom\x1b[31m", "message": "at 0xdeadbeef in /home/me/conv.py", "value_error": 1,
        "memory": False, "unwritten": True, "frames": [["conv.py", 3, "f"]] * 100,
    }  # fmt: skip
    raised = read_exception(tree)
    assert raised == Raised(
        "Boom�[31m", "at 0x… in conv.py", False, False, True, (("conv.py", 3, "f"),) * 20
    )


@given(st.text())
def test_printable_text_holds_nothing_that_steers_a_terminal(text):
    assert all(c.isprintable() for c in printable(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("C:\\Users\\me\\conv.py is broken", "conv.py is broken"),
        ("shapes (2, 3) / (3,)", "shapes (2, 3) / (3,)"),
        ("<f at 0x7f00aa>", "<f at 0x…>"),
    ],
)
def test_messages_lose_folders_and_addresses_but_no_content(text, shown):
    assert anonymous(text) == shown
