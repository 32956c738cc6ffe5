"""Captions: the words under pictures, counted and chosen."""

from __future__ import annotations


def count_words(caption: str) -> dict[str, int]:
    """Count how often each word is in a caption.

    Parameters
    ----------
    caption : str
        Words with spaces between them, perhaps several; a word may end with a comma or a full stop.

    Returns
    -------
    counts : dict of str to int
        By the word in small letters, without what stands behind it. The order does not matter.

    Examples
    --------
    >>> count_words("A dog, a cat.")
    {'a': 2, 'dog': 1, 'cat': 1}
    """
    raise NotImplementedError


def best_label(scores: dict[str, float]) -> str:
    """Return the label with the highest score.

    Parameters
    ----------
    scores : dict of str to float
        A score for each label; at least one.

    Returns
    -------
    label : str
        Of several with the highest score the first one in the alphabet.

    Examples
    --------
    >>> best_label({"cat": 0.25, "dog": 0.5})
    'dog'
    """
    raise NotImplementedError
