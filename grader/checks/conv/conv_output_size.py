"""How many places a kernel finds along one axis."""

from grader.vocabulary import Exercise, bad, between, level, one_of, strategy


@strategy
def sizes(draw):
    s, p, f = draw(between(1, 4)), draw(between(0, 3)), draw(between(1, 7))
    return max(1, f - 2 * p) + draw(between(0, 12)), f, s, p


@strategy
def impossible(draw):
    """Arguments with one thing wrong with them, so that one forgotten test shows."""
    s, p, f, much = (
        draw(between(1, 3)),
        draw(between(0, 2)),
        draw(between(1, 3)),
        draw(between(0, 3)),
    )
    n = f + draw(between(0, 6))
    large_kernel, low_stride = (n, n + 2 * p + 1 + much, s, p), (n, f, -much, p)
    negative_padding = (n + 2 + 2 * much, f, s, -1 - much)
    low_input, low_kernel = (-much, f, s, f + much), (n, -much, s, p)
    kinds = one_of(large_kernel, low_stride, negative_padding, low_input, low_kernel)
    return bad(*draw(kinds))


def deck_numbers():
    """Return the decks' sizes, then kernels as large as the padded input."""
    seven = [(7, 3), (7, 3, 2), (7, 3, 3), (7, 3, 1, 1), (7, 5, 1, 2), (7, 7, 1, 3)]
    larger = [(32, 5), (28, 5), (128, 5, 1, 2)]
    return [*seven, *larger, (7, 7), (3, 5, 1, 1), (1, 3, 2, 1), (2, 5, 2, 2)]


def one_of_each():
    """Return arguments with each thing wrong that can be, at its limit and beyond."""
    high_kernel, low_stride = [(3, 4), (3, 8, 1, 2), (1, 4, 2, 1)], [(5, 3, 0), (5, 3, -1)]
    low_padding = [(7, 3, 1, -1), (9, 3, 2, -2), (3, 1, 1, -1)]
    low_size = [(0, 1, 1, 1), (-1, 1, 1, 2), (0, 2, 2, 1), (5, 0), (5, -1, 2), (3, 0, 1, 1)]
    return [bad(*sizes) for sizes in high_kernel + low_stride + low_padding + low_size]


def is_uneven(input_size, kernel_size, stride, padding):
    """Tell whether the last places are skipped by the stride."""
    return stride > 1 and (input_size + 2 * padding - kernel_size) % stride > 0


exercise = Exercise(
    points=3,
    decks=("000", "003"),
    levels={
        "a kernel that fits": level(sizes(), fixed=deck_numbers),
        "bad arguments": level(impossible(), fixed=one_of_each),
    },
    features={
        "padding = 0": lambda padding: padding == 0,
        "a stride above 1": lambda stride: stride > 1,
        "N + 2P - F not a multiple of the stride": is_uneven,
        "a kernel as large as the padded input": lambda input_size, kernel_size, padding: (
            kernel_size == input_size + 2 * padding
        ),
        "a kernel larger than the input without padding": lambda input_size, kernel_size, padding: (
            input_size < kernel_size <= input_size + 2 * padding
        ),
        "a kernel larger than the padded input": lambda input_size, kernel_size, padding: (
            kernel_size > input_size + 2 * padding
        ),
        "a stride below 1": lambda stride: stride < 1,
        "negative padding": lambda padding: padding < 0,
        "an input size below 1": lambda input_size: input_size < 1,
        "a kernel size below 1": lambda kernel_size: kernel_size < 1,
    },
    hints=(
        "Draw 7 pixels and a kernel of 3: where can the kernel begin? How many of these places "
        "are left with steps of 2, and of 3? What does padding change, and which arguments make "
        "no sense?",
        "7 pixels and a kernel of 3: it can begin at 0, 1, 2, 3 and 4.\n"
        "7 - 3 + 1 = 5\n"
        "Steps of 2 stop at 0, 2 and 4; steps of 3 at 0 and 3. What is left over is dropped.\n"
        "conv_output_size(7, 3, 2) = 2 + 1 = 3\n"
        "conv_output_size(7, 3, 3) = 1 + 1 = 2\n"
        "One pixel of padding on either side makes 9 pixels:\n"
        "conv_output_size(7, 3, 1, 1) = 9 - 3 + 1 = 7",
        "if ...:                        # a size or a stride below 1, a padding below 0\n"
        "    raise ValueError(...)\n"
        "padded = ...\n"
        "if ...:                        # the kernel does not fit\n"
        "    raise ValueError(...)\n"
        "return (...) // ... + 1        # how many whole steps, and the first place",
    ),
)


@exercise.equivalent
def count(input_size, kernel_size, stride=1, padding=0):
    import torch
    import torch.nn.functional as F

    x, weight = torch.zeros(1, 1, input_size), torch.zeros(1, 1, kernel_size)
    return F.conv1d(x, weight, stride=stride, padding=padding).shape[-1]


@exercise.mistake(
    "The padding counts once; it is added at both ends, so that the input grows by 2P."
)
def one_padding(input_size, kernel_size, stride=1, padding=0):
    return (input_size + padding - kernel_size) // stride + 1


@exercise.mistake("The padding is ignored; the kernel moves over N + 2P pixels.")
def no_padding(input_size, kernel_size, stride=1, padding=0):
    return (input_size - kernel_size) // stride + 1


@exercise.mistake("The stride is ignored; divide the way from the first to the last place by it.")
def no_stride(input_size, kernel_size, stride=1, padding=0):
    return count(input_size, kernel_size, 1, padding)


@exercise.mistake("The 1 is missing: beside the steps there is the place where the kernel begins.")
def first_place_not_counted(input_size, kernel_size, stride=1, padding=0):
    return count(input_size, kernel_size, stride, padding) - 1


@exercise.mistake("The 1 is added before the division by the stride; it comes after it.")
def one_inside_the_division(input_size, kernel_size, stride=1, padding=0):
    return count(input_size, kernel_size, 1, padding) // stride


@exercise.mistake("The division is rounded up; an incomplete last step does not count: use //.")
def rounded_up(input_size, kernel_size, stride=1, padding=0):
    return -(-(input_size + 2 * padding - kernel_size) // stride) + 1


@exercise.mistake(
    "The division is rounded to the nearest; an incomplete step does not count: use //."
)
def rounded(input_size, kernel_size, stride=1, padding=0):
    return round((input_size + 2 * padding - kernel_size) / stride) + 1


@exercise.mistake("This is N // S: it forgets the kernel and the padding.")
def input_over_stride(input_size, kernel_size, stride=1, padding=0):
    return input_size // stride


@exercise.mistake('This is the "SAME" rule, ceil(N / S); here the padding is what `padding` says.')
def same_rule(input_size, kernel_size, stride=1, padding=0):
    return -(-input_size // stride)


@exercise.mistake("The division is a true one (/), which gives a float; a count comes from //.")
def true_division(input_size, kernel_size, stride=1, padding=0):
    return (input_size + 2 * padding - kernel_size) / stride + 1


@exercise.mistake(
    "It refuses a stride that does not divide N + 2P - F; what is left over is dropped."
)
def remainder_refused(input_size, kernel_size, stride=1, padding=0):
    if (input_size + 2 * padding - kernel_size) % stride:
        raise ValueError
    return count(input_size, kernel_size, stride, padding)


@exercise.mistake(
    "It refuses a kernel as large as the padded input, which fits once: > and not >=."
)
def filling_kernel_refused(input_size, kernel_size, stride=1, padding=0):
    if kernel_size == input_size + 2 * padding:
        raise ValueError
    return count(input_size, kernel_size, stride, padding)


@exercise.mistake("It refuses a kernel larger than the input, though the padding makes it fit.")
def padding_forgotten_in_refusal(input_size, kernel_size, stride=1, padding=0):
    if kernel_size > input_size:
        raise ValueError
    return count(input_size, kernel_size, stride, padding)


def formula(input_size, kernel_size, stride=1, padding=0):
    return (input_size + 2 * padding - kernel_size) // stride + 1


@exercise.mistake(
    "Bad arguments are never refused: raise ValueError for them.", on_bad_arguments=True
)
def no_value_error(input_size, kernel_size, stride=1, padding=0):
    return formula(input_size, kernel_size, stride, padding)


@exercise.mistake(
    "Bad arguments are refused with assert, which raises AssertionError: write raise ValueError.",
    on_bad_arguments=True,
)
def assert_for_value_error(input_size, kernel_size, stride=1, padding=0):
    sizes_fit = 1 <= kernel_size <= input_size + 2 * padding
    if min(input_size, stride) < 1 or padding < 0 or not sizes_fit:
        raise AssertionError
    return formula(input_size, kernel_size, stride, padding)


@exercise.mistake(
    "A kernel larger than the padded input is not refused: ValueError.", on_bad_arguments=True
)
def large_kernel_accepted(input_size, kernel_size, stride=1, padding=0):
    if min(input_size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError
    return formula(input_size, kernel_size, stride, padding)


@exercise.mistake("A stride below 1 is not refused: ValueError.", on_bad_arguments=True)
def low_stride_accepted(input_size, kernel_size, stride=1, padding=0):
    if min(input_size, kernel_size) < 1 or padding < 0 or kernel_size > input_size + 2 * padding:
        raise ValueError
    return formula(input_size, kernel_size, stride, padding)


@exercise.mistake("A negative padding is not refused: ValueError.", on_bad_arguments=True)
def negative_padding_accepted(input_size, kernel_size, stride=1, padding=0):
    if min(input_size, kernel_size, stride) < 1 or kernel_size > input_size + 2 * padding:
        raise ValueError
    return formula(input_size, kernel_size, stride, padding)


@exercise.mistake(
    "An input or a kernel of size below 1 is not refused: ValueError.", on_bad_arguments=True
)
def low_sizes_accepted(input_size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0 or kernel_size > input_size + 2 * padding:
        raise ValueError
    return formula(input_size, kernel_size, stride, padding)
