"""Recurrent layers on top of each other: each reads, step by step, the states of the one below."""

from grader.checks._shared import numpy_errors, of_arguments, of_result, zero
from grader.checks.recurrent._cases import NEVER, TIME, sizes, small, zeros
from grader.checks.recurrent._layers import (
    draw_params,
    of_params,
    rnn_layer,
    rnn_layers,
    without_memory,
    without_tanh,
)
from grader.checks.recurrent._mistakes import SAME_ARRAY, everywhere, of_input_order
from grader.vocabulary import Exercise, array, between, either, strategy, undrawn


@strategy
def stacks(draw, depth=between(2, 4), steps=between(2, 5), state=small, saturated=False):
    """Draw x, the first states and the layers."""
    depth, steps = draw(depth), draw(steps)
    n, d, hidden = sizes(draw)
    x, h0 = draw(array(steps, n, d)), draw(array(depth, n, hidden, of=state))
    widths = [d] + [hidden] * (depth - 1)
    return x, h0, [draw_params(draw, width, hidden, saturated) for width in widths]


exercise = Exercise(
    points=2,
    decks=("003",),
    requires=("rnn_forward",),
    levels={
        "one or two layers from zero states": stacks(
            depth=between(1, 2), steps=between(1, 4), state=zeros
        ),
        "any number of layers from any states": either(
            stacks(depth=between(1, 4)), stacks(), stacks(saturated=True)
        ),
    },
    features=TIME
    | {
        "several samples": lambda x: x.shape[1] > 1,
        "several hidden units": lambda h0: h0.shape[2] > 1,
        "several layers": lambda layers: len(layers) > 1,
        "three layers or more": lambda layers: len(layers) > 2,
        "D and H different": lambda x, h0: x.shape[2] != h0.shape[2],
        "N, D and H all different": lambda x, h0: len({*x.shape[1:], h0.shape[2]}) == 3,
        "a first state that is not zero": lambda h0: h0.any(),
    },
    never=[
        *NEVER,
        undrawn(
            "zero tiny far ties near",
            "rnn_cell is asked about such numbers; here it matters which weights are used where.",
            of="layers",
        ),
    ],
    hints=(
        "What does the lowest layer read, and what does the next one read in its place? Which "
        "of all these states is the result?",
        "Two layers that pass on what is below them: w_ih = 1, w_hh = 0, no biases; x is 1:\n"
        "tanh(1) = 0.7616         the lower layer\n"
        "tanh(0.7616) = 0.6420    the upper layer, which has read that\n"
        "layer = ([[1]], [[0]], [0], [0])\n"
        "deep_rnn_forward([[[1]]], zeros(2, 1, 1), [layer, layer]) = [[[0.6420]]]",
        "below = ...                       # what the lowest layer reads\n"
        "for ... in zip(..., layers):      # each layer has a first state of its own\n"
        "    below = rnn_forward(..., ..., ...)\n"
        "return ...",
    ),
)


@exercise.equivalent
def deep(x, h0, layers):
    return rnn_layers(x, h0, tuple(w for layer in layers for w in layer), layers=len(layers))


def by_layers(x, h0, layers, layer=rnn_layer):
    """Return the states of every layer."""
    states = []
    for h, params in zip(h0, layers, strict=True):
        x = layer(x, h, *params)
        states.append(x)
    return states


@exercise.mistake(
    "Every layer reads x; the second and later ones read the states of the one below."
)
@numpy_errors()
def each_reads_x(x, h0, layers):
    return [rnn_layer(x, h, *params) for h, params in zip(h0, layers, strict=True)][-1]


@exercise.mistake("The states of the lowest layer are returned; the highest one's are asked for.")
def lowest_returned(*arguments):
    return by_layers(*arguments)[0]


@exercise.mistake("The highest layer is left out: the loop ends one layer too early.")
def highest_left_out(x, h0, layers):
    return x if len(layers) == 1 else by_layers(x, h0, layers)[-2]


@exercise.mistake(
    "A layer begins at the last state of the layer below; layer l begins at a state of its own, "
    "h0[l]."
)
def state_goes_up(x, h0, layers):
    h = h0[0]
    for params in layers:
        x = rnn_layer(x, h, *params)
        h = x[-1]
    return x


@exercise.mistake(
    "All layers share one h: it goes up from layer to layer and on to the next step. Each layer "
    "has a state of its own, which it alone goes on with."
)
def one_state_for_all(x, h0, layers):
    import torch

    h, hidden = h0[0], []
    for x_t in x:
        below = x_t
        for params in layers:
            below = h = torch.rnn_tanh_cell(below, h, *params)
        hidden.append(h)
    return torch.stack(hidden)


@exercise.mistake(
    "A layer reads what the one below had at the step before; it reads the state of the same step, "
    "h_t of the layer below."
)
def one_step_late(x, h0, layers):
    for place, (h, params) in enumerate(zip(h0, layers, strict=True)):
        hidden = rnn_layer(x, h, *params)
        x = late(h0[place], hidden)
    return hidden


def late(h, hidden):
    """Return the states before each step."""
    import torch

    return torch.cat([h[None], hidden[:-1]])


@exercise.mistake("The states are not handed on: every step begins at h0 again.")
def states_not_carried(*arguments):
    return by_layers(*arguments, layer=without_memory)[-1]


@exercise.mistake("The tanh is missing.")
def no_tanh(*arguments):
    return by_layers(*arguments, layer=without_tanh)[-1]


@exercise.mistake("Only the highest layer has its tanh; every layer ends with one.")
def tanh_at_top_only(*arguments):
    x, h0, layers = arguments
    below = by_layers(x, h0[:-1], layers[:-1], layer=without_tanh)
    return rnn_layer(below[-1] if below else x, h0[-1], *layers[-1])


of_input_order(exercise)
of_arguments(
    exercise,
    h0_ignored=("h0 is ignored, and all layers begin at zeros.", {"h0": zero}),
    first_state_for_all=(
        "All layers begin at h0[0]; layer l begins at h0[l].",
        {"h0": lambda h0: h0[:1].expand_as(h0)},
    ),
    last_state_for_all=(
        "All layers begin at h0[-1]; layer l begins at h0[l].",
        {"h0": lambda h0: h0[-1:].expand_as(h0)},
    ),
    first_state_for_lowest_only=(
        "Only the lowest layer begins at its state, the others at zeros; layer l begins at h0[l].",
        {"h0": lambda h0: [h if place == 0 else h * 0.0 for place, h in enumerate(h0)]},
    ),
    states_upside_down=(
        "The first states are taken from the last to the first; h0[0] is the lowest layer's.",
        {"h0": lambda h0: h0.flip(0)},
    ),
    layers_upside_down=(
        "The layers are gone through from the highest to the lowest; begin with layers[0].",
        {"layers": lambda layers: layers[::-1]},
    ),
    lowest_weights_for_all=(
        "Every layer has the weights of the lowest one; layer l has layers[l].",
        {"layers": lambda layers: layers[:1] * len(layers)},
    ),
    highest_weights_for_all=(
        "Every layer has the weights of the highest one; layer l has layers[l].",
        {"layers": lambda layers: layers[-1:] * len(layers)},
    ),
)
of_params(
    exercise, lambda change: {"layers": lambda layers: [change(*params) for params in layers]}
)
of_result(
    exercise,
    last_step_only=(
        "Only the last step is returned; all T of them are asked for: (T, N, H).",
        lambda hidden: hidden[-1],
    ),
    last_state_everywhere=(SAME_ARRAY, everywhere),
    batch_first=(
        "The result is (N, T, H); time comes first here: (T, N, H).",
        lambda hidden: hidden.transpose(0, 1),
    ),
)


@exercise.mistake("The states of all layers are returned; only the highest one's are asked for.")
def all_layers(*arguments):
    import torch

    return torch.stack(by_layers(*arguments))


@exercise.mistake(
    "The states of all layers are side by side; only the highest one's are asked for."
)
def layers_side_by_side(*arguments):
    import torch

    return torch.cat(by_layers(*arguments), 2)


@exercise.mistake(
    "The last state of each layer is returned, torch's h_n; asked for is the highest layer at "
    "every step: (T, N, H)."
)
def last_of_each_layer(*arguments):
    import torch

    return torch.stack([hidden[-1] for hidden in by_layers(*arguments)])


@exercise.mistake("Torch's result (hidden, h_n) is given; only hidden is asked for.")
def torch_result(*arguments):
    return deep(*arguments), last_of_each_layer(*arguments)


@exercise.mistake("h0 is kept as the first state; hidden holds the T states after it.")
def h0_included(x, h0, layers):
    import torch

    return torch.cat([h0[-1:], deep(x, h0, layers)])
