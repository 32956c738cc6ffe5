"""One step downhill: the parameter moves against its gradient."""

from grader.checks.optim._cases import GRADIENT_FEATURES, torch_sgd, updates
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
        "The gradient says in which direction the loss grows. Which way do you want to go?",
        "lr says how far to go: the step is lr times the gradient.",
        "Return param - lr * grad as a new array; `param -= ...` would change the caller's.",
    ),
)


@exercise.equivalent
def sgd(param, grad, lr):
    return torch_sgd(param, grad, grad, lr, momentum=0.0)[0]


@exercise.mistake("The sign: the gradient points uphill, and the step must go down. Subtract it.")
def uphill(param, grad, lr):
    return sgd(param, -grad, lr)


@exercise.mistake("lr is not used: the step is lr times the gradient.")
def no_learning_rate(param, grad, lr):
    return sgd(param, grad, 1.0)


@exercise.mistake("The gradient is divided by lr; a small learning rate should make a small step.")
def divided_by_rate(param, grad, lr):
    return sgd(param, grad, 1 / lr)


@exercise.mistake("Only the step is returned; return the parameter after it: param - lr * grad.")
def step_alone(param, grad, lr):
    return sgd(0 * param, -grad, lr)


@exercise.mistake("Only -lr * grad is returned; add the parameter that it moves.")
def step_down_alone(param, grad, lr):
    return sgd(0 * param, grad, lr)


@exercise.mistake("Only the sign of the gradient is used; a steeper slope makes a longer step.")
def sign_of_gradient(param, grad, lr):
    return sgd(param, grad.sign(), lr)
