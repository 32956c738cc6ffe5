"""Families of mistakes that come back from exercise to exercise, and what else the checks share.

A mistake is a change to the equivalent, and most mistakes change one thing of it. A family takes
the exercise, after its equivalent, and a keyword for each mistake: its name and what is said.

    of_result(exercise, halved="There is a factor 1/2 too much.")
    of_result(exercise, root=("This is the RMSE; its square is the MSE.", lambda loss: loss.sqrt()))
    of_result(exercise, grad_w_turned=("It is (out, in).", {1: transposed}))
    of_arguments(exercise, no_bias=("The bias is missing.", {"bias": zero}))
    of_arguments(exercise, fixed_padding=("The padding is always 1.", {"padding": 1}))
    raising(exercise, IndexError, lambda x: len(x) > 3, too_short="The table has three rows.")
    of_softmax(exercise, answer_with, "no_maximum", no_axis="Each row sums to 1 by itself.")

A change is a function: it takes what it changes and, by their names, the arguments that it looks
at, as in `lambda grad, targets: grad * len(targets)`. Whatever needs more than a change is a
function of its own under `@exercise.mistake`.
"""

import contextlib
import functools
import inspect
import itertools
import math

from grader.vocabulary import undrawn

SUMS_OF_PRODUCTS = undrawn(
    "huge below",
    "The result is a sum of products, in which nothing begins at a thousand.",
)
"""Why the arguments of linear functions are not larger than they are."""


def zero(value):
    """Forget a bias, a state, a gradient: zeros in its place."""
    return value * 0.0


def one(value):
    """Forget a factor: ones in its place."""
    return value * 0.0 + 1.0


def halved(value):
    """Divide by 2 once too often."""
    return value / 2


def doubled(value):
    """Multiply by 2 once too often."""
    return value * 2


def negative(value):
    """Turn the sign."""
    return -value


def transposed(value):
    """Exchange rows and columns."""
    return value.T


def backwards(value):
    """Begin at the end: the order of the first axis, or of the items of a tuple."""
    return value[::-1] if isinstance(value, tuple) else value.flip(0)


def integer_result(value):
    """Cut off what comes after the point."""
    return value.long()


def cut_at_zero(value):
    """Cut negative numbers off, by a ReLU that does not belong there."""
    return value.relu()


def first_only(value):
    """Compute the first image, sample or row; the others stay zero."""
    kept = value.clone()
    kept[1:] = 0.0
    return kept


def axis_in_front(value):
    """Keep an axis of length 1 in front, as `keepdims=True` does."""
    return value[None]


NAMED = {
    "halved": halved,
    "doubled": doubled,
    "negative": negative,
    "sign_turned": negative,
    "wrong_sign": negative,
    "transposed": transposed,
    "result_transposed": transposed,
    "integer_result": integer_result,
    "relu_added": cut_at_zero,
    "first_image_only": first_only,
    "first_sample_only": first_only,
}
"""Mistakes whose name says the change of the result already."""


def of_result(exercise, **mistakes):
    """Add mistakes of the result alone: everything is right but for the last step.

    Parameters
    ----------
    exercise
        The check, with its equivalent.
    **mistakes
        What is said and the change; what is said alone for a name in `NAMED`. The change of a
        tuple's items is a dict from their places.
    """
    for name, told in mistakes.items():
        message, change = (told, NAMED[name]) if isinstance(told, str) else told
        changed = functools.partial(_with_result, change=change)
        exercise.add(name, message, changed(exercise.answer), change=changed)


def of_arguments(exercise, **mistakes):
    """Add mistakes of the arguments: the right answer to another question.

    Parameters
    ----------
    exercise
        The check, with its equivalent.
    **mistakes
        What is said, and a dict from names of arguments to what stands for them: a value, or a
        change. Shapes that do not fit together are a `ValueError`, as NumPy has it.
    """
    for name, (message, changes) in mistakes.items():
        changed = functools.partial(_with_arguments, changes=changes)
        exercise.add(name, message, changed(exercise.answer), change=changed)


def raising(exercise, error, where, **messages):
    """Add mistakes that raise an error where the arguments are such, and are right elsewhere.

    Parameters
    ----------
    exercise
        The check, with its equivalent.
    error
        The exception's class.
    where
        Takes the arguments that it looks at, by their names.
    **messages
        What is said of each.
    """
    answer = exercise.answer

    def mistaken(*arguments):
        given = _by_name(answer, arguments).arguments
        if where(*(given[name] for name in inspect.signature(where).parameters)):
            raise error
        return answer(*arguments)

    for name, message in messages.items():
        exercise.add(name, message, mistaken)


def _with_result(answer, change):
    """Return a function whose result is changed, or some items of it."""

    @functools.wraps(answer)
    def mistaken(*arguments):
        given = _by_name(answer, arguments).arguments
        result = answer(*arguments)
        if not isinstance(change, dict):
            return _changed(change, result, given)
        items = list(result)
        for place, change_of_item in change.items():
            items[place] = _changed(change_of_item, items[place], given)
        return tuple(items)

    return mistaken


def _with_arguments(answer, changes):
    """Return a function that looks at other arguments."""

    @functools.wraps(answer)
    @numpy_errors()
    def mistaken(*arguments):
        bound = _by_name(answer, arguments)
        given = dict(bound.arguments)
        for name, change in changes.items():
            value = _changed(change, given[name], given) if callable(change) else change
            bound.arguments[name] = value
        return answer(*bound.args, **bound.kwargs)

    return mistaken


def _by_name(answer, arguments):
    """Return the arguments by their names in the equivalent, defaults filled in."""
    bound = inspect.signature(answer).bind(*arguments)
    bound.apply_defaults()
    return bound


def _changed(change, value, given):
    """Return what a change makes of a value and of the arguments that it asks for."""
    _, *asked = inspect.signature(change).parameters
    return change(value, *(given[name] for name in asked))


def softmax_without_maximum(z):
    """Overflow for large numbers."""
    e = z.exp()
    return e / e.sum(-1, keepdim=True)


def softmax_with_global_maximum(z):
    """Subtract the maximum of the batch, far above some of its rows."""
    return softmax_without_maximum(z - z.max())


def softmax_over_everything(z):
    """Let the whole batch sum to 1."""
    return z.flatten().softmax(0).reshape(z.shape)


def softmax_without_keepdims(z):
    """Let the rows' maxima and sums meet the columns."""
    e = (z - z.amax(-1)).exp()
    return e / e.sum(-1)


SOFTMAXES = {
    "no_maximum": (
        "exp of a large logit overflows, and a row of very negative ones becomes all zeros. "
        "Subtract each row's maximum first.",
        softmax_without_maximum,
    ),
    "global_maximum": (
        "The maximum of the whole batch is subtracted, and a row far below it becomes all zeros. "
        "Every row needs its own: max(axis=1, keepdims=True).",
        softmax_with_global_maximum,
    ),
    "no_axis": (
        "Softmax divides by the sum over the whole batch: sum over the classes only, axis=1 with "
        "keepdims=True.",
        softmax_over_everything,
    ),
    "softmax_over_the_batch": (
        "Softmax runs down the batch (axis 0); the classes of a sample are on axis 1.",
        lambda z: z.softmax(0),
    ),
    "no_keepdims": (
        "The row's maximum and sum have shape (N,) and meet the wrong axis of the (N, K) logits: "
        "keep them as columns with keepdims=True.",
        softmax_without_keepdims,
    ),
    "log_of_probability_zero": (
        "A very unlikely target has probability 0 in float64, and log(0) is -inf. Compute log p "
        "without p: z - log(sum(exp(z))) for the shifted logits z.",
        lambda z: z.softmax(1),
    ),
    "no_softmax": ("There is no softmax.", lambda z: z),
    "softmax_twice": ("Softmax is applied twice.", lambda z: z.softmax(-1).softmax(-1)),
}
"""Softmaxes that students write, and what is said of them where the rows are samples."""


def of_softmax(exercise, answer_with, *names, **messages):
    """Add mistakes of the softmax inside an exercise.

    Parameters
    ----------
    exercise
        The check.
    answer_with
        Takes a softmax and the arguments; returns what the exercise gives with it.
    *names
        Which of `SOFTMAXES`.
    **messages
        Others of them, with other words.
    """
    told = {name: SOFTMAXES[name][0] for name in names} | messages
    for name, message in told.items():
        exercise.add(name, message, _with_softmax(answer_with, SOFTMAXES[name][1]))


def _with_softmax(answer_with, softmax):
    @numpy_errors()
    def mistaken(*arguments):
        return answer_with(softmax, *arguments)

    return mistaken


def renamed(features, **names):
    """Return features for an exercise that calls their arguments otherwise.

    Examples
    --------
    >>> features = renamed({"several": lambda scores: len(scores) > 1}, scores="logits")
    >>> inspect.signature(features["several"])
    <Signature (logits)>
    """

    def rename(feature):
        def asking(*arguments):
            return feature(*arguments)

        asked = inspect.signature(feature).parameters.values()
        asking.__signature__ = inspect.Signature(
            [
                parameter.replace(name=names.get(parameter.name, parameter.name))
                for parameter in asked
            ]
        )
        return asking

    return {words: rename(feature) for words, feature in features.items()}


def largest_of(*arrays):
    """Return the size of the largest number of some arrays, at least 1."""
    return max(1.0, *(abs(array).max(initial=0.0) for array in arrays))


def products_of(*factors):
    """Return how large products can be, for `terms`: a function of the arguments that are named.

    Examples
    --------
    >>> terms = products_of("x", "weight bias")
    >>> inspect.signature(terms)
    <Signature (x, weight, bias)>
    """
    groups = [names.split() for names in factors]

    def terms(*arrays):
        left = iter(arrays)
        return math.prod(largest_of(*itertools.islice(left, len(names))) for names in groups)

    terms.__signature__ = inspect.Signature(
        [
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            for names in groups
            for name in names
        ]
    )
    return terms


def rounded(logits):
    """Return how exact what is computed from logits is: it is as far off as they were rounded.

    There are few steps from them to a probability, so that a thousandth of their size is enough.
    """
    return 1.0 + largest_of(logits) / 1000.0


def sides(numbers):
    """Return 0, 1, -1 for the numbers 0, 1, 2: no shift is the simplest."""
    return (numbers + 1) % 3 - 1


@contextlib.contextmanager
def numpy_errors():
    """Raise NumPy's `ValueError` where torch finds that two shapes do not fit together."""
    try:
        yield
    except RuntimeError as error:
        raise ValueError(str(error)) from error


def rows(weight, written, wanted):
    """Return the row blocks of `weight`, written in one order of the gates, in another."""
    import torch

    blocks = dict(zip(written, weight.chunk(len(written)), strict=True))
    return torch.cat([blocks[gate] for gate in wanted])
