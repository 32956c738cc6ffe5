"""Along time a kernel looks back only: step t sees x up to t, and zeros before the start."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
    raising,
)
from grader.checks.conv._mistakes import of_bias, of_channels
from grader.vocabulary import Exercise, array, between, strategy


@strategy
def series(draw, dilation=between(1, 3), longest=4, longer=between(-3, 4)):
    """Draw series, kernels and biases; `longer` is how many steps more than weights there are.

    With dilation 1 given, it is called without one.
    """
    d = draw(dilation)
    n, c, f = draw(between(1, 3)), draw(between(1, 4)), draw(between(1, 4))
    taps = draw(between(1, longest))
    length = max(1, taps + draw(longer))
    arguments = draw(array(n, c, length)), draw(array(f, c, taps)), draw(array(f))
    return arguments if dilation == 1 else (*arguments, d)


def reach(weight, dilation):
    """Return how many steps a kernel looks back."""
    return (weight.shape[2] - 1) * dilation


exercise = Exercise(
    points=3,
    decks=("002",),
    requires=("correlate2d",),
    levels={
        "kernels that fit": series(dilation=1, longer=between(0, 4)),
        "kernels longer than the series": series(dilation=1),
        "any dilation": series(),
    },
    features={
        "a dilation above 1": lambda dilation: dilation > 1,
        "several series": lambda x: len(x) > 1,
        "several channels": lambda x: x.shape[1] > 1,
        "several kernels": lambda weight: len(weight) > 1,
        "a kernel of one step": lambda weight: weight.shape[2] == 1,
        "a kernel longer than the series": lambda x, weight: weight.shape[2] > x.shape[2],
        "a series shorter than the look-back": lambda x, weight, dilation: (
            x.shape[2] <= reach(weight, dilation)
        ),
    },
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("x", "weight bias"),
    hints=(
        "Which steps of the series may output t look at, and which weight meets which of them? "
        "What stands before the first step, and how many of these does the first output need?",
        "The series is [1, 2, 3, 4], the kernel [10, 1], no bias. 0 stands before the start:\n"
        "10 * 0 + 1 * 1 = 1\n"
        "10 * 1 + 1 * 2 = 12\n"
        "10 * 2 + 1 * 3 = 23\n"
        "10 * 3 + 1 * 4 = 34\n"
        "conv1d_causal([[[1, 2, 3, 4]]], [[[10, 1]]], [0]) = [[[1, 12, 23, 34]]]\n"
        "With dilation 2 the 10 meets the step before the last one: 10 * 1 + 1 * 3 = 13.",
        "padded = ...                        # zeros in front, for the first output's sake\n"
        "out = ...                           # (N, F, L), the bias everywhere\n"
        "for k in range(K):\n"
        "    out += weight[:, :, k] @ ...    # L steps of padded, from where on?\n"
        "return out",
    ),
)


def convolved(x, weight, bias, dilation, left, right=0):
    """Return a convolution over time with zeros on both sides."""
    import torch.nn.functional as F

    return F.conv1d(F.pad(x, (left, right)), weight, bias, dilation=dilation)


@exercise.equivalent
def causal(x, weight, bias, dilation=1):
    return convolved(x, weight, bias, dilation, reach(weight, dilation))


of_bias(exercise)
of_channels(exercise)
of_arguments(
    exercise,
    kernel_reversed=(
        "The kernel runs backwards: its last weight meets step t, the first looks back farthest.",
        {"weight": lambda weight: weight.flip(2)},
    ),
    dilation_ignored=("The dilation is ignored.", {"dilation": 1}),
    gaps_counted=(
        "The weights lie dilation + 1 steps apart: dilation is the distance, not the gap.",
        {"dilation": lambda dilation: dilation + 1},
    ),
)
of_result(
    exercise,
    first_sample_only="Only the first series is computed; the others stay zero.",
    relu_added="Negative results are cut off: a ReLU is not part of it.",
    integer_result="The result array holds integers, so that everything after the point is cut "
    "off.",
    channels_last=(
        "The result is (N, L, F); channels come second here: (N, F, L).",
        lambda out: out.transpose(1, 2),
    ),
    no_start=(
        "The first outputs stay 0, where the kernel reaches out of the series: zeros stand before "
        "the start.",
        lambda out, weight, dilation: out.index_fill(
            2, out.new_tensor(range(min(out.shape[2], reach(weight, dilation)))).long(), 0.0
        ),
    ),
    reversed_in_time=("The steps of the result run backwards.", lambda out: out.flip(2)),
    bias_for_every_step=(
        "The bias is added once for each of the K steps that an output sees: once to each output.",
        lambda out, weight, bias: out + (weight.shape[2] - 1) * bias[:, None],
    ),
)
raising(
    exercise,
    ValueError,
    lambda x, weight, dilation: x.shape[2] <= reach(weight, dilation),
    short_series="Series as short as the look-back, or shorter, raise an error: the kernel may "
    "reach out of them.",
)


@exercise.mistake(
    "The zeros stand on both sides, so that output t sees later steps: all of them belong in front."
)
def centred(x, weight, bias, dilation=1):
    back = reach(weight, dilation)
    return convolved(x, weight, bias, dilation, back // 2, back - back // 2)


@exercise.mistake("The zeros stand behind the series, so that output t sees what comes after it.")
def looks_ahead(x, weight, bias, dilation=1):
    return convolved(x, weight, bias, dilation, 0, reach(weight, dilation))


@exercise.mistake(
    "The zeros stand in front and behind, so that there are more outputs than steps: in front only."
)
def longer_result(x, weight, bias, dilation=1):
    back = reach(weight, dilation)
    return convolved(x, weight, bias, dilation, back, back)


@exercise.mistake("There are no zeros in front, so that outputs are missing: there are L.")
@numpy_errors()
def shorter_result(x, weight, bias, dilation=1):
    return convolved(x, weight, bias, dilation, 0)


@exercise.mistake(
    "K - 1 zeros stand in front, which is enough for dilation 1: it takes (K - 1) * dilation."
)
@numpy_errors()
def zeros_not_dilated(x, weight, bias, dilation=1):
    return convolved(x, weight, bias, dilation, weight.shape[2] - 1)


@exercise.mistake(
    "K - 1 zeros stand in front, so that with a dilation outputs see later steps: it takes "
    "(K - 1) * dilation."
)
def too_few_zeros(x, weight, bias, dilation=1):
    in_front = weight.shape[2] - 1
    return convolved(x, weight, bias, dilation, in_front, in_front * (dilation - 1))


@exercise.mistake(
    "K zeros stand in front, one too many, so that step t is not seen by output t: the last "
    "weight meets x[t]."
)
def one_step_late(x, weight, bias, dilation=1):
    out = convolved(x, weight, bias, dilation, reach(weight, dilation) + 1)
    return out[..., : x.shape[2]]


@exercise.mistake("The first step stands before the start, again and again: zeros do.")
def first_step_repeated(x, weight, bias, dilation=1):
    import torch.nn.functional as F

    padded = F.pad(x, (reach(weight, dilation), 0), mode="replicate")
    return convolved(padded, weight, bias, dilation, 0)


@exercise.mistake(
    "The end of the series stands before its start: a negative index, or np.roll, comes round "
    "again. Zeros belong there."
)
def comes_round(x, weight, bias, dilation=1):
    back, length = reach(weight, dilation), x.shape[2]
    round_and_round = x.repeat(1, 1, back // length + 2)
    return convolved(round_and_round[..., -(back + length) :], weight, bias, dilation, 0)


def of_negative_indices(name, message, *, further=None):
    """Add x[..., t - back] without a look at its sign; `further` is raised beyond the length."""

    def mistaken(x, weight, bias, dilation=1):
        back, length = reach(weight, dilation), x.shape[2]
        if back > length and further:
            raise further
        round_once = x[..., max(0, length - back) :]
        zeros = max(0, back - length)
        import torch

        return convolved(torch.cat([round_once, x], 2), weight, bias, dilation, zeros)

    exercise.add(name, message, mistaken)


of_negative_indices(
    "index_below_zero",
    "A step before the start has a negative index, which NumPy takes from the end: leave it out, "
    "as if it were 0.",
)
of_negative_indices(
    "index_far_below_zero",
    "A step before the start has a negative index: NumPy takes it from the end, or there is no "
    "such step. Leave it out, as if it were 0.",
    further=IndexError,
)


@exercise.mistake("Only every dilation-th output is computed: that is a stride, there are L.")
def dilation_as_stride(x, weight, bias, dilation=1):
    return convolved(x, weight, bias, 1, reach(weight, 1))[..., ::dilation]


@exercise.mistake("The weight is read as (C, F, K); its first axis counts the kernels.")
def weight_axes_exchanged(x, weight, bias, dilation=1):
    channels, kernels = weight.shape[:2]
    if channels > x.shape[1] or kernels > len(bias):
        raise IndexError
    return causal(x[:, :channels], weight.transpose(0, 1), bias[:kernels], dilation)


@exercise.mistake("The kernels are averaged over their weights and channels; add products up.")
def averaged(x, weight, bias, dilation=1):
    return causal(x, weight / weight[0].numel(), bias, dilation)
