"""Recurrent networks: the plain RNN, the LSTM and the GRU, and gradients through time."""

from __future__ import annotations

import numpy as np


def one_hot(indices: np.ndarray, num_classes: int) -> np.ndarray:
    """Write every index as a row of zeros with a single one.

    Parameters
    ----------
    indices : ndarray of int64, shape (N,)
        Class or letter numbers, 0 ... num_classes - 1.
    num_classes : int
        Length K of a row.

    Returns
    -------
    encoded : ndarray of float64, shape (N, K)
        Row n has a 1 in column indices[n] and 0 elsewhere.

    Raises
    ------
    ValueError
        If an index is negative, or num_classes or larger.

    Notes
    -----
    encoded[n, k] = 1 if k = indices[n], else 0.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Example: predicting
       next character.
    .. [2] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > One-hot Vector
       Representation.
    .. [3] Lecture "GE 461", Recurrent Nets > One-hot (one-of-n) encoding.
    .. [4] torch documentation, `torch.nn.functional.one_hot`.

    Examples
    --------
    >>> import numpy as np
    >>> one_hot(np.array([2, 0]), num_classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    # NumPy would quietly take -1 for the last column, so the range is checked by hand.
    if np.any((indices < 0) | (indices >= num_classes)):
        raise ValueError(f"indices must lie in 0 ... {num_classes - 1}")
    encoded = np.zeros((len(indices), num_classes))
    encoded[np.arange(len(indices)), indices] = 1.0
    return encoded


def rnn_cell(
    x: np.ndarray,
    h: np.ndarray,
    w_ih: np.ndarray,
    w_hh: np.ndarray,
    b_ih: np.ndarray,
    b_hh: np.ndarray,
) -> np.ndarray:
    """Take one step of a plain recurrent network.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        Input of this step.
    h : ndarray of float64, shape (N, H)
        Hidden state before the step.
    w_ih : ndarray of float64, shape (H, D)
        Weights from the input to the hidden state.
    w_hh : ndarray of float64, shape (H, H)
        Weights from the old to the new hidden state.
    b_ih : ndarray of float64, shape (H,)
        Bias that goes with w_ih.
    b_hh : ndarray of float64, shape (H,)
        Bias that goes with w_hh.

    Returns
    -------
    h_next : ndarray of float64, shape (N, H)
        Hidden state after the step, between -1 and 1.

    Notes
    -----
    For each sample, with column vectors: h_next = tanh(w_ih x + b_ih + w_hh h + b_hh), as "CIS
    6930, week 7" and PyTorch write it. The lectures have other forms of the same sum: one matrix
    for both, W [h; x] in "Social Data Science, week 5" and W [x; h] in "CIS 6930, week 7"; and in
    "95-865, week 6" np.dot(input, W) + np.dot(current_state, U) + b, with transposed matrices and
    one bias.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN,
       architecture.
    .. [2] Lecture "CIS 6930, week 7", Week 6 Recurrent Neural Networks > RNN Cell for Sequential
       Data.
    .. [3] Lecture "95-865, week 6", RNNs > Example: SimpleRNN.
    .. [4] Lecture "GE 461", Recurrent Nets > Example training sequence: "hello".
    .. [5] Elman 1990, "Finding structure in time".
    .. [6] torch documentation, `torch.nn.RNNCell`.

    Examples
    --------
    The pre-activation is 2 * 1 + 0.5 - 2 * 1 - 0.5 = 0.

    >>> import numpy as np
    >>> one = np.array([[1.0]])
    >>> rnn_cell(one, one, 2.0 * one, -2.0 * one, np.array([0.5]), np.array([-0.5]))
    array([[0.]])
    """
    return np.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


def rnn_forward(
    x: np.ndarray,
    h0: np.ndarray,
    w_ih: np.ndarray,
    w_hh: np.ndarray,
    b_ih: np.ndarray,
    b_hh: np.ndarray,
) -> np.ndarray:
    """Run a plain recurrent network over a sequence.

    Parameters
    ----------
    x : ndarray of float64, shape (T, N, D)
        Inputs, time first.
    h0 : ndarray of float64, shape (N, H)
        Hidden state before the first step.
    w_ih : ndarray of float64, shape (H, D)
        Weights from the input to the hidden state.
    w_hh : ndarray of float64, shape (H, H)
        Weights from the old to the new hidden state.
    b_ih : ndarray of float64, shape (H,)
        Bias that goes with w_ih.
    b_hh : ndarray of float64, shape (H,)
        Bias that goes with w_hh.

    Returns
    -------
    hidden : ndarray of float64, shape (T, N, H)
        Hidden state after each of the T steps; h0 is not among them.

    Notes
    -----
    h_t = tanh(w_ih x_t + b_ih + w_hh h_(t-1) + b_hh) for t = 1 ... T: the same weights at every
    step.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Unrolled in time.
    .. [2] Lecture "CIS 6930, week 7", Week 6 Recurrent Neural Networks > Unfolding RNN.
    .. [3] Lecture "95-865, week 6", RNNs > Example: SimpleRNN.
    .. [4] Lecture "GE 461", Recurrent Nets > Example training sequence: "hello".
    .. [5] Elman 1990, "Finding structure in time".
    .. [6] torch documentation, `torch.nn.RNN`.

    Examples
    --------
    The hidden state is the tanh of the one before, since the weight between them is 1.

    >>> import numpy as np
    >>> x, h0, zero = np.zeros((2, 1, 1)), np.array([[1000.0]]), np.array([0.0])
    >>> hidden = rnn_forward(x, h0, np.array([[3.0]]), np.array([[1.0]]), zero, zero)
    >>> hidden.shape
    (2, 1, 1)
    >>> hidden[:, 0, 0].round(4)
    array([1.    , 0.7616])
    """
    hidden = np.empty((len(x), *h0.shape))
    h = h0
    for t, x_t in enumerate(x):
        h = rnn_cell(x_t, h, w_ih, w_hh, b_ih, b_hh)
        hidden[t] = h
    return hidden


def bidirectional_rnn(
    x: np.ndarray,
    h0: np.ndarray,
    forward_params: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    backward_params: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """Read a sequence from both ends, with a recurrent network for each direction.

    Parameters
    ----------
    x : ndarray of float64, shape (T, N, D)
        Inputs, time first.
    h0 : ndarray of float64, shape (2, N, H)
        State with which each network begins: h0[0] before x[0], h0[1] before the last input.
    forward_params : tuple of ndarray of float64
        (w_ih, w_hh, b_ih, b_hh) of the network that reads from the first input on, of shapes
        (H, D), (H, H), (H,) and (H,).
    backward_params : tuple of ndarray of float64
        The same of the network that reads from the last input back, of the same shapes.

    Returns
    -------
    hidden : ndarray of float64, shape (T, N, 2H)
        Step by step the H units of the forward network, then the H units of the backward one.

    Notes
    -----
    With a_t = tanh(w_ih x_t + b_ih + w_hh a_(t-1) + b_hh) for t = 1 ... T, from forward_params and
    a_0 = h0[0], and b_t = tanh(w_ih x_t + b_ih + w_hh b_(t+1) + b_hh) for t = T ... 1, from
    backward_params and b_(T+1) = h0[1]: hidden_t = [a_t; b_t]. So hidden_t has seen all of x, what
    comes before x_t by its first half and what comes after it by its second. The lecture names
    the bidirectional LSTM; the two directions are the same there.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Schuster & Paliwal 1997, "Bidirectional recurrent neural networks".
    .. [3] torch documentation, `torch.nn.RNN`, bidirectional=True.

    Examples
    --------
    Each network only remembers: it hands on tanh of its state. The forward one begins at 1000, the
    backward one at -1000, so that its last reading is its first result.

    >>> import numpy as np
    >>> h0 = np.array([[[1000.0]], [[-1000.0]]])
    >>> keep = np.array([[0.0]]), np.array([[1.0]]), np.array([0.0]), np.array([0.0])
    >>> bidirectional_rnn(np.zeros((2, 1, 1)), h0, keep, keep)[:, 0].round(4)
    array([[ 1.    , -0.7616],
           [ 0.7616, -1.    ]])
    """
    ahead = rnn_forward(x, h0[0], *forward_params)
    # The second network sees the sequence from its end; its states go back to their own steps.
    back = rnn_forward(x[::-1], h0[1], *backward_params)[::-1]
    return np.concatenate([ahead, back], axis=2)


def deep_rnn_forward(
    x: np.ndarray,
    h0: np.ndarray,
    layers: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
) -> np.ndarray:
    """Run a stack of recurrent layers, each reading the states of the one below.

    Parameters
    ----------
    x : ndarray of float64, shape (T, N, D)
        Inputs of the lowest layer, time first.
    h0 : ndarray of float64, shape (L, N, H)
        State of each of the L layers before the first step, the lowest layer first.
    layers : list of tuple
        (w_ih, w_hh, b_ih, b_hh) of each layer, the lowest first, all float64: w_ih of shape (H, D)
        in the lowest and (H, H) in the others, w_hh (H, H), the biases (H,).

    Returns
    -------
    hidden : ndarray of float64, shape (T, N, H)
        States of the highest layer after each step.

    Notes
    -----
    With h_t^0 = x_t, for the layers l = 1 ... L and the steps t = 1 ... T,

        h_t^l = tanh(w_ih^l h_t^(l-1) + b_ih^l + w_hh^l h_(t-1)^l + b_hh^l)

    so that a state has two neighbours to read: the layer below at the same step, and its own layer
    at the step before. "GE 461" stacks both and has one matrix W^l of n rows and 2n columns, n
    units and as many inputs; there are no biases there.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > RNN.
    .. [2] Graves, Mohamed & Hinton 2013, "Speech recognition with deep recurrent neural networks".
    .. [3] torch documentation, `torch.nn.RNN`, num_layers.

    Examples
    --------
    Two layers that only pass on what is below: tanh of 1, then tanh of that.

    >>> import numpy as np
    >>> pass_on = np.array([[1.0]]), np.array([[0.0]]), np.array([0.0]), np.array([0.0])
    >>> hidden = deep_rnn_forward(np.ones((2, 1, 1)), np.zeros((2, 1, 1)), [pass_on, pass_on])
    >>> hidden[:, 0, 0].round(4)
    array([0.642, 0.642])
    """
    hidden = x
    for h, params in zip(h0, layers, strict=True):
        hidden = rnn_forward(hidden, h, *params)
    return hidden


def sample_greedy(
    start: int,
    h0: np.ndarray,
    params: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    length: int,
) -> np.ndarray:
    """Write letters with a trained network, always the likeliest next one.

    Parameters
    ----------
    start : int
        Number of the first letter, which is given: 0 ... K - 1.
    h0 : ndarray of float64, shape (1, H)
        Hidden state before the first step.
    params : tuple of ndarray of float64
        (w_ih, w_hh, b_ih, b_hh, w_out, b_out) of shapes (H, K), (H, H), (H,), (H,), (K, H) and
        (K,): a recurrent network that reads letters one-hot, and a linear layer that scores the
        next one.
    length : int
        How many letters to write, 1 or more.

    Returns
    -------
    letters : ndarray of int64, shape (length,)
        Their numbers in order, without start.

    Notes
    -----
    With k_0 = start and e_k the one-hot vector of letter k, for t = 1 ... length,

        h_t = tanh(w_ih e_k + b_ih + w_hh h_(t-1) + b_hh), k = k_(t-1)
        k_t = argmax(w_out h_t + b_out), the first of equals

    so each letter that is written is the next one to be read. The texts of the lecture, letters
    that become a play as training goes on, are made in this way, but their letters are drawn with
    the probabilities softmax(w_out h_t + b_out). Greedy writing needs no softmax: it keeps the
    order of the scores.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > Varying length input.
    .. [2] Graves 2013, "Generating sequences with recurrent neural networks".
    .. [3] Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks".

    Examples
    --------
    A unit for each letter, which is 1 just after it was read, and scores that want the other
    letter.

    >>> import numpy as np
    >>> other, zeros = np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros((2, 2))
    >>> params = 1000.0 * np.eye(2), zeros, zeros[0], zeros[0], other, zeros[0]
    >>> sample_greedy(0, np.zeros((1, 2)), params, 4)
    array([1, 0, 1, 0])
    """
    w_ih, w_hh, b_ih, b_hh, w_out, b_out = params
    letter, h = start, h0
    letters = np.empty(length, dtype=np.int64)
    for t in range(length):
        x = one_hot(np.array([letter]), len(b_out))
        h = rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh)
        letter = np.argmax(h @ w_out.T + b_out)
        letters[t] = letter
    return letters


def backprop_signal(
    w_hh: np.ndarray, hidden_states: np.ndarray, grad_last: np.ndarray
) -> np.ndarray:
    """Measure the gradient at every step on its way back through time.

    Parameters
    ----------
    w_hh : ndarray of float64, shape (H, H)
        Weights from the old to the new hidden state.
    hidden_states : ndarray of float64, shape (T, H)
        h_1 ... h_T of one sample, where h_t = relu(w_hh h_(t-1)).
    grad_last : ndarray of float64, shape (H,)
        Gradient dL/dh_T of the loss with respect to the last hidden state.

    Returns
    -------
    norms : ndarray of float64, shape (T,)
        Euclidean norms of dL/dh_t for t = T, T - 1, ..., 1, the last step first.

    Notes
    -----
    dL/dh_(t-1) = w_hh^T (1[h_t > 0] * dL/dh_t): a unit that is 0 passes nothing on, and every
    step multiplies by w_hh^T once more. Norms that shrink step by step are the vanishing
    gradient, norms that grow the exploding one.

    References
    ----------
    .. [1] Lecture "GE 461", Recurrent Nets > Understanding gradient flow dynamics.
    .. [2] Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural
       networks".

    Examples
    --------
    >>> import numpy as np
    >>> w_hh = np.array([[0.5, 0.0], [0.0, 2.0]])
    >>> both_alive = np.array([[4.0, 1.0], [2.0, 2.0], [1.0, 4.0]])
    >>> backprop_signal(w_hh, both_alive, np.array([1.0, 0.0]))
    array([1.  , 0.5 , 0.25])
    >>> backprop_signal(w_hh, both_alive, np.array([0.0, 1.0]))
    array([1., 2., 4.])
    """
    grad = grad_last
    norms = [np.linalg.norm(grad)]
    # The first state is left out: nothing flows past it to an earlier one.
    for h in hidden_states[:0:-1]:
        grad = w_hh.T @ np.where(h > 0, grad, 0.0)
        norms.append(np.linalg.norm(grad))
    return np.array(norms)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)) with an exponent that is never positive, so never overflows."""
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


def _lstm_gates(
    x: np.ndarray, h: np.ndarray, weight: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the activated gates i, f, o and the candidate g, each of shape (N, H)."""
    pre_activation = np.concatenate([h, x], axis=1) @ weight.T + bias
    i, f, o, g = np.split(pre_activation, 4, axis=1)
    return _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)


def lstm_cell(
    x: np.ndarray, h: np.ndarray, c: np.ndarray, weight: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Take one step of an LSTM.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        Input of this step.
    h : ndarray of float64, shape (N, H)
        Hidden state before the step.
    c : ndarray of float64, shape (N, H)
        Cell state before the step.
    weight : ndarray of float64, shape (4H, H + D)
        Acts on [h, x], the hidden state first. Its rows are four blocks of H: i, f, o, g.
    bias : ndarray of float64, shape (4H,)
        One bias for each row of weight.

    Returns
    -------
    h_next : ndarray of float64, shape (N, H)
        Hidden state after the step.
    c_next : ndarray of float64, shape (N, H)
        Cell state after the step.

    Notes
    -----
    The four blocks of weight [h, x] + bias, for each sample, give

        i = sigmoid(block 1)    how much of the new content is written
        f = sigmoid(block 2)    how much of the old cell is kept
        o = sigmoid(block 3)    how much of the cell is shown as h
        g = tanh(block 4)       what the new content is

    and then c_next = f * c + i * g and h_next = o * tanh(c_next), element by element. Blocks of
    +-1000 make a gate 0 or 1, never nan.

    The order i, f, o, g is that of "Social Data Science, week 5" and "GE 461". "Data Science
    Decal" has four matrices, in the order f, i, candidate (its word for g), o, and torch has the
    rows i, f, g, o. Two lectures stack the state first, [h, x], as here; "GE 461" stacks the input
    first, [x, h].

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN vs. LSTM.
    .. [2] Lecture "GE 461", Recurrent Nets > Long Short Term Memory (LSTM).
    .. [3] Lecture "Data Science Decal", Recurrent Neural Networks > Steps in an LSTM.
    .. [4] Hochreiter & Schmidhuber 1997, "Long short-term memory".
    .. [5] Gers, Schmidhuber & Cummins 2000, "Learning to forget", for the gate f.

    Examples
    --------
    With i = 1, f = 0, o = 1, g = 1 the cell forgets 5 and writes 1.

    >>> import numpy as np
    >>> h_next, c_next = lstm_cell(
    ...     np.array([[0.0]]), np.array([[0.0]]), np.array([[5.0]]),
    ...     np.zeros((4, 2)), np.array([1000.0, -1000.0, 1000.0, 1000.0]),
    ... )
    >>> c_next
    array([[1.]])
    >>> h_next.round(4)
    array([[0.7616]])
    """
    i, f, o, g = _lstm_gates(x, h, weight, bias)
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next


def lstm_forward(
    x: np.ndarray, h0: np.ndarray, c0: np.ndarray, weight: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Run an LSTM over a sequence.

    Parameters
    ----------
    x : ndarray of float64, shape (T, N, D)
        Inputs, time first.
    h0 : ndarray of float64, shape (N, H)
        Hidden state before the first step.
    c0 : ndarray of float64, shape (N, H)
        Cell state before the first step.
    weight : ndarray of float64, shape (4H, H + D)
        Acts on [h, x]. Its rows are four blocks of H: i, f, o, g.
    bias : ndarray of float64, shape (4H,)
        One bias for each row of weight.

    Returns
    -------
    hidden : ndarray of float64, shape (T, N, H)
        Hidden state after each of the T steps; h0 is not among them.
    c_T : ndarray of float64, shape (N, H)
        Cell state after the last step.

    Notes
    -----
    (h_t, c_t) = lstm_cell(x_t, h_(t-1), c_(t-1), weight, bias) for t = 1 ... T: the same weights
    at every step. Their rows are i, f, o, g and their columns h, then x, as in `lstm_cell`, which
    names the other orders.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN vs. LSTM.
    .. [2] Lecture "GE 461", Recurrent Nets > Long Short Term Memory (LSTM).
    .. [3] Lecture "Data Science Decal", Recurrent Neural Networks > Steps in an LSTM.
    .. [4] Hochreiter & Schmidhuber 1997, "Long short-term memory".
    .. [5] torch documentation, `torch.nn.LSTM`.

    Examples
    --------
    With i = f = o = g = 1 the cell counts the steps: 1, 2, 3.

    >>> import numpy as np
    >>> x, zero = np.zeros((3, 1, 1)), np.array([[0.0]])
    >>> hidden, c_T = lstm_forward(x, zero, zero, np.zeros((4, 2)), np.full(4, 1000.0))
    >>> hidden[:, 0, 0].round(4)
    array([0.7616, 0.964 , 0.9951])
    >>> c_T
    array([[3.]])
    """
    hidden = np.empty((len(x), *h0.shape))
    h, c = h0, c0
    for t, x_t in enumerate(x):
        h, c = lstm_cell(x_t, h, c, weight, bias)
        hidden[t] = h
    return hidden, c


def _gru_gates(
    x: np.ndarray,
    h: np.ndarray,
    w_ih: np.ndarray,
    w_hh: np.ndarray,
    b_ih: np.ndarray,
    b_hh: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return r, z and n of a GRU, and what r multiplies, each of shape (N, H)."""
    x_r, x_z, x_n = np.split(x @ w_ih.T + b_ih, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ w_hh.T + b_hh, 3, axis=1)
    r = _sigmoid(x_r + h_r)
    return r, _sigmoid(x_z + h_z), np.tanh(x_n + r * h_n), h_n


def gru_cell(
    x: np.ndarray,
    h: np.ndarray,
    w_ih: np.ndarray,
    w_hh: np.ndarray,
    b_ih: np.ndarray,
    b_hh: np.ndarray,
) -> np.ndarray:
    """Take one step of a GRU.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        Input of this step.
    h : ndarray of float64, shape (N, H)
        Hidden state before the step.
    w_ih : ndarray of float64, shape (3H, D)
        Acts on x. Its rows are three blocks of H: r, z, n.
    w_hh : ndarray of float64, shape (3H, H)
        Acts on h. Its rows are three blocks of H: r, z, n.
    b_ih : ndarray of float64, shape (3H,)
        Bias that goes with w_ih.
    b_hh : ndarray of float64, shape (3H,)
        Bias that goes with w_hh.

    Returns
    -------
    h_next : ndarray of float64, shape (N, H)
        Hidden state after the step.

    Notes
    -----
    Let (x_r, x_z, x_n) be the blocks of w_ih x + b_ih, and (h_r, h_z, h_n) those of w_hh h + b_hh,
    for each sample:

        r = sigmoid(x_r + h_r)        reset gate
        z = sigmoid(x_z + h_z)        update gate
        n = tanh(x_n + r * h_n)       new content
        h_next = (1 - z) * n + z * h

    all element by element. Blocks of +-1000 make a gate 0 or 1, never nan.

    Two things differ from text to text. The reset gate: here, as in torch, r multiplies h_n after
    the matrix product, its bias included; in [3] it multiplies h before the product. The update
    gate: here, as in [3], z = 1 keeps the old state; in [4] and others z and 1 - z change places.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 6 Recurrent Neural Networks > Key Takeaway 2: Three
       Cells.
    .. [2] Lecture "95-865, week 6", RNNs.
    .. [3] Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for
       statistical machine translation".
    .. [4] Chung, Gulcehre, Cho & Bengio 2014, "Empirical evaluation of gated recurrent neural
       networks on sequence modeling".
    .. [5] torch documentation, `torch.nn.GRUCell`.

    Examples
    --------
    z = 1 keeps the old state; z = 0 takes the new content.

    >>> import numpy as np
    >>> x, h = np.array([[0.0]]), np.array([[0.25]])
    >>> w, zeros = np.zeros((3, 1)), np.zeros(3)
    >>> gru_cell(x, h, w, w, np.array([0.0, 1000.0, 1.0]), zeros)
    array([[0.25]])
    >>> gru_cell(x, h, w, w, np.array([0.0, -1000.0, 1.0]), zeros).round(4)
    array([[0.7616]])
    """
    _, z, n, _ = _gru_gates(x, h, w_ih, w_hh, b_ih, b_hh)
    return (1 - z) * n + z * h


def rnn_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    h0: np.ndarray,
    w_ih: np.ndarray,
    w_hh: np.ndarray,
    b_ih: np.ndarray,
    b_hh: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Propagate gradients back through time.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (T, N, H)
        Gradient of the loss with respect to each hidden state that the forward pass returned.
    x : ndarray of float64, shape (T, N, D)
        Inputs, time first.
    h0 : ndarray of float64, shape (N, H)
        Hidden state before the first step.
    w_ih : ndarray of float64, shape (H, D)
        Weights from the input to the hidden state.
    w_hh : ndarray of float64, shape (H, H)
        Weights from the old to the new hidden state.
    b_ih : ndarray of float64, shape (H,)
        Bias that goes with w_ih.
    b_hh : ndarray of float64, shape (H,)
        Bias that goes with w_hh.

    Returns
    -------
    grad_x : ndarray of float64, shape (T, N, D)
        Gradient with respect to x.
    grad_h0 : ndarray of float64, shape (N, H)
        Gradient with respect to h0.
    grad_w_ih : ndarray of float64, shape (H, D)
        Gradient with respect to w_ih.
    grad_w_hh : ndarray of float64, shape (H, H)
        Gradient with respect to w_hh.
    grad_b_ih : ndarray of float64, shape (H,)
        Gradient with respect to b_ih.
    grad_b_hh : ndarray of float64, shape (H,)
        Gradient with respect to b_hh.

    Notes
    -----
    Let a_t be the pre-activation, h_t = tanh(a_t). From the last step to the first, for each
    sample,

        dL/da_t = (1 - h_t^2) * (grad_out_t + w_hh^T dL/da_(t+1))

    where the last term is missing at t = T. A hidden state has two ways into the loss: its own
    output and the next step. Every step then adds its share to the gradient of each weight and
    bias, since all steps use the same ones.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN,
       backpropagation.
    .. [2] Lecture "CIS 6930, week 7", Week 6 Recurrent Neural Networks > Backpropagation Through
       Time (BPTT).
    .. [3] Lecture "GE 461", Recurrent Nets > Understanding gradient flow dynamics.
    .. [4] Werbos 1990, "Backpropagation through time: what it does and how to do it".

    Examples
    --------
    With zero inputs and states every tanh has slope 1. The second step sends 1 back, the first
    one 1 + 0.5 * 1 = 1.5.

    >>> import numpy as np
    >>> ones, zero = np.ones((2, 1, 1)), np.array([0.0])
    >>> grad_x, grad_h0, grad_w_ih, grad_w_hh, grad_b_ih, grad_b_hh = rnn_backward(
    ...     ones, 0.0 * ones, np.array([[0.0]]), np.array([[2.0]]), np.array([[0.5]]), zero, zero
    ... )
    >>> grad_x[:, 0, 0]
    array([3., 2.])
    >>> grad_h0
    array([[0.75]])
    >>> grad_b_hh
    array([2.5])
    """
    hidden = rnn_forward(x, h0, w_ih, w_hh, b_ih, b_hh)
    before = np.concatenate([h0[np.newaxis], hidden[:-1]])
    grad_pre = np.empty_like(hidden)
    grad_h = np.zeros_like(h0)  # what the next step sends back; the last step has none
    for t in reversed(range(len(x))):
        grad_pre[t] = (1 - hidden[t] ** 2) * (grad_out[t] + grad_h)
        grad_h = grad_pre[t] @ w_hh
    # Summing over time and batch at once is the sum of every step's share.
    grad_w_ih = np.einsum("tnh,tnd->hd", grad_pre, x)
    grad_w_hh = np.einsum("tnh,tnk->hk", grad_pre, before)
    grad_bias = grad_pre.sum(axis=(0, 1))
    return grad_pre @ w_ih, grad_h, grad_w_ih, grad_w_hh, grad_bias, grad_bias.copy()


def char_loss(
    indices: np.ndarray,
    h0: np.ndarray,
    params: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Measure how well a network guesses each next letter of a text, and how to change it.

    Parameters
    ----------
    indices : ndarray of int64, shape (T + 1,)
        Numbers of the text's letters, 0 ... K - 1; T is 1 or more.
    h0 : ndarray of float64, shape (1, H)
        Hidden state before the first step.
    params : tuple of ndarray of float64
        (w_ih, w_hh, b_ih, b_hh, w_out, b_out) of shapes (H, K), (H, H), (H,), (H,), (K, H) and
        (K,): a recurrent network that reads letters one-hot, and a linear layer that scores the
        next one. Scores may have any size up to about 1e4.

    Returns
    -------
    loss : float
        Mean cross-entropy of the T letters that are guessed, in nats.
    grad_w_ih : ndarray of float64, shape (H, K)
        Gradient of the loss with respect to w_ih.
    grad_w_hh : ndarray of float64, shape (H, H)
        Gradient with respect to w_hh.
    grad_b_ih : ndarray of float64, shape (H,)
        Gradient with respect to b_ih.
    grad_b_hh : ndarray of float64, shape (H,)
        Gradient with respect to b_hh.
    grad_w_out : ndarray of float64, shape (K, H)
        Gradient with respect to w_out.
    grad_b_out : ndarray of float64, shape (K,)
        Gradient with respect to b_out.

    Notes
    -----
    The letters indices[0] ... indices[T - 1] are read, and each has to guess the one after it. With
    e_k the one-hot vector of letter k, for t = 1 ... T,

        h_t = tanh(w_ih e_k + b_ih + w_hh h_(t-1) + b_hh),  k = indices[t - 1]
        s_t = w_out h_t + b_out,  p_t = softmax(s_t)
        loss = mean over t of -log(p_t[indices[t]])

    The way back begins with dL/ds_t = (p_t - e_k) / T, k = indices[t]; from there w_out and b_out
    get their gradients, and h_t gets w_out^T dL/ds_t, which goes back through time as in
    `rnn_backward`.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Example: predicting
       next character.
    .. [2] Lecture "GE 461", Recurrent Nets > One-hot (one-of-n) encoding.
    .. [3] Graves 2013, "Generating sequences with recurrent neural networks".
    .. [4] Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks".

    Examples
    --------
    A network of zeros finds both letters as likely, whatever it read. The letter that came is to
    get a larger score, the other one a smaller.

    >>> import numpy as np
    >>> zeros = np.zeros((2, 2))
    >>> params = zeros, zeros, zeros[0], zeros[0], zeros, zeros[0]
    >>> loss, *grads = char_loss(np.array([0, 1]), zeros[:1], params)
    >>> round(loss, 4)  # log 2
    0.6931
    >>> grads[5]
    array([ 0.5, -0.5])
    """
    w_ih, w_hh, b_ih, b_hh, w_out, b_out = params
    read, targets = indices[:-1], indices[1:]
    x = one_hot(read, len(b_out))[:, np.newaxis]  # a batch of one
    hidden = rnn_forward(x, h0, w_ih, w_hh, b_ih, b_hh)[:, 0]
    scores = hidden @ w_out.T + b_out
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    right = one_hot(targets, len(b_out))
    loss = -(log_p * right).sum() / len(targets)
    grad_scores = (np.exp(log_p) - right) / len(targets)
    grad_hidden = (grad_scores @ w_out)[:, np.newaxis]
    _, _, *grads = rnn_backward(grad_hidden, x, h0, w_ih, w_hh, b_ih, b_hh)
    return float(loss), *grads, grad_scores.T @ hidden, grad_scores.sum(axis=0)


def lstm_cell_backward(
    grad_h_next: np.ndarray,
    grad_c_next: np.ndarray,
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Propagate gradients back through one step of an LSTM.

    Parameters
    ----------
    grad_h_next : ndarray of float64, shape (N, H)
        Gradient of the loss with respect to h_next.
    grad_c_next : ndarray of float64, shape (N, H)
        Gradient of the loss with respect to c_next on its way to the next step, that is
        without what passes through h_next.
    x : ndarray of float64, shape (N, D)
        Input of this step.
    h : ndarray of float64, shape (N, H)
        Hidden state before the step.
    c : ndarray of float64, shape (N, H)
        Cell state before the step.
    weight : ndarray of float64, shape (4H, H + D)
        Acts on [h, x]. Its rows are four blocks of H: i, f, o, g.
    bias : ndarray of float64, shape (4H,)
        One bias for each row of weight.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, D)
        Gradient with respect to x.
    grad_h : ndarray of float64, shape (N, H)
        Gradient with respect to h.
    grad_c : ndarray of float64, shape (N, H)
        Gradient with respect to c.
    grad_weight : ndarray of float64, shape (4H, H + D)
        Gradient with respect to weight.
    grad_bias : ndarray of float64, shape (4H,)
        Gradient with respect to bias.

    Notes
    -----
    The forward pass is c_next = f * c + i * g and h_next = o * tanh(c_next). The cell state has
    two ways into the loss:

        dc = grad_c_next + grad_h_next * o * (1 - tanh(c_next)^2)

    From dc follow the gradients of c, f, i and g, and from grad_h_next that of o. Each goes
    through the slope of its gate, s * (1 - s) for a sigmoid s and 1 - g^2 for the tanh, and then
    back through weight to h and x. The rows of weight are i, f, o, g and its columns h, then x, as
    in `lstm_cell`, which names the other orders: torch's rows, for one, are i, f, g, o.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN vs. LSTM.
    .. [2] Lecture "GE 461", Recurrent Nets > Long Short Term Memory (LSTM).
    .. [3] Lecture "Data Science Decal", Recurrent Neural Networks > Steps in an LSTM.
    .. [4] Hochreiter & Schmidhuber 1997, "Long short-term memory".
    .. [5] torch documentation, `torch.nn.LSTMCell`.

    Examples
    --------
    With all weights and states 0 the gates are 1/2 and g is 0, so dc = 1 * 0.5 and only g and c
    receive a gradient.

    >>> import numpy as np
    >>> zero = np.array([[0.0]])
    >>> grad_x, grad_h, grad_c, grad_weight, grad_bias = lstm_cell_backward(
    ...     np.array([[1.0]]), zero, zero, zero, zero, np.zeros((4, 2)), np.zeros(4)
    ... )
    >>> grad_c
    array([[0.25]])
    >>> grad_bias
    array([0.  , 0.  , 0.  , 0.25])
    """
    i, f, o, g = _lstm_gates(x, h, weight, bias)
    tanh_c = np.tanh(f * c + i * g)
    grad_cell = grad_c_next + grad_h_next * o * (1 - tanh_c**2)
    grad_pre = np.concatenate(
        [
            grad_cell * g * i * (1 - i),
            grad_cell * c * f * (1 - f),
            grad_h_next * tanh_c * o * (1 - o),
            grad_cell * i * (1 - g**2),
        ],
        axis=1,
    )
    grad_hx = grad_pre @ weight
    hidden_size = h.shape[1]
    grad_h, grad_x = grad_hx[:, :hidden_size], grad_hx[:, hidden_size:]
    grad_weight = grad_pre.T @ np.concatenate([h, x], axis=1)
    return grad_x, grad_h, grad_cell * f, grad_weight, grad_pre.sum(axis=0)


def gru_cell_backward(
    grad_h_next: np.ndarray,
    x: np.ndarray,
    h: np.ndarray,
    w_ih: np.ndarray,
    w_hh: np.ndarray,
    b_ih: np.ndarray,
    b_hh: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Propagate a gradient back through one step of a GRU.

    Parameters
    ----------
    grad_h_next : ndarray of float64, shape (N, H)
        Gradient of the loss with respect to h_next.
    x : ndarray of float64, shape (N, D)
        Input of this step.
    h : ndarray of float64, shape (N, H)
        Hidden state before the step.
    w_ih : ndarray of float64, shape (3H, D)
        Acts on x. Its rows are three blocks of H: r, z, n.
    w_hh : ndarray of float64, shape (3H, H)
        Acts on h. Its rows are three blocks of H: r, z, n.
    b_ih : ndarray of float64, shape (3H,)
        Bias that goes with w_ih.
    b_hh : ndarray of float64, shape (3H,)
        Bias that goes with w_hh.

    Returns
    -------
    grad_x : ndarray of float64, shape (N, D)
        Gradient with respect to x.
    grad_h : ndarray of float64, shape (N, H)
        Gradient with respect to h.
    grad_w_ih : ndarray of float64, shape (3H, D)
        Gradient with respect to w_ih.
    grad_w_hh : ndarray of float64, shape (3H, H)
        Gradient with respect to w_hh.
    grad_b_ih : ndarray of float64, shape (3H,)
        Gradient with respect to b_ih.
    grad_b_hh : ndarray of float64, shape (3H,)
        Gradient with respect to b_hh.

    Notes
    -----
    The forward pass is n = tanh(x_n + r * h_n) and h_next = (1 - z) * n + z * h, as in `gru_cell`,
    which tells where texts differ: z keeps the old state here, and r multiplies after the matrix
    product. Before their sigmoids and the tanh the three have, element by element, the gradients

        da_n = grad_h_next * (1 - z) * (1 - n^2)
        da_z = grad_h_next * (h - n) * z * (1 - z)
        da_r = da_n * h_n * r * (1 - r)

    What comes from x, w_ih x + b_ih, has the blocks (da_r, da_z, da_n) for its gradient, and what
    comes from h, w_hh h + b_hh, the blocks (da_r, da_z, da_n * r). And h has one way more into
    h_next, z * h.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 6 Recurrent Neural Networks > Key Takeaway 2: Three
       Cells.
    .. [2] Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for
       statistical machine translation".
    .. [3] torch documentation, `torch.nn.GRUCell`.

    Examples
    --------
    With all weights and biases 0, r and z are 1/2 and n is 0: half of the gradient keeps to h, and
    half goes to n; z gets (4 - 0) / 4.

    >>> import numpy as np
    >>> one, w, b = np.array([[1.0]]), np.zeros((3, 1)), np.zeros(3)
    >>> grads = gru_cell_backward(one, 0.0 * one, 4.0 * one, w, w, b, b)
    >>> grads[1]
    array([[0.5]])
    >>> grads[4], grads[5]
    (array([0. , 1. , 0.5]), array([0.  , 1.  , 0.25]))
    """
    r, z, n, h_n = _gru_gates(x, h, w_ih, w_hh, b_ih, b_hh)
    into_n = grad_h_next * (1 - z) * (1 - n**2)
    into_z = grad_h_next * (h - n) * z * (1 - z)
    into_r = into_n * h_n * r * (1 - r)
    # Both products are added up in r and z; in n the second one meets r first.
    from_x = np.concatenate([into_r, into_z, into_n], axis=1)
    from_h = np.concatenate([into_r, into_z, into_n * r], axis=1)
    grad_h = grad_h_next * z + from_h @ w_hh
    return from_x @ w_ih, grad_h, from_x.T @ x, from_h.T @ h, from_x.sum(axis=0), from_h.sum(axis=0)


def lstm_backward(
    grad_out: np.ndarray,
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Propagate gradients back through an LSTM, step by step from the last to the first.

    Parameters
    ----------
    grad_out : ndarray of float64, shape (T, N, H)
        Gradient of the loss with respect to each hidden state that the forward pass returned.
        The cell state after the last step has none: its gradient is 0.
    x : ndarray of float64, shape (T, N, D)
        Inputs, time first.
    h0 : ndarray of float64, shape (N, H)
        Hidden state before the first step.
    c0 : ndarray of float64, shape (N, H)
        Cell state before the first step.
    weight : ndarray of float64, shape (4H, H + D)
        Acts on [h, x]. Its rows are four blocks of H: i, f, o, g.
    bias : ndarray of float64, shape (4H,)
        One bias for each row of weight.

    Returns
    -------
    grad_x : ndarray of float64, shape (T, N, D)
        Gradient with respect to x.
    grad_h0 : ndarray of float64, shape (N, H)
        Gradient with respect to h0.
    grad_c0 : ndarray of float64, shape (N, H)
        Gradient with respect to c0.
    grad_weight : ndarray of float64, shape (4H, H + D)
        Gradient with respect to weight.
    grad_bias : ndarray of float64, shape (4H,)
        Gradient with respect to bias.

    Notes
    -----
    For t = T ... 1 a step is `lstm_cell_backward` of the gradients

        dL/dh_t = grad_out_t + what step t + 1 sends back to its h
        dL/dc_t = what step t + 1 sends back to its c

    where nothing is sent back to the last step. It gives grad_x_t, what it sends back itself, and
    a share of the gradients of weight and bias, which all steps add up, for all use the same ones.
    What the first step sends back belongs to h0 and c0. Rows are i, f, o, g and columns h, then x,
    as in `lstm_cell`.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Recurrent Neural Networks > Vanilla RNN vs. LSTM.
    .. [2] Lecture "CIS 6930, week 7", Week 6 Recurrent Neural Networks > Backpropagation Through
       Time (BPTT).
    .. [3] Werbos 1990, "Backpropagation through time: what it does and how to do it".
    .. [4] torch documentation, `torch.nn.LSTM`.

    Examples
    --------
    With all weights and states 0 the gates are 1/2 and g is 0. Of c the last step gets
    1 * 0.5 = 0.5 and sends back half of it; the first one has 0.5 + 0.25 and sends back 0.375.

    >>> import numpy as np
    >>> ones, zero = np.ones((2, 1, 1)), np.array([[0.0]])
    >>> grad_x, grad_h0, grad_c0, grad_weight, grad_bias = lstm_backward(
    ...     ones, 0.0 * ones, zero, zero, np.zeros((4, 2)), np.zeros(4)
    ... )
    >>> grad_c0
    array([[0.375]])
    >>> grad_bias
    array([0.   , 0.   , 0.   , 0.625])
    """
    states = [(h0, c0)]
    for x_t in x:
        states.append(lstm_cell(x_t, *states[-1], weight, bias))
    grad_x, grad_weight, grad_bias = np.empty_like(x), np.zeros_like(weight), np.zeros_like(bias)
    grad_h = grad_c = np.zeros_like(h0)  # what the next step sends back; the last step has none
    for t in reversed(range(len(x))):
        grads = lstm_cell_backward(grad_out[t] + grad_h, grad_c, x[t], *states[t], weight, bias)
        grad_x[t], grad_h, grad_c, share_of_weight, share_of_bias = grads
        grad_weight += share_of_weight
        grad_bias += share_of_bias
    return grad_x, grad_h, grad_c, grad_weight, grad_bias
