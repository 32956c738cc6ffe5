"""Ask the student's own functions for the numbers of a drawing.

They run where a check runs them: on a worker, within its limits. Only a function that passes is
asked. What comes back is drawn as it is, if it has the shape that the drawing has room for; there
is nothing else to draw: the right answers are not known here.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from grader.engine.inspection import Inspector
from grader.errors import ForgedFrameError, WorkerLostError
from grader.model import Case, Raised
from grader.model.sourcemap import AS_IT_IS
from grader.student.drawing.held import wrong_part
from grader.text import safe_text, shorten_text
from grader.worker.seat import WorkerSeat
from grader.worker.wire import pack_case, read_reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.engine.engine import Engine
    from grader.model.sourcemap import SourceMap
    from grader.student.drawing.held import HeldCase

    Array = np.ndarray[Any, Any]

MOST_BYTES = 2**22
MOST_KEPT = 4000  # answers: one for each step of six optimisers, many times over
MOST_SAID = 120  # characters of an exception's message
PASSES = ""


@dataclass
class OwnCalls:
    """The functions of one folder.

    Parameters
    ----------
    engine
        Whose course, limits and command for a worker count.
    folder
        Where the files are.
    states
        Of each exercise that a drawing may ask: "" where it passes, else why it is not asked.
    held
        The failing case that is drawn, if one is.
    sources
        What the student calls the files.
    check
        What checks an exercise, where its id stands for the braces.
    about
        The exercise that is drawn: where it lacks numbers, its check is the one to name.
    """

    engine: Engine
    folder: Path
    states: Mapping[str, str]
    held: HeldCase | None = None
    sources: SourceMap = AS_IT_IS
    check: str = "dlgrade check {}"
    about: str = ""
    _missing: dict[str, str] = field(default_factory=dict, init=False)
    _seats: dict[str, tuple[WorkerSeat, Inspector]] = field(default_factory=dict, init=False)
    _broken: dict[str, str] = field(default_factory=dict, init=False)
    _loaded: set[str] = field(default_factory=set, init=False)
    _is_held_drawn: bool = field(default=False, init=False)
    _kept: dict[Any, Any] = field(default_factory=dict, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for seat, _inspector in self._seats.values():
            seat.__exit__()

    def has(self, exercise_id: str) -> bool:
        """Tell whether the course has such an exercise at all."""
        return exercise_id in self.states

    def passes(self, exercise_id: str) -> bool:
        """Tell whether a function may be asked."""
        return self.states.get(exercise_id, "unknown") == PASSES and exercise_id not in self._broken

    def notes(self) -> tuple[str, ...]:
        """Return why numbers are missing since this was asked last, a line for each function."""
        reasons: dict[str, list[str]] = {}
        for name, why in self._missing.items():
            reasons.setdefault(why, []).append(name)
        self._missing.clear()
        told = [
            f"? {', '.join(names)}: {why}; {self.check.format(self._first(names))}"
            for why, names in reasons.items()
        ]
        if self._is_held_drawn and self.held is not None:
            told.append(self._about(self.held))
        self._is_held_drawn = False
        return tuple(told)

    def _first(self, names: list[str]) -> str:
        return self.about if self.about in names else names[0]

    def _about(self, held: HeldCase) -> str:
        """Say which case is drawn, why it has no numbers if it has none, and what tells more."""
        check = self.check.format(held.exercise_id)
        if isinstance(held.got, Raised):
            why = f"it raised {_said(held.got)}; {check} says where"
            return f"the case that fails: {held.call}; {why}"
        return f"the case that fails: {held.call}; {check} shows the right answer"

    def ask(self, exercise_id: str, *arguments: Any) -> Any:
        """Return what a function answers; None where there is nothing to be drawn.

        Parameters
        ----------
        exercise_id
            Which function.
        arguments
            Its arguments, by place.
        """
        if self.held is not None and self.held.is_of(exercise_id, arguments):
            self._is_held_drawn = True
            return None if isinstance(self.held.got, Raised) else self.held.got
        why = self._broken.get(exercise_id, self.states.get(exercise_id, "is not in this course"))
        if why != PASSES:
            self._missing[exercise_id] = why
            return None
        answer = self._answer(exercise_id, arguments)
        if isinstance(answer, Raised):
            self._missing[exercise_id] = f"raised {_said(answer)} on these numbers"
            return None
        return answer

    def array(self, exercise_id: str, *arguments: Any, shape: tuple[int, ...]) -> Array | None:
        """Return what a function answers, if it is an array of this shape."""
        answer = self.ask(exercise_id, *arguments)
        return self._fitting(exercise_id, answer, shape)

    def arrays(
        self, exercise_id: str, *arguments: Any, shapes: tuple[tuple[int, ...], ...]
    ) -> tuple[Array, ...] | None:
        """Return what a function answers, if it is so many arrays of these shapes.

        A number counts as an array without axes.
        """
        answer = self.ask(exercise_id, *arguments)
        if answer is None:
            return None
        if not isinstance(answer, (tuple, list)) or len(answer) != len(shapes):
            self._missing[exercise_id] = f"does not return {len(shapes)} results here"
            return None
        found = [self._fitting(exercise_id, *pair) for pair in zip(answer, shapes, strict=True)]
        whole = tuple(one for one in found if one is not None)
        return whole if len(whole) == len(shapes) else None

    def _fitting(self, exercise_id: str, value: Any, shape: tuple[int, ...]) -> Array | None:
        if value is None:
            return None
        if not isinstance(value, (np.ndarray, np.number, float, int)):
            self._missing[exercise_id] = f"returns a {type(value).__name__} here"
            return None
        array = np.asarray(value)
        if array.shape != shape or array.dtype.kind not in "biuf":
            self._missing[exercise_id] = f"returns shape {array.shape} here, {shape} has room"
            return None
        return array.astype(float)

    def is_wrong(self, exercise_id: str, *arguments: Any, part: int | None = None) -> Any:
        """Return which of an answer the check says is wrong; False for a function that passes."""
        if self.held is None or not self.held.is_of(exercise_id, arguments):
            return False
        return self.held.wrong if part is None else wrong_part(self.held.wrong, part)

    # ------------------------------------------------------------------ the worker

    def _answer(self, exercise_id: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the worker answers, or a `Raised`; asked once for each set of arguments."""
        module, _, name = exercise_id.partition(".")
        request = pack_case(Case((arguments,)))
        key = exercise_id, request.text, request.data
        if key in self._kept:
            return self._kept[key]
        seat, inspector = self._sit(module)
        try:
            if exercise_id not in self._loaded:
                obstacle = inspector.look(self.engine.course.exercise(exercise_id))
                if obstacle is not None:
                    return self._break(exercise_id, obstacle.message)
                self._loaded.add(exercise_id)
            seat.worker.begin()
            frames = seat.worker.call(module, name, [request], [MOST_BYTES])
            with contextlib.closing(frames):  # type: ignore[type-var]
                answer = read_reply(*next(frames), request).steps[0]
        except WorkerLostError as error:
            seat.clear()
            self._loaded.clear()
            return self._break(exercise_id, f"{error} (on the numbers of a drawing)")
        except ForgedFrameError as error:
            return self._break(exercise_id, str(error))
        if len(self._kept) < MOST_KEPT:
            self._kept[key] = answer
        return answer

    def _break(self, exercise_id: str, why: str) -> None:
        """Note that a function is not asked again."""
        self._broken[exercise_id] = self._missing[exercise_id] = why

    def _sit(self, module: str) -> tuple[WorkerSeat, Inspector]:
        """Return the worker of a module: no file feels what another one did."""
        if module not in self._seats:
            engine = self.engine
            seat = WorkerSeat(self.folder.resolve(), engine.limits, engine.command)
            imports = engine.course.imports
            inspector = Inspector(
                self.folder.resolve(), seat, self.sources, imports,
                lambda: [one.rpartition(".")[2] for one in engine.course.ids],
            )  # fmt: skip
            self._seats[module] = seat, inspector
        return self._seats[module]


def _said(raised: Raised) -> str:
    """Return an exception as it is told in a line, the beginning of a long one."""
    message = safe_text(shorten_text(raised.message, MOST_SAID), spelt_out=False)
    return raised.type + (f": {message}" if message else "")
