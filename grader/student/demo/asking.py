"""Call the parts of a demo: the student's on the worker, the others as torch lends them.

What the student's answer is looked at as a check looks at it, beside torch's answer to the same
arguments: for the first steps of a demo each time, later when it has another form than before. A
wrong number is noted and used, so that everybody can see what it does; nothing can be done with
anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import run_steps
from grader.engine.judge import judge
from grader.errors import ForgedFrameError, PartFailedError, WorkerLostError, WorkerTimeoutError
from grader.model import Case, Location, Raised, Status
from grader.render.demo.shown import Suspicion
from grader.student.demo.torch_parts import find_lent
from grader.worker.traces import read_lines
from grader.worker.wire import pack_case, read_reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.course import Exercise
    from grader.engine.inspection import Inspector
    from grader.worker.wire import Answer

    Steps = Sequence[tuple[Any, ...]]

USABLE = ("values", "finite", "changed")  # mismatches that one can go on with
EXACT = ("optim.minibatches", "embedding.build_vocabulary")  # their numbers are places


@dataclass
class Parts:
    """The functions that a demo is made of.

    Parameters
    ----------
    own
        The exercises whose functions are the student's, by id; every other one is lent.
    inspector
        Has looked at them, so that the worker has their files; knows what lines are called.

    Attributes
    ----------
    step
        How far the demo is, from 1.
    watches
        Whether each answer is compared with torch's.
    suspicions
        The first wrong answer of each part, in the order in which they came.
    compared
        The parts of which an answer was compared.
    failed
        The part that could not be gone on with; empty for none.
    """

    own: Mapping[str, Exercise]
    inspector: Inspector
    step: int = 1
    watches: bool = True
    suspicions: dict[str, Suspicion] = field(default_factory=dict, init=False)
    compared: set[str] = field(default_factory=set, init=False)
    failed: str = field(default="", init=False)
    _forms: dict[Any, Any] = field(default_factory=dict, init=False)

    def call(self, name: str, *arguments: Any) -> Any:
        """Return what a part answers to one set of arguments.

        Raises
        ------
        PartFailedError
            It is the student's, and there is no answer that can be used.
        """
        return self.call_steps(name, [arguments])[-1]

    def call_steps(self, name: str, steps: Steps) -> Sequence[Any]:
        """Return its answers to several calls, which may hand on what the one before returned.

        Raises
        ------
        PartFailedError
            See `call`.
        """
        if name not in self.own:
            return list(run_steps(find_lent(name), Case(tuple(steps))))
        answer = self._ask(name, steps)
        known = (name, _form(list(steps)))
        is_new = self._forms.get(known) != _form(answer.steps)
        if self.watches or is_new or name in EXACT:
            self._compare(name, steps, answer)
            self._forms[known] = _form(answer.steps)
        return answer.steps

    def _ask(self, name: str, steps: Steps) -> Answer:
        exercise, worker = self.own[name], self.inspector.seat.worker
        request = pack_case(Case(tuple(steps)))
        try:
            worker.begin()
            (frame,) = worker.call(exercise.module, exercise.name, [request])
            return read_reply(*frame, request)
        except ForgedFrameError:
            self._fail(name, "its answer could not be read")
        except WorkerLostError as error:
            lines = read_lines(worker.read_stack()) if isinstance(error, WorkerTimeoutError) else []
            self._fail(name, str(error), lines[0] if lines else None)
        raise AssertionError  # `_fail` has raised

    def _compare(self, name: str, steps: Steps, answer: Answer) -> None:
        """Note what differs from torch's answer.

        Raises
        ------
        PartFailedError
            Nothing can be done with it.
        """
        expected = list(run_steps(find_lent(name), Case(tuple(steps))))
        self.compared.add(name)
        verdict = judge(self.own[name], answer, expected)
        found = verdict.mismatch
        if verdict.status is Status.PASSED or found is None:
            return
        if found.kind not in USABLE or name in EXACT:
            last = answer.steps[-1]
            raised = isinstance(last, Raised) and last.frames
            self._fail(name, found.message, last.frames[-1][:2] if raised else None)
        if found.kind == "changed" or _is_finite(steps):  # of nan nobody knows what is right
            self.suspicions.setdefault(name, Suspicion(name, self.step, found.message))

    def _fail(self, name: str, what: str, line: tuple[str, int] | None = None) -> None:
        sources = self.inspector.sources
        where = self.inspector.find_line(Location(*line)) if line else None
        at = f" ({sources.locate(where)})" if where else ""
        text = f"{name}, in step {self.step}: {sources.retell(what)}{at}"
        self.failed = name
        raise PartFailedError(text)


def _is_finite(value: Any) -> bool:
    """Tell whether all numbers are, in whatever holds them."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_finite, value))
    return not isinstance(value, (float, np.ndarray)) or bool(np.isfinite(value).all())


def _form(value: Any) -> Any:
    """Return what a value is but for its numbers: types, shapes, lengths."""
    if isinstance(value, np.ndarray):
        return (value.dtype.kind, value.shape, bool(np.isfinite(value).all()))
    if isinstance(value, (list, tuple)):
        return tuple(_form(part) for part in value)
    if isinstance(value, dict):
        return (len(value),)
    return type(value).__name__
