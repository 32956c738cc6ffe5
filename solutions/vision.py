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


def non_max_suppression(boxes: np.ndarray, scores: np.ndarray, threshold: float) -> np.ndarray:
    """Keep the best of the boxes that lie on the same thing.

    Parameters
    ----------
    boxes : ndarray of float64, shape (N, 4)
        N boxes as (x1, y1, x2, y2), with x1 <= x2 and y1 <= y2.
    scores : ndarray of float64, shape (N,)
        How sure the detector is of each.
    threshold : float
        From 0 to 1: two boxes that overlap by more than this are on the same thing.

    Returns
    -------
    kept : ndarray of int64, shape (K,)
        Indices of the boxes that are kept, the surest first.

    Notes
    -----
    The boxes are gone through by falling score; of equal scores the smaller index comes first. A
    box is kept unless its `iou` with one that was kept before is strictly above the threshold.
    Boxes that were not kept suppress nobody.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Girshick et al. 2014, "Rich feature hierarchies for accurate object detection and
       semantic segmentation", section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> boxes = np.array([[0.0, 0.0, 4.0, 4.0], [1.0, 0.0, 5.0, 4.0], [6.0, 0.0, 8.0, 2.0]])
    >>> non_max_suppression(boxes, np.array([0.7, 0.9, 0.2]), 0.5)  # the first two share 12 / 20
    array([1, 2])
    """
    overlap = iou(boxes, boxes)
    kept: list[int] = []
    for index in np.argsort(-scores, kind="stable"):  # stable: of equal ones the first comes first
        if not np.any(overlap[index, kept] > threshold):
            kept.append(index)
    return np.array(kept, dtype=np.int64)


def pixel_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> float:
    """Compute the cross-entropy of a class for every pixel, averaged over all of them.

    Parameters
    ----------
    logits : ndarray of float64, shape (N, K, H, W)
        Scores of K classes for every pixel of N pictures.
    targets : ndarray of int64, shape (N, H, W)
        The right class of every pixel, 0 ... K - 1.

    Returns
    -------
    loss : float
        The mean of -log p over all N * H * W pixels.

    Notes
    -----
    loss = mean over n, h, w of -log(softmax over k of logits[n, :, h, w])[targets[n, h, w]]

    Each pixel is a sample by itself: softmax runs over the classes, which are axis 1. It must be
    right at logits of +-1000: log p = z - log(sum of exp(z)), with the largest logit of the pixel
    subtracted first.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Long, Shelhamer & Darrell 2015, "Fully convolutional networks for semantic segmentation",
       section 3.
    .. [3] torch documentation, `torch.nn.functional.cross_entropy`.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.zeros((1, 2, 1, 2))  # two pixels, undecided between two classes
    >>> round(pixel_cross_entropy(logits, np.array([[[0, 1]]])), 4)
    0.6931
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    picked = np.take_along_axis(log_p, targets[:, np.newaxis], axis=1)
    return float(-picked.mean())


def mean_iou(predictions: np.ndarray, targets: np.ndarray, num_classes: int) -> float:
    """Say how well the regions of each class fit, averaged over the classes.

    Parameters
    ----------
    predictions : ndarray of int64, shape (N, H, W)
        The class that was found for every pixel, 0 ... num_classes - 1.
    targets : ndarray of int64, shape (N, H, W)
        The right class of every pixel.
    num_classes : int
        How many classes there may be.

    Returns
    -------
    mean : float
        From 0 to 1, where all pixels are right.

    Notes
    -----
    For each class: pixels where it is found and right / pixels where it is found or right, both
    counted over the whole batch. The mean is taken over the classes; those that occur neither in
    the predictions nor in the targets have no such share, and are left out.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Everingham et al. 2010, "The PASCAL Visual Object Classes (VOC) Challenge", section 4.

    Examples
    --------
    >>> import numpy as np
    >>> predictions, targets = np.array([[[0, 0, 1]]]), np.array([[[0, 1, 1]]])
    >>> mean_iou(predictions, targets, 3)  # 1/2 and 1/2; the third class does not occur
    0.5
    """
    counts = np.zeros((num_classes, num_classes))  # a row for what is right, a column for found
    np.add.at(counts, (targets, predictions), 1.0)
    both = np.diag(counts)
    either = counts.sum(axis=0) + counts.sum(axis=1) - both
    return float(np.mean(both[either > 0] / either[either > 0]))
