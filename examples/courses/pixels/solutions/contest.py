"""The contest at the end: predict what nobody has told you."""

from __future__ import annotations

import numpy as np


def predict(x_train: np.ndarray, y_train: np.ndarray, x_test: np.ndarray) -> np.ndarray:
    """Predict classes, and hand the predictions in as a file.

    What is graded is `predictions.npz`, beside this file or alone, with one array `labels`: the
    200 classes, 0 or 1, of `x_test` in `contest_data.npz`. How you come to them is up to you.

    Parameters
    ----------
    x_train : ndarray of float64, shape (100, 2)
        Points of which the class is known.
    y_train : ndarray of int64, shape (100,)
        That class, 0 or 1.
    x_test : ndarray of float64, shape (200, 2)
        Other points.

    Returns
    -------
    labels : ndarray of int64, shape (200,)
        The class of each: np.savez("predictions.npz", labels=labels) writes the file.
    """
    rows, others = (np.column_stack([x, np.ones(len(x))]) for x in (x_train, x_test))
    weight = np.linalg.lstsq(rows, 2.0 * y_train - 1.0, rcond=None)[0]
    return (others @ weight > 0).astype(np.int64)
