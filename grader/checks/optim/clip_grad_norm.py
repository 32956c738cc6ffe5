"""Gradients whose joint norm is too large are shrunk together, so that their direction stays."""

from grader.checks.optim._cases import draw_shape
from grader.vocabulary import Exercise, array, between, bits, one_of, strategy, undrawn, uniform


@strategy
def gradient_lists(draw, count=between(2, 4)):
    """Draw lists of arrays, some of them zeros; every other element is at least 0.5 in size."""
    max_norm = draw(one_of(1.0, 0.5, 4.0, 50.0))
    shapes = [draw_shape(draw, max_axes=2) for _ in range(draw(count))]
    scales = [draw(one_of(1.0, 4.0, 0.0, 1000.0)) for _ in shapes]
    sizes = [draw(array(*shape, of=uniform(0.5, 3.0))) for shape in shapes]
    signs = [draw(array(*shape, of=bits)) * 2 - 1 for shape in shapes]
    return [a * b * c for a, b, c in zip(sizes, signs, scales, strict=True)], max_norm


def joint_norm(grads):
    """Return the norm of all elements of all arrays."""
    return sum((grad**2).sum() for grad in grads) ** 0.5


exercise = Exercise(
    points=3,
    decks=("000",),
    levels={"one array": gradient_lists(count=1), "several arrays": gradient_lists()},
    features={
        "a norm above max_norm": lambda grads, max_norm: joint_norm(grads) > max_norm,
        "zeros everywhere": lambda grads: joint_norm(grads) == 0,
        "several arrays": lambda grads: len(grads) > 1,
    },
    tolerance=1e-5,
    never=[undrawn("tiny ties near", "The norm of all elements decides, not any one of them.")],
    hints=(
        "Think of all arrays as one long vector: how long is it, and how long may it be? When "
        "does nothing change, and why is it one factor for all?",
        "Two arrays, [6, 0] and [[8]], and at most 5:\n"
        "sqrt(6 ** 2 + 0 ** 2 + 8 ** 2) = 10\n"
        "5 / 10 = 0.5                         the factor, for all of them\n"
        "clip_grad_norm([[6, 0], [8]], 5)[0] = [6 * 0.5, 0 * 0.5] = [3, 0]",
        "total = the sum of all squares, over every array\n"
        "norm = ...\n"
        "scale = ... if norm > max_norm else ...\n"
        "return [... for grad in grads]",
    ),
)


@exercise.equivalent
def clip(grads, max_norm, norm_type=2.0):
    import torch

    leaves = [torch.empty_like(grad) for grad in grads]
    for leaf, grad in zip(leaves, grads, strict=True):
        leaf.grad = grad
    torch.nn.utils.clip_grad_norm_(leaves, max_norm, norm_type)
    return [leaf.grad for leaf in leaves]


@exercise.mistake("Nothing is clipped: where the joint norm exceeds max_norm, shrink every array.")
def never_clipped(grads, max_norm):
    return grads


@exercise.mistake(
    "Every array is clipped by its own norm, which turns the direction. There is one norm, over "
    "all arrays, and one factor for all."
)
def each_array_alone(grads, max_norm):
    return [clip([grad], max_norm)[0] for grad in grads]


@exercise.mistake(
    "Gradients are always rescaled to max_norm, small ones are enlarged, and zeros become nan. "
    "Change them only when the norm exceeds max_norm."
)
def always_rescaled(grads, max_norm):
    return [grad * (max_norm / joint_norm(grads)) for grad in grads]


@exercise.mistake(
    "Gradients are always rescaled to max_norm, small ones are enlarged, too. Change them only "
    "when the norm exceeds max_norm."
)
def always_rescaled_but_zeros(grads, max_norm):
    return [grad * (max_norm / (joint_norm(grads) + 1e-6)) for grad in grads]


@exercise.mistake("The sum of squares is not a norm yet: take its root.")
def no_root(grads, max_norm):
    squares = joint_norm(grads) ** 2
    return [grad * min(1.0, max_norm / (squares + 1e-6)) for grad in grads]


@exercise.mistake("The norms of the arrays are added. Add the squares of all elements, then root.")
def norms_added(grads, max_norm):
    norm = sum(joint_norm([grad]) for grad in grads)
    return [grad * min(1.0, max_norm / (norm + 1e-6)) for grad in grads]


@exercise.mistake("The norm is the sum of absolute values. It is the root of the sum of squares.")
def sum_of_absolute_values(grads, max_norm):
    return clip(grads, max_norm, norm_type=1.0)


@exercise.mistake("The norm is the largest element. It is the root of the sum of squares.")
def largest_element(grads, max_norm):
    return clip(grads, max_norm, norm_type=float("inf"))


@exercise.mistake(
    "Every element is clipped to ±max_norm, which turns the direction. Clip the joint norm: one "
    "factor for all elements."
)
def elements_clipped(grads, max_norm):
    return [grad.clip(-max_norm, max_norm) for grad in grads]


@exercise.mistake("Gradients are shrunk to norm 1; they should keep the norm max_norm.")
def shrunk_to_one(grads, max_norm):
    norm = joint_norm(grads)
    return [grad / norm if norm > max_norm else grad for grad in grads]


@exercise.mistake(
    "The norm is returned, as torch's clip_grad_norm_ does; return the list of arrays."
)
def norm_returned(grads, max_norm):
    return joint_norm(grads)
