"""Drawings of recurrent cells, attention and optimisers show the numbers that torch computes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the field's own name
from drawn import (
    cases_of,
    grid,
    held_case,
    is_whole,
    lit,
    numbers,
    own,
    parts,
    picture,
    tensor,
)

from grader.render.drawings.figures import Chart, Plane
from grader.render.drawings.squares import Bars, Role, word_of
from grader.student.drawing.pictures import attention, lstm, paths
from grader.student.drawing.pictures.vanishing import lstm_arguments
from grader.student.drawing.table import DRAWINGS, STEPS


def torch_cell(case):
    joined = tensor(np.concatenate([case.h, case.x], axis=1))
    i, f, o, g = (joined @ tensor(case.weight).T + tensor(case.bias)).chunk(4, dim=1)
    gates = {"i": i.sigmoid(), "f": f.sigmoid(), "o": o.sigmoid(), "g": g.tanh()}
    cell = torch.nn.LSTMCell(case.x.shape[1], case.h.shape[1], dtype=torch.float64)
    size = case.h.shape[1]
    rows = [0, 1, 3, 2]  # torch's blocks are i, f, g, o
    with torch.no_grad():
        weight = tensor(case.weight).reshape(4, size, -1)[rows].reshape(4 * size, -1)
        cell.weight_hh.copy_(weight[:, :size])
        cell.weight_ih.copy_(weight[:, size:])
        cell.bias_ih.copy_(tensor(case.bias).reshape(4, size)[rows].ravel())
        cell.bias_hh.zero_()
        h, c = cell(tensor(case.x), (tensor(case.h), tensor(case.c)))
    return {name: one.numpy()[0] for name, one in (gates | {"h": h, "c": c}).items()}


def test_gates_and_states_of_a_cell_are_torchs(functions):
    case = lstm.lecture()
    right = torch_cell(case)
    seen = ["f", "i", "g", "c", "o", "h"]
    for step, count in enumerate((1, 3, 4, 6)):
        shown = picture(functions, "lstm", step=step)
        for unit, bars in enumerate(one for one in parts(shown) if isinstance(one, Bars)):
            old, *rest = bars.bars
            assert old.value == case.c[0, unit]
            for place, (letter, bar) in enumerate(zip(seen, rest, strict=True)):
                if place < count:
                    assert bar.value == pytest.approx(right[letter][unit], rel=1e-12)
                else:
                    assert bar.value is None
            moving = [bar.name[0] for bar in rest if bar.role is Role.WINNER]
            assert set(moving) <= set(seen[:count])
            assert moving


def test_fifty_norms_of_the_rnn_and_of_the_lstm_are_autograds(functions):
    for which, size in ((1, 0.125), (2, 0.25), (3, 0.5)):
        shown = picture(functions, "signal", stride=which)
        (chart,) = [one for one in parts(shown) if isinstance(one, Chart)]
        w = tensor(size * _weights())
        state = torch.ones(5, dtype=torch.float64, requires_grad=True)
        states = [state]
        for _ in range(49):
            states.append((w @ states[-1]).relu())
            states[-1].retain_grad()
        states[-1].backward(torch.tensor([1.0, 2.0, 3.0, 2.0, 1.0], dtype=torch.float64))
        norms = [float(one.grad.norm()) for one in states[::-1]]
        assert np.allclose(chart.curves[0].values, norms, rtol=1e-9)
        assert np.allclose(chart.curves[1].values, lstm_norms(), rtol=1e-9)
    assert chart.curves[0].values[-1] > 1e10  # it explodes
    assert 0.1 < chart.curves[1].values[-1] < 10


def _weights():
    from grader.student.drawing.pictures.vanishing import WEIGHTS

    return WEIGHTS


def lstm_norms():
    """Return the sizes by autograd: what nudging the state before a step does to the last one."""
    weight, bias = (tensor(one) for one in lstm_arguments())
    h = c = torch.zeros(2, dtype=torch.float64)
    nudges = torch.zeros(51, 2, 2, dtype=torch.float64, requires_grad=True)
    for t in range(50):
        h, c = h + nudges[t, 0], c + nudges[t, 1]
        x = torch.sin(torch.tensor([float(t)], dtype=torch.float64))
        i, f, o, g = (weight @ torch.cat([h, x]) + bias).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    (c + nudges[50, 1]).sum().backward()
    return [float(one.norm()) for one in nudges.grad.flip(0)[:50]]


def test_attention_weights_are_those_of_torch_and_each_row_adds_up_to_1(functions):
    for ahead in (0, 1):
        shown = picture(functions, "attention", padding=ahead)
        found = numbers(grid(shown, "who"))
        query, key = tensor(attention.QUERY[None]), tensor(attention.KEY[None])
        value = torch.eye(8, dtype=torch.float64)[None]
        right = F.scaled_dot_product_attention(query, key, value, is_causal=bool(ahead))[0].numpy()
        assert np.allclose(found, right, rtol=1e-9, atol=1e-15)
        assert np.allclose(found.sum(axis=1), 1.0)


# ----------------------------------------------------------------------------- optimisers

TORCH = {
    "SGD": lambda p: torch.optim.SGD(p, lr=1.9),
    "Momentum": lambda p: torch.optim.SGD(p, lr=0.3, momentum=0.8),
    "Nesterov": lambda p: torch.optim.SGD(p, lr=0.3, momentum=0.8, nesterov=True),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=2.0),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.3, alpha=0.9),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.5),
}


def test_the_ways_of_the_optimisers_are_those_of_torch(functions):
    shown = picture(functions, "paths")
    (plane,) = [one for one in parts(shown) if isinstance(one, Plane)]
    ways = {trail.name.partition(" ")[0]: np.array(trail.points) for trail in plane.trails}
    assert set(ways) == set(TORCH)
    for name, make in TORCH.items():
        point = torch.tensor([-9.0, 1.8], dtype=torch.float64, requires_grad=True)
        optimiser, right = make([point]), [point.detach().numpy().copy()]
        for _ in range(paths.LONGEST):
            optimiser.zero_grad()
            ((0.04 * point[0] ** 2 + point[1] ** 2) / 2).backward()
            optimiser.step()
            right.append(point.detach().numpy().copy())
        assert np.allclose(ways[name], right, rtol=1e-7, atol=1e-9), name
        x, y = right[-1]
        loss = word_of((0.04 * x**2 + y**2) / 2)
        (told,) = [trail.name for trail in plane.trails if trail.name.startswith(f"{name} ")]
        assert told.endswith(f"loss {loss}")


def test_the_optimisers_of_the_table_are_those_that_walk():
    (drawing,) = [one for one in DRAWINGS if one.name == "paths"]
    assert drawing.exercises == tuple(how.part for how in paths.WALKS)


def test_the_optimiser_that_is_meant_comes_first_and_steps_are_as_many_as_asked(functions):
    for step in (0, 1, 7):
        shown = picture(functions, "paths", "optim.adam_step", step=step)
        (plane,) = [one for one in parts(shown) if isinstance(one, Plane)]
        assert plane.trails[0].name.startswith("Adam ")
        assert {len(trail.points) for trail in plane.trails} == {step + 1}


@pytest.mark.parametrize("name", [f"optim.{one}_step" for one in STEPS])
def test_the_step_of_an_optimiser_that_fails_is_drawn_before_and_after(engine, name):
    with own(engine, but=[name]) as functions:
        for arguments, right in cases_of(engine, name, every=10):
            several = isinstance(right, (tuple, list))
            after = tuple(right) if several else (right,)
            wrong = tuple(np.zeros(one.shape, bool) for one in after)
            wrong[-1].flat[-1] = True
            held = wrong if several else wrong[0]
            functions.held = held_case(name, arguments, right, held)
            shown = picture(functions, "paths", name)
            place = shown.step
            assert place == shown.steps - 1 == arguments["param"].size - 1
            given = [one.flat[place] for one in arguments.values() if isinstance(one, np.ndarray)]
            assert lit(grid(shown, "before")) == given
            assert lit(grid(shown, "after")) == [one.flat[place] for one in after]
            marked = [s.value for row in grid(shown, "after").squares for s in row if s.is_wrong]
            assert marked == [after[-1].flat[place]]
            assert f"lr = {word_of(arguments['lr'], 6)}" in shown.words[0]
            functions.held = held_case(name, arguments)
            assert np.isnan(numbers(grid(picture(functions, "paths", name), "after"))).all()


def test_nothing_is_cut_off_the_lectures_pictures(functions):
    for name in ("window", "padding", "overlap", "pool", "attention"):
        shown = picture(functions, name)
        assert all(is_whole(one) for one in parts(shown) if hasattr(one, "squares"))
