"""The examples of docs/student/messages.md: a wrong function, a call, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.naming.exceptions.syntax import explain_syntax
from grader.model import Carry, Diagnosis, Status
from grader.model.functions import Lambda
from grader.model.printed import Printed
from grader.render.failure import Manner
from grader.render.shown import SourceLine

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path("exercises/conv.py")


@dataclass(frozen=True)
class Example:
    """One kind of message.

    Parameters
    ----------
    kind, says
        Its name, and the sentence about it in docs/student/messages.md.
    exercise
        The exercise that fails.
    answer
        A wrong function; None when nothing was run.
    steps
        The arguments of each call.
    status, message
        What became of it, where nothing was run.
    mistake
        The known mistake that explains it, or a diagnosis of its own.
    separation
        Which cases fail.
    line
        The line that is shown.
    printed
        What the call printed.
    telling
        The arguments of another call, which tells more.
    manner
        How it is told.
    """

    kind: str
    says: str
    exercise: str
    answer: Callable[..., Any] | None = None
    steps: tuple[tuple[Any, ...], ...] = ()
    status: Status = Status.FAILED
    message: str = ""
    mistake: str | Diagnosis = ""
    separation: str = ""
    line: SourceLine | None = None
    printed: Printed | None = None
    telling: tuple[tuple[Any, ...], ...] = ()
    manner: Manner = Manner()  # noqa: RUF009 - frozen


# ----------------------------------------------------------------------------- wrong answers


def windows(x: Any, kernel_size: Any, stride: int, padding: int, order: str) -> Any:
    """Return the windows of every image as columns, with the axes of a column in some order."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    views = np.lib.stride_tricks.sliding_window_view(x, kernel_size, (2, 3))
    views = views[:, :, ::stride, ::stride]
    columns = np.einsum(f"nchwkl->n{order}hw", views)
    return columns.reshape(len(x), -1, views.shape[2] * views.shape[3])


def channels_last_in_column(x, kernel_size, stride=1, padding=0):
    return windows(x, kernel_size, stride, padding, "klc")


def window_at_i(x, weight, bias, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = weight.shape[2:]
    height, width = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.zeros((len(x), len(weight), height, width))
    for i in range(height):
        for j in range(width):
            window = x[:, :, i : i + kh, j : j + kw]
            out[:, :, i, j] = np.einsum("nckl,fckl->nf", window, weight) + bias
    return out


def grad_bias_keeps_axis(grad_out, x, weight, _bias):
    return grad_out @ weight, grad_out.T @ x, grad_out.sum(axis=0, keepdims=True)


def whole_numbers(x):
    return np.maximum(x, 0).astype(int)


def a_list(x):
    return [max(0.0, float(value)) for value in x]


def no_maximum(x):
    with np.errstate(all="ignore"):
        return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


PARABOLA = Lambda("lambda x: (x * x).sum()")


def one_side(f, x, eps):
    return np.array([(f(x + eps * row) - f(x)) / eps for row in np.eye(len(x))])


def raises(x, kernel):  # noqa: ARG001 - that is the mistake
    return np.zeros(3)[5]


def accepts_anything(input_size, kernel_size, stride=1, padding=0):
    return (input_size + 2 * padding - kernel_size) // stride + 1


def sum_for_mean(logits, targets):
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(logits)), targets].sum())


def velocity_not_used(param, grad, velocity, lr, momentum=0.9):
    return param - lr * grad, momentum * velocity + grad


def padded_at_the_end(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))


def stops_early(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows - 1):
        for j in range(columns - 1):
            out[i, j] = np.sum(image[i : i + len(kernel), j : j + kernel.shape[1]] * kernel)
    return out


def one_step(param, grad, lr):
    return param - lr * grad


def array(*values: Any) -> Any:
    """Return an array of floats."""
    return np.array(values, float)


X = np.array([[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]])
WIDE = np.arange(20.0).reshape(1, 1, 1, 20)
LINE = np.array([1.0, 0.0, -2.5])
CONVOLUTION = (
    array([[[0.0, 1.0, 3.0, 7.0]]]), array(1.0, -1.0).reshape(1, 1, 1, 2), array(0.5), 2, 0,
)  # fmt: skip
LAYER = (
    array([1.0, 2.0], [3.0, 4.0]), array([1.0], [-1.0]), array([1.0], [2.0]), array(0.0, 0.0),
)  # fmt: skip
STEPS = (
    (array(1.0), array(1.0), array(0.0), 0.5, 0.5),
    (Carry(0), array(1.0), Carry(1), 0.5, 0.5),
)


EXAMPLES = [
    Example(
        "values", "Expected before got, the wrong entries marked by a sign as well as a colour.",
        "conv.conv2d_forward", window_at_i,
        (CONVOLUTION,),
        mistake="stride-not-in-window", separation="Every failing case has a stride above 1.",
        line=SourceLine(FILE, 209),
    ),
    Example(
        "columns", "Rows and columns that are products of axes are labelled by their indices.",
        "conv.im2col", channels_last_in_column, ((X, (1, 2), 1, 0),),
        mistake="channel-last-in-column", separation="Every failing case has several channels.",
        line=SourceLine(FILE, 129),
    ),
    Example(
        "shape", "Of several results only the wrong one is shown, by its name.",
        "linear.linear_backward", grad_bias_keeps_axis,
        (LAYER,),
        mistake="grad-bias-keeps-axis", separation="Every case fails.",
        line=SourceLine(Path("exercises/linear.py"), 57),
    ),
    Example(
        "dtype", "The right numbers in a type that cannot hold them.",
        "activations.relu", whole_numbers, ((array(1.5, -1.0),),),
        mistake=Diagnosis("dtype", "Whole numbers stand where float64 is expected."),
        line=SourceLine(Path("exercises/activations.py"), 120),
    ),
    Example(
        "type", "A list where an array is expected.",
        "activations.relu", a_list, ((LINE,),),
        mistake=Diagnosis("list-for-array", "A list stands where an array is expected."),
        line=SourceLine(Path("exercises/activations.py"), 120),
    ),
    Example(
        "finite", "nan and infinities are told apart from other wrong numbers.",
        "activations.softmax", no_maximum, ((array(1000.0, 0.0),),),
        mistake="no-maximum", separation="Only cases with x above 700 fail.",
        line=SourceLine(Path("exercises/activations.py"), 330),
    ),
    Example(
        "number", "A single number, with as many digits as it takes to see the difference.",
        "losses.cross_entropy", sum_for_mean,
        ((array([0.0, 1.0], [2.0, 0.0]), np.array([0, 1])),),
        mistake="sum-for-mean", separation="Only cases with several samples fail.",
        line=SourceLine(Path("exercises/losses.py"), 8),
    ),
    Example(
        "steps", "A sequence of calls: the first step that is wrong, and the calls before it.",
        "optim.momentum_step", velocity_not_used,
        STEPS,
        mistake="velocity-not-used", line=SourceLine(Path("exercises/optim.py"), 48),
    ),
    Example(
        "function", "A function among the arguments stands in the call, to be pasted.",
        "train.numerical_gradient", one_side, ((PARABOLA, array(-3.0, 1.0), 1.0),),
        mistake="one-side", separation="Only cases with a large eps fail.",
        line=SourceLine(Path("exercises/train.py"), 18),
    ),
    Example(
        "error", "An exception: the student's own line, as a link that the terminal can open.",
        "conv.correlate2d", raises, ((array([1.0, 2.0], [3.0, 4.0]), array([1.0])),),
        mistake=Diagnosis(
            "index-bounds",
            "Index 5 is past the end of axis 0, which has 3 entries: the last is 2.",
        ),
        separation="Every case fails.",
        line=SourceLine(FILE, 94, "total += image[i + k, j + l] * kernel[k, l]"),
    ),
    Example(
        "refusal", "Bad arguments that were not refused.",
        "conv.conv_output_size", accepts_anything, ((2, 3),), mistake="no-value-error",
        separation="Only cases with a kernel larger than the padded input fail.",
        line=SourceLine(FILE, 11),
    ),
    Example(
        "changed", "The right answer, but an argument was changed on the way.",
        "optim.sgd_step", one_step, ((array(1.0, 2.0), array(1.0, 1.0), 0.5),),
        mistake=Diagnosis(
            "changed-argument", "The result is right, but an argument is changed on the way: "
            "`x += …`, `x[…] = …` and `out=x` write into the caller's array. Work on a copy.",
        ),
        line=SourceLine(Path("exercises/optim.py"), 8),
    ),
    Example(
        "again", "Right the first time, and another answer the second time.",
        "optim.sgd_step", one_step, ((array(1.0), array(1.0), 0.5),),
        mistake=Diagnosis(
            "not-the-same-again", "The same call gives another answer the second time: something "
            "is kept between calls, in a global, in a default argument that is changed, or from a "
            "random generator.",
        ),
        line=SourceLine(Path("exercises/optim.py"), 8),
    ),
    Example(
        "telling", "What the call printed, and a second case where the smallest hides the pattern.",
        "conv.correlate2d", stops_early, ((array([1.0]), array([1.0])),),
        separation="Every case fails.",
        mistake=Diagnosis(
            "end-unwritten", "The last row and column are 0 in out, as if never written; all else "
            "is right. Where does the loop end? range(n) stops at n - 1.",
        ),
        line=SourceLine(FILE, 12, "return out", why="which returned the answer"),
        printed=Printed(("rows 1 columns 1",), after=1),
        telling=((array([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]), array([2.0])),),
    ),
    Example(
        "timeout", "A loop that does not end: the line that was running, and its loop.",
        "conv.im2col", steps=((X, (1, 2), 1, 0),), status=Status.TIMEOUT,
        message="no answer after 10 s of computing: is there a loop that does not end?",
        line=SourceLine(
            FILE, 136, "cols[n, :, i] = window.ravel()",
            why="which was running when the time was up", beside=(133, "while i < rows:"),
        ),
        printed=Printed(("i = 0", "i = 0"), before=812),
    ),
    Example(
        "crashed", "The process died, or was ended for a limit.", "conv.im2col",
        steps=((X, (2, 2), 1, 1),), status=Status.CRASHED,
        message="the process was ended by signal SIGSEGV",
        line=SourceLine(FILE, 129),
    ),
    Example(
        "rejected", "A rule is broken: the line, and what may be imported.", "conv.im2col",
        status=Status.REJECTED,
        message="conv.py, line 3 imports torch: only numpy, the standard library and your own "
        "files may be imported",
        line=SourceLine(FILE, 3, "import torch"),
    ),
    Example(
        "missing", "A file that does not import: the line as it stands, and a mark in it.",
        "conv.im2col", status=Status.MISSING,
        message="conv.py does not import, line 9: SyntaxError: expected ':'",
        mistake=explain_syntax("expected ':'", [], 9) or "",
        line=SourceLine(FILE, 9, "    if padding", columns=(14, 15)),
    ),
    Example(
        "gone", "A function that is not there, and how to get its stub back.", "conv.im2col",
        status=Status.MISSING, message="conv.py has no function im2col",
    ),
    Example(
        "unwritten", "A stub.", "conv.im2col", status=Status.UNIMPLEMENTED,
        message="not written yet", line=SourceLine(FILE, 129),
    ),
    Example(
        "ungraded", "The grader could not tell: nobody's zero.", "conv.im2col",
        status=Status.UNGRADED,
        message="the reference and torch disagree: torch's cols[0, 0, 0] = 1, expected 2",
    ),
    Example(
        "large", "Arrays that are too large for a grid: shades, and the first wrong entries.",
        "conv.zero_pad2d", padded_at_the_end, ((WIDE + 1, 1),),
        mistake=Diagnosis("padded-at-the-end", "All the padding is at the end."),
        line=SourceLine(FILE, 57),
    ),
    Example(
        "explain", "The long form, `--explain`: every part, the formula, where it is taught.",
        "linear.linear_backward", grad_bias_keeps_axis,
        (LAYER,),
        mistake="grad-bias-keeps-axis", line=SourceLine(Path("exercises/linear.py"), 57),
        manner=Manner(explain=True),
    ),
    Example(
        "plain", "For screen readers, `--plain`: words for signs, one thing below the other.",
        "conv.conv2d_forward", window_at_i,
        (CONVOLUTION,),
        mistake="stride-not-in-window", line=SourceLine(FILE, 209), manner=Manner(plain=True),
    ),
]  # fmt: skip
