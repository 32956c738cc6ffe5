"""Attention: every place of a sequence asks all others, and takes from them what it asked for."""

from __future__ import annotations

import numpy as np


def positional_encoding(length: int, dim: int) -> np.ndarray:
    """Give each place of a sequence a pattern of sines and cosines of its own.

    Parameters
    ----------
    length : int
        How many places there are, T, at least 1.
    dim : int
        How many numbers each of them gets, D, at least 1.

    Returns
    -------
    encoding : ndarray of float64, shape (T, D)
        The pattern of place t in row t, t = 0 ... T - 1.

    Notes
    -----
    For the pairs of columns i = 0, 1, 2, ...

    encoding[t, 2i] = sin(t / 10000^(2i / D)),

    encoding[t, 2i + 1] = cos(t / 10000^(2i / D)).

    An odd D ends with a sine. Attention itself does not know which place comes first: it adds up
    what it finds, in whatever order. So this is added to the vectors of the words. The angles are
    in radians; the first pair turns by 1 from one place to the next, the last ones hardly at all.
    The lecture names attention only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Vaswani et al. 2017, "Attention Is All You Need", section 3.5.

    Examples
    --------
    >>> positional_encoding(3, 2).round(4)
    array([[ 0.    ,  1.    ],
           [ 0.8415,  0.5403],
           [ 0.9093, -0.4161]])
    """
    raise NotImplementedError


def scaled_dot_product_attention(
    query: np.ndarray, key: np.ndarray, value: np.ndarray, mask: np.ndarray | None = None
) -> np.ndarray:
    """Let each query look at all keys, and take the mean of their values as it likes the keys.

    Parameters
    ----------
    query : ndarray of float64, shape (N, T, D)
        What T places ask for, in N sequences.
    key : ndarray of float64, shape (N, S, D)
        What S places offer.
    value : ndarray of float64, shape (N, S, V)
        What they give to whoever looks at them.
    mask : ndarray of bool, shape (T, S) or (N, T, S), optional
        True where a query may look at a key, for all sequences or for each its own; None for
        everywhere.

    Returns
    -------
    out : ndarray of float64, shape (N, T, V)
        What each place has taken; zeros for one that may look at nothing.

    Notes
    -----
    score[n, t, s] = (sum over d of query[n, t, d] * key[n, s, d]) / sqrt(D),

    weight[n, t, s] = exp(score[n, t, s]) / (sum over the r that t may look at of
    exp(score[n, t, r])),

    out[n, t, v] = sum over the s that t may look at of weight[n, t, s] * value[n, s, v].

    The scores may be as large as 10000. A dot product of D random numbers is about sqrt(D) large;
    divided by that, softmax does not choose one key before anything was learnt. The lecture names
    attention only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Vaswani et al. 2017, "Attention Is All You Need", equation 1.
    .. [3] PyTorch documentation, `torch.nn.functional.scaled_dot_product_attention`.

    Examples
    --------
    >>> import numpy as np
    >>> query, key = np.array([[[2.0], [0.0]]]), np.array([[[1.0], [0.0]]])
    >>> value = np.array([[[10.0, 0.0], [0.0, 10.0]]])
    >>> scaled_dot_product_attention(query, key, value).round(3)
    array([[[8.808, 1.192],
            [5.   , 5.   ]]])
    >>> scaled_dot_product_attention(query, key, value, np.array([[False, True], [False, False]]))
    array([[[ 0., 10.],
            [ 0.,  0.]]])
    """
    raise NotImplementedError
