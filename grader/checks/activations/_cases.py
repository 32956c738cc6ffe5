"""The families of cases that the activation checks share, and what tells the cases apart."""

from grader.checks._shared import sides
from grader.vocabulary import array, below, between, real, strategy, wide


@strategy
def elements(draw, of=real, single=0.0, upstream=False, numbers=()):
    """Draw x of 1 to 3 axes, after the upstream gradient where asked for and before `numbers`.

    Some elements are shifted up or down by `single`.
    """
    numbers, single = [draw(number) for number in numbers], draw(single)
    shape = [draw(between(1, 4)) for _ in range(draw(between(1, 3)))]
    x = draw(array(*shape, of=of)) + single * sides(draw(array(*shape, of=below(3))))
    return (draw(array(*shape, of=wide)), x, *numbers) if upstream else (x, *numbers)


@strategy
def rows(draw, row=0.0, single=0.0):
    """Draw x of 1 to 3 axes with at least 2 numbers along the last one.

    Whole rows are shifted by `row` up or down, single numbers by `single`.
    """
    row, single = draw(row), draw(single)
    axes, k = draw(between(0, 2)), draw(between(2, 5))
    before = [draw(between(1, 4)) for _ in range(axes)]
    x = draw(array(*before, k)) + row * sides(draw(array(*before, 1, of=below(3))))
    return (x + single * sides(draw(array(*before, k, of=below(3)))),)


SHAPES = {
    "more than one element": lambda x: x.size > 1,
    "more than one axis": lambda x: x.ndim > 1,
}

LARGE = {
    **SHAPES,
    "x above 700": lambda x: x.max() > 700,
    "x below -700": lambda x: x.min() < -700,
}

KINKS = {
    **SHAPES,
    "an x of exactly 0": lambda x: (x == 0).any(),
    "an x below 0": lambda x: x.min() < 0,
}
