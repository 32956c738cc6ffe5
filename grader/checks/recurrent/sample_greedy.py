"""A trained network writes: its likeliest letter is the next one that it reads."""

from grader.checks._shared import of_arguments, of_result, zero
from grader.checks.recurrent._cases import small, zeros
from grader.checks.recurrent._letters import (
    LETTER_FEATURES,
    draw_network,
    draw_switches,
    letter_row,
    loud,
    scores_of,
)
from grader.vocabulary import (
    Exercise,
    array,
    between,
    bits,
    either,
    level,
    one_of,
    strategy,
    undrawn,
)


@strategy
def writers(draw, length=between(2, 8), state=small):
    """Draw a first letter, a state, a network and how many letters it writes."""
    letters, hidden, length = draw(between(2, 6)), draw(between(1, 5)), draw(length)
    start = draw(between(0, letters - 1))
    h0 = draw(array(1, hidden, of=state))
    return start, h0, draw_network(draw, letters, hidden, of=loud), length


@strategy
def undecided(draw):
    """Draw a network of exact scores, of which two or more may be the largest."""
    letters, hidden, length = draw(between(2, 6)), draw(between(1, 4)), draw(between(1, 8))
    start, size = draw(between(0, letters - 1)), draw(one_of(0.0, 1.0))
    h0 = size * (2.0 * draw(array(1, hidden, of=bits)) - 1.0)
    return start, h0, draw_switches(draw, letters, hidden), length


def all_alike():
    """Return a network that finds every letter as likely."""
    import numpy as np

    shapes = (3, 4), (3, 3), (3,), (3,), (4, 3), (4,)
    return [(2, np.zeros((1, 3)), tuple(np.zeros(shape) for shape in shapes), 3)]


exercise = Exercise(
    points=3,
    decks=("003",),
    requires=("one_hot", "rnn_cell"),
    levels={
        "one letter": writers(length=1),
        "several letters": either(writers(), writers(state=zeros)),
        "scores that are equal": level(undecided(), fixed=all_alike),
    },
    features=LETTER_FEATURES
    | {
        "one letter": lambda length: length == 1,
        "three letters or more": lambda length: length > 2,
        "the first of the alphabet at the start": lambda start: start == 0,
        "the last of the alphabet at the start": lambda start, params: start == len(params[5]) - 1,
    },
    never=[
        undrawn(
            "tiny far huge near below",
            "Near scores would let rounding choose, and one_hot and rnn_cell are asked about "
            "such numbers.",
        )
    ],
    hints=(
        "What does the network read first, and what at the next step? What else goes on from "
        "step to step, and which letter wins where two scores are equal?",
        "Two letters, two units, w_ih = 1000 where a unit belongs to a letter, else 0; no memory:\n"
        "tanh(1000) = 1    the unit of the letter that was read, the other one is 0\n"
        "w_out = [[0, 1], [1, 0]] makes the other letter's score 1 and this one's 0.\n"
        "read = [[1000, 0], [0, 1000]]\n"
        "net = (read, zeros(2, 2), zeros(2), zeros(2), [[0, 1], [1, 0]], zeros(2))\n"
        "sample_greedy(0, zeros(1, 2), net, 3) = [1, 0, 1]",
        "letter, h = ..., ...\n"
        "for t in range(...):\n"
        "    x = one_hot(..., ...)        # one row, as long as the alphabet\n"
        "    h = ...                      # the cell, with the first four of params\n"
        "    letter = ...                 # where the largest score is\n"
        "    ...                          # keep it\n"
        "return ...                       # int64, without start",
    ),
)


def first_largest(scores):
    """Return the first place of the largest score, for torch does not promise which."""
    return int((scores == scores.max()).nonzero()[0, -1])


def step(x, h, params):
    import torch

    return torch.rnn_tanh_cell(x, h, *params[:4])


@exercise.equivalent
def greedy(
    start,
    h0,
    params,
    length,
    read=letter_row,
    carried=lambda _, h: h,
    fed=lambda _, letter: letter,
    choose=first_largest,
    cell=step,
):
    import torch

    letter, h, written = start, h0, []
    for _ in range(length):
        h = cell(read(letter, params), h, params)
        best = choose(scores_of(h, params))
        written.append(best)
        letter, h = fed(letter, best), carried(h0, h)
    return torch.tensor(written)


def given(**parts):
    """Return the options of the equivalent with other parts."""

    def other(part):
        return lambda _: part

    return {name: other(part) for name, part in parts.items()}


def last_largest(scores):
    """Return the last place of the largest score."""
    return int((scores == scores.max()).nonzero()[-1, -1])


def smallest(scores):
    """Return the first place of the smallest score."""
    return first_largest(-scores)


def changed(place, change):
    """Return a change of one of the parameters."""

    def change_one(params):
        return tuple(change(p) if place == k else p for k, p in enumerate(params))

    return {"params": change_one}


of_arguments(
    exercise,
    state_not_carried=(
        "Every step begins at h0 again: the state goes on from letter to letter.",
        given(carried=lambda h0, _: h0),
    ),
    same_letter_read=(
        "Every step reads start; it reads the letter that was just written.",
        given(fed=lambda letter, _: letter),
    ),
    last_of_equals=(
        "Of equal scores the last one wins; it is the first, as np.argmax has it.",
        given(choose=last_largest),
    ),
    least_likely=("The letter with the smallest score is taken: argmax.", given(choose=smallest)),
    h0_ignored=("h0 is ignored, and the first step begins at zeros.", {"h0": zero}),
    b_out_missing=("b_out is missing: scores = w_out h + b_out.", changed(5, zero)),
    w_hh_transposed=(
        "w_hh is transposed: its rows belong to the new state, h @ w_hh.T.",
        changed(1, lambda w_hh: w_hh.T),
    ),
    b_hh_missing=("Only b_ih is added; b_hh is a bias of its own.", changed(3, zero)),
    b_ih_missing=("Only b_hh is added; b_ih is a bias of its own.", changed(2, zero)),
)


@exercise.mistake("Both biases of the cell are missing.")
def no_bias(start, h0, params, length):
    w_ih, w_hh, b_ih, b_hh, *out = params
    return greedy(start, h0, (w_ih, w_hh, zero(b_ih), zero(b_hh), *out), length)


@exercise.mistake("The tanh is missing.")
def no_tanh(start, h0, params, length):
    import torch.nn.functional as F

    def cell(x, h, params):
        return F.linear(x, params[0], params[2]) + F.linear(h, params[1], params[3])

    return greedy(start, h0, params, length, cell=cell)


@exercise.mistake("The state is never changed: each step has to go on from the new one.")
def state_never_made(start, h0, params, length):
    return greedy(start, h0, params, length, cell=lambda _x, h, _params: h)


def feeding(read):
    """Return what is written when the next step reads something made of the scores."""

    def mistaken(start, h0, params, length):
        import torch

        x, h, written = letter_row(start, params), h0, []
        for _ in range(length):
            h = step(x, h, params)
            scores = scores_of(h, params)
            written.append(first_largest(scores))
            x = read(scores)
        return torch.tensor(written)

    return mistaken


exercise.add(
    "scores_fed",
    "The next step reads the scores; it reads the chosen letter, one-hot.",
    feeding(lambda scores: scores),
)
exercise.add(
    "probabilities_fed",
    "The next step reads the probabilities of all letters; it reads the chosen one, one-hot.",
    feeding(lambda scores: scores.softmax(1)),
)


@exercise.mistake(
    "The scores are made of the state before the step: read the letter first, then score with "
    "the new state."
)
def scored_before_reading(start, h0, params, length):
    import torch

    letter, h, written = start, h0, []
    for _ in range(length):
        best = first_largest(scores_of(h, params))
        h = step(letter_row(letter, params), h, params)
        letter = best
        written.append(best)
    return torch.tensor(written)


@exercise.mistake(
    "The largest unit of the state is taken; the letters have scores, w_out h + b_out."
)
def largest_unit(start, h0, params, length):
    import torch

    letter, h, written = start, h0, []
    for _ in range(length):
        if letter >= len(params[5]):
            raise IndexError
        h = step(letter_row(letter, params), h, params)
        letter = first_largest(h)
        written.append(letter)
    return torch.tensor(written)


@exercise.mistake(
    "start is the first letter of the result; it is given, and only what follows counts."
)
def start_included(start, h0, params, length):
    import torch

    written = greedy(start, h0, params, length)
    return torch.cat([torch.tensor([start]), written[:-1]])


@exercise.mistake(
    "The result has start in front: length + 1 letters; return only the written ones."
)
def start_in_front(start, h0, params, length):
    import torch

    return torch.cat([torch.tensor([start]), greedy(start, h0, params, length)])


@exercise.mistake(
    "There is one letter too many: the loop takes `length` steps, and writes one at each."
)
def one_too_many(start, h0, params, length):
    return greedy(start, h0, params, length + 1)


@exercise.mistake("start counts as one of the letters: `length` more are to be written.")
def one_too_few(start, h0, params, length):
    return greedy(start, h0, params, length)[:-1]


of_result(
    exercise,
    last_letter_first=("The letters come last first.", lambda letters: letters.flip(0)),
    last_letter_alone=(
        "Only the last letter is returned; all of them are asked for.",
        lambda letters: letters[-1],
    ),
    as_column=(
        "The letters are in a column, (length, 1): take the number out of each one's array.",
        lambda letters: letters[:, None],
    ),
    as_floats=(
        "The letters are floats; give the array dtype=np.int64.",
        lambda letters: letters.double(),
    ),
)


@exercise.mistake("The rows are returned one-hot; asked for are the numbers of the letters.")
def one_hot_rows(start, h0, params, length):
    import torch

    written = greedy(start, h0, params, length)
    return torch.cat([letter_row(letter, params) for letter in written])
