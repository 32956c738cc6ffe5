"""One epoch of training: batch after batch, the loss, its gradients, a step."""

from grader.checks._shared import of_arguments, of_result
from grader.vocabulary import (
    Exercise,
    array,
    below,
    between,
    gradients,
    one_of,
    permutation_of,
    plain,
    strategy,
    undrawn,
)


@strategy
def epochs(draw, size=between(1, 3), count=between(2, 3), short=0):
    """Draw samples, a network and an order that makes `count` batches and perhaps a short one."""
    size, count = draw(size), draw(count)
    n = size * count + (draw(between(1, size - 1)) if short else 0)
    d, m, k = draw(between(1, 3)), draw(between(1, 4)), draw(between(2, 4))
    x, targets = draw(array(n, d, of=plain)), draw(array(n, of=below(k)))
    shapes = (m, d), (m,), (k, m), (k,)
    params = tuple(draw(array(*shape, of=plain)) for shape in shapes)
    order = draw(array(n, of=permutation_of(n)))
    return x, targets, params, size, order, draw(one_of(0.5, 1.0, 0.25, 0.1))


exercise = Exercise(
    points=5,
    decks=("001", "002", "003"),
    requires=("linear.two_layer_backward", "optim.sgd_step", "optim.minibatches"),
    levels={
        "one batch": epochs(size=between(1, 4), count=1),
        "several batches": epochs(),
        "a short last batch": epochs(size=between(2, 4), count=between(1, 3), short=1),
    },
    features={
        "several batches": lambda order, batch_size: len(order) > batch_size,
        "more than two batches": lambda order, batch_size: len(order) > 2 * batch_size,
        "a short last batch": lambda order, batch_size: len(order) % batch_size > 0,
        "batch_size = 1": lambda batch_size: batch_size == 1,
        "a batch of several samples": lambda order, batch_size: min(len(order), batch_size) > 1,
        "samples in order": lambda order: order.tolist() == sorted(order),
        "lr = 1": lambda lr: lr == 1.0,
    },
    never=[
        undrawn(
            "zero tiny far huge ties near below",
            "Its parts are asked about such numbers; here a kink that a step has moved would "
            "decide, or logits of thousands.",
        )
    ],
    hints=(
        "Which of your functions cuts the order into batches, which one gives a batch's loss "
        "and gradients, which one takes a step? What does the second batch see of the first "
        "one's step?",
        "Three samples in the order 2, 0, 1 and batches of 2: first the samples 2 and 0 with\n"
        "their targets, then sample 1, with the weights after that step. Two losses come out.\n"
        "With all weights 0 both of two classes are as likely, so that the first loss is\n"
        "-log(1 / 2) = 0.6931\n"
        "start = (zeros(1, 1), zeros(1), zeros(2, 1), zeros(2))\n"
        "sgd_epoch(zeros(1, 1), [0], start, 1, [0], 1)[1] = [0.6931]",
        "losses = []\n"
        "for batch in minibatches(...):\n"
        "    loss, *gradients = two_layer_backward(x[...], *params, ...)\n"
        "    losses.append(...)\n"
        "    params = tuple(... for p, g in zip(params, gradients))\n"
        "return params, losses    # import both functions from your own files",
    ),
)


@exercise.equivalent
def sgd_epoch(x, targets, params, batch_size, order, lr, batches=None, change=None, steps=None):
    losses, begun = [], params
    for batch in order.split(batch_size) if batches is None else batches:
        seen = begun if steps in ("apart", "added up") else params
        loss = loss_of(x[batch], targets[batch], seen)
        slopes = gradients(lambda *w, b=batch: loss_of(x[b], targets[b], w), 1.0, *seen)
        slopes = slopes if change is None else change(slopes, batch)
        moved = begun if steps == "apart" else params
        params = tuple(p - lr * g for p, g in zip(moved, slopes, strict=True))
        losses.append(loss_of(x[batch], targets[batch], params) if steps == "loss after" else loss)
    return params, losses


def loss_of(x, targets, params):
    """Return the mean cross-entropy of the network."""
    import torch.nn.functional as F

    w1, b1, w2, b2 = params
    return F.cross_entropy(F.linear(F.linear(x, w1, b1).relu(), w2, b2), targets)


def changed(change):
    """Return the option of an equivalent whose gradients are changed."""
    return {"change": lambda _: change}


def kept(*places):
    """Let only some of the parameters have a gradient."""
    return lambda slopes, _: tuple(
        slope if place in places else slope * 0.0 for place, slope in enumerate(slopes)
    )


of_arguments(
    exercise,
    order_ignored=(
        "`order` is not used: the samples come as 0, 1, 2, … A batch is x[order[i : i + "
        "batch_size]].",
        {"order": lambda order: order.sort().values},
    ),
    order_backwards=(
        "The order is gone through from its end: begin with order[0].",
        {"order": lambda order: order.flip(0)},
    ),
    targets_not_shuffled=(
        "x is taken in the given order and the targets are not: index both with the same batch.",
        {"targets": lambda targets, order: targets[order.argsort()]},
    ),
    x_not_shuffled=(
        "The targets are taken in the given order and x is not: index both with the same batch.",
        {"x": lambda x, order: x[order.argsort()]},
    ),
    short_batch_dropped=(
        "The short batch at the end is left out: its samples belong to the epoch, too.",
        {
            "batches": lambda _, order, batch_size: [
                batch for batch in order.split(batch_size) if len(batch) == batch_size
            ]
        },
    ),
    last_batch_missing=(
        "The last batch is never visited: the range of starts ends too early.",
        {"batches": lambda _, order, batch_size: order.split(batch_size)[:-1]},
    ),
    first_batch_alone=(
        "Only the first batch is trained on: an epoch visits every sample.",
        {"batches": lambda _, order, batch_size: order.split(batch_size)[:1]},
    ),
    one_batch=(
        "All samples make one batch; there is a step after every batch_size of them.",
        {"batch_size": lambda _, order: len(order)},
    ),
    sample_by_sample=(
        "There is a step after every sample: a batch has batch_size of them, and one step.",
        {"batch_size": 1},
    ),
    equal_batches=(
        "All batches are made about equally long; only the last one may be shorter.",
        {"batches": lambda _, order, batch_size: order.tensor_split(len(order.split(batch_size)))},
    ),
    losses_after_the_step=(
        "The losses are those after the step: take each before its step, as two_layer_backward "
        "gives it.",
        {"steps": "loss after"},
    ),
    every_batch_from_the_start=(
        "Every batch begins with the parameters that were given, and only the last step is left: "
        "go on with the new ones.",
        {"steps": "apart"},
    ),
    gradients_at_the_start=(
        "All gradients are taken at the parameters that were given: the next batch sees the new "
        "ones.",
        {"steps": "added up"},
    ),
    uphill=("The step goes uphill: p - lr * gradient.", {"lr": lambda lr: -lr}),
    no_learning_rate=("The learning rate is left out: p - lr * gradient.", {"lr": 1.0}),
    gradients_summed=(
        "The gradients are those of the sum over the batch; the loss is a mean, so divide by the "
        "samples in the batch.",
        changed(lambda slopes, batch: tuple(g * len(batch) for g in slopes)),
    ),
    gradients_divided_twice=(
        "The gradients are divided by the samples of the batch twice: two_layer_backward has done "
        "it.",
        changed(lambda slopes, batch: tuple(g / len(batch) for g in slopes)),
    ),
    biases_stay=(
        "The biases stay as they were: all four parameters take a step.",
        changed(kept(0, 2)),
    ),
    first_bias_stays=(
        "b1 stays as it was: all four parameters take a step.",
        changed(kept(0, 2, 3)),
    ),
    second_bias_stays=(
        "b2 stays as it was: all four parameters take a step.",
        changed(kept(0, 1, 2)),
    ),
    first_layer_stays=(
        "The first layer stays as it was: all four parameters take a step.",
        changed(kept(2, 3)),
    ),
    second_layer_stays=(
        "The second layer stays as it was: all four parameters take a step.",
        changed(kept(0, 1)),
    ),
)
of_result(
    exercise,
    nothing_moves=(
        "The parameters that come back are those that were given: return the new ones.",
        lambda _, params, x, targets, batch_size, order, lr: (
            params,
            sgd_epoch(x, targets, params, batch_size, order, lr)[1],
        ),
    ),
    losses_first=(
        "The losses come first; params, losses is asked for.",
        lambda both: both[::-1],
    ),
    mean_of_the_losses=(
        "The losses are averaged to one number: return the list, one for each batch.",
        {1: lambda losses: sum(losses) / len(losses)},
    ),
    last_loss_alone=(
        "Only the last loss is returned: append each to a list.",
        {1: lambda losses: losses[-1]},
    ),
    losses_summed=(
        "Each loss is the sum over its batch: it is the mean.",
        {
            1: lambda losses, order, batch_size: [
                loss * len(batch)
                for loss, batch in zip(losses, order.split(batch_size), strict=True)
            ]
        },
    ),
    no_losses=("Only the parameters are returned: params, losses.", lambda both: both[0]),
    flat=(
        "w1, b1, w2, b2 and the losses stand in one tuple: params is a tuple of its own.",
        lambda both: (*both[0], both[1]),
    ),
)


@exercise.mistake(
    "The first layer's gradients are taken with the second layer's new weights: compute all four "
    "gradients before any parameter moves."
)
def second_layer_moved_first(x, targets, params, batch_size, order, lr):
    return _by_hand(x, targets, params, batch_size, order, lr, stopped, with_new=True)


@exercise.mistake(
    "The ReLU is left out on the way back: where its input was not above 0, no gradient passes."
)
def relu_forgotten_on_the_way_back(x, targets, params, batch_size, order, lr):
    return _by_hand(x, targets, params, batch_size, order, lr, lambda slopes, _: slopes)


@exercise.mistake(
    "On the way back the gradient itself is cut off below 0 (relu(grad)); it is stopped where the "
    "ReLU's input was not above 0, whatever its own sign."
)
def relu_of_the_gradient(x, targets, params, batch_size, order, lr):
    return _by_hand(x, targets, params, batch_size, order, lr, lambda slopes, _: slopes.relu())


def stopped(slopes, before):
    """Return what a ReLU lets through on the way back."""
    return slopes * (before > 0)


def _by_hand(x, targets, params, batch_size, order, lr, relu_backward, *, with_new=False):
    """Train with another way back through the ReLU, or with the new weights behind it."""
    losses = []
    for batch in order.split(batch_size):
        rows, right = x[batch], targets[batch]
        w1, b1, w2, b2 = params
        losses.append(loss_of(rows, right, params))
        *_, grad_w2, grad_b2 = gradients(lambda *w, r=rows, t=right: loss_of(r, t, w), 1.0, *params)
        before, new_w2 = rows @ w1.T + b1, w2 - lr * grad_w2
        logits = before.relu() @ w2.T + b2
        (slopes,) = gradients(lambda z, t=right: _cross_entropy(z, t), 1.0, logits)
        hidden = relu_backward(slopes @ (new_w2 if with_new else w2), before)
        params = w1 - lr * hidden.T @ rows, b1 - lr * hidden.sum(0), new_w2, b2 - lr * grad_b2
    return params, losses


def _cross_entropy(logits, targets):
    import torch.nn.functional as F

    return F.cross_entropy(logits, targets)
