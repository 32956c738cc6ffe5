"""Letter by letter: the network that reads one-hot letters and scores the next one."""

from grader.checks.recurrent._cases import small
from grader.vocabulary import array, bits, tied, uniform

loud = uniform(-3.0, 3.0)


def draw_network(draw, letters, hidden, of=small, scores=loud):
    """Draw w_ih, w_hh, b_ih, b_hh, w_out and b_out."""
    shapes = (hidden, letters), (hidden, hidden), (hidden,), (hidden,)
    cell = [draw(array(*shape, of=of)) for shape in shapes]
    return *cell, draw(array(letters, hidden, of=scores)), draw(array(letters, of=small))


def draw_switches(draw, letters, hidden):
    """Draw a network whose states are exactly ±1 and whose scores are exact, often equal.

    Pre-activations are odd multiples of 64, so that no tanh is anything between.
    """
    signs = 128.0 * draw(array(hidden, letters, of=bits)) - 64.0
    w_hh = 256.0 * draw(array(hidden, hidden, of=tied))
    biases = [256.0 * draw(array(hidden, of=tied)) for _ in range(2)]
    scores = draw(array(letters, hidden, of=tied)), draw(array(letters, of=tied))
    return signs, w_hh, *biases, *scores


def scores_of(h, params):
    """Return the scores of the next letter."""
    import torch.nn.functional as F

    return F.linear(h, params[4], params[5])


def letter_row(letter, params):
    """Return the row that a letter is, (1, K)."""
    import torch
    import torch.nn.functional as F

    return F.one_hot(torch.tensor([int(letter)]), len(params[5])).double()


LETTER_FEATURES = {
    "several hidden units": lambda h0: h0.shape[1] > 1,
    "as many letters as units": lambda h0, params: len(params[5]) == h0.shape[1],
    "more letters than units": lambda h0, params: len(params[5]) > h0.shape[1],
    "a first state that is not zero": lambda h0: h0.any(),
}
