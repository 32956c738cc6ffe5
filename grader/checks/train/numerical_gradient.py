"""The slope of any function by trying: each number is moved a little to both sides."""

from grader.checks._shared import of_arguments, of_result
from grader.vocabulary import (
    Exercise,
    array,
    between,
    function,
    gradients,
    level,
    one_of,
    strategy,
    wide,
)

QUADRATIC = (
    function("lambda x: (x * x).sum()"),
    function("lambda x: (x * (3 - x)).sum()"),
    function("lambda x: (x.sum() - 1) ** 2"),
    function("lambda x: x.sum() * x.mean() / 2"),
)
SMOOTH = (
    *QUADRATIC,
    function("lambda x: (x * x * x).sum()"),
    function("lambda x: x.prod()"),
    function("lambda x: (1 / (1 + x * x)).sum()"),
    function("lambda x: (2 ** -(x * x)).sum()"),
    function("lambda x: x.sum() / (1 + (x * x).sum())"),
)


@strategy
def slopes(draw, f=one_of(*SMOOTH), axes=between(1, 3), eps=None):
    """Draw a smooth function, where its slope is wanted, and a step where one is given."""
    f, axes = draw(f), draw(axes)
    x = draw(array(*(draw(between(1, 4)) for _ in range(axes)), of=wide))
    return (f, x) if eps is None else (f, x, draw(eps))


def one_number():
    """Return a parabola at 3, where its slope is 6."""
    import numpy as np

    return [(QUADRATIC[0], np.array([3.0]))]


exercise = Exercise(
    points=4,
    decks=("001",),
    levels={
        "a small step": level(slopes(), fixed=one_number),
        "a large step on quadratics": slopes(f=one_of(*QUADRATIC), eps=one_of(1.0, 0.5, 0.25)),
    },
    features={
        "more than one axis": lambda x: x.ndim > 1,
        "more than one element": lambda x: x.size > 1,
        "a large eps": lambda eps: eps > 0.1,
        "an f in which the numbers meet": lambda f: "x.sum()" in str(f) or "prod" in str(f),
        "an f that is not quadratic": lambda f: f not in QUADRATIC,
    },
    # Two values of f are rounded, and what is left of them is divided by two millionths.
    tolerance=1e-5,
    terms=lambda f, x: 100.0 + 1e4 * abs(f(abs(x))),
    hints=(
        "How would you measure how steep a hill is at one spot, if all you can ask is its height "
        "at any spot? And for x with many numbers, which of them move at a time?",
        "f(x) = x² at 3, eps 0.5: f(3.5) = 12.25 and f(2.5) = 6.25. They are 6 apart over a way "
        "of 1, so the slope is 6. From f(3) = 9 to f(3.5) it would be 6.5, which is not.",
        "For every index in np.ndindex(x.shape): moved = x.copy(); moved[index] += ...; above = "
        "f(...); the same downwards for below; gradient[index] = (... - ...) / (...).",
    ),
)


@exercise.equivalent
def numerical_gradient(f, x, eps=1e-6):
    return gradients(f, 1.0, x)[0]


def of_each(x, measure):
    """Return what `measure` finds for each number of x, given what moves that one alone."""
    import torch

    flat = x.reshape(-1)

    def moving(place):
        def moved(by):
            copy = flat.clone()
            copy[place] += by
            return copy.reshape(x.shape)

        return moved

    found = [torch.as_tensor(measure(moving(place))) for place in range(x.numel())]
    return torch.stack(found).double().reshape(x.shape)


def first_alone(gradient):
    """Leave the others zero."""
    kept = (gradient * 0.0).flatten()
    kept[0] = gradient.flatten()[0]
    return kept.reshape(gradient.shape)


of_result(
    exercise,
    not_halved=(
        "The difference is divided by eps: the two places are 2 * eps apart.",
        lambda gradient: gradient * 2,
    ),
    halved="The difference is halved twice: divide by 2 * eps once.",
    not_divided=(
        "The difference is not divided by the distance of the two places, 2 * eps.",
        lambda gradient, eps: gradient * 2 * eps,
    ),
    eps_in_the_numerator=(
        "(...) / 2 * eps divides by 2 and multiplies by eps: put 2 * eps into brackets.",
        lambda gradient, eps: gradient * eps**2,
    ),
    wrong_sign="The sign is turned: f at x + eps comes first, minus f at x - eps.",
    absolute=("The slope's sign is lost: leave abs out.", lambda gradient: gradient.abs()),
    in_one_row=(
        "The result is one long row; it has the shape of x.",
        lambda gradient: gradient.flatten(),
    ),
    summed_up=(
        "The slopes are added up; every number of x has its own.",
        lambda gradient: gradient.sum(),
    ),
    mean_of_all=(
        "Every number gets the mean slope; each has its own.",
        lambda gradient: gradient * 0 + gradient.mean(),
    ),
    all_moved_at_once=(
        "All numbers are moved at once (f(x + eps)), so that each gets the sum of all slopes: move "
        "one and leave the others.",
        lambda gradient: gradient * 0 + gradient.sum(),
    ),
    rows_moved=(
        "x[i] += eps moves a whole row of x, and every number in it gets the row's sum. Go through "
        "all indices: np.ndindex(x.shape).",
        lambda gradient: (
            gradient * 0
            + gradient.reshape(len(gradient), -1).sum(1).reshape(-1, *[1] * (gradient.ndim - 1))
        ),
    ),
    first_number_alone=(
        "Only the first number's slope is there: the return stands inside of the loop, or the loop "
        "ends too early.",
        first_alone,
    ),
    last_number_missing=(
        "The last number's slope is missing: the loop ends one too early.",
        lambda gradient: (
            gradient - first_alone(gradient.flip(*range(gradient.ndim))).flip(*range(gradient.ndim))
        ),
    ),
    times_the_number=(
        "The step is eps * x, another one for each number, and it is divided by eps alone.",
        lambda gradient, x: gradient * x,
    ),
    one_for_slope=(
        "The slope is divided by its own length: gradients are not normalised.",
        lambda gradient: gradient / gradient.norm().clamp(min=1e-300),
    ),
)


@exercise.mistake(
    "The difference is taken to one side, f(x + eps) - f(x). It is off by eps times the "
    "curvature: take f(x + eps) - f(x - eps)."
)
def one_side(f, x, eps=1e-6):
    return of_each(x, lambda moved: (f(moved(eps)) - f(x)) / eps)


@exercise.mistake(
    "The difference is taken to the left, f(x) - f(x - eps): take f(x + eps) - f(x - eps)."
)
def other_side(f, x, eps=1e-6):
    return of_each(x, lambda moved: (f(x) - f(moved(-eps))) / eps)


@exercise.mistake("One side alone, divided by 2 * eps: the second place is x - eps, not x.")
def one_side_halved(f, x, eps=1e-6):
    return one_side(f, x, eps) / 2


@exercise.mistake(
    "Both places are on the right, x + eps and x + 2 * eps: one is on each side of x."
)
def both_to_the_right(f, x, eps=1e-6):
    return of_each(x, lambda moved: (f(moved(2 * eps)) - f(moved(eps))) / eps)


@exercise.mistake(
    "That is the second derivative, f(x + eps) - 2 f(x) + f(x - eps) over eps²; the slope is "
    "asked for."
)
def curvature(f, x, eps=1e-6):
    return of_each(x, lambda moved: (f(moved(eps)) - 2 * f(x) + f(moved(-eps))) / eps**2)


@exercise.mistake(
    "A number that was moved stays at x - eps while the next one is tried: put it back first."
)
def not_put_back(f, x, eps=1e-6):
    return _walked(f, x, eps, left_at=-eps)


@exercise.mistake(
    "A number that was moved stays at x + eps while the next one is tried: put it back first."
)
def not_put_back_from_above(f, x, eps=1e-6):
    return _walked(f, x, eps, left_at=eps)


def _walked(f, x, eps, left_at):
    """Return central differences, each number left where it was moved to."""
    import torch

    here, slopes = x.flatten().clone(), []
    for place in range(x.numel()):
        values = []
        for by in (eps, -eps):
            there = here.clone()
            there[place] += by
            values.append(f(there.reshape(x.shape)))
        here[place] += left_at
        slopes.append((values[0] - values[1]) / (2 * eps))
    return torch.stack(slopes).reshape(x.shape)


of_arguments(
    exercise,
    at_the_absolute=(
        "The slope is that at |x|: move the numbers of x as they are.",
        {"x": lambda x: x.abs()},
    ),
)
