"""The style of a picture: which channels light up together, wherever that is."""

from grader.checks._shared import largest_of, numpy_errors, of_arguments, of_result
from grader.checks.vision._cases import MAP_FEATURES, gram, maps
from grader.vocabulary import Exercise, between

exercise = Exercise(
    points=3,
    decks=("000",),
    levels={"one image": maps(number=1), "several images": maps(number=between(2, 3))},
    features=MAP_FEATURES,
    terms=lambda features: largest_of(features) ** 2,
    hints=(
        "Each channel is a long row of numbers, one for each pixel. What says of two rows how much "
        "they go together, and which product gives that of all pairs at once?",
        "Two channels of two pixels, [1, 2] and [3, -1]:\n"
        "1 * 1 + 2 * 2 = 5\n"
        "1 * 3 + 2 * (-1) = 1\n"
        "3 * 3 + 1 * 1 = 10\n"
        "2 * 1 * 2 = 4          C * H * W\n"
        "gram_matrix([[[[1, 2]], [[3, -1]]]])[0] = [[5 / 4, 1 / 4], [1 / 4, 10 / 4]]",
        "n, c, h, w = features.shape\n"
        "flat = ...                     # (N, C, H*W)\n"
        "return flat @ ... / (...)      # the transpose of each picture's own matrix",
    ),
)


@exercise.equivalent
def gram_matrix(features):
    return gram(features) / features[0].numel()


of_result(
    exercise,
    not_divided=(
        "The products are summed; divide each sum by C * H * W.",
        lambda out, features: out * features[0].numel(),
    ),
    divided_by_pixels=(
        "The sums are divided by H * W; divide by C * H * W.",
        lambda out, features: out * features.shape[1],
    ),
    divided_by_channels=(
        "The sums are divided by C; divide by C * H * W.",
        lambda out, features: out * features[0, 0].numel(),
    ),
    divided_by_everything=(
        "The sums are divided by features.size; divide by C * H * W, without N.",
        lambda out, features: out / len(features),
    ),
    divided_by_channels_twice=(
        "The sums are divided by C * C; divide by C * H * W.",
        lambda out, features: out * (features[0, 0].numel() / features.shape[1]),
    ),
    divided_by_pairs_and_pixels=(
        "The sums are divided by C * C * H * W; divide by C * H * W.",
        lambda out, features: out / features.shape[1],
    ),
    halved="There is a factor 1/2 too much.",
    doubled="There is a factor 2 too much.",
    images_summed=(
        "The images are added up, too; each has a matrix of its own, (N, C, C).",
        lambda out: out.sum(0),
    ),
    images_averaged=(
        "The images are averaged; each has a matrix of its own, (N, C, C).",
        lambda out: out.mean(0),
    ),
    first_image_only="Only the first image has its matrix; the others are 0.",
    only_first_image=(
        "Only the matrix of the first image is returned; there are N.",
        lambda out: out[0],
    ),
    diagonal_only=(
        "Only the diagonal is left: each channel is multiplied with every other, too.",
        lambda out: out.diagonal(dim1=1, dim2=2).diag_embed(),
    ),
    squares_only=(
        "Only the sums of squares are left, (N, C): the result is (N, C, C).",
        lambda out: out.diagonal(dim1=1, dim2=2),
    ),
    upper_half_only=(
        "The half below the diagonal is 0; both are the same.",
        lambda out: out.triu(),
    ),
    rooted=("There is a root too much.", lambda out: out.abs().sqrt()),
)
of_arguments(
    exercise,
    means_taken_off=(
        "Each channel's mean is subtracted, as in a covariance: a Gram matrix does not.",
        {"features": lambda features: features - features.mean((2, 3), keepdim=True)},
    ),
    absolute_features=(
        "The features lose their signs: multiply them as they are.",
        {"features": lambda features: features.abs()},
    ),
    features_cut_off=(
        "Negative features are cut off: multiply them as they are.",
        {"features": lambda features: features.relu()},
    ),
)


@exercise.mistake("These are products of pixels, (N, H*W, H*W): multiply channels, flat @ flat^T.")
def of_pixels(features):
    flat = features.flatten(2)
    return flat.mT @ flat / features[0].numel()


@exercise.mistake(
    "The images are mixed, (N*C, N*C): channels are multiplied within their own image, (N, C, C)."
)
def images_mixed(features):
    flat = features.flatten(0, 1).flatten(1)
    return flat @ flat.T / features[0].numel()


@exercise.mistake(
    "The images are mixed, and divided by N*C*H*W, too: channels are multiplied within their own "
    "image, (N, C, C)."
)
def images_mixed_and_averaged(features):
    flat = features.flatten(0, 1).flatten(1)
    return flat @ flat.T / features.numel()


@exercise.mistake(
    "reshape(N, H*W, C) takes C numbers that stand side by side for the channels; the channel is "
    "first: reshape(N, C, H*W)."
)
def channels_last(features):
    n, c = features.shape[:2]
    flat = features.reshape(n, -1, c)
    return flat.mT @ flat / features[0].numel()


@exercise.mistake("Each channel is scaled to length 1, as for cosines: multiply them as they are.")
def cosines(features):
    flat = features.flatten(2)
    return gram_matrix((flat / flat.norm(2, 2, keepdim=True))[..., None]) * features.shape[1]


@exercise.mistake(
    "features @ features^T multiplies rows of each channel, (N, C, H, H): flatten the pixels first."
)
def not_flattened(features):
    return features @ features.mT / features[0].numel()


@exercise.mistake(".T turns all axes round: exchange the last two only, transpose(0, 2, 1).")
@numpy_errors()
def all_axes_turned(features):
    flat = features.flatten(2)
    return flat @ flat.permute(2, 1, 0) / features[0].numel()
