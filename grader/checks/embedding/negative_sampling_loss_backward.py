"""How the vectors of negative sampling must move: sigmoids pull and push them."""

from grader.checks._shared import (
    first_only,
    halved,
    negative,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
    zero,
)
from grader.checks.embedding._skipgram import FEATURES, LARGE, SUMS, drawn, loss
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=4,
    decks=("001",),
    requires=("negative_sampling_loss",),
    levels={
        "one negative": drawn(negatives=1),
        "several": drawn(),
        "products of thousands": drawn(sizes=LARGE),
    },
    features=FEATURES,
    never=[SUMS],
    terms=products_of("center context negatives"),
    hints=(
        "In which terms of the loss does v stand, in which u, in which one of the negatives? What "
        "is the derivative of -log(sigmoid(z)), and what that of -log(sigmoid(-z))?",
        "v = [1, 1], u = [2, -2], one negative [4, -4]; both products are 0, sigmoid(0) = 0.5:\n"
        "0.5 - 1 = -0.5        the pair pulls\n"
        "0.5                   the negative pushes\n"
        "-0.5 * 2 + 0.5 * 4 = 1       what the first number of v gets\n"
        "negative_sampling_loss_backward([1, 1], [2, -2], [[4, -4]])[0] = [1, -1]\n"
        "negative_sampling_loss_backward([1, 1], [2, -2], [[4, -4]])[1] = [-0.5, -0.5]",
        "pull = ... - 1.0                              # one number\n"
        "push = sigmoid(...)                           # (M,), right at +-1000\n"
        "grad_center = pull * ... + ... @ negatives\n"
        "grad_context = ...\n"
        "grad_negatives = push[:, None] * ...\n"
        "return grad_center, grad_context, grad_negatives",
    ),
)


@exercise.equivalent
def negative_sampling_loss_backward(center, context, negatives, of=loss):
    import torch

    upstream = torch.ones((), dtype=center.dtype)
    return gradients(of, upstream, center, context, negatives)


def pulls(center, context, negatives):
    """Return the derivatives of the loss with respect to the products."""
    return (context @ center).sigmoid() - 1, (negatives @ center).sigmoid()


def assembled(pull, push, center, context, negatives):
    """Return the gradients for such derivatives."""
    return pull * context + push @ negatives, pull * center, push[:, None] * center


of_result(
    exercise,
    signs_turned=(
        "All signs are turned: this is the step that makes the loss smaller, not the gradient.",
        dict.fromkeys((0, 1, 2), negative),
    ),
    context_sign_turned=(
        "The sign of grad_context is turned: sigmoid(u . v) - 1, which is never positive.",
        {1: negative},
    ),
    negatives_sign_turned=(
        "The sign of grad_negatives is turned: they are pushed away by sigmoid(n . v).",
        {2: negative},
    ),
    all_halved=("There is a factor 1/2 too much.", dict.fromkeys((0, 1, 2), halved)),
    negatives_summed=(
        "grad_negatives is added up over the negatives; each has a row of its own.",
        {2: lambda grad: grad.sum(0)},
    ),
    negatives_transposed=(
        "grad_negatives is (D, M); like negatives it is (M, D).",
        {2: lambda grad: grad.T},
    ),
    negatives_averaged=(
        "grad_negatives is divided by the number of negatives; nothing is averaged.",
        {2: lambda grad, negatives: grad / len(negatives)},
    ),
    first_negative_alone=(
        "Only the first negative gets a gradient.",
        {2: first_only},
    ),
    context_forgotten=("grad_context is all zeros.", {1: zero}),
)
of_arguments(
    exercise,
    mean_over_negatives=(
        "The negatives are averaged: their terms are added up, so that nothing is divided by M.",
        {"of": lambda _: lambda v, u, n: loss(v, u, n[:0]) + loss(v, 0 * u, n) / len(n)},
    ),
)


@exercise.mistake("grad_center and grad_context are exchanged.")
def center_and_context_exchanged(center, context, negatives):
    grad_center, grad_context, grad_negatives = negative_sampling_loss_backward(
        center, context, negatives
    )
    return grad_context, grad_center, grad_negatives


@exercise.mistake("grad_center lacks the negatives: each pushes the centre, too.")
def center_without_negatives(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return pull * context, pull * center, push[:, None] * center


@exercise.mistake("grad_center lacks the context: it pulls the centre, too.")
def center_without_context(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return push @ negatives, pull * center, push[:, None] * center


@exercise.mistake("grad_center counts the first negative only: add over all of them.")
def center_with_one_negative(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return pull * context + push[0] * negatives[0], *right[1:]


@exercise.mistake(
    "grad_center adds the negatives without their sigmoids: each counts sigmoid(n . v) times."
)
def negatives_unweighted(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return pull * context + negatives.sum(0), *right[1:]


@exercise.mistake("grad_center averages the negatives; add them up.")
def center_averages_negatives(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return pull * context + push @ negatives / len(negatives), *right[1:]


@exercise.mistake("The pair pulls with sigmoid(u . v); it is sigmoid(u . v) - 1.")
def minus_one_forgotten(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return assembled(pull + 1, push, center, context, negatives)


@exercise.mistake("The pair pulls with 1 - sigmoid(u . v); its sign is the other one.")
def pull_turned(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return assembled(-pull, push, center, context, negatives)


@exercise.mistake(
    "The negatives push with sigmoid(n . v) - 1, as the pair does; it is sigmoid(n . v)."
)
def minus_one_for_negatives(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return assembled(pull, push - 1, center, context, negatives)


@exercise.mistake("The negatives pull with -sigmoid(n . v): they push, with sigmoid(n . v).")
def push_turned(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return assembled(pull, -push, center, context, negatives)


@exercise.mistake("grad_center counts the last negative only (= for +=): add over all of them.")
def center_with_the_last_negative(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return pull * context + push[-1] * negatives[-1], *right[1:]


@exercise.mistake(
    "push * center multiplies number by number; grad_negatives has a row for each negative, "
    "push[:, None] * center."
)
@numpy_errors()
def product_for_outer(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return *right[:2], push * center


@exercise.mistake("The negatives push with sigmoid(-n . v); the sign inside is the other one.")
def push_of_the_opposite(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    return assembled(pull, 1 - push, center, context, negatives)


@exercise.mistake(
    "The derivative of the sigmoid, s (1 - s), is multiplied in: the log has taken it away already."
)
def derivative_of_the_sigmoid(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    slopes = -pull * (pull + 1), push * (1 - push)
    return assembled(pull * slopes[0], push * slopes[1], center, context, negatives)


@exercise.mistake("grad_context is made of u; the product u . v has the derivative v.")
def context_of_itself(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return right[0], pull * context, right[2]


@exercise.mistake(
    "grad_negatives is made of the negatives; the product n . v has the derivative v."
)
def negatives_of_themselves(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return *right[:2], push[:, None] * negatives


@exercise.mistake(
    "grad_negatives is made of the context u; the product n . v has the derivative v."
)
def negatives_of_the_context(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return *right[:2], push[:, None] * context


@exercise.mistake("All negatives share the sum of their sigmoids; each has its own.")
def one_push_for_all(center, context, negatives):
    pull, push = pulls(center, context, negatives)
    right = assembled(pull, push, center, context, negatives)
    return *right[:2], (0 * push + push.sum())[:, None] * center


@exercise.mistake(
    "The sigmoid 1 / (1 + exp(-z)) overflows at z = -1000, and exp(z) / (1 + exp(z)) is nan at "
    "z = 1000. Let exp see negative numbers alone."
)
def sigmoid_overflows(center, context, negatives):
    z, zs = context @ center, negatives @ center
    return assembled(
        z.exp() / (1 + z.exp()) - 1, zs.exp() / (1 + zs.exp()), center, context, negatives
    )
