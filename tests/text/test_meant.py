"""A word that names nothing is answered with what is near, or with nothing at all."""

from __future__ import annotations

import pytest

from grader.text.meant import did_you_mean


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("convv", "did you mean 'conv'?"),
        ("im2co", "did you mean 'conv.im2col'?"),
        ("conv.im2co", "did you mean 'conv.im2col'?"),
        ("im2", "did you mean 'conv.im2col'?"),
        ("im2col of conv", "did you mean 'conv.im2col'?"),
        ("zzz", "ask"),
        ("foo", "ask"),
        ("once", "ask"),
    ],
)
def test_a_suggestion_is_the_name_of_what_is_nearest(word, said):
    known = {"conv": "conv", "conv.im2col": "conv.im2col", "im2col": "conv.im2col"}
    assert did_you_mean(word, known, "ask") == said


def test_nothing_is_suggested_where_nothing_is_known():
    assert did_you_mean("conv", {}, "ask") == "ask"
