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


def multi_head_attention(
    x: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    w_o: np.ndarray,
    num_heads: int,
    causal: bool = False,
) -> np.ndarray:
    """Let a sequence look at itself with several heads, each of which asks for something else.

    Parameters
    ----------
    x : ndarray of float64, shape (N, T, D)
        N sequences of T places.
    w_q : ndarray of float64, shape (D, D)
        Makes queries of x.
    w_k : ndarray of float64, shape (D, D)
        Makes keys of x.
    w_v : ndarray of float64, shape (D, D)
        Makes values of x.
    w_o : ndarray of float64, shape (D, D)
        Mixes what the heads have taken.
    num_heads : int
        How many heads there are, H, at least 1.
    causal : bool, default False
        True: no place looks at a later one.

    Returns
    -------
    out : ndarray of float64, shape (N, T, D)
        What each place has taken from all heads.

    Raises
    ------
    ValueError
        When num_heads does not divide D.

    Notes
    -----
    With A = D / H and without biases,

    query = x w_q^T, key = x w_k^T, value = x w_v^T,

    head_h = attention(query_h, key_h, value_h), divided by sqrt(A),

    out = [head_0, head_1, ...] w_o^T,

    where query_h has the columns h * A ... (h + 1) * A - 1 of query, which the same rows of w_q
    make. The heads stand beside each other in the order in which they were cut. The lecture names
    attention only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Vaswani et al. 2017, "Attention Is All You Need", section 3.2.2.
    .. [3] PyTorch documentation, `torch.nn.MultiheadAttention`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[2.0, 0.0], [0.0, 3.0]]])
    >>> same = np.eye(2)
    >>> multi_head_attention(x, same, same, same, same, 2).round(3)
    array([[[1.964, 1.5  ],
            [1.   , 3.   ]]])
    >>> multi_head_attention(x, same, same, same, same, 2, causal=True).round(3)
    array([[[2., 0.],
            [1., 3.]]])
    """
    raise NotImplementedError


def scaled_dot_product_attention_backward(
    grad_out: np.ndarray,
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss back to queries, keys and values.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (N, T, V)
        Gradient dL/dout of the loss L with respect to what was taken.
    query : ndarray of float64, shape (N, T, D)
        The queries of the forward pass.
    key : ndarray of float64, shape (N, S, D)
        The keys.
    value : ndarray of float64, shape (N, S, V)
        The values.
    mask : ndarray of bool, shape (T, S) or (N, T, S), optional
        True where a query may look at a key; None for everywhere.

    Returns
    -------
    grad_query : ndarray of float64, shape (N, T, D)
        dL/dquery; zeros for a query that may look at nothing.
    grad_key : ndarray of float64, shape (N, S, D)
        dL/dkey.
    grad_value : ndarray of float64, shape (N, S, V)
        dL/dvalue.

    Notes
    -----
    Of one sequence, with its weights w (T, S) of the forward pass and u[t, s] = (sum over v of
    grad_out[t, v] * value[s, v]), what arrives at them,

    grad_value[s] = sum over t of w[t, s] * grad_out[t],

    b[t, s] = w[t, s] * (u[t, s] - a[t]) / sqrt(D), where a[t] is the sum over r of
    w[t, r] * u[t, r]: more weight for one key is less for the others,

    grad_query[t] = sum over s of b[t, s] * key[s],

    grad_key[s] = sum over t of b[t, s] * query[t].

    The lecture names attention only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Vaswani et al. 2017, "Attention Is All You Need", equation 1.
    .. [3] PyTorch documentation, `torch.nn.functional.scaled_dot_product_attention`.

    Examples
    --------
    >>> import numpy as np
    >>> query, key = np.array([[[3.0]]]), np.array([[[1.0], [1.0]]])
    >>> value, grad_out = np.array([[[10.0], [2.0]]]), np.array([[[1.0]]])
    >>> grads = scaled_dot_product_attention_backward(grad_out, query, key, value)
    >>> grad_query, grad_key, grad_value = grads
    >>> grad_query
    array([[[0.]]])
    >>> grad_key
    array([[[ 6.],
            [-6.]]])
    >>> grad_value
    array([[[0.5],
            [0.5]]])
    """
    raise NotImplementedError
