"""How well boxes fit on each other: what both cover, as a share of what either covers."""

from grader.checks._shared import numpy_errors, of_result
from grader.checks.vision._cases import box_pairs, overlap_of, share, sides, sizes
from grader.vocabulary import Exercise, level, undrawn


def by_hand():
    """Return a box with four others: half of it aside, touching, inside, and empty."""
    import numpy as np

    others = [
        [2.0, 0.0, 6.0, 4.0],
        [4.0, 0.0, 8.0, 4.0],
        [1.0, 1.0, 3.0, 2.0],
        [2.0, 1.0, 2.0, 3.0],
    ]
    return [(np.array([[0.0, 0.0, 4.0, 4.0]]), np.array(others))]


def areas(boxes):
    """Return the area of each box."""
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def apart(boxes, others):
    """Return how far each pair is apart to the right and downwards; negative where they overlap."""
    low = boxes[:, None, :2].clip(others[:, :2], None)
    return low - boxes[:, None, 2:].clip(None, others[:, 2:])


exercise = Exercise(
    points=4,
    decks=("000",),
    levels={
        "two boxes": box_pairs(number=1),
        "every pair of several boxes": level(box_pairs(), fixed=by_hand),
    },
    features={
        "several boxes": lambda boxes: len(boxes) > 1,
        "N = M": lambda boxes, others: len(boxes) == len(others),
        "an empty box": lambda boxes: (areas(boxes) == 0).any(),
        "an empty union": lambda boxes, others: (
            areas(boxes).min() == 0 and areas(others).min() == 0
        ),
        "boxes that overlap": lambda boxes, others: (apart(boxes, others).max(2) < 0).any(),
        "boxes apart in both directions": lambda boxes, others: (
            apart(boxes, others).min(2) > 0
        ).any(),
        "boxes apart in one direction only": lambda boxes, others: (
            (apart(boxes, others).min(2) < 0) & (apart(boxes, others).max(2) > 0)
        ).any(),
    },
    never=[
        undrawn("huge below", "Where a box is does not matter, only where the other is from it."),
    ],
    hints=(
        "Where does what two boxes share begin, and where does it end? How wide is it if they do "
        "not meet at all? What is counted twice when their areas are added?",
        "The boxes (0, 0, 4, 4) and (2, 0, 6, 4):\n"
        "min(4, 6) - max(0, 2) = 2    wide\n"
        "min(4, 4) - max(0, 0) = 4    high\n"
        "2 * 4 = 8                    in both\n"
        "4 * 4 + 4 * 4 - 8 = 24       in either\n"
        "iou([[0, 0, 4, 4]], [[2, 0, 6, 4]]) = 8 / 24 = 0.3333",
        "x1, y1, x2, y2 = ...          # columns of boxes, shape (N, 1); of others, shape (M,)\n"
        "width = np.maximum(... - ..., 0)\n"
        "height = ...\n"
        "both = ...\n"
        "union = ...\n"
        "return both / union, but 0 where ...",
    ),
)


@exercise.equivalent
def iou(boxes, others):
    return overlap_of(boxes, others)


def with_shared(both_of):
    """Return a mistake: another intersection, out of its two sides."""

    def mistaken(boxes, others):
        both = both_of(sides(boxes, others))
        return share(both, sizes(boxes)[:, None] + sizes(others) - both)

    return mistaken


def over(union_of):
    """Return a mistake: another union, out of both areas and the intersection."""

    def mistaken(boxes, others):
        both = sides(boxes, others).relu().prod(2)
        first, second = sizes(boxes)[:, None].expand_as(both), sizes(others).expand_as(both)
        return share(both, union_of(first, second, both))

    return mistaken


for name, message, both_of in (
    (
        "not_cut_off",
        "Boxes that do not meet have negative sides, and two of them make a positive area: cut "
        "each side off at 0.",
        lambda sides: sides.prod(2),
    ),
    (
        "product_cut_off",
        "The area is cut off at 0, not each side: two negative sides make a positive area.",
        lambda sides: sides.prod(2).relu(),
    ),
    (
        "width_cut_off_only",
        "Only the width is cut off at 0: the height may be negative, too.",
        lambda sides: sides[..., 0].relu() * sides[..., 1],
    ),
    (
        "height_cut_off_only",
        "Only the height is cut off at 0: the width may be negative, too.",
        lambda sides: sides[..., 0] * sides[..., 1].relu(),
    ),
    (
        "absolute_sides",
        "abs makes an overlap of a gap: sides below 0 are 0.",
        lambda sides: sides.abs().prod(2),
    ),
):
    exercise.add(name, message, with_shared(both_of))

for name, message, union_of in (
    (
        "shared_counted_twice",
        "What both cover is counted twice in the sum of the areas: subtract it once.",
        lambda first, second, _both: first + second,
    ),
    (
        "shared_subtracted_twice",
        "What both cover is subtracted twice: the union has it once.",
        lambda first, second, both: first + second - 2 * both,
    ),
    (
        "over_first",
        "The intersection is divided by the area of `boxes` alone; divide by the union.",
        lambda first, _second, _both: first,
    ),
    (
        "over_second",
        "The intersection is divided by the area of `others` alone; divide by the union.",
        lambda _first, second, _both: second,
    ),
    (
        "over_smaller",
        "The intersection is divided by the smaller area; divide by the union.",
        lambda first, second, _both: first.minimum(second),
    ),
    (
        "over_larger",
        "The intersection is divided by the larger area; divide by the union.",
        lambda first, second, _both: first.maximum(second),
    ),
    (
        "dice",
        "This is the Dice coefficient, twice the intersection over both areas; use the union.",
        lambda first, second, _both: (first + second) / 2,
    ),
    (
        "intersection_alone",
        "This is the intersection: divide it by the union.",
        lambda first, _second, _both: first * 0.0 + 1.0,
    ),
):
    exercise.add(name, message, over(union_of))

of_result(
    exercise,
    turned_over=("The result is (M, N): `boxes` are the rows.", lambda overlap: overlap.T),
    first_box_only=(
        "Only the first of `boxes` is compared: each has a row.",
        lambda overlap: overlap[:1],
    ),
    one_minus=("This is 1 - IoU, a loss: return the IoU.", lambda overlap: 1.0 - overlap),
    best_only=("Only the best overlap of each box is left; return all.", lambda out: out.amax(1)),
)


@exercise.mistake("An empty union gives 0 / 0, which is nan; it is 0 here.")
def empty_union_nan(boxes, others):
    both = sides(boxes, others).relu().prod(2)
    return both / (sizes(boxes)[:, None] + sizes(others) - both)


@exercise.mistake("Two empty boxes have the overlap 1 here; with an empty union it is 0.")
def empty_union_one(boxes, others):
    both = sides(boxes, others).relu().prod(2)
    union = sizes(boxes)[:, None] + sizes(others) - both
    return share(both, union).masked_fill(union == 0, 1.0)


for tiny in (1e-5, 1e-6, 1e-7):

    @numpy_errors()
    def mistaken(boxes, others, tiny=tiny):
        both = sides(boxes, others).relu().prod(2)
        return both / (sizes(boxes)[:, None] + sizes(others) - both + tiny)

    exercise.add(
        f"plus_{tiny:g}",
        f"{tiny:g} is added to the union, which changes every number: ask whether it is 0.",
        mistaken,
    )


@exercise.mistake(
    "1 is added to widths and heights, as in counts of pixels: here they are x2 - x1."
)
def pixels_counted(boxes, others):
    both = (sides(boxes, others) + 1.0).relu().prod(2)
    first, second = ((b[:, 2:] - b[:, :2] + 1.0).prod(1) for b in (boxes, others))
    return share(both, first[:, None] + second - both)


@exercise.mistake(
    "min and max are exchanged: what both share begins at the larger x1 and ends at the smaller x2."
)
def enclosing(boxes, others):
    import torch

    low = torch.minimum(boxes[:, None, :2], others[:, :2])
    both = (torch.maximum(boxes[:, None, 2:], others[:, 2:]) - low).relu().prod(2)
    return share(both, sizes(boxes)[:, None] + sizes(others) - both)


@exercise.mistake("The box around both stands for the union: add the areas, less what both cover.")
def over_enclosing(boxes, others):
    import torch

    low = torch.minimum(boxes[:, None, :2], others[:, :2])
    around = (torch.maximum(boxes[:, None, 2:], others[:, 2:]) - low).prod(2)
    return share(sides(boxes, others).relu().prod(2), around)


@exercise.mistake("The boxes are read as (x, y, width, height); they are (x1, y1, x2, y2).")
def widths_and_heights(boxes, others):
    import torch

    first, second = (torch.cat([b[:, :2], b[:, :2] + b[:, 2:]], 1) for b in (boxes, others))
    return iou(first, second)


@exercise.mistake("The boxes are read as (x1, x2, y1, y2); they are (x1, y1, x2, y2).")
def columns_exchanged(boxes, others):
    return iou(boxes[:, [0, 2, 1, 3]], others[:, [0, 2, 1, 3]])


@exercise.mistake("Only widths are compared: multiply by the heights.")
def widths_only(boxes, others):
    both = sides(boxes, others)[..., 0].relu()
    first, second = (b[:, 2] - b[:, 0] for b in (boxes, others))
    return share(both, first[:, None] + second - both)


@exercise.mistake(
    "Box n is compared with box n alone: every box is compared with every other, (N, M). Give "
    "`boxes` one more axis."
)
def same_place_only(boxes, others):
    if len(boxes) != len(others) and 1 not in (len(boxes), len(others)):
        raise ValueError
    first, second = boxes.expand(max(len(boxes), len(others)), 4), others
    return iou(first, second.expand(len(first), 4)).diagonal()
