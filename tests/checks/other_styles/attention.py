"""Attention with loops, lists of what may be looked at, einsum, and logs of sums."""

import math

import numpy as np


def positional_encoding(length, dim):
    encoding = np.zeros((length, dim))
    for t in range(length):
        for i in range(dim):
            angle = t / math.pow(10000, (i // 2) * 2 / dim)
            encoding[t, i] = math.cos(angle) if i % 2 else math.sin(angle)
    return encoding


def scaled_dot_product_attention(query, key, value, mask=None):
    n, t, d = query.shape
    out = np.zeros((n, t, value.shape[2]))
    for b in range(n):
        for row in range(t):
            seen = np.ones(key.shape[1], bool) if mask is None else mask[..., row, :]
            seen = np.flatnonzero(seen[b] if seen.ndim == 2 else seen)
            if len(seen) == 0:
                continue
            scores = [np.dot(query[b, row], key[b, s]) / math.sqrt(d) for s in seen]
            log_sum = np.logaddexp.reduce(scores)
            for s, score in zip(seen, scores, strict=True):
                out[b, row] += math.exp(score - log_sum) * value[b, s]
    return out


def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    n, t, d = x.shape
    size, left = divmod(d, num_heads)
    if left:
        raise ValueError("no even shares")

    def heads(weight):
        made = np.einsum("ntd,ed->nte", x, weight)
        return made.reshape(n, t, num_heads, size).transpose(0, 2, 1, 3)

    query, key, value = heads(w_q), heads(w_k), heads(w_v)
    scores = np.einsum("nhta,nhsa->nhts", query, key) * size**-0.5
    if causal:
        scores[:, :, np.triu(np.ones((t, t)), k=1) == 1] = -np.inf
    exps = np.exp(scores - scores.max(-1, keepdims=True))
    taken = np.einsum("nhts,nhsa->ntha", exps / exps.sum(-1, keepdims=True), value)
    return np.dot(taken.reshape(n, t, d), w_o.T)


def scaled_dot_product_attention_backward(grad_out, query, key, value, mask=None):
    """Go back by the whole matrix of softmax's slopes, one query after the other."""
    n, t, d = query.shape
    ones = np.stack([np.eye(key.shape[1])] * n)
    weights = scaled_dot_product_attention(query, key, ones, mask)
    grad_query, grad_key, grad_value = map(np.zeros, (query.shape, key.shape, value.shape))
    for b in range(n):
        for row in range(t):
            w = weights[b, row]
            grad_value[b] += np.outer(w, grad_out[b, row])
            slopes = (np.diag(w) - np.outer(w, w)) / np.sqrt(d)
            grad_scores = slopes @ (value[b] @ grad_out[b, row])
            grad_query[b, row] = grad_scores @ key[b]
            grad_key[b] += np.outer(grad_scores, query[b, row])
    return [grad_query, grad_key, grad_value]
