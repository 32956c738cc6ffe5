"""Two networks read the sequence from its two ends; each step shows what both of them know."""

from grader.checks._shared import of_arguments, of_result, zero
from grader.checks.recurrent._cases import NEVER, sizes, small, zeros
from grader.checks.recurrent._layers import (
    draw_params,
    of_params,
    rnn_layer,
    rnn_layers,
    without_memory,
    without_tanh,
)
from grader.vocabulary import Exercise, array, between, either, one_of, strategy, undrawn


@strategy
def both_ways(draw, steps=between(2, 5), state=small, saturated=False):
    """Draw x, the two first states and the two networks."""
    steps = draw(steps)
    n, d, hidden = sizes(draw)
    x, h0 = draw(array(steps, n, d)), draw(array(2, n, hidden, of=state))
    return x, h0, *[draw_params(draw, d, hidden, saturated) for _ in range(2)]


exercise = Exercise(
    points=3,
    decks=("000",),
    requires=("rnn_forward",),
    levels={
        "from zero states": both_ways(steps=one_of(1, 2, 3, 1, 4, 5), state=zeros),
        "from any states": either(both_ways(), both_ways(saturated=True)),
    },
    features={
        "several samples": lambda x: x.shape[1] > 1,
        "several hidden units": lambda h0: h0.shape[2] > 1,
        "one step": lambda x: len(x) == 1,
        "three steps or more": lambda x: len(x) > 2,
        "as many steps as samples": lambda x: x.shape[0] == x.shape[1],
        "D and H different": lambda x, h0: x.shape[2] != h0.shape[2],
        "N, D and H all different": lambda x, h0: len({*x.shape[1:], h0.shape[2]}) == 3,
        "a first state that is not zero": lambda h0: h0.any(),
    },
    never=[
        *NEVER,
        undrawn(
            "zero tiny far ties near",
            "rnn_cell is asked about such numbers; here it matters which weights are used where.",
            of="forward_params backward_params",
        ),
    ],
    hints=(
        "What does the second network read first? After which of its steps has it read x[t], and "
        "where in the result does that state belong?",
        "Weights of the state 1, of the input 0, no biases: a network hands on tanh of its state.\n"
        "The forward one begins at 0, the backward one at 0.5:\n"
        "tanh(0.5) = 0.4621       the backward network at the last input, which it reads first\n"
        "tanh(0.4621) = 0.4318    and at the first input\n"
        "keep = ([[0]], [[1]], [0], [0])\n"
        "bidirectional_rnn(zeros(2, 1, 1), [[[0]], [[0.5]]], keep, keep)[0] = [[0, 0.4318]]\n"
        "The last number of the row is the backward network's: H units of each side by side.",
        "ahead = rnn_forward(x, ..., ...)\n"
        "back = rnn_forward(..., ..., ...)    # the sequence from its end, and what belongs to it\n"
        "back = ...                           # each state at the step whose input it has read\n"
        "return np.concatenate(..., axis=...)",
    ),
)


@exercise.equivalent
def bidirectional(x, h0, forward_params, backward_params):
    return rnn_layers(x, h0, (*forward_params, *backward_params), both_ways=True)


def halves(x, h0, forward_params, backward_params):
    """Return the states of both networks at their steps."""
    return bidirectional(x, h0, forward_params, backward_params).chunk(2, 2)


def together(ahead, back):
    import torch

    return torch.cat([ahead, back], 2)


@exercise.mistake(
    "The backward half is left in the order in which it was read: put it back, [::-1], so that "
    "hidden[t] is about x[t]."
)
def not_put_back(*arguments):
    ahead, back = halves(*arguments)
    return together(ahead, back.flip(0))


@exercise.mistake("Both networks read from the first input on; the second begins at the last.")
def both_forwards(x, h0, forward_params, backward_params):
    return together(rnn_layer(x, h0[0], *forward_params), rnn_layer(x, h0[1], *backward_params))


@exercise.mistake(
    "Only the states of the second network are turned round; it has to read x from its end, too."
)
def states_turned_only(x, h0, forward_params, backward_params):
    back = rnn_layer(x, h0[1], *backward_params).flip(0)
    return together(rnn_layer(x, h0[0], *forward_params), back)


def with_axis(axis, x, h0, forward_params, backward_params):
    """Turn another axis than time."""
    back = rnn_layer(x.flip(axis), h0[1], *backward_params)
    back = back.flip(axis) if axis == 1 else back
    return together(rnn_layer(x, h0[0], *forward_params), back)


@exercise.mistake("The samples are turned round, and not the steps: time is the first axis.")
def samples_turned(*arguments):
    return with_axis(1, *arguments)


@exercise.mistake("The features are turned round, and not the steps: time is the first axis.")
def features_turned(*arguments):
    return with_axis(2, *arguments)


@exercise.mistake("The states are put back along the samples: time is the first axis, [::-1].")
def put_back_along_samples(*arguments):
    ahead, back = halves(*arguments)
    return together(ahead, back.flip(0).flip(1))


@exercise.mistake("The forward half is turned round, too; only the backward one was read so.")
def both_put_back(*arguments):
    ahead, back = halves(*arguments)
    return together(ahead.flip(0), back)


@exercise.mistake("The forward half is turned round where the backward one should be.")
def wrong_half_put_back(*arguments):
    ahead, back = halves(*arguments)
    return together(ahead.flip(0), back.flip(0))


@exercise.mistake("The backward half comes first; first the H units of the forward network.")
def halves_exchanged(*arguments):
    ahead, back = halves(*arguments)
    return together(back, ahead)


of_arguments(
    exercise,
    params_exchanged=(
        "forward_params and backward_params are exchanged.",
        {
            "forward_params": lambda _, backward_params: backward_params,
            "backward_params": lambda _, forward_params: forward_params,
        },
    ),
    forward_params_twice=(
        "Both networks have forward_params; the second has weights of its own, backward_params.",
        {"backward_params": lambda _, forward_params: forward_params},
    ),
    backward_params_twice=(
        "Both networks have backward_params; the first has weights of its own, forward_params.",
        {"forward_params": lambda _, backward_params: backward_params},
    ),
    first_state_twice=(
        "Both networks begin at h0[0]; the backward one begins at h0[1].",
        {"h0": lambda h0: h0[:1].expand_as(h0)},
    ),
    second_state_twice=(
        "Both networks begin at h0[1]; the forward one begins at h0[0].",
        {"h0": lambda h0: h0[1:].expand_as(h0)},
    ),
    states_exchanged=(
        "The first states are exchanged: h0[0] is the forward network's.",
        {"h0": lambda h0: h0.flip(0)},
    ),
    h0_ignored=("h0 is ignored, and both networks begin at zeros.", {"h0": zero}),
)


@exercise.mistake("The backward network begins at zeros; it begins at h0[1].")
def second_state_ignored(x, h0, *params):
    ahead, _ = halves(x, h0, *params)
    return together(ahead, halves(x, h0 * 0.0, *params)[1])


@exercise.mistake(
    "The backward network begins where the forward one ended; its own first state is h0[1]."
)
def goes_on_from_forward(x, h0, forward_params, backward_params):
    ahead = rnn_layer(x, h0[0], *forward_params)
    return together(ahead, rnn_layer(x.flip(0), ahead[-1], *backward_params).flip(0))


def with_layer(layer, x, h0, forward_params, backward_params):
    """Return the result for networks that are wrong alike."""
    back = layer(x.flip(0), h0[1], *backward_params).flip(0)
    return together(layer(x, h0[0], *forward_params), back)


@exercise.mistake("The states are not handed on: every step begins at h0 again.")
def states_not_carried(*arguments):
    return with_layer(without_memory, *arguments)


@exercise.mistake("The tanh is missing.")
def no_tanh(*arguments):
    return with_layer(without_tanh, *arguments)


of_params(
    exercise,
    lambda change: dict.fromkeys(
        ("forward_params", "backward_params"), lambda params: change(*params)
    ),
)


def in_halves(change):
    """Return a change of the result that takes its halves."""
    return lambda hidden: change(*hidden.chunk(2, 2))


def joined(axis):
    """Return a change that puts the halves one after the other on another axis."""

    def join(ahead, back):
        import torch

        return torch.cat([ahead, back], axis)

    return in_halves(join)


def stacked(axis):
    """Return a change that gives the halves an axis of their own."""

    def stack(ahead, back):
        import torch

        return torch.stack([ahead, back], axis)

    return in_halves(stack)


def last_states(ahead, back):
    """Return where each network ended."""
    import torch

    return torch.cat([ahead[-1], back[0]], 1)


of_result(
    exercise,
    joined_in_time=(
        "The halves come one after the other in time, (2T, N, H); they belong side by side: "
        "axis=2.",
        joined(0),
    ),
    joined_along_samples=(
        "The halves are joined along the samples, (T, 2N, H); units side by side: axis=2.",
        joined(1),
    ),
    stacked_in_front=("The halves are on an axis of their own; join them: (T, N, 2H).", stacked(0)),
    stacked_before_units=(
        "The halves are on an axis of their own; join them: (T, N, 2H).",
        stacked(2),
    ),
    interleaved=(
        "The units of both networks alternate; first come all H of the forward one.",
        lambda hidden: stacked(3)(hidden).flatten(2),
    ),
    summed=(
        "The halves are added; each keeps its own H numbers, side by side.",
        in_halves(lambda ahead, back: ahead + back),
    ),
    averaged=(
        "The halves are averaged; each keeps its own H numbers, side by side.",
        in_halves(lambda ahead, back: (ahead + back) / 2),
    ),
    last_states_only=(
        "Only where each network ended is returned; all T steps are asked for: (T, N, 2H).",
        in_halves(last_states),
    ),
    forward_half_alone=(
        "Only the forward network's states are returned: (T, N, 2H) has both.",
        in_halves(lambda ahead, _: ahead),
    ),
    batch_first=(
        "The result is (N, T, 2H); time comes first here: (T, N, 2H).",
        lambda hidden: hidden.transpose(0, 1),
    ),
)
