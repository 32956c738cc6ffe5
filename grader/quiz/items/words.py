"""The words that formulas of items may use, in plain Python.

They are few on purpose: what a deck computes with pencil and paper. Matrices are lists of rows.
Every one is compared with torch by the tests, through the items that use it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Vector = list[float]
Matrix = list[list[float]]


def conv_out(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """Positions of a window along one axis: floor((N + 2P - F) / S) + 1.

    Examples
    --------
    >>> conv_out(7, 3, 2)
    3
    """
    return (size + 2 * padding - kernel) // stride + 1


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    """Sum the products of two vectors' elements."""
    return sum(a * b for a, b in zip(left, right, strict=True))


def window(image: Matrix, row: int, column: int, size: int) -> Matrix:
    """Cut a square out of a matrix, by its upper left corner."""
    return [line[column : column + size] for line in image[row : row + size]]


def flat(matrix: Matrix) -> Vector:
    """Write the rows of a matrix one after the other."""
    return [value for row in matrix for value in row]


def flip(matrix: Matrix) -> Matrix:
    """Turn a matrix by 180 degrees: what a textbook's convolution does to its kernel."""
    return [row[::-1] for row in matrix[::-1]]


def transpose(matrix: Matrix) -> Matrix:
    """Swap rows and columns."""
    return [list(column) for column in zip(*matrix, strict=True)]


def correlate(image: Matrix, kernel: Matrix, stride: int = 1) -> Matrix:
    """Slide a square kernel over an image as it is, without padding.

    Examples
    --------
    >>> correlate([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[0, 0], [0, 1]])
    [[5, 6], [8, 9]]
    """
    size, weights = len(kernel), flat(kernel)
    rows = range(0, len(image) - size + 1, stride)
    columns = range(0, len(image[0]) - size + 1, stride)
    return [[dot(flat(window(image, r, c, size)), weights) for c in columns] for r in rows]


def max_pool(image: Matrix, size: int, stride: int) -> Matrix:
    """Keep the largest value of every window."""
    return _pool(image, size, stride, max)


def min_pool(image: Matrix, size: int, stride: int) -> Matrix:
    """Keep the smallest value of every window."""
    return _pool(image, size, stride, min)


def sum_pool(image: Matrix, size: int, stride: int) -> Matrix:
    """Sum every window."""
    return _pool(image, size, stride, sum)


def _pool(image: Matrix, size: int, stride: int, summary: Callable[[Vector], float]) -> Matrix:
    rows = range(0, len(image) - size + 1, stride)
    columns = range(0, len(image[0]) - size + 1, stride)
    return [[summary(flat(window(image, r, c, size))) for c in columns] for r in rows]


def relu(matrix: Matrix) -> Matrix:
    """Replace every negative element by 0."""
    return [[max(value, 0) for value in row] for row in matrix]


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), for moderate x."""
    return 1 / (1 + math.exp(-x))


def softmax(scores: Sequence[float]) -> Vector:
    """Turn scores into probabilities."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    return [power / sum(powers) for power in powers]


def hinge(scores: Sequence[float], target: int, margin: float = 1) -> float:
    """Sum max(0, s_j - s_target + margin) over the other classes."""
    others = (score for j, score in enumerate(scores) if j != target)
    return sum(max(0.0, score - scores[target] + margin) for score in others)


def distinct(sequence: Sequence[str]) -> list[str]:
    """List the different elements in the order of their first appearance.

    Examples
    --------
    >>> distinct("hello")
    ['h', 'e', 'l', 'o']
    """
    return list(dict.fromkeys(sequence))


def one_hot(index: int, size: int) -> list[int]:
    """Write a row of zeros with a single 1."""
    return [int(position == index) for position in range(size)]


def index(sequence: Sequence[object], element: object) -> int:
    """Position of the first such element."""
    return sequence.index(element)


def words(text: str) -> list[str]:
    """Split a text at its blanks."""
    return text.split()


FUNCTIONS = {
    function.__name__: function
    for function in (
        *(conv_out, dot, window, flat, flip, transpose, correlate, max_pool, min_pool, sum_pool),
        *(relu, sigmoid, softmax, hinge, distinct, one_hot, index, words),
        *(abs, all, any, len, max, min, range, reversed, round, sorted, str, sum, zip),
        *(math.ceil, math.floor, math.exp, math.log, math.log2, math.log10, math.sqrt, math.tanh),
    )
}
