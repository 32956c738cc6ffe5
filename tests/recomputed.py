"""Every computed question worked out again from its text alone, without a look at its formula.

Most answers are found by doing what the question tells: laying windows, counting weights one array
after the other, walking through the steps. `ns` are the numbers of the question in their order, `vs`
its lists, `ts` its tables as arrays.
"""

# ruff: noqa: ARG005, E501 - each reading gets the same four things, and is one line a question

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction

import numpy as np

NUMBER = re.compile(r"(?<![\w.^_])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?(?!\w)")
LIST = re.compile(r"\[[-\d., ]+\]")


def read_question(variant):
    """Return the numbers, the lists and the tables that a student sees."""
    text = variant.question
    lists = [[float(cell) for cell in found[1:-1].split(",")] for found in LIST.findall(text)]
    rest = LIST.sub(" ", text)
    while re.search(r"\dx\d", rest):
        rest = re.sub(r"(\d)x(\d)", r"\1 \2", rest)
    plain = [float(found.replace(",", "")) for found in NUMBER.findall(rest)]
    numbers = [int(number) if number == int(number) else number for number in plain]
    tables = {title: np.array(rows, dtype=float) for title, rows in variant.tables}
    if variant.picture is not None:
        tables = read_picture(variant.picture)
    return numbers, lists, tables, text


def read_picture(picture):
    """Return what is seen: grids and the squares of each sign, bars, and points of curves."""
    seen = {}
    for part in (part for row in picture.rows for part in row):
        if hasattr(part, "squares"):
            seen[part.title] = [[square.word() for square in row] for row in part.squares]
            for i, row in enumerate(part.squares):
                for j, square in enumerate(row):
                    seen.setdefault(f"{part.title} {square.role}", []).append((i, j))
        elif hasattr(part, "bars"):
            seen |= {bar.name: bar.value for bar in part.bars}
        else:
            seen |= {trail.name: list(trail.points) for trail in part.trails}
    return seen


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


ANSWERS = {
    "conv.stride-1": lambda ns, vs, ts, text: places(ns[2], ns[0]),
    "conv.stride-2": lambda ns, vs, ts, text: places(ns[2], ns[0], ns[4]),
    "conv.stride-3": lambda ns, vs, ts, text: places(ns[2], ns[0], ns[4]),
    "conv.padded": lambda ns, vs, ts, text: places(ns[0], ns[3], ns[5], ns[2]),
    "conv.shrinking": lambda ns, vs, ts, text: ns[0] + 1 - reach(*[(ns[3], 1)] * ns[2]),
    "conv.ten-filters-size": lambda ns, vs, ts, text: [places(ns[0], ns[4], 1, ns[8])] * 2 + [ns[3]],
    "conv.ten-filters-parameters": lambda ns, vs, ts, text: conv_weights(ns[3], ns[4], ns[6]),
    "conv.six-filters": lambda ns, vs, ts, text: [places(ns[3], ns[1])] * 2 + [ns[0]],
    "conv.conv2d-output": lambda ns, vs, ts, text: [1, ns[5], places(ns[2], ns[6]), places(ns[3], ns[6])],
    "conv.conv2d-parameters": lambda ns, vs, ts, text: conv_weights(ns[1], ns[2], ns[0]),
    "conv.dot-product": lambda ns, vs, ts, text: np.empty((ns[0], ns[1], ns[2])).size,
    "conv.seen-by": lambda ns, vs, ts, text: seen_by(ns[0], ns[2], ns[5], ns[6]),
    "conv.one-by-one": lambda ns, vs, ts, text: conv_weights(ns[0], 1, ns[5]),
    "conv.multiplications": lambda ns, vs, ts, text: places(ns[4], ns[1]) ** 2 * conv_weights(ns[0], ns[1], ns[3], bias=False),
    "conv.looks-back": lambda ns, vs, ts, text: reach(*[(ns[1], 1)] * ns[0]),
    "conv.transposed": lambda ns, vs, ts, text: next(w for w in range(1, 500) if (w + 2 * ns[5] - ns[2]) % ns[4] == 0 and places(w, ns[2], ns[4], ns[5]) == ns[0]),
    "conv.separable": lambda ns, vs, ts, text: np.empty((ns[0], 1, ns[2], ns[3])).size + np.empty((ns[1], ns[0], 1, 1)).size,
    "conv.memory": lambda ns, vs, ts, text: np.empty((ns[3], ns[0], places(ns[4], ns[1]), places(ns[4], ns[1])), np.float32).nbytes,
    "conv.flat-place": lambda ns, vs, ts, text: int(np.ravel_multi_index(ns[3:6], ns[:3])),
    "by-hand.identity": lambda ns, vs, ts, text: slide(ts["image"], ts["kernel"])[ns[3] - 1] if ns[2] == 1 else None,
    "by-hand.blur": lambda ns, vs, ts, text: slide(ts["image"], np.ones((3, 3)))[ns[2] - 1],
    "by-hand.edge": lambda ns, vs, ts, text: slide(ts["image"], ts["kernel"])[ns[0] - 1],
    "by-hand.one-window": lambda ns, vs, ts, text: (ts["window"] * ts["kernel"]).sum(),
    "by-hand.relu-max-pool": lambda ns, vs, ts, text: relu_pool(ts["map"]),
    "by-hand.pool-after-relu": lambda ns, vs, ts, text: relu_pool(ts["map"]),
    "by-hand.behind-one-pixel": lambda ns, vs, ts, text: reach((ns[0], 1), (ns[3], ns[3])) ** 2,
    "by-hand.mean-pool": lambda ns, vs, ts, text: over_windows(ts["map"], 2, 2, np.mean),
    "by-hand.mean-pool-gradient": lambda ns, vs, ts, text: np.kron([vs[0]], np.full((2, 2), 0.25)),
    "by-hand.max-pool-gradient": lambda ns, vs, ts, text: np.where(ts["window"] == ts["window"].max(), ns[2], 0),
    "by-hand.kernel-gradient": lambda ns, vs, ts, text: [[sum(ts["gradient"][i, j] * ts["image"][i + k, j + m] for i in range(2) for j in range(2)) for m in range(2)] for k in range(2)],
    "by-hand.bias-gradient": lambda ns, vs, ts, text: sum(ts["gradient"].ravel()),
    "by-hand.pooled-twice": lambda ns, vs, ts, text: reach((ns[0], 1), (ns[3], ns[3]), (ns[5], ns[5])) ** 2,
    "parameters.image-neurons": lambda ns, vs, ts, text: np.empty((ns[0], ns[1])).size,
    "parameters.dense-million": lambda ns, vs, ts, text: dense(ns[0] * ns[1], ns[2]),
    "parameters.dense-billion": lambda ns, vs, ts, text: (ns[0] * ns[1] + 1) * (ns[2] * ns[3]),
    "parameters.two-hidden-billion": lambda ns, vs, ts, text: ns[2] * ns[0] * ns[1] + ns[2] + ns[2] * ns[2] + ns[2],
    "parameters.two-layers": lambda ns, vs, ts, text: dense(*ns[3:6]),
    "parameters.lenet": lambda ns, vs, ts, text: lenet(numbers_of_lenet(text)),
    "parameters.alexnet-first": lambda ns, vs, ts, text: conv_weights(ns[0], ns[1], 3),
    "parameters.alexnet-first-size": lambda ns, vs, ts, text: [places(ns[3], ns[1], ns[6])] * 2 + [ns[0]],
    "parameters.alexnet-dense": lambda ns, vs, ts, text: ns[0] * ns[1] * ns[2] * ns[3] + ns[3],
    "parameters.rnn-matrix": lambda ns, vs, ts, text: [ns[0], ns[0] + ns[1]],
    "parameters.lstm-matrix": lambda ns, vs, ts, text: [ns[0] + ns[0] + ns[0] + ns[0], ns[0] + ns[1]],
    "parameters.maxout": lambda ns, vs, ts, text: sum(dense(ns[0], ns[1]) for _ in range(2)),
    "parameters.two-small": lambda ns, vs, ts, text: conv_weights(ns[4], 5, ns[4], bias=False) - 2 * conv_weights(ns[4], 3, ns[4], bias=False),
    "parameters.lstm-all": lambda ns, vs, ts, text: gated(4, ns[0], ns[1]),
    "parameters.gru-all": lambda ns, vs, ts, text: gated(3, ns[3], ns[4]),
    "parameters.deep-rnn": lambda ns, vs, ts, text: [ns[0], ns[1] + ns[0]],
    "parameters.sides": lambda ns, vs, ts, text: sides(ns[0], ns[2]),
    "parameters.batch-norm": lambda ns, vs, ts, text: sum(1 + 1 for _ in range(ns[0])),
    "parameters.bidirectional": lambda ns, vs, ts, text: [ns[2], ns[3], ns[1] + ns[1]],
    "losses.log-one-over-p": lambda ns, vs, ts, text: -math.log(ns[0]),
    "losses.hinge": lambda ns, vs, ts, text: hinge_of(vs[0], ns[0] - 1)[0],
    "losses.cross-entropy": lambda ns, vs, ts, text: math.log(sum(math.exp(v - vs[0][ns[0] - 1]) for v in vs[0])),
    "losses.mse": lambda ns, vs, ts, text: np.mean((np.array(vs[0]) - vs[1]) ** 2),
    "losses.mae": lambda ns, vs, ts, text: np.mean(np.abs(np.array(vs[0]) - vs[1])),
    "losses.mbe": lambda ns, vs, ts, text: np.mean(vs[1]) - np.mean(vs[0]),
    "losses.l2-penalty": lambda ns, vs, ts, text: np.dot(vs[0], vs[0]),
    "losses.logit-gradient": lambda ns, vs, ts, text: np.array(vs[0]) - np.eye(3)[ns[0] - 1],
    "losses.hinge-gradient": lambda ns, vs, ts, text: hinge_of(vs[0], ns[0] - 1)[1],
    "losses.elastic-net": lambda ns, vs, ts, text: sum(ns[-1] * v * v + abs(v) for v in vs[0]),
    "losses.multi-task": lambda ns, vs, ts, text: np.dot(vs[0], [1, ns[1], ns[2]]),
    "losses.contrastive": lambda ns, vs, ts, text: math.dist(vs[0], vs[1]) - math.dist(vs[0], vs[2]),
    "losses.triplet": lambda ns, vs, ts, text: max(0, ns[0] + math.dist(vs[0], vs[1]) - math.dist(vs[0], vs[2])),
    "losses.margin-contrastive": lambda ns, vs, ts, text: max(0, ns[1] - ns[0]) ** 2,
    "activations.sigmoid-gradient": lambda ns, vs, ts, text: slope(sigmoid, ns[0]),
    "activations.relu-gradient": lambda ns, vs, ts, text: [g * slope(lambda v: max(v, 0), x) for x, g in zip(*vs, strict=True)],
    "activations.leaky-gradient": lambda ns, vs, ts, text: [g * slope(lambda v: max(v, ns[0] * v), x) for x, g in zip(*vs, strict=True)],
    "activations.softmax-share": lambda ns, vs, ts, text: shares(vs[0])[ns[0] - 1],
    "activations.sigmoid-mirrored": lambda ns, vs, ts, text: sigmoid(-math.log(ns[0] / (1 - ns[0]))),
    "activations.tanh-gradient": lambda ns, vs, ts, text: ns[1] * slope(math.tanh, math.atanh(ns[0])),
    "activations.leaky-forward": lambda ns, vs, ts, text: [max(v, ns[0] * v) for v in vs[0]],
    "activations.prelu-slope": lambda ns, vs, ts, text: slope(lambda a: sum(g * (x if x > 0 else a * x) for x, g in zip(*vs, strict=True)), ns[0]),
    "optimisers.momentum-by-hand": lambda ns, vs, ts, text: momentum(*ns[:5]),
    "optimisers.momentum-velocity": lambda ns, vs, ts, text: settle(ns[1], ns[0]),
    "optimisers.batches-per-epoch": lambda ns, vs, ts, text: len(range(0, ns[0], ns[1])),
    "optimisers.total-steps": lambda ns, vs, ts, text: sum(len(range(0, ns[0], ns[1])) for _ in range(ns[2])),
    "optimisers.sgd-step": lambda ns, vs, ts, text: np.array(vs[0]) - ns[0] * np.array(vs[1]),
    "optimisers.adagrad-fades": lambda ns, vs, ts, text: adagrad(*ns[:3]),
    "optimisers.rmsprop-average": lambda ns, vs, ts, text: ns[1] * ns[0] + (1 - ns[1]) * ns[2] * ns[2],
    "optimisers.adadelta-step": lambda ns, vs, ts, text: math.sqrt(ns[0] * ns[2] ** 2 / ns[1]),
    "optimisers.adam-first": lambda ns, vs, ts, text: adam_first(*ns[-3:]),
    "optimisers.nesterov-step": lambda ns, vs, ts, text: nesterov(*ns[:5]),
    "optimisers.layer-adds": lambda ns, vs, ts, text: sum(a * b for a, b in zip(ns[-4::2], ns[-3::2], strict=True)),
    "optimisers.rate-set": lambda ns, vs, ts, text: ns[1] - ns[0] * ns[2] - ns[3] * ns[4],
    "optimisers.left-alone": lambda ns, vs, ts, text: walk_on(ns[0], ns[3], ns[-2:]),
    "recurrent.vanishing-factor": lambda ns, vs, ts, text: math.prod([ns[0]] * ns[-1]),
    "recurrent.clip-norm": lambda ns, vs, ts, text: vs[0][0] / math.hypot(*vs[0]) * ns[0],
    "recurrent.lstm-cell": lambda ns, vs, ts, text: ns[1] * ns[4] + ns[0] * ns[3],
    "recurrent.hello": lambda ns, vs, ts, text: [float(letter == quoted(text)[1]) for letter in letters_of(quoted(text)[0])],
    "recurrent.hello-shape": lambda ns, vs, ts, text: [len(quoted(text)[0]), len(set(quoted(text)[0]))],
    "recurrent.two-steps": lambda ns, vs, ts, text: math.tanh(ns[0] * ns[5] + ns[1] * math.tanh(ns[0] * ns[4])),
    "recurrent.shared-gradient": lambda ns, vs, ts, text: shared_gradient(*ns[:4]),
    "recurrent.gru": lambda ns, vs, ts, text: ns[1] + ns[0] * (ns[2] - ns[1]),
    "recurrent.cell-over-time": lambda ns, vs, ts, text: cell_over_time(ns[0], ns[1], ns[2], ns[3], ns[4]),
    "recurrent.eigenvalue": lambda ns, vs, ts, text: max(np.linalg.matrix_power(np.diag(ns[:2]), ns[2]) @ vs[0]),
    "recurrent.next-letter": lambda ns, vs, ts, text: len(list(itertools.pairwise(quoted(text)[0]))),
    "recurrent.far-word": lambda ns, vs, ts, text: quoted(text)[0].split()[4:].index("..."),
    "recurrent.both-ways-shape": lambda ns, vs, ts, text: [ns[2], ns[1], ns[0] + ns[0]],
    "recurrent.deep-weights": lambda ns, vs, ts, text: sum(ns[1] * (ns[2] + ns[1]) for _ in range(ns[0])),
    "recurrent.gru-gradient": lambda ns, vs, ts, text: ns[0] * slope(lambda a: (1 - ns[1]) * math.tanh(a) + ns[1] * ns[3], math.atanh(ns[2])),
    "recurrent.cell-gradient": lambda ns, vs, ts, text: cell_gradient(ns),
    "recurrent.truncated": lambda ns, vs, ts, text: len(range(0, ns[0], ns[1])),
    "embeddings.table-size": lambda ns, vs, ts, text: np.empty((ns[0], ns[1])).size,
    "embeddings.one-hot-size": lambda ns, vs, ts, text: [ns[0], ns[1]],
    "embeddings.one-hot-dot": lambda ns, vs, ts, text: [float(word == ns[1]) for word in vs[0]],
    "embeddings.vocabulary": lambda ns, vs, ts, text: len(set(quoted(text)[0].lower().split())),
    "embeddings.shape": lambda ns, vs, ts, text: [ns[0], ns[1], ns[3]],
    "embeddings.gradient": lambda ns, vs, ts, text: table_gradient(vs[0], ts["gradients"], ns[2]),
    "embeddings.cosine": lambda ns, vs, ts, text: math.cos(math.atan2(*vs[0]) - math.atan2(*vs[1])),
    "embeddings.skip-gram": lambda ns, vs, ts, text: neighbours(ns[0], ns[1]),
    "transfer.learning-rate": lambda ns, vs, ts, text: ns[0] * 0.1,
    "transfer.trainable": lambda ns, vs, ts, text: dense(ns[0], ns[1]),
    "transfer.augmented": lambda ns, vs, ts, text: ns[0] + ns[0] + ns[1] * ns[0],
    "transfer.shifted": lambda ns, vs, ts, text: shifted(vs[0], ns[0]),
    "transfer.mirrored": lambda ns, vs, ts, text: np.fliplr(ts["image"]),
    "transfer.turned": lambda ns, vs, ts, text: np.rot90(ts["image"]),
    "generative.undecided": lambda ns, vs, ts, text: math.log(1 / ns[0]) + math.log(1 / (1 - ns[1])),
    "generative.reconstruction": lambda ns, vs, ts, text: np.mean((np.array(vs[0]) - vs[2]) ** 2),
    "generative.kl": lambda ns, vs, ts, text: ns[0] ** 2 / 2 + ns[1] / 2 - 0.5 - math.log(math.sqrt(ns[1])),
    "generative.bottleneck": lambda ns, vs, ts, text: ns[0] * ns[1] * ns[2] * 2 + ns[2] + ns[0] * ns[1],
    "generative.score-gradient": lambda ns, vs, ts, text: slope(lambda a: (1 / (1 + math.exp(-a)) - ns[2]) ** 2, math.log(ns[1] / (1 - ns[1]))),
    "generative.reparameterised": lambda ns, vs, ts, text: ns[0] + ns[1] ** 0.5 * ns[2],
    "networks.x-or-o-score": lambda ns, vs, ts, text: np.mean(ts["feature"] * ts["patch"]),
    "networks.pooling-depth": lambda ns, vs, ts, text: [places(ns[0], ns[3], ns[5])] * 2 + [ns[2]],
    "networks.pooling-parameters": lambda ns, vs, ts, text: conv_weights(ns[0], ns[1], ns[3]),
    "networks.shifted-more": lambda ns, vs, ts, text: pooled_row(ns[0], ns[1], ns[7]),
    "networks.receptive-field": lambda ns, vs, ts, text: reach(*[(ns[1], 1)] * ns[0]) ** 2,
    "networks.residual-gradient": lambda ns, vs, ts, text: ns[1] + ns[1] * ns[0],
    "networks.layer-norm": lambda ns, vs, ts, text: ns[0] * (np.array(vs[0]) - np.mean(vs[0])) / np.std(vs[0]) + ns[1],
    "networks.scale-gradient": lambda ns, vs, ts, text: slope(lambda g: sum(u * g * z for z, u in zip(*vs, strict=True)), ns[0]),
    "networks.shift-gradient": lambda ns, vs, ts, text: ts["gradient"].sum(axis=0),
    "networks.residual-forward": lambda ns, vs, ts, text: max(ns[0] + ns[1], 0),
    "networks.global-pool-weights": lambda ns, vs, ts, text: len(list(itertools.product(range(ns[0]), range(ns[3])))),
    "networks.global-pool-gradient": lambda ns, vs, ts, text: slope(lambda x: ns[2] * np.mean([x] + [1.0] * (ns[0] * ns[1] - 1)), 1.0),
    "networks.dropout": lambda ns, vs, ts, text: ns[1] / (1 - ns[0]),
    "networks.local-or-distributed": lambda ns, vs, ts, text: len(list(itertools.product((0, 1), repeat=ns[0]))),
    "networks.intersection-over-union": lambda ns, vs, ts, text: overlap(*ns[:4]),
    "networks.gram-entry": lambda ns, vs, ts, text: np.einsum("ip,jp->ij", *[np.array(vs)] * 2)[0, 1] / np.size(vs),
    "networks.attention": lambda ns, vs, ts, text: shares([v / math.sqrt(ns[2]) for v in ns[:2]])[0],
    "embeddings.negative-sampling": lambda ns, vs, ts, text: -math.log(sigmoid(ns[0])) - sum(math.log(1 - sigmoid(z)) for z in ns[1:3]),
    "embeddings.negative-gradient": lambda ns, vs, ts, text: [slope(lambda z: -math.log(1 - sigmoid(z)), np.dot(*vs)) * a for a in vs[0]],
    "embeddings.glove": lambda ns, vs, ts, text: ns[-1] * (sum(ns[-4:-1]) - math.log(ns[0])) ** 2,
    "networks.segmentation": lambda ns, vs, ts, text: -math.log(shares([0.0] * ns[3])[0]),
    "networks.mean-iou": lambda ns, vs, ts, text: region_mean([0] * ns[0] + [1] * ns[2] + [0] * ns[4], [0] * ns[0] + [1] * (ns[2] + ns[4])),
    "networks.vote": lambda ns, vs, ts, text: sum(a * b - a * c for a, b, c in zip(*vs, strict=True)),
    "recurrent.video": lambda ns, vs, ts, text: len(range(ns[0] - ns[4] + 1)) ** 2 * ns[3],
    "parameters.three-layers": lambda ns, vs, ts, text: sum(np.zeros(shape).size for shape in itertools.pairwise(ns[-4:])),
    "parameters.read-out": lambda ns, vs, ts, text: (*(np.zeros((ns[1], ns[0])) @ np.zeros(ns[0])).shape, ns[0]),
    "networks.positional-encoding": lambda ns, vs, ts, text: ns[5] * math.exp(-math.log(ns[1]) * ns[3] / ns[0]),
    "networks.heads": lambda ns, vs, ts, text: sum(np.empty((ns[0], ns[0])).size for _ in ("queries", "keys", "values", "output")),
    "networks.score-gradient": lambda ns, vs, ts, text: slope(lambda s: ns[0] * np.dot(shares([s, *np.log(vs[0][1:])]), vs[1]), math.log(vs[0][0])),
    "networks.graph-share": lambda ns, vs, ts, text: math.exp(-(math.log1p(ns[0]) + math.log1p(ns[1])) / 2),
    "networks.discounted-return": lambda ns, vs, ts, text: [sum(r * ns[0] ** k for k, r in enumerate(vs[0][t:])) for t in range(len(vs[0]))],
    "networks.q-step": lambda ns, vs, ts, text: (1 - ns[0]) * ns[2] + ns[0] * (ns[3] + ns[1] * max(ns[4:6])),
    "networks.gram": lambda ns, vs, ts, text: np.array(vs) @ np.array(vs).T,
    "linear.forward": lambda ns, vs, ts, text: ts["weight"] @ vs[0] + vs[1],
    "linear.weight-gradient": lambda ns, vs, ts, text: np.outer(vs[1], vs[0]),
    "linear.input-gradient": lambda ns, vs, ts, text: np.array(vs[0]) @ ts["weight"],
    "linear.chain": lambda ns, vs, ts, text: slope(lambda w: ((ns[0] * w) ** 2 - ns[1]) ** 2, ns[2]),
    "linear.batch-bias": lambda ns, vs, ts, text: ts["gradient"].sum(axis=0),
    "linear.shapes": lambda ns, vs, ts, text: [ns[3], ns[2]],
    "train.accuracy": lambda ns, vs, ts, text: np.mean(ts["probabilities"].argmax(1) + 1 == np.array(vs[0])),
    "train.confusion": lambda ns, vs, ts, text: [[sum(a == r and b == c for a, b in zip(*vs, strict=True)) for c in (0, 1)] for r in (0, 1)],
    "train.stopped-early": lambda ns, vs, ts, text: stop_early(vs[0], ns[0]),
    "train.first-weights": lambda ns, vs, ts, text: math.sqrt(2) / math.sqrt(ns[0]),
    "train.slope-by-trying": lambda ns, vs, ts, text: ((ns[0] + ns[1]) ** 3 - (ns[0] - ns[1]) ** 3) / (2 * ns[1]),
    "train.identity-start": lambda ns, vs, ts, text: np.linalg.matrix_power(np.eye(3), ns[0]) @ vs[0],
    "train.normalised": lambda ns, vs, ts, text: ns[0] * (np.array(vs[0]) - np.mean(vs[0])) / np.std(vs[0]) + ns[1],
    "train.one-epoch": lambda ns, vs, ts, text: one_epoch(ns[0], vs, ns[1]),
    "conv.picture-stride": lambda ns, vs, ts, text: places(len(ts["image"]), *filter_and_step(ts)),
    "conv.picture-padding": lambda ns, vs, ts, text: places(len(ts["padded image"]), seen_width(ts["padded image lit"]), ns[-1]),
    "by-hand.picture-window": lambda ns, vs, ts, text: float(under(ts) @ np.array(ts["filter"], dtype=float).ravel()),
    "by-hand.picture-pooling": lambda ns, vs, ts, text: pooled(ts),
    "activations.picture-slope": lambda ns, vs, ts, text: (ts["f"][1][1] - ts["f"][0][1]) / (ts["f"][1][0] - ts["f"][0][0]),
    "activations.picture-blocked": lambda ns, vs, ts, text: sum(z < 0 for z in ts.values()),
    "optimisers.picture-rate": lambda ns, vs, ts, text: (ts["w"][0][1] - ts["w"][1][1]) / (2 * ts["w"][0][1]),
    "optimisers.picture-schedule": lambda ns, vs, ts, text: fallen(*held_and_left(ts), ns[0]),
    "train.picture-patience": lambda ns, vs, ts, text: stopping(ts["validation"], ns[0]),
    "losses.picture-cross-entropy": lambda ns, vs, ts, text: math.log(1 / next(p for name, p in ts.items() if "true" in name)),
    "recurrent.picture-signal": lambda ns, vs, ts, text: fallen(ts["gradient"][0][1], ts["gradient"][1][1] / ts["gradient"][0][1], 1, ns[0]),
}  # fmt: skip
