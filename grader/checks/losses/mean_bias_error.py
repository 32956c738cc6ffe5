"""The mean of the errors with their signs: positive where the predictions are too low."""

from grader.checks._shared import of_result, products_of
from grader.checks.losses._cases import SHAPE_FEATURES, any_shape, has_both_signs
from grader.checks.losses._mistakes import of_mean
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1), "more axes": any_shape()},
    features={
        **SHAPE_FEATURES,
        "errors of both signs": lambda pred, target: has_both_signs(target - pred),
    },
    terms=products_of("pred target"),
    hints=(
        "Should this be positive when the predictions are too low, or when they are too high? "
        "May errors in opposite directions cancel?",
        "2 - 1 = 1     the first prediction is 1 too low\n"
        "1 - 4 = -3    the second is 3 too high\n"
        "mean_bias_error([1, 4], [2, 1]) = (1 - 3) / 2 = -1",
        "errors = ... - ...    # which of the two is subtracted?\nreturn float(... of errors)",
    ),
)


@exercise.equivalent
def mean_bias_error(pred, target):
    return (target - pred).mean()


@exercise.mistake("The absolute values are taken: here errors in opposite directions cancel.")
def absolute(pred, target):
    return (target - pred).abs().mean()


of_result(
    exercise,
    sign_turned="The sign is turned: the error is target - pred, positive when pred is too low.",
    absolute_mean=(
        "The absolute value of the mean is taken: the bias keeps its sign.",
        lambda bias: bias.abs(),
    ),
)


@exercise.mistake("The errors are squared: here they keep their signs.")
def squared(pred, target):
    return ((target - pred) ** 2).mean()


def errors(pred, target):
    return target - pred


of_mean(
    exercise,
    errors,
    halved="There is a factor 1/2 too much: the mean of the errors has none.",
    sum_for_mean="The errors are added up; the bias is their mean.",
)


@exercise.mistake("The errors are divided by the targets: the bias is not relative.")
def relative(pred, target):
    return ((target - pred) / target).mean()
