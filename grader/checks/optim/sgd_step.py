"""One step downhill: the parameter moves against its gradient."""

from grader.checks._shared import negative, of_arguments, zero
from grader.checks.optim._cases import GRADIENT_FEATURES, torch_sgd, updates
from grader.checks.optim._mistakes import of_direction
from grader.vocabulary import Exercise, between

exercise = Exercise(
    points=1,
    decks=("001", "002", "003"),
    levels={
        "one step": updates(),
        "several steps, the rate changing": updates(calls=between(3, 5)),
    },
    features=GRADIENT_FEATURES,
    hints=(
        "In which direction does the loss grow, and which way do you want to go? How far?",
        "1 - 0.5 * 4 = -1      the gradient is 4: go down\n"
        "2 - 0.5 * -2 = 3      the gradient is -2: go up\n"
        "sgd_step([1, 2], [4, -2], 0.5) = [-1, 3]",
        "step = ... * ...\nreturn ...   # a new array: `param -= step` changes the caller's",
    ),
)


@exercise.equivalent
def sgd(param, grad, lr):
    return torch_sgd(param, grad, grad, lr, momentum=0.0)[0]


of_direction(exercise)
of_arguments(
    exercise,
    no_learning_rate=("lr is not used: the step is lr times the gradient.", {"lr": 1.0}),
    divided_by_rate=(
        "The gradient is divided by lr; a small learning rate should make a small step.",
        {"lr": lambda lr: 1 / lr},
    ),
    step_alone=(
        "Only the step is returned; return the parameter after it: param - lr * grad.",
        {"param": zero, "grad": negative},
    ),
    step_down_alone=(
        "Only -lr * grad is returned; add the parameter that it moves.",
        {"param": zero},
    ),
    sign_of_gradient=(
        "Only the sign of the gradient is used; a steeper slope makes a longer step.",
        {"grad": lambda grad: grad.sign()},
    ),
)
