"""Recurrent networks, sample by sample, with gates in dictionaries and results of odd strides."""

import math

import numpy as np


class OutOfRangeError(ValueError):
    """An index names no class."""


def _sigmoid(x):
    return np.exp(-np.logaddexp(0.0, -x))


def _softness(squashed):
    """Return the slope of tanh from its value."""
    return (1.0 - squashed) * (1.0 + squashed)


def one_hot(indices, num_classes):
    for index in indices.tolist():
        if index not in range(num_classes):
            message = f"{index} is none of the {num_classes} classes"
            raise OutOfRangeError(message)
    return np.equal.outer(np.arange(num_classes), indices).astype(np.float64).T


def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    both = np.hstack([x, h, np.ones((len(x), 2))])
    weights = np.column_stack([w_ih, w_hh, b_ih, b_hh])
    return np.tanh(weights @ both.T).T


def rnn_forward(x, h0, w_ih, w_hh, b_ih, b_hh):
    inputs = np.einsum("hd,tnd->nth", w_ih, x) + (b_ih + b_hh)
    states = np.zeros(inputs.shape)
    for n, state in enumerate(h0):
        for t in range(len(x)):
            state = np.tanh(inputs[n, t] + w_hh.dot(state))  # noqa: PLW2901 - time goes on
            states[n, t] = state
    return states.transpose(1, 0, 2)


def bidirectional_rnn(x, h0, forward_params, backward_params):
    size = h0.shape[-1]
    hidden = np.zeros((*x.shape[:2], 2 * size))
    left, right = h0
    for t in range(len(x)):
        left = rnn_cell(x[t], left, *forward_params)
        right = rnn_cell(x[-1 - t], right, *backward_params)
        hidden[t, :, :size] = left
        hidden[-1 - t, :, size:] = right
    return hidden


def deep_rnn_forward(x, h0, layers):
    states = list(h0)
    top = []
    for letters in x:
        below = letters
        for depth, (w_ih, w_hh, b_ih, b_hh) in enumerate(layers):
            below = np.tanh(below @ w_ih.T + states[depth] @ w_hh.T + (b_ih + b_hh))
            states[depth] = below
        top.append(below)
    return np.stack(top)


def sample_greedy(start, h0, params, length):
    w_ih, w_hh, b_ih, b_hh, w_out, b_out = params
    state, written = h0.ravel(), [start]
    while len(written) <= length:
        state = np.tanh(w_ih[:, written[-1]] + b_ih + w_hh.dot(state) + b_hh)
        scores = w_out.dot(state) + b_out
        written.append(scores.tolist().index(scores.max()))
    return np.array(written[1:])


def char_loss(indices, h0, params):
    """Keep a column of every state, and go back by hand."""
    grads = [np.zeros_like(p) for p in params]
    w_ih, w_hh, b_ih, b_hh, w_out, b_out = params
    states, loss, ps = [h0.ravel()], 0.0, []
    for t in range(len(indices) - 1):
        now, following = indices[t], indices[t + 1]
        states.append(np.tanh(w_ih[:, now] + b_ih + w_hh.dot(states[-1]) + b_hh))
        s = w_out.dot(states[-1]) + b_out
        ps.append(s - np.logaddexp.reduce(s))
        loss -= ps[-1][following] / (len(indices) - 1)
    later = np.zeros(len(b_ih))
    for t in range(len(ps) - 1, -1, -1):
        ds = np.exp(ps[t]) / len(ps)
        ds[indices[t + 1]] -= 1.0 / len(ps)
        da = (1.0 - states[t + 1] ** 2) * (ds @ w_out + later)
        later = da @ w_hh
        grads[0][:, indices[t]] += da
        shares = np.outer(da, states[t]), da, da, np.outer(ds, states[t + 1]), ds
        for k, share in enumerate(shares, start=1):
            grads[k] += share
    return loss, *grads


def rnn_backward(grad_out, x, h0, w_ih, w_hh, b_ih, b_hh):
    steps, batch, _ = x.shape
    states = rnn_forward(x, h0, w_ih, w_hh, b_ih, b_hh)
    grad_x, grad_h0 = np.zeros(x.shape, order="F"), np.zeros(h0.shape)
    grad_w_ih, grad_w_hh = np.zeros(w_ih.shape), np.zeros(w_hh.shape)
    grad_b = np.zeros(b_ih.shape)
    for n in range(batch):
        arriving = np.zeros(h0.shape[1])
        for t in range(steps - 1, -1, -1):
            old = h0[n] if t == 0 else states[t - 1, n]
            delta = _softness(states[t, n]) * (arriving + grad_out[t, n])
            grad_x[t, n] = w_ih.T.dot(delta)
            grad_w_ih += np.outer(delta, x[t, n])
            grad_w_hh += np.outer(delta, old)
            grad_b += delta
            arriving = w_hh.T.dot(delta)
        grad_h0[n] = arriving
    return [grad_x, grad_h0, grad_w_ih, grad_w_hh, grad_b, grad_b]


def _lstm_one(x, h, c, weight, bias):
    """Return all quantities of one sample's step."""
    size = len(h)
    pre = weight[:, :size].dot(h) + weight[:, size:].dot(x) + bias
    gates = {name: pre[k * size : (k + 1) * size] for k, name in enumerate("ifog")}
    gates = {name: np.tanh(v) if name == "g" else _sigmoid(v) for name, v in gates.items()}
    gates["c"] = gates["i"] * gates["g"] + gates["f"] * c
    gates["h"] = np.tanh(gates["c"]) * gates["o"]
    return gates


def lstm_cell(x, h, c, weight, bias):
    samples = [_lstm_one(x[n], h[n], c[n], weight, bias) for n in range(len(x))]
    return [np.stack([s["h"] for s in samples], axis=1).T, np.array([s["c"] for s in samples])]


def lstm_cell_backward(grad_h_next, grad_c_next, x, h, c, weight, bias):
    size = h.shape[1]
    grad_x, grad_h, grad_c = np.empty(x.shape), np.empty(h.shape), np.empty(c.shape)
    grad_weight, grad_bias = np.zeros(weight.shape), np.zeros(bias.shape)
    for n in range(len(x)):
        s = _lstm_one(x[n], h[n], c[n], weight, bias)
        shown = np.tanh(s["c"])
        into_o = grad_h_next[n] * shown
        into_c = grad_h_next[n] * s["o"] * _softness(shown) + grad_c_next[n]
        grad_c[n] = into_c * s["f"]
        delta = np.hstack(
            [
                into_c * s["g"] * (s["i"] - s["i"] ** 2),
                into_c * c[n] * (s["f"] - s["f"] ** 2),
                into_o * (s["o"] - s["o"] ** 2),
                into_c * s["i"] * _softness(s["g"]),
            ]
        )
        grad_h[n] = delta.dot(weight[:, :size])
        grad_x[n] = delta.dot(weight[:, size:])
        grad_weight += np.outer(delta, np.append(h[n], x[n]))
        grad_bias += delta
    return [grad_x, grad_h, grad_c, np.asfortranarray(grad_weight), grad_bias]


class _Lstm:
    def __init__(self, h, c, weight, bias):
        self.h, self.c = h.copy(), c.copy()
        self.parameters = weight, bias

    def read(self, x):
        for n in range(len(x)):
            step = _lstm_one(x[n], self.h[n], self.c[n], *self.parameters)
            self.h[n], self.c[n] = step["h"], step["c"]
        return self.h.copy()


def lstm_forward(x, h0, c0, weight, bias):
    network = _Lstm(h0, c0, weight, bias)
    return [
        np.stack([network.read(letters) for letters in x], axis=-1).transpose(2, 0, 1),
        network.c,
    ]


def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    size = h.shape[1]
    blocks = {"r": slice(0, size), "z": slice(size, 2 * size), "n": slice(2 * size, None)}
    from_x = {
        name: np.einsum("hd,nd->nh", w_ih[rows], x) + b_ih[rows] for name, rows in blocks.items()
    }
    from_h = {
        name: np.einsum("hk,nk->nh", w_hh[rows], h) + b_hh[rows] for name, rows in blocks.items()
    }
    update = _sigmoid(from_x["z"] + from_h["z"])
    new = np.tanh(from_x["n"] + _sigmoid(from_x["r"] + from_h["r"]) * from_h["n"])
    return np.asfortranarray(new + update * (h - new))


def backprop_signal(w_hh, hidden_states, grad_last):
    steps = len(hidden_states)
    norms = np.zeros((steps, 2))
    signal = grad_last
    for back in range(steps):
        norms[back, 0] = math.hypot(*signal)
        alive = np.flatnonzero(hidden_states[steps - 1 - back] > 0)
        signal = np.einsum("ij,i->j", w_hh[alive], signal[alive])
    return norms[:, 0]


def gru_cell_backward(grad_h_next, x, h, w_ih, w_hh, b_ih, b_hh):
    size = h.shape[1]
    grads = [np.zeros(array.shape) for array in (x, h, w_ih, w_hh, b_ih, b_hh)]
    grad_x, grad_h, grad_w_ih, grad_w_hh, grad_b_ih, grad_b_hh = grads
    for k in range(len(x)):
        from_x, from_h = w_ih.dot(x[k]) + b_ih, w_hh.dot(h[k]) + b_hh
        r = _sigmoid(from_x[:size] + from_h[:size])
        z = _sigmoid(from_x[size : 2 * size] + from_h[size : 2 * size])
        h_n = from_h[2 * size :]
        n = np.tanh(from_x[2 * size :] + r * h_n)
        delta = _softness(n) * (grad_h_next[k] - z * grad_h_next[k])
        gates = [delta * h_n * (r - r**2), grad_h_next[k] * (h[k] - n) * (z - z**2)]
        by_x, by_h = np.hstack([*gates, delta]), np.hstack([*gates, delta * r])
        grad_x[k] = w_ih.T.dot(by_x)
        grad_h[k] = w_hh.T.dot(by_h) + z * grad_h_next[k]
        grad_w_ih += np.outer(by_x, x[k])
        grad_w_hh += np.outer(by_h, h[k])
        grad_b_ih += by_x
        grad_b_hh += by_h
    return grads


def lstm_backward(grad_out, x, h0, c0, weight, bias):
    size = h0.shape[1]
    grad_x, grad_h0, grad_c0 = np.zeros(x.shape), np.zeros(h0.shape), np.zeros(c0.shape)
    grad_weight, grad_bias = np.zeros(weight.shape), np.zeros(bias.shape)
    for n in range(x.shape[1]):
        steps, h, c = [], h0[n], c0[n]
        for letters in x[:, n]:
            gates = _lstm_one(letters, h, c, weight, bias)
            steps.append((letters, h, c, gates))
            h, c = gates["h"], gates["c"]
        back_h, back_c = np.zeros(size), np.zeros(size)
        for t, (letters, old_h, old_c, s) in reversed(list(enumerate(steps))):
            shown, arriving = np.tanh(s["c"]), back_h + grad_out[t, n]
            into_c = back_c + arriving * s["o"] * _softness(shown)
            delta = np.concatenate(
                [
                    into_c * s["g"] * (s["i"] - s["i"] ** 2),
                    into_c * old_c * (s["f"] - s["f"] ** 2),
                    arriving * shown * (s["o"] - s["o"] ** 2),
                    into_c * s["i"] * _softness(s["g"]),
                ]
            )
            grad_weight += np.outer(delta, np.append(old_h, letters))
            grad_bias += delta
            back_h, back_c = delta.dot(weight[:, :size]), into_c * s["f"]
            grad_x[t, n] = delta.dot(weight[:, size:])
        grad_h0[n], grad_c0[n] = back_h, back_c
    return [grad_x, grad_h0, grad_c0, grad_weight, grad_bias]
