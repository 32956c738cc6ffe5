"""Vision beyond one label: boxes around things, a class for every pixel, the style of a picture."""

from __future__ import annotations

import numpy as np


def gram_matrix(features: np.ndarray) -> np.ndarray:
    """Describe the style of a picture: which channels light up together, wherever that is.

    Parameters
    ----------
    features : ndarray of float64, shape (N, C, H, W)
        Feature maps of N pictures.

    Returns
    -------
    gram : ndarray of float64, shape (N, C, C)
        A symmetric matrix for each picture.

    Notes
    -----
    gram[n, i, j] = (sum over h and w of features[n, i, h, w] * features[n, j, h, w]) / (C * H * W).

    The sum over all places forgets where something is, which is why it is the style and not the
    content. The divisor makes pictures of several sizes comparable; [2] has it in the loss.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Gatys, Ecker & Bethge 2016, "Image style transfer using convolutional neural networks",
       section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> gram_matrix(np.array([[[[1.0, 2.0]], [[3.0, -1.0]]]]))  # 5, 1 and 10, by 2 * 1 * 2
    array([[[1.25, 0.25],
            [0.25, 2.5 ]]])
    """
    flat = features.reshape(*features.shape[:2], -1)
    return flat @ flat.transpose(0, 2, 1) / features[0].size


def style_loss(features: np.ndarray, target: np.ndarray) -> float:
    """Say how far the style of pictures is from that of others.

    Parameters
    ----------
    features : ndarray of float64, shape (N, C, H, W)
        Feature maps of the N pictures that are painted.
    target : ndarray of float64, shape (N, C, H', W')
        Feature maps of the N pictures whose style is wanted; their size may be another.

    Returns
    -------
    loss : float
        0 when the styles agree.

    Notes
    -----
    loss = (sum over n, i and j of (gram[n, i, j] - wanted[n, i, j])^2) / (N * C * C) with the two
    Gram matrices of `gram_matrix`, each divided by its own C * H * W.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Gatys, Ecker & Bethge 2016, "Image style transfer using convolutional neural networks",
       section 2.2, with other factors.

    Examples
    --------
    >>> import numpy as np
    >>> features, target = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 3.0, 1.0, 3.0]]]])
    >>> style_loss(features, target)  # (5 / 2 - 20 / 4)^2
    6.25
    """
    difference = gram_matrix(features) - gram_matrix(target)
    return float((difference**2).mean())


def iou(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Say how well boxes fit on each other: what both cover, as a share of what either covers.

    Parameters
    ----------
    boxes : ndarray of float64, shape (N, 4)
        N boxes as (x1, y1, x2, y2), with x1 <= x2 and y1 <= y2.
    others : ndarray of float64, shape (M, 4)
        M boxes of the same kind.

    Returns
    -------
    overlap : ndarray of float64, shape (N, M)
        From 0 (nothing in common) to 1 (the same box), for each pair.

    Notes
    -----
    overlap[n, m] = intersection / union, where the intersection is as wide as
    min(x2, x2') - max(x1, x1'), or 0 if that is negative, and as high as the same of y, and

    union = area[n] + area[m] - intersection.

    A box is x2 - x1 wide: its edges are places, not numbers of pixels, so that no 1 is added.
    Where the union is empty the overlap is 0.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Everingham et al. 2010, "The PASCAL Visual Object Classes (VOC) Challenge", section 4.2.

    Examples
    --------
    >>> import numpy as np
    >>> boxes = np.array([[0.0, 0.0, 4.0, 4.0]])
    >>> iou(boxes, np.array([[2.0, 0.0, 6.0, 4.0], [4.0, 4.0, 5.0, 5.0]]))  # 8 / 24, and nothing
    array([[0.33333333, 0.        ]])
    """
    x1, y1, x2, y2 = boxes.T[:, :, np.newaxis]
    u1, v1, u2, v2 = others.T
    width = np.maximum(np.minimum(x2, u2) - np.maximum(x1, u1), 0.0)
    height = np.maximum(np.minimum(y2, v2) - np.maximum(y1, v1), 0.0)
    both = width * height
    union = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - both
    # Nothing can be in both where the union is empty, so that 0 / 1 is the wanted 0.
    return both / np.where(union > 0.0, union, 1.0)
