"""Products of vectors shall be the logarithms of counts; what is frequent counts more."""

from grader.checks._shared import largest_of, of_arguments, of_result, transposed, zero
from grader.vocabulary import Exercise, array, below, between, one_of, strategy, undrawn, uniform

COUNTS = (1.0, 2.0, 5.0, 12.0, 30.0, 99.0, 100.0, 101.0, 400.0, 0.5)
"""How often words may meet: on both sides of where the weight stops to grow."""


@strategy
def tables(draw, never=0, numbers=()):
    """Draw vectors, biases and counts, with `never` of ten pairs that do not occur."""
    v, d = draw(between(2, 4)), draw(between(1, 3))
    of = uniform(-2.0, 2.0)
    vectors = draw(array(v, d, of=of)), draw(array(v, d, of=of))
    biases = draw(array(v, of=of)), draw(array(v, of=of))
    counts = draw(array(v, v)) * 0.0
    picked, missing = draw(array(v, v, of=below(len(COUNTS)))), draw(array(v, v, of=below(10)))
    for place in range(v * v):
        at = divmod(place, v)
        counts[at] = COUNTS[picked[at]] if missing[at] >= never else 0.0
    return *vectors, *biases, counts, *map(draw, numbers)


exercise = Exercise(
    points=4,
    decks=("001", "002"),
    levels={
        "all words meet": tables(),
        "pairs that never occur": tables(never=5),
        "any x_max and alpha": tables(never=3, numbers=(one_of(10.0, 50.0), one_of(0.5, 1.0, 2.0))),
    },
    features={
        "pairs that never occur": lambda counts: not counts.all(),
        "pairs as often as x_max, or more often": lambda counts, x_max: (counts >= x_max).any(),
        "a word that meets nobody": lambda counts: not counts.any(1).all(),
        "counts that differ from both sides": lambda counts: (counts != counts.T).any(),
        "V = D": lambda word: word.shape[0] == word.shape[1],
        "D = 1": lambda word: word.shape[1] == 1,
    },
    never=[
        undrawn(
            "tiny far huge ties near below zero",
            "Vectors and biases are added and squared: none is compared.",
            of="word context word_bias context_bias",
        ),
        undrawn(
            "tiny far near below huge",
            "They are counts, a few hundred of them at most.",
            of="counts",
        ),
    ],
    terms=lambda word, context: 10.0 * largest_of(word) * largest_of(context),
    hints=(
        "What is compared with log X, and what shall a pair that never occurs do? By what is each "
        "squared difference multiplied, and from which count on no longer by more?",
        "One pair occurs, once; w = [1], c = [2], no biases:\n"
        "1 * 2 - log(1) = 2           the difference\n"
        "(1 / 100) ** 0.75 = 0.0316   its weight\n"
        "glove_loss([[1], [0]], [[2], [0]], [0, 0], [0, 0], [[1, 0], [0, 0]]) = 0.1265",
        "occurs = counts > ...                       # only there is a logarithm\n"
        "weights = np.minimum(..., (... / x_max) ** alpha)\n"
        "scores = word @ ... + word_bias[..., ...] + context_bias[..., ...]    # (V, V)\n"
        "return float(np.sum(weights * (scores[occurs] - np.log(...)) ** 2))",
    ),
)


def terms_of(word, context, word_bias, context_bias, counts):
    """Return the differences of all pairs, and 0 where a pair never occurs."""
    scores = word @ context.T + word_bias[:, None] + context_bias
    return (scores - counts.log()).where(counts > 0, 0.0 * scores)


def weights_of(counts, x_max, alpha):
    """Return how much each pair counts."""
    return (counts / x_max).pow(alpha).clamp(max=1.0)


@exercise.equivalent
def glove_loss(word, context, word_bias, context_bias, counts, x_max=100.0, alpha=0.75):
    differences = terms_of(word, context, word_bias, context_bias, counts)
    return (weights_of(counts, x_max, alpha) * differences.square()).sum()


of_result(
    exercise,
    halved="There is a factor 1/2 too much.",
    negative="The sign is turned: a sum of squares is not negative.",
    root=("The root of the loss is returned.", lambda loss: loss.sqrt()),
    mean_over_all=(
        "The loss is averaged over all pairs of words; it is the sum.",
        lambda loss, counts: loss / counts.numel(),
    ),
    mean_over_those_that_occur=(
        "The loss is averaged over the pairs that occur; it is the sum.",
        lambda loss, counts: loss / (counts > 0).sum(),
    ),
    mean_over_words=(
        "The loss is divided by the number of words; it is the sum.",
        lambda loss, counts: loss / len(counts),
    ),
)
of_arguments(
    exercise,
    no_word_bias=("The bias of the word in the middle is missing.", {"word_bias": zero}),
    no_context_bias=("The bias of the word nearby is missing.", {"context_bias": zero}),
    no_biases=("Both biases are missing.", {"word_bias": zero, "context_bias": zero}),
    biases_exchanged=(
        "The biases stand along the wrong axes: word_bias belongs to the rows, as "
        "word_bias[:, None], context_bias to the columns.",
        {
            "word_bias": lambda _, context_bias: context_bias,
            "context_bias": lambda _, word_bias: word_bias,
        },
    ),
    one_bias_twice=(
        "word_bias is added twice, and context_bias never.",
        {"context_bias": lambda _, word_bias: word_bias},
    ),
    vectors_exchanged=(
        "The products are transposed: row i is word i in the middle, word @ context.T.",
        {"word": lambda _, context: context, "context": lambda _, word: word},
    ),
    words_alone=(
        "The product is that of word with itself; the vectors nearby are in context.",
        {"context": lambda _, word: word},
    ),
    counts_transposed=(
        "The counts are transposed: counts[i, j] belongs to word[i] and context[j].",
        {"counts": transposed},
    ),
    counts_symmetric=(
        "The counts are made symmetric; each direction counts by itself.",
        {"counts": lambda counts: (counts + counts.T) / 2},
    ),
    fixed_x_max=("x_max is always 100; use the argument.", {"x_max": 100.0}),
    fixed_alpha=("alpha is always 0.75; use the argument.", {"alpha": 0.75}),
    no_alpha=("The power alpha is missing in the weight.", {"alpha": 1.0}),
    upper_half=(
        "Only pairs above the diagonal count; all pairs do.",
        {"counts": lambda counts: counts.triu()},
    ),
    no_diagonal=(
        "A word's count with itself is left out; it counts as any other.",
        {"counts": lambda counts: counts - counts.diag().diag()},
    ),
)


def summed(weigh, differ=lambda differences: differences.square()):
    """Return a mistake: other weights of the counts, or another function of the differences."""

    def mistaken(word, context, word_bias, context_bias, counts, x_max=100.0, alpha=0.75):
        differences = terms_of(word, context, word_bias, context_bias, counts)
        return (weigh(counts, x_max, alpha) * differ(differences)).sum()

    return mistaken


exercise.add(
    "weight_without_limit",
    "The weight goes on growing above x_max; it is at most 1: np.minimum(1, ...).",
    summed(lambda counts, x_max, alpha: (counts / x_max).pow(alpha)),
)
exercise.add(
    "no_weights",
    "The weights are missing: each pair counts f(X) times.",
    summed(lambda *_: 1.0),
)
exercise.add(
    "alpha_as_a_factor",
    "alpha is a power, not a factor.",
    summed(lambda counts, x_max, alpha: (alpha * counts / x_max).clamp(max=1.0)),
)
exercise.add(
    "limit_as_a_maximum",
    "np.maximum for np.minimum: the weight is at most 1, not at least.",
    summed(lambda counts, x_max, alpha: (counts / x_max).pow(alpha).clamp(min=1.0)),
)
exercise.add(
    "weights_squared",
    "The weight is squared, too: it is outside the square.",
    summed(lambda counts, x_max, alpha: weights_of(counts, x_max, alpha).square()),
)
exercise.add(
    "frequent_pairs_dropped",
    "Pairs more frequent than x_max have the weight 1; here they have none.",
    summed(lambda counts, x_max, alpha: (counts / x_max).pow(alpha) * (counts < x_max)),
)
exercise.add(
    "not_squared",
    "The differences are not squared.",
    summed(weights_of, lambda differences: differences),
)
exercise.add(
    "absolute_differences",
    "The differences are made positive by abs; they are squared.",
    summed(weights_of, lambda differences: differences.abs()),
)


def with_log(logarithm, *, masked=True):
    """Return a mistake: something else in the place of log X."""

    def mistaken(word, context, word_bias, context_bias, counts, x_max=100.0, alpha=0.75):
        scores = word @ context.T + word_bias[:, None] + context_bias
        terms = weights_of(counts, x_max, alpha) * (scores - logarithm(counts)).square()
        return (terms.where(counts > 0, 0.0 * terms) if masked else terms).sum()

    return mistaken


exercise.add(
    "log_of_zero",
    "The logarithm of 0 is taken where a pair never occurs: 0 times infinity is nan. Take only "
    "the pairs with counts > 0.",
    with_log(lambda counts: counts.log(), masked=False),
)
exercise.add("log_of_one_more", "This is log(1 + X).", with_log(lambda counts: counts.log1p()))
exercise.add(
    "no_log", "The products are compared with X; with log(X).", with_log(lambda counts: counts)
)
exercise.add(
    "log2",
    "The logarithm has base 2; np.log is wanted.",
    with_log(lambda counts: counts.log2()),
)
exercise.add(
    "log10",
    "The logarithm has base 10; np.log is wanted.",
    with_log(lambda counts: counts.log10()),
)
exercise.add("log_added", "log(X) is added; subtract it.", with_log(lambda counts: -counts.log()))
exercise.add(
    "log_of_the_share",
    "The logarithm is of X / sum of X; it is of X itself.",
    with_log(lambda counts: (counts / counts.sum()).log()),
)
