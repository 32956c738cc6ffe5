"""The LSTM in torch's words, which the LSTM checks share."""

from grader.checks._shared import rows


def torch_weights(h, weight, bias):
    """Return the four weights that torch wants."""
    size = h.shape[1]
    weight, bias = rows(weight, "ifog", "ifgo"), rows(bias, "ifog", "ifgo")
    return weight[:, size:], weight[:, :size], bias, bias * 0.0


def lstm_step(x, h, c, weight, bias):
    """Take one step with torch's own cell."""
    import torch

    return torch.lstm_cell(x, (h, c), *torch_weights(h, weight, bias))


def x_first(h, weight):
    """Return the weight that acts on [h, x] as `weight` acts on [x, h]."""
    import torch

    width = weight.shape[1] - h.shape[1]
    return torch.cat([weight[:, width:], weight[:, :width]], 1)


def interleaved(rows_of_gates):
    """Return row blocks from rows that are read as i, f, o, g, i, f, o, g, ..."""
    return rows_of_gates.unflatten(0, (-1, 4)).transpose(0, 1).flatten(0, 1)


def gates(x, h, weight, bias, **changed):
    """Return i, f, o and g; `changed` gives some of them another activation."""
    import torch

    blocks = (torch.cat([h, x], 1) @ weight.T + bias).chunk(4, 1)
    squash = dict.fromkeys("ifo", torch.sigmoid) | {"g": torch.tanh} | changed
    return [squash[gate](block) for gate, block in zip("ifog", blocks, strict=True)]


def lstm_by_gates(x, h, c, weight, bias, *, show=None, **changed):
    """Take one step gate by gate; `show` stands for the tanh of c_next."""
    import torch

    i, f, o, g = gates(x, h, weight, bias, **changed)
    c_next = f * c + i * g
    return o * (show or torch.tanh)(c_next), c_next
