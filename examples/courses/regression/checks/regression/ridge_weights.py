"""The weights where squared error and penalty together are smallest."""

from grader.vocabulary import Exercise, array, between, level, one_of, strategy, wide


@strategy
def samples(draw, columns=between(2, 4), strength=one_of(0.5, 2.0, 3.0)):
    many = draw(columns)
    rows = draw(between(2, 6))
    return (draw(array(rows, many, of=wide)), draw(array(rows, of=wide)), draw(strength))


def worked_by_hand():
    import numpy as np

    return [(np.array([[1.0], [2.0]]), np.array([2.0, 3.0]), 3.0)]


exercise = Exercise(
    points=2,
    decks=(),
    levels={
        "one column": level(samples(columns=1), fixed=worked_by_hand),
        "several columns": samples(),
    },
    features={
        "several columns": lambda x: x.shape[1] > 1,
        "fewer rows than columns": lambda x: x.shape[0] < x.shape[1],
    },
    hints=(
        "Where is the derivative of |x w - y|^2 + strength |w|^2 zero? Which linear system is that?",
        "x = [[1], [2]], y = [2, 3], strength 3: (1 + 4 + 3) w = 2 + 6, so w = [1].",
        "matrix = x.T @ x + ...      # D rows and D columns\nw = scipy.linalg.solve(matrix, ...)",
    ),
    tolerance=1e-7,
)


def _solved(x, y, strength):
    import torch

    return torch.linalg.solve(x.T @ x + strength * torch.eye(x.shape[1]).to(x), x.T @ y)


@exercise.equivalent
def ridge(x, y, strength):
    return _solved(x, y, strength)


@exercise.mistake("The penalty is missing: this is least squares (strength is not used).")
def no_penalty(x, y, strength):
    import torch

    return torch.linalg.pinv(x) @ y


@exercise.mistake("The strength is added to every entry of x^T x; it belongs to the diagonal.")
def everywhere(x, y, strength):
    import torch

    return torch.linalg.pinv(x.T @ x + strength) @ (x.T @ y)


@exercise.mistake("The strength is squared; the penalty is strength times |w|^2.")
def strength_squared(x, y, strength):
    return _solved(x, y, strength * strength)


@exercise.mistake("The strength is multiplied with the number of samples: that is another scale.")
def times_samples(x, y, strength):
    return _solved(x, y, strength * len(x))


@exercise.mistake("The strength is halved (or the squared error is doubled).")
def half_strength(x, y, strength):
    return _solved(x, y, strength / 2)


@exercise.mistake("The strength is doubled (or the squared error is halved).")
def double_strength(x, y, strength):
    return _solved(x, y, strength * 2)
