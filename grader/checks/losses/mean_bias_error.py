"""The mean of the errors with their signs: positive where the predictions are too low."""

from grader.checks.losses._cases import SHAPE_FEATURES, any_shape, has_both_signs
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("003",),
    levels={"vectors": any_shape(axes=1), "more axes": any_shape()},
    features={
        **SHAPE_FEATURES,
        "errors of both signs": lambda pred, target: has_both_signs(target - pred),
    },
    hints=(
        "Unlike the other losses, this one may be negative: errors in opposite directions cancel.",
        "It is positive when the predictions are too low. Which of pred and target is subtracted?",
        "np.mean without an axis averages all elements of target - pred.",
    ),
)


@exercise.equivalent
def mean_bias_error(pred, target):
    return (target - pred).mean()


@exercise.mistake("The sign is turned: the error is target - pred, positive when pred is too low.")
def sign_turned(pred, target):
    return (pred - target).mean()


@exercise.mistake("The absolute values are taken: here errors in opposite directions cancel.")
def absolute(pred, target):
    return (target - pred).abs().mean()


@exercise.mistake("The absolute value of the mean is taken: the bias keeps its sign.")
def absolute_mean(pred, target):
    return (target - pred).mean().abs()


@exercise.mistake("The errors are squared: here they keep their signs.")
def squared(pred, target):
    return ((target - pred) ** 2).mean()


@exercise.mistake("There is a factor 1/2 too much: the mean of the errors has none.")
def halved(pred, target):
    return (target - pred).mean() / 2


@exercise.mistake("The errors are added up; the bias is their mean.")
def sum_for_mean(pred, target):
    return (target - pred).sum()


@exercise.mistake(
    "The sum is divided by len(pred), the length of the first axis; divide by the number of all "
    "elements, pred.size."
)
def mean_over_first_axis(pred, target):
    return (target - pred).sum() / len(pred)


@exercise.mistake("np.mean with axis=0 leaves one number for each column: average all elements.")
def mean_of_each_column(pred, target):
    return (target - pred).mean(0)


@exercise.mistake("The errors are divided by the targets: the bias is not relative.")
def relative(pred, target):
    return ((target - pred) / target).mean()
