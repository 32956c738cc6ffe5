"""Blueprints: the shapes and the number of parameters of a network, before it is built."""

from __future__ import annotations


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
    raise NotImplementedError


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
    raise NotImplementedError
