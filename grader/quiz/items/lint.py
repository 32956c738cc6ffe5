"""Check the items of a course: what an author is told before a student meets it.

This is the one module of the quizzes that imports torch, and only when it runs: the expression in
an item's `torch` is Python, evaluated here and never in a quiz.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import CourseError, FormulaError, UnreadableAnswerError
from grader.quiz.items.variants import DECK, draw_variant
from grader.quiz.kinds import load_kind
from grader.quiz.marking import mark_answer, right_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.quiz.items.item import Item, Topic, Variant

COMPUTED = frozenset({"number", "shape", "matrix"})
"""The kinds whose wrong answers are formulas."""


class Problem(NamedTuple):
    """Something that is not as it must be.

    Parameters
    ----------
    item
        The item's id.
    message
        One line: what, and in which variant.
    """

    item: str
    message: str


def find_problems(topics: Sequence[Topic], seeds: int = 200) -> list[Problem]:
    """Check every item of the topics.

    Parameters
    ----------
    topics
        What to check.
    seeds
        How many variants of each item, the deck's own apart.

    Returns
    -------
    list of Problem
        At most one of each sort for an item.
    """
    compare = _torch_comparison()
    ids = [item.id for topic in topics for item in topic.items]
    problems = [Problem(i, "this id is used twice") for i in sorted(set(ids)) if ids.count(i) > 1]
    for topic in topics:
        for item in topic.items:
            problems += [Problem(item.id, message) for message in _wording(item)]
            problems += [Problem(item.id, message) for message in _variants(item, seeds, compare)]
    return problems


def _wording(item: Item) -> Iterator[str]:
    for key in ("question", "explanation"):
        if not getattr(item, key):
            yield f"its {key} is empty"
    if "" in item.deck.split(", ") and item.lectures:
        yield "its deck is empty"
    if item.practise and not re.fullmatch(r"[a-z_0-9]+\.[a-z_0-9]+", item.practise):
        yield f"practise is <module>.<exercise>, got '{item.practise}'"
    stub = item.source.parent.parent / "exercises" / f"{item.practise.partition('.')[0]}.py"
    if item.practise and stub.is_file():
        name = item.practise.partition(".")[2]
        if not re.search(rf"^def {re.escape(name)}\(", stub.read_text("utf-8"), re.MULTILINE):
            yield f"there is no exercise {item.practise}"
    if bool(item.torch) == bool(item.without_torch):
        yield "it needs `torch`, or `without_torch` with the reason"
    if item.kind in COMPUTED and not item.body.get("slips"):
        yield "no slip: name at least one typical mistake"


def _variants(item: Item, seeds: int, compare: Callable[[Item, Variant], str]) -> Iterator[str]:
    seen: set[str] = set()
    slips: set[str] = set()
    for seed in range(seeds + 1):
        key = f"lint/{seed}" if seed else DECK
        try:
            variant = draw_variant(item, key)
        except CourseError as error:
            yield str(error)
            return
        slips |= {slip.name for slip in variant.posed.slips}
        for message in (*_one_variant(variant), compare(item, variant)):
            sort = message.partition(":")[0]
            if message and sort not in seen:
                seen.add(sort)
                yield f"{message} (variant '{key}', {_values(variant)})"
        if not item.parameters and item.kind in COMPUTED | {"text"}:
            break
    for name in sorted(_slip_names(item) - slips):
        yield f"the slip '{name}' is never a wrong answer"


def _one_variant(variant: Variant) -> Iterator[str]:
    kind, posed = load_kind(variant.item.kind), variant.posed
    try:
        if not mark_answer(variant, right_answer(variant)).right:
            yield f"its own answer is marked wrong: {right_answer(variant)}"
    except UnreadableAnswerError as error:
        yield f"its own answer cannot be read: {right_answer(variant)} ({error})"
    for slip in posed.slips:
        if kind.is_right(slip.value, posed):
            yield f"a slip is right: {slip.name}"
    shown = (variant.question, variant.explanation, *(o.text for o in posed.options))
    words = " ".join(shown)
    if "{" in words or "}" in words or _has_nan(variant):
        yield "a text is not filled in: it has braces, nan or inf"
    labels = [" ".join(option.text.casefold().split()) for option in posed.options]
    if len(set(labels)) < len(labels):
        yield "two options coincide"


def _has_nan(variant: Variant) -> bool:
    """Tell whether a computed number of a text is no number; an author's own word may be."""
    nan, item = re.compile(r"\b(?:nan|inf)\b"), variant.item
    pairs = ((item.question, variant.question), (item.explanation, variant.explanation))
    return any(nan.search(filled) and not nan.search(template) for template, filled in pairs)


def _slip_names(item: Item) -> set[str]:
    listed = item.body.get("slips", [])
    return {str(table["name"]) for table in listed} if isinstance(listed, list) else set()


def _values(variant: Variant) -> str:
    names = [parameter.name for parameter in variant.item.parameters]
    return ", ".join(f"{name} = {variant.names[name]}" for name in names) or "no parameters"


def _torch_comparison() -> Callable[[Item, Variant], str]:
    """Return a function that says how torch disagrees, or ""."""
    import math  # noqa: PLC0415 - with torch, below

    import torch  # noqa: PLC0415 - a quiz never pays for it
    from torch import nn  # noqa: PLC0415 - a quiz never pays for it

    torch.set_num_threads(1)  # the arrays are tiny: threads would cost more than they bring
    # what an expression in an item may say; the author's own Python, run for the author
    words = {"torch": torch, "nn": nn, "F": nn.functional, "math": math}

    def compare(item: Item, variant: Variant) -> str:
        if not item.torch:
            return ""
        names = {name: value for name, value in variant.names.items() if name != "answer"}
        try:
            got = eval(item.torch, {**names, **words})  # noqa: S307 - see above
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the author is told
            return f"its torch expression fails: {type(error).__name__}: {error}"
        if isinstance(got, bool):
            return "" if got else "torch disagrees: the condition is false"
        kind = load_kind(item.kind)
        try:
            agrees = kind.is_right(kind.coerce(got), variant.posed)
        except FormulaError as error:
            return f"torch gives no answer: {error}"
        return (
            "" if agrees else f"torch disagrees: torch says {got}, the formula {variant.posed.key}"
        )

    return compare
