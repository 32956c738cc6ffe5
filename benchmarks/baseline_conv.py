"""What an instructor would write: pytest, Hypothesis and torch, one process for each submission.

    SUBMISSION=class/alice python -m pytest benchmarks/baseline_conv.py

The same seven functions as `dlgrade grade --only conv`, and the same number of cases for each. It
is kept as the yardstick of benchmarks/batch.py.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the field's own name
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, os.environ["SUBMISSION"])
import conv

CASES = int(os.environ.get("CASES", "120"))
same_work = settings(
    max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
torch.set_num_threads(1)


@st.composite
def windows(draw: st.DrawFn) -> tuple:
    """Draw an input with a kernel that fits, stride and padding, and the seed of the arrays."""
    n, c, f = (draw(st.integers(1, 3)) for _ in range(3))
    kh, kw = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    h, w = kh + draw(st.integers(0, 4)), kw + draw(st.integers(0, 4))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    x, weight, bias = (
        rng.normal(size=(n, c, h, w)),
        rng.normal(size=(f, c, kh, kw)),
        rng.normal(size=f),
    )
    return x, weight, bias, stride, padding, rng


def tensors(*arrays: np.ndarray) -> list[torch.Tensor]:
    """Return tensors of arrays."""
    return [torch.from_numpy(array.copy()) for array in arrays]


@same_work
@given(st.integers(-1, 9), st.integers(-1, 9), st.integers(-1, 3), st.integers(-1, 3))
def test_conv_output_size(size: int, kernel: int, stride: int, padding: int) -> None:
    if min(size, kernel, stride) < 1 or padding < 0 or kernel > size + 2 * padding:
        with pytest.raises(ValueError):  # noqa: PT011 - the course page asks for no message
            conv.conv_output_size(size, kernel, stride, padding)
    else:
        x, w = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel)
        expected = F.conv1d(x, w, stride=stride, padding=padding).shape[-1]
        assert conv.conv_output_size(size, kernel, stride, padding) == expected


@same_work
@given(windows())
def test_zero_pad2d(case: tuple) -> None:
    x, _, _, _, padding, _ = case
    np.testing.assert_allclose(
        conv.zero_pad2d(x, padding), F.pad(*tensors(x), (padding,) * 4).numpy(), rtol=1e-8
    )


@same_work
@given(windows())
def test_correlate2d(case: tuple) -> None:
    image, kernel = case[0][0, 0], case[1][0, 0]
    want = F.conv2d(*tensors(image[None, None], kernel[None, None]))[0, 0]
    np.testing.assert_allclose(conv.correlate2d(image, kernel), want.numpy(), rtol=1e-8, atol=1e-12)


@same_work
@given(windows())
def test_im2col(case: tuple) -> None:
    x, weight, _, stride, padding, _ = case
    size = weight.shape[2:]
    want = F.unfold(*tensors(x), size, stride=stride, padding=padding).numpy()
    np.testing.assert_allclose(conv.im2col(x, size, stride, padding), want, rtol=1e-8)


@same_work
@given(windows())
def test_col2im(case: tuple) -> None:
    x, weight, _, stride, padding, rng = case
    size = weight.shape[2:]
    shape = F.unfold(*tensors(x), size, stride=stride, padding=padding).shape
    cols = rng.normal(size=tuple(shape))
    want = F.fold(*tensors(cols), x.shape[2:], size, stride=stride, padding=padding).numpy()
    got = conv.col2im(cols, x.shape, size, stride, padding)
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-12)


@same_work
@given(windows())
def test_conv2d_forward(case: tuple) -> None:
    x, weight, bias, stride, padding, _ = case
    want = F.conv2d(*tensors(x, weight, bias), stride=stride, padding=padding).numpy()
    got = conv.conv2d_forward(x, weight, bias, stride, padding)
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-12)


@same_work
@given(windows())
def test_conv2d_backward(case: tuple) -> None:
    x, weight, bias, stride, padding, rng = case
    leaves = [tensor.requires_grad_() for tensor in tensors(x, weight, bias)]
    out = F.conv2d(*leaves, stride=stride, padding=padding)
    upstream = rng.normal(size=tuple(out.shape))
    out.backward(*tensors(upstream))
    got = conv.conv2d_backward(upstream, x, weight, bias, stride, padding)
    for one, leaf in zip(got, leaves, strict=True):
        np.testing.assert_allclose(one, leaf.grad.numpy(), rtol=1e-8, atol=1e-12)
