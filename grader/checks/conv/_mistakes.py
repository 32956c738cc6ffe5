"""Families of mistakes that the convolutions have in common: the padding, the stride, the crop."""

from grader.checks._shared import of_arguments, of_result, raising


def of_padding(exercise):
    """Add what goes wrong with the padding, of whatever is then done with the padded images."""
    of_arguments(
        exercise,
        fixed_padding=("The padding is always 1, whatever `padding` says.", {"padding": 1}),
    )
    raising(
        exercise,
        UnboundLocalError,
        lambda padding: padding == 0,
        padded_only_if_positive="The padded array exists only when padding > 0; with padding = 0 "
        "the name was never assigned.",
    )


def of_padded(exercise):
    """Add what goes wrong where windows are taken from padded images."""

    def with_zeros(before, behind):
        def padded(x, padding):
            import torch.nn.functional as F

            return F.pad(x, (before * padding, behind * padding) * 2)

        return padded

    of_padding(exercise)
    of_arguments(
        exercise,
        no_padding=("The padding is ignored.", {"padding": 0}),
        padded_on_one_side=(
            "Only the top and the left are padded; all four sides get `padding` zeros.",
            {"x": with_zeros(1, 0), "padding": 0},
        ),
        padded_at_the_end=(
            "All the zeros stand at the bottom and on the right: `padding` of them belong on each "
            "of the four sides.",
            {"x": with_zeros(0, 2), "padding": 0},
        ),
        padded_in_front=(
            "All the zeros stand at the top and on the left: `padding` of them belong on each of "
            "the four sides.",
            {"x": with_zeros(2, 0), "padding": 0},
        ),
    )
    of_result(exercise, first_image_only="Only the first image is computed; the others stay zero.")


def of_bias(exercise):
    """Add what goes wrong with the bias of a layer."""
    of_arguments(
        exercise,
        bias_at_every_tap=(
            "The bias is added inside the sum over the window, once for every tap; add it once an "
            "output.",
            {"bias": lambda bias, weight: bias * weight[0].numel()},
        ),
        first_bias_for_all=(
            "Every kernel gets the first bias, bias[0]; kernel f has bias[f].",
            {"bias": lambda bias: bias[:1].expand(len(bias))},
        ),
        last_bias_for_all=(
            "Every kernel gets the last bias: kernel f has bias[f]. Is it added behind the loop?",
            {"bias": lambda bias: bias[-1:].expand(len(bias))},
        ),
        no_bias=("The bias is missing.", {"bias": None}),
    )


def of_stride(exercise):
    """Add a stride that is used along one axis only."""
    of_arguments(
        exercise,
        stride_for_columns_only=(
            "The stride is used for the columns only: windows move down by it, too.",
            {"stride": lambda stride: (1, stride)},
        ),
        stride_for_rows_only=(
            "The stride is used for the rows only: windows move to the right by it, too.",
            {"stride": lambda stride: (stride, 1)},
        ),
    )


def of_channels(exercise):
    """Add channels that are not summed, of a layer whose kernels span them all."""
    of_arguments(
        exercise,
        first_channel_only=(
            "Only the first channel is used; a window spans all channels, and all are summed.",
            dict.fromkeys(("x", "weight"), lambda channels: channels[:, :1]),
        ),
        last_channel_only=(
            "Only the last channel counts: each one overwrites (=) the one before instead of "
            "adding (+=).",
            dict.fromkeys(("x", "weight"), lambda channels: channels[:, -1:]),
        ),
    )


EVERY_AXIS = (
    "The batch and the channels are padded too: np.pad(x, padding) pads every axis. Give it "
    "((0, 0), (0, 0), (P, P), (P, P))."
)
NOT_IN_WINDOW = "The window of output (i, j) is taken at (i, j); it begins at (i*stride, j*stride)."
