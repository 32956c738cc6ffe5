"""Every window of every image as a column, so that convolving becomes one matrix product."""

from grader.checks._shared import renamed
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions, output_shape
from grader.vocabulary import Exercise

exercise = Exercise(
    points=2,
    decks=("000", "003"),
    requires=("conv_output_size", "zero_pad2d"),
    levels={
        "stride 1, no padding": convolutions(stride=1, padding=0, takes="x"),
        "any stride and padding": convolutions(takes="x"),
    },
    features=renamed(WINDOW_FEATURES, kernel="kernel_size"),
    hints=(
        "Write the columns for a 3x3 image and a 2x2 window by hand: four windows, so four columns "
        "of four numbers.",
        "The window of output (i, j) begins at row i*stride and column j*stride of the padded "
        "image. Flattened, it is column i*OW + j, in the order channel, row, column.",
        "Fill an array of shape (N, C, KH, KW, OH, OW): cols[:, :, k, l] are the padded pixels "
        "[:, :, k:k + stride*OH:stride, l:l + stride*OW:stride]. Then reshape.",
    ),
)


@exercise.equivalent
def unfold(x, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    return F.unfold(x, kernel_size, stride=stride, padding=padding)


def six_axes(x, kernel_size, stride, padding):
    """Return the columns as (N, C, KH, KW, OH, OW)."""
    windows = output_shape(x.shape[2:], kernel_size, stride, padding)
    cols = unfold(x, kernel_size, stride, padding)
    return cols.reshape(*x.shape[:2], *kernel_size, *windows)


@exercise.mistake(
    "A column runs through row, column, channel; the channel comes first: (C, KH, KW) flattened."
)
def channel_last_in_column(x, kernel_size, stride=1, padding=0):
    cols = six_axes(x, kernel_size, stride, padding)
    return cols.permute(0, 2, 3, 1, 4, 5).flatten(1, 3).flatten(2)


@exercise.mistake("Inside a channel a column runs down the window first; it runs along its rows.")
def window_transposed(x, kernel_size, stride=1, padding=0):
    cols = six_axes(x, kernel_size, stride, padding)
    return cols.transpose(2, 3).flatten(1, 3).flatten(2)


@exercise.mistake(
    "The windows are counted down the image; count along its rows: (i, j) is column i*OW + j."
)
def windows_counted_downwards(x, kernel_size, stride=1, padding=0):
    cols = six_axes(x, kernel_size, stride, padding)
    return cols.transpose(4, 5).flatten(1, 3).flatten(2)


@exercise.mistake("Windows are rows here; they must be columns: swap the last two axes.")
def windows_as_rows(x, kernel_size, stride=1, padding=0):
    return unfold(x, kernel_size, stride, padding).transpose(1, 2)


@exercise.mistake("The images' columns stand in one table; every image has its own: three axes.")
def one_table(x, kernel_size, stride=1, padding=0):
    return unfold(x, kernel_size, stride, padding).transpose(0, 1).flatten(1)


@exercise.mistake(
    "The images are mixed: one table of all columns was only reshaped to (N, C*KH*KW, OH*OW). "
    "Bring the batch to the front with transpose before."
)
def images_mixed(x, kernel_size, stride=1, padding=0):
    cols = unfold(x, kernel_size, stride, padding)
    return cols.transpose(0, 1).reshape(cols.shape)


@exercise.mistake(
    "The window of output (i, j) is taken at (i, j); it begins at (i*stride, j*stride)."
)
def stride_not_in_window(x, kernel_size, stride=1, padding=0):
    height, width = output_shape(x.shape[2:], kernel_size, stride, padding)
    return six_axes(x, kernel_size, 1, padding)[..., :height, :width].flatten(1, 3).flatten(2)


@exercise.mistake("The stride is ignored.")
def no_stride(x, kernel_size, stride=1, padding=0):
    return unfold(x, kernel_size, 1, padding)


@exercise.mistake("The padding is ignored.")
def no_padding(x, kernel_size, stride=1, padding=0):
    kh, kw = kernel_size
    if kh > x.shape[2] or kw > x.shape[3]:
        raise ValueError
    return unfold(x, kernel_size, stride, 0)


@exercise.mistake("The padding is always 1, whatever `padding` says.")
def fixed_padding(x, kernel_size, stride=1, padding=0):
    kh, kw = kernel_size
    if kh > x.shape[2] + 2 or kw > x.shape[3] + 2:
        raise ValueError
    return unfold(x, kernel_size, stride, 1)


@exercise.mistake("Only the top and the left are padded; all four sides get `padding` zeros.")
def padded_on_one_side(x, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    kh, kw = kernel_size
    padded = F.pad(x, (padding, 0, padding, 0))
    if kh > padded.shape[2] or kw > padded.shape[3]:
        raise ValueError
    return unfold(padded, kernel_size, stride)


@exercise.mistake(
    "The batch and the channels are padded too: np.pad(x, padding) pads every axis. Give it "
    "((0, 0), (0, 0), (P, P), (P, P))."
)
def padded_every_axis(x, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    return unfold(F.pad(x, (padding,) * 8), kernel_size, stride)


@exercise.mistake(
    "The padded array exists only when padding > 0; with padding = 0 the name was never assigned."
)
def padded_only_if_positive(x, kernel_size, stride=1, padding=0):
    if padding == 0:
        raise UnboundLocalError
    return unfold(x, kernel_size, stride, padding)


@exercise.mistake("KH and KW are exchanged: kernel_size is (KH, KW), the height first.")
def kernel_exchanged(x, kernel_size, stride=1, padding=0):
    kw, kh = kernel_size
    if kh > x.shape[2] + 2 * padding or kw > x.shape[3] + 2 * padding:
        raise ValueError
    return unfold(x, (kh, kw), stride, padding)


@exercise.mistake("Only the first image is computed; the others stay zero.")
def first_image_only(x, kernel_size, stride=1, padding=0):
    cols = unfold(x, kernel_size, stride, padding)
    cols[1:] = 0.0
    return cols
