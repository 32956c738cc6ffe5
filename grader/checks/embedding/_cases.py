"""The families of cases that the embedding checks share."""

from grader.vocabulary import array, below, between, one_of, strategy, wide


@strategy
def lookups(draw, axes=1, backward=False):
    """Draw indices of some shape into a table, some rows never used, some used several times.

    Backward cases hold the upstream gradient and the number of rows, the others the table.
    """
    rows, width = draw(one_of(5, 3, 2, 8)), draw(one_of(3, 2, 4, 1))
    shape = [draw(between(1, 4)) for _ in range(draw(axes))]
    if backward:
        return draw(array(*shape, width, of=wide)), draw(array(*shape, of=below(rows))), rows
    return draw(array(*shape, of=below(rows))), draw(array(rows, width, of=wide))


def is_repeated(indices):
    """Tell whether an index occurs more than once."""
    return len(set(indices.flat)) < indices.size
