"""Families of mistakes that the activations have in common: the upstream gradient, whole arrays."""

from grader.checks._shared import of_arguments, one, raising


def of_upstream(exercise, *, exchanged):
    """Add what goes wrong with grad_out, which multiplies the slope at x."""
    of_arguments(
        exercise,
        upstream_forgotten=(
            "This is the slope alone: multiply it by the upstream gradient grad_out.",
            {"grad_out": one},
        ),
        arguments_exchanged=(
            f"grad_out and x are exchanged: {exchanged}.",
            {"grad_out": lambda _, x: x, "x": lambda _, grad_out: grad_out},
        ),
    )


def of_smooth_slope(exercise):
    """Add what goes wrong with grad_out where the slope is a formula of x."""
    of_upstream(exercise, exchanged="the slope is taken at x, and grad_out multiplies it")
    of_arguments(
        exercise,
        upstream_summed=(
            "The upstream gradient is summed first: each element has its own grad_out.",
            {"grad_out": lambda grad_out: grad_out.sum().expand(grad_out.shape)},
        ),
    )


def of_whole_array(exercise, **messages):
    """Add one question about a whole array, as `if` and Python's max ask it."""
    raising(exercise, ValueError, lambda x: x.numel() > 1, **messages)
