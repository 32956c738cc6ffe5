"""Embeddings, with a growing dictionary, one-hot products, slices, and loops over pairs."""

import math
from itertools import count

import numpy as np


def build_vocabulary(tokens):
    vocabulary = {}
    numbers = count()
    for token in tokens:
        if token not in vocabulary:
            vocabulary[token] = next(numbers)
    return vocabulary


class Vocabulary:
    def __init__(self, tokens=None, unknown="<unk>"):
        self.words = {0: unknown}
        self.add(tokens or [])

    def add(self, tokens):
        seen = set(self.words.values())
        for token in tokens:
            if token not in seen:
                seen.add(token)
                self.words[len(self.words)] = token

    def encode(self, tokens):
        by_word = {word: number for number, word in self.words.items()}
        numbers = np.zeros(len(tokens), np.int64)
        for place, token in enumerate(tokens):
            numbers[place] = by_word.get(token, 0)
        return numbers

    def decode(self, indices):
        try:
            return [self.words[int(index)] for index in indices]
        except KeyError as error:
            raise ValueError("no such word") from error

    def __len__(self):
        return len(self.words)


def embedding_forward(indices, table):
    picks = indices[..., np.newaxis] == np.arange(table.shape[0])
    return np.einsum("...v,vd->...d", picks.astype(np.float64), table)


def embedding_backward(grad_out, indices, num_embeddings):
    words = indices.reshape(-1)
    rows = grad_out.reshape(words.size, -1)
    columns = [np.bincount(words, weights=row, minlength=num_embeddings) for row in rows.T]
    return np.array(columns).T


def cosine_similarity(a, b):
    dot = sum(p * q for p, q in zip(a, b, strict=True))
    squares = (a**2).sum(), (b**2).sum()
    return dot / (math.sqrt(squares[0]) * math.sqrt(squares[1])) if all(squares) else 0.0


def nearest(index, table, k):
    own = table[index]
    others = [i for i in range(len(table)) if i != index]
    others.sort(key=lambda i: cosine_similarity(own, table[i]), reverse=True)
    return np.array(others[:k], dtype=int)


def skipgram_pairs(tokens, window):
    pairs = []
    for i, center in enumerate(tokens):
        beside = tokens[max(i - window, 0) : i] + tokens[i + 1 : i + window + 1]
        pairs.extend((center, word) for word in beside)
    return pairs


def softplus(z):
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def negative_sampling_loss(center, context, negatives):
    return softplus(-(center @ context)) + sum(softplus(center @ word) for word in negatives)


def negative_sampling_loss_backward(center, context, negatives):
    vectors = np.vstack([context, negatives])
    labels = np.arange(len(vectors)) == 0
    errors = 0.5 * (1.0 + np.tanh(vectors @ center / 2.0)) - labels
    grads = np.outer(errors, center)
    return errors @ vectors, grads[0], grads[1:]


def glove_loss(word, context, word_bias, context_bias, counts, x_max=100, alpha=3 / 4):
    loss = 0.0
    for i, j in np.argwhere(counts):
        weight = (counts[i, j] / x_max) ** alpha if counts[i, j] < x_max else 1
        score = word[i] @ context[j] + word_bias[i] + context_bias[j]
        loss += weight * (score - math.log(counts[i, j])) ** 2
    return loss
