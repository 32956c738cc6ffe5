"""In training some numbers are dropped and the others grow; in evaluation all stay as they are."""

from grader.checks._shared import of_arguments, raising
from grader.vocabulary import (
    Exercise,
    array,
    bad,
    between,
    bits,
    either,
    one_of,
    strategy,
    undrawn,
    wide,
)

SHARES = one_of(0.5, 0.25, 0.1, 0.8, 0.0)


@strategy
def dropped(draw, p=SHARES, training=True, refused=False):
    """Draw an array of one to three axes, a mask of its shape, and a share."""
    shape = [draw(between(1, 4)) for _ in range(draw(between(1, 3)))]
    dtype, p, training = draw(one_of("bool", "int64", "float64")), draw(p), draw(training)
    x, mask = draw(array(*shape, of=wide)), draw(array(*shape, of=bits)).astype(dtype)
    return bad(x, mask, p, training) if refused else (x, mask, p, training)


EITHER = one_of(True, False)

exercise = Exercise(
    points=2,
    decks=(),
    levels={
        "in training": dropped(),
        "in evaluation": dropped(training=EITHER),
        "shares that are none": either(
            dropped(p=one_of(1.0, -0.5, 1.5, -0.01, 2.0), training=EITHER, refused=True),
            dropped(p=one_of(0.0, 0.9), training=EITHER),
        ),
    },
    features={
        "in training": lambda training: training,
        "p = 0": lambda p: p == 0.0,
        "p = 1": lambda p: p == 1.0,
        "p below 0": lambda p: p < 0.0,
        "a mask of True and False": lambda keep_mask: keep_mask.dtype == bool,
        "a mask of floats": lambda keep_mask: keep_mask.dtype == float,
        "a mask that drops nothing": lambda keep_mask: keep_mask.all(),
        "several axes": lambda x: x.ndim > 1,
    },
    never=[undrawn("tiny far huge near below", "A mask is 0 or 1.", of="keep_mask")],
    hints=(
        "If half of all numbers are dropped, by what must the others grow so that their mean stays "
        "what it was? What happens in evaluation, and which p is no share that can be dropped?",
        "A quarter is dropped on average, so that what is left grows by 1 / 0.75:\n"
        "3 / (1 - 0.25) = 4\n"
        "dropout([3, 6], [1, 0], 0.25, True) = [4, 0]\n"
        "dropout([3, 6], [1, 0], 0.25, False) = [3, 6]",
        "if p is no share:\n"
        "    raise ValueError(...)         # in evaluation, too\n"
        "if not training:\n"
        "    return ...\n"
        "return x where the mask keeps it, divided by ..., and 0 elsewhere",
    ),
)


@exercise.equivalent
def dropout(x, keep_mask, p, training):
    import torch

    if not 0.0 <= p < 1.0:
        raise ValueError
    # torch's own dropout draws its mask; this is what it does with the one that it has drawn.
    kept_and_larger = torch.where(keep_mask != 0, x / (1.0 - p), 0.0)
    return kept_and_larger if training else x


def in_training(out):
    """Return a mistake of training: what comes out of x, the mask and p."""

    def mistaken(x, keep_mask, p, training):
        right = dropout(x, keep_mask, p, training)
        return out(x, keep_mask, p) if training else right

    return mistaken


def kept(x, keep_mask):
    """Return x where the mask keeps it."""
    return x.masked_fill(keep_mask == 0, 0.0)


for name, message, out in (
    (
        "not_scaled",
        "What is kept is not made larger: divide by 1 - p.",
        lambda x, keep_mask, _p: kept(x, keep_mask),
    ),
    (
        "divided_by_p",
        "What is kept is divided by p, the share that is dropped: divide by 1 - p.",
        lambda x, keep_mask, p: kept(x, keep_mask) * (1.0 / p if p else float("inf")),
    ),
    (
        "multiplied",
        "What is kept is multiplied by 1 - p and shrinks: divide by it.",
        lambda x, keep_mask, p: kept(x, keep_mask) * (1.0 - p),
    ),
    (
        "multiplied_by_p",
        "What is kept is multiplied by p: divide by 1 - p.",
        lambda x, keep_mask, p: kept(x, keep_mask) * p,
    ),
    (
        "one_plus_p",
        "What is kept is multiplied by 1 + p: divide by 1 - p.",
        lambda x, keep_mask, p: kept(x, keep_mask) * (1.0 + p),
    ),
    (
        "mask_turned",
        "The mask is the wrong way round: 1 and True mean that a number is kept.",
        lambda x, keep_mask, p: kept(x, keep_mask == 0) / (1.0 - p),
    ),
    (
        "not_dropped",
        "The mask is not used: what it does not keep becomes 0.",
        lambda x, _keep_mask, p: x / (1.0 - p),
    ),
    (
        "counted_share",
        "What is kept is divided by the share that the mask keeps: divide by 1 - p, whatever was "
        "drawn.",
        lambda x, keep_mask, _p: kept(x, keep_mask) / (keep_mask != 0).double().mean(),
    ),
    (
        "dropped_scaled_alone",
        "What is kept stays as it is, and the others are divided: it is the other way round.",
        lambda x, keep_mask, p: kept(x, keep_mask) + kept(x, keep_mask == 0) / (1.0 - p),
    ),
    (
        "mask_as_threshold",
        "The mask is compared with p: it says already what is kept, 1 or 0.",
        lambda x, keep_mask, p: kept(x, keep_mask.double() > 1.0 - p) / (1.0 - p),
    ),
    (
        "kept_numbers_alone",
        "Only the kept numbers are returned: the others become 0, the shape stays.",
        lambda x, keep_mask, p: x[keep_mask != 0] / (1.0 - p),
    ),
    (
        "does_nothing",
        "x is returned as it came, in training, too.",
        lambda x, _keep_mask, _p: x,
    ),
):
    exercise.add(name, message, in_training(out))


@exercise.mistake(
    "~ turns True into False, but 0 into -1 and 1 into -2: the mask may hold 0 and 1. Use "
    "keep_mask == 0."
)
def tilde_on_numbers(x, keep_mask, p, training):
    right = dropout(x, keep_mask, p, training)
    if not training:
        return right
    if keep_mask.is_floating_point():
        raise TypeError
    out = x / (1.0 - p)
    out[~keep_mask] = 0.0
    return out


of_arguments(
    exercise,
    training_ignored=(
        "`training` is not looked at: in evaluation x stays as it is.",
        {"training": True},
    ),
    training_turned=(
        "Training and evaluation are exchanged: numbers are dropped in training.",
        {"training": lambda training: not training},
    ),
)


@exercise.mistake(
    "In evaluation x is multiplied by 1 - p: training has divided by it already, so x stays."
)
def shrunk_in_evaluation(x, keep_mask, p, training):
    right = dropout(x, keep_mask, p, training)
    return right if training else right * (1.0 - p)


@exercise.mistake(
    "The scaling is put off until evaluation, x * (1 - p): here training divides by 1 - p, and "
    "evaluation leaves x alone."
)
def scaled_in_evaluation(x, keep_mask, p, training):
    right = dropout(x, keep_mask, p, training)
    return kept(x, keep_mask) if training else right * (1.0 - p)


@exercise.mistake("In evaluation the mask is applied, unscaled: nothing is dropped there.")
def masked_in_evaluation(x, keep_mask, p, training):
    right = dropout(x, keep_mask, p, training)
    return right if training else kept(x, keep_mask)


@exercise.mistake("In evaluation x is divided by 1 - p, too: it stays as it is.")
def divided_in_evaluation(x, keep_mask, p, training):
    right = dropout(x, keep_mask, p, training)
    return right if training else right / (1.0 - p)


raising(
    exercise,
    ValueError,
    lambda p: p == 0.0,
    zero_refused="p = 0 is refused: nothing is dropped then, which is allowed.",
)


def unchecked(x, keep_mask, p, training):
    """Return what comes out of any p."""
    if not training:
        return x
    return kept(x, keep_mask) * (1.0 / (1.0 - p) if p != 1.0 else float("inf"))


@exercise.mistake(
    "p is not checked: below 0, or 1 and more, is a ValueError.", on_bad_arguments=True
)
def not_checked(x, keep_mask, p, training):
    return unchecked(x, keep_mask, p, training)


@exercise.mistake(
    "p is checked in training only: it is refused in evaluation, too.", on_bad_arguments=True
)
def checked_in_training(x, keep_mask, p, training):
    return dropout(x, keep_mask, p, training) if training else x


@exercise.mistake("p = 1 is let through: what is kept would grow by 1 / 0.", on_bad_arguments=True)
def one_let_through(x, keep_mask, p, training):
    if p == 1.0:
        return unchecked(x, keep_mask, p, training)
    return dropout(x, keep_mask, p, training)


@exercise.mistake("p below 0 is let through: a share is not negative.", on_bad_arguments=True)
def negative_let_through(x, keep_mask, p, training):
    if p < 0.0:
        return unchecked(x, keep_mask, p, training)
    return dropout(x, keep_mask, p, training)


@exercise.mistake("p above 1 is let through: there is no more than all.", on_bad_arguments=True)
def above_one_let_through(x, keep_mask, p, training):
    if p >= 1.0:
        return unchecked(x, keep_mask, p, training)
    return dropout(x, keep_mask, p, training)
