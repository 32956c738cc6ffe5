"""What the tests of told lines share: a right class in which several of them put a slip."""

SEQUENTIAL = """class Sequential:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_out):
        for layer in reversed(self.layers):
            grad_out = layer.backward(grad_out)
        return grad_out

    def _all(self, name):
        return [getattr(one, name)() for one in self.layers if hasattr(one, name)]

    def zero_grad(self):
        self._all("zero_grad")

    def train(self):
        self._all("train")

    def eval(self):
        self._all("eval")

    def parameters(self):
        return sum(self._all("parameters"), [])

    def gradients(self):
        return sum(self._all("gradients"), [])
"""
