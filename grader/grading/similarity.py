"""Pairs of submissions that share more than the stub and the reference explain: never a verdict.

Fingerprints are copydetect's (winnowing over tokens: other names and comments hide nothing).
What the stub or the reference has, and what a fifth of a class has in common, is left out.
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import RejectedError, UnreadableError
from grader.gradebook.pages.tally import Pair
from grader.grading.intake.packages import read_package
from grader.grading.intake.staging import clear, stage
from grader.grading.intake.wanted import wanted_functions
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.course.course import Course
    from grader.gradebook.pages.tally import Parts
    from grader.grading.intake.submissions import Submission

TOKENS, WINDOW = 20, 4  # noise threshold and winnowing window, in characters of filtered code
COMMON = 0.2
FEW = 8
LEAST_SHARE = 0.5
MOST_PAIRS = 50


def find_pairs(
    submissions: Sequence[Submission], course: Course, least: float = LEAST_SHARE
) -> list[Pair]:
    """Return the pairs that share most, those first.

    Parameters
    ----------
    submissions
        Of a class.
    course
        Its stubs and references are what everybody may have in common.
    least
        The smallest share that is shown, 0 to 1.
    """
    texts: dict[str, dict[str, str]] = {}
    for name, files in _read(submissions, course):
        for file, text in files.items():
            texts.setdefault(file, {})[name] = text
    found = [pair for file in texts for pair in _compare(file, texts[file], course, least)]
    found.sort(key=lambda pair: (-pair.share, pair.file, pair.left, pair.right))
    return found[:MOST_PAIRS]


def _read(
    submissions: Iterable[Submission], course: Course
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the course's files of each submission; what cannot be opened shares nothing."""
    wanted = wanted_functions(course.find([]))
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as name:
        folder = Path(name)
        for one in submissions:
            try:
                stage(read_package(one), folder, wanted, course.modules)
            except (RejectedError, UnreadableError):
                clear(folder)  # of what was laid out before the reason was found
                continue
            files = [folder / f"{module}.py" for module in course.modules]
            yield (
                one.name,
                {
                    file.name: file.read_text(encoding="utf-8", errors="replace").replace("\r", "")
                    for file in files
                    if file.is_file()
                },
            )
            clear(folder)


def _fingerprint(text: str, window: int = WINDOW) -> Any:
    from copydetect import CodeFingerprint  # noqa: PLC0415 - asked for by few

    return CodeFingerprint("a.py", TOKENS, window, language="python", fp=io.StringIO(text))


def _common_hashes(file: str, course: Course) -> set[int]:
    """Return every fingerprint of what everybody may have."""
    folders = [folder for folder in (course.exercises_dir, course.solutions_dir) if folder]
    known = [folder / file for folder in folders if (folder / file).is_file()]
    found: set[int] = set()
    for path in known:
        found |= _fingerprint(path.read_text(encoding="utf-8"), window=1).hashes
    return found


def _own_prints(texts: Mapping[str, str], common: set[int]) -> dict[str, Any]:
    """Return the fingerprints of each text without the common ones."""
    from copydetect.utils import get_token_coverage  # noqa: PLC0415 - as above

    prints = {}
    for name, text in texts.items():
        one = _fingerprint(text)
        one.hashes -= common
        one.hash_idx = {mark: one.hash_idx[mark] for mark in one.hashes}
        if one.hashes:
            one.token_coverage = get_token_coverage(one.hash_idx, TOKENS, len(one.filtered_code))
            prints[name] = one
    return prints


def _compare(file: str, texts: Mapping[str, str], course: Course, least: float) -> Iterator[Pair]:
    from copydetect import compare_files  # noqa: PLC0415 - as above

    prints = _own_prints(texts, _common_hashes(file, course))
    for left, right in _candidates({name: one.hashes for name, one in prints.items()}):
        _, shares, slices = compare_files(prints[left], prints[right])
        share = min(1.0, float(max(shares)))
        if share >= least:
            both = zip((left, right), slices, strict=True)
            parts = [_cut(texts[name], spans) for name, spans in both]
            yield Pair(safe_text(left), safe_text(right), file, share, *parts)


def _candidates(hashes: Mapping[str, set[int]]) -> list[tuple[str, str]]:
    """Return pairs that share enough rare fingerprints to be compared, without trying them all."""
    owners: dict[int, list[str]] = {}
    for name, own in hashes.items():
        for one in own:
            owners.setdefault(one, []).append(name)
    common = max(FEW, COMMON * len(hashes))
    shared: Counter[tuple[str, str]] = Counter()
    for names in owners.values():
        if len(names) <= common:
            shared.update(combinations(sorted(names), 2))
    return [
        (a, b)
        for (a, b), count in shared.items()
        if 2 * count >= LEAST_SHARE * min(len(hashes[a]), len(hashes[b]))
    ]


def _cut(text: str, spans: Any) -> Parts:
    """Return a text in pieces, those between a start and an end marked as shared.

    Examples
    --------
    >>> _cut("abcdef", [[1, 2], [3, 4]])
    (('a', False), ('bcd', True), ('ef', False))
    """
    merged: list[list[int]] = []
    for start, end in sorted(zip(map(int, spans[0]), map(int, spans[1]), strict=True)):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    parts, at = [], 0
    for start, end in merged:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(part for part in [*parts, (text[at:], False)] if part[0])
