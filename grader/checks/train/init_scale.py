"""How widely first weights are spread: by the fans, so that signals neither die nor explode."""

from grader.checks._shared import of_result, raising
from grader.vocabulary import Exercise, bad, between, either, level, one_of, strategy

MODES = one_of("xavier", "he")


@strategy
def layers(draw, fan_in=between(1, 800), fan_out=between(1, 800), mode=MODES):
    """Draw the fans of a layer, and a mode."""
    return draw(fan_in), draw(fan_out), draw(mode)


@strategy
def refused(draw, fan_in=between(1, 50), fan_out=between(1, 50), mode=MODES):
    """Draw a layer that there is not, or a mode."""
    return bad(draw(fan_in), draw(fan_out), draw(mode))


def lenet():
    """Return the fans of LeNet's first convolution and last layer."""
    return [(25, 150, "he"), (84, 10, "xavier")]


NONE = between(-3, 0)

exercise = Exercise(
    points=3,
    decks=("003",),
    levels={
        "both modes": level(layers(), fixed=lenet),
        "a fan below 1, another mode": either(
            refused(fan_in=NONE),
            refused(fan_out=NONE),
            refused(fan_in=NONE, fan_out=NONE),
            refused(mode=one_of("lecun", "uniform", "xavier_he", "")),
            layers(fan_in=between(1, 3), fan_out=between(1, 3)),
        ),
    },
    features={
        'mode = "he"': lambda mode: mode == "he",
        "equal fans": lambda fan_in, fan_out: fan_in == fan_out,
        "more outputs than inputs": lambda fan_in, fan_out: fan_out > fan_in,
        "a fan of 1": lambda fan_in, fan_out: 1 in (fan_in, fan_out),
        "fan_in below 1": lambda fan_in: fan_in < 1,
        "fan_out below 1": lambda fan_out: fan_out < 1,
        "a fan of 0": lambda fan_in, fan_out: 0 in (fan_in, fan_out),
        "another mode": lambda mode: mode not in ("he", "xavier"),
    },
    hints=(
        "A standard deviation is asked for, not a variance: which function makes one out of the "
        "other? Which arguments are no layer at all?",
        "30 inputs and 20 outputs; xavier looks at both:\n"
        'init_scale(30, 20, "xavier") = sqrt(2 / (30 + 20)) = 0.2\n'
        "he looks at the inputs alone, here 50:\n"
        'init_scale(50, 20, "he") = sqrt(2 / 50) = 0.2',
        "if ... or ...:\n"
        "    raise ValueError(...)\n"
        "if mode == ...:\n"
        "    return the root of 2 / ...\n"
        "if mode == ...:\n"
        "    return ...\n"
        "raise ValueError(...)       # any other mode",
    ),
)


@exercise.equivalent
def init_scale(fan_in, fan_out, mode):
    import torch

    if min(fan_in, fan_out) < 1 or mode not in ("xavier", "he"):
        raise ValueError
    shared = fan_in if mode == "he" else (fan_in + fan_out) / 2
    gain = torch.nn.init.calculate_gain("relu") if mode == "he" else 1.0
    return gain / shared**0.5


def spread(two, he, xavier):
    """Return a mistake that takes the root of `two` by what each mode says."""

    def mistaken(fan_in, fan_out, mode):
        if min(fan_in, fan_out) < 1 or mode not in ("xavier", "he"):
            raise ValueError
        return (two / (he if mode == "he" else xavier)(fan_in, fan_out)) ** 0.5

    return mistaken


def inputs(fan_in, _):
    """Count what a neuron adds up."""
    return fan_in


def outputs(_, fan_out):
    """Count who uses what a neuron gives."""
    return fan_out


def both(fan_in, fan_out):
    """Count both."""
    return fan_in + fan_out


for name, told, mistaken in (
    (
        "always_he",
        'Both modes give what "he" does: "xavier" divides by fan_in + fan_out.',
        spread(2.0, inputs, inputs),
    ),
    (
        "always_xavier",
        'Both modes give what "xavier" does: "he" divides by fan_in alone.',
        spread(2.0, both, both),
    ),
    (
        "modes_swapped",
        'The two modes are swapped: "he" looks at fan_in alone.',
        spread(2.0, both, inputs),
    ),
    (
        "he_of_outputs",
        '"he" divides by fan_out here: it is fan_in, what a neuron adds up.',
        spread(2.0, outputs, both),
    ),
    (
        "one_for_two",
        "There is a 1 under the root where 2 stands in both modes.",
        spread(1.0, inputs, both),
    ),
    (
        "one_for_two_in_he",
        '"he" has a 1 under the root: it is 2, since a ReLU lets only half of its input through.',
        spread(2.0, lambda i, _: 2 * i, both),
    ),
    (
        "one_for_two_in_xavier",
        '"xavier" has a 1 under the root: it is 2 / (fan_in + fan_out), one over the mean of both.',
        spread(2.0, inputs, lambda i, o: 2 * (i + o)),
    ),
    (
        "xavier_of_inputs",
        '"xavier" looks at fan_in alone here: it is the root of 2 / (fan_in + fan_out).',
        spread(2.0, inputs, lambda i, _: 2 * i),
    ),
    (
        "mean_of_both_and_two",
        '"xavier" divides 2 by the mean of the fans: divide 2 by their sum, or 1 by the mean.',
        spread(2.0, inputs, lambda i, o: (i + o) / 2),
    ),
    (
        "six_for_two",
        "There is a 6 under the root: that is the bound of a uniform distribution. The standard "
        "deviation has a 2.",
        spread(6.0, inputs, both),
    ),
    (
        "product_of_fans",
        '"xavier" divides by fan_in * fan_out: it is fan_in + fan_out.',
        spread(2.0, inputs, lambda i, o: i * o),
    ),
):
    exercise.add(name, told, mistaken)

of_result(
    exercise,
    no_root=("That is the variance: the standard deviation is its root.", lambda std: std**2),
    turned_over=(
        "The fraction is turned over: more inputs make smaller weights, 2 / fan_in.",
        lambda std: 1.0 / std,
    ),
    two_outside=(
        "The 2 stands outside of the root: sqrt(2 / ...), not 2 / sqrt(...).",
        lambda std: std * 2**0.5,
    ),
)
raising(
    exercise,
    ValueError,
    lambda fan_in, fan_out: 1 in (fan_in, fan_out),
    one_refused="A fan of 1 is refused; only what is below 1 is no layer.",
)


def unchecked(fan_in, fan_out, mode):
    """Return what NumPy makes of any fans: nan of a negative number, an error of a 0."""
    shared = fan_in if mode == "he" else fan_in + fan_out
    two = 2.0 / shared
    return two**0.5 if two > 0 else float("nan")


@exercise.mistake(
    "The fans are not checked: below 1 there is no layer, which is a ValueError and not a "
    "division by 0 or nan.",
    on_bad_arguments=True,
)
def fans_not_checked(fan_in, fan_out, mode):
    if mode not in ("xavier", "he"):
        raise ValueError
    return unchecked(fan_in, fan_out, mode)


@exercise.mistake("Only fan_in is checked; fan_out below 1 is refused, too.", on_bad_arguments=True)
def fan_out_not_checked(fan_in, fan_out, mode):
    if fan_in < 1 or mode not in ("xavier", "he"):
        raise ValueError
    return unchecked(fan_in, fan_out, mode)


@exercise.mistake(
    'fan_out is checked for "xavier" alone; it is refused below 1 whichever mode it is.',
    on_bad_arguments=True,
)
def fan_out_not_checked_for_he(fan_in, fan_out, mode):
    if mode == "he" and fan_in >= 1:
        return unchecked(fan_in, fan_out, mode)
    return init_scale(fan_in, fan_out, mode)


@exercise.mistake("A fan of 0 is let through: the test wants < 1, not < 0.", on_bad_arguments=True)
def zero_let_through(fan_in, fan_out, mode):
    if min(fan_in, fan_out) < 0 or mode not in ("xavier", "he"):
        raise ValueError
    return unchecked(fan_in, fan_out, mode)


@exercise.mistake(
    'Every mode but "xavier" is taken for "he"; another one is a ValueError.', on_bad_arguments=True
)
def else_is_he(fan_in, fan_out, mode):
    return init_scale(fan_in, fan_out, mode if mode == "xavier" else "he")


@exercise.mistake(
    'Every mode but "he" is taken for "xavier"; another one is a ValueError.', on_bad_arguments=True
)
def else_is_xavier(fan_in, fan_out, mode):
    return init_scale(fan_in, fan_out, mode if mode == "he" else "xavier")


@exercise.mistake(
    "Another mode gives None: the function ends without a return. Raise ValueError there.",
    on_bad_arguments=True,
)
def none_for_another_mode(fan_in, fan_out, mode):
    if min(fan_in, fan_out) >= 1 and mode not in ("xavier", "he"):
        return None
    return init_scale(fan_in, fan_out, mode)


@exercise.mistake(
    "Another mode is a KeyError of a dict: look first, and raise ValueError.", on_bad_arguments=True
)
def key_error(fan_in, fan_out, mode):
    if min(fan_in, fan_out) >= 1 and mode not in ("xavier", "he"):
        raise KeyError
    return init_scale(fan_in, fan_out, mode)
