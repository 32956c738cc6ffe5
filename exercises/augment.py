"""Data augmentation: mirrored, shifted and turned copies of images."""

from __future__ import annotations

import numpy as np


def mirror(x: np.ndarray) -> np.ndarray:
    """Swap left and right of every image.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        Images.

    Returns
    -------
    mirrored : ndarray of float64, shape (N, C, H, W)
        The mirror images.

    Notes
    -----
    The pixel in row i and column j comes from row i and column W - 1 - j.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Dealing with Small Datasets.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> mirror(x)[0, 0]
    array([[3., 2., 1.],
           [6., 5., 4.]])
    """
    raise NotImplementedError


def rotate90(x: np.ndarray, k: int) -> np.ndarray:
    """Turn every image by k quarter turns counter-clockwise.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        Images.
    k : int
        Number of quarter turns; negative ones are clockwise, and 4 of them are none.

    Returns
    -------
    rotated : ndarray of float64, shape (N, C, H, W) for even k, (N, C, W, H) for odd k
        The turned images.

    Notes
    -----
    One counter-clockwise turn takes the right edge to the top: the pixel in row i and column j
    comes from row j and column W - 1 - i.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Dealing with Small Datasets.
    .. [2] torch documentation, `torch.rot90`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> rotate90(x, 1)[0, 0]
    array([[3., 6.],
           [2., 5.],
           [1., 4.]])
    """
    raise NotImplementedError


def translate(x: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """Shift every image; zeros move in where nothing comes from.

    Parameters
    ----------
    x : ndarray of float64, shape (N, C, H, W)
        Images.
    dy : int
        Rows to shift by: down when positive, up when negative. It may exceed the height.
    dx : int
        Columns to shift by: right when positive, left when negative. It may exceed the width.

    Returns
    -------
    shifted : ndarray of float64, shape (N, C, H, W)
        The shifted images.

    Notes
    -----
    The pixel in row i and column j comes from row i - dy and column j - dx, and is 0 when that
    lies outside. What leaves the image on one side is lost; it does not come back on the other.

    References
    ----------
    .. [1] Lecture "95-865, week 6", Some other deep learning topics > Dealing with Small Datasets.
    .. [2] Krizhevsky, Sutskever & Hinton 2012, "ImageNet classification with deep convolutional
       neural networks", data augmentation.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> translate(x, dy=1, dx=-1)[0, 0]
    array([[0., 0., 0.],
           [2., 3., 0.]])
    """
    raise NotImplementedError
