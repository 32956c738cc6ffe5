"""Families of mistakes that the checks of normalisation have in common."""

from grader.checks._shared import of_arguments, of_result, one, zero

MEASURES = {
    "eps_outside_the_root": (
        "eps is added to the deviation, outside of the root: sqrt(var + eps).",
        lambda mean, var, eps, **_: (mean, var.sqrt() + eps),
    ),
    "eps_missing": (
        "eps is missing: where all numbers are equal, this divides 0 by 0.",
        lambda mean, var, **_: (mean, var.sqrt()),
    ),
    "root_missing": (
        "The root is missing: divide by the deviation, sqrt(var + eps), not by the variance.",
        lambda mean, var, eps, **_: (mean, var + eps),
    ),
    "not_centred": (
        "The mean is not subtracted from x.",
        lambda mean, var, eps, **_: (mean * 0.0, (var + eps).sqrt()),
    ),
    "not_divided": (
        "x is centred and never divided: by sqrt(var + eps).",
        lambda mean, var, **_: (mean, var * 0.0 + 1.0),
    ),
    "unbiased_variance": (
        "The variance is divided by one less than there are numbers (ddof=1); to normalise, all of "
        "them count.",
        lambda mean, var, eps, count, **_: (
            (mean, (var * (count / (count - 1)) + eps).sqrt()) if count > 1 else (mean, var / 0.0)
        ),
    ),
    "summed_squares": (
        "The squares are added up and not averaged: a variance is their mean.",
        lambda mean, var, eps, count, **_: (mean, (var * count + eps).sqrt()),
    ),
    "squares_around_zero": (
        "The variance is taken around 0, as the mean of x**2: subtract the mean first.",
        lambda mean, var, eps, **_: (mean, (var + mean**2 + eps).sqrt()),
    ),
}
"""What is subtracted and what is divided by, out of mean, variance and eps."""


def normalised(x, gamma, beta, centre, root):
    """Return x moved, divided, scaled and shifted."""
    return gamma * (x - centre) / root + beta


def of_measures(exercise, by_hand, **messages):
    """Add what goes wrong when numbers are measured; `by_hand` takes the measure, then all else."""
    told = {name: words for name, (words, _) in MEASURES.items()} | messages
    for name, message in told.items():

        def mistaken(*arguments, measure=MEASURES[name][1]):
            return by_hand(measure, *arguments)

        exercise.add(name, message, mistaken)


def of_scale_and_shift(exercise, out):
    """Add what goes wrong behind the normalised numbers; `out` makes a change into one of all."""
    of_arguments(
        exercise,
        gamma_missing=("The scale gamma is missing.", {"gamma": one}),
        beta_missing=("The shift beta is missing.", {"beta": zero}),
        gamma_and_beta_missing=(
            "Scale and shift are missing: gamma * normalised + beta.",
            {"gamma": one, "beta": zero},
        ),
        gamma_and_beta_swapped=(
            "gamma and beta are exchanged: gamma multiplies, beta is added.",
            {"gamma": lambda _, beta: beta, "beta": lambda _, gamma: gamma},
        ),
        eps_ignored=("The argument eps is not used: 1e-5 is its default only.", {"eps": 1e-5}),
    )
    of_result(
        exercise,
        shift_before_scale=(
            "beta is added before gamma multiplies: gamma * normalised + beta.",
            out(lambda out, gamma, beta: out - beta + gamma * beta),
        ),
        one_plus_gamma=(
            "The scale is 1 + gamma here: it is gamma alone.",
            out(lambda out, gamma, beta: (out - beta) + (out - beta) / gamma + beta),
        ),
        beta_subtracted=(
            "beta is subtracted: add it.",
            out(lambda out, beta: out - 2 * beta),
        ),
    )


def of_gradients(exercise, axis):
    """Add what goes wrong with the gradients, where numbers are normalised along an axis."""
    of_result(
        exercise,
        beta_averaged=(
            "grad_beta is averaged over the batch; add up the samples.",
            {2: lambda grad, x: grad / len(x)},
        ),
        gamma_averaged=(
            "grad_gamma is averaged over the batch; add up the samples.",
            {1: lambda grad, x: grad / len(x)},
        ),
        gamma_and_beta_averaged=(
            "grad_gamma and grad_beta are averaged over the batch; add up the samples.",
            {1: lambda grad, x: grad / len(x), 2: lambda grad, x: grad / len(x)},
        ),
        beta_keeps_axis=(
            "grad_beta has shape (1, D): drop keepdims=True, it is (D,) as beta is.",
            {2: lambda grad: grad[None]},
        ),
        gamma_and_beta_keep_axis=(
            "grad_gamma and grad_beta have shape (1, D): drop keepdims=True, they are (D,).",
            {1: lambda grad: grad[None], 2: lambda grad: grad[None]},
        ),
        beta_over_features=(
            "grad_beta adds up the features of each sample: add up the samples, axis=0.",
            {2: lambda _, grad_out: grad_out.sum(1)},
        ),
        beta_over_everything=(
            "grad_beta is one number, summed over everything: sum over the samples, axis=0.",
            {2: lambda grad: grad.sum()},
        ),
        gamma_of_x=(
            "grad_gamma multiplies grad_out by x: it is the normalised x that gamma scales.",
            {1: lambda _, grad_out, x: (grad_out * x).sum(0)},
        ),
        gamma_without_x=(
            "grad_gamma lacks the normalised x: it is summed over grad_out * z.",
            {1: lambda _, grad_out: grad_out.sum(0)},
        ),
        gamma_in_grad_gamma=(
            "grad_gamma is multiplied by gamma: only the way to x goes through gamma.",
            {1: lambda grad, gamma: grad * gamma},
        ),
        gamma_in_grad_beta=(
            "grad_beta is multiplied by gamma: beta is added behind it.",
            {2: lambda grad, gamma: grad * gamma},
        ),
        gamma_and_beta_exchanged=(
            "grad_gamma and grad_beta are exchanged: x, gamma, beta is the order.",
            lambda grads: (grads[0], grads[2], grads[1]),
        ),
        grad_x_last=(
            "grad_x comes last: x, gamma, beta is the order.",
            lambda grads: (*grads[1:], grads[0]),
        ),
        grad_x_halved=(
            "grad_x has a factor 1/2 too much.",
            {0: lambda grad: grad / 2},
        ),
    )
    of_arguments(
        exercise,
        upstream_forgotten=(
            "The upstream gradient is not used: all three gradients begin with grad_out.",
            {"grad_out": one},
        ),
        eps_ignored=("The argument eps is not used: 1e-5 is its default only.", {"eps": 1e-5}),
    )
    for name, (message, way) in WAYS.items():
        exercise.add(name, message, _by_way(exercise.answer, axis, way))
    for name, (message, change) in OTHER_X.items():
        exercise.add(name, message, _by_other(exercise.answer, axis, change))


def _by_way(answer, axis, way):
    def mistaken(grad_out, x, gamma, beta, eps=1e-5):
        _, *others = answer(grad_out, x, gamma, beta, eps)
        return back(grad_out * gamma, x, eps, axis, way), *others

    return mistaken


def _by_other(answer, axis, change):
    def mistaken(grad_out, x, gamma, beta, eps=1e-5):
        _, *others = answer(grad_out, x, gamma, beta, eps)
        return change(grad_out, x, gamma, eps, axis), *others

    return mistaken


def right_way(g, z, same, along, root):
    """Return the gradient of x."""
    return (g - same - z * along) / root


def back(g, x, eps, axis, way=right_way, *, root=None):
    """Return the gradient of x out of that of the normalised numbers, by some way."""
    if root is None:
        root = (x.var(axis, correction=0, keepdim=True) + eps).sqrt()
    z = (x - x.mean(axis, keepdim=True)) / root
    return way(g, z, g.mean(axis, keepdim=True), (g * z).mean(axis, keepdim=True), root)


WAYS = {
    "mean_and_variance_fixed": (
        "Mean and variance are taken for constants: each x moves them as well, which gives two "
        "more terms.",
        lambda g, _z, _same, _along, root: g / root,
    ),
    "variance_fixed": (
        "The variance is taken for a constant: the term with the mean of g * z is missing.",
        lambda g, _z, same, _along, root: (g - same) / root,
    ),
    "mean_fixed": (
        "The mean is taken for a constant: the term with the mean of g is missing.",
        lambda g, z, _same, along, root: (g - z * along) / root,
    ),
    "root_missing_in_grad_x": (
        "grad_x is not divided by sqrt(var + eps).",
        lambda g, z, same, along, _root: g - same - z * along,
    ),
    "divided_by_variance": (
        "grad_x is divided by var + eps: it is the root of it.",
        lambda g, z, same, along, root: (g - same - z * along) / root**2,
    ),
    "multiplied_by_root": (
        "grad_x is multiplied by sqrt(var + eps): divide by it.",
        lambda g, z, same, along, root: (g - same - z * along) * root,
    ),
    "plus_for_minus": (
        "The term with the mean of g * z is added: both terms are subtracted.",
        lambda g, z, same, along, root: (g - same + z * along) / root,
    ),
    "both_terms_added": (
        "Both terms are added: both are subtracted.",
        lambda g, z, same, along, root: (g + same + z * along) / root,
    ),
    "along_without_z": (
        "The mean of g * z is subtracted as it is: it is multiplied by z first.",
        lambda g, _z, same, along, root: (g - same - along) / root,
    ),
    "along_doubled": (
        "The term with the mean of g * z counts twice: the square's 2 meets the root's 1/2.",
        lambda g, z, same, along, root: (g - same - 2 * z * along) / root,
    ),
    "sums_for_means": (
        "The two means of grad_x are sums: divide them by how many numbers there are.",
        lambda g, z, same, along, root: (
            (g - (same + z * along) * (g.numel() / same.numel())) / root
        ),
    ),
    "along_halved": (
        "The term with the mean of g * z counts half: the square's 2 meets the root's 1/2.",
        lambda g, z, same, along, root: (g - same - z * along / 2) / root,
    ),
}
"""Other ways back: out of the gradient of the normalised z, its two means, and the root."""

OTHER_X = {
    "gamma_missing_in_grad_x": (
        "grad_x lacks gamma: the gradient of the normalised z is grad_out * gamma.",
        lambda grad_out, x, _gamma, eps, axis: back(grad_out, x, eps, axis),
    ),
    "eps_missing_in_grad_x": (
        "eps is missing in grad_x: where all numbers are equal, this divides by 0.",
        lambda grad_out, x, gamma, _eps, axis: back(grad_out * gamma, x, 0.0, axis),
    ),
    "other_axis": (
        "grad_x is that of the other axis: mind along which one numbers are normalised here.",
        lambda grad_out, x, gamma, eps, axis: back(grad_out * gamma, x, eps, 1 - axis),
    ),
    "whole_table": (
        "The means in grad_x run over the whole table: each mean and variance has its own.",
        lambda grad_out, x, gamma, eps, _axis: back(
            (grad_out * gamma).reshape(1, -1), x.reshape(1, -1), eps, 1
        ).reshape(x.shape),
    ),
    "grad_x_of_upstream": (
        "grad_x is grad_out * gamma: it has to go through the normalising, too.",
        lambda grad_out, _x, gamma, _eps, _axis: grad_out * gamma,
    ),
}
"""Other gradients of x."""
