"""The families of cases that the checks of the generative models share."""

from grader.vocabulary import array, between, one_of, real, strategy, tied, undrawn, wide


def draw_shape(draw):
    """Return a shape of one to three axes."""
    return [draw(between(1, 4)) for _ in range(draw(between(1, 3)))]


@strategy
def alike(draw, arrays, of=wide):
    """Draw some arrays of one shape."""
    shape = draw_shape(draw)
    return tuple(draw(array(*shape, of=of)) for _ in range(arrays))


EXPONENTS = undrawn(
    "huge below", "exp of a thousand is infinite, and the page promises nothing about that."
)
"""Why logarithms of variances, and what goes with them, are not larger than they are."""

SHAPE_FEATURES = {
    "several axes": lambda x: x.ndim > 1,
    "just one element": lambda x: x.size == 1,
}


@strategy
def logits(draw, arrays, sizes=one_of(1)):
    """Draw arrays of logits of one or two axes, multiplied by one of `sizes`."""
    axes = draw(between(1, 2))
    shapes = [[draw(between(1, 4)) for _ in range(axes)] for _ in range(arrays)]
    scales = [draw(sizes) for _ in shapes]
    kind = real if scales == [1] * arrays else tied
    return tuple(
        draw(array(*shape, of=kind)) * scale for shape, scale in zip(shapes, scales, strict=True)
    )


LARGE = one_of(1000, 40, 1)


EACH_ALONE = undrawn("below", "Each logit stands alone, and -1000 is among them.")
"""Why not all of a case's logits are far below 0."""


def is_large(fake_logits):
    """Tell whether a logit is so large that exp of it overflows."""
    return (abs(fake_logits) > 700).any()
