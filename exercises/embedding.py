"""Embeddings: from words to indices, and from indices to rows of a table that is learned."""

from __future__ import annotations

import numpy as np


def build_vocabulary(tokens: list[str]) -> dict[str, int]:
    """Give every distinct token a number, in the order of first appearance.

    Parameters
    ----------
    tokens : list of str
        The text as words, repeats included. They are taken as they are: lower-casing is up to
        the caller.

    Returns
    -------
    vocabulary : dict of str to int
        The index of every distinct token: 0, 1, 2, ... without gaps.

    Notes
    -----
    A token that comes again keeps the index of its first appearance and uses up no number.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > One-hot Vector
       Representation.

    Examples
    --------
    >>> build_vocabulary(["a", "cat", "and", "a", "dog"])
    {'a': 0, 'cat': 1, 'and': 2, 'dog': 3}
    """
    raise NotImplementedError


def embedding_forward(indices: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Look up the vector of every index.

    Parameters
    ----------
    indices : ndarray of int64, any shape
        Row numbers, 0 ... V - 1; an index may occur many times.
    table : ndarray of float64, shape (V, D)
        One D-dimensional vector for each of the V words.

    Returns
    -------
    vectors : ndarray of float64, shape indices.shape + (D,)
        The vectors, in the places of their indices.

    Notes
    -----
    The vector of index v is row v of the table. It equals the product of v's one-hot row with
    the table, without the multiplications by zero.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] Lecture "95-865, week 6", RNNs.
    .. [3] torch documentation, `torch.nn.functional.embedding`.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> embedding_forward(np.array([2, 0, 2]), table)
    array([[4., 5.],
           [0., 1.],
           [4., 5.]])
    >>> embedding_forward(np.array([[2, 0, 2]]), table).shape
    (1, 3, 2)
    """
    raise NotImplementedError


def embedding_backward(
    grad_out: np.ndarray, indices: np.ndarray, num_embeddings: int
) -> np.ndarray:
    """Send every gradient back to the row of the table that it came from.

    Parameters
    ----------
    grad_out : ndarray of float64, shape indices.shape + (D,)
        Gradient of the loss with respect to the looked-up vectors.
    indices : ndarray of int64, any shape
        The row numbers of the forward pass, 0 ... num_embeddings - 1.
    num_embeddings : int
        Number of rows V of the table.

    Returns
    -------
    grad_table : ndarray of float64, shape (V, D)
        Gradient of the loss with respect to the table.

    Notes
    -----
    grad_table[v] = sum of grad_out[...] over all places where indices[...] = v: an index that
    occurs several times collects all its gradients, a row that was never used gets zeros.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] torch documentation, `torch.nn.functional.embedding`.

    Examples
    --------
    >>> import numpy as np
    >>> grad_out = np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])
    >>> embedding_backward(grad_out, np.array([2, 0, 2]), num_embeddings=3)
    array([[ 10.,  20.],
           [  0.,   0.],
           [101., 202.]])
    """
    raise NotImplementedError
