"""How answers are worked out by doing what a question tells, step by step."""

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction

import numpy as np


def seen_width(places):
    return len({column for _, column in places})


def filter_and_step(ts):
    """Return how wide the lit window is, and how far on the next one begins."""
    first = ts["image lit"] + ts.get("image tie", [])
    later = ts["image result"] + ts.get("image tie", [])
    return seen_width(first), min(j for _, j in later) - min(j for _, j in first)


def under(ts):
    """Return the numbers of the image that lie under the filter."""
    return np.array([float(ts["image"][i][j]) for i, j in ts["image lit"]])


def pooled(ts):
    f, x = seen_width(ts["map lit"]), np.array(ts["map"], dtype=float)
    return over_windows(x, f, f, np.max)


def held_and_left(ts):
    """Return the rate at the beginning, the factor, and after how many epochs it comes."""
    rates = [y for _, y in ts["rate"]]
    fall = next(i for i, y in enumerate(rates) if y != rates[0])
    return rates[0], rates[fall] / rates[0], fall


def fallen(first, factor, every, until):
    return first * math.prod([factor] * (until // every))


def stopping(losses, patience):
    """Go through the epochs until so many in a row brought nothing."""
    lowest, bad = math.inf, 0
    for epoch, loss in losses:
        bad = 0 if loss < lowest else bad + 1
        lowest = min(lowest, loss)
        if bad == patience:
            return epoch
    return None


def places(n, f, s=1, p=0):
    """Lay a window as often as it fits."""
    return sum(1 for _ in range(0, n + 2 * p - f + 1, s))


def windows(x, f, s=1):
    x = np.asarray(x, dtype=float)
    rows, columns = (range(0, size - f + 1, s) for size in x.shape)
    return [[x[i : i + f, j : j + f] for j in columns] for i in rows]


def over_windows(x, f, s, what):
    return np.array([[what(w) for w in line] for line in windows(x, f, s)])


def slide(x, kernel):
    return over_windows(x, len(kernel), 1, lambda w: float((w * kernel).sum()))


def conv_weights(filters, f, channels, bias=True):
    return sum(np.empty((f, f, channels)).size + bias for _ in range(filters))


def dense(*sizes):
    return sum(np.empty((b, a)).size + b for a, b in itertools.pairwise(sizes))


def reach(*layers):
    """Return how many inputs along one axis reach one output; a layer is (window, stride)."""
    first = last = 0
    for f, s in reversed(layers):
        first, last = first * s, last * s + f - 1
    return last - first + 1


def region_mean(found, right):
    """Return the mean over two classes of how well their sets of places fit."""
    regions = [[{n for n, c in enumerate(row) if c == k} for row in (found, right)] for k in (0, 1)]
    return sum(len(a & b) / len(a | b) for a, b in regions) / 2


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def shares(scores):
    powers = [math.exp(v) for v in scores]
    return [v / sum(powers) for v in powers]


def gated(blocks, inputs, units):
    """Count the arrays that PyTorch keeps for a recurrent layer of so many blocks."""
    shapes = [
        (blocks * units, inputs),
        (blocks * units, units),
        (blocks * units,),
        (blocks * units,),
    ]
    return sum(np.empty(shape).size for shape in shapes)


def letters_of(word):
    seen = []
    for letter in word:
        if letter not in seen:
            seen.append(letter)
    return seen


def quoted(text):
    return re.findall(r'"([^"]+)"', text)


def hinge_of(scores, right):
    total, slopes = Fraction(0), [0] * len(scores)
    exact = [Fraction(str(v)) for v in scores]
    for other, score in enumerate(exact):
        missed = score - exact[right] + 1
        if other != right and missed > 0:
            total += missed
            slopes[other] += 1
            slopes[right] -= 1
    return float(total), slopes


def walk_on(keep, place, gradients):
    velocity = 0
    for gradient in gradients:
        velocity = keep * velocity + gradient
        place -= velocity
    return place


def slope(f, at, step=1e-5):
    return (f(at + step) - f(at - step)) / (2 * step)


def stop_early(losses, patience):
    best, waited, kept = math.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, waited, kept = loss, 0, epoch
        else:
            waited += 1
        if waited == patience:
            break
    return kept


def shared_gradient(h, a, b, w):
    return slope(lambda v: v * (v * h + a) + b, w)


def cell_gradient(ns):
    own, kept = [n for n in ns if n == int(n)], [n for n in ns if n != int(n)]
    reached = [math.prod(kept[: t + 1]) for t in range(3)]
    return sum(g * share for g, share in zip(own[:3], reached, strict=True))


def one_epoch(w, batches, lr):
    for x, y in batches:
        w -= lr * slope(lambda v, x=x, y=y: ((v - x) ** 2 + (v - y) ** 2) / 2, w)
    return w


def seen_by(f, n, row, column):
    count = 0
    for i, j in itertools.product(range(1, n - f + 2), repeat=2):
        count += i <= row < i + f and j <= column < j + f
    return count


def overlap(w, h, dx, dy):
    first = {(i, j) for i in range(w) for j in range(h)}
    second = {(i + dx, j + dy) for i, j in first}
    return len(first & second) / len(first | second)


def lenet(n):
    c1, c2, (d1, d2, k) = n[0], n[1], n[2:]
    side = (((32 - 4) // 2) - 4) // 2
    return conv_weights(c1, 5, 1) + conv_weights(c2, 5, c1) + dense(side * side * c2, d1, d2, k)


def numbers_of_lenet(text):
    return [
        int(v)
        for v in re.search(
            r"image: (\d+) .*pooling, (\d+) .*layers of (\d+), (\d+) and (\d+)", text
        ).groups()
    ]


def cell_over_time(f, i, g, cell, steps):
    for _ in range(steps):
        cell = f * cell + i * g
    return cell


def momentum(m, lr, w, v, g):
    v = m * v + g
    return w - lr * v


def nesterov(m, lr, w, v, g):
    v = m * v + g
    return w - lr * (g + m * v)


def settle(m, g):
    v = 0.0
    for _ in range(3000):
        v = m * v + g
    return v


def adagrad(lr, g, k):
    total = 0.0
    for _ in range(k):
        total += g * g
    return lr * g / math.sqrt(total)


def adam_first(w, g, lr):
    mean, square = 0.1 * g / (1 - 0.9), 0.001 * g * g / (1 - 0.999)
    return w - lr * mean / math.sqrt(square)


def relu_pool(x):
    return over_windows(np.maximum(x, 0), 2, 2, np.max)


def table_gradient(rows, gradients, wanted):
    total = np.zeros(2)
    for row, gradient in zip(rows, gradients, strict=True):
        if row == wanted:
            total += gradient
    return total


def neighbours(w, n):
    return sum(0 < abs(i - j) <= w for i in range(n) for j in range(n))


def shifted(x, k):
    out = [0.0] * len(x)
    for place, value in enumerate(x):
        if place + k < len(x):
            out[place + k] = value
    return out


def sides(n, f):
    first = places(n, f)
    second = places(first, 2, 2)
    third = places(second, f)
    return [first, second, third, places(third, 2, 2)]


def pooled_row(n, r, k):
    row = [0] * n
    row[r - 1 + k] = 1
    return [max(row[i], row[i + 1]) for i in range(0, n, 2)]
