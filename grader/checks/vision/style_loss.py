"""How far the style of pictures is from that of others: the squared difference of Gram matrices."""

from grader.checks._shared import largest_of, numpy_errors, of_arguments, of_result
from grader.checks.vision._cases import MAP_FEATURES, gram, two_maps
from grader.vocabulary import Exercise, one_of

exercise = Exercise(
    points=3,
    decks=("000",),
    requires=("gram_matrix",),
    levels={
        "pictures of one size": two_maps(resized=False),
        "a target of another size": two_maps(resized=one_of(True, False)),
    },
    features={
        **MAP_FEATURES,
        "a target of the same size": lambda features, target: features.shape == target.shape,
    },
    terms=lambda features, target: largest_of(features, target) ** 4,
    hints=(
        "What is compared of two pictures when only their style counts? By what is each of the two "
        "divided, and why may the pictures have different sizes?",
        "One channel, the pictures [1, 2] and [1, 3, 1, 3]:\n"
        "(1 * 1 + 2 * 2) / 2 = 2.5      the first Gram matrix has one number\n"
        "(1 + 9 + 1 + 9) / 4 = 5        so has the second\n"
        "(2.5 - 5) ** 2 = 6.25\n"
        "style_loss([[[[1, 2]]]], [[[[1, 3, 1, 3]]]]) = 6.25",
        "difference = gram_matrix(...) - ...    # (N, C, C)\n"
        "return float(... of its squares)       # over all N*C*C numbers",
    ),
)


def divided(maps):
    """Return the Gram matrices, each divided by its own C * H * W."""
    return gram(maps) / maps[0].numel()


@exercise.equivalent
def style_loss(features, target):
    import torch.nn.functional as F

    return F.mse_loss(divided(features), divided(target))


def comparing(gram_of, distance=None):
    """Return a mistake: other matrices, or another distance of them."""

    @numpy_errors()
    def mistaken(features, target):
        difference = gram_of(features) - gram_of(target)
        return difference.square().mean() if distance is None else distance(difference)

    return mistaken


for name, message, gram_of in (
    (
        "not_divided",
        "The Gram matrices are not divided by C * H * W.",
        gram,
    ),
    (
        "divided_by_pixels",
        "The loss is C * C times too large: the Gram matrices are divided by H * W instead of "
        "C * H * W, or the squares by N alone.",
        lambda maps: gram(maps) / maps[0, 0].numel(),
    ),
    (
        "divided_by_channels",
        "The Gram matrices are divided by C; divide by C * H * W.",
        lambda maps: gram(maps) / maps.shape[1],
    ),
    (
        "divided_by_everything",
        "The Gram matrices are divided by N * C * H * W; divide by C * H * W.",
        lambda maps: gram(maps) / maps.numel(),
    ),
    (
        "features_compared",
        "The features themselves are compared, which is the content: compare Gram matrices.",
        lambda maps: maps,
    ),
    (
        "means_compared",
        "The channels' means are compared: compare Gram matrices.",
        lambda maps: maps.mean((2, 3)),
    ),
    (
        "squares_compared",
        "Only the diagonals are compared: all pairs of channels count.",
        lambda maps: divided(maps).diagonal(dim1=1, dim2=2),
    ),
    (
        "of_pixels",
        "The Gram matrices are of pixels, (H*W, H*W): multiply channels.",
        lambda maps: maps.flatten(2).mT @ maps.flatten(2) / maps[0].numel(),
    ),
    (
        "images_mixed",
        "Channels of different images are multiplied: each image has its own matrix.",
        lambda maps: (flat := maps.flatten(0, 1).flatten(1)) @ flat.T / maps[0].numel(),
    ),
    (
        "images_mixed_and_averaged",
        "Channels of different images are multiplied, and divided by N * C * H * W: each image has "
        "its own matrix.",
        lambda maps: (flat := maps.flatten(0, 1).flatten(1)) @ flat.T / maps.numel(),
    ),
    (
        "images_summed",
        "The matrices of all images are added up first: compare each with its own.",
        lambda maps: divided(maps).sum(0),
    ),
    (
        "means_taken_off",
        "Each channel's mean is subtracted, as in a covariance: a Gram matrix does not.",
        lambda maps: divided(maps - maps.mean((2, 3), keepdim=True)),
    ),
):
    exercise.add(name, message, comparing(gram_of))

for name, message, distance in (
    (
        "absolute",
        "The differences are not squared, but taken as absolute values.",
        lambda difference: difference.abs().mean(),
    ),
    (
        "not_squared",
        "The differences are not squared, so that those of both signs cancel.",
        lambda difference: difference.mean(),
    ),
    (
        "rooted",
        "There is a root too much: the mean of the squares stays as it is.",
        lambda difference: difference.square().mean().sqrt(),
    ),
    (
        "norm",
        "This is the norm of the difference: take the mean of its squares.",
        lambda difference: difference.norm(),
    ),
    (
        "one_for_each_image",
        "One number for each image is returned; the loss is their mean.",
        lambda difference: difference.square().mean((1, 2)),
    ),
    (
        "square_of_mean",
        "The mean is squared: square each difference first.",
        lambda difference: difference.mean().square(),
    ),
):
    exercise.add(name, message, comparing(divided, distance))

of_result(
    exercise,
    sum_for_mean=(
        "The squares are added up; the loss is their mean over N * C * C.",
        lambda loss, features: loss * len(features) * features.shape[1] ** 2,
    ),
    images_added=(
        "The losses of the images are added up; the loss is their mean.",
        lambda loss, features: loss * len(features),
    ),
    divided_by_channels_once=(
        "The sum is divided by N * C; divide by N * C * C.",
        lambda loss, features: loss * features.shape[1],
    ),
    quartered=("There is a factor 1/4 too much; the paper has it.", lambda loss: loss / 4),
    halved="There is a factor 1/2 too much.",
)
of_arguments(
    exercise,
    first_image_only=(
        "Only the first image counts; the loss is a mean of all.",
        dict.fromkeys(("features", "target"), lambda maps: maps[:1]),
    ),
)


@exercise.mistake(
    "Both Gram matrices are divided by the size of `features`; each by its own C * H * W."
)
def target_divided_by_other_size(features, target):
    return (divided(features) - gram(target) / features[0].numel()).square().mean()


@exercise.mistake("`target` is taken for a Gram matrix; it holds features, as `features` does.")
@numpy_errors()
def target_is_gram(features, target):
    return (divided(features) - target).square().mean()


@exercise.mistake("The Gram matrix of the difference is taken; take the difference of two of them.")
@numpy_errors()
def gram_of_difference(features, target):
    return divided(features - target).square().mean()
