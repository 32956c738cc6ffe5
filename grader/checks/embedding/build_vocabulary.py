"""Every distinct word gets a number: 0, 1, 2, ... in the order of first appearance."""

from grader.vocabulary import Exercise, array, below, between, level, permutation_of, strategy

WORDS = ("the", "cat", "and", "a", "dog", "The", "sat")


@strategy
def different_words(draw):
    """Draw words that are all different."""
    count = draw(between(1, len(WORDS)))
    return ([WORDS[i] for i in draw(array(len(WORDS), of=permutation_of(len(WORDS))))][:count],)


@strategy
def any_words(draw):
    """Draw words of which some come again."""
    count = draw(between(3, 12))
    return ([WORDS[i] for i in draw(array(count, of=below(len(WORDS))))],)


def a_cat_and_a_dog():
    """Return the deck's sentence, lower-cased."""
    return [(["a", "cat", "and", "a", "dog"],)]


exercise = Exercise(
    points=1,
    decks=("001",),
    levels={
        "every word once": different_words(),
        "repeated words": level(any_words(), fixed=a_cat_and_a_dog),
    },
    features={
        "a word that comes again": lambda tokens: len(set(tokens)) < len(tokens),
        "words in alphabetical order": lambda tokens: sorted(tokens) == tokens,
        "upper-case letters": lambda tokens: "The" in tokens,
    },
    hints=(
        "Read the text once, from left to right: what is to be done with a word that you met "
        "before, and which number does a new one get?",
        'words = ["a", "cat", "and", "a", "dog"]\n'
        'build_vocabulary(words) = {"a": 0, "cat": 1, "and": 2, "dog": 3}\n'
        'The second "a" changes nothing: "dog" is new, and 3 words are known by then.',
        "vocabulary = {}\n"
        "for token in tokens:\n"
        "    if ...:\n"
        "        vocabulary[token] = ...    # how many are known so far\n"
        "return vocabulary",
    ),
)


@exercise.equivalent
def vocabulary(tokens):
    distinct = sorted(set(tokens), key=tokens.index)
    return dict(zip(distinct, range(len(distinct)), strict=True))


@exercise.mistake("The words are numbered alphabetically; number them as they first appear.")
def alphabetical(tokens):
    return vocabulary(sorted(tokens))


@exercise.mistake("The numbers begin at 1; the first word is number 0.")
def from_one(tokens):
    return {token: index + 1 for token, index in vocabulary(tokens).items()}


@exercise.mistake(
    "A word's number is its place in the text, so that repeats leave gaps. Count different words."
)
def place_in_text(tokens):
    return {token: tokens.index(token) for token in tokens}


@exercise.mistake(
    "A word that comes again gets the place where it comes last. It keeps its first number."
)
def last_place_in_text(tokens):
    return {token: place for place, token in enumerate(tokens)}


@exercise.mistake(
    "A word that comes again is given a new number. Ask first whether it is in the dictionary."
)
def numbered_again(tokens):
    numbers = {}
    for token in tokens:
        numbers[token] = len(numbers)
    return numbers


@exercise.mistake("The dictionary is the wrong way round: tokens are the keys, numbers the values.")
def inverted(tokens):
    return {index: token for token, index in vocabulary(tokens).items()}


@exercise.mistake("The values count how often a word occurs; they should number the words.")
def counts(tokens):
    return {token: tokens.count(token) for token in tokens}


@exercise.mistake("Frequent words are numbered first; number the words as they first appear.")
def frequent_first(tokens):
    return vocabulary(sorted(tokens, key=lambda token: (-tokens.count(token), tokens.index(token))))


@exercise.mistake("The words are numbered from the end of the text; begin with the first.")
def from_the_end(tokens):
    return vocabulary(tokens[::-1])


@exercise.mistake("The words are lower-cased; that is up to the caller, take them as they are.")
def lower_cased(tokens):
    return vocabulary([token.lower() for token in tokens])


@exercise.mistake(
    "The different words are returned as a list; return a dictionary, word to number."
)
def list_of_words(tokens):
    return list(vocabulary(tokens))
