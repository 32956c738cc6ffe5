"""Each word with each of its neighbours up to some places away: what a skip-gram model learns."""

from grader.vocabulary import Exercise, array, below, between, level, strategy

WORDS = ("the", "cat", "and", "a", "dog", "sat", "on", "mat")


@strategy
def texts(draw, length=between(2, 5), window=1, kinds=8):
    """Draw a text of at most so many kinds of words, and how far a neighbour may be away."""
    words = draw(array(draw(length), of=below(draw(kinds))))
    return [WORDS[i] for i in words], draw(window)


def a_cat_and_a_dog():
    """Return the lecture's sentence, with two words to each side."""
    return [(["a", "cat", "and", "a", "dog"], 2)]


exercise = Exercise(
    points=3,
    decks=("001",),
    levels={
        "the words beside": texts(),
        "wider windows": level(
            texts(length=between(3, 7), window=between(2, 4)), fixed=a_cat_and_a_dog
        ),
        "the same word again, short texts": texts(
            length=between(0, 5), window=between(1, 6), kinds=between(1, 2)
        ),
    },
    features={
        "a word that comes again": lambda tokens: len(set(tokens)) < len(tokens),
        "a window of 1": lambda window: window == 1,
        "a window that reaches over the whole text": lambda tokens, window: window >= len(tokens),
        "fewer than two words": lambda tokens: len(tokens) < 2,
    },
    hints=(
        "Which places belong to the window of place i, and which of them exist? Which of them is "
        "no neighbour? What may stand there twice?",
        'The words ["a", "cat", "sat"], a window of 1:\n'
        "a: cat      cat: a and sat      sat: cat\n"
        'skipgram_pairs(["a", "cat"], 1) = [("a", "cat"), ("cat", "a")]',
        "pairs = []\n"
        "for place, center in enumerate(tokens):\n"
        "    for other in range(max(..., ...), min(..., ...)):     # within the text\n"
        "        if ...:                                           # a place, not a word\n"
        "            pairs.append((..., ...))\n"
        "return pairs",
    ),
)


def pairs_of(tokens, wanted):
    """Return the pairs of places, in order, of which `wanted` tells, as pairs of words."""
    places = range(len(tokens))
    return [(tokens[i], tokens[j]) for i in places for j in places if wanted(i, j)]


@exercise.equivalent
def skipgram_pairs(tokens, window):
    return pairs_of(tokens, lambda i, j: 0 < abs(i - j) <= window)


@exercise.mistake("A place is paired with itself, too; leave it out.")
def itself_too(tokens, window):
    return pairs_of(tokens, lambda i, j: abs(i - j) <= window)


@exercise.mistake(
    "A neighbour that is the same word is left out. What is left out is the place itself: compare "
    "places, not words."
)
def same_word_left_out(tokens, window):
    return pairs_of(tokens, lambda i, j: abs(i - j) <= window and tokens[i] != tokens[j])


@exercise.mistake("Only words after the centre are its context; those before it are, too.")
def after_alone(tokens, window):
    return pairs_of(tokens, lambda i, j: 0 < j - i <= window)


@exercise.mistake("Only words before the centre are its context; those after it are, too.")
def before_alone(tokens, window):
    return pairs_of(tokens, lambda i, j: 0 < i - j <= window)


@exercise.mistake(
    "The last word of the window is missing on the right: range ends before its end, so that it is "
    "place + window + 1."
)
def right_end_missing(tokens, window):
    return pairs_of(tokens, lambda i, j: i != j and i - window <= j < i + window)


@exercise.mistake("The first word of the window is missing on the left: it is place - window.")
def left_end_missing(tokens, window):
    return pairs_of(tokens, lambda i, j: i != j and i - window < j <= i + window)


@exercise.mistake("The window is one place too narrow on both sides.")
def too_narrow(tokens, window):
    return pairs_of(tokens, lambda i, j: 0 < abs(i - j) < window)


@exercise.mistake("The window is one place too wide on both sides.")
def too_wide(tokens, window):
    return pairs_of(tokens, lambda i, j: 0 < abs(i - j) <= window + 1)


@exercise.mistake(
    "`window` words in all are taken; it is the number of words to each side of the centre."
)
def window_over_both_sides(tokens, window):
    return pairs_of(tokens, lambda i, j: 0 < abs(i - j) <= window // 2)


@exercise.mistake("Only the words that are exactly `window` away are paired; nearer ones are, too.")
def that_far_alone(tokens, window):
    return pairs_of(tokens, lambda i, j: abs(i - j) == window)


@exercise.mistake("The pairs are the wrong way round: (centre, context).")
def turned_round(tokens, window):
    return [pair[::-1] for pair in skipgram_pairs(tokens, window)]


@exercise.mistake("Pairs that come again are dropped; what occurs often shall count often.")
def repeats_dropped(tokens, window):
    return list(dict.fromkeys(skipgram_pairs(tokens, window)))


@exercise.mistake(
    "A place is looked up with tokens.index, which finds the first one of a word that comes again. "
    "enumerate(tokens) counts places."
)
def first_place_of_a_word(tokens, window):
    firsts = [tokens.index(token) for token in tokens]
    return [
        (token, tokens[j])
        for token, i in zip(tokens, firsts, strict=True)
        for j in range(len(tokens))
        if 0 < abs(i - j) <= window
    ]


@exercise.mistake(
    "Words near the ends of the text are no centres. They are, with fewer neighbours."
)
def whole_windows_alone(tokens, window):
    inner = range(window, len(tokens) - window)
    return pairs_of(tokens, lambda i, j: i in inner and 0 < abs(i - j) <= window)


@exercise.mistake(
    "Left of the beginning the count goes on from the end of the text (index -1 is the last word). "
    "Begin at max(place - window, 0)."
)
def wraps_round_on_the_left(tokens, window):
    near = []
    for i in range(len(tokens)):
        for j in range(i - window, min(i + window + 1, len(tokens))):
            if i != j:
                if j < -len(tokens):
                    raise IndexError
                near.append((tokens[i], tokens[j]))
    return near


@exercise.mistake(
    "A slice that begins below 0 counts from the end of the text, and is empty then: words near "
    "the beginning lose what is before them. Begin at max(place - window, 0)."
)
def slice_below_zero(tokens, window):
    near = []
    for i, center in enumerate(tokens):
        near += [(center, other) for other in tokens[i - window : i]]
        near += [(center, other) for other in tokens[i + 1 : i + 1 + window]]
    return near


@exercise.mistake(
    "The neighbours are in order of how far they are away, or left and right in turn; they stand "
    "in the order of the text."
)
def nearest_first(tokens, window):
    near = []
    for i, center in enumerate(tokens):
        others = [j for j in range(len(tokens)) if 0 < abs(i - j) <= window]
        near += [(center, tokens[j]) for j in sorted(others, key=lambda j: (abs(i - j), j))]
    return near


@exercise.mistake("The words after the centre come first; keep the order of the text.")
def after_before_before(tokens, window):
    near = []
    for i, center in enumerate(tokens):
        near += [(center, other) for other in tokens[i + 1 : i + 1 + window]]
        near += [(center, other) for other in tokens[max(0, i - window) : i]]
    return near


@exercise.mistake("Those are numbers of places; return the words.")
def places_for_words(tokens, window):
    places = range(len(tokens))
    return [(i, j) for i in places for j in places if 0 < abs(i - j) <= window]


@exercise.mistake("There is a list of its own for each centre; return one flat list of pairs.")
def a_list_for_each_centre(tokens, window):
    places = range(len(tokens))
    return [[(tokens[i], tokens[j]) for j in places if 0 < abs(i - j) <= window] for i in places]
