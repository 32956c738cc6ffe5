"""The gradient of every channel is shared equally among all of its pixels."""

from grader.checks._shared import first_only, of_arguments, of_result, one, products_of
from grader.checks.pool._cases import IMAGE_FEATURES, whole_images
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=2,
    decks=("004",),
    requires=("global_avg_pool2d",),
    levels={
        "one image, one channel": whole_images(number=1, channels=1, backward=True),
        "several images and channels": whole_images(backward=True),
    },
    features=IMAGE_FEATURES,
    terms=products_of("grad_out"),
    hints=(
        "By how much does the mean of H * W pixels move when one of them moves by 1? Does it "
        "matter which pixel, or what it holds?",
        "One image, two channels of three pixels, grad_out [[6, -3]]:\n"
        "6 / 3 = 2        to each pixel of the first channel\n"
        "-3 / 3 = -1      to each of the second\n"
        "global_avg_pool2d_backward([[6, -3]], zeros(1, 2, 1, 3))[0, 1] = [[-1, -1, -1]]",
        "share = ...                            # (N, C), what one pixel gets\n"
        "share = share[..., ..., None, None]    # two more axes, for the pixels\n"
        "return ...                             # as large as x: np.ones_like(x) may help",
    ),
)


def averaged(x):
    """Pool as torch does."""
    import torch.nn.functional as F

    return F.adaptive_avg_pool2d(x, 1).flatten(1)


@exercise.equivalent
def backward(grad_out, x):
    return gradients(averaged, grad_out, x)[0]


of_arguments(
    exercise,
    upstream_forgotten=(
        "grad_out is forgotten: every pixel gets 1 / (H * W) of it; multiply.",
        {"grad_out": one},
    ),
    upstream_of_channels_summed=(
        "grad_out is added up over the channels; every channel has its own.",
        {"grad_out": lambda grad_out: grad_out.sum(1, keepdim=True).expand_as(grad_out)},
    ),
    upstream_of_images_summed=(
        "grad_out is added up over the images; every image has its own.",
        {"grad_out": lambda grad_out: grad_out.sum(0).expand_as(grad_out)},
    ),
)
of_result(
    exercise,
    not_divided=(
        "Every pixel gets all of grad_out; divide it by H * W.",
        lambda grad_x, x: grad_x * x[0, 0].numel(),
    ),
    divided_by_height=(
        "grad_out is divided by H only; it is shared by H * W pixels.",
        lambda grad_x, x: grad_x * x.shape[3],
    ),
    divided_by_width=(
        "grad_out is divided by W only; it is shared by H * W pixels.",
        lambda grad_x, x: grad_x * x.shape[2],
    ),
    divided_by_height_squared=(
        "grad_out is divided by H * H; it is shared by H * W pixels.",
        lambda grad_x, x: grad_x * (x.shape[3] / x.shape[2]),
    ),
    divided_by_image=(
        "grad_out is divided by C * H * W; only the H * W pixels of its channel share it.",
        lambda grad_x, x: grad_x / x.shape[1],
    ),
    divided_by_everything=(
        "grad_out is divided by x.size; only the H * W pixels of its channel share it.",
        lambda grad_x, x: grad_x / (x.shape[0] * x.shape[1]),
    ),
    divided_by_images_too=(
        "grad_out is divided by N, too; the images are not averaged here.",
        lambda grad_x: grad_x / len(grad_x),
    ),
    multiplied=(
        "grad_out is multiplied by H * W; it is shared: divide.",
        lambda grad_x, x: grad_x * x[0, 0].numel() ** 2,
    ),
    times_x=(
        "The gradient is multiplied by x; a mean's gradient does not depend on x.",
        lambda grad_x, x: grad_x * x,
    ),
    one_pixel_each=(
        "What each pixel gets is right, but its shape is (N, C, 1, 1): spread it over the pixels.",
        lambda grad_x: grad_x[:, :, :1, :1],
    ),
    no_pixels=(
        "What each pixel gets is right, but its shape is (N, C): grad_x has the shape of x.",
        lambda grad_x: grad_x[:, :, 0, 0],
    ),
    corner_paid=(
        "Only the pixel in the upper left corner gets something; all pixels share.",
        lambda grad_x: grad_x * first_only(first_only(grad_x[0, 0] * 0.0 + 1.0).T).T,
    ),
    first_image_only="Only the first image gets a gradient; all of them do.",
)


@exercise.mistake("The largest pixel takes all, as in max pooling; every pixel gets the same.")
def maximum_paid(grad_out, x):
    import torch.nn.functional as F

    whole = tuple(x.shape[2:])
    return gradients(lambda x: F.max_pool2d(x, whole).flatten(1), grad_out, x)[0]


@exercise.mistake(
    "The numbers are in the wrong places: np.tile, or resize, repeats all of grad_out, and the "
    "pixels of a channel must get the same. Give grad_out two more axes: [:, :, None, None]."
)
def tiled(grad_out, x):
    share = grad_out / x[0, 0].numel()
    return share.flatten().repeat(x[0, 0].numel()).reshape(x.shape)


@exercise.mistake(
    "grad_out meets the wrong axes: (N, C) stands against (H, W). Give it two more axes behind, "
    "grad_out[:, :, None, None]."
)
def no_new_axes(grad_out, x):
    try:
        return x * 0.0 + grad_out / x[0, 0].numel()
    except RuntimeError as error:
        raise ValueError(str(error)) from error


@exercise.mistake("x is shared out, not grad_out: each channel's mean is returned at its pixels.")
def mean_of_x(grad_out, x):
    return averaged(x)[:, :, None, None].expand(x.shape)
