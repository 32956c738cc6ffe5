"""The way back through attention: to the values, the queries and the keys."""

from grader.checks._shared import largest_of, numpy_errors, of_arguments, of_result, one
from grader.checks.attention._attend import attend, hidden, softmax, weights_of
from grader.checks.attention._cases import FEATURES, SCORES, SIZES, attentions
from grader.vocabulary import Exercise, either, gradients, plain, real

LARGE = {"size": SIZES, "of": real, "numbers": plain}

exercise = Exercise(
    points=5,
    decks=("000",),
    requires=("scaled_dot_product_attention",),
    levels={
        "no mask": attentions(backward=True),
        "a mask": attentions(masked=True, backward=True),
        "queries that may look at nothing": attentions(
            masked=True, rows_without=True, backward=True
        ),
        "scores of ±10000": either(
            attentions(**LARGE, backward=True),
            attentions(**LARGE, masked=True, backward=True),
            attentions(**LARGE, masked=True, rows_without=True, backward=True),
        ),
    },
    features=FEATURES,
    never=[SCORES],
    terms=lambda grad_out, query, key, value: (
        largest_of(grad_out) * largest_of(value) * largest_of(query, key)
    ),
    hints=(
        "The output is weights times values: which gradient goes to the values, and which to the "
        "weights? If one weight of a row grows, what happens to the others, and what has to be "
        "subtracted for that?",
        "One query [3], two keys [1] and [1], so that both weights are 1/2; values 10 and 2:\n"
        "10 * 1 = 10                   what arrives at the first weight for a gradient of 1\n"
        "0.5 * 10 + 0.5 * 2 = 6        their mean, by the weights\n"
        "0.5 * (10 - 6) = 2            for the first score, -2 for the second\n"
        "2 * 3 = 6                     grad_key of the first: times the query\n"
        "2 * 1 + -2 * 1 = 0            grad_query: both keys\n"
        "keys = [[[1], [1]]]\n"
        "values = [[[10], [2]]]\n"
        "scaled_dot_product_attention_backward([[[1]]], [[[3]]], keys, values)[1] = [[[6], [-6]]]",
        "weights = ...                             # as in the forward pass, (N, T, S)\n"
        "grad_value = ...                          # weights turned, times grad_out\n"
        "grad_weights = ...                        # (N, T, S)\n"
        "mean = ...                                # of each query, by its weights\n"
        "grad_scores = weights * (... - ...) / ...\n"
        "return grad_scores @ ..., ..., grad_value",
    ),
)


def autograd(grad_out, query, key, value, mask=None, **changed):
    """Return the gradients through attention with something else in it."""
    with numpy_errors():
        return gradients(
            lambda query, key, value: attend(query, key, value, mask, **changed),
            grad_out,
            query,
            key,
            value,
        )


@exercise.equivalent
def attention_gradients(grad_out, query, key, value, mask=None):
    import torch.nn.functional as F

    def attention(query, key, value):
        return F.scaled_dot_product_attention(query, key, value, mask)

    return gradients(attention, grad_out, query, key, value)


def right(weights, grads):
    """Go back through softmax."""
    return weights * (grads - (weights * grads).sum(-1, keepdim=True))


def back(grad_out, query, key, value, mask=None, *, way=right, roots=(0.5, 0.5)):
    """Return the gradients by some way through softmax, divided by powers of D."""
    weights, d = weights_of(query, key, mask), query.shape[2]
    with numpy_errors():
        scores = way(weights, grad_out @ value.mT)
        grad_query, grad_key = scores @ key / d ** roots[0], scores.mT @ query / d ** roots[1]
    return grad_query, grad_key, weights.mT @ grad_out


for name, message, changed in (
    (
        "diagonal_only",
        "The slope of softmax is taken for w * (1 - w), as if each score moved its own weight "
        "alone: it moves all of its row, so that w * (u - sum of w * u) is right.",
        {"way": lambda w, u: w * (1 - w) * u},
    ),
    (
        "mean_missing",
        "The mean is not subtracted: more weight for one key is less for the others, "
        "w * (u - sum of w * u).",
        {"way": lambda w, u: w * u},
    ),
    (
        "softmax_skipped",
        "The way back skips the softmax: what arrives at the weights is taken for the gradient of "
        "the scores.",
        {"way": lambda _, u: u},
    ),
    (
        "weights_missing",
        "The weights are missing in front: w * (u - sum of w * u).",
        {"way": lambda w, u: u - (w * u).sum(-1, keepdim=True)},
    ),
    (
        "sum_without_weights",
        "What is subtracted is the sum of u: each u counts by its weight, sum of w * u.",
        {"way": lambda w, u: w * (u - u.sum(-1, keepdim=True))},
    ),
    (
        "mean_without_weights",
        "What is subtracted is the plain mean of u: each u counts by its weight, sum of w * u.",
        {"way": lambda w, u: w * (u - u.mean(-1, keepdim=True))},
    ),
    (
        "mean_over_the_queries",
        "The sum of w * u runs over the queries: softmax went over the keys, axis=2.",
        {"way": lambda w, u: w * (u - (w * u).sum(1, keepdim=True))},
    ),
    (
        "mean_without_keepdims",
        "The sums of w * u have lost their axis and meet the keys: keepdims=True.",
        {"way": lambda w, u: w * (u - (w * u).sum(-1))},
    ),
    (
        "scores_turned",
        "grad_query and grad_key have the wrong sign.",
        {"way": lambda w, u: -right(w, u)},
    ),
    (
        "root_missing",
        "The division by sqrt(D) is left out on the way back: the scores were divided by it.",
        {"roots": (0, 0)},
    ),
    (
        "root_missing_in_key",
        "grad_key is not divided by sqrt(D): both queries and keys made the scores.",
        {"roots": (0.5, 0)},
    ),
    (
        "root_missing_in_query",
        "grad_query is not divided by sqrt(D): both queries and keys made the scores.",
        {"roots": (0, 0.5)},
    ),
    (
        "root_twice",
        "grad_query and grad_key are divided by D: it is sqrt(D), once.",
        {"roots": (1, 1)},
    ),
    (
        "multiplied_by_the_root",
        "grad_query and grad_key are multiplied by sqrt(D): divide by it.",
        {"roots": (-0.5, -0.5)},
    ),
):

    def mistaken(*arguments, changed=changed):
        return back(*arguments, **changed)

    exercise.add(name, message, mistaken)

for name, message, changed in (
    (
        "not_scaled",
        "The scores are not scaled, neither forward nor back: divide them by sqrt(D).",
        {"score": lambda query, key: query @ key.mT},
    ),
    (
        "mask_ignored",
        "The mask is not looked at: where it is False, a key has no weight and gets no gradient.",
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
        "low, and its weights 1 / S in place of 0.",
        {"hide": lambda scores, mask: scores.masked_fill(~mask, -1e9)},
    ),
    (
        "over_the_queries",
        "The weights are a softmax over the queries (axis=1): it runs over the keys, axis=2.",
        {"share": lambda scores: softmax(scores, 1)},
    ),
    (
        "no_softmax",
        "There is no softmax in it: the scores themselves weigh the values.",
        {
            "hide": lambda scores, mask: scores.masked_fill(~mask, 0.0),
            "share": lambda scores: scores,
        },
    ),
):

    def mistaken(*arguments, changed=changed):
        return autograd(*arguments, **changed)

    exercise.add(name, message, mistaken)


def with_weights(weights, grad_out, query, key, value):
    """Return the gradients with weights that were made otherwise."""
    scores = right(weights, grad_out @ value.mT) / query.shape[2] ** 0.5
    return scores @ key, scores.mT @ query, weights.mT @ grad_out


@exercise.mistake(
    "Where a query may look at nothing, all its scores are -inf, and their softmax is nan: its "
    "weights are zeros."
)
def nothing_is_nan(grad_out, query, key, value, mask=None):
    scores = query @ key.mT / query.shape[2] ** 0.5
    if mask is not None:
        scores = hidden(scores, mask)
    return with_weights(scores.softmax(-1), grad_out, query, key, value)


@exercise.mistake(
    "exp of a large score overflows, and of a row of very negative ones nothing is left. Subtract "
    "each row's maximum first."
)
def no_maximum(grad_out, query, key, value, mask=None):
    exps = (query @ key.mT / query.shape[2] ** 0.5).exp()
    if mask is not None:
        exps = exps.masked_fill(~mask, 0.0)
    sums = exps.sum(-1, keepdim=True)
    nothing = 0.0 if mask is None else (~mask.any(-1, keepdim=True)).double()
    return with_weights(exps / (sums + nothing), grad_out, query, key, value)


@exercise.mistake(
    "The scores of the forward pass are not divided by sqrt(D): the weights are other ones, "
    "although grad_query and grad_key are divided by it."
)
def weights_not_scaled(grad_out, query, key, value, mask=None):
    weights = weights_of(query * query.shape[2] ** 0.5, key, mask)
    return with_weights(weights, grad_out, query, key, value)


@exercise.mistake("grad_value is weights @ grad_out: turn the weights, each value was used by all.")
@numpy_errors()
def weights_not_turned(grad_out, query, key, value, mask=None):
    grad_query, grad_key, _ = back(grad_out, query, key, value, mask)
    return grad_query, grad_key, weights_of(query, key, mask) @ grad_out


@exercise.mistake(
    "grad_key is made with the gradient of the scores as it lies: turn it, each key met all "
    "queries."
)
@numpy_errors()
def scores_not_turned(grad_out, query, key, value, mask=None):
    grad_query, _, grad_value = back(grad_out, query, key, value, mask)
    scores = right(weights_of(query, key, mask), grad_out @ value.mT)
    return grad_query, scores @ query / query.shape[2] ** 0.5, grad_value


@exercise.mistake(
    "grad_query is multiplied with the queries and grad_key with the keys: each goes through the "
    "other one."
)
@numpy_errors()
def own_factor(grad_out, query, key, value, mask=None):
    scores = right(weights_of(query, key, mask), grad_out @ value.mT) / query.shape[2] ** 0.5
    *_, grad_value = back(grad_out, query, key, value, mask)
    return scores @ query, scores.mT @ key, grad_value


@exercise.mistake("grad_value is made with the values: it is the weights turned, times grad_out.")
@numpy_errors()
def value_of_values(grad_out, query, key, value, mask=None):
    grad_query, grad_key, _ = back(grad_out, query, key, value, mask)
    return (
        grad_query,
        grad_key,
        weights_of(query, key, mask).mT @ (weights_of(query, key, mask) @ value),
    )


def per_sequence(grad, query):
    """Divide by the number of sequences."""
    return grad / len(query)


of_result(
    exercise,
    query_and_key_exchanged=(
        "grad_query and grad_key are exchanged: query, key, value is the order.",
        lambda grads: (grads[1], grads[0], grads[2]),
    ),
    value_first=(
        "grad_value comes first: query, key, value is the order.",
        lambda grads: (grads[2], grads[0], grads[1]),
    ),
    gradients_backwards=(
        "The gradients come in reverse: query, key, value is the order.",
        lambda grads: grads[::-1],
    ),
    all_averaged=(
        "The gradients are averaged over the sequences: nothing is divided by N.",
        dict.fromkeys((0, 1, 2), per_sequence),
    ),
)
of_arguments(
    exercise,
    upstream_forgotten=(
        "The upstream gradient is not used: all three gradients begin with grad_out.",
        {"grad_out": one},
    ),
)
