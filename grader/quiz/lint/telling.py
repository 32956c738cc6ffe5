"""Rules for what one variant shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import UnreadableAnswerError
from grader.quiz.items.variants import DECK
from grader.quiz.kinds import load_kind
from grader.quiz.marking import mark_answer, right_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.quiz.items.item import Variant

NETWORK = re.compile(r"(?<!like )\b(?:[A-Z]\w*Net(?:-\d+)?|VGG(?:-\d+)?|Inception|Xception)\b")
NOUNS = [
    "batch", "bias", "channel", "choice", "class", "column", "convolution", "dimension",
    "element", "epoch", "example", "factor", "feature", "filter", "image", "index", "input",
    "layer", "letter", "map", "matrix", "neuron", "number", "output", "pair", "parameter",
    "pixel", "place", "question", "row", "sample", "score", "sentence", "side", "size", "step",
    "unit", "update", "value", "vector", "version", "weight", "window", "word",
    "zero",
]  # fmt: skip
PLURALS = "|".join(f"{noun}e?s" for noun in NOUNS) + "|biases|matrices|indices"
ONE = re.compile(rf"(?<![\d.,/*^+-] )(?<![\w.,/*^+=-])1 (?:[a-z]+ )?({PLURALS})\b")
MANY = re.compile(rf"(?<![\w.,/*^+-])(?:[2-9]|\d\d+) ({'|'.join(NOUNS)})\b(?! \w*s\b)(?!-)")
SPOKEN_NUMBER = r"8[\d,]*(?!\d)|1[18](?:,\d{3})?(?![\d,])"
SPOKEN_VOWEL = rf"(?:{SPOKEN_NUMBER}|[aeio]|u(?!n[aiu]|se|su|t)|[FHLMNRSX](?![a-z]))"
LACKS_N = re.compile(rf"\b[Aa] (?={SPOKEN_VOWEL})(?!one)")
HAS_N = re.compile(rf"\b[Aa]n (?!{SPOKEN_VOWEL})(?!hour|honest)(?=[\w(])|\b[Aa]n one")
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")


def find_in_variant(variant: Variant) -> Iterator[str]:
    """Say what is wrong with one variant, torch and its formulas apart.

    Parameters
    ----------
    variant
        The question.

    Yields
    ------
    str
        One line each; what stands before a colon is its sort.
    """
    yield from _marked(variant)
    words = " ".join(_texts(variant))
    if "{" in words or "}" in words or _has_nan(variant):
        yield "a text is not filled in: it has braces, nan or inf"
    labels = [" ".join(option.text.casefold().split()) for option in variant.posed.options]
    if len(set(labels)) < len(labels):
        yield "two options coincide"
    yield from _grammar(variant)
    if variant.item.parameters and variant.key != DECK and not variant.names.get("own"):
        for name in NETWORK.findall(words):
            yield f"a network is named whose numbers these are not: {name}"


def is_degenerate(variant: Variant) -> bool:
    """Tell whether the answer of a variant can be had without doing what is asked.

    Parameters
    ----------
    variant
        The question.

    Returns
    -------
    bool
        True for a number that is 0, that is negative where the item does not say `signed`, or that
        stands in the question; for a size that is not above 0; for a matrix of zeros.
    """
    kind, key = variant.item.kind, variant.posed.key
    if kind == "number" and isinstance(key, int | float):
        if key == 0 or (key < 0 and not variant.item.body.get("signed", False)):
            return True
        shown = [float(text.replace(",", "")) for text in NUMBER.findall(variant.question)]
        return any(abs(key - number) <= 1e-9 * max(1.0, abs(number)) for number in shown)
    if kind == "shape" and isinstance(key, tuple):
        return any(isinstance(size, int | float) and size <= 0 for size in key)
    if kind == "matrix" and isinstance(key, tuple):
        return not any(cell for row in key if isinstance(row, tuple) for cell in row)
    return False


def _marked(variant: Variant) -> Iterator[str]:
    kind, posed = load_kind(variant.item.kind), variant.posed
    try:
        if not mark_answer(variant, right_answer(variant)).right:
            yield f"its own answer is marked wrong: {right_answer(variant)}"
    except UnreadableAnswerError as error:
        yield f"its own answer cannot be read: {right_answer(variant)} ({error})"
    if variant.item.kind == "number" and isinstance(posed.key, float) and not posed.tolerance:
        yield "its answer is no whole number: say a tolerance, so that a comma is asked about"
    for slip in posed.slips:
        if kind.is_right(slip.value, posed):
            yield f"a slip is right: {slip.name}"


def _texts(variant: Variant) -> list[str]:
    posed = variant.posed
    says = [slip.says for slip in posed.slips] + [option.says for option in posed.options]
    options = [option.text for option in posed.options]
    return [variant.question, variant.explanation, *options, *posed.lefts, *says]


def _grammar(variant: Variant) -> Iterator[str]:
    for text in _texts(variant):
        for found in ONE.finditer(text):
            yield f"one of a thing has no s: {found[0]}"
        for found in MANY.finditer(text):
            yield f"many of a thing have an s: {found[0]}"
        for found in LACKS_N.finditer(text):
            yield f"`a` before a vowel: {text[found.start() : found.end() + 12]}"
        for found in HAS_N.finditer(text):
            yield f"`an` before a consonant: {text[found.start() : found.end() + 12]}"


def _has_nan(variant: Variant) -> bool:
    """Tell whether a computed number of a text is no number; an author's own word may be."""
    nan, item = re.compile(r"\b(?:nan|inf)\b"), variant.item
    pairs = ((item.question, variant.question), (item.explanation, variant.explanation))
    return any(nan.search(filled) and not nan.search(template) for template, filled in pairs)
