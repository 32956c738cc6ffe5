"""Find held-out labels in data that are to be handed out: whole, in part, or in another form.

A label is compared as a number, whatever its type. Looked through are the arrays of `.npz` and
`.npy` files and the numbers of a text (CSV, JSON), as they lie, column by column, and as classes
where rows are one-hot. What is looked for is a run of labels in a row, forwards or backwards.

**When a run tells.** It is 50 labels long, all of them where there are fewer, but ten at least; and
longer where 50 may be chance: up to half of the labels, until numbers that were drawn with the
labels' own shares, or change as often as they do, hold half of the runs by a chance of less than
one in 2**10. What comes twice in the labels does not tell. So labels that are all the same, a
handful of them, or classes in turn (0, 1, 2, 0, 1, 2) are found nowhere, nor are long stretches of
one class. An array of its own that equals all labels does tell where they are ten or more, and not
all the same.

Time and memory are those of a few passes over the numbers, 2**20 at once. An array above 512 MiB is
not looked into, nor is what is packed in another way (a picture, a zip).
"""

from __future__ import annotations

import functools
import io
import math
from collections import Counter
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    Array = np.ndarray[Any, Any]

RUN = 50
FEWEST = 10  # labels of which an equal array tells
SURE = 10  # bits: one in 2**10
AT_ONCE = 2**20
MOST_BYTES = 2**29  # of an array
MOST_HITS = 100  # that are compared one by one: two different runs of one hash are a rarity
FIRST_BITS = 20  # of a hash, by which most are told apart from those that are known
BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
BETWEEN = str.maketrans(dict.fromkeys(",;:|[](){}\"'", " "))


class Labels:
    """What is looked for.

    Parameters
    ----------
    right
        The labels, of any shape.
    """

    def __init__(self, right: Array) -> None:
        self._numbers = np.asarray(right).reshape(-1)
        self._codes = _codes(self._numbers)
        self._tables: dict[int, tuple[int, Array, Array]] = {}

    def are_in(self, content: bytes) -> bool:
        """Tell whether a file holds them, or a run of them that tells."""
        return any(self._are_in_array(one) for one in _arrays(content))

    def _are_in_array(self, array: Array) -> bool:
        if self._is_whole(array):
            return True
        length, known, starts = self._table(array.size)
        if not known.size:
            return False
        return any(
            self._is_in(_codes(part), length, known, starts)
            for sequence in self._sequences(array)
            for part in _parts(sequence, length)
        )

    def _is_whole(self, array: Array) -> bool:
        """Tell whether an array is the labels, of which there are enough to tell."""
        if array.size != self._numbers.size or array.size < FEWEST or not self._differ:
            return False
        codes = _codes(array.reshape(-1))
        return any(np.array_equal(codes, one) for one in (self._codes, self._codes[::-1]))

    @cached_property
    def _differ(self) -> bool:
        return bool((self._codes != self._codes[:1]).any())

    @cached_property
    def _in_turn(self) -> bool:
        """Whether they are one sequence, twice or more; of more labels the runs show it."""
        most = self._codes.size // 2 if self._codes.size <= 2 * RUN else 0
        return any(np.array_equal(self._codes[by:], self._codes[:-by]) for by in range(1, most + 1))

    def _is_in(self, codes: Array, length: int, known: Array, starts: Array) -> bool:
        """Tell whether one of the runs that tell is in a sequence, or backwards in it."""
        both = np.concatenate([self._codes, self._codes[::-1]])
        hashes = _hashes(codes, length)
        begun = np.zeros(2**FIRST_BITS, bool)
        begun[known >> np.uint64(64 - FIRST_BITS)] = True
        likely = np.flatnonzero(begun[hashes >> np.uint64(64 - FIRST_BITS)])
        places = np.minimum(np.searchsorted(known, hashes[likely]), known.size - 1)
        hits = np.flatnonzero(known[places] == hashes[likely])[:MOST_HITS]
        for at, begin in zip(likely[hits], starts[places[hits]], strict=True):
            if np.array_equal(both[begin : begin + length], codes[at : at + length]):
                return True
        return False

    def _table(self, size: int) -> tuple[int, Array, Array]:
        """Return how long a run is that tells, their hashes in order, and where each begins."""
        power = max(size, 1).bit_length()
        if power not in self._tables:
            self._tables[power] = self._runs(power)
        return self._tables[power]

    def _runs(self, power: int) -> tuple[int, Array, Array]:
        """Return what `_table` does for a sequence of up to 2**power numbers."""
        count = self._numbers.size
        if count < FEWEST or self._in_turn:
            return count, np.zeros(0, np.uint64), np.zeros(0, np.int64)
        length, most = min(RUN, count), max(min(RUN, count), count // 2)
        while True:
            telling, hashes = self._telling(length, SURE + power + math.log2(max(count, 1)))
            if length == most or 2 * telling.sum() >= telling.size:
                break
            length = min(2 * length, most)
        begins = np.flatnonzero(telling)
        back = _hashes(self._codes[::-1], length)
        # backwards, the run that begins at 0 is the last one
        hashes = np.concatenate([hashes[begins], back[back.size - 1 - begins]])
        starts = np.concatenate([begins, count + back.size - 1 - begins])
        order = np.argsort(hashes)
        return length, hashes[order], starts[order]

    def _telling(self, length: int, need: float) -> tuple[Array, Array]:
        """Return which runs of a length tell, by where they begin, and the hashes of all."""
        hashes = _hashes(self._codes, length)
        first, steps = self._surprise
        summed = np.concatenate([[0.0], np.cumsum(steps)])
        bits = first[: hashes.size] + summed[length - 1 :] - summed[: hashes.size]
        _, back, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        return (bits >= need) & (counts[back.reshape(-1)] == 1), hashes

    @cached_property
    def _surprise(self) -> tuple[Array, Array]:
        """How many bits each label tells by itself, and each but the first after the one before.

        Of the second, no more than of the first.
        """
        values, back, counts = np.unique(self._codes, return_inverse=True, return_counts=True)
        back = back.reshape(-1)
        same = back[1:] == back[:-1]
        stays = (np.bincount(back[1:][same], minlength=values.size) + 1) / (counts + 2)
        share, stays = (counts / back.size)[back], stays[back[:-1]]
        others = np.maximum(1 - share[:-1], 1 / back.size)
        likely = np.where(same, stays, (1 - stays) * share[1:] / others)
        return -np.log2(share), -np.log2(np.clip(likely, share[1:], 1.0))

    def _sequences(self, array: Array) -> Iterator[Array]:
        """Yield an array as sequences: as it lies, its columns, the classes of one-hot rows."""
        yield array.reshape(-1)
        if array.ndim < 2 or not array.size:
            return
        tables = [array.reshape(len(array), -1)]
        tables += [array.reshape(-1, array.shape[-1])] if array.ndim > 2 else []
        for table in tables:
            if 1 not in table.shape:
                wide = max(1, AT_ONCE // len(table))
                for at in range(0, table.shape[1], wide):
                    yield table[:, at : at + wide].T.reshape(-1)
        for table in (tables[-1], tables[0].T):
            yield from self._classes(table)

    def _classes(self, table: Array) -> Iterator[Array]:
        """Yield the classes of one-hot rows, counted from 0 and as the labels have them."""
        if 1 in table.shape or not all(
            (((part == 0) | (part == 1)).all() and (part.astype(bool).sum(axis=1) == 1).all())
            for part in _parts(table, 0, max(1, AT_ONCE // table.shape[1]))
        ):
            return
        classes = table.argmax(axis=1)
        yield classes
        values = np.unique(self._numbers)
        if values.size == table.shape[1]:
            yield values[classes]


def _parts(sequence: Array, length: int, step: int = AT_ONCE) -> Iterator[Array]:
    """Yield a sequence in parts, which overlap so that no run of a length is cut."""
    for at in range(0, max(len(sequence) - length, 0) + 1, step):
        yield sequence[at : at + step + max(length - 1, 0)]


def _codes(numbers: Array) -> Array:
    """Return an unsigned whole number for each number, the same for the same in another type."""
    single = numbers.astype(np.float32) + np.float32(0)  # -0.0 is 0.0
    codes: Array = single.view(np.uint32).astype(np.uint64)
    codes = (codes + np.uint64(1)) * np.uint64(BASE)
    codes ^= codes >> np.uint64(29)
    return codes


def _hashes(codes: Array, length: int) -> Array:
    """Return a hash of each run of a length, by where it begins."""
    if len(codes) < length or not length:
        return np.zeros(0, np.uint64)
    count = len(codes) - length + 1
    powers = _powers(BASE, len(codes))
    summed = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers)])
    hashes: Array = (summed[length:] - summed[:count]) * _powers(pow(BASE, -1, 2**64), count)
    return hashes


@functools.lru_cache(maxsize=4)
def _powers(base: int, count: int) -> Array:
    """Return 1, base, base ** 2 and so on, modulo 2**64."""
    factors = np.full(count, base, np.uint64)
    factors[:1] = 1
    powers: Array = np.cumprod(factors)
    return powers


def _arrays(content: bytes) -> Iterator[Array]:
    """Yield the arrays of numbers of a file, one after another; a text is one, or none."""
    try:
        loaded = np.load(io.BytesIO(content), allow_pickle=False)
    except Exception:  # noqa: BLE001 - text, a picture, whatever data there are
        yield from _numbers_of_text(content)
        return
    if isinstance(loaded, np.ndarray):
        yield from _as_numbers(loaded)
        return
    for info in loaded.zip.infolist():
        try:
            found = loaded[info.filename] if info.file_size <= MOST_BYTES else None
        except Exception:  # noqa: BLE001, S112 - of objects, or no array
            continue
        if isinstance(found, np.ndarray):
            yield from _as_numbers(found)


def _as_numbers(array: Array) -> Iterator[Array]:
    """Yield an array of numbers, those of a structured one field by field; none of any other."""
    for name in array.dtype.names or ():
        yield from _as_numbers(array[name])
    if array.dtype.kind in "US":
        try:
            array = array.astype(np.float64)
        except ValueError:
            return
    if array.dtype.kind in "biuf" and array.nbytes <= MOST_BYTES:
        yield array


def _numbers_of_text(content: bytes) -> Iterator[Array]:
    """Yield the numbers of a text: a table of the lines that have most often as many, then all."""
    if b"\0" in content[:1024]:
        return
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="replace")
    numbers, widths, rest = [np.zeros(0, np.float32)], [np.zeros(0, np.int64)], ""
    while piece := text.read(AT_ONCE):
        whole, rest = _cut(rest + piece)
        _read_lines(whole, numbers, widths)
    _read_lines(rest, numbers, widths)
    flat, wide = np.concatenate(numbers), np.concatenate(widths)
    if flat.size:
        usual = Counter(wide[wide > 0].tolist()).most_common(1)[0][0]
        yield flat[np.repeat(wide == usual, wide)].reshape(-1, usual)
        yield flat


def _cut(text: str) -> tuple[str, str]:
    """Return what is whole of a text, and the begun line behind it, or word in one long line."""
    at = text.rfind("\n") + 1 or max(text.rfind(" "), text.rfind(",")) + 1 or len(text)
    return text[:at], text[at:]


def _read_lines(text: str, numbers: list[Array], widths: list[Array]) -> None:
    """Add the numbers of a text, nan for any other word, and how many there are in each line."""
    rows = [line.split() for line in text.translate(BETWEEN).splitlines()]
    words = list(chain.from_iterable(rows))
    try:
        found = list(map(float, words))
    except ValueError:
        found = [_number(word) for word in words]
    numbers.append(np.array(found, np.float32))
    widths.append(np.array(list(map(len, rows)), np.int64))


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan
