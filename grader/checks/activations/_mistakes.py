"""What the mistakes of several checks share: softmaxes that students write."""

from grader.checks._shared import numpy_errors


def softmax_without_maximum(z):
    e = z.exp()
    return e / e.sum(-1, keepdim=True)


def softmax_with_global_maximum(z):
    return softmax_without_maximum(z - z.max())


def softmax_over_everything(z):
    return z.flatten().softmax(0).reshape(z.shape)


@numpy_errors()
def softmax_without_keepdims(z):
    e = (z - z.amax(-1)).exp()
    return e / e.sum(-1)
