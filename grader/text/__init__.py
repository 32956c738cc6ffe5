r"""Show what others wrote without letting it do anything.

A submission's name comes from whoever named a file, a message from whoever raised it: either may
hold newlines, sequences that steer a terminal, or bytes that are no text at all. `name_of` makes
text of a name without losing anything; `safe_text` makes any text harmless to look at, `safe_lines`
one of several lines, `safe_name` a name within a line, `safe_message` lines with such names.
`meant` tells what was meant by a word that is none.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
BLANKS = {"\n": " ", "\t": " "}
BETWEEN = re.compile("([\n\t])")
WORD = re.compile(r"[\w.:\\/+=@-]+")
DIGITS = re.compile("([0-9]+)")
ALWAYS_PLAIN = "DLGRADE_PLAIN"  # in the environment
RIGHT_TO_LEFT = {"R", "AL", "AN"}
ISOLATES = "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"  # what `safe_name` writes


def name_of(file_name: str) -> str:
    r"""Return a file's name as text that any format can carry; odd bytes become `\xff`.

    Parameters
    ----------
    file_name
        As the system gave it, odd bytes as lone surrogates.

    Examples
    --------
    >>> name_of("zo\udcff") == "zo" + chr(92) + "xff"
    True
    """
    return os.fsencode(file_name).decode("utf-8", "backslashreplace")


def safe_text(text: str, *, spelt_out: bool = True) -> str:
    r"""Return text in which everything that is not printable is spelt out, or replaced.

    Parameters
    ----------
    text
        Whatever it is; the time taken grows as its length does.
    spelt_out
        Lose nothing, as for names. Otherwise one character stands for one: a blank for the end of
        a line or a tab, as for a sentence, a mark for anything else.

    Examples
    --------
    >>> odd = "a" + chr(10) + "b" + chr(27) + "[31m" + chr(0x202E)
    >>> print(safe_text(odd))
    a\nb\x1b[31m\u202e
    >>> print(safe_text(odd, spelt_out=False))
    a b�[31m�
    """
    if text.isprintable():
        return text
    if spelt_out:
        return "".join(
            c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
        )
    return "".join(c if c.isprintable() else BLANKS.get(c, REPLACEMENT) for c in text)


def safe_lines(text: str) -> str:
    r"""Return text of several lines with everything else that is not printable spelt out.

    Parameters
    ----------
    text
        Whatever it is; ends of lines and tabs stay.

    Examples
    --------
    >>> safe_lines("a" + chr(10) + chr(0x202E) + "b")
    'a\n\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(part if part in "\n\t" else safe_text(part) for part in BETWEEN.split(text))


def safe_name(name: str) -> str:
    r"""Return a name harmless to look at within a line, whichever way it is written.

    Around one that is written from right to left stand two marks that nobody sees: without them a
    terminal would turn the number after it around, too.

    Parameters
    ----------
    name
        Whatever it is.

    Examples
    --------
    >>> safe_name("Given"), ascii(safe_name("\u05e0\u05e2\u05dd"))
    ('Given', "'\\u2068\\u05e0\\u05e2\\u05dd\\u2069'")
    """
    text = safe_text(name)
    if text.isascii() or not any(unicodedata.bidirectional(c) in RIGHT_TO_LEFT for c in text):
        return text
    return ISOLATES[0] + text + ISOLATES[1]


def safe_message(text: str) -> str:
    r"""Return what is told, harmless as a whole: for whoever prints what others put together.

    Parameters
    ----------
    text
        Whatever it is; ends of lines, tabs and the marks around names of `safe_name` stay.

    Examples
    --------
    >>> safe_message("who: " + chr(27) + "[2J")
    'who: \\x1b[2J'
    >>> safe_message(safe_name("\u05e0\u05e2\u05dd")) == safe_name("\u05e0\u05e2\u05dd")
    True
    """
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or c in ISOLATES else safe_text(c) for c in text)


def as_typed(word: str) -> str:
    r"""Return a word as one types it for a shell: what no terminal shows as it is, by its bytes.

    Parameters
    ----------
    word
        A path, say.

    Examples
    --------
    >>> print(as_typed("Given Example/conv.py"), as_typed("it's" + chr(27) + "[2J"))
    'Given Example/conv.py' $'it\'s\033[2J'
    """
    if os.name == "nt":  # of what a name may hold there these need no quotes in any shell
        return word if WORD.fullmatch(word) else f'"{word}"'
    if word.isprintable():
        return shlex.quote(word)
    shown = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{''.join(c if c.isprintable() else _octal(c) for c in shown)}'"


def _octal(sign: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in sign.encode("utf-8", "surrogateescape"))


def wants_plain() -> bool:
    """Tell whether output is to be plain for good: DLGRADE_PLAIN says so, or a dumb terminal."""
    is_dumb = os.environ.get("TERM") == "dumb" and sys.stdout.isatty()
    return is_dumb or bool(os.environ.get(ALWAYS_PLAIN))


def shorten_text(text: str, most: int) -> str:
    """Return the beginning of a text that is too long to read, and how much more there is.

    Examples
    --------
    >>> shorten_text("shape (1, 2)", 20), shorten_text("a" * 5000, 3)
    ('shape (1, 2)', 'aaa… (4,997 more characters)')
    """
    more = len(text) - most
    return text if more <= 0 else f"{text[:most]}… ({more:,} more characters)"


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return what to sort a text by: numbers in it by what they are, capitals as small letters.

    Examples
    --------
    >>> sorted(["N10", "n2", "N1", "n"], key=natural)
    ['n', 'N1', 'n2', 'N10']
    """
    parts = DIGITS.split(text.casefold())
    digits = [part.lstrip("0") for part in parts]
    return tuple(
        (len(digits[at]), digits[at]) if at % 2 else (0, part) for at, part in enumerate(parts)
    )


def tell_apart(people: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return what people are called: by their names, with a key where several have the same.

    Parameters
    ----------
    people
        Of each what tells them apart to us, the name, and a key that people know.

    Examples
    --------
    >>> tell_apart([("a", "Lee, Kim", "1004"), ("b", "Lee, Kim", "1005"), ("c", "Roe", "1006")])
    {'a': 'Lee, Kim (1004)', 'b': 'Lee, Kim (1005)', 'c': 'Roe'}
    """
    known = dict.fromkeys(people)
    names = Counter(name for _, name, _ in known)
    return {one: f"{name} ({key})" if names[name] > 1 else name for one, name, key in known}


def counted(number: int, what: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "page"), counted(0, "page")
    ('1 page', '0 pages')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
