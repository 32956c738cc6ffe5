"""A loop that trains until its loss is small enough, however it does that."""

from grader.vocabulary import Exercise, array, between, goal, level, plain, strategy


@strategy
def samples(draw, columns=between(1, 3)):
    import numpy as np

    many, rows = draw(columns), draw(between(20, 40))
    x = draw(array(rows, many, of=plain))
    y = (x.sum(1) > 0).astype(np.float64)
    x = x + 0.5 * (2 * y - 1)[:, None]  # the two classes do not touch
    return x, y, draw(array(many, of=plain)) / 4, 0.0


def cross_entropy(result, x, y):
    import numpy as np

    weight, bias = result
    z = x @ weight + bias
    return np.mean(np.logaddexp(0.0, z) - y * z)


exercise = Exercise(
    points=2,
    decks=(),
    levels={
        "the loss is small": level(
            samples(), judged=goal("cross-entropy", cross_entropy, at_most=0.3)
        ),
    },
    hints=(
        "What is the derivative of the cross-entropy by the numbers that the sigmoid takes?",
        "With x = [1], y = 1, weight 0: p = 0.5, so that the step is (0.5 - 1) 1 = -0.5 downhill.",
        "for _ in range(...):\n    p = ...\n    weight = weight - rate * ...   # a new array",
    ),
)


def _trained(x, y, weight, bias, rate, rounds=300):
    for _ in range(rounds):
        p = (x @ weight + bias).sigmoid()
        weight = weight - rate * x.T @ (p - y) / len(y)
        bias = bias - rate * (p - y).mean()
    return weight, bias + 0.0


@exercise.equivalent
def trained(x, y, weight, bias):
    return _trained(x, y, weight, bias, 1.0)


@exercise.mistake("Each step goes uphill: the gradient is subtracted, not added.")
def uphill(x, y, weight, bias):
    return _trained(x, y, weight, bias, -1.0)


@exercise.mistake("There is one step and no loop.")
def one_step(x, y, weight, bias):
    return _trained(x, y, weight, bias, 1.0, 1)


@exercise.mistake("The start is returned as it is.")
def untrained(x, y, weight, bias):
    return weight, bias
