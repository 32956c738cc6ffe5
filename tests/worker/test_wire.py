"""What crosses the pipe is exact in one direction and doubted in the other."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest
from answering import RAISED
from growth import assert_linear
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from sendable import equal, values

from grader.course.pools import lay_out
from grader.engine.compare import same_answers
from grader.errors import ForgedFrameError
from grader.model import Carry, Case, NarrowFloat, Opaque, Raised, Unsupported
from grader.model.functions import Lambda
from grader.model.scripts import ref
from grader.worker.child import encoding
from grader.worker.child.agreed import MAX_TEXT
from grader.worker.wire import (
    anonymous,
    most_bytes,
    pack_case,
    pack_reply,
    printable,
    read_exception,
    read_reply,
    unpack_case,
)


def as_lists(value):
    """Return a value with lists for tuples, as a reply brings them."""
    if isinstance(value, (list, tuple)):
        return [as_lists(item) for item in value]
    return {k: as_lists(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(st.lists(st.lists(values, max_size=3), min_size=1, max_size=3))
def test_arguments_arrive_as_they_were_sent(steps):
    case = Case(tuple(tuple(arguments) for arguments in steps))
    assert equal(unpack_case(pack_case(case)), case.steps)


@given(
    npst.arrays(np.float64, npst.array_shapes(max_dims=4, max_side=4)),
    st.integers(0, 3),
)
def test_arguments_lie_in_memory_as_they_were_sent(x, order):
    sent = lay_out(x, order)
    ((got,),) = unpack_case(pack_case(Case(((sent,),))))
    assert equal(got, sent)
    assert got.strides == sent.strides or got.flags.c_contiguous
    assert pack_case(Case(((got,),))) == pack_case(Case(((sent,),)))


def test_an_order_that_is_none_cannot_be_read():
    with pytest.raises(ValueError, match="an order"):
        encoding.lay_out(np.zeros(3), "X")


def test_a_reply_lies_in_memory_as_usual_and_never_says_otherwise():
    request = pack_case(Case(((1,),)))
    text, data = pack_reply([np.ones((2, 3)).T], request)
    assert b'"m"' not in text
    forged = text.replace(b'"s":', b'"m":"F","s":')
    assert forged != text
    with pytest.raises(ForgedFrameError):
        read_reply(forged, data, request)


@given(values)
def test_an_honest_reply_reads_as_the_value_with_tuples_as_lists(value):
    request = pack_case(Case(((1,),)))
    answer = read_reply(*pack_reply([value], request), request)
    assert same_answers([as_lists(value)], answer.steps, 0.0) or "nan" in repr(value)
    assert answer.changed is None


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


def test_the_steps_of_a_script_have_no_fingerprint_and_a_function_given_such_a_dict_has_one():
    steps = (("let", "w", np.ones(1)), ("new", "a", (ref("w"),), {"stride": 2}))
    assert pack_case(Case(steps, script=True)).digests == [[], []]
    assert pack_case(Case(((ref("w"),),))).digests[0][0] is not None


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
    assert json.loads(encoding.Encoder().encode(value)) == tree


def test_subclasses_of_containers_are_read_as_what_they_store():
    class Liar(list):
        def __iter__(self):
            return iter([99])

        def __len__(self):
            return 7

    assert encoding.Encoder().encode(Liar([1, 2])) == "[1,2]"


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


def test_a_cut_message_is_cut_before_anything_looks_at_it():
    raised = read_exception({**RAISED, "message": "/a" * 10**6})
    assert len(raised.message) == MAX_TEXT


def test_a_frame_s_file_is_a_name_without_folders():
    raised = read_exception({**RAISED, "frames": [["../../etc/a.py", 1, "f"], ["..\\b.py", 2, ""]]})
    assert [file for file, _, _ in raised.frames] == ["a.py", "b.py"]


@pytest.mark.parametrize(
    "piece", ["/a", "/", "a/", "\\a", "C:/a ", "0x", "0x0", "/a.p", "/a.py", "/.py:", "a'/b.py"]
)
def test_taking_folders_out_of_a_message_is_linear_in_its_length(piece):
    assert_linear(lambda size: piece * (size // len(piece)), anonymous, 40_000)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/a/b.py and /c/d.py:3", "b.py and d.py:3"),
        ("/a/b.py/c", "b.py/c"),
        ("/a/b.txt", "/a/b.txt"),
        ("//conv.py", "/conv.py"),
    ],
)
def test_only_folders_in_front_of_a_python_file_are_taken_out(text, shown):
    assert anonymous(text) == shown


def test_a_dict_whose_keys_have_one_hash_is_forged_and_costs_nothing():
    keys = [[number * (2**61 - 1), None] for number in range(1, 30_000)]
    text = json.dumps({"r": [{"d": keys}], "d": [[None]]}).encode()
    with pytest.raises(ForgedFrameError):
        read_reply(text, b"", pack_case(Case(((1,),))))


def test_an_ordinary_dict_with_a_few_like_keys_is_read():
    answer = {-1: 1, -2: 2, **dict.fromkeys(range(100), 0)}
    request = pack_case(Case(((1,),)))
    assert read_reply(*pack_reply([answer], request), request).steps == (answer,)


@pytest.mark.parametrize(
    "make",
    [
        lambda size: {"r": [[[]] * size]},
        lambda size: {"r": [{"d": [[n, n] for n in range(size)]}]},
        lambda size: {"r": ["a" * size]},
        lambda size: {"r": [{"u": "a" * size}]},
        lambda size: {"r": [], "x": {**RAISED, "frames": [["a", 1, "b"]] * size}},
        lambda size: {"r": [], "x": {**RAISED, "message": "/a" * size}},
        lambda size: {"r": [{"a": "<f8", "s": [1] * 60 + [0]}] * (size // 60)},
    ],
)
def test_reading_a_reply_is_linear_in_its_length(make):
    request = pack_case(Case(((1,),)))

    def read(text):
        with contextlib.suppress(ForgedFrameError):
            read_reply(text, b"", request)

    assert_linear(lambda size: json.dumps(make(size) | {"d": [[None]]}).encode(), read, 20_000)


def test_arrays_for_which_there_is_no_room_are_described():
    encoder = encoding.Encoder(most=100)
    tree = json.loads(encoder.encode([np.zeros(10), np.zeros(10), np.zeros(2)]))
    assert tree == [{"a": "<f8", "s": [10]}, {"o": "float64", "s": [10]}, {"a": "<f8", "s": [2]}]
    assert sum(map(len, encoder.chunks)) <= 100


def test_an_answer_may_be_longer_than_the_right_one_but_not_without_end():
    assert most_bytes(b"", b"") >= 2**16
    assert most_bytes(b"12", b"345678") == most_bytes(b"", b"") + 16 * 8


def test_a_function_travels_as_its_text():
    square = Lambda("lambda x: x * x")
    request = pack_case(Case(((square, 2.0), (square, Carry()))))
    assert json.loads(request.text)[0][0] == {"l": "lambda x: x * x"}
    assert request.digests == [[None, None], [None, None]]
    assert unpack_case(request) == ((square, 2.0), (square, Carry()))
