"""Words and numbers, both ways: what is added later goes on, and looking up teaches nothing."""

from grader.vocabulary import Exercise, array, below, between, one_of, script, strategy

WORDS = ("the", "cat", "and", "a", "dog", "The", "sat")
STRANGERS = ("barks", "a ", "")
LENGTH, KNOWN = ("call", "a", "__len__", ()), ("call", "a", "encode", (WORDS,))


def words(draw, count=between(0, 6), among=WORDS):
    """Draw words, some of them more than once."""
    return [among[i] for i in draw(array(draw(count), of=below(len(among)))).tolist()]


def encode(tokens, name="a"):
    return "call", name, "encode", (tokens,)


def decode(indices, name="a"):
    return "call", name, "decode", (indices,)


@strategy
def built(draw, unknown=one_of({}, {}, {"unknown": "?"}, {"unknown": "the"})):
    """Make one from words, and look some up."""
    tokens, options = words(draw), draw(unknown)
    size = len(dict.fromkeys([options.get("unknown", "<unk>"), *tokens]))
    indices = draw(array(draw(between(0, 4)), of=below(size))).tolist()
    new = ("new", "a", (tokens,), options) if draw(one_of(True, True, False)) else None
    if new is None:
        new, indices = ("new", "a", (), options), []
    asked = words(draw, among=(*WORDS, *STRANGERS))
    return script({}, new, LENGTH, encode(asked), decode([*indices, 0]))


@strategy
def added(draw):
    """Add words in several calls, and look up in between."""
    calls, known = [], dict.fromkeys(["<unk>"])
    for _ in range(draw(between(1, 3))):
        tokens = words(draw, between(0, 4))
        known |= dict.fromkeys(tokens)
        calls += [("do", "a", "add", (tokens,)), LENGTH, encode(words(draw))]
    first = words(draw, between(0, 3))
    known |= dict.fromkeys(first)
    last = len(known) - 1
    return script({}, ("new", "a", (first,)), *calls, KNOWN, decode([last, 0]), LENGTH)


@strategy
def strangers(draw):
    """Look up words that are not known, twice, and the unknown word itself."""
    tokens = words(draw, between(1, 4))
    asked = words(draw, between(1, 4), (*STRANGERS, *WORDS))
    calls = [encode(asked), LENGTH, encode(["<unk>", *asked])]
    more = [("do", "a", "add", (asked,)), encode(asked)] * draw(between(0, 1))
    return script({}, ("new", "a", (tokens,)), *calls, *more, LENGTH)


@strategy
def two(draw):
    """Make two, and teach one of them more."""
    tokens, more = words(draw, between(0, 3)), words(draw, between(1, 3), ("owl", "fox", "bee"))
    given = (tokens,) if draw(one_of(True, False)) else ()
    new = [("new", name, given) for name in ("a", "other")]
    teach = ("do", draw(one_of("a", "other")), "add", (more,))
    ends = [("call", name, "encode", ([*more, *tokens],)) for name in ("a", "other")]
    return script({}, *new, teach, *ends, LENGTH, ("call", "other", "__len__", ()))


@strategy
def out_of_range(draw):
    """Ask for a number that belongs to no word."""
    tokens = words(draw, between(1, 4))
    size = len(dict.fromkeys(tokens)) + 1
    wrong = draw(one_of(-1, 0, -size, size, size + 1))
    indices = [0, wrong] if draw(one_of(True, False)) else [wrong, 0]
    asked = decode(indices)
    if wrong != 0:
        asked = ("raises", "ValueError", *asked)
    return script({}, ("new", "a", (tokens,)), asked, LENGTH, decode([size - 1]))


def texts(script):
    """Return the words that are given to a script, in all."""
    given = [step[-1] if step[0] != "new" else step[2] for step in script if step[0] in GIVES]
    return [word for arguments in given for tokens in arguments for word in tokens]


GIVES = ("new", "do")


def has(verb, name):
    """Return a feature: whether a script has such a step."""
    return lambda script: any(step[0] == verb and name in step[1:3] for step in script)


exercise = Exercise(
    points=4,
    decks=("001",),
    requires=("build_vocabulary",),
    levels={
        "words and numbers": built(),
        "more words later": added(),
        "words that are not known": strangers(),
        "two vocabularies": two(),
        "numbers of no word": out_of_range(),
    },
    features={
        "a word that comes again": lambda script: len(set(texts(script))) < len(texts(script)),
        "two vocabularies": has("new", "other"),
        "words that are added later": has("do", "add"),
        "another unknown word": lambda script: any("unknown" in step[-1] for step in script),
        "an error": lambda script: any(step[0] == "raises" for step in script),
    },
    hints=(
        "Which two things have to be found quickly, a word's number and a number's word? What is "
        "the first word of all, and what does a word get that is not known?",
        'words = Vocabulary(["a", "cat", "a"])\n'
        'len(words) = 3                            with "<unk>", which is 0\n'
        'words.encode(["cat", "dog"]) = [2, 0]     "dog" stays unknown\n'
        'words.add(["dog", "cat"]) = None          "dog" is 3, "cat" stays 2\n'
        'words.decode([3, 0]) = ["dog", "<unk>"]',
        "def add(self, tokens):\n"
        "    for token in tokens:\n"
        "        if ...:\n"
        "            ...                  # its number: how many words there are\n"
        "\n"
        "def encode(self, tokens):\n"
        "    return np.array([... for token in tokens], dtype=...)\n"
        "\n"
        "def decode(self, indices):\n"
        "    if any(... for index in indices): raise ValueError(...)\n"
        "    return [... for index in indices]",
    ),
)


@exercise.equivalent
class Book:
    """One list of words; a number is where a word stands first."""

    def __init__(self, tokens=(), unknown="<unk>"):
        self.words = [unknown]
        self.add(tokens)

    def add(self, tokens):
        for token in tokens:
            if self.is_new(token):
                self.words.append(token)

    def is_new(self, token):
        return token not in self.words

    def number(self, token):
        return self.words.index(token) if token in self.words else 0

    def encode(self, tokens):
        import torch

        return torch.tensor([self.number(token) for token in tokens], dtype=torch.int64)

    def decode(self, indices):
        if any(index < 0 or index >= len(self.words) for index in indices):
            raise ValueError
        return [self.words[index] for index in indices]

    def __len__(self):
        return len(self.words)


@exercise.mistake("encode learns the words that it does not know; only add does.")
class learns(Book):
    def encode(self, tokens):
        self.add(tokens)
        return super().encode(tokens)


@exercise.mistake("encode learns the words that it does not know, once they have got their 0.")
class learns_afterwards(Book):
    def encode(self, tokens):
        result = super().encode(tokens)
        self.add(tokens)
        return result


@exercise.mistake("len() leaves the unknown word out; it counts, too.")
class unknown_not_counted(Book):
    def __len__(self):
        return super().__len__() - 1


@exercise.mistake("The first word has number 0; that is the unknown word's, and the first has 1.")
class first_is_zero(Book):
    def number(self, token):
        return max(super().number(token) - 1, 0)


@exercise.mistake("A word that comes again gets another number: it keeps its first one.")
class again_and_again(Book):
    def is_new(self, token):
        return token != self.words[0]

    def number(self, token):
        last = self.words[::-1]
        return len(self.words) - 1 - last.index(token) if token in self.words else 0


@exercise.mistake("A word that comes again uses up a number, so that the numbers have gaps.")
class gaps(Book):
    def is_new(self, token):
        return token != self.words[0]


@exercise.mistake(
    "A word's number is its place among the tokens that are added: words that come again leave "
    "gaps, and each call of add counts from 1. It is how many words there are before it."
)
class by_place(Book):
    def __init__(self, tokens=(), unknown="<unk>"):
        self.places = {unknown: 0}
        super().__init__(tokens, unknown)

    def add(self, tokens):
        for place, token in enumerate(tokens, 1):
            if self.is_new(token):
                self.places[token] = place
                self.words.append(token)

    def number(self, token):
        return self.places.get(token, 0)


@exercise.mistake("add begins again: the words of before are forgotten.")
class add_begins_again(Book):
    def add(self, tokens):
        self.words = self.words[:1]
        super().add(tokens)


@exercise.mistake("The words are numbered alphabetically; number them as they first appear.")
class alphabetical(Book):
    def add(self, tokens):
        super().add(sorted(tokens))


@exercise.mistake(
    "Numbers that are negative count from the end, as in a list: they belong to no word."
)
class negative_from_the_end(Book):
    def decode(self, indices):
        if any(not -len(self.words) <= index < len(self.words) for index in indices):
            raise ValueError
        return [self.words[index] for index in indices]


@exercise.mistake("A number that belongs to no word becomes the unknown one; it raises ValueError.")
class out_of_range_is_unknown(Book):
    def decode(self, indices):
        size = len(self.words)
        return [self.words[index if 0 <= index < size else 0] for index in indices]


@exercise.mistake("A number that belongs to no word is left out; it raises ValueError.")
class out_of_range_left_out(Book):
    def decode(self, indices):
        return [self.words[index] for index in indices if 0 <= index < len(self.words)]


@exercise.mistake("The number that is one too large goes through: the last one is len() - 1.")
class one_too_large(Book):
    def decode(self, indices):
        if any(index < 0 or index > len(self.words) for index in indices):
            raise ValueError
        return [self.words[min(index, len(self.words) - 1)] for index in indices]


@exercise.mistake("Words that are not known are left out; each of them is a 0.")
class strangers_left_out(Book):
    def encode(self, tokens):
        return super().encode([token for token in tokens if token in self.words])


@exercise.mistake("Words that are not known get -1; the unknown word has number 0.")
class strangers_minus_one(Book):
    def number(self, token):
        return super().number(token) if token in self.words else -1


@exercise.mistake("Words that are not known raise an error; each of them is a 0.")
class strangers_refused(Book):
    def number(self, token):
        if token not in self.words:
            raise KeyError(token)
        return super().number(token)


@exercise.mistake("The words are lower-cased; they are taken as they are.")
class lower_case(Book):
    def add(self, tokens):
        super().add([token.lower() for token in tokens])

    def number(self, token):
        return super().number(token.lower())


@exercise.mistake('The unknown word is always "<unk>": the one that is given counts.')
class unknown_not_used(Book):
    def __init__(self, tokens=(), unknown=""):
        super().__init__(tokens)


@exercise.mistake("The unknown word is the last one; it has number 0.")
class unknown_last(Book):
    def number(self, token):
        last = len(self.words) - 1
        place = super().number(token)
        return place - 1 if place else last

    def decode(self, indices):
        super().decode(indices)
        return [[*self.words[1:], self.words[0]][index] for index in indices]


@exercise.mistake("The tokens that are given at the start are not added.")
class nothing_at_the_start(Book):
    def __init__(self, tokens=(), unknown="<unk>"):
        super().__init__((), unknown)


@exercise.mistake(
    "The words belong to the class, or to a default argument: all vocabularies share them. Make "
    "what is remembered in __init__."
)
class words_of_the_class(Book):
    common = None

    def __init__(self, tokens=(), unknown="<unk>"):
        if type(self).common is None:
            type(self).common = [unknown]
        self.words = self.common
        self.add(tokens)


@exercise.mistake("The numbers are a list; they are an array, np.array(..., dtype=np.int64).")
class a_list(Book):
    def encode(self, tokens):
        return [self.number(token) for token in tokens]


@exercise.mistake("The numbers are floats: np.zeros and np.array([]) are; give dtype=np.int64.")
class floats(Book):
    def encode(self, tokens):
        return super().encode(tokens).double()


@exercise.mistake(
    "Of no words the numbers are floats, as those of np.array([]) are: give dtype=np.int64."
)
class empty_floats(Book):
    def encode(self, tokens):
        result = super().encode(tokens)
        return result if len(tokens) else result.double()
