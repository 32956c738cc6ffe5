"""Samples whose distances decide, drawn so that no loss is tiny and no margin is nearly kept."""

from grader.vocabulary import array, between, bits, one_of, real, strategy, wide

MARGINS = one_of((), (2.0,), (0.5,), (1.5,))
"""What is handed on as margin: nothing, or another one than the default."""
LEAST = 0.5
"""How much a triplet or a pair that is paid for costs at least, before it is squared."""


def far(a, b):
    """Return the distance of each pair of rows."""
    return ((a - b) ** 2).sum(1) ** 0.5


@strategy
def triplets(draw, number=between(1, 4), options=()):
    """Draw triplets that miss the margin by `LEAST`, or keep it by 0.1, and the margin.

    In those between, positive and negative are exchanged.
    """
    n, d, options = draw(number), draw(between(1, 5)), draw(options)
    anchor, positive, negative = (draw(array(n, d, of=wide)) for _ in range(3))
    margin = options[0] if options else 1.0
    cost = far(anchor, positive) - far(anchor, negative) + margin
    between_both = ((cost > -0.1) & (cost < LEAST))[:, None]
    near = between_both * negative + ~between_both * positive
    away = between_both * positive + ~between_both * negative
    return (anchor, near, away, *options)


@strategy
def pairs(draw, number=between(1, 5), alike=False, options=()):
    """Draw pairs, whether they belong together, and the margin.

    Those that do are apart by `LEAST` or not at all. Those that do not miss the margin by half of
    it or more, or keep it by a tenth.
    """
    n, d, options = draw(number), draw(between(1, 5)), draw(options)
    margin = options[0] if options else 1.0
    same, inside = draw(array(n, of=bits)), draw(array(n, of=bits))
    if draw(alike):
        same[:] = draw(one_of(1.0, 0.0))
    a, apart = draw(array(n, d, of=wide)), draw(array(n, d, of=real))
    length = far(apart, 0.0)
    length[length == 0.0] = 1.0
    # What does not belong together lies within half of the margin, or outside of it.
    wanted = length.clip(LEAST, None)
    wanted[same == 0] = length.clip(1.1 * margin, None)[same == 0]
    within = (same == 0) & (inside == 1)
    wanted[within] = (length % (margin / 2))[within]
    return (a, a + apart * (wanted / length)[:, None], same, *options)
