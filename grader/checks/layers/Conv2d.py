"""A convolution that remembers: its kernels, the last images, and the gradients so far."""

from grader.checks.conv._cases import output_shape, survivors
from grader.checks.layers._layers import (
    BACKWARD,
    FORWARD,
    TOO_EARLY,
    ZERO,
    Remembering,
    backward,
    first_of,
    forward,
    has,
    of_layers,
    options_of,
    pulled_back,
    reads,
)
from grader.vocabulary import Exercise, array, between, one_of, ref, script, strategy

GRADS = reads("grad_weight", "grad_bias")
GIVEN = ref("weight"), ref("bias")
SIDE = between(1, 3)


def options(draw, stride=between(1, 3), padding=between(0, 2)):
    """Return a stride and a padding by their names, without those that are the defaults."""
    drawn = {"stride": (draw(stride), 1), "padding": (draw(padding), 0)}
    return {name: number for name, (number, usual) in drawn.items() if number != usual}


def arrays(draw, *layers, more=()):
    """Return kernels, images that fit all of the layers, and an upstream gradient for the first.

    `more` tells for each other ending of a name whose options its upstream gradient fits.
    """
    kernel, channels, filters = (draw(SIDE), draw(SIDE)), draw(SIDE), draw(SIDE)
    found = {
        "weight": draw(array(filters, channels, *kernel)),
        "bias": draw(array(filters)),
    }
    least = min(layer.get("padding", 0) for layer in layers)
    for end, layer in (("", layers[0]), *more):
        count = draw(SIDE)
        size = [max(1, side - 2 * least) + draw(between(0, 3)) for side in kernel]
        stride, padding = layer.get("stride", 1), layer.get("padding", 0)
        found[f"x{end}"] = draw(array(count, channels, *size))
        places = output_shape(size, kernel, stride, padding)
        found[f"grad_out{end}"] = draw(array(count, filters, *places))
    return found


@strategy
def one_pass(draw, stride=1, padding=0):
    given = options(draw, stride, padding)
    return script(
        arrays(draw, given), ("new", "a", GIVEN, given), FORWARD, BACKWARD, *GRADS, *reads("weight")
    )


@strategy
def again(draw):
    given, zero, goes_on = options(draw), draw(one_of(False, True)), draw(one_of(True, False))
    second = [forward("_2"), backward("_2"), *[backward("_2")] * draw(between(0, 1))]
    return script(
        arrays(draw, given, more=[("_2", given)]), ("new", "a", GIVEN, given), *GRADS, FORWARD,
        BACKWARD, *GRADS, *[ZERO] * zero, *GRADS, *(second if goes_on else [BACKWARD]), *GRADS,
        ("ask", "a", "gradients", ()),
    )  # fmt: skip


@strategy
def two(draw):
    given, others, once = options(draw), options(draw), [BACKWARD] * draw(between(0, 1))
    return script(
        arrays(draw, given, others, more=[("_2", others)]),
        ("new", "a", GIVEN, given), ("new", "other", GIVEN, others),
        FORWARD, forward("_2", "other"), *once, *reads("grad_weight", "grad_bias", name="other"),
        backward("_2", "other"), BACKWARD, *GRADS, *reads("grad_weight", name="other"),
    )  # fmt: skip


@strategy
def too_early(draw):
    given = options(draw)
    other = [("new", "other", GIVEN, given), forward(name="other")] * draw(between(0, 1))
    new = ("new", "a", GIVEN, given)
    return script(arrays(draw, given), *other, new, TOO_EARLY, *GRADS, FORWARD, BACKWARD)


@strategy
def trained(draw):
    given = options(draw)
    change = ("change", "a", draw(one_of("parameters", "weight", "bias")), 0.5)
    other = [("new", "other", GIVEN, given)] * draw(between(0, 1))
    after = forward(name="other") if other else FORWARD
    return script(
        arrays(draw, given), ("new", "a", GIVEN, given), *other, ("ask", "a", "parameters", ()),
        FORWARD, BACKWARD, change, after, *reads("weight", "bias"), FORWARD, BACKWARD, *GRADS,
    )  # fmt: skip


def kernel_of(script):
    """Return KH and KW."""
    return first_of(script, "weight").shape[2:]


def does_not_divide(script):
    """Tell whether some pixels at the end are covered by no window."""
    given, size = options_of(script), first_of(script, "x").shape[2:]
    stride, padding = given.get("stride", 1), given.get("padding", 0)
    sides = zip(size, kernel_of(script), strict=True)
    return any((side + 2 * padding - k) % stride for side, k in sides)


def products(script):
    """Return how large the products are that are added up."""
    largest = {step[1]: abs(step[2]).max() for step in script if step[0] == "let"}
    images = max(size for name, size in largest.items() if name not in ("weight", "bias"))
    return images * max(images, largest["weight"])


exercise = Exercise(
    points=5,
    decks=(),
    requires=("Linear", "conv.conv2d_forward", "conv.conv2d_backward"),
    levels={
        "one object, one pass": one_pass(),
        "any stride and padding": one_pass(stride=between(1, 3), padding=between(0, 2)),
        "again": again(),
        "two objects": two(),
        "backward too early": too_early(),
        "trained": trained(),
    },
    features={
        "two objects": has("new", "other"),
        "zero_grad": has("do", "zero_grad"),
        "a change in place": lambda script: any(step[0] == "change" for step in script),
        "one image": lambda script: len(first_of(script, "x")) == 1,
        "several channels": lambda script: first_of(script, "x").shape[1] > 1,
        "a stride above 1": lambda script: "stride" in options_of(script),
        "padding": lambda script: "padding" in options_of(script),
        "overlapping windows": lambda script: (
            options_of(script).get("stride", 1) < max(kernel_of(script))
        ),
        "pixels at the end that no window covers": does_not_divide,
    },
    terms=products,
    hints=(
        "What does backward need of the last images, and how large were they? Which pixels have a "
        "part in several windows?",
        "a = Conv2d(array([[[[10.0, 20.0]]]]), array([0.0]))\n"
        "a.forward(array([[[[1.0, 2.0, 3.0]]]])) = [[[[50, 80]]]]\n"
        "a.backward(array([[[[1.0, 3.0]]]])) = [[[[10, 50, 60]]]]     50 = 1 * 20 + 3 * 10\n"
        "a.grad_weight = [[[[7, 11]]]]\n"
        "a.backward(array([[[[1.0, 3.0]]]])) = [[[[10, 50, 60]]]]     and once more\n"
        "a.grad_weight = [[[[14, 22]]]]",
        "def backward(self, grad_out):\n"
        "    if ...: raise RuntimeError(...)\n"
        "    self.grad_bias += ...            # (F,)\n"
        "    grad_padded = np.zeros(...)      # as large as the padded images\n"
        "    for row in range(KH):\n"
        "        for column in range(KW):\n"
        "            self.grad_weight[:, :, row, column] += ...\n"
        "            grad_padded[...] += ...\n"
        "    return ...                       # without the frame",
    ),
)


@exercise.equivalent
class ConvLayer(Remembering):
    def __init__(self, weight, bias, stride=1, padding=0):
        super().__init__(weight, bias)
        self.stride, self.padding = stride, padding

    def compute(self, x, weight, bias):
        import torch.nn.functional as F

        return F.conv2d(x, weight, bias, self.stride, self.padding)


of_layers(exercise, ConvLayer)


@exercise.mistake(
    "Stride and padding belong to the class: the layer that was made last decides. Write to self."
)
class options_of_the_class(ConvLayer):
    def __init__(self, weight, bias, stride=1, padding=0):
        super().__init__(weight, bias)
        del self.stride, self.padding
        type(self).stride, type(self).padding = stride, padding


def made_with(change):
    """Return a class with another stride and padding."""

    class Other(ConvLayer):
        def __init__(self, weight, bias, stride=1, padding=0):
            super().__init__(weight, bias, *change(stride, padding))

    return Other


for name, message, change in (
    ("stride_ignored", "The stride is not used: 1 is its default only.", lambda _, p: (1, p)),
    ("padding_ignored", "The padding is not used: 0 is its default only.", lambda s, _: (s, 0)),
    ("fixed_padding", "The padding is always 1: use `padding`.", lambda s, _: (s, 1)),
    ("stride_for_rows_only", "The stride is used for the rows only: windows move to the right by "
     "it, too.", lambda s, p: ((s, 1), p)),
    ("stride_for_columns_only", "The stride is used for the columns only: windows move down by it, "
     "too.", lambda s, p: ((1, s), p)),
):  # fmt: skip
    exercise.add(name, message, made_with(change))


def framed_by(before, behind):
    """Return a class that pads in front and behind by so many times the padding."""

    class Other(ConvLayer):
        def compute(self, x, weight, bias):
            import torch.nn.functional as F

            frame = (before * self.padding, behind * self.padding) * 2
            return F.conv2d(F.pad(x, frame), weight, bias, self.stride)

    return Other


exercise.add(
    "padded_in_front",
    "All the zeros stand at the top and on the left: `padding` of them belong on each of the four "
    "sides.",
    framed_by(2, 0),
)
exercise.add(
    "padded_at_the_end",
    "All the zeros stand at the bottom and on the right: `padding` of them belong on each of the "
    "four sides.",
    framed_by(0, 2),
)


def answering(change):
    """Return a class whose forward computes with other arrays; what it keeps is right."""

    class Other(ConvLayer):
        def forward(self, x):
            super().forward(x)
            return self.compute(*change(x, self.weight, self.bias)).clone()

    return Other


for name, message, change in (
    ("without_bias", "The bias is forgotten in forward.", lambda x, w, b: (x, w, 0 * b)),
    ("first_bias_for_all", "Every kernel gets the first bias, bias[0]; kernel f has bias[f].",
     lambda x, w, b: (x, w, b[:1].expand(len(b)))),
    ("bias_at_every_tap", "The bias is added at every tap of a window: once an output.",
     lambda x, w, b: (x, w, b * w[0].numel())),
    ("flipped_kernel", "The kernel is flipped in forward, as in mathematics. Deep learning slides "
     "it as it is: no [::-1].", lambda x, w, b: (x, w.flip(2, 3), b)),
    ("first_channel_only", "Only the first channel is used in forward; a window spans all, and all "
     "are summed.", lambda x, w, b: (x[:, :1], w[:, :1], b)),
):  # fmt: skip
    exercise.add(name, message, answering(change))


def going_back(change):
    """Return a class whose gradients of one backward are other ones; its forward is right.

    `change(layer, grads, grad_out)` gives those of the images, the kernels and the bias.
    """

    class Other(ConvLayer):
        def backward(self, grad_out):
            before = self.gradients()
            grad_x = super().backward(grad_out)
            grads = [new - old for new, old in zip(self.gradients(), before, strict=True)]
            grad_x, *added = change(self, (grad_x, *grads), grad_out)
            self.grad_weight, self.grad_bias = (
                old + one for old, one in zip(before, added, strict=True)
            )
            return grad_x

    return Other


def pulled(layer, grad_out, x=None, weight=None, padding=None):
    """Return the gradients of images and kernels with others in the place of the layer's."""
    import torch.nn.functional as F

    kept = (layer.given[0] if x is None else x, layer.given[1] if weight is None else weight)
    given = [one.detach().clone().requires_grad_() for one in kept]
    padding = layer.padding if padding is None else padding
    return pulled_back(F.conv2d(*given, None, layer.stride, padding), given, grad_out)


def frame_of(layer, grad_out):
    """Return the gradient of the padded images."""
    import torch.nn.functional as F

    return pulled(layer, grad_out, x=F.pad(layer.given[0], (layer.padding,) * 4), padding=0)[0]


def cropped(crop):
    """Return a class whose gradient of the images is cropped in another way."""
    return going_back(lambda layer, grads, g: (crop(frame_of(layer, g), layer.padding), *grads[1:]))


def overwritten(layer, grad_out, *, taps_first):
    """Return the gradient of the images where = overwrites what overlaps."""
    import torch.nn.functional as F

    x, weight, _ = layer.given
    how = {"stride": layer.stride, "padding": layer.padding}
    cols = weight.detach().flatten(1).T @ grad_out.flatten(2)
    image, kernel = x.shape[2:], weight.shape[2:]
    left = survivors(image, kernel, layer.stride, layer.padding, taps_first=taps_first)
    return F.fold(cols * left.repeat(x.shape[1], 1), image, kernel, **how)


def of_last_image(grad_out):
    """Return an upstream gradient that is 0 but for the last image."""
    kept = grad_out.clone()
    kept[:-1] = 0.0
    return kept


for name, message, change in (
    ("last_tap_in_grad_x", "In the gradient of x only one number survives where windows overlap: "
     "write += on a slice at a time.", lambda layer, grads, g: (
        overwritten(layer, g, taps_first=True), *grads[1:]
    )),
    ("last_window_in_grad_x", "In the gradient of x every window overwrites the one before where "
     "they overlap: += for =.", lambda layer, grads, g: (
        overwritten(layer, g, taps_first=False), *grads[1:]
    )),
    ("last_kernel_in_grad_x", "Only the last kernel reaches the gradient of x; all kernels add to "
     "it: += instead of =.", lambda layer, grads, g: (
        pulled(layer, g[:, -1:], weight=layer.given[1][-1:])[0], *grads[1:]
    )),
    ("kernel_not_flipped", "The kernels are slid over grad_out as they are; on the way back they "
     "must be flipped, since they were not on the way forth.", lambda layer, grads, g: (
        pulled(layer, g, weight=layer.given[1].flip(2, 3))[0], *grads[1:]
    )),
    ("grad_weight_mirrored", "grad_weight is mirrored: its rows and columns run backwards.",
     lambda _, grads, _g: (grads[0], grads[1].flip(2, 3), grads[2])),
    ("grad_weight_of_the_last_image", "grad_weight holds the last image's only; all images add to "
     "it.", lambda layer, grads, g: (
        grads[0], pulled(layer, of_last_image(g))[1], grads[2]
    )),
    ("grad_bias_averaged", "grad_bias is averaged over the outputs; each has the bias once, so "
     "it is a sum.", lambda _, grads, g: (*grads[:2], g.mean((0, 2, 3)))),
    ("grad_bias_of_all_kernels", "grad_bias is the sum over all kernels: each has its own.",
     lambda _, grads, g: (*grads[:2], g.sum())),
):  # fmt: skip
    exercise.add(name, message, going_back(change))

exercise.add(
    "frame_left_on",
    "The frame is still on the gradient of x: cut `padding` pixels off on all four sides.",
    cropped(lambda frame, _: frame),
)
exercise.add(
    "fixed_crop",
    "One pixel is cut off the gradient of x on every side, whatever `padding` says.",
    cropped(lambda frame, _: frame[..., 1:-1, 1:-1]),
)
exercise.add(
    "empty_crop",
    "The crop [P:-P] of the gradient of x is empty when P is 0: write [P:P + H] and [P:P + W].",
    cropped(lambda frame, p: frame[..., p:-p, p:-p]),
)


@exercise.mistake(
    "What was made of the kernels at the start serves for good: compute with self.weight and "
    "self.bias each time, which an optimiser changes."
)
class kernels_of_the_start(ConvLayer):
    def __init__(self, weight, bias, stride=1, padding=0):
        super().__init__(weight, bias, stride, padding)
        self.first = weight.clone(), bias.clone()

    def compute(self, x, weight, bias):
        pairs = zip((weight, bias), self.first, strict=True)
        return super().compute(x, *(now - now.detach() + first for now, first in pairs))


@exercise.mistake(
    "The kernel is flipped, forward and back, as in mathematics. Deep learning slides it as it is: "
    "no [::-1]."
)
class flipped_everywhere(ConvLayer):
    def compute(self, x, weight, bias):
        return super().compute(x, weight.flip(2, 3), bias)
