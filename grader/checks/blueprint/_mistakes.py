"""Families of mistakes of who follows a shape through a network: what is told, and what changes."""

from grader.checks.blueprint._windows import (
    count_windows,
    just_fitting_refused,
    last_shape,
    one_size_for_both,
    only_rows_checked,
    refused_without_padding,
    rounded_up,
    width_from_height,
)

UNNOTICED = ("no_value_error", "width_not_checked", "pool_not_checked")
CHANGES = {
    "width_from_height": {"conv": width_from_height, "pool": width_from_height},
    "one_size_for_both": {"conv": one_size_for_both, "pool": one_size_for_both},
    "ceil": {"conv": rounded_up, "pool": rounded_up},
    "ceil_in_pooling": {"pool": rounded_up},
    "no_value_error": {"conv": count_windows, "pool": count_windows},
    "width_not_checked": {"conv": only_rows_checked, "pool": only_rows_checked},
    "pool_not_checked": {"pool": count_windows},
    "just_fitting_refused": {"conv": just_fitting_refused, "pool": just_fitting_refused},
    "padding_not_in_check": {"conv": refused_without_padding, "pool": refused_without_padding},
    "flatten_from_input": {"flatten": lambda before: last_shape(before[:1])},
    "flatten_from_layer_before": {"flatten": lambda before: last_shape(before[-2:][:1])},
}
"""What of `_windows.follow` another function stands for, by the mistake's name."""

TOLD = {
    "flatten_from_input": (
        "Flatten counts the numbers of the input image; it is the shape that reaches it."
    ),
    "flatten_from_layer_before": (
        "Flatten counts the numbers of a layer too early; it is the shape that reaches it."
    ),
    "width_not_checked": (
        "A kernel that is too wide is not noticed: compare KW with the width, too."
    ),
    "pool_not_checked": (
        "A kernel that is too large for a pooling layer is not noticed; check it as for conv."
    ),
    "just_fitting_refused": (
        "ValueError for a kernel as large as the padded input: it fits, just once."
    ),
    "padding_not_in_check": (
        "ValueError for a kernel that fits thanks to its padding: size + 2 * padding."
    ),
}


def of_shapes(exercise, **messages):
    """Add what goes wrong on the way through the layers: all of `TOLD`, and some in own words."""
    answer = exercise.answer
    for name, message in (messages | TOLD).items():

        def mistaken(layers, input_shape, changed=CHANGES[name]):
            return answer(layers, input_shape, **changed)

        exercise.add(name, message, mistaken, on_bad_arguments=name in UNNOTICED)
