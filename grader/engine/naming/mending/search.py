"""Search for the one edit of a student's function after which every case passes.

The edits are tried where the student's code runs, in copies of its functions. The trusted side
writes their texts and judges the answers, as it does with any. The effort is counted in tries, so
that the same failure is told the same line; what takes too long all the same is given up, and then
nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from grader.engine.compare import same_answers
from grader.engine.judge import Reading, judge_level
from grader.engine.naming.mending.edits import Evidence, find_edits
from grader.errors import ForgedFrameError, WorkerLostError, WorkerTimeoutError
from grader.model import Raised, Status
from grader.worker.rewriting import Rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.vocabulary import Mistake
    from grader.engine.calls import Caller
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
    from grader.engine.naming.mending.own import Edit, OwnFunctions

    Item = TypeVar("Item")

MAX_TRIES = 600  # texts of the function
MAX_PAIRS = 250  # and of two edits together
MAX_CALLS = 3_000  # in all
MAX_CHECKED = 40  # edits beside a known mistake that are asked about more than one case
MAX_LOSSES = 2  # workers
MAX_OVERTIMES = 6
AT_ONCE = 25
CASE_S, WHOLE_S = 0.25, 6.0  # CPU seconds: of one case, and of the whole search
FIRST_EDITS = 5  # of a pair
STEPS = ("raises", "type", "dtype", "shape", "finite", "values", "changed", "again")


class GivenUpError(Exception):
    """The search has cost what it may."""


@dataclass(frozen=True)
class Found:
    """What mends a function.

    Parameters
    ----------
    edits
        One edit, or two that do so alike or together.
    mistake
        A known mistake that explains what is still wrong; None where nothing is.
    """

    edits: tuple[Edit, ...]
    mistake: Mistake | None = None


@dataclass
class Tried:
    """An edit, and what the function then answered to the first case."""

    edit: Edit
    trial: Trial

    @property
    def passed(self) -> bool:
        """Whether that was right."""
        return self.trial.verdict.status is Status.PASSED

    @property
    def score(self) -> tuple[int, float]:
        """How near to right: how far the check came, and what share of the numbers was right."""
        mismatch = self.trial.verdict.mismatch
        if mismatch is None:
            return len(STEPS), 1.0
        share = 1 - mismatch.wrong / mismatch.total if mismatch.total else 0.0
        return STEPS.index(mismatch.kind) if mismatch.kind in STEPS else 0, share


@dataclass
class MendingSearch:
    """Try edits of one function.

    Parameters
    ----------
    caller
        The student's function.
    own
        Its text.
    trials
        Every case of the set that was asked, with its verdict.
    answers
        What known mistakes answer.
    is_named
        Whether a known mistake explains every case, so that only the one line is looked for.
    """

    caller: Caller
    own: OwnFunctions
    trials: Sequence[Trial]
    answers: Answers
    is_named: bool = False
    reading: Reading = field(default_factory=Reading)
    tries: int = 0
    calls: int = 0
    _losses: int = 0
    _overtimes: int = 0

    def find(self) -> Found | None:
        """Return what mends the function, or None: also where that cost too much to find out."""
        targets = self._targets()
        if targets is None:
            return None
        limits = self.caller.seat.worker.limits
        self.caller.begin()
        try:
            return self._find(targets)
        except (GivenUpError, ForgedFrameError, WorkerLostError):
            return None
        finally:
            self.caller.seat.worker.limits = limits

    def _targets(self) -> list[Trial] | None:
        """Return the trials that must come out right, the first one failing and small."""
        good = [trial for trial in self.trials if not trial.banked.bad]
        wrong = [trial for trial in good if trial.verdict.status is not Status.PASSED]
        chosen = list(self.trials)
        if wrong:  # arguments that should be refused are another matter
            chosen = [t for t in chosen if t in good or t.verdict.status is Status.PASSED]
        wrong = wrong or [t for t in self.trials if t.verdict.status is not Status.PASSED]
        if not wrong or any(t.verdict.status not in (Status.FAILED, Status.ERROR) for t in wrong):
            return None
        first = min(wrong, key=lambda t: (len(t.banked.request.data), len(t.banked.request.text)))
        return [first, *(trial for trial in chosen if trial is not first)]

    def _find(self, targets: Sequence[Trial]) -> Found | None:
        first, few = targets[0], _a_few(targets)
        (before,) = self._try([""], [first.banked])
        if before is None or before.verdict.status is Status.PASSED:
            return None  # what it answers hangs on more than its text
        tried: list[Tried] = []
        mended: list[Edit] = []
        edits = find_edits(self.own, _evidence(self.own, targets))[:MAX_TRIES]
        at = 0
        while at < len(edits) and not (mended and edits[at].cost > mended[0].cost):
            batch = edits[at : at + AT_ONCE]
            at += len(batch)
            news = self._try_edits(batch, first)
            tried += news
            mended += [
                one.edit for one in news if one.passed and self._mends(one.edit, few, targets)
            ]
        if mended:
            return _decide(mended)
        if self.is_named:
            return None
        before_frame = before.frame
        changed = [one for one in tried if one.trial.frame != before_frame]
        return self._beside_mistake(changed, few, targets) or self._pair(changed, few, targets)

    # ------------------------------------------------------------------ trying

    def _try_edits(self, edits: Sequence[Edit], first: Trial) -> list[Tried]:
        written = [(edit, self.own.edited(edit)) for edit in edits]
        kept = [(edit, text) for edit, text in written if text is not None]
        trials = self._try([text for _, text in kept], [first.banked] * len(kept))
        return [
            Tried(edit, trial)
            for (edit, _), trial in zip(kept, trials, strict=True)
            if trial is not None
        ]

    def _try(self, texts: Sequence[str], cases: Sequence[BankedCase]) -> list[Trial | None]:
        """Return a trial for each text and its case; None where the worker was lost over it."""
        self.tries += len(texts)
        found: list[Trial | None] = []
        while len(found) < len(texts):
            at = len(found)
            found += self._ask(texts[at:], cases[at:])
        return found

    def _ask(self, texts: Sequence[str], cases: Sequence[BankedCase]) -> list[Trial | None]:
        self.calls += len(cases)
        if self.calls > MAX_CALLS or self._overtimes > MAX_OVERTIMES:
            raise GivenUpError
        self._limit()
        asked = Rewritten(self.caller.exercise.name, self.own.base, texts, CASE_S)
        frames = []
        lost = False
        try:
            for frame in self.caller.call(cases, anew=False, rewritten=asked):
                frames.append(frame)  # noqa: PERF402 - what came before a death is kept
        except WorkerTimeoutError:
            raise
        except WorkerLostError:
            self._losses += 1
            if self._losses > MAX_LOSSES:
                raise
            lost = True
        trials: list[Trial | None] = list(
            judge_level(self.caller.exercise, cases, frames, reading=self.reading)
        )
        for trial in trials:
            last = trial.answer.steps[-1] if trial and trial.verdict.mismatch else None
            self._overtimes += isinstance(last, Raised) and last.type == "Overtime"
        return [*trials, None] if lost else trials

    def _limit(self) -> None:
        """Let the worker compute no longer than a search may."""
        worker = self.caller.seat.worker
        timeout_s = min(worker.limits.timeout_s, WHOLE_S)
        worker.limits = replace(worker.limits, timeout_s=timeout_s)

    def _mends(self, edit: Edit, few: Sequence[Trial], targets: Sequence[Trial]) -> bool:
        """Tell whether every case comes out right with an edit."""
        text = self.own.edited(edit) or ""
        return all(
            self._all_right(text, [trial.banked for trial in some]) for some in (few, targets)
        )

    def _all_right(self, text: str, cases: Sequence[BankedCase]) -> bool:
        return all(
            trial is not None and trial.verdict.status is Status.PASSED
            for some in _portions(cases)
            for trial in self._try([text] * len(some), some)
        )

    # ------------------------------------------------------------------ more than one

    def _beside_mistake(
        self, tried: Sequence[Tried], few: Sequence[Trial], targets: Sequence[Trial]
    ) -> Found | None:
        """Return an edit after which all answers are those of a known mistake."""
        found: list[tuple[Edit, Mistake]] = []
        first, checked = targets[0].banked, 0
        for mistake in self.caller.exercise.check.mistakes.values():
            wrong = self.answers.wrong(mistake, first)
            for one in tried:
                takes_away = one.edit.kind.endswith("extra") or one.edit.cost > 2
                if takes_away or not self._answers_so(one.trial, wrong):
                    continue
                checked += 1
                if checked > MAX_CHECKED:
                    return None
                if self._helps(mistake, targets) and all(
                    self._answers_all(one.edit, mistake, some) for some in (few, targets)
                ):
                    found.append((one.edit, mistake))
        chosen = _decide([edit for edit, _ in found])
        if chosen is None or len({mistake.id for _, mistake in found}) > 1:
            return None
        return Found(chosen.edits, found[0][1])

    def _helps(self, mistake: Mistake, targets: Sequence[Trial]) -> bool:
        """Tell whether with a mistake alone more cases come out right than before.

        Taking away or breaking what is there often leaves a known mistake, and mends nothing.
        """
        tolerance = self.caller.exercise.check.tolerance
        right = [
            same_answers(self.answers.wrong(mistake, t.banked), t.expected, tolerance)
            for t in targets
        ]
        before = [trial.verdict.status is Status.PASSED for trial in targets]
        worse = sum(b and not r for b, r in zip(before, right, strict=True))
        return not worse and sum(right) - sum(before) >= (len(before) - sum(before)) / 4

    def _answers_so(self, trial: Trial, wrong: Sequence[object]) -> bool:
        tolerance = self.caller.exercise.check.tolerance
        return same_answers(tuple(wrong), trial.answer.steps, tolerance)

    def _answers_all(self, edit: Edit, mistake: Mistake, targets: Sequence[Trial]) -> bool:
        text = self.own.edited(edit) or ""
        for some in _portions(targets):
            cases = [trial.banked for trial in some]
            for trial, case in zip(self._try([text] * len(some), cases), cases, strict=True):
                if trial is None or not self._answers_so(trial, self.answers.wrong(mistake, case)):
                    return False
        return True

    def _pair(
        self, tried: Sequence[Tried], few: Sequence[Trial], targets: Sequence[Trial]
    ) -> Found | None:
        """Return two edits that mend the function together."""
        failing = [trial for trial in few if trial.verdict.status is not Status.PASSED]
        starts = sorted(tried, key=lambda one: (one.score, -one.edit.cost), reverse=True)
        mended: list[Edit] = []
        tries = MAX_PAIRS
        for start in starts[:FIRST_EDITS]:
            probe = self._next_failing(start, failing)
            if probe is None:
                continue
            joined = [
                start.edit.joined(one.edit)
                for one in tried
                if one.edit.cost <= 2 and not set(one.edit.splices) & set(start.edit.splices)
            ][: tries // 2 or 1]
            tries -= len(joined)
            news = [t for some in _portions(joined) for t in self._try_edits(some, probe)]
            mended += [t.edit for t in news if t.passed and self._mends(t.edit, few, targets)]
            if mended or tries <= 0:
                break
        lines = {edit.lines for edit in mended}
        return Found((mended[0],)) if len(lines) == 1 and len(mended[0].lines) <= 2 else None

    def _next_failing(self, start: Tried, failing: Sequence[Trial]) -> Trial | None:
        """Return a case that is still wrong with an edit that is part of a pair."""
        text = self.own.edited(start.edit) or ""
        trials = self._try([text] * len(failing), [trial.banked for trial in failing])
        for before, trial in zip(failing, trials, strict=True):
            if trial is not None and trial.verdict.status is not Status.PASSED:
                return before
        return None


def _decide(mended: Sequence[Edit]) -> Found | None:
    """Return the likeliest edits, if they are at one line or at two."""
    best = [edit for edit in mended if edit.cost == min(one.cost for one in mended)]
    by_line: dict[tuple[int, ...], Edit] = {}
    for edit in best:
        by_line.setdefault(edit.lines, edit)
    if not 1 <= len(by_line) <= 2:
        return None
    return Found(tuple(edit for _, edit in sorted(by_line.items())))


def _evidence(own: OwnFunctions, targets: Sequence[Trial]) -> Evidence:
    kinds: set[str] = set()
    parts: set[object] = set()
    for trial in targets:
        mismatch = trial.verdict.mismatch
        if mismatch is not None:
            kinds.add(mismatch.kind)
            parts.add(mismatch.path[0] if mismatch.path else None)
    lines = []
    for location in targets[0].trace:
        made = targets[0].sources.made_line(location)
        _, line = made or (location.file, location.line)
        lines += [line] if location.function in own.functions else []
    part = parts.pop() if len(parts) == 1 else None
    return Evidence(frozenset(kinds), tuple(lines), part if isinstance(part, int) else None)


def _a_few(targets: Sequence[Trial]) -> list[Trial]:
    """Return the first case, and of each kind a few that are quick to ask."""
    ordered = sorted(targets[1:], key=lambda t: len(t.banked.request.data))
    wrong = [trial for trial in ordered if trial.verdict.status is not Status.PASSED]
    right = [trial for trial in ordered if trial.verdict.status is Status.PASSED]
    middle = wrong[len(wrong) // 2 : len(wrong) // 2 + 2]
    return [*dict.fromkeys([targets[0], *wrong[:2], *middle, *wrong[-1:], *right[:3]])]


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
