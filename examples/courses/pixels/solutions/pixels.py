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
    return image @ np.array([0.299, 0.587, 0.114])
