"""Rows come one after the other: their mean and variance, without keeping any."""

from grader.vocabulary import (
    Exercise,
    array,
    between,
    either,
    one_of,
    ref,
    script,
    strategy,
    uniform,
)

SEEN = [("get", "a", "count"), ("call", "a", "mean", ()), ("call", "a", "variance", ())]


def rows(draw, count, size, offset=0.0):
    """Draw rows by the names x0, x1, …"""
    return {f"x{n}": draw(array(size, of=uniform(-2.0, 2.0))) + offset for n in range(count)}


def push(n, name="a"):
    """Return the step that gives a row to an object."""
    return "do", name, "push", (ref(f"x{n}"),)


@strategy
def all_then_read(draw, count=between(1, 5), offset=one_of(0.0)):
    """Push some rows, then read."""
    count, size = draw(count), draw(between(1, 3))
    given = rows(draw, count, size, draw(offset))
    return script(given, ("new", "a", (size,)), *map(push, range(count)), *SEEN)


@strategy
def read_in_between(draw):
    """Read after every row."""
    count, size = draw(between(2, 4)), draw(between(1, 3))
    calls = [step for n in range(count) for step in (push(n), *SEEN)]
    return script(rows(draw, count, size), ("new", "a", (size,)), *calls)


@strategy
def two(draw):
    """Give rows to two objects in turn."""
    count, size = draw(between(2, 4)), draw(between(1, 2))
    new = [("new", name, (size,)) for name in ("a", "other")]
    calls = [push(n, ("a", "other")[n % 2]) for n in range(count)]
    return script(rows(draw, count, size), *new, *calls, *SEEN, ("call", "other", "mean", ()))


@strategy
def nothing_yet(draw):
    """Ask before the first row."""
    asked = draw(one_of("mean", "variance"))
    calls = [("raises", "ValueError", "call", "a", asked, ()), push(0), *SEEN]
    return script(rows(draw, 1, 2), ("new", "a", (2,)), *calls)


def given(script):
    """Return the rows of a script."""
    return [step[2] for step in script if step[0] == "let"]


exercise = Exercise(
    points=3,
    decks=("1",),
    levels={
        "all rows, then read": all_then_read(),
        "read in between": read_in_between(),
        "two objects": two(),
        "far from 0": either(all_then_read(count=between(3, 5), offset=one_of(-1e6, 1e6))),
        "nothing yet": nothing_yet(),
    },
    features={
        "one row": lambda script: len(given(script)) == 1,
        "three rows or more": lambda script: len(given(script)) > 2,
        "rows far from 0": lambda script: abs(given(script)[0]).max() > 1e5,
        "rows of several numbers": lambda script: given(script)[0].size > 1,
    },
    terms=lambda script: max(1.0, *(abs(row).max() / 1e3 for row in given(script))),
    hints=(
        "Which two arrays and which count are enough to go on from? By how much does one more row "
        "move the mean?",
        "3, 5, 10: the mean is 3, then 3 + (5 - 3) / 2 = 4, then 4 + (10 - 4) / 3 = 6\n"
        "squares: 0, then (5 - 3) * (5 - 4) = 2, then 2 + (10 - 4) * (10 - 6) = 26\n"
        "variance = 26 / 3",
        "def push(self, x):\n"
        "    self.count += 1\n"
        "    before = ...                    # from the old mean\n"
        "    self._mean = ...\n"
        "    self._squares = ...             # before, times the distance from the new mean",
    ),
)


@exercise.equivalent
class Kept:
    """The same with all rows kept."""

    def __init__(self, size):
        self.kept = []

    @property
    def count(self):
        return len(self.kept)

    def push(self, x):
        self.kept.append(x.clone())

    def all(self):
        import torch

        if not self.kept:
            raise ValueError
        return torch.stack(self.kept)

    def mean(self):
        return self.all().mean(0)

    def variance(self):
        return self.all().var(0, correction=0)


@exercise.mistake("The squares are divided by n - 1; here it is n, the mean of the squares.")
class unbiased(Kept):
    def variance(self):
        import torch

        if len(self.kept) == 1:
            return torch.full_like(self.kept[0], torch.nan)
        return self.all().var(0)


@exercise.mistake(
    "The mean of the squares less the square of the mean loses its digits far from 0: add up "
    "products of distances instead."
)
class cancels(Kept):
    def variance(self):
        rows = self.all()
        return (rows**2).mean(0) - rows.mean(0) ** 2


@exercise.mistake("The root of the variance is returned; asked for is the variance.")
class deviation(Kept):
    def variance(self):
        return super().variance().sqrt()


@exercise.mistake("The squares are not divided by the number of rows.")
class not_divided(Kept):
    def variance(self):
        return super().variance() * len(self.kept)


@exercise.mistake("Both distances are those from the old mean; the second is from the new one.")
class old_mean_twice(Kept):
    def variance(self):
        rows, total = self.all(), 0.0
        for n, row in enumerate(rows):
            total = total + (row - (rows[:n].mean(0) if n else 0.0 * row)) ** 2
        return total / len(rows)


@exercise.mistake("Both distances are those from the new mean; the first is from the old one.")
class new_mean_twice(Kept):
    def variance(self):
        rows = self.all()
        return sum((row - rows[: n + 1].mean(0)) ** 2 for n, row in enumerate(rows)) / len(rows)


@exercise.mistake("One number is made of all D: each has a mean and a variance of its own.")
class over_everything(Kept):
    def mean(self):
        return self.all().mean()

    def variance(self):
        return self.all().var(correction=0)


@exercise.mistake("The rows belong to the class, so that all objects share them: write to self.")
class rows_of_the_class(Kept):
    common = None

    def __init__(self, size):
        if type(self).common is None:
            type(self).common = []
        self.kept = self.common


@exercise.mistake("A question before the first row raises ValueError; this one gives zeros.")
class zeros_of_nothing(Kept):
    def __init__(self, size):
        import torch

        super().__init__(size)
        self.none = torch.zeros(size, dtype=torch.float64)

    def mean(self):
        return super().mean() if self.kept else self.none.clone()

    def variance(self):
        return super().variance() if self.kept else self.none.clone()
