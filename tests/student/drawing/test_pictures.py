"""Every drawing shows the numbers that torch computes, and what is lit is what they are made of."""

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

from grader.render.drawings.figures import Graph, Tower
from grader.render.drawings.squares import Role
from grader.student.drawing.pictures import network, receptive, tower
from grader.student.drawing.pictures.making import EDGES, PICTURE
from grader.student.drawing.pictures.overlap import meeting
from grader.student.drawing.pictures.pooling import EDGE_MAP

# ----------------------------------------------------------------------------- the window


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 2)])
def test_the_number_of_a_window_is_the_sum_of_the_products_of_what_is_lit(
    functions, stride, padding
):
    right = F.conv2d(tensor(PICTURE[None, None]), tensor(EDGES[None, None]), None, stride, padding)
    right = right[0, 0].numpy()
    for step in range(right.size):
        shown = picture(functions, "window", step=step, stride=stride, padding=padding)
        assert shown.steps == right.size
        under, weights = lit(grid(shown, "x")), lit(grid(shown, "filter"), Role.FILTER)
        (number,) = lit(grid(shown, "out"), Role.RESULT)
        assert number == np.dot(under, weights) == right.flat[step]
        assert np.array_equal(numbers(grid(shown, "out")), right)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 1), (3, 2)])
def test_the_column_is_that_of_unfold_and_what_is_lit_in_reading_order(functions, stride, padding):
    columns = F.unfold(tensor(PICTURE[None, None]), (3, 3), 1, padding, stride)[0].numpy()
    for step in range(columns.shape[1]):
        given = {"step": step, "stride": stride, "padding": padding}
        shown = picture(functions, "window", "conv.im2col", **given)
        column = numbers(grid(shown, f"column {step}"))[:, 0]
        assert np.array_equal(column, columns[:, step])
        assert column.tolist() == lit(grid(shown, "x"))


def test_a_failing_layer_is_drawn_with_all_channels_and_its_bias(engine):
    checked = 0
    name = "conv.conv2d_forward"
    with own(engine) as functions:
        for arguments, right in cases_of(engine, name, every=5):
            functions.held = held_case(name, arguments, right, np.zeros(right.shape, bool))
            for step in {0, right.size // 2, right.size - 1}:
                shown = picture(functions, "window", "conv.conv2d_forward", step=step)
                kernels = [one for one in parts(shown) if getattr(one, "title", "")[:6] == "filter"]
                under = [one for one in parts(shown) if getattr(one, "title", " ")[0] == "x"]
                assert len(kernels) == len(under) == arguments["x"].shape[1]
                total = sum(
                    np.dot(lit(one), lit(kernel, Role.FILTER))
                    for one, kernel in zip(under, kernels, strict=True)
                )
                filters = np.unravel_index(step, right.shape)[1]
                (number,) = lit(grid(shown, "out"), Role.RESULT)
                assert number == pytest.approx(
                    total + arguments["bias"][filters], rel=1e-6, abs=1e-9
                )
                assert number == right.flat[step]
                checked += 1
    assert checked > 50


def test_a_failing_case_begins_at_the_first_number_that_is_wrong(engine):
    arguments, right = next(
        (a, r) for a, r in cases_of(engine, "conv.conv2d_forward") if min(r.shape[2:]) > 1
    )
    wrong = np.zeros(right.shape, bool)
    wrong[-1, -1, 1, 1] = True
    held = held_case("conv.conv2d_forward", arguments, right + wrong, wrong)
    with own(engine, but=["conv.conv2d_forward"], held=held) as functions:
        shown = picture(functions, "window", "conv.conv2d_forward")
    assert shown.step == np.ravel_multi_index(
        (right.shape[0] - 1, right.shape[1] - 1, 1, 1), right.shape
    )
    marked = [s for row in grid(shown, "out").squares for s in row if s.is_wrong]
    assert [s.role for s in marked] == [Role.RESULT]
    assert any("the case that fails" in note for note in shown.notes)


def test_the_places_of_a_kernel_are_those_of_conv1d(functions):
    for stride in (1, 2, 3):
        for padding in (0, 1, 2):
            count = F.conv1d(
                torch.zeros(1, 1, 7), torch.zeros(1, 1, 3), None, stride, padding
            ).numel()
            shown = picture(functions, "positions", stride=stride, padding=padding, step=count - 1)
            assert shown.steps == count
            assert shown.words[-1].endswith(f" = {count}")
            rows = grid(shown, f"{7 + 2 * padding} pixels").squares
            ones = [[i for i, s in enumerate(row) if s.role is Role.LIT] for row in rows]
            last = len(rows)
            first = count - last
            assert ones == [[p * stride + i for i in range(3)] for p in range(first, count)]


def test_padding_moves_each_pixel_to_where_torch_has_it(functions):
    for width in (0, 1, 2):
        right = F.pad(tensor(PICTURE), (width,) * 4).numpy()
        for step in (0, 9, 24, 48):
            shown = picture(functions, "padding", step=step, padding=width)
            after = grid(shown, "padded")
            assert np.array_equal(numbers(after), right)
            assert lit(grid(shown, "x")) == lit(after, Role.RESULT) == [PICTURE.flat[step]]
            row, column = divmod(step, 7)
            assert after.squares[row + width][column + width].role is Role.RESULT


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 1), (3, 2)])
def test_columns_put_back_are_those_of_fold(functions, stride, padding):
    shown = picture(functions, "overlap", stride=stride, padding=padding)
    for step in range(shown.steps):
        shown = picture(functions, "overlap", stride=stride, padding=padding, step=step)
        meets = meeting((4, 4), (2, 2), stride, padding)
        ones = F.unfold(torch.ones(1, 1, 4, 4, dtype=torch.float64), 2, 1, padding, stride)
        right = F.fold(ones, (4, 4), 2, 1, padding, stride)[0, 0].numpy()
        assert np.array_equal(numbers(grid(shown, "windows")), right)
        assert np.array_equal(meets, right)
        named = torch.arange(1.0, 5.0, dtype=torch.float64)[None, :, None].expand(
            1, 4, ones.shape[2]
        )
        back = F.fold(named, (4, 4), 2, 1, padding, stride)[0, 0].numpy()
        assert np.array_equal(numbers(grid(shown, "x")), back)
        alone = torch.zeros_like(named)
        alone[..., step] = 1.0
        area = F.fold(alone, (4, 4), 2, 1, padding, stride)[0, 0].numpy() > 0
        roles = np.array([[s.role is Role.LIT for s in row] for row in grid(shown, "x").squares])
        assert np.array_equal(roles, area)


# ----------------------------------------------------------------------------- pooling


def pooled(x, size, stride, kind, grad_out):
    x = tensor(x).requires_grad_()
    pool = F.max_pool2d if kind == "max" else F.avg_pool2d
    out = pool(x, size, stride)
    out.backward(tensor(grad_out))
    return out.detach().numpy(), x.grad.numpy()


@pytest.mark.parametrize("kind", ["max", "avg"])
@pytest.mark.parametrize("stride", [None, 1, 2, 3])
def test_who_gets_the_gradient_is_what_autograd_says(functions, kind, stride):
    name = f"pool.{kind}_pool2d_backward"
    shown = picture(functions, "pool", name, stride=stride)
    grad_out = numbers(grid(shown, "grad_out"))[None, None]
    out, grad = pooled(EDGE_MAP[None, None], 2, stride, kind, grad_out)
    assert np.array_equal(numbers(grid(shown, "out")), out[0, 0])
    assert np.array_equal(numbers(grid(shown, "grad_x")), grad[0, 0])
    for step in range(out.size):
        shown = picture(functions, "pool", name, stride=stride, step=step)
        alone = np.zeros(out.shape)
        alone.flat[step] = 1.0
        paid = pooled(EDGE_MAP[None, None], 2, stride, kind, alone)[1][0, 0]
        roles = np.array([[s.role for s in row] for row in grid(shown, "x").squares])
        if kind == "max":
            assert np.array_equal(roles == Role.WINNER, paid > 0)
            window = np.isin(roles, [Role.WINNER, Role.TIE, Role.LIT])
            tied = window & (out.flat[step] == EDGE_MAP) & (paid == 0)
            assert np.array_equal(roles == Role.TIE, tied)
        else:
            assert np.array_equal(roles == Role.LIT, paid > 0)


def test_nobody_is_paid_in_a_drawing_before_the_backward_pass_is_there(engine):
    with own(engine, but=["pool.max_pool2d_backward"]) as functions:
        for step in range(4):
            shown = picture(functions, "pool", "pool.max_pool2d_backward", step=step)
            assert not lit(grid(shown, "x"), Role.WINNER)
            assert np.isnan(numbers(grid(shown, "grad_x"))).all()
            assert lit(grid(shown, "x"), Role.TIE)  # the forward pass says who is as large
    with own(engine, none=True) as functions:
        shown = picture(functions, "pool", "pool.max_pool2d_backward")
        assert not lit(grid(shown, "x"), Role.WINNER, Role.TIE)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 2)])
def test_the_gradients_below_picture_filter_and_bias_are_autograds(functions, stride, padding):
    first = picture(functions, "gradients", stride=stride, padding=padding)
    for step in {0, first.step, first.steps - 1}:
        shown = picture(functions, "gradients", stride=stride, padding=padding, step=step)
        given = [tensor(numbers(grid(shown, one)))[None, None] for one in ("weight", "grad_out")]
        x, weight, bias = tensor(PICTURE)[None, None], given[0], torch.zeros(1).double()
        leaves = [one.requires_grad_() for one in (x, weight, bias)]
        F.conv2d(*leaves, stride, padding).backward(given[1])
        top, left = (stride * int(i) for i in divmod(step, given[1].shape[3]))
        under = np.pad(PICTURE, padding)[top : top + 3, left : left + 3]
        assert lit(grid(shown, "grad_weight")) == weight.grad.ravel().tolist()
        assert lit(grid(shown, "grad_bias")) == bias.grad.tolist()
        assert lit(grid(shown, "grad_out"), Role.RESULT) == [given[1].ravel()[step].item()]
        if is_whole(grid(shown, "grad_x")):
            assert np.array_equal(numbers(grid(shown, "grad_x")), x.grad[0, 0])
        if is_whole(grid(shown, "x")):
            assert lit(grid(shown, "x")) == under.ravel().tolist()
            reached = np.zeros_like(np.pad(PICTURE, padding), bool)
            reached[top : top + 3, left : left + 3] = True
            inner = reached[padding : padding + 7, padding : padding + 7]
            assert lit(grid(shown, "grad_x")) == x.grad[0, 0][inner].tolist()


def test_a_failing_backward_pass_is_drawn_at_a_window_over_its_first_wrong_number(engine):
    name, seen = "conv.conv2d_backward", set()
    with own(engine, but=[name]) as functions:
        for arguments, right in cases_of(engine, name, every=3):
            for part in range(3):
                wrong = tuple(np.zeros(one.shape, bool) for one in right)
                wrong[part].flat[-1] = True
                got = tuple(one + mark for one, mark in zip(right, wrong, strict=True))
                functions.held = held_case(name, arguments, got, wrong)
                shown = picture(functions, "gradients", name)
                bad = [
                    (one.title.partition("[")[0].partition(" ")[0], square)
                    for one in parts(shown) for row in one.squares for square in row
                    if square.is_wrong
                ]  # fmt: skip
                ((title, square),) = bad
                assert title == ("grad_x", "grad_weight", "grad_bias")[part]
                assert square.value == got[part].flat[-1]
                seen.add((title, square.role))
            assert any("the case that fails" in note for note in shown.notes)
    assert {("grad_x", Role.LIT), ("grad_weight", Role.LIT), ("grad_bias", Role.LIT)} <= seen


# ----------------------------------------------------------------------------- networks


def two_layers(given, targets):
    """Return every value with its gradient, of the mean over all samples."""
    leaves = {name: tensor(one).clone().requires_grad_() for name, one in given.items()}
    values = dict(leaves)
    values["z1"] = leaves["x"] @ leaves["w1"].T + leaves["b1"]
    values["a1"] = values["z1"].relu()
    values["z2"] = values["a1"] @ leaves["w2"].T + leaves["b2"]
    values["p"] = values["z2"].softmax(1)
    values["loss"] = F.cross_entropy(values["z2"], tensor(targets))
    for one in values.values():
        one.retain_grad()
    values["loss"].backward()
    return values


def assert_is_graph_of(shown, values, row=0):
    (graph,) = [one for one in parts(shown) if isinstance(one, Graph)]
    assert [one.name for one in graph.vertices if one.is_lit]
    for one in graph.vertices:
        alone = slice(None) if one.name in network.OF_ALL else slice(row, row + 1)
        value = values[one.name].detach().numpy()
        value = value if value.ndim == 0 else value[alone]
        assert np.allclose(np.array(one.forward).ravel(), value.ravel(), rtol=1e-9, atol=1e-12)
        if one.name == "p":
            assert one.gradient == ()
        else:
            grad = values[one.name].grad.numpy()
            grad = grad if grad.ndim == 0 else grad[alone]
            assert np.allclose(np.array(one.gradient).ravel(), grad.ravel(), rtol=1e-9, atol=1e-12)


def test_the_graph_has_autograds_number_and_gradient_for_every_value(functions):
    values = two_layers(network.lecture(), [0])
    for step in range(10):
        assert_is_graph_of(picture(functions, "graph", step=step), values)


@pytest.mark.parametrize("name", [network.NET, network.BACK])
def test_a_failing_case_is_drawn_as_autograd_has_it_with_the_shares_of_all_its_samples(
    engine, name
):
    sizes = set()
    with own(engine) as functions:
        for arguments, right in cases_of(engine, name, every=4):
            held = np.zeros(right.shape, bool) if name == network.NET else (False,) * 5
            functions.held = held_case(name, arguments, right, held)
            shown = picture(functions, "graph", name)
            given = {one: arguments[one] for one in ("x", "w1", "b1", "w2", "b2")}
            count = len(given["x"])
            if max(np.abs(one).max() for one in given.values()) < 100:  # else it is 0 or nan there
                targets = arguments.get("targets", np.zeros(count, np.int64))
                assert_is_graph_of(shown, two_layers(given, targets))
                sizes.add(count)
            assert any("the case that fails" in note for note in shown.notes)
            assert (f"mean over all {count} samples" in " ".join(shown.words)) == (count > 1)
    assert len(sizes) > 2


def test_what_is_wrong_of_a_batch_is_marked_and_its_first_wrong_sample_is_shown(engine):
    cases = [one for one in cases_of(engine, network.BACK) if len(one[0]["x"]) > 2]
    arguments, right = cases[0]
    with own(engine, but=[network.BACK]) as functions:
        got = (right[0], right[1] + 1, *right[2:])
        marks = (
            False,
            np.ones(right[1].shape, bool),
            *(np.zeros(r.shape, bool) for r in right[2:]),
        )
        functions.held = held_case(network.BACK, arguments, got, marks)
        (graph,) = parts(picture(functions, "graph", network.BACK))
        assert {one.name: one.wrong for one in graph.vertices if one.wrong} == {"w1": ("gradient",)}
        gradient = next(one.gradient for one in graph.vertices if one.name == "w1")
        assert np.array_equal(gradient, got[1])
    arguments, right = next(
        one for one in cases_of(engine, network.NET) if len(one[0]["x"]) > 2
    )  # fmt: skip
    with own(engine, but=[network.NET]) as functions:
        wrong = np.zeros(right.shape, bool)
        wrong[1] = True
        functions.held = held_case(network.NET, arguments, right + wrong, wrong)
        (graph,) = parts(picture(functions, "graph", network.NET))
        assert graph.title.startswith("sample 1 of 0-")
        (p,) = [one for one in graph.vertices if one.name == "p"]
        assert (p.wrong, p.forward) == (("forward",), (tuple(right[1] + 1),))


@pytest.mark.parametrize("which", [1, 2])
def test_the_towers_sizes_and_parameters_are_those_of_torchs_modules(functions, which):
    _, layers, shape = tower.NETWORKS[which - 1]
    made, x = [], torch.zeros(1, *shape)
    for kind, *options in layers:
        if kind == "conv":
            filters, kernel, stride, padding = options
            made.append(torch.nn.Conv2d(x.shape[1], filters, kernel, stride, padding))
        elif kind == "linear":
            made.append(torch.nn.Linear(x.shape[1], *options))
        elif kind == "maxpool":
            made.append(torch.nn.MaxPool2d(*options))
        else:
            made.append(torch.nn.ReLU() if kind == "relu" else torch.nn.Flatten())
        with torch.no_grad():
            x = made[-1](x)
        made[-1].shape = tuple(x.shape[1:])
    shown = picture(functions, "tower", stride=which)
    (drawn,) = [one for one in parts(shown) if isinstance(one, Tower)]
    assert [one.shape for one in drawn.storeys] == [shape, *(one.shape for one in made)]
    counts = [sum(p.numel() for p in one.parameters()) for one in made]
    assert [one.parameters for one in drawn.storeys] == [0, *counts]
    assert shown.words[-1] == f"parameters in all: {sum(counts):,}"


def test_one_number_sees_the_pixels_that_its_gradient_reaches():
    for stack in receptive.STACKS:
        x = torch.ones(1, 1, 7, 7, requires_grad=True)
        maps = [x]
        for _, window, stride in stack:
            maps.append(F.avg_pool2d(maps[-1], window, stride))
            maps[-1].retain_grad()
        side = maps[-1].shape[2]
        for row in range(side):
            for column in range(side):
                for one in maps:
                    one.grad = None
                maps[-1][0, 0, row, column].backward(retain_graph=True)
                areas = receptive.seen_areas(stack, (row, column))
                for one, (top, bottom, left, right) in zip(maps, areas, strict=True):
                    seen = torch.zeros(one.shape[2:], dtype=torch.bool)
                    seen[top:bottom, left:right] = True
                    reached = (one.grad if one.grad is not None else 0 * one)[0, 0] > 0
                    if one is not maps[-1]:
                        assert torch.equal(seen, reached)


def test_the_receptive_field_that_is_lit_is_the_one_that_is_told(functions):
    for which in (1, 2, 3):
        for step in range(picture(functions, "receptive", stride=which).steps):
            shown = picture(functions, "receptive", stride=which, step=step)
            count = len(lit(grid(shown, "picture")))
            assert shown.words[0].endswith(f"= {count} pixels")
    assert len(lit(grid(picture(functions, "receptive"), "picture"))) == 16  # deck 002's
