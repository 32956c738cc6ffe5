"""The residual block in torch's words, with what can be another way in it."""


def conv(x, weight, bias, padding=1):
    """Return what a 3x3 convolution makes of images."""
    import torch.nn.functional as F

    return F.conv2d(x, weight, bias, 1, padding)


def relu(value):
    """Return 0 for what is negative."""
    return value.relu()


def block(x, w1, b1, w2, b2, *, first=relu, last=relu, around=None, second=None):
    """Return the block: `around` makes the shortcut of x, `second` what the last layer reads."""
    hidden = first(conv(x, w1, b1))
    through = conv(hidden if second is None else second(hidden), w2, b2)
    return last((x if around is None else around(x)) + through)
