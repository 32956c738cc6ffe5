"""Families of mistakes that the optimisers have in common: the way down, the root, the state."""

from grader.checks._shared import negative, of_arguments, of_result


def of_direction(exercise):
    """Add the step that goes up."""
    of_arguments(
        exercise,
        uphill=(
            "The sign: the gradient points uphill, and the step must go down. Subtract it.",
            {"grad": negative},
        ),
    )


def of_root(exercise, state, *, no_root):
    """Add what goes wrong with lr * grad / (root + eps), the root being that of a new state."""

    def with_root(root):
        return lambda results, param, grad, lr, eps: (
            param - lr * grad / root(results[1], eps),
            results[1],
        )

    of_arguments(
        exercise,
        no_eps=("eps is missing: where all gradients were 0 this divides 0 by 0.", {"eps": 0.0}),
    )
    of_result(
        exercise,
        no_root=(no_root, with_root(lambda total, eps: total + eps)),
        eps_inside_root=(
            f"eps is inside the root. It is added after: np.sqrt({state}) + eps, which matters "
            "where gradients are tiny.",
            with_root(lambda total, eps: (total + eps).sqrt()),
        ),
    )


def of_state(exercise, word, returned, why=""):
    """Add what goes wrong with the state, which is the third argument and the second result."""
    answer = exercise.answer
    exercise.add(
        f"{word}_not_returned",
        f"Only the parameter is returned; return {returned}{why}.",
        lambda *arguments: answer(*arguments)[0],
    )
    exercise.add(
        f"old_{word}_returned",
        f"The {word} that is returned is the old one; return the new {word}.",
        lambda *arguments: (answer(*arguments)[0], arguments[2]),
    )


def of_momentum(exercise):
    """Add what goes wrong with `momentum` and the velocity, whatever the step makes of them."""
    of_arguments(
        exercise,
        fixed_momentum=(
            "The share of the old velocity is always 0.9, whatever `momentum` says.",
            {"momentum": 0.9},
        ),
    )
    of_state(exercise, "velocity", "(param, velocity)", ": the next step needs it")
