"""Compute what the right answer is, twice, and the answers of known mistakes.

The first oracle is the reference, the second the check's torch equivalent. Where they disagree,
nobody can be graded. Without solutions torch alone serves, and every result says so.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import gc
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.words.places import place_of
from grader.engine.cases.scripted import begin_script, run_script
from grader.engine.compare import first_malformed, first_mismatch
from grader.errors import OraclesDisagreeError
from grader.model import Carry, Raised
from grader.model.scripts import step_text
from grader.parsing import PARSING
from grader.worker.child.calls import NOTHING_RAISED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.course.vocabulary import Check, Mistake
    from grader.course.words.rules import AnswerRule
    from grader.model import Case

RIGHT_ERROR = Raised("ValueError", value_error=True)


@dataclass(frozen=True)
class Oracles:
    """The two sources of right answers for one exercise.

    Parameters
    ----------
    check
        Holds the torch equivalent.
    reference
        The solution's function, or None where the course has none.
    """

    check: Check
    reference: Callable[..., Any] | None

    def expected(self, case: Case, ruled: Ruled | None = None) -> tuple[Any, ...]:
        """Return the right answer to each step of a case, agreed on by all oracles.

        Parameters
        ----------
        case
            The arguments.
        ruled
            What they are held to, where they need not agree number by number.

        Raises
        ------
        OraclesDisagreeError
            They give different answers, or one of them fails.
        """
        if case.bad:
            self._check_refusal(case)
            return (RIGHT_ERROR,)
        torch_says = _answers(tensor_function(self.check.answer), case, "the torch equivalent")
        if self.reference is None:
            return torch_says
        reference_says = _answers(self.reference, case, "the reference")
        if ruled is not None:
            ruled.require_agreement(reference_says, torch_says)
            return reference_says
        terms = self.check.largest_term(case.steps)
        mismatch = first_mismatch(reference_says, torch_says, self.check.tolerance, terms=terms)
        if mismatch is not None:
            at = _at(self.reference, case, mismatch.step)
            text = f"the reference and torch disagree{at}: torch's {mismatch.message}"
            raise OraclesDisagreeError(text)
        return reference_says

    def _check_refusal(self, case: Case) -> None:
        if self.reference is None:
            return
        try:
            self.reference(*copy.deepcopy(case.steps[0]))
        except ValueError:
            return
        except (Exception, SystemExit) as error:
            text = f"the reference raises {type(error).__name__} on bad arguments, not ValueError"
            raise OraclesDisagreeError(text) from error
        raise OraclesDisagreeError("the reference accepts arguments that the check calls bad")


@dataclass(frozen=True)
class Ruled:
    """A rule over one case of a level.

    Parameters
    ----------
    rule
        What an answer is held to.
    named
        The arguments of each call, by their names.
    """

    rule: AnswerRule
    named: Sequence[Mapping[str, Any]]

    def require_agreement(self, reference_says: Sequence[Any], torch_says: Sequence[Any]) -> None:
        """Make sure that two right answers find no fault with each other.

        Raises
        ------
        OraclesDisagreeError
            They do.
        """
        mismatch = first_malformed(reference_says, torch_says)
        if mismatch is None:
            fault = self.rule.find_fault(reference_says, torch_says, self.named)
            mismatch = fault.mismatch if fault else None
        if mismatch is not None:
            text = f"the reference and torch disagree: torch's {mismatch.message}"
            raise OraclesDisagreeError(text)


def _answers(function: Callable[..., Any], case: Case, who: str) -> tuple[Any, ...]:
    """Return the answers of an oracle, which may not fail, nor raise nothing where it has to."""
    answers: list[Any] = []
    try:
        answers.extend(run_steps(function, case))  # keeps what came before an exception
    except (Exception, SystemExit) as error:
        place = place_of(error)
        where = f"{_at(function, case, len(answers))}{f' ({place})' if place else ''}"
        text = f"{who} fails{where}: {type(error).__name__}: {error}"
        raise OraclesDisagreeError(text) from error
    for step, answer in zip(case.steps, answers, strict=True):
        if isinstance(answer, str) and answer == NOTHING_RAISED and step[0] == "raises":
            raise OraclesDisagreeError(f"{who} raises no {step[1]}, which the script says it does")
    return tuple(answers)


def _at(function: Callable[..., Any], case: Case, number: int) -> str:
    """Return in which step of a script something was wrong; nothing for a function."""
    if not isinstance(function, (type, TensorClass)) or number >= len(case.steps):
        return ""
    made = function.made if isinstance(function, TensorClass) else function
    return f" in {step_text(made.__name__, case.steps[number])}"


def run_steps(function: Callable[..., Any], case: Case) -> Iterator[Any]:
    """Yield a trusted function's answer to each step, state handed on.

    Parameters
    ----------
    function
        Gets copies of the arguments, so that it may do with them what it likes.
    case
        The steps.
    """
    result: Any = None
    if isinstance(function, (type, TensorClass)):
        function = function.begin() if isinstance(function, TensorClass) else run_script(function)
    for arguments in case.steps:
        filled = [a.part_of(result) if isinstance(a, Carry) else a for a in arguments]
        with np.errstate(all="ignore"):
            result = function(*copy.deepcopy(filled))
        yield result


def mistaken_answers(mistake: Mistake, case: Case) -> tuple[Any, ...]:
    """Return what somebody who makes this mistake answers; a failure is an answer too."""
    if case.bad and not mistake.on_bad_arguments:
        return (RIGHT_ERROR,)
    answers: list[Any] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers.extend(run_steps(tensor_function(mistake.function), case))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - torch's errors stand for numpy's
        answers.append(Raised(type(error).__name__, str(error), isinstance(error, ValueError)))
    return tuple(answers)


@dataclass(frozen=True)
class TensorClass:
    """A class of tensors, on which scripts with arrays are run."""

    made: type

    def begin(self) -> Callable[..., Any]:
        """Return what runs the steps of one script."""
        load_torch()
        step = begin_script(self.made)
        return lambda *rest: copy.deepcopy(from_torch(step(*to_torch(rest))))


def tensor_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of arrays that calls a function of tensors; the same for a class."""
    if isinstance(function, type):
        return TensorClass(function)  # type: ignore[return-value]

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        load_torch()  # before the function imports it by itself
        return from_torch(function(*[to_torch(argument) for argument in arguments]))

    return call


def to_torch(value: Any) -> Any:
    """Return tensors for arrays; other values as they are."""
    if isinstance(value, np.ndarray):
        return load_torch().from_numpy(np.array(value, order="C"))
    if isinstance(value, (list, tuple)):
        return type(value)(to_torch(item) for item in value)
    if isinstance(value, dict):
        return {key: to_torch(item) for key, item in value.items()}
    return value


def from_torch(value: Any) -> Any:
    """Return arrays for tensors, Python numbers for tensors without axes."""
    torch = load_torch()
    if isinstance(value, torch.Tensor):
        array = value.detach().resolve_neg().numpy()
        return array.item() if array.ndim == 0 else array
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (list, tuple)):
        return type(value)(from_torch(item) for item in value)
    if isinstance(value, dict):
        return {key: from_torch(item) for key, item in value.items()}
    return value


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: nearly all that a large import makes is there to stay."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@functools.cache
def load_torch() -> Any:
    """Import torch, on one thread at a time, and let it compute on one: cases are small."""
    with PARSING, _uncollected():  # it parses some of its own source
        import torch  # noqa: PLC0415 - a warm check that passes never pays for it

    torch.set_num_threads(1)
    return torch
