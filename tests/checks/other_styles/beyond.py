"""Sums over all that follows, a whole matrix of targets, and neighbours one after the other."""

import itertools
import math

import numpy as np


def discounted_returns(rewards, gamma):
    summed = itertools.accumulate(rewards[::-1], lambda later, reward: reward + gamma * later)
    return np.array(list(summed))[::-1]


def q_update(q, state, action, reward, next_state, done, lr, gamma):
    here = np.zeros(q.shape)
    here[state, action] = 1
    target = reward + (1 - done) * gamma * np.max(q, axis=1)[next_state]
    return q * (1 - lr * here) + lr * target * here


def graph_conv(adjacency, h, weight):
    nodes = range(len(adjacency))
    sums = [1 + math.fsum(adjacency[i]) for i in nodes]
    out = np.zeros((len(adjacency), weight.shape[1]))
    for i in nodes:
        for j in nodes:
            strength = adjacency[i, j] + (i == j)
            if strength:
                out[i] += strength / math.sqrt(sums[i] * sums[j]) * np.dot(h[j], weight)
    return out
