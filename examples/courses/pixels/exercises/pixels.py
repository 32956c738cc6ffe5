"""Pixels: pictures as arrays of numbers from 0 to 1."""

from __future__ import annotations

import numpy as np


def to_grey(image: np.ndarray) -> np.ndarray:
    """Turn a picture in colour into one in grey.

    Parameters
    ----------
    image : ndarray of float64, shape (H, W, 3)
        Red, green and blue of each pixel.

    Returns
    -------
    grey : ndarray of float64, shape (H, W)
        How bright each pixel looks.

    Notes
    -----
    grey[h, w] = 0.299 image[h, w, 0] + 0.587 image[h, w, 1] + 0.114 image[h, w, 2]. The last level
    asks for large pictures, in a time in which no loop over pixels is done.

    References
    ----------
    Recommendation ITU-R BT.601, section 2.5.1.

    Examples
    --------
    >>> import numpy as np
    >>> to_grey(np.array([[[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]]))
    array([[0.299, 1.   ]])
    """
    raise NotImplementedError


def add_noise(image: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Make some pixels of a picture black or white, by chance (salt and pepper).

    Parameters
    ----------
    image : ndarray of float64, shape (H, W)
        How bright each pixel is, from 0 to 1.
    share : float
        With which probability a pixel changes.
    seed : int
        Of the random numbers: the same seed gives the same picture.

    Returns
    -------
    noisy : ndarray of float64, shape (H, W)
        Another picture; a pixel that changes is 0 or 1, either as often as the other.

    Notes
    -----
    Each pixel changes by itself, whatever becomes of the others. The generator is yours to choose.

    Examples
    --------
    >>> import numpy as np
    >>> add_noise(np.full((1, 3), 0.5), 0.0, seed=1)
    array([[0.5, 0.5, 0.5]])
    """
    raise NotImplementedError


def train_classifier(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, bias: float
) -> tuple[np.ndarray, float]:
    """Train a linear classifier from a given start, by any method.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        One row for each sample.
    y : ndarray of float64, shape (N,)
        The class of each, 0 or 1.
    weight : ndarray of float64, shape (D,)
        Where it begins.
    bias : float
        Where it begins.

    Returns
    -------
    trained_weight : ndarray of float64, shape (D,)
        After training.
    trained_bias : float
        After training.

    Notes
    -----
    The mean cross-entropy of p = 1 / (1 + exp(-(x weight + bias))) has to become 0.3 or less. It is
    computed from what you return.

    Examples
    --------
    >>> import numpy as np
    >>> weight, bias = train_classifier(
    ...     np.array([[-1.0], [1.0]]), np.array([0.0, 1.0]), np.array([0.0]), 0.0
    ... )
    >>> bool(weight[0] > 1.0)
    True
    """
    raise NotImplementedError
