"""Of boxes on the same thing the surest is kept: the others overlap with it too much."""

from grader.checks.vision._cases import overlap_of, sides, sizes
from grader.vocabulary import Exercise, array, below, between, level, one_of, strategy, undrawn

PLACES = 4
"""Corners are whole numbers, so that an overlap is a ratio of small ones."""


@strategy
def crowds(draw, number=between(2, 5), threshold=one_of(0.5, 0.3, 0.7), ties=0):
    """Draw boxes with corners among few places, and scores, some of them equal with `ties`."""
    n = draw(number)
    low = draw(array(n, 2, of=below(PLACES - 1)))
    size = draw(array(n, 2, of=below(PLACES))) + 1.0
    order = draw(array(n, of=below(3 if draw(ties) else 97)))
    boxes = draw(array(n, 4)) * 0.0
    boxes[:, :2], boxes[:, 2:] = low, low + size
    return boxes, (order - 1.0) / 8.0, draw(threshold)


def a_chain():
    """Return three boxes in a row: the middle one is on both others, these not on each other."""
    import numpy as np

    boxes = np.array([[0.0, 0.0, 4.0, 1.0], [1.0, 0.0, 5.0, 1.0], [2.0, 0.0, 6.0, 1.0]])
    return [(boxes, np.array([0.9, 0.8, 0.7]), 0.5), (boxes, np.array([0.8, 0.9, 0.7]), 0.5)]


def overlaps(boxes):
    """Return the overlaps of different boxes, of NumPy's arrays."""
    import numpy as np

    low = np.maximum(boxes[:, None, :2], boxes[:, :2])
    both = np.maximum(np.minimum(boxes[:, None, 2:], boxes[:, 2:]) - low, 0.0).prod(2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return (both / (area[:, None] + area - both))[~np.eye(len(boxes), dtype=bool)]


exercise = Exercise(
    points=4,
    decks=("000",),
    requires=("iou",),
    levels={
        "a few boxes": level(crowds(), fixed=a_chain),
        "exactly at the threshold": crowds(threshold=one_of(0.5, 0.25, 0.0)),
        "equal scores": crowds(number=between(1, 6), ties=1),
    },
    features={
        "equal scores": lambda scores: len(set(scores)) < len(scores),
        "an overlap exactly at the threshold": lambda boxes, threshold: (
            overlaps(boxes) == threshold
        ).any(),
        "a threshold of 0": lambda threshold: threshold == 0,
        "one box alone": lambda boxes: len(boxes) == 1,
        "boxes that do not meet": lambda boxes: (overlaps(boxes) == 0).any(),
        "the same box twice": lambda boxes: (overlaps(boxes) == 1).any(),
    },
    never=[
        undrawn(
            "tiny far huge near below",
            "Corners are whole numbers, so that no overlap is at the threshold but for rounding.",
            of="boxes",
        ),
        undrawn("tiny far huge near below", "Scores are compared alone.", of="scores"),
    ],
    hints=(
        "Which box is kept in any case? Whom may a box suppress, and may one that was suppressed "
        "do so itself? What happens at exactly the threshold?",
        "Boxes (0, 0, 4, 4), (1, 0, 5, 4), (6, 0, 8, 2) with the scores 0.7, 0.9, 0.2:\n"
        "3 * 4 = 12                     the first two share\n"
        "12 / (16 + 16 - 12) = 0.6      more than 0.5: only box 1 stays; box 2 is alone\n"
        "non_max_suppression([[0, 0, 4, 4], [6, 0, 8, 2]], [0.7, 0.9], 0.5) = [1, 0]",
        "overlap = iou(..., ...)\n"
        "kept = []\n"
        'for index in np.argsort(..., kind="stable"):      # the surest first\n'
        "    if not np.any(overlap[..., ...] > ...):\n"
        "        kept.append(index)\n"
        "return ...                                        # an array of int64",
    ),
)


def keep(boxes, scores, threshold, *, order=None, too_much=None, overlap=None):
    """Return what is kept, in an order of the boxes and by a measure of too much."""
    overlap = overlap_of(boxes, boxes) if overlap is None else overlap
    order = scores.argsort(descending=True, stable=True) if order is None else order
    too_much = too_much or (lambda share: share > threshold)
    kept = []
    for index in order.tolist():
        if not any(too_much(overlap[index, other]) for other in kept):
            kept.append(index)
    return scores.new_tensor(kept).long()


@exercise.equivalent
def non_max_suppression(boxes, scores, threshold):
    return keep(boxes, scores, threshold)


@exercise.mistake("At exactly the threshold a box goes; only what lies strictly above it goes.")
def at_the_threshold_too(boxes, scores, threshold):
    return keep(boxes, scores, threshold, too_much=lambda share: share >= threshold)


@exercise.mistake("What overlaps little goes, and what overlaps much stays: turn the comparison.")
def comparison_turned(boxes, scores, threshold):
    return keep(boxes, scores, threshold, too_much=lambda share: share <= threshold)


@exercise.mistake("The least sure box comes first: np.argsort begins with the smallest.")
def least_sure_first(boxes, scores, threshold):
    return keep(boxes, scores, threshold, order=scores.argsort(stable=True))


@exercise.mistake("The boxes are gone through in their own order; begin with the surest.")
def order_of_the_boxes(boxes, scores, threshold):
    return keep(boxes, scores, threshold, order=(0 * scores).argsort(stable=True))


@exercise.mistake(
    "Of equal scores the larger index comes first: an order that is turned round turns ties round, "
    'too. Sort the negative scores, with kind="stable".'
)
def ties_turned_round(boxes, scores, threshold):
    return keep(boxes, scores, threshold, order=scores.argsort(stable=True).flip(0))


@exercise.mistake("Boxes that were suppressed suppress others, too; only kept boxes do.")
def suppressed_ones_suppress(boxes, scores, threshold):
    overlap, order = overlap_of(boxes, boxes), scores.argsort(descending=True, stable=True).tolist()
    kept = [
        index
        for place, index in enumerate(order)
        if not any(overlap[index, other] > threshold for other in order[:place])
    ]
    return scores.new_tensor(kept).long()


@exercise.mistake("Each box is compared with the surest alone; compare it with all that were kept.")
def with_the_first_alone(boxes, scores, threshold):
    overlap, order = overlap_of(boxes, boxes), scores.argsort(descending=True, stable=True)
    first = order[0]
    return order[(overlap[order, first] <= threshold) | (order == first)]


@exercise.mistake(
    "Each box is compared with the last one that was kept alone; compare it with all of them."
)
def with_the_last_alone(boxes, scores, threshold):
    overlap, kept = overlap_of(boxes, boxes), []
    for index in scores.argsort(descending=True, stable=True).tolist():
        if not kept or overlap[index, kept[-1]] <= threshold:
            kept.append(index)
    return scores.new_tensor(kept).long()


@exercise.mistake("The indices are put in order; the surest comes first.")
def sorted_by_index(boxes, scores, threshold):
    return non_max_suppression(boxes, scores, threshold).sort().values


@exercise.mistake("These are the places in the sorted list; return indices into boxes.")
def places_in_the_order(boxes, scores, threshold):
    order = scores.argsort(descending=True, stable=True)
    return keep(boxes[order], scores[order], threshold)


@exercise.mistake("The boxes themselves are returned; return their indices.")
def boxes_themselves(boxes, scores, threshold):
    return boxes[non_max_suppression(boxes, scores, threshold)]


@exercise.mistake("The scores are returned; return the boxes' indices.")
def scores_themselves(boxes, scores, threshold):
    return scores[non_max_suppression(boxes, scores, threshold)]


@exercise.mistake("This tells for each box whether it is kept; return the indices.")
def mask_of_all(boxes, scores, threshold):
    mask = scores > scores.max()
    mask[non_max_suppression(boxes, scores, threshold)] = True
    return mask


@exercise.mistake("Only the surest box is kept; those on other things stay, too.")
def surest_alone(boxes, scores, threshold):
    return non_max_suppression(boxes, scores, threshold)[:1]


@exercise.mistake("The boxes that go are returned; return those that stay.")
def suppressed_returned(boxes, scores, threshold):
    kept = set(non_max_suppression(boxes, scores, threshold).tolist())
    order = scores.argsort(descending=True, stable=True).tolist()
    return scores.new_tensor([index for index in order if index not in kept]).long()


@exercise.mistake("The threshold is always 0.5; use the argument.")
def fixed_threshold(boxes, scores, threshold):
    return non_max_suppression(boxes, scores, 0.5)


def of_scores(enough):
    """Return a mistake: the threshold is asked of the scores, too."""

    def mistaken(boxes, scores, threshold):
        kept = non_max_suppression(boxes, scores, threshold)
        return kept[enough(scores[kept], threshold)]

    return mistaken


exercise.add(
    "threshold_for_scores",
    "Boxes whose score is not above the threshold go; it is for overlaps.",
    of_scores(lambda scores, threshold: scores > threshold),
)
exercise.add(
    "threshold_for_low_scores",
    "Boxes whose score is below the threshold go; it is for overlaps.",
    of_scores(lambda scores, threshold: scores >= threshold),
)


@exercise.mistake(
    "Boxes are removed from the list that the loop goes through: each removal skips the next one. "
    "Make a new list of those that stay."
)
def removed_from_the_loop(boxes, scores, threshold):
    overlap, kept = overlap_of(boxes, boxes), []
    waiting = scores.argsort(descending=True, stable=True).tolist()
    while waiting:
        kept.append(waiting.pop(0))
        for other in waiting:
            if overlap[kept[-1], other] > threshold:
                waiting.remove(other)
    return scores.new_tensor(kept).long()


def other_measure(share):
    """Return a mistake: another measure of how much two boxes have in common.

    It is worked out from whole numbers, as by a student: at exactly the threshold all agree.
    """

    def mistaken(boxes, scores, threshold):
        both = sides(boxes, boxes).relu().prod(2)
        return keep(boxes, scores, threshold, overlap=share(both, sizes(boxes)))

    return mistaken


for name, message, measure in (
    (
        "share_of_the_smaller",
        "The overlap is divided by the smaller area; iou divides by the union.",
        lambda both, area: both / area[:, None].minimum(area),
    ),
    (
        "share_of_the_larger",
        "The overlap is divided by the larger area; iou divides by the union.",
        lambda both, area: both / area[:, None].maximum(area),
    ),
    (
        "share_of_its_own",
        "The overlap is divided by the box's own area; iou divides by the union.",
        lambda both, area: both / area[:, None],
    ),
    (
        "share_of_the_kept",
        "The overlap is divided by the area of the box that was kept; iou divides by the union.",
        lambda both, area: both / area,
    ),
    (
        "area_for_share",
        "The shared area itself is compared with the threshold; divide it by the union.",
        lambda both, _area: both,
    ),
    (
        "sum_of_the_areas",
        "What both boxes cover is counted twice in the union.",
        lambda both, area: both / (area[:, None] + area),
    ),
    (
        "dice",
        "This is the Dice coefficient, twice what both cover over both areas; take the union.",
        lambda both, area: 2 * both / (area[:, None] + area),
    ),
):
    exercise.add(name, message, other_measure(measure))


@exercise.mistake(
    "1 is added to widths and heights, as in counts of pixels: here they are x2 - x1."
)
def pixels_counted(boxes, scores, threshold):
    both, area = (sides(boxes, boxes) + 1).relu().prod(2), (boxes[:, 2:] - boxes[:, :2] + 1).prod(1)
    ratio = both / (area[:, None] + area - both)
    return keep(boxes, scores, threshold, overlap=ratio)


@exercise.mistake(
    "1 is added to the sides of the boxes, as in counts of pixels, and not to what they share: "
    "here they are x2 - x1."
)
def pixels_counted_in_areas(boxes, scores, threshold):
    both, area = sides(boxes, boxes).relu().prod(2), (boxes[:, 2:] - boxes[:, :2] + 1).prod(1)
    ratio = both / (area[:, None] + area - both)
    return keep(boxes, scores, threshold, overlap=ratio)
