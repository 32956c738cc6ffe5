"""Blueprints: the shapes and the number of parameters of a network, before it is built."""

from __future__ import annotations

from math import prod


def _pair(kernel: int | tuple[int, int]) -> tuple[int, int]:
    """Write a kernel as (height, width); a single number is a square."""
    return (kernel, kernel) if isinstance(kernel, int) else tuple(kernel)


def _slide(
    shape: tuple[int, ...], kernel: int | tuple[int, int], stride: int, padding: int
) -> tuple[int, ...]:
    """Count the positions of a window on an image, per axis."""
    sizes = []
    for size, extent in zip(shape[1:], _pair(kernel), strict=True):
        free = size + 2 * padding - extent
        if free < 0:
            raise ValueError(f"a kernel of {extent} does not fit {size} pixels with pad {padding}")
        sizes.append(free // stride + 1)
    return tuple(sizes)


def _shape_after(layer: tuple, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Follow a shape through one layer."""
    match layer:
        case ("conv", out_channels, kernel, stride, padding):
            return (out_channels, *_slide(shape, kernel, stride, padding))
        case ("maxpool", kernel, stride):
            return (shape[0], *_slide(shape, kernel, stride, padding=0))
        case ("flatten",):
            return (prod(shape),)
        case ("linear", out_features):
            return (out_features,)
        case _:  # relu works element by element
            return tuple(shape)


def output_shapes(layers: list[tuple], input_shape: tuple[int, int, int]) -> list[tuple[int, ...]]:
    """Follow the shape of one image through the layers of a network.

    Parameters
    ----------
    layers : list of tuple
        The layers in order, each one of

        - ("conv", out_channels, kernel, stride, padding)
        - ("maxpool", kernel, stride)
        - ("relu",)
        - ("flatten",)
        - ("linear", out_features)

        kernel is an int for a square window, or a pair (KH, KW); stride and padding are ints.
        Linear layers come after one flatten.
    input_shape : tuple of int, (C, H, W)
        Shape of one image, without the batch.

    Returns
    -------
    shapes : list of tuple of int
        The shape after each layer: (C, H, W) before the flatten, (features,) from there on.

    Raises
    ------
    ValueError
        If the kernel of a conv or maxpool layer is larger than its padded input.

    Notes
    -----
    A window of size F over N pixels with padding P and stride S has
    floor((N + 2P - F) / S) + 1 positions, for the height and the width apart; a maxpool layer
    has no padding. A conv layer makes out_channels channels, pooling keeps them, relu keeps
    everything, flatten lays C * H * W numbers in a row.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 3 Convolutional Neural Networks > LeNet.
    .. [2] torch documentation, `torch.nn.Conv2d`, `torch.nn.MaxPool2d`.

    Examples
    --------
    >>> layers = [("conv", 6, 5, 1, 0), ("relu",), ("maxpool", 2, 2), ("flatten",), ("linear", 10)]
    >>> for shape in output_shapes(layers, (1, 32, 28)):
    ...     print(shape)
    (6, 28, 24)
    (6, 28, 24)
    (6, 14, 12)
    (1008,)
    (10,)
    """
    shapes = []
    shape = input_shape
    for layer in layers:
        shape = _shape_after(layer, shape)
        shapes.append(shape)
    return shapes


def parameter_count(layers: list[tuple], input_shape: tuple[int, int, int]) -> int:
    """Count the weights and biases of a network.

    Parameters
    ----------
    layers : list of tuple
        The layers in order, written as for `output_shapes`.
    input_shape : tuple of int, (C, H, W)
        Shape of one image, without the batch.

    Returns
    -------
    count : int
        Number of weights and biases of all layers together.

    Raises
    ------
    ValueError
        If the kernel of a conv or maxpool layer is larger than its padded input.

    Notes
    -----
    A conv layer has one kernel of C * KH * KW weights and one bias for each of its
    out_channels, where C is the number of channels that enter it. A linear layer has one weight
    for each feature that enters it and one bias, for each of its out_features. The other layers
    have nothing to learn.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Convolutional Neural Networks > Quiz time!.
    .. [2] Lecture "CIS 6930, week 7", Week 3 Convolutional Neural Networks > LeNet.
    .. [3] Lecture "Data Science Decal", Background > Problem: high-dimensional image data.

    Examples
    --------
    Ten 5 x 5 kernels on 3 channels: 10 * (3 * 5 * 5 + 1).

    >>> parameter_count([("conv", 10, 5, 1, 2)], (3, 128, 128))
    760
    >>> parameter_count([("flatten",), ("linear", 2)], (3, 2, 1))
    14
    """
    count = 0
    shapes_before = [input_shape, *output_shapes(layers, input_shape)]
    # There is one shape more than layers: what leaves the last layer enters none.
    for layer, shape in zip(layers, shapes_before, strict=False):
        match layer:
            case ("conv", out_channels, kernel, _, _):
                count += out_channels * (shape[0] * prod(_pair(kernel)) + 1)
            case ("linear", out_features):
                count += out_features * (shape[0] + 1)
    return count
