"""Mistakes that nobody wrote down, made of what is known: two at once, one inside a gradient.

A known mistake is a function. So is one made of two of them, the gradient of a mistaken forward
pass, and the right answer to another question: padding that is always 0, height and width
exchanged. All of them answer cases as known mistakes do, and are compared as they are.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import re
from typing import TYPE_CHECKING, Any

from grader.course.vocabulary import Mistake, gradients
from grader.engine.compare import same_answers
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.course.course import Exercise
    from grader.course.stubs import Parameter
    from grader.engine.judge import Trial

    Function = Callable[..., Any]
    Given = Mapping[str, Any]
    Replaced = Callable[[Given], dict[str, Any]]

NUMBERS = (0, 1, 2)
GRADIENT = "grad_"
CARRIED = "forward-"  # how the id of a forward mistake in a gradient begins


def compose(exercise: Exercise, failing: Trial) -> Iterator[Mistake]:
    """Yield mistakes that are made of known ones and of the right answer, the likelier ones first.

    Parameters
    ----------
    exercise
        Its check has an equivalent; one that was handed out without checks composes nothing.
    failing
        A case that fails: only what changes its arguments is tried.
    """
    try:
        answer = exercise.check.answer
    except CourseError:
        return
    if exercise.stub.is_class:  # of which nothing is made
        return
    yield from _held(exercise, answer, failing)
    yield from _carried(exercise, answer)
    known = list(exercise.check.mistakes.values())
    yield from _pairs(known)


# ----------------------------------------------------------------------------- other arguments


def _held(exercise: Exercise, answer: Function, failing: Trial) -> Iterator[Mistake]:
    """Yield the right answers to other questions: an argument held fast, left out, exchanged."""
    given = dict(zip(exercise.stub.names, failing.arguments[0], strict=False))
    for parameter in exercise.stub.parameters:
        name = parameter.name
        if name in given or parameter.default is not None:
            value = given.get(name, parameter.value)
            for id_, message, replaced in _of_argument(parameter, value):
                yield _asked_otherwise(answer, id_, message, replaced)
    for one, other in itertools.combinations(given, 2):
        if _may_be_exchanged(given[one], given[other]):

            def exchange(now: Given, a: str = one, b: str = other) -> dict[str, Any]:
                return {a: now[b], b: now[a]}

            message = f"{one} and {other} are exchanged."
            yield _asked_otherwise(answer, f"exchanged-{one}-{other}", message, exchange)


def _of_argument(parameter: Parameter, value: Any) -> Iterator[tuple[str, str, Replaced]]:
    """Yield what may have become of one argument: an id, words, and what stands for it."""
    name = parameter.name
    if isinstance(value, bool):
        for flag in (True, False):
            message = f"The answers are those of {name} = {flag}, whatever it is."
            yield f"held-{name}-{flag}", message, lambda _, v=flag: {name: v}  # type: ignore[misc]
    elif isinstance(value, (int, float)):
        numbers = [n for n in (parameter.value, *NUMBERS) if isinstance(n, (int, float))]
        for fixed in dict.fromkeys(map(type(value), numbers)):
            message = f"The answers are those of {name} = {fixed:g}, whatever it is."
            yield f"held-{name}-{fixed:g}", message, lambda _, v=fixed: {name: v}  # type: ignore[misc]
        yield f"turned-{name}", f"The sign of {name} is turned.", lambda now: {name: -now[name]}
    elif isinstance(value, tuple) and len(value) == 2:
        for places, message in PAIRS.items():

            def replaced(now: Given, at: tuple[int, int] = places) -> dict[str, Any]:
                pair = now[name]
                return {name: (pair[at[0]], pair[at[1]]) if isinstance(pair, tuple) else pair}

            yield f"pair-{name}-{places[0]}{places[1]}", message.format(name), replaced
    elif getattr(getattr(value, "dtype", None), "kind", "") == "f":
        message = f"{name} plays no part: it is as if it held zeros."
        yield f"zero-{name}", message, lambda now: {name: now[name] * 0.0}


PAIRS = {
    (1, 0): "The two numbers of {0} are exchanged: the first is the height, along the rows.",
    (0, 0): "{0}[0] stands for {0}[1], too: height and width are two numbers.",
    (1, 1): "{0}[1] stands for {0}[0], too: height and width are two numbers.",
}


def _asked_otherwise(answer: Function, id_: str, message: str, replaced: Replaced) -> Mistake:
    """Return the mistake of answering another question right."""

    def mistaken(*arguments: Any) -> Any:
        given = _by_name(answer, arguments)
        return answer(*(given | replaced(given)).values())

    return Mistake(id_, message, mistaken)


def _may_be_exchanged(one: Any, other: Any) -> bool:
    if hasattr(one, "shape") or hasattr(other, "shape"):
        same = getattr(one, "shape", ()) == getattr(other, "shape", None)
        return bool(same and one.dtype == other.dtype)
    return type(one) is type(other) and isinstance(one, (int, float)) and one != other


# ----------------------------------------------------------------------------- two at once


def _pairs(known: list[Mistake]) -> Iterator[Mistake]:
    """Yield what two mistakes come to together, where one is a change of whatever there is."""
    for one, other in itertools.combinations(known, 2):
        first, second = (one, other) if one.change else (other, one)
        if first.change is None:
            continue
        message = f"Two things at once. {one.message} And: {other.message}"
        yield Mistake(f"{one.id}+{other.id}", message, first.change(second.function))


# ----------------------------------------------------------------------------- inside a gradient


def _carried(exercise: Exercise, answer: Function) -> Iterator[Mistake]:
    """Yield the gradients of a forward pass in which a known mistake was made."""
    forward = exercise.forward() if exercise.forward else None
    if forward is None:
        return
    asked, given = forward.stub.names, exercise.stub.names
    inputs = [name.removeprefix(GRADIENT) for name in exercise.stub.returns]
    upstream = [name for name in given if name not in asked and name.startswith(GRADIENT)]
    if not {*inputs} <= {*asked} <= {*given}:
        return
    for mistake in forward.check.mistakes.values():
        function = _backward(mistake.function, answer, asked, inputs, upstream)
        message = f"This is the gradient of another forward pass. {mistake.message}"
        yield Mistake(f"{CARRIED}{mistake.id}", message, function)


def _backward(
    forward: Function, answer: Function, asked: list[str], inputs: list[str], upstream: list[str]
) -> Function:
    """Return a function of a backward exercise's arguments that differentiates a forward pass."""

    @functools.wraps(answer)
    def mistaken(*arguments: Any) -> Any:
        given = _by_name(answer, arguments)

        def loss(*leaves: Any) -> Any:
            now = given | dict(zip(inputs, leaves, strict=True))
            out = forward(*(now[name] for name in asked))
            outs = out if isinstance(out, tuple) else (out,)
            factors = [given[name] for name in upstream] or [1.0]
            return sum((o * f).sum() for o, f in zip(outs, factors, strict=True))

        found = gradients(loss, 1.0, *(given[name] for name in inputs))
        return found if len(found) > 1 else found[0]

    return mistaken


def _by_name(answer: Function, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Return the arguments by their names in the equivalent, in order, defaults filled in."""
    bound = inspect.signature(answer).bind(*arguments)
    bound.apply_defaults()
    return dict(bound.arguments)


# ----------------------------------------------------------------------------- one result of many


def mentions(message: str, names: Sequence[str]) -> bool:
    """Tell whether a mistake's words are about a result that is right here."""
    return any(re.search(rf"\b{re.escape(name)}\b", message) for name in names)


def shared_parts(one: Any, other: Any, tolerance: float) -> int:
    """Return in how many of their arrays two results agree."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return sum(shared_parts(a, b, tolerance) for a, b in zip(one, other, strict=False))
    return same_answers([one], [other], tolerance)
