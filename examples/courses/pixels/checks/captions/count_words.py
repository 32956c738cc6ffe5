"""How often each word is in a caption, however it is written."""

from grader.vocabulary import Exercise, between, level, one_of, strategy


@strategy
def captions(draw, ends=one_of("", ",", "."), gap=one_of(" ", "  ")):
    words = []
    for _ in range(draw(between(0, 5))):
        words.append(draw(one_of("a", "dog", "cat", "A", "Dog")) + draw(ends))
    return (draw(gap).join(words),)


def worked_by_hand():
    return [("A dog, a cat.",)]


exercise = Exercise(
    points=2,
    decks=(),
    levels={
        "plain words": captions(ends="", gap=" "),
        "commas, full stops and wide gaps": level(captions(), fixed=worked_by_hand),
    },
    features={
        "a capital letter": lambda caption: caption != caption.lower(),
        "two spaces in a row": lambda caption: "  " in caption,
    },
    hints=(
        "Are `Dog,` and `dog` one word or two?",
        '"A dog, a cat." has the words a, dog, a, cat: {"a": 2, "dog": 1, "cat": 1}.',
        "for part in ...:\n    word = ...   # without what stands behind it\n    counts[word] = ...",
    ),
)


def _counted(parts):
    from collections import Counter

    return dict(Counter(parts))


@exercise.equivalent
def counts(caption):
    return _counted(part.rstrip(",.") for part in caption.lower().split())


@exercise.mistake("`Dog` and `dog` are counted as two words: make all letters small first.")
def capitals(caption):
    return _counted(part.rstrip(",.") for part in caption.split())


@exercise.mistake("A comma or a full stop is counted as a part of the word before it.")
def ends_kept(caption):
    return _counted(caption.lower().split())


@exercise.mistake('split(" ") makes an empty word of each second space: split() takes them together.')
def empty_words(caption):
    return _counted(part.rstrip(",.") for part in caption.lower().split(" "))


@exercise.mistake("Each word is counted once: add to what is there.")
def once(caption):
    return dict.fromkeys(counts(caption), 1)
