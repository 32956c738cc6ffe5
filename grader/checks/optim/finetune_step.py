"""Transfer learning: the last parameters take a step, the ones before them stay frozen."""

from grader.checks._shared import negative, of_arguments
from grader.checks.optim._cases import RATES, draw_shape
from grader.vocabulary import Exercise, array, between, one_of, strategy, wide


@strategy
def networks(draw, frozen):
    """Draw parameters and gradients of a network; `frozen` says which parameters do not move."""
    count = draw(between(2, 4))
    trainable = {"some": between(1, count - 1), "all or none": one_of(count, 0)}[frozen]
    num_trainable, lr = draw(trainable), draw(RATES)
    shapes = [draw_shape(draw, max_axes=2) for _ in range(count)]
    params = [draw(array(*shape, of=wide)) for shape in shapes]
    return params, [draw(array(*shape, of=wide)) for shape in shapes], lr, num_trainable


exercise = Exercise(
    points=3,
    decks=("000", "002"),
    requires=("sgd_step",),
    levels={
        "some are frozen": networks(frozen="some"),
        "all or none": networks(frozen="all or none"),
    },
    features={
        "num_trainable = 0": lambda num_trainable: num_trainable == 0,
        "every parameter trainable": lambda params, num_trainable: num_trainable == len(params),
        "several frozen parameters": lambda params, num_trainable: len(params) - num_trainable > 1,
    },
    hints=(
        "The list holds the first layer first: which end is new to the task, and should learn? "
        "What does params[-0:] give?",
        "Three parameters 1, 2 and 3, each with gradient 1, lr 0.5, one is trainable:\n"
        "3 - 1 = 2        so many are frozen\n"
        "3 - 0.5 * 1 = 2.5\n"
        "finetune_step([[1], [2], [3]], [[1], [1], [1]], 0.5, 1) = [[1], [2], [2.5]]",
        "frozen = ...     # how many, counted from the front\n"
        "result = []\n"
        "for i, (param, grad) in enumerate(zip(params, grads)):\n"
        "    result.append(param if ... else ...)\n"
        "return result",
    ),
)


@exercise.equivalent
def finetune(params, grads, lr, num_trainable):
    from torch.optim.sgd import sgd

    frozen = len(params) - num_trainable
    options = {"weight_decay": 0.0, "momentum": 0.0, "dampening": 0.0, "nesterov": False}
    options |= {"maximize": False, "foreach": False}
    sgd(params[frozen:], grads[frozen:], [None] * num_trainable, lr=lr, **options)
    return params


@exercise.mistake("The first parameters move; the last `num_trainable` ones should.")
def first_move(params, grads, lr, num_trainable):
    return finetune(params[::-1], grads[::-1], lr, num_trainable)[::-1]


@exercise.mistake("Frozen and trainable are exchanged: the last `num_trainable` ones should move.")
def exchanged(params, grads, lr, num_trainable):
    return finetune(params[::-1], grads[::-1], lr, len(params) - num_trainable)[::-1]


of_arguments(
    exercise,
    all_move=(
        "All parameters move; only the last `num_trainable` ones should.",
        {"num_trainable": lambda _, params: len(params)},
    ),
    all_move_at_zero=(
        "With num_trainable = 0 all parameters move: the slice [-0:] is the whole list. Count the "
        "frozen ones instead.",
        {"num_trainable": lambda number, params: number or len(params)},
    ),
    one_too_many=(
        "One parameter too many moves: the first trainable is len(params) - num_trainable.",
        {"num_trainable": lambda number, params: min(number + 1, len(params))},
    ),
    one_too_few=(
        "One parameter too few moves: the first trainable is len(params) - num_trainable.",
        {"num_trainable": lambda number: max(number - 1, 0)},
    ),
    uphill=("The trainable parameters go uphill: subtract lr * grad.", {"lr": negative}),
    no_learning_rate=("lr is not used: a trainable parameter moves by lr * grad.", {"lr": 1.0}),
)


@exercise.mistake("No parameter moves; the last `num_trainable` ones should.")
def none_moves(params, grads, lr, num_trainable):
    return params


@exercise.mistake("Only the trainable parameters are returned; return all, frozen ones included.")
def frozen_not_returned(params, grads, lr, num_trainable):
    return finetune(params, grads, lr, num_trainable)[len(params) - num_trainable :]
