"""Rules for an item as it is written, whatever its numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.quiz.items.bodies import tables
from grader.quiz.lint.oracle import repeats_formula

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.quiz.items.item import Item

COMPUTED = frozenset({"number", "shape", "matrix"})
"""The kinds whose wrong answers are formulas."""


def find_in_wording(item: Item) -> Iterator[str]:
    """Say what is wrong with an item as its author wrote it.

    Parameters
    ----------
    item
        The question.

    Yields
    ------
    str
        One line each.
    """
    for key in ("question", "explanation"):
        if not getattr(item, key):
            yield f"its {key} is empty"
    if "" in item.deck.split(", ") and item.lectures:
        yield "its deck is empty"
    for lecture in item.lectures:
        if lecture in item.sources and not lecture.startswith("deck "):
            yield f'it names the lecture "{lecture}" without the place in it'
    yield from _practise(item)
    if bool(item.torch) == bool(item.without_torch):
        yield "it needs `torch`, or `without_torch` with the reason"
    if item.torch and repeats_formula(item.torch, str(item.body.get("answer", ""))):
        yield "its torch check repeats the formula: let torch do what is asked, or say why not"
    if item.kind in COMPUTED and not item.body.get("slips"):
        yield "no slip: name at least one typical mistake"


def stub_names(stub: Path) -> list[str]:
    """List the functions and classes of a file of stubs."""
    return re.findall(r"^(?:def|class) (\w+)\b", stub.read_text("utf-8"), re.MULTILINE)


def slip_names(item: Item) -> list[str]:
    """List the names of an item's slips, in the order of the file."""
    return [str(table["name"]) for table in tables(item.body, "slips")]


def _practise(item: Item) -> Iterator[str]:
    if not item.practise:
        return
    module, _, name = item.practise.partition(".")
    if not re.fullmatch(r"[a-z_0-9]+\.[A-Za-z_0-9]+", item.practise):
        yield f"practise is <module>.<exercise>, got '{item.practise}'"
    stub = item.source.parent.parent / "exercises" / f"{module}.py"
    if stub.is_file() and name not in stub_names(stub):
        yield f"there is no exercise {item.practise}"
