"""Regression with a library: linear systems and distances by scipy."""

from __future__ import annotations

import numpy as np


def ridge_weights(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """Return the weights of a linear model with an L2 penalty (ridge regression).

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        One row for each sample.
    y : ndarray of float64, shape (N,)
        What is to be predicted.
    strength : float
        Of the penalty, above 0.

    Returns
    -------
    w : ndarray of float64, shape (D,)
        The weights where |x w - y|^2 + strength |w|^2 is smallest.

    Notes
    -----
    w solves (x^T x + strength I) w = x^T y. scipy.linalg may be imported.

    References
    ----------
    Hoerl and Kennard, "Ridge Regression", Technometrics 12 (1970).

    Examples
    --------
    >>> import numpy as np
    >>> ridge_weights(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([2.0, 5.0]), 1.0)
    array([1., 2.])
    """
    raise NotImplementedError


def pairwise_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the Euclidean distance of every row of one table to every row of another.

    Parameters
    ----------
    a : ndarray of float64, shape (N, D)
        Points.
    b : ndarray of float64, shape (M, D)
        Other points.

    Returns
    -------
    distances : ndarray of float64, shape (N, M)
        From each point of a to each of b.

    Notes
    -----
    distances[n, m] = sqrt(sum over d of (a[n, d] - b[m, d])^2). scipy.spatial may be imported.

    Examples
    --------
    >>> import numpy as np
    >>> pairwise_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[5., 0.]])
    """
    raise NotImplementedError
