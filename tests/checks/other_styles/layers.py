"""Layers with loops, outer products, dictionaries of state and properties; Values with closures."""

import math

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


class Conv2d(Linear):
    def __init__(self, weight, bias, stride=1, padding=0):
        super().__init__(weight, bias)
        self.stride, self.padding = stride, padding
        self.padded = None

    def windows(self):
        (kh, kw), s = self.weight.shape[2:], self.stride
        for i, top in enumerate(range(0, self.padded.shape[2] - kh + 1, s)):
            for j, left in enumerate(range(0, self.padded.shape[3] - kw + 1, s)):
                yield i, j, np.s_[:, :, top : top + kh, left : left + kw]

    def forward(self, x):
        p = self.padding
        n, c, h, w = x.shape
        self.padded = np.zeros((n, c, h + 2 * p, w + 2 * p))
        self.padded[:, :, p : p + h, p : p + w] = x
        columns = {
            (i, j): np.tensordot(self.padded[at], self.weight, axes=([1, 2, 3], [1, 2, 3]))
            for i, j, at in self.windows()
        }
        rows, cols = (1 + max(places) for places in zip(*columns, strict=True))
        out = np.stack([columns[divmod(k, cols)] for k in range(rows * cols)], axis=2)
        return out.reshape(n, -1, rows, cols) + self.bias.reshape(1, -1, 1, 1)

    def backward(self, grad_out):
        if self.padded is None:
            raise RuntimeError("nothing went forward")
        grad = np.zeros(self.padded.shape)
        for i, j, at in self.windows():
            g = grad_out[:, :, i, j]
            self.grads["weight"] += np.tensordot(g, self.padded[at], axes=(0, 0))
            self.grads["bias"] += g.sum(axis=0)
            grad[at] += np.tensordot(g, self.weight, axes=(1, 0))
        end = -self.padding or None
        return grad[:, :, self.padding : end, self.padding : end]


class BatchNorm1d:
    def __init__(self, gamma, beta, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = np.array(gamma), np.array(beta)
        self.rate, self.eps = momentum, eps
        self.running_mean, self.running_var = 0.0 * self.gamma, 0.0 * self.gamma + 1.0
        self.way_back = None
        self.train().zero_grad()

    def train(self, mode=True):
        self.training = mode
        return self

    def eval(self):
        return self.train(False)

    def forward(self, x):
        measure = self.measure_batch if self.training else self.recall
        centred, std, self.way_back = measure(x)
        self.normalised = centred / std
        return self.normalised * self.gamma + self.beta

    def recall(self, x):
        std = np.sqrt(self.running_var + self.eps)
        return x - self.running_mean, std, lambda grad: grad / std

    def measure_batch(self, x):
        n = x.shape[0]
        if n == 1:
            raise ValueError("a variance of one number")
        mean = x.sum(axis=0) / n
        centred = x - mean
        var = (centred**2).sum(axis=0) / n
        self.running_mean = self.running_mean + self.rate * (mean - self.running_mean)
        self.running_var = self.running_var + self.rate * (var * n / (n - 1) - self.running_var)
        std = np.sqrt(var + self.eps)

        def way_back(grad):
            grad_var = (grad * centred).sum(axis=0) / std**3
            return grad / std - (grad / std).mean(axis=0) - centred * grad_var / n

        return centred, std, way_back

    def backward(self, grad_out):
        if not self.way_back:
            raise RuntimeError("forward first")
        self.grad_gamma = self.grad_gamma + np.einsum("nd,nd->d", grad_out, self.normalised)
        self.grad_beta = self.grad_beta + np.add.reduce(grad_out)
        return self.way_back(grad_out * self.gamma)

    def zero_grad(self):
        self.grad_gamma, self.grad_beta = np.zeros((2, self.gamma.size))

    def parameters(self):
        return [self.gamma, self.beta]

    def gradients(self):
        return [self.grad_gamma, self.grad_beta]


class Dropout:
    def __init__(self, p):
        if p < 0 or p >= 1:
            raise ValueError("p")
        self.p = p
        self.train()

    def train(self, mode=True):
        self.training = mode
        return self

    def eval(self):
        return self.train(mode=False)

    def forward(self, x, keep_mask=None):
        if not self.training:
            self.backward = lambda grad_out: grad_out
            return x
        kept = np.asarray(keep_mask).astype(bool)
        self.backward = lambda grad_out: np.where(kept, grad_out / (1 - self.p), 0.0)
        return self.backward(x)

    def backward(self, _):
        raise RuntimeError("no forward yet")


class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def _tell(self, method):
        for layer in self.layers:
            getattr(layer, method, lambda: None)()
        return self

    def zero_grad(self):
        return self._tell("zero_grad")

    def train(self):
        return self._tell("train")

    def eval(self):
        return self._tell("eval")

    def forward(self, x):
        *before, last = self.layers
        return last.forward(Sequential(before).forward(x) if before else x)

    def backward(self, grad_out):
        for i in range(1, len(self.layers) + 1):
            grad_out = self.layers[-i].backward(grad_out)
        return grad_out

    def parameters(self):
        found = []
        for layer in self.layers:
            found.extend(getattr(layer, "parameters", list)())
        return found

    def gradients(self):
        found = []
        for layer in self.layers:
            found += layer.gradients() if "gradients" in dir(layer) else []
        return tuple(found)


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


class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.betas, self.eps = lr, (beta1, beta2), eps
        self.slots = [{"param": p, "m": 0.0, "v": 0.0, "powers": (1.0, 1.0)} for p in params]

    def step(self, grads):
        for slot, grad in zip(self.slots, grads, strict=True):
            if grad is not None:
                slot["m"] = slot["m"] + (1 - self.betas[0]) * (grad - slot["m"])
                slot["v"] = self.betas[1] * slot["v"] + (1 - self.betas[1]) * np.square(grad)
                slot["powers"] = tuple(np.multiply(slot["powers"], self.betas))
                first, second = (1 - power for power in slot["powers"])
                root = np.sqrt(slot["v"]) / np.sqrt(second) + self.eps
                np.subtract(slot["param"], self.lr / first * slot["m"] / root, out=slot["param"])


class Value:
    count = 0

    def __init__(self, data, made_of=(), op=""):
        self.data, self.grad, self.op = data, 0, op
        self._children = set(made_of)
        self._back = lambda _: []
        Value.count += 1
        self.number = Value.count

    def __repr__(self):
        return f"Value({self.data}, {self.grad})"

    def _new(self, data, others, back):
        out = Value(np.float64(data), (self, *others))
        out._back = back
        return out

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._new(self.data + other.data, (other,), lambda d: [(self, d), (other, d)])

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        x, y = self.data, other.data
        return self._new(x * y, (other,), lambda d: [(self, d * y), (other, d * x)])

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def __pow__(self, k):
        x = float(self.data)
        return self._new(x**k, (), lambda d: [(self, d * k * x ** (k - 1))])

    def tanh(self):
        t = np.tanh(self.data)
        return self._new(t, (), lambda d: [(self, d * (1 - t) * (1 + t))])

    def relu(self):
        out = max(0, self.data)
        return self._new(out, (), lambda d: [(self, d if out > 0 else 0)])

    def exp(self):
        e = math.e**self.data
        return self._new(e, (), lambda d: [(self, d * e)])

    def log(self):
        x = self.data
        return self._new(np.log(x), (), lambda d: [(self, d / x)])

    def backward(self):
        """Go from the youngest to the oldest: whatever is made of a Value is younger."""
        reached, waiting = {self}, [self]
        while waiting:
            for child in waiting.pop()._children - reached:
                reached.add(child)
                waiting.append(child)
        came = {self: 1}
        for node in sorted(reached, key=lambda one: -one.number):
            node.grad += came.get(node, 0)
            for child, d in node._back(came.get(node, 0)):
                came[child] = came.get(child, 0) + d
        return self
