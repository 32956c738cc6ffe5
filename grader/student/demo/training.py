"""Run one demo: the parts are looked at, the network learns, and what came of it is told."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.engine.cases.oracle import load_torch
from grader.engine.inspection import Inspector
from grader.errors import PartFailedError
from grader.model.sourcemap import AS_IT_IS
from grader.render.demo.shown import DemoEnd
from grader.student.demo.asking import Parts
from grader.student.demo.catalogue import DEMOS
from grader.student.demo.learning import Setting
from grader.student.demo.lending import EDITED, UNCHECKED
from grader.student.demo.networks.crosses import CrossesDemo
from grader.student.demo.networks.digits import DigitsDemo
from grader.student.demo.networks.letters import LettersDemo
from grader.student.demo.networks.paths import PathsDemo
from grader.student.demo.pacing import Pace
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from grader.course.course import Course
    from grader.model.sourcemap import SourceMap
    from grader.render.demo.shown import DemoPart, DemoView
    from grader.student.demo.catalogue import Demo
    from grader.student.demo.learning import Learner
    from grader.worker.seat import WorkerSeat

NOTHING_OWN = "All of it is torch's so far, so that there is nothing to compare."
LEARNERS: dict[str, Callable[[Setting], Learner]] = {
    "digits": DigitsDemo,
    "letters": LettersDemo,
    "xo": CrossesDemo,
    "paths": PathsDemo,
}


@dataclass
class Training:
    """What a demo is run with.

    Parameters
    ----------
    course, folder, seat
        Whose exercises, where the student's files are, and where the worker is.
    command
        What tells more about an exercise: `dlgrade check {}`, say.
    seed, seconds
        Of the start and the order; and how long it may take, more or less.
    sources
        What the student calls the files.
    is_live
        Whether somebody looks on.
    clock
        Tells the time, in seconds.
    """

    course: Course
    folder: Path
    seat: WorkerSeat
    command: str = "dlgrade check {}"
    seed: int = 0
    seconds: float = 30.0
    sources: SourceMap = AS_IT_IS
    is_live: bool = False
    clock: Callable[[], float] = time.monotonic

    def look_at(self, shares: Sequence[DemoPart]) -> tuple[Sequence[DemoPart], Inspector]:
        """Have the worker import what is the student's; lend what cannot be run.

        A file over whose import the worker is lost takes along what was imported before: the others
        are looked at once more, without it.
        """
        imports = self.course.imports
        inspector = Inspector(
            self.folder, self.seat, self.sources, imports,
            lambda: [one.rpartition(".")[2] for one in self.course.ids],
        )  # fmt: skip
        worker, looked = self.seat.worker, []
        for part in shares:
            obstacle = inspector.look(self.course.exercise(part.id)) if part.own else None
            why = obstacle.message if obstacle else ""
            looked.append(replace(part, own=False, why=why) if obstacle else part)
        is_lost = self.seat.worker is not worker and looked != list(shares)
        return self.look_at(looked) if is_lost else (looked, inspector)

    def run(
        self,
        demo: Demo,
        shares: Sequence[DemoPart],
        inspector: Inspector,
        on_view: Callable[[DemoView], None],
    ) -> DemoEnd:
        """Run a demo to its end, or as far as it goes.

        Parameters
        ----------
        demo
            Which one.
        shares, inspector
            From `look_at`.
        on_view
            Told about every moment.
        """
        own = {part.id: self.course.exercise(part.id) for part in shares if part.own}
        parts = Parts(own, inspector)
        setting = Setting(demo, shares, parts, self.seed, self.is_live)
        load_torch()  # which takes longer than many a demo, and is none of it
        learner, fault, interrupted = LEARNERS[demo.name](setting), "", False
        try:
            for view in learner.run(Pace(self.seconds, self.clock)):
                on_view(view)
        except PartFailedError as error:
            fault = str(error)
        except KeyboardInterrupt:
            interrupted = True
        suspicions = tuple(parts.suspicions.values())
        if not own:
            first = self.command.format(demo.opening[0])
            return DemoEnd(
                learner.view(), (), suspicions, fault, interrupted, (NOTHING_OWN,), first
            )
        agreements = tuple(learner.agreements())
        end = DemoEnd(learner.view(), agreements, suspicions, fault, interrupted)
        if fault:
            return replace(end, following=self.command.format(parts.failed))
        return self._with_words(end, demo, shares, parts)

    def _with_words(
        self, end: DemoEnd, demo: Demo, shares: Sequence[DemoPart], parts: Parts
    ) -> DemoEnd:
        """Return what came of a demo with what else is to be known, and the command that goes on.

        That is about what differs from torch's, else what was not checked, else what is lent, the
        first that the course asks; and where all is well, about another demo.
        """
        right = [one for one in shares if one.id in parts.compared.difference(parts.suspicions)]
        remarks, lent = _unchecked(right), {part.id for part in shares if not part.own}
        doubtful = [part.id for part in right if part.why]
        is_same = all(one.holds for one in end.agreements)
        if end.suspicions:
            first = end.suspicions[0].id
        elif not is_same:
            first = next(part.id for part in shares if part.own)
        else:
            first = next(iter(doubtful), "")
        if not (end.suspicions or remarks) and is_same and lent:
            first = next((one for one in self.course.ids if one in lent), "")
            remarks = (f"Torch still lends {counted(len(lent), 'part')}.",)
        following = self.command.format(first) if first else f"dlgrade demo {_another(demo)}"
        return replace(end, remarks=remarks, following=following)


def _another(demo: Demo) -> str:
    """Return the name of the demo that comes after one in the list."""
    return DEMOS[(DEMOS.index(demo) + 1) % len(DEMOS)].name


def _unchecked(right: Sequence[DemoPart]) -> tuple[str, ...]:
    """Return which parts agreed with torch's here that did not pass their check as they are."""
    failed = [part.id for part in right if part.why and part.why not in (EDITED, UNCHECKED)]
    unknown = sum(part.why in (EDITED, UNCHECKED) for part in right)
    as_now = "as it is now" if unknown == 1 else "as they are now"
    remarks = [f"Not checked {as_now}, but right here: {counted(unknown, 'part')} of yours."]
    remarks = remarks if unknown else []
    if failed:
        remarks.append(f"What was asked here is not what failed its check: {', '.join(failed)}")
    return tuple(remarks)
