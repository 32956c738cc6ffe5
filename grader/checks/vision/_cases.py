"""What the checks of vision share: boxes, feature maps, and torch's Gram matrix."""

from grader.vocabulary import array, between, dyadic, mixed, one_of, real, strategy, tied, wide


def draw_boxes(draw, number):
    """Return boxes, among them empty ones, such as touch and such as lie in another."""
    import numpy as np

    kind = mixed(tied, real) if draw(one_of(True, False)) else dyadic
    corner, size = draw(array(number, 2, of=kind)), abs(draw(array(number, 2, of=kind)))
    return np.concatenate([corner, corner + size], axis=1)


@strategy
def box_pairs(draw, number=between(1, 4), again=one_of(False, True)):
    """Draw two lists of boxes; some have a box in common."""
    boxes, others = draw_boxes(draw, draw(number)), draw_boxes(draw, draw(number))
    if draw(again):
        others[-1] = boxes[0]
    return boxes, others


def draw_maps(draw, number, channels, of=wide):
    """Return feature maps."""
    return draw(array(number, channels, draw(between(1, 4)), draw(between(1, 4)), of=of))


@strategy
def maps(draw, number=between(1, 3), channels=between(1, 4)):
    """Draw feature maps."""
    return (draw_maps(draw, draw(number), draw(channels)),)


@strategy
def two_maps(draw, number=between(1, 3), channels=between(1, 4), resized=True):
    """Draw the feature maps of two pictures each, of one size or of two."""
    n, c = draw(number), draw(channels)
    features = draw_maps(draw, n, c)
    if draw(resized):
        return features, draw_maps(draw, n, c)
    return features, draw(array(*features.shape, of=wide))


MAP_FEATURES = {
    "several images": lambda features: len(features) > 1,
    "several channels": lambda features: features.shape[1] > 1,
    "H and W different": lambda features: features.shape[2] != features.shape[3],
    "only one pixel": lambda features: features.shape[2:] == (1, 1),
    "as many channels as pixels": lambda features: (
        features.shape[1] == features.shape[2] * features.shape[3]
    ),
}


def gram(features):
    """Return the Gram matrices, divided by nothing."""
    import torch

    return torch.einsum("nihw,njhw->nij", features, features)


def sides(boxes, others):
    """Return how wide and high what they share is, (N, M, 2); negative where they do not meet."""
    import torch

    low = torch.maximum(boxes[:, None, :2], others[:, :2])
    return torch.minimum(boxes[:, None, 2:], others[:, 2:]) - low


def sizes(boxes):
    """Return the area of each box."""
    return (boxes[:, 2:] - boxes[:, :2]).prod(1)


def share(both, union):
    """Divide, with 0 for an empty union."""
    return both / union.masked_fill(union == 0, 1.0)


def overlap_of(boxes, others):
    """Return the overlap of each pair: what both cover, divided by what either covers."""
    both = sides(boxes, others).relu().prod(2)
    return share(both, sizes(boxes)[:, None] + sizes(others) - both)
