"""What became of a level, and over which call a worker was lost: where it was, what it printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.engine.asking.calls import Loss
from grader.engine.compare import same_answers
from grader.engine.judge import Trial, Verdict
from grader.engine.naming.counterexample import make_counterexample
from grader.model import Location, Mismatch, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Exercise
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.naming.exceptions.translation import FindSite
    from grader.model import ExerciseResult
    from grader.model.printed import Printed
    from grader.model.sourcemap import SourceMap

OTHER_DRAWS = "the same call again gives another answer: the seed has to decide all of it"
NO_ANSWER = "no answer"  # as `worker.client` begins when it stops waiting


@dataclass
class LevelFindings:
    """What became of one level.

    Parameters
    ----------
    trials
        One for each answer, in the order of the cases.
    again
        A case that was right at first and wrong when it was asked again.
    death
        Why the worker was lost, and as what that counts.
    at
        The case during which it was lost.
    loss
        What else is known of that call.
    doubtful
        Whether the machine may have been the reason.
    """

    trials: list[Trial] = field(default_factory=list)
    again: Trial | None = None
    death: tuple[Status, str] | None = None
    at: BankedCase | None = None
    loss: Loss = field(default_factory=Loss)
    doubtful: bool = False

    @property
    def first_wrong(self) -> Trial | None:
        """The first trial that did not pass."""
        return next((t for t in self.trials if t.verdict.status is not Status.PASSED), self.again)

    @property
    def status(self) -> Status:
        """The status of the level: that of the first thing that went wrong."""
        if self.first_wrong is not None:
            return self.first_wrong.verdict.status
        return self.death[0] if self.death is not None else Status.PASSED


def first_inconstant(first_time: Sequence[Trial], repeated: Sequence[Trial]) -> Trial | None:
    """Return a repeated trial that was right the first time and is wrong now.

    Parameters
    ----------
    first_time
        What was answered at first.
    repeated
        What was answered to the same calls later, in their order.
    """
    for first, trial in zip(first_time, repeated, strict=False):
        before, now = first.verdict.status, trial.verdict.status
        if before is Status.PASSED and now is not Status.PASSED:
            mismatch = trial.verdict.mismatch or Mismatch("again", "")
            text = f"the same call again gives another answer: {mismatch.message}"
            trial.verdict = Verdict(now, Mismatch("again", text, mismatch.step))
            return trial
        rule = trial.rule
        if rule is None or not rule.is_random or before is not Status.PASSED:
            continue
        if not same_answers(first.answer.steps, trial.answer.steps, trial.exercise.check.tolerance):
            trial.verdict = Verdict(Status.FAILED, Mismatch("again", OTHER_DRAWS))
            return trial
    return None


def tell_loss(
    result: ExerciseResult,
    exercise: Exercise,
    level: LevelFindings,
    sources: SourceMap,
    find_site: FindSite = lambda _: None,
) -> ExerciseResult:
    """Return a result with words for a level whose answers were right until none came any more.

    Parameters
    ----------
    result
        The verdict, without words.
    exercise
        Which.
    level
        What became of it.
    sources
        What the student calls the files and their lines.
    find_site
        Returns what stands in a line of the student's.
    """
    lethal = None
    if level.at is not None:
        lost = make_counterexample(Trial(exercise, level.at, None), shrunk=False)
        lethal = replace(lost, actual=None)
    lines = [sources.locate(Location(*at)) for at in level.loss.lines]
    told = replace(
        result,
        message=_why(level),
        counterexample=lethal,
        location=lines[0] if lines else None,
        printed=retold(level.loss.printed, sources),
    )
    if not _gave_no_answer(level):
        return told
    from grader.engine.naming.symptoms.endless import tell_endless  # noqa: PLC0415 - seldom

    return tell_endless(told, level.loss.lines, sources, find_site)


def _gave_no_answer(level: LevelFindings) -> bool:
    """Tell whether a call did not end, which is another thing than an answer that came too late."""
    return level.status is Status.TIMEOUT and _told(level).startswith(NO_ANSWER)


def _told(level: LevelFindings) -> str:
    return level.death[1] if level.death else ""


def _why(level: LevelFindings) -> str:
    asks = ": is there a loop that does not end?" if _gave_no_answer(level) else ""
    return _told(level) + asks


def tell_slow(name: str, level: LevelFindings) -> str:
    """Return a line on a level that was answered too slowly, beside what else is wrong."""
    slow = level.status is Status.TIMEOUT and not _gave_no_answer(level)
    return f"{name}: {_why(level)}." if slow else ""


def retold(printed: Printed | None, sources: SourceMap) -> Printed | None:
    """Return what was printed with the lines of a notebook's cells as the student knows them."""
    if printed is None:
        return None
    return replace(printed, lines=tuple(map(sources.retell, printed.lines)))
