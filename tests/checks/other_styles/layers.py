"""Layers with loops, sums of outer products, dictionaries of state, and properties."""

import numpy as np


class Linear:
    def __init__(self, weight, bias):
        self.weight = np.array(weight)
        self.bias = np.array(bias)
        self.grads = {}
        self.inputs = []
        self.zero_grad()

    @property
    def grad_weight(self):
        return self.grads["weight"]

    @property
    def grad_bias(self):
        return self.grads["bias"]

    def forward(self, x):
        self.inputs = list(x)
        return np.stack([self.weight.dot(row) + self.bias for row in x])

    def backward(self, grad_out):
        if not self.inputs:
            raise RuntimeError("forward first")
        for row, grad in zip(self.inputs, grad_out, strict=True):
            self.grads["weight"] += np.outer(grad, row)
            self.grads["bias"] += grad
        return np.einsum("no,od->nd", grad_out, self.weight)

    def zero_grad(self):
        self.grads = {"weight": np.zeros(self.weight.shape), "bias": np.zeros(len(self.bias))}
        return self

    def parameters(self):
        return [self.weight, self.bias]

    def gradients(self):
        return list(self.grads.values())


class SGD:
    def __init__(self, params, lr, weight_decay=0.0):
        self.params = params
        self.lr = lr
        self.decay = weight_decay

    def step(self, grads):
        for i in range(len(self.params)):
            if grads[i] is None:
                continue
            p = self.params[i]
            p[...] = p * (1 - self.lr * self.decay) - self.lr * grads[i]
        return self


class Momentum(SGD):
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, lr)
        self.mu, self.nesterov = momentum, nesterov
        self.state = {}

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads, strict=True)):
            if g is not None:
                v = self.state[i] = self.mu * self.state.get(i, 0) + g
                np.subtract(p, self.lr * (g + self.mu * v if self.nesterov else v), out=p)
