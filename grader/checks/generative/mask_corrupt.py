"""The input of a denoising auto-encoder: what the mask does not keep is set to 0."""

from grader.checks.generative._cases import SHAPE_FEATURES, draw_shape
from grader.vocabulary import Exercise, array, bits, one_of, strategy, undrawn, wide


@strategy
def masked(draw, dtype):
    """Draw an array and a mask of its shape, with elements of a type."""
    shape, dtype = draw_shape(draw), draw(dtype)
    return draw(array(*shape, of=wide)), draw(array(*shape, of=bits)).astype(dtype)


exercise = Exercise(
    points=1,
    decks=("001",),
    levels={
        "masks of True and False": masked(dtype="bool"),
        "masks of 0 and 1": masked(dtype=one_of("int64", "float64")),
    },
    features={
        **SHAPE_FEATURES,
        "a mask of True and False": lambda keep_mask: keep_mask.dtype == bool,
        "a mask that keeps everything": lambda keep_mask: keep_mask.all(),
        "a mask that keeps nothing": lambda keep_mask: not keep_mask.any(),
    },
    never=[undrawn("tiny far huge near below", "A mask is 0 or 1.", of="keep_mask")],
    hints=(
        "What becomes of a number where the mask is 1 or True, and elsewhere? Do True and 1 "
        "need two rules?",
        "mask_corrupt([[1, -2, 3]], [[1, 0, 1]]) = [[1, 0, 3]]\nWhat is kept is not made larger.",
        "return np.where(..., ..., ...)\n"
        "A mask of True and False will do as well as one of 1 and 0.",
    ),
)


@exercise.equivalent
def masked_fill(x, keep_mask):
    return x.masked_fill(keep_mask == 0, 0.0)


@exercise.mistake("The mask is the wrong way round: 1 and True mean that an element is kept.")
def inverted(x, keep_mask):
    return masked_fill(x, keep_mask == 0)


@exercise.mistake(
    "~ turns True into False, but 0 into -1 and 1 into -2: the mask may hold 0 and 1. Use "
    "keep_mask == 0."
)
def tilde_on_numbers(x, keep_mask):
    if keep_mask.is_floating_point():
        raise TypeError
    x[~keep_mask] = 0.0
    return x


@exercise.mistake(
    "~ turns True into False, but 0 into -1 and 1 into -2, both of which count as true: the mask "
    "may hold 0 and 1. Use keep_mask == 0."
)
def tilde_in_where(x, keep_mask):
    if keep_mask.is_floating_point():
        raise TypeError
    return x.masked_fill((~keep_mask).bool(), 0.0)


@exercise.mistake("Only the kept elements are returned; the others become 0, the shape stays.")
def kept_elements_alone(x, keep_mask):
    return x[keep_mask != 0]


@exercise.mistake("The mask is added, as noise would be; multiply by it.")
def added(x, keep_mask):
    return x + keep_mask


@exercise.mistake(
    "What is kept is divided by the share that is kept, as dropout does. Here it stays as it is."
)
def rescaled(x, keep_mask):
    return masked_fill(x, keep_mask) / keep_mask.double().mean()


@exercise.mistake("x is returned as it came: set it to 0 where keep_mask is 0.")
def not_masked(x, keep_mask):
    return x


@exercise.mistake("What is not kept becomes nan; it becomes 0.")
def nan_for_zero(x, keep_mask):
    return x.masked_fill(keep_mask == 0, float("nan"))
