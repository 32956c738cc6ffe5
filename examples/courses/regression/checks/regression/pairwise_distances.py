"""How far every point of one table is from every point of another."""

from grader.checks._shared import of_result
from grader.vocabulary import Exercise, array, between, level, strategy, wide


@strategy
def points(draw, dimensions=between(2, 4)):
    many = draw(dimensions)
    return tuple(draw(array(draw(between(1, 4)), many, of=wide)) for _ in range(2))


def worked_by_hand():
    import numpy as np

    return [(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.0]]))]


exercise = Exercise(
    points=1,
    decks=(),
    levels={
        "on a line": points(dimensions=1),
        "in several dimensions": level(points(), fixed=worked_by_hand),
    },
    features={
        "several dimensions": lambda a: a.shape[1] > 1,
        "more rows in b than in a": lambda a, b: len(b) > len(a),
    },
    hints=(
        "How many distances are there from N points to M points? Which axis is added up?",
        "From [0, 0] to [3, 4]: 3^2 + 4^2 = 25, and the root of that is 5.",
        "differences = a[:, None, :] - ...   # (N, M, D)\nreturn np.sqrt(...)  # or scipy's own",
    ),
)


@exercise.equivalent
def distances(a, b):
    return (a[:, None, :] - b).pow(2).sum(2).sqrt()


@exercise.mistake("Absolute differences are added up (Manhattan); this distance is Euclid's.")
def manhattan(a, b):
    return (a[:, None, :] - b).abs().sum(2)


@exercise.mistake("The largest difference of a coordinate is taken; all of them count.")
def largest(a, b):
    return (a[:, None, :] - b).abs().amax(2)


of_result(
    exercise,
    squared=("The root is missing: these are squared distances.", lambda d: d * d),
    turned=("The rows belong to a and the columns to b; here they are exchanged.", lambda d: d.T),
)
