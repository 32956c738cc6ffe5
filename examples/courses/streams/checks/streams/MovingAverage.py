"""The average of the last few numbers: what came before them is forgotten."""

from grader.vocabulary import Exercise, between, one_of, script, strategy

NUMBERS = between(-9, 9)


@strategy
def stream(draw, window=between(1, 4), length=between(1, 8), two=False):
    """Push numbers into one average, or into two in turn."""
    names, calls = ("a", "other")[: 1 + two], []
    new = [("new", name, (draw(window),)) for name in names]
    for n in range(draw(length)):
        calls.append(("call", names[n % len(names)], "push", (draw(NUMBERS) + 0.5,)))
    return script({}, *new, *calls)


def window_of(script):
    """Return the first object's window."""
    return next(step[2][0] for step in script if step[0] == "new")


def pushed(script):
    """Return how many numbers come."""
    return sum(step[0] == "call" for step in script)


exercise = Exercise(
    points=2,
    decks=("1",),
    levels={
        "fewer than the window": stream(window=between(4, 6), length=between(1, 4)),
        "longer than the window": stream(length=between(3, 9)),
        "two objects": stream(window=one_of(2, 3), length=between(4, 8), two=True),
    },
    features={
        "a window of one": lambda script: window_of(script) == 1,
        "a window of three or more": lambda script: window_of(script) > 2,
        "more numbers than the window holds": lambda script: pushed(script) > window_of(script),
    },
    hints=(
        "Which numbers does the object have to keep, and which may it forget? By how many does it "
        "divide at the start?",
        "window 2, numbers 4, 6, 9:\n4 / 1 = 4\n(4 + 6) / 2 = 5\n(6 + 9) / 2 = 7.5    4 has gone",
        "def push(self, x):\n"
        "    self._last = ...      # with x, and no more than the window\n"
        "    return ... / ...",
    ),
)


@exercise.equivalent
class Average:
    def __init__(self, window):
        self.window, self.kept = window, []

    def last(self):
        return self.kept[-self.window :]

    def push(self, x):
        self.kept.append(x)
        return sum(self.last()) / self.length()

    def length(self):
        return len(self.last())


@exercise.mistake("It is divided by the window from the start: divide by what has come.")
class always_by_window(Average):
    def length(self):
        return self.window


@exercise.mistake("All numbers count; only the last ones do.")
class never_forgets(Average):
    def last(self):
        return self.kept


@exercise.mistake("One number too many counts: the window has `window` of them.")
class one_too_many(Average):
    def last(self):
        return self.kept[-self.window - 1 :]


@exercise.mistake("The new number does not count: take it before you average.")
class without_the_new_one(Average):
    def last(self):
        return self.kept[-self.window - 1 : -1] or self.kept


@exercise.mistake("The first numbers count for ever; the last ones do.")
class first_ones(Average):
    def last(self):
        return self.kept[: self.window]


@exercise.mistake("The sum is returned; asked for is the average.")
class summed(Average):
    def length(self):
        return 1


@exercise.mistake(
    "The numbers belong to all objects, as a default argument or an attribute of the class does: "
    "make a list of its own in __init__."
)
class one_list_for_all(Average):
    common = None

    def __init__(self, window):
        super().__init__(window)
        if type(self).common is None:
            type(self).common = []
        self.kept = self.common
