"""The share of samples for which the likeliest class is the right one."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.train._cases import predicted
from grader.vocabulary import Exercise, tied, undrawn


def at_the_target(probabilities, targets):
    """Return each sample's probability of its right class."""
    return probabilities[range(len(targets)), targets]


def ties(probabilities):
    """Return for how many classes of each sample the probability is the largest."""
    return (probabilities == probabilities.max(1)[:, None]).sum(1)


exercise = Exercise(
    points=1,
    decks=(),
    requires=("activations.softmax",),
    levels={"one likeliest class": predicted(), "ties": predicted(of=tied)},
    features={
        "several samples": lambda targets: len(targets) > 1,
        "just one class": lambda probabilities: probabilities.shape[1] == 1,
        "as many samples as classes": lambda probabilities: (
            len(probabilities) == probabilities.shape[1]
        ),
        "a tie for the largest": lambda probabilities: ties(probabilities).max() > 1,
        "every sample right": lambda probabilities, targets: (
            probabilities.argmax(1) == targets
        ).all(),
        "no sample right": lambda probabilities, targets: (
            probabilities.argmax(1) != targets
        ).all(),
    },
    never=[undrawn("far huge below", "A probability is a number from 0 to 1.", of="probabilities")],
    hints=(
        "For one sample: which class does the network say, and when is that right? What is left "
        "to do with all the samples' answers?",
        "[[0.7, 0.3], [0.4, 0.6]] says class 0, then class 1; the targets are 0 and 0.\n"
        "The first is right, the second wrong:\n"
        "accuracy([[0.7, 0.3], [0.4, 0.6]], [0, 0]) = 1 / 2 = 0.5\n"
        "Of equal probabilities the first class counts:\n"
        "accuracy([[0.5, 0.5]], [0]) = 1.0",
        "said = probabilities.argmax(...)    # one class for each sample\n"
        "right = ...                         # True or False for each\n"
        "return float(...)                   # the share of True",
    ),
)


@exercise.equivalent
def accuracy(probabilities, targets, said=None):
    said = first_largest(probabilities) if said is None else said
    return (said == targets).double().mean()


def first_largest(probabilities):
    """Return the first class with the largest probability, sample by sample."""
    import torch

    rows = probabilities.tolist()
    return torch.tensor([row.index(max(row)) for row in rows])


of_result(
    exercise,
    counted=(
        "That is how many samples are right; divide by how many there are.",
        lambda share, targets: share * len(targets),
    ),
    percent=("The share is multiplied by 100: it runs from 0.0 to 1.0.", lambda share: share * 100),
    error_rate=(
        "That is the share of wrong answers: compare with ==, not !=.",
        lambda share: 1.0 - share,
    ),
    all_or_nothing=(
        "It is 1 when all samples are right and else 0 (np.all, int(...), //): take the mean of "
        "right or wrong.",
        lambda share: float(share == 1.0),
    ),
    at_least_one=(
        "It is 1 as soon as one sample is right: take the mean.",
        lambda share: share.ceil(),
    ),
    rounded=(
        "The share is rounded to two digits: return it as it is.",
        lambda share: share.round(decimals=2),
    ),
    divided_by_classes=(
        "It is divided by the number of classes K; there are N samples, one row each.",
        lambda share, probabilities: share * len(probabilities) / probabilities.shape[1],
    ),
)
of_arguments(
    exercise,
    last_of_ties=(
        "Among equal probabilities the last class is taken (np.argsort, >=): the first one counts, "
        "as in argmax.",
        {
            "said": lambda _, probabilities: (
                probabilities.shape[1] - 1 - first_largest(probabilities.flip(1))
            )
        },
    ),
    least_likely=(
        "The class with the smallest probability is taken: argmax, not argmin.",
        {"said": lambda _, probabilities: first_largest(-probabilities)},
    ),
    counted_from_one=(
        "Classes are counted from 0: argmax gives them as the targets have them.",
        {"said": lambda _, probabilities: first_largest(probabilities) + 1},
    ),
    over_the_samples=(
        "argmax runs down the samples (axis 0); the classes of a sample are on axis 1.",
        {"said": lambda _, probabilities: first_largest(probabilities.T)},
    ),
    one_for_all=(
        "argmax without an axis gives one place in the whole table; give every sample its own: "
        "axis=1.",
        {"said": lambda _, probabilities: first_largest(probabilities.reshape(1, -1))},
    ),
    first_sample_for_all=(
        "The first sample's class is compared with every target.",
        {"said": lambda _, probabilities: first_largest(probabilities)[:1]},
    ),
)


@exercise.mistake(
    "Every class that shares the largest probability counts as right (p[target] == p.max()); only "
    "the first of them is what the network says."
)
def ties_are_right(probabilities, targets):
    return (at_the_target(probabilities, targets) == probabilities.amax(1)).double().mean()


@exercise.mistake(
    "That is the mean probability of the right class; what counts is only whether it is the "
    "largest."
)
def mean_probability(probabilities, targets):
    return at_the_target(probabilities, targets).mean()


@exercise.mistake(
    "A class counts as predicted only above 0.5. With three classes 0.4 may be the largest, and "
    "at 0.5 each the first of two is: compare with the other classes."
)
def above_a_half_alone(probabilities, targets):
    return (at_the_target(probabilities, targets) > 0.5).double().mean()


@exercise.mistake(
    "A class counts as predicted from 0.5 on. With three classes 0.4 may be the largest: compare "
    "with the other classes."
)
def above_a_half(probabilities, targets):
    return (at_the_target(probabilities, targets) >= 0.5).double().mean()


@exercise.mistake(
    "Probability and class number are compared (probabilities.max instead of argmax)."
)
def largest_for_its_place(probabilities, targets):
    return (probabilities.amax(1) == targets).double().mean()


@exercise.mistake("The right class may also be the second likeliest; it has to be the likeliest.")
def among_the_first_two(probabilities, targets):
    above = (probabilities > at_the_target(probabilities, targets)[:, None]).sum(1)
    return (above < 2).double().mean()
