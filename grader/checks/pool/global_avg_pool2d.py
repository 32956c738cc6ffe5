"""Every channel of an image becomes one number, its mean."""

from grader.checks._shared import of_result, products_of
from grader.checks.pool._cases import IMAGE_FEATURES, whole_images
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("004",),
    levels={
        "one image, one channel": whole_images(number=1, channels=1),
        "several images and channels": whole_images(),
    },
    features=IMAGE_FEATURES,
    terms=products_of("x"),
    hints=(
        "How many numbers are left of one image, and of how many pixels is each made? Which of the "
        "four axes go, and which stay?",
        "One image with the channels [[1, 3], [4, 4]] and [[2, 0], [8, 6]]:\n"
        "(1 + 3 + 4 + 4) / 4 = 3\n"
        "(2 + 0 + 8 + 6) / 4 = 4\n"
        "global_avg_pool2d([[[[1, 3], [4, 4]], [[2, 0], [8, 6]]]]) = [[3, 4]]",
        "n, c, h, w = ...\n"
        "pixels = x.reshape(n, c, ...)      # or: both axes at once, axis=(..., ...)\n"
        "return ... of each channel's pixels",
    ),
)


@exercise.equivalent
def global_avg_pool2d(x):
    import torch.nn.functional as F

    return F.adaptive_avg_pool2d(x, 1).flatten(1)


of_result(
    exercise,
    sizes_kept=(
        "Two axes of length 1 are left, (N, C, 1, 1): the result is (N, C), without keepdims.",
        lambda means: means[:, :, None, None],
    ),
    not_divided=(
        "The pixels are summed; divide each sum by their number, H * W.",
        lambda means, x: means * x[0, 0].numel(),
    ),
    divided_by_height=(
        "The sum is divided by H only; a channel has H * W pixels.",
        lambda means, x: means * x.shape[3],
    ),
    divided_by_width=(
        "The sum is divided by W only; a channel has H * W pixels.",
        lambda means, x: means * x.shape[2],
    ),
    divided_by_height_squared=(
        "The sum is divided by H * H; a channel has H * W pixels.",
        lambda means, x: means * (x.shape[3] / x.shape[2]),
    ),
    divided_by_both_sums=(
        "The sum is divided by H + W; a channel has H * W pixels.",
        lambda means, x: means * (x[0, 0].numel() / sum(x.shape[2:])),
    ),
    divided_by_image=(
        "The sum is divided by all pixels of the image, C * H * W; a channel has H * W.",
        lambda means, x: means / x.shape[1],
    ),
    divided_by_everything=(
        "The sum is divided by x.size; one channel of one image has H * W pixels.",
        lambda means, x: means / (x.shape[0] * x.shape[1]),
    ),
    channels_averaged=(
        "One number is left of each image: every channel keeps its own mean.",
        lambda means: means.mean(1),
    ),
    channels_averaged_kept=(
        "The channels are averaged, too, (N, 1): every channel keeps its own mean.",
        lambda means: means.mean(1, keepdim=True),
    ),
    images_averaged=(
        "The images are averaged, too; every image keeps its own means.",
        lambda means: means.mean(0),
    ),
    one_mean_of_all=(
        "One number is left of the whole batch: give the mean the axes of the pixels, (2, 3).",
        lambda means: means.mean(),
    ),
    result_transposed="The result is (C, N); the images come first: (N, C).",
    first_image_only="Only the first image is averaged; every image has its row.",
    whole_numbers=(
        "The mean is cut to a whole number by //; divide with /.",
        lambda means: means.floor(),
    ),
)


@exercise.mistake("This is the largest pixel of every channel; take the mean.")
def maximum_for_mean(x):
    return x.amax((2, 3))


@exercise.mistake("This is the median of every channel; take the mean.")
def median_for_mean(x):
    return x.flatten(2).quantile(0.5, dim=2)


@exercise.mistake("Only the rows are averaged away, (N, C, W): the columns go, too.")
def rows_only(x):
    return x.mean(2)


@exercise.mistake("Only one axis is averaged away, the last, (N, C, H): the rows go, too.")
def columns_only(x):
    return x.mean(3)


@exercise.mistake(
    "The mean runs over axes 1 and 2, as of (N, H, W, C): here the pixels are on axes 2 and 3."
)
def channels_last(x):
    return x.mean((1, 2))


@exercise.mistake("The mean runs over axes 0 and 1, the images and channels: those are to stay.")
def pixels_kept(x):
    return x.mean((0, 1))


@exercise.mistake(
    "reshape(N, -1, C) takes C numbers that stand side by side for the channels: the channel comes "
    "before the pixels, reshape(N, C, -1)."
)
def reshaped_channels_last(x):
    n, c = x.shape[:2]
    return x.reshape(n, -1, c).mean(1)
