"""The words whose vectors have the largest cosines with a word's own, without the word itself."""

from grader.vocabulary import Exercise, array, between, strategy, tied, undrawn, uniform


@strategy
def tables(draw, k=1, ties=0):
    """Draw a word, a table and how many neighbours are asked for.

    With `ties` each vector lies on an axis, so that its cosines are exactly 0, 1 and -1.
    """
    words, width = draw(between(3, 7)), draw(between(2, 4))
    index, wanted = draw(between(0, words - 1)), min(draw(k), words - 1)
    if not ties:
        return index, draw(array(words, width, of=uniform(-3.0, 3.0))), wanted
    sizes, axes = draw(array(words, of=tied)), [draw(between(0, width - 1)) for _ in range(words)]
    table = draw(array(words, width)) * 0.0
    for word, axis in enumerate(axes):
        table[word, axis] = sizes[word]
    return index, table, wanted


def cosines(index, table):
    """Return the cosine of a word with each of a table of NumPy's."""
    import numpy as np

    norms = np.linalg.norm(table, axis=1)
    units = table / np.where(norms == 0.0, 1.0, norms)[:, None]
    return units @ units[index]


exercise = Exercise(
    points=3,
    decks=("001",),
    requires=("cosine_similarity",),
    levels={
        "the nearest one": tables(),
        "several": tables(k=between(2, 6)),
        "equally near, and vectors of zeros": tables(k=between(1, 6), ties=1),
    },
    features={
        "several neighbours": lambda k: k > 1,
        "all other words asked for": lambda table, k: k == len(table) - 1,
        "equally near words": lambda index, table: (
            len(set(cosines(index, table).round(9))) < len(table)
        ),
        "a vector of zeros": lambda table: not table.any(1).all(),
        "a word that is all zeros": lambda index, table: not table[index].any(),
        "the first word": lambda index: index == 0,
    },
    never=[
        undrawn(
            "tiny far huge near below",
            "Only directions count, and which of two cosines is larger must not be a matter of "
            "rounding.",
            of="table",
        )
    ],
    hints=(
        "What tells how near two words are? Which word is always the nearest of all? In which "
        "order does np.argsort put equal numbers, and what does it begin with?",
        "The word 0 has the vector [1, 0], the others [0, 2], [5, 1] and [1, 1]:\n"
        "cosines 0, 0.9806 and 0.7071       the word itself: 1, left out\n"
        "nearest(0, [[1, 0], [0, 2], [5, 1], [1, 1]], 2) = [2, 3]",
        "near = np.array([cosine_similarity(..., ...) for vector in table])\n"
        'order = np.argsort(..., kind="stable")      # the largest first: mind the sign\n'
        "order = order[...]                          # without the word itself\n"
        "return order[...]",
    ),
)


def similarities(index, table):
    """Return the cosine of a word with each, zeros for vectors of zeros."""
    import torch.nn.functional as F

    units = F.normalize(table, dim=1, eps=1e-300)
    near = units @ units[index]
    return near.mul(2**40).round().div(2**40)  # what is equal but for rounding is equal


def ranked(scores, index, k, *, left_out=True):
    """Return the places of the largest scores; of equal ones the first comes first."""
    order = scores.argsort(descending=True, stable=True)
    return order[order != index][:k] if left_out else order[:k]


@exercise.equivalent
def nearest(index, table, k):
    return ranked(similarities(index, table), index, k)


@exercise.mistake("The word itself is among its neighbours; leave it out.")
def itself_too(index, table, k):
    return ranked(similarities(index, table), index, k, left_out=False)


@exercise.mistake(
    "The word's own cosine is set to 0 to leave it out, but words with a negative one still come "
    "after it. Leave out its index."
)
def own_set_to_zero(index, table, k):
    scores = similarities(index, table)
    scores[index] = 0.0
    return ranked(scores, index, k, left_out=False)


@exercise.mistake(
    "The first of the order is left out as if it were the word itself; equally near words, or a "
    "vector of zeros, may stand before it. Leave out the index itself."
)
def first_left_out(index, table, k):
    return ranked(similarities(index, table), index, k + 1, left_out=False)[1:]


@exercise.mistake("The farthest words come first: np.argsort begins with the smallest.")
def farthest_first(index, table, k):
    return ranked(-similarities(index, table), index, k)


@exercise.mistake("The k nearest are right, but the nearest comes last.")
def nearest_last(index, table, k):
    return nearest(index, table, k).flip(0)


@exercise.mistake(
    "Equally near words stand in the wrong order: the smaller index comes first. An order that is "
    'turned round turns ties round, too; sort the negative cosines, with kind="stable".'
)
def ties_turned_round(index, table, k):
    order = similarities(index, table).argsort(stable=True).flip(0)
    return order[order != index][:k]


@exercise.mistake("The dot product decides, so that long vectors win; divide by the norms.")
def by_dot_product(index, table, k):
    return ranked(table @ table[index], index, k)


@exercise.mistake("The Euclidean distance decides; it is the cosine that does.")
def by_distance(index, table, k):
    return ranked(-(table - table[index]).norm(2, 1), index, k)


@exercise.mistake("Negative cosines count as positive: opposite directions are far, not near.")
def by_absolute_cosine(index, table, k):
    return ranked(similarities(index, table).abs(), index, k)


@exercise.mistake(
    "A vector of zeros gives nan, which is sorted wherever it likes. Its cosine counts as 0."
)
def zeros_give_nan(index, table, k):
    units = table / table.norm(2, 1, True)
    return ranked(units @ units[index], index, k)


@exercise.mistake("A vector of zeros comes last; its cosine counts as 0, before negative ones.")
def zeros_last(index, table, k):
    scores = similarities(index, table)
    scores[~table.any(1)] = -2.0
    return ranked(scores, index, k)


@exercise.mistake("These are the cosines; return the words' indices.")
def cosines_themselves(index, table, k):
    return similarities(index, table)[nearest(index, table, k)]


@exercise.mistake("These are the vectors of the neighbours; return their indices.")
def vectors_themselves(index, table, k):
    return table[nearest(index, table, k)]


@exercise.mistake("All other words are returned; only the first k are asked for.")
def all_of_them(index, table, k):
    return nearest(index, table, len(table) - 1)


@exercise.mistake("There is one neighbour less than k.")
def one_less(index, table, k):
    return nearest(index, table, k - 1)


@exercise.mistake(
    "The word was taken out of the table first, and the places of those behind it are one too "
    "small: they count in the table without it."
)
def places_without_it(index, table, k):
    found = nearest(index, table, k)
    return found - (found > index).long()


@exercise.mistake("The indices are put in order of their size; the nearest comes first.")
def sorted_by_index(index, table, k):
    return nearest(index, table, k).sort().values


@exercise.mistake("Only the nearest is returned, as one number; return an array of k indices.")
def one_number(index, table, k):
    return int(nearest(index, table, 1)[0])


@exercise.mistake("The norms run down the columns (axis 0); a word's vector is a row.")
def norms_of_columns(index, table, k):
    scaled = table / table.norm(2, 0).clamp(min=1e-300)
    return ranked(scaled @ scaled[index], index, k)
