"""The gradient goes back through the two convolutions, and around them as it is."""

from grader.checks._shared import of_arguments, of_result, one, products_of
from grader.checks.normalisation._block import block, conv
from grader.checks.normalisation._cases import BLOCK_FEATURES, EXACT, blocks
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=5,
    decks=("003", "004"),
    requires=("conv.conv2d_backward", "residual_block_forward"),
    levels={
        "one channel, one kernel": blocks(channels=1, kernels=1, upstream=1),
        "several channels and kernels": blocks(upstream=1),
    },
    features=BLOCK_FEATURES,
    never=[EXACT],
    terms=products_of("grad_out", "x", "w1", "w2"),
    hints=(
        "Where does the last ReLU stop the gradient, and on which of the two ways is that felt? "
        "What arrives at x from each way, and what is done with both?",
        "One pixel, x = 1, so that only the middle of each kernel meets it; 2 and 3 there,\n"
        "biases 0. The sums 2 and 1 + 6 are above 0, so that both ReLUs let pass what comes:\n"
        "10 * 3 = 30             arrives at the hidden pixel\n"
        "30 * 2 = 60             arrives at x through the block\n"
        "10 + 60 = 70            and 10 around it\n"
        "two = [[[[0, 0, 0], [0, 2, 0], [0, 0, 0]]]]\n"
        "three = [[[[0, 0, 0], [0, 3, 0], [0, 0, 0]]]]\n"
        "residual_block_backward([[[[10]]]], [[[[1]]]], two, [0], three, [0])[0] = [[[[70]]]]",
        "before, hidden = ...                       # go forward again\n"
        "grad_sum = grad_out where the sum is above 0\n"
        "grad_hidden, grad_w2, grad_b2 = conv2d_backward(..., hidden, w2, b2, 1, 1)\n"
        "grad_before = ...                          # the ReLU in the middle\n"
        "grad_x, grad_w1, grad_b1 = ...\n"
        "return ... + grad_x, grad_w1, grad_b1, grad_w2, grad_b2",
    ),
)


@exercise.equivalent
def backward(grad_out, x, w1, b1, w2, b2):
    return gradients(block, grad_out, x, w1, b1, w2, b2)


def through(value, gate):
    """Return a ReLU's value whose gradient is let through where `gate` says so."""
    return value.relu().detach() + (value - value.detach()) * gate


def by_gates(*arguments, first=None, last=None, around=None):
    """Return gradients with other gates in place of the ReLUs', and another way around."""
    grad_out, *others = arguments

    def changed(x, w1, b1, w2, b2):
        def first_relu(a):
            return a.relu() if first is None else through(a, first(a, grad_out))

        def last_relu(s):
            return s.relu() if last is None else through(s, last(s, grad_out))

        return block(x, w1, b1, w2, b2, first=first_relu, last=last_relu, around=around)

    return gradients(changed, grad_out, *others)


def everything(value, _):
    """Let all pass."""
    return (value * 0.0 + 1.0).detach()


def at_zero_too(value, _):
    """Let pass what is 0, too."""
    return (value >= 0).double().detach()


def positive_gradient(value, grad_out):
    """Let pass a gradient above 0, whatever the sum."""
    return (grad_out > 0).double()


for name, message, gates in (
    (
        "last_relu_forgotten",
        "The last ReLU is left out on the way back: where the sum was not above 0, nothing passes, "
        "on both ways.",
        {"last": everything},
    ),
    (
        "first_relu_forgotten",
        "The ReLU in the middle is left out on the way back: where the first convolution gave "
        "nothing above 0, no gradient passes.",
        {"first": everything},
    ),
    (
        "both_relus_forgotten",
        "Both ReLUs are left out on the way back.",
        {"first": everything, "last": everything},
    ),
    (
        "last_relu_open_at_zero",
        "The last ReLU lets the gradient pass where the sum is exactly 0 (>=): there it is 0 (>).",
        {"last": at_zero_too},
    ),
    (
        "first_relu_open_at_zero",
        "The ReLU in the middle lets the gradient pass at exactly 0 (>=): there it is 0 (>).",
        {"first": at_zero_too},
    ),
    (
        "both_relus_open_at_zero",
        "Both ReLUs let the gradient pass at exactly 0 (>=): there it is 0 (>).",
        {"first": at_zero_too, "last": at_zero_too},
    ),
    (
        "relu_of_the_gradient",
        "The gradient itself is cut off below 0: it is stopped where the sum was not above 0, "
        "whatever its own sign.",
        {"last": positive_gradient},
    ),
    (
        "shortcut_forgotten",
        "The way around is forgotten: x was added, so that its gradient is added, too.",
        {"around": lambda x: x.detach()},
    ),
    (
        "shortcut_twice",
        "The way around counts twice: once is enough.",
        {"around": lambda x: 2 * x - x.detach()},
    ),
    (
        "shortcut_subtracted",
        "The gradient of the way around is subtracted: add it.",
        {"around": lambda x: 2 * x.detach() - x},
    ),
):
    exercise.add(name, message, lambda *arguments, gates=gates: by_gates(*arguments, **gates))


def gated(grad_out, x, w1, b1, w2, b2):
    """Return what passes the last ReLU."""
    return grad_out * (block(x, w1, b1, w2, b2) > 0)


@exercise.mistake(
    "The way around lacks the gradient of the last ReLU: that comes behind the sum and stops both."
)
def shortcut_around_the_relu(*arguments):
    grad_x, *others = backward(*arguments)
    return grad_x - gated(*arguments) + arguments[0], *others


@exercise.mistake(
    "The last ReLU looks at the second convolution alone: it is shut where x and that together "
    "are not above 0."
)
def gate_without_x(grad_out, x, w1, b1, w2, b2):
    through_block = conv(conv(x, w1, b1).relu(), w2, b2)
    changed = grad_out * (through_block > 0)
    return by_gates(changed, x, w1, b1, w2, b2, last=everything)


@exercise.mistake("The last ReLU looks at x alone: it is shut where the sum is not above 0.")
def gate_of_x(grad_out, x, w1, b1, w2, b2):
    return by_gates(grad_out * (x > 0), x, w1, b1, w2, b2, last=everything)


@exercise.mistake("grad_x is the way around alone: the block passes some on to x, too.")
def shortcut_alone(*arguments):
    _, *others = backward(*arguments)
    return gated(*arguments), *others


def with_kernels(grad_out, x, w1, b1, w2, b2, turned):
    """Go back with other kernels than those that went forward."""
    import torch.nn.functional as F

    before = conv(x, w1, b1)
    grad_sum = gated(grad_out, x, w1, b1, w2, b2)
    _, _, _, grad_w2, grad_b2 = backward(grad_out, x, w1, b1, w2, b2)
    grad_hidden = F.conv_transpose2d(grad_sum, turned(w2), None, 1, 1) * (before > 0)
    _, grad_w1, grad_b1 = gradients(conv, grad_hidden, x, w1, b1)
    grad_x = F.conv_transpose2d(grad_hidden, turned(w1), None, 1, 1)
    return grad_sum + grad_x, grad_w1, grad_b1, grad_w2, grad_b2


@exercise.mistake(
    "The kernels are slid over the gradients as they are: on the way back they are flipped, "
    "[:, :, ::-1, ::-1], since they were not on the way forth."
)
def kernels_not_flipped(*arguments):
    return with_kernels(*arguments, turned=lambda weight: weight.flip(2, 3))


@exercise.mistake("Rows and columns of the kernels are exchanged on the way back.")
def kernels_transposed(*arguments):
    return with_kernels(*arguments, turned=lambda weight: weight.transpose(2, 3))


@exercise.mistake(
    "grad_w2 and grad_b2 come from grad_out as it arrived: the last ReLU lies before them."
)
def ungated_second(grad_out, x, w1, b1, w2, b2):
    *first, _, _ = backward(grad_out, x, w1, b1, w2, b2)
    _, *second = gradients(conv, grad_out, conv(x, w1, b1).relu(), w2, b2)
    return *first, *second


@exercise.mistake(
    "grad_w2 is made with what the first convolution gave: the second one read it after the ReLU."
)
def second_before_the_relu(grad_out, x, w1, b1, w2, b2):
    *first, _, grad_b2 = backward(grad_out, x, w1, b1, w2, b2)
    passed = gated(grad_out, x, w1, b1, w2, b2)
    return *first, gradients(conv, passed, conv(x, w1, b1), w2, b2)[1], grad_b2


def averaged(grad, x):
    """Divide by the number of images."""
    return grad / len(x)


of_result(
    exercise,
    biases_over_images=(
        "The gradients of the biases are averaged over the images; add them up.",
        {2: averaged, 4: averaged},
    ),
    all_averaged=(
        "The gradients of weights and biases are averaged over the images; add them up.",
        dict.fromkeys((1, 2, 3, 4), averaged),
    ),
    biases_averaged_over_pixels=(
        "The gradients of the biases are means: sum over images, rows and columns.",
        dict.fromkeys((2, 4), lambda grad, x: grad * x.shape[1] / x.numel()),
    ),
    weights_flipped=(
        "The gradients of the kernels are mirrored: they lie as the kernels do.",
        dict.fromkeys((1, 3), lambda grad: grad.flip(2, 3)),
    ),
    kernels_channels_exchanged=(
        "The gradients of the kernels have F and C exchanged: (F, C, 3, 3) and (C, F, 3, 3).",
        dict.fromkeys((1, 3), lambda grad: grad.transpose(0, 1)),
    ),
    second_layer_first=(
        "The gradients of the second layer come first: x, w1, b1, w2, b2 is the order.",
        lambda grads: (grads[0], *grads[3:], *grads[1:3]),
    ),
    weights_before_biases=(
        "Both kernels come before both biases: x, w1, b1, w2, b2 is the order.",
        lambda grads: (grads[0], grads[1], grads[3], grads[2], grads[4]),
    ),
    grad_x_last=(
        "grad_x comes last: x, w1, b1, w2, b2 is the order.",
        lambda grads: (*grads[1:], grads[0]),
    ),
)
of_arguments(
    exercise,
    upstream_forgotten=(
        "The upstream gradient is not used: all five gradients begin with grad_out.",
        {"grad_out": one},
    ),
)


@exercise.mistake("Only the last image reaches grad_w1, grad_b1, grad_w2, grad_b2: += for =.")
def last_image_only(grad_out, x, w1, b1, w2, b2):
    grad_x, *_ = backward(grad_out, x, w1, b1, w2, b2)
    return grad_x, *backward(grad_out[-1:], x[-1:], w1, b1, w2, b2)[1:]
