"""Each query looks at all keys and takes the mean of their values, weighted by a softmax."""

from grader.checks._shared import (
    numpy_errors,
    of_result,
    softmax_over_everything,
    softmax_without_keepdims,
    softmax_without_maximum,
)
from grader.checks.attention._attend import (
    LOWEST,
    attend,
    hidden,
    look_back,
    scaled,
    softmax,
    weights_of,
)
from grader.checks.attention._cases import (
    FEATURES,
    SCORES,
    SIZES,
    attentions,
    largest_value,
)
from grader.vocabulary import Exercise, either, real

LARGE = {"size": SIZES, "of": real}

exercise = Exercise(
    points=4,
    decks=("000",),
    requires=("activations.softmax",),
    levels={
        "no mask": attentions(),
        "a mask": attentions(masked=True),
        "queries that may look at nothing": attentions(masked=True, rows_without=True),
        "scores of ±10000": either(
            attentions(**LARGE),
            attentions(**LARGE, masked=True),
            attentions(**LARGE, masked=True, rows_without=True),
        ),
    },
    features=FEATURES,
    never=[SCORES],
    terms=largest_value,
    hints=(
        "Of the axes N, T and S of the scores, along which one does each query share out its "
        "attention? What must a score become so that exp makes 0 of it, and what is the sum of "
        "the shares then, where nothing may be looked at?",
        "One query [2, 0, 0, 0] and two keys of length 4, whose values are 10 and 0:\n"
        "2 * 2 / sqrt(4) = 2         the score of the key [2, 0, 0, 0]\n"
        "2 * 0 / sqrt(4) = 0         and that of [0, 1, 0, 0]\n"
        "1 / (1 + exp(-2)) = 0.8808  the share of the first\n"
        "0.8808 * 10 + 0.1192 * 0 = 8.808\n"
        "keys = [[2, 0, 0, 0], [0, 1, 0, 0]]\n"
        "values = [[10], [0]]\n"
        "scaled_dot_product_attention([[keys[0]]], [keys], [values]) = [[[8.8080]]]",
        "scores = query @ ... / ...               # (N, T, S): swap two axes of key\n"
        "where the mask is False, scores are ...  # before the softmax\n"
        "largest = ...                            # of each row, and 0 where it is -inf\n"
        "exps = np.exp(...)\n"
        "sums = ...                               # and 1 where it is 0\n"
        "return ... @ value",
    ),
)


@exercise.equivalent
def attention(query, key, value, mask=None):
    import torch.nn.functional as F

    return F.scaled_dot_product_attention(query, key, value, mask)


def mistaken(name, message, **changed):
    """Add attention with something else in it."""

    @numpy_errors()
    def other(query, key, value, mask=None):
        return attend(query, key, value, mask, **changed)

    exercise.add(name, message, other)


def divided(divisor):
    """Return scores that are divided by something else."""
    return lambda query, key: query @ key.mT / divisor(query, key)


for name, message, divisor in (
    (
        "not_scaled",
        "The scores are not scaled: divide them by sqrt(D), the root of the keys' length.",
        lambda _query, _key: 1.0,
    ),
    (
        "divided_by_d",
        "The scores are divided by D: it is its root, sqrt(D).",
        lambda query, _key: query.shape[2],
    ),
    (
        "multiplied_by_the_root",
        "The scores are multiplied by sqrt(D): divide by it.",
        lambda query, _key: query.shape[2] ** -0.5,
    ),
    (
        "root_of_the_keys",
        "The scores are divided by the root of S, how many keys there are: D is how long each is, "
        "the last axis.",
        lambda _query, key: key.shape[1] ** 0.5,
    ),
    (
        "root_of_the_queries",
        "The scores are divided by the root of T, how many queries there are: D is how long each "
        "is, the last axis.",
        lambda query, _key: query.shape[1] ** 0.5,
    ),
):
    mistaken(name, message, score=divided(divisor))


@exercise.mistake(
    "The scores are divided by the root of V, the length of the values: queries and keys have the "
    "length D."
)
def root_of_the_values(query, key, value, mask=None):
    return attend(query * (query.shape[2] / value.shape[2]) ** 0.5, key, value, mask)


for name, message, score in (
    (
        "key_not_turned",
        "key is multiplied as it lies, (N, S, D): swap its last two axes, key.transpose(0, 2, 1).",
        lambda query, key: query @ key / query.shape[2] ** 0.5,
    ),
    (
        "key_turned_over",
        "key.T turns all three axes over, the batch too: swap the last two alone, "
        "key.transpose(0, 2, 1).",
        lambda query, key: query @ key.permute(2, 1, 0) / query.shape[2] ** 0.5,
    ),
    (
        "query_and_key_exchanged",
        "query and key are exchanged: each row of the scores belongs to a query.",
        lambda query, key: scaled(key, query),
    ),
):
    mistaken(name, message, score=score)


def plainly(scores):
    """Divide 0 by 0 where nothing may be looked at."""
    return scores.softmax(-1)


for name, message, share in (
    (
        "nothing_is_nan",
        "Where a query may look at nothing, all its scores are -inf, and their softmax is nan: "
        "such a row gives zeros.",
        plainly,
    ),
    (
        "no_maximum",
        "exp of a large score overflows, and a row of very negative ones becomes all zeros. "
        "Subtract each row's maximum first.",
        softmax_without_maximum,
    ),
    (
        "no_maximum_but_zeros",
        "exp of a large score overflows, and of a row of very negative ones nothing is left. "
        "Subtract each row's maximum first.",
        lambda scores: (
            (exps := scores.exp()) / (sums := exps.sum(-1, keepdim=True)).masked_fill(sums == 0, 1)
        ),
    ),
    (
        "global_maximum",
        "The maximum of all scores is subtracted, and a row far below it becomes all zeros: every "
        "row needs its own, max(axis=2, keepdims=True).",
        lambda scores: softmax_without_maximum(scores - scores.max()),
    ),
    (
        "over_the_queries",
        "Softmax runs over the queries (axis=1): each query shares out its attention over the "
        "keys, axis=2.",
        lambda scores: softmax(scores, 1),
    ),
    (
        "over_the_batch",
        "Softmax runs over the sequences (axis=0): each query shares out its attention over the "
        "keys, axis=2.",
        lambda scores: softmax(scores, 0),
    ),
    (
        "over_everything",
        "One softmax serves all scores together: each query has its own, over the keys, axis=2.",
        softmax_over_everything,
    ),
    (
        "no_keepdims",
        "The maxima and sums of the rows have lost their axis and meet the wrong ones: keep it "
        "with keepdims=True.",
        softmax_without_keepdims,
    ),
    (
        "softmax_twice",
        "Softmax is applied twice.",
        lambda scores: softmax(softmax(scores)),
    ),
    (
        "largest_only",
        "Each query takes the value of its best key alone (argmax): softmax gives all of them a "
        "share.",
        lambda scores: (scores == scores.amax(-1, keepdim=True)).double() * (scores > LOWEST),
    ),
    (
        "sigmoid_for_softmax",
        "Each score goes through a sigmoid by itself: softmax divides by the sum of the row.",
        lambda scores: scores.sigmoid(),
    ),
    (
        "divided_by_s_too",
        "The weights are divided by S: they sum to 1 already.",
        lambda scores: softmax(scores) / scores.shape[-1],
    ),
):
    mistaken(name, message, share=share)


@exercise.mistake(
    "The root of D divides the weights, after the softmax: it divides the scores, before it."
)
def scaled_after_softmax(query, key, value, mask=None):
    root = query.shape[2] ** 0.5
    return attend(query, key, value, mask, score=lambda query, key: query @ key.mT) / root


@exercise.mistake("There is no softmax: the scores themselves weigh the values.")
def no_softmax(query, key, value, mask=None):
    return attend(
        query,
        key,
        value,
        mask,
        hide=lambda scores, mask: scores.masked_fill(~mask, 0.0),
        share=lambda scores: scores,
    )


def low(scores, mask):
    """Put a low number for what is forbidden, which is no lower than others like it."""
    return scores.masked_fill(~mask, -1e9)


for name, message, changed in (
    (
        "mask_ignored",
        "The mask is not looked at: where it is False, a key gets no weight.",
        {"hide": lambda scores, _: scores},
    ),
    (
        "mask_turned",
        "The mask is taken the wrong way round: True is where a query may look.",
        {"hide": lambda scores, mask: hidden(scores, ~mask)},
    ),
    (
        "mask_as_factor",
        "Forbidden scores are 0, and exp(0) = 1 still counts: they must be -inf before the "
        "softmax.",
        {"hide": lambda scores, mask: scores * mask},
    ),
    (
        "low_scores_for_none",
        "Forbidden scores are a very low number: where a query may look at nothing all are equally "
        "low, and it takes the mean of all values. Such a row gives zeros.",
        {"hide": low},
    ),
    (
        "low_number_added",
        "A very low number is added to forbidden scores: where a query may look at nothing it is "
        "added to all of them, which changes no softmax. Such a row gives zeros.",
        {"hide": lambda scores, mask: scores + (~mask).double() * -1e9},
    ),
    (
        "minus_one_hundred",
        "Forbidden scores are -100, which is not low where the others are lower: take -np.inf.",
        {"hide": lambda scores, mask: scores.masked_fill(~mask, -100.0)},
    ),
    (
        "minus_ten_thousand",
        "Forbidden scores are -10000, which is not low where the others are lower: take -np.inf.",
        {"hide": lambda scores, mask: scores.masked_fill(~mask, -1e4), "emptied": True},
    ),
    (
        "ten_thousand_less",
        "Forbidden scores are lowered by 10000, which is too little where they are that large: "
        "take -np.inf.",
        {"hide": lambda scores, mask: scores - 1e4 * (~mask).double(), "emptied": True},
    ),
    (
        "mask_as_factor_but_zeros",
        "Forbidden scores are 0, and exp(0) = 1 still counts where others may be looked at: they "
        "must be -inf before the softmax.",
        {"hide": lambda scores, mask: scores * mask, "emptied": True},
    ),
    (
        "mask_added",
        "The mask is added to the scores, True as 1: forbidden scores must become -inf.",
        {"hide": lambda scores, mask: scores + mask.double()},
    ),
    (
        "mask_added_but_zeros",
        "The mask is added to the scores, True as 1: forbidden scores must become -inf, where "
        "others may be looked at, too.",
        {"hide": lambda scores, mask: scores + mask.double(), "emptied": True},
    ),
    (
        "first_mask_for_all",
        "The mask of the first sequence serves all: each has its own where it is (N, T, S).",
        {"hide": lambda scores, mask: hidden(scores, mask[0] if mask.ndim == 3 else mask)},
    ),
):
    mistaken(name, message, **changed)


@exercise.mistake(
    "The mask is applied after the softmax: what is left of the weights sums to less than 1. Hide "
    "the scores before it."
)
def mask_after_softmax(query, key, value, mask=None):
    weights = scaled(query, key).softmax(-1)
    return (weights if mask is None else weights * mask) @ value


@exercise.mistake(
    "exp of a large score overflows, and inf * 0 is nan. Subtract each row's maximum first."
)
def no_maximum_times_mask(query, key, value, mask=None):
    exps = scaled(query, key).exp() * (1.0 if mask is None else mask)
    sums = exps.sum(-1, keepdim=True)
    return exps / sums.masked_fill(sums == 0.0, 1.0) @ value


@exercise.mistake(
    "The maximum is taken over forbidden scores, too, and what may be looked at can lie so far "
    "below it that nothing is left: hide the scores first."
)
def maximum_before_the_mask(query, key, value, mask=None):
    scores = scaled(query, key)
    exps = (scores - scores.amax(-1, keepdim=True)).exp()
    if mask is not None:
        exps = exps * mask
    sums = exps.sum(-1, keepdim=True)
    return exps / sums.masked_fill(sums == 0.0, 1.0) @ value


@exercise.mistake(
    "No query looks at a later place, although no mask says so: without a mask it may look "
    "everywhere."
)
def always_causal(query, key, value, mask=None):
    back = look_back(query.shape[1], key.shape[1])
    return attend(query, key, value, back if mask is None else back & mask)


@exercise.mistake("A mask (N, T, S) is not taken: it may be (T, S) or (N, T, S).")
def one_mask_alone(query, key, value, mask=None):
    if mask is not None and mask.ndim == 3:
        raise ValueError
    return attend(query, key, value, mask)


@exercise.mistake("These are the weights: they still have to weigh the values, weights @ value.")
def weights_returned(query, key, value, mask=None):
    return weights_of(query, key, mask)


@exercise.mistake("The weights weigh the keys: what a query takes are the values.")
def keys_for_values(query, key, value, mask=None):
    return attend(query, key, key, mask)


@exercise.mistake(
    "The weights are multiplied with the values turned over: each row of the weights weighs the "
    "values of all keys, weights @ value."
)
@numpy_errors()
def weights_turned(query, key, value, mask=None):
    return weights_of(query, key, mask).mT @ value


@exercise.mistake("Every query takes the mean of all values: the weights are not used.")
def mean_of_values(query, key, value, mask=None):
    return attend(query * 0.0, key, value, mask)


of_result(exercise, first_sample_only="Only the first sequence is computed; the others stay 0.")
