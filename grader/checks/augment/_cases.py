"""What the augmentation checks share: shapes of images, and the facts about them."""

from grader.vocabulary import between


def draw_shape(draw, least=1):
    """Draw N, C, H and W, the sides from `least`."""
    return *(draw(between(1, 3)) for _ in "NC"), *(draw(between(least, 5)) for _ in "HW")


FEATURES = {
    "several images": lambda x: x.shape[0] > 1,
    "several channels": lambda x: x.shape[1] > 1,
    "H and W different": lambda x: x.shape[2] != x.shape[3],
}
