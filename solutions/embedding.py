"""Embeddings: from words to indices, and from indices to rows of a table that is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


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
    distinct = dict.fromkeys(tokens)  # unlike a set, a dict remembers the order of insertion
    return {token: index for index, token in enumerate(distinct)}


class Vocabulary:
    """Words and their numbers, both ways, with a number for words that it does not know.

    Parameters
    ----------
    tokens : sequence of str
        The first words, added as `add` does.
    unknown : str
        The word that stands for all that are not known. It has number 0.

    Notes
    -----
    The other words have the numbers 1, 2, 3, ... in the order of first appearance, over all calls
    of `add`. Looking a word up teaches nothing: `encode` leaves the vocabulary as it is.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > One-hot Vector
       Representation.
    .. [2] torchtext documentation, `torchtext.vocab.Vocab`, with a default index.

    Examples
    --------
    >>> words = Vocabulary(["a", "cat", "and", "a", "dog"])
    >>> words.encode(["a", "dog", "barks"])
    array([1, 4, 0])
    >>> words.decode([2, 0])
    ['cat', '<unk>']
    >>> len(words)
    5
    """

    def __init__(self, tokens: Sequence[str] = (), unknown: str = "<unk>") -> None:
        """Give the unknown word number 0, then add the tokens."""
        self._words = [unknown]
        self._numbers = {unknown: 0}
        self.add(tokens)

    def add(self, tokens: Sequence[str]) -> None:
        """Give each word that is new the next number; words that are known keep theirs."""
        for token in tokens:
            if token not in self._numbers:
                self._numbers[token] = len(self._words)
                self._words.append(token)

    def encode(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return the words' numbers, shape (n,), int64: 0 for those that are not known."""
        return np.array([self._numbers.get(token, 0) for token in tokens], dtype=np.int64)

    def decode(self, indices: Sequence[int]) -> list[str]:
        """Return the words of some numbers.

        Raises
        ------
        ValueError
            A number belongs to no word; a negative one never does.
        """
        # A list would take -1 for its last word, so the range is checked by hand.
        if any(not 0 <= index < len(self._words) for index in indices):
            raise ValueError(f"numbers are 0 ... {len(self._words) - 1}")
        return [self._words[index] for index in indices]

    def __len__(self) -> int:
        """Return how many words there are, the unknown one included."""
        return len(self._words)


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
    return table[indices]


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
    grad_table = np.zeros((num_embeddings, grad_out.shape[-1]))
    # `grad_table[indices] += grad_out` would count a repeated index only once.
    np.add.at(grad_table, indices, grad_out)
    return grad_table


def cosine_similarity(a: np.ndarray, b: np.ndarray) -> float:
    """Compute the cosine of the angle between two vectors.

    Parameters
    ----------
    a : ndarray of float64, shape (D,)
        The vector of one word.
    b : ndarray of float64, shape (D,)
        The vector of another.

    Returns
    -------
    similarity : float
        1 for the same direction, 0 for a right angle, -1 for the opposite direction.

    Notes
    -----
    similarity = a . b / (|a| |b|), with the dot product and the Euclidean norms.

    How long the vectors are does not count, only where they point. A vector of zeros points
    nowhere: then the similarity is 0.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] torch documentation, `torch.nn.functional.cosine_similarity`.

    Examples
    --------
    >>> import numpy as np
    >>> cosine_similarity(np.array([3.0, 4.0]), np.array([4.0, 3.0]))
    0.96
    >>> cosine_similarity(np.array([3.0, 4.0]), np.array([0.0, 0.0]))
    0.0
    """
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    if norms == 0.0:
        return 0.0
    return float(a @ b / norms)


def nearest(index: int, table: np.ndarray, k: int) -> np.ndarray:
    """Find the words whose vectors point most nearly where a word's own vector points.

    Parameters
    ----------
    index : int
        The word whose neighbours are asked for, 0 ... V - 1.
    table : ndarray of float64, shape (V, D)
        One vector for each of the V words.
    k : int
        How many neighbours, 1 ... V - 1.

    Returns
    -------
    neighbours : ndarray of int64, shape (k,)
        Their indices, the nearest first.

    Notes
    -----
    Near is what has a large cosine, as in `cosine_similarity`: 0 where a vector is all zeros. The
    word itself is left out, wherever it would stand. Of words that are equally near the one with
    the smaller index comes first.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.array([[1.0, 0.0], [0.0, 2.0], [5.0, 1.0], [1.0, 1.0]])
    >>> nearest(0, table, 2)
    array([2, 3])
    """
    near = np.array([cosine_similarity(table[index], vector) for vector in table])
    order = np.argsort(-near, kind="stable")  # stable: equal ones stay in the order of the table
    return order[order != index][:k]


def skipgram_pairs(tokens: list[str], window: int) -> list[tuple[str, str]]:
    """List the pairs of words from which a skip-gram model learns.

    Parameters
    ----------
    tokens : list of str
        The text as words.
    window : int
        How many words to each side of a word count as its context, at least 1.

    Returns
    -------
    pairs : list of tuple of (str, str)
        A centre and a word of its context, in the order of the centres and, for each centre, in
        the order of the text.

    Notes
    -----
    Each place of the text is a centre once. Its context are the places at most `window` away,
    without itself; near the ends of the text there are fewer. Pairs that come again are kept: what
    occurs often shall count often.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] T. Mikolov, K. Chen, G. Corrado, J. Dean, "Efficient Estimation of Word Representations
       in Vector Space", 2013.

    Examples
    --------
    >>> skipgram_pairs(["a", "cat", "sat"], 1)
    [('a', 'cat'), ('cat', 'a'), ('cat', 'sat'), ('sat', 'cat')]
    """
    pairs = []
    for place, center in enumerate(tokens):
        near = range(max(place - window, 0), min(place + window + 1, len(tokens)))
        pairs += [(center, tokens[other]) for other in near if other != place]
    return pairs


def negative_sampling_loss(center: np.ndarray, context: np.ndarray, negatives: np.ndarray) -> float:
    """Compute the loss of one skip-gram pair against words that were drawn at random.

    Parameters
    ----------
    center : ndarray of float64, shape (D,)
        Vector v of the word in the middle.
    context : ndarray of float64, shape (D,)
        Vector u of a word that stands near it.
    negatives : ndarray of float64, shape (M, D)
        Vectors n of M words that were drawn at random.

    Returns
    -------
    loss : float
        Near 0 where v · u is large and each v · n is far below 0.

    Notes
    -----
    loss = -log(sigmoid(u . v)) - sum over m of log(sigmoid(-n[m] . v))

    The negatives are added, none is averaged. The sigmoid rounds to 0 far below 0, and its
    logarithm is infinite then; -log(sigmoid(z)) is log(1 + exp(-z)), which can be computed at
    z = -1000 too.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, "Distributed Representations of
       Words and Phrases and their Compositionality", NeurIPS 2013.

    Examples
    --------
    >>> import numpy as np
    >>> center = np.array([1.0, 0.0])
    >>> loss = negative_sampling_loss(center, np.array([2.0, 0.0]), np.array([[-1.0, 3.0]]))
    >>> round(loss, 4)
    0.4402
    """
    attracted = np.logaddexp(0.0, -(context @ center))
    repelled = np.logaddexp(0.0, negatives @ center)
    return float(attracted + repelled.sum())


def negative_sampling_loss_backward(
    center: np.ndarray, context: np.ndarray, negatives: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute the gradients of `negative_sampling_loss` with respect to all its vectors.

    Parameters
    ----------
    center : ndarray of float64, shape (D,)
        Vector v of the word in the middle.
    context : ndarray of float64, shape (D,)
        Vector u of a word that stands near it.
    negatives : ndarray of float64, shape (M, D)
        Vectors n of M words that were drawn at random.

    Returns
    -------
    grad_center : ndarray of float64, shape (D,)
        Gradient of the loss with respect to v.
    grad_context : ndarray of float64, shape (D,)
        Gradient of the loss with respect to u.
    grad_negatives : ndarray of float64, shape (M, D)
        Gradient of the loss with respect to each n.

    Notes
    -----
    The loss is the end of the way, so that there is no upstream gradient. The derivative of
    -log(sigmoid(z)) is sigmoid(z) - 1, that of -log(sigmoid(-z)) is sigmoid(z):

    grad_center = (sigmoid(u . v) - 1) u + sum over m of sigmoid(n[m] . v) n[m]

    grad_context = (sigmoid(u . v) - 1) v

    grad_negatives[m] = sigmoid(n[m] . v) v

    The pair attracts each other the more, the less it fits. The sigmoid must be right at +-1000.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, "Distributed Representations of
       Words and Phrases and their Compositionality", NeurIPS 2013.

    Examples
    --------
    >>> import numpy as np
    >>> center, context = np.array([1.0, 1.0]), np.array([2.0, -2.0])
    >>> grads = negative_sampling_loss_backward(center, context, np.array([[4.0, -4.0]]))
    >>> [grad.tolist() for grad in grads]
    [[1.0, -1.0], [-0.5, -0.5], [[0.5, 0.5]]]
    """
    pull = _sigmoid(context @ center) - 1.0
    push = _sigmoid(negatives @ center)
    return pull * context + push @ negatives, pull * center, push[:, None] * center


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)) without an overflow: only negative numbers meet exp."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0.0, 1.0, small) / (1.0 + small)


def glove_loss(
    word: np.ndarray,
    context: np.ndarray,
    word_bias: np.ndarray,
    context_bias: np.ndarray,
    counts: np.ndarray,
    x_max: float = 100.0,
    alpha: float = 0.75,
) -> float:
    """Compute the loss of GloVe: products of vectors shall be the logarithms of counts.

    Parameters
    ----------
    word : ndarray of float64, shape (V, D)
        Vector w of each word as the one in the middle.
    context : ndarray of float64, shape (V, D)
        Vector c of each word as one nearby.
    word_bias : ndarray of float64, shape (V,)
        Bias b of each word as the one in the middle.
    context_bias : ndarray of float64, shape (V,)
        Bias d of each word as one nearby.
    counts : ndarray of float64, shape (V, V)
        counts[i, j] is X, how often word j stands near word i; 0 for never.
    x_max : float, optional
        Pairs that occur as often as this, or more often, have the weight 1.
    alpha : float, optional
        How fast the weight grows until there.

    Returns
    -------
    loss : float
        The weighted sum of the squared differences.

    Notes
    -----
    loss = sum over X[i, j] > 0 of f(X[i, j]) (w[i] . c[j] + b[i] + d[j] - log X[i, j]) ** 2

    f(X) = min(1, (X / x_max) ** alpha)

    The logarithm is the natural one. Pairs that never occur have none, and do not count. There is
    no factor 1/2, and nothing is averaged.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 5 NLP Basics & Word Embeddings > Word Embeddings: Dense
       Vector Representations.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Dealing with Small Datasets.
    .. [3] J. Pennington, R. Socher, C. Manning, "GloVe: Global Vectors for Word Representation",
       EMNLP 2014.

    Examples
    --------
    >>> import numpy as np
    >>> word, context = np.array([[1.0], [0.0]]), np.array([[2.0], [1.0]])
    >>> bias, counts = np.zeros(2), np.array([[1.0, 0.0], [0.0, 0.0]])
    >>> round(glove_loss(word, context, bias, bias, counts), 4)  # 0.01 ** 0.75 * (2 - log 1) ** 2
    0.1265
    """
    occurs = counts > 0.0
    weights = np.minimum(1.0, (counts[occurs] / x_max) ** alpha)
    scores = word @ context.T + word_bias[:, None] + context_bias
    return float(np.sum(weights * (scores[occurs] - np.log(counts[occurs])) ** 2))
