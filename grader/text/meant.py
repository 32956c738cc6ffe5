"""Guess what was meant by a word that names nothing: a typo, a beginning, exchanged words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import UnknownTargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORDS = re.compile(r"[^\W_]+")
LEAST_BEGUN = 3  # letters of a name that is told by its beginning
MAX_NAME, MAX_NAMES = 80, 2_000  # a file can be full of them


def did_you_mean(word: str, known: Mapping[str, str], otherwise: str) -> str:
    """Return the half of a sentence that helps somebody whose word is not known.

    Parameters
    ----------
    word
        What was typed.
    known
        What may be typed, and the name to suggest for it.
    otherwise
        What to say where nothing is near.

    Examples
    --------
    >>> did_you_mean("imcol", {"im2col": "conv.im2col"}, "`dlgrade list` shows them all")
    "did you mean 'conv.im2col'?"
    >>> did_you_mean("lasagne", {"im2col": "conv.im2col"}, "`dlgrade list` shows them all")
    '`dlgrade list` shows them all'
    >>> did_you_mean("lstm", {"lstm_cell": "recurrent.lstm_cell"}, "")  # its beginning
    "did you mean 'recurrent.lstm_cell'?"
    >>> did_you_mean("Tim Wait Jr", {"Wait, Tim": "Wait, Tim"}, "")  # its words
    "did you mean 'Wait, Tim'?"
    """
    close = nearest(word, known, 0.65) or _begun(word, known) or _worded(word, known)
    return f"did you mean {known[close]!r}?" if close else otherwise


def find_named(function: str, ids: Iterable[str]) -> str:
    """Return the exercise, of some ids, that a function's bare name stands for; else nothing.

    Raises
    ------
    UnknownTargetError
        Several modules have such a function.

    Examples
    --------
    >>> find_named("im2col", ["conv.im2col", "conv.col2im"]), find_named("conv", ["conv.im2col"])
    ('conv.im2col', '')
    """
    named = [one for one in ids if one.partition(".")[2] == function]
    if len(named) > 1:
        raise UnknownTargetError(f"several modules have {function!r}: say {' or '.join(named)}")
    return named[0] if named else ""


def _begun(word: str, known: Iterable[str]) -> str:
    """Return the first of some names of which one is the beginning of the other; else nothing."""
    if len(word) < LEAST_BEGUN:
        return ""
    begun = word.casefold()
    names = sorted(name for name in known if len(name) >= LEAST_BEGUN)
    pairs = ((name, name.casefold()) for name in names)
    return next((n for n, one in pairs if one.startswith(begun) or begun.startswith(one)), "")


def _worded(word: str, known: Iterable[str]) -> str:
    """Return the first of some names with the same words, in any order, or with more or fewer."""
    words = _words(word)
    pairs = ((name, _words(name)) for name in sorted(known))
    fits = (name for name, own in pairs if len(own & words) > 1 and (own <= words or words <= own))
    return next(fits, "")


def _words(text: str) -> set[str]:
    return set(WORDS.findall(text[:MAX_NAME].casefold()))


def nearest(word: str, known: Iterable[str], likeness: float = 0.7) -> str:
    """Return which of some names was probably meant; nothing where none is near.

    Parameters
    ----------
    word
        What was written; of a long one the beginning counts.
    known
        What may have been meant; of very many the first ones.
    likeness
        How alike the two must be, from 0 to 1; capitals apart, any are.

    Examples
    --------
    >>> nearest("zeroes", ["ones", "zeros"]), nearest("Im2col", ["im2col"]), nearest("x", ["w"])
    ('zeros', 'im2col', '')
    >>> nearest("tahn", ["tan", "tanh"])  # letters exchanged
    'tanh'
    """
    import difflib  # noqa: PLC0415 - only for what is not there

    names = sorted(name for name in known if len(name) <= MAX_NAME)[:MAX_NAMES]
    same = [name for name in names if name.casefold() == word.casefold()]
    letters = sorted(word.casefold())
    same = same or [name for name in names if sorted(name.casefold()) == letters]
    close = same or difflib.get_close_matches(word[:MAX_NAME], names, n=1, cutoff=likeness)
    return close[0] if close else ""
