"""The networks that the blueprint checks share, and what may tell them apart."""

from grader.checks.blueprint._windows import count_windows, follow, pair, rounded_up
from grader.vocabulary import bad, between, one_of, strategy

# Padding stays below half a kernel, so that the size before a layer follows from the size after.
LAYERS = one_of(
    *(("conv", 3, 3, 1, 0), ("maxpool", 2, 2), ("relu",), ("conv", 2, 3, 2, 1), ("maxpool", 3, 2)),
    *(("conv", 5, (2, 3), 1, 0), ("conv", 4, 5, 1, 2), ("maxpool", (1, 2), 1)),
    *(("conv", 4, (5, 3), 3, 1), ("maxpool", (2, 1), 3), ("conv", 1, (3, 4), 2, 1)),
    ("conv", 6, 1, 1, 0),
)


def put_before(draw, layers, height, width):
    """Put up to three layers before `layers`, which need an image of this height and width."""
    for _ in range(draw(between(1, 3))):
        layer = draw(LAYERS)
        layers = [layer, *layers]
        if layer != ("relu",):
            kernel, stride, padding = layer[2:] if layer[0] == "conv" else (*layer[1:], 0)
            kh, kw = pair(kernel)
            rest = draw(between(0, stride - 1)) - 2 * padding
            height, width = (height - 1) * stride + kh + rest, (width - 1) * stride + kw + rest
    return layers, height, width


@strategy
def networks(draw, linear=0):
    """Draw a network from its last layer to its first, so that every kernel fits."""
    sizes = [draw(between(1, 6)) for _ in range(draw(linear))]
    dense = [layer for size in sizes for layer in (("relu",), ("linear", size))]
    head = [("flatten",), *dense[1:]] if sizes else [("relu",)]
    layers, height, width = put_before(draw, head, draw(between(1, 4)), draw(between(1, 4)))
    return layers, (draw(between(1, 4)), height, width)


@strategy
def tight(draw, missing):
    """Draw a network whose last kernel is as large as its padded input, or larger."""
    height, width, stride = draw(between(1, 4)), draw(between(1, 4)), draw(between(1, 3))
    more_h, more_w = draw(missing)
    padding = draw(one_of(0, None, 1, 2))  # None: a pooling layer
    kernel = height + 2 * (padding or 0) + more_h, width + 2 * (padding or 0) + more_w
    last = ("maxpool", kernel, stride) if padding is None else ("conv", 2, kernel, stride, padding)
    layers, height, width = put_before(draw, [last, ("relu",)], height, width)
    arguments = layers, (draw(between(1, 4)), height, width)
    return bad(*arguments) if more_h or more_w else arguments


JUST_FITS = tight(missing=(0, 0))
DOES_NOT_FIT = tight(missing=one_of((1, 1), (0, 1), (1, 0), (0, 2)))


def too_large():
    """Return kernels that are too high or too wide, for a conv and for a pooling layer."""
    convs = [bad([("conv", 2, kernel, 1, 0)], (1, 3, 3)) for kernel in ((4, 3), (3, 4))]
    return convs + [bad([("maxpool", kernel, 1)], (1, 3, 3)) for kernel in ((4, 3), (3, 4))]


def lenet_and_alexnet():
    """Return the deck's two networks."""
    lenet = [
        *(("conv", 6, 5, 1, 0), ("relu",), ("maxpool", 2, 2)),
        *(("conv", 16, 5, 1, 0), ("relu",), ("maxpool", 2, 2)),
        *(("flatten",), ("linear", 120), ("relu",), ("linear", 84), ("relu",), ("linear", 10)),
    ]
    alexnet = [
        *(("conv", 96, 11, 4, 0), ("relu",), ("maxpool", 3, 2)),
        *(("conv", 256, 5, 1, 2), ("relu",), ("maxpool", 3, 2)),
        *(("conv", 384, 3, 1, 1), ("relu",), ("conv", 384, 3, 1, 1), ("relu",)),
        *(("conv", 256, 3, 1, 1), ("relu",), ("maxpool", 3, 2)),
        *(("flatten",), ("linear", 4096), ("relu",), ("linear", 4096), ("relu",), ("linear", 1000)),
    ]
    return [(lenet, (1, 32, 32)), (alexnet, (3, 227, 227))]


def any_layer(kind, holds=lambda *_: True):
    """Return a feature: whether the options of some layer of this kind are such."""
    return lambda layers: any(name == kind and holds(*rest) for name, *rest in layers)


def any_window(holds):
    """Return a feature: whether kernel and stride of some conv or maxpool layer are such."""
    conv = any_layer("conv", lambda _, kernel, stride, __: holds(*pair(kernel), stride))
    pool = any_layer("maxpool", lambda kernel, stride: holds(*pair(kernel), stride))
    return lambda layers: conv(layers) or pool(layers)


def leaves_pixels(layers, input_shape):
    """Tell whether a stride leaves pixels at the end that no window covers."""
    exact = follow(layers, input_shape, count_windows, count_windows)
    return follow(layers, input_shape, rounded_up, rounded_up) != exact


def does_not_fit(layers, input_shape):
    """Tell whether a kernel is larger than its padded input."""
    shapes = follow(layers, input_shape, count_windows, count_windows)
    return min(map(min, shapes)) < 1


FEATURES = {
    "a kernel that does not fit": does_not_fit,
    "H and W different": lambda input_shape: input_shape[1] != input_shape[2],
    "KH and KW different": any_window(lambda kh, kw, _: kh != kw),
    "padding": any_layer("conv", lambda *options: options[-1] > 0),
    "a stride above 1": any_window(lambda _kh, _kw, stride: stride > 1),
    "a stride that leaves pixels over": leaves_pixels,
    "a maxpool layer": any_layer("maxpool"),
    "several conv layers": lambda layers: [layer[0] for layer in layers].count("conv") > 1,
    "a linear layer": any_layer("linear"),
}
