"""Learning to write: each letter is read, the next one is scored, and all weights get a share."""

from grader.checks._shared import largest_of, of_result, transposed, zero
from grader.checks.recurrent._cases import small, zeros
from grader.checks.recurrent._letters import LETTER_FEATURES, draw_network, letter_row, scores_of
from grader.checks.recurrent._mistakes import slip
from grader.checks.recurrent._through_time import of_steps, right_step
from grader.vocabulary import (
    Exercise,
    array,
    below,
    between,
    either,
    gradients,
    level,
    one_of,
    strategy,
    undrawn,
    uniform,
)

large = {"scores": uniform(-1e3, 1e3), "shift": one_of(-4e3, 0.0, 4e3)}


@strategy
def texts(draw, length=between(3, 7), scores=small, shift=one_of(0.0), state=small):
    """Draw the letters of a text, a state and a network; `length` counts the letters.

    `shift` is added to all scores, which changes no probability.
    """
    letters, hidden, length = draw(between(2, 5)), draw(between(1, 5)), draw(length)
    indices = draw(array(length, of=below(letters)))
    h0 = draw(array(1, hidden, of=state))
    *params, b_out = draw_network(draw, letters, hidden, scores=scores)
    return indices, h0, (*params, b_out + draw(shift))


def hello():
    """Spell "hello" over the alphabet h, e, l, o, for a network of three units."""
    import numpy as np

    def numbers(*shape):
        return (np.arange(np.prod(shape)).reshape(shape) * 3 % 7 - 3) / 4

    indices = np.array(["helo".index(letter) for letter in "hello"], dtype=np.int64)
    shapes = (3, 4), (3, 3), (3,), (3,), (4, 3), (4,)
    return [(indices, np.zeros((1, 3)), tuple(numbers(*shape) for shape in shapes))]


exercise = Exercise(
    points=5,
    decks=("000", "003"),
    requires=("one_hot", "rnn_forward", "rnn_backward", "losses.cross_entropy_backward"),
    levels={
        "one letter to guess": texts(length=2),
        "several letters": level(either(texts(), texts(state=zeros)), fixed=hello),
        "scores in the thousands": either(texts(**large), texts(length=2, **large)),
    },
    features=LETTER_FEATURES
    | {
        "two letters to guess or more": lambda indices: len(indices) > 2,
        "a letter twice in a row": lambda indices: (indices[1:] == indices[:-1]).any(),
        "a letter that follows another": lambda indices: (indices[1:] != indices[:-1]).any(),
        "scores that are all below -2000": lambda params: params[5].max() < -2000.0,
        "scores that are all above 2000": lambda params: params[5].min() > 2000.0,
    },
    never=[
        undrawn(
            "zero tiny far huge ties near below",
            "one_hot, rnn_forward and cross_entropy are asked about such numbers; here they are "
            "put together.",
        )
    ],
    terms=lambda params: largest_of(params[4], params[5]),
    hints=(
        "Of n letters, how many are read, and how many are guessed? The loss is a mean: which "
        "number does that put into the gradient of every score? And who has already written the "
        "way back from the states to the weights?",
        "Two letters, so that one is read and one is guessed; all weights are 0:\n"
        "scores = [0, 0]                  whatever was read\n"
        "loss = -log(1/2) = 0.6931\n"
        "[0.5, 0.5 - 1] = [0.5, -0.5]     the gradient of the scores, where 1 was to come\n"
        "net = (zeros(1, 2), zeros(1, 1), zeros(1), zeros(1), zeros(2, 1), zeros(2))\n"
        "char_loss([0, 1], zeros(1, 1), net)[6] = [0.5, -0.5]",
        "read, targets = ..., ...             # all but the last, all but the first\n"
        "x = one_hot(...)[:, np.newaxis]      # a batch of one\n"
        "hidden = rnn_forward(...)\n"
        "scores = hidden[:, 0] @ ... + ...\n"
        "loss = ...                           # mean cross-entropy, the row's maximum first\n"
        "grad_scores = (softmax - 1 at the target) / ...\n"
        "grad_w_out, grad_b_out = ..., ...\n"
        "grad_hidden = (grad_scores @ ...)[:, np.newaxis]\n"
        "grads = rnn_backward(...)            # the last four of the six\n"
        "return loss, ...",
    ),
)


def mean_loss(scores, targets):
    import torch.nn.functional as F

    return F.cross_entropy(scores, targets)


def learn(indices, h0, params, step=right_step, read=slice(-1), aim=slice(1, None), loss=mean_loss):
    """Return the loss and the gradients of params; `read` and `aim` choose letters."""
    import torch

    def forward(*params):
        h, hidden = h0, []
        for t, letter in enumerate(indices[read]):
            h = step(t, letter_row(letter, params), h, *params[:4])
            hidden.append(h)
        return loss(scores_of(torch.cat(hidden), params), indices[aim])

    return forward(*params).detach(), *gradients(forward, 1.0, *params)


@exercise.equivalent
def char_loss(indices, h0, params):
    return learn(indices, h0, params)


of_steps(exercise, lambda step, *arguments: learn(*arguments, step=step))


def with_loss(loss):
    """Return what is answered for another loss of the scores, or another gradient of it."""
    return lambda *arguments: learn(*arguments, loss=loss)


def with_params(**changes):
    """Return what is answered where parameters are changed: `p3=zero` is b_hh left out."""

    def mistaken(indices, h0, params):
        changed = [changes.get(f"p{k}", lambda p: p)(p) for k, p in enumerate(params)]
        return learn(indices, h0, tuple(changed))

    return mistaken


@exercise.mistake(
    "Each letter is to guess itself: the targets are indices[1:], the letter that follows."
)
def targets_not_shifted(*arguments):
    return learn(*arguments, aim=slice(-1))


@exercise.mistake(
    "The letters are read one place late: x is indices[:-1], and what is guessed is indices[1:]."
)
def guessed_backwards(*arguments):
    return learn(*arguments, read=slice(1, None), aim=slice(-1))


@exercise.mistake("The network reads what it has to guess: it reads indices[:-1].")
def target_read(*arguments):
    return learn(*arguments, read=slice(1, None))


exercise.add(
    "sum_for_mean",
    "The losses of the letters are added up: the loss is their mean, and the gradients are "
    "divided by their number.",
    with_loss(lambda scores, targets: mean_loss(scores, targets) * len(targets)),
)
exercise.add(
    "divided_by_letters_of_text",
    "It is divided by len(indices); one letter less is guessed: len(indices) - 1.",
    with_loss(
        lambda scores, targets: mean_loss(scores, targets) * len(targets) / (len(targets) + 1)
    ),
)
exercise.add(
    "last_letter_only",
    "Only the last letter counts; the loss is the mean over all that are guessed.",
    with_loss(lambda scores, targets: mean_loss(scores[-1:], targets[-1:])),
)
exercise.add(
    "first_letter_only",
    "Only the first letter counts: the return stands inside the loop.",
    with_loss(lambda scores, targets: mean_loss(scores[:1], targets[:1])),
)


@exercise.mistake("The first step begins at zeros; it begins at h0.")
def h0_ignored(indices, h0, params):
    return learn(indices, zero(h0), params)


@exercise.mistake("Every step begins at h0 again: the state goes on from letter to letter.")
def state_not_carried(indices, h0, params):
    return learn(
        indices, h0, params, step=lambda t, x, _h, *weights: right_step(t, x, h0, *weights)
    )


@exercise.mistake("All scores are made of the last state; those of a letter are made of its own.")
def last_state_for_all(*arguments):
    import torch

    def loss(scores, targets):
        return mean_loss(torch.cat([scores[-1:]] * len(targets)), targets)

    return learn(*arguments, loss=loss)


def one_share(which):
    """Return an answer for which each letter's column of grad_w_ih has one step's share alone."""

    def mistaken(indices, h0, params):
        read = indices[:-1].tolist()
        kept = {letter: t for t, letter in which(enumerate(read))}

        def step(t, x_t, h, w_ih, *others):
            return right_step(t, x_t, h, w_ih if t == kept[read[t]] else w_ih.detach(), *others)

        return learn(indices, h0, params, step=step)

    return mistaken


exercise.add(
    "last_share_of_a_letter",
    "Where a letter is read twice, its column of grad_w_ih has the last share alone: fancy "
    "indexing with += adds once. Use np.add.at, or one_hot and a product.",
    one_share(list),
)
exercise.add(
    "first_share_of_a_letter",
    "Where a letter is read twice, its column of grad_w_ih has the first share alone: = where += "
    "is meant.",
    one_share(lambda steps: reversed(list(steps))),
)


exercise.add(
    "b_hh_missing",
    "The forward pass adds only b_ih: its states are wrong, and so is all that follows.",
    with_params(p3=zero),
)
exercise.add(
    "b_ih_missing",
    "The forward pass adds only b_hh: its states are wrong, and so is all that follows.",
    with_params(p2=zero),
)
exercise.add("b_out_missing", "b_out is missing: scores = w_out h + b_out.", with_params(p5=zero))


def gradient_of_scores(change):
    """Return a right loss, with another gradient: `change(p, targets)` stands for p - 1[target]."""

    def loss(scores, targets):
        grad = change(scores.detach().softmax(1), targets) / len(targets)
        return mean_loss(scores, targets).detach() + (slip(scores) * grad).sum()

    return with_loss(loss)


def one_hot(p, targets):
    """Return 1 at each row's target and 0 elsewhere."""
    import torch.nn.functional as F

    return F.one_hot(targets, p.shape[1])


exercise.add(
    "gradients_not_divided",
    "The loss is a mean, and the gradients are those of a sum: divide p - 1[target] by the number "
    "of letters that are guessed.",
    gradient_of_scores(lambda p, targets: (p - one_hot(p, targets)) * len(targets)),
)
exercise.add(
    "gradients_divided_twice",
    "The gradients are divided by the number of letters twice: once is enough for a mean.",
    gradient_of_scores(lambda p, targets: (p - one_hot(p, targets)) / len(targets)),
)
exercise.add(
    "nothing_subtracted",
    "1 is never subtracted at the target: the gradient of the scores is p - 1[target].",
    gradient_of_scores(lambda p, _targets: p),
)
exercise.add(
    "wrong_sign",
    "The signs of the gradients are turned: p - 1[target], positive for letters that are wrong.",
    gradient_of_scores(lambda p, targets: one_hot(p, targets) - p),
)
exercise.add(
    "gradient_of_probabilities",
    "This goes back from -1 / p, the gradient with respect to the probabilities. Go on through "
    "the softmax: p - 1[target].",
    gradient_of_scores(lambda p, targets: (-1 / p).where(one_hot(p, targets) == 1, 0.0)),
)


@exercise.mistake(
    "exp overflows at scores of 1000: subtract the row's maximum before exp, and keep log p as "
    "score - log(sum), for log(0) is -inf."
)
def no_maximum(indices, h0, params):
    import torch

    def loss(scores, targets):
        powers = scores.exp()
        p = powers / powers.sum(1, keepdim=True)
        return -p[torch.arange(len(targets)), targets].log().mean()

    return learn(indices, h0, params, loss=loss)


@exercise.mistake(
    "log(p) is -inf where p is too small for a float: make log p of the scores, score - max - "
    "log(sum of exp)."
)
def log_of_zero(indices, h0, params):
    import torch

    def loss(scores, targets):
        p = scores.softmax(1)[torch.arange(len(targets)), targets]
        return mean_loss(scores, targets) + (-p.log().mean() - mean_loss(scores, targets)).detach()

    return learn(indices, h0, params, loss=loss)


of_result(
    exercise,
    grad_b_hh_zero=(
        "grad_b_hh is zero; both biases are added, so both get the same gradient.",
        {4: zero},
    ),
    loss_in_bits=(
        "The loss is in bits, of a logarithm to base 2; it is asked for in nats: np.log.",
        {0: lambda loss: loss / 0.6931471805599453},
    ),
    grad_w_out_transposed=(
        "grad_w_out is transposed: its rows are letters, grad_scores.T @ hidden.",
        {5: transposed},
    ),
    gradients_clipped=(
        "The gradients are clipped to ±5; asked for are the gradients as they are.",
        {k: lambda grad: grad.clamp(-5.0, 5.0) for k in range(1, 7)},
    ),
)


@exercise.mistake("grad_w_out is made with the state before the step; w_out met the one after it.")
def w_out_with_state_before(indices, h0, params):
    import torch

    def forward(w_out):
        h, before, hidden = h0, [], []
        for t, letter in enumerate(indices[:-1]):
            before.append(h)
            h = right_step(t, letter_row(letter, params), h, *params[:4])
            hidden.append(h)
        scores = scores_of(torch.cat(hidden), params) + torch.cat(before) @ slip(w_out).T
        return mean_loss(scores, indices[1:])

    loss, *cell, _, grad_b_out = learn(indices, h0, params)
    return loss, *cell, gradients(forward, 1.0, params[4])[0], grad_b_out


@exercise.mistake(
    "The gradients come in another order, those of w_out and b_out first; it is that of params."
)
def output_layer_first(*arguments):
    loss, *cell, w_out, b_out = learn(*arguments)
    return loss, w_out, b_out, *cell


@exercise.mistake("The loss comes last; it comes first, then the gradients in the order of params.")
def loss_last(*arguments):
    loss, *grads = learn(*arguments)
    return *grads, loss


@exercise.mistake("The six gradients are a tuple of their own: return seven things side by side.")
def gradients_in_a_tuple(*arguments):
    loss, *grads = learn(*arguments)
    return loss, tuple(grads)
