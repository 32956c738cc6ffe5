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
