"""Search for the one edit of a student's function after which every case passes.

The edits are tried where the student's code runs, in copies of its functions. The trusted side
writes their texts and judges the answers, as it does with any. The effort is counted in tries, so
that the same failure is told the same line; what takes too long all the same is given up, and then
nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.engine.compare import same_answers
from grader.engine.naming.mending.edits import Clues, find_edits, suggested
from grader.engine.naming.mending.looking import find_suspects, is_unbound, wrong_results
from grader.engine.naming.mending.telling import FoundMending, decide
from grader.engine.naming.mending.trying import Tries, portions
from grader.engine.reading.suspects import suspicion
from grader.errors import ForgedFrameError, GivenUpError, WorkerLostError
from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.vocabulary import Mistake
    from grader.engine.asking.calls import Caller
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.judge import Trial
    from grader.engine.naming.answers import Answers
    from grader.engine.naming.mending.own import Edit, OwnFunctions
    from grader.engine.naming.mending.trying import Tried

MAX_TRIES = 300  # edits
MAX_PAIRS, FIRST_EDITS, SECOND_EDITS = 80, 2, 40  # and of two edits together
MORE_TRIES, MAX_COSTS = 75, 99  # after one that mends, for those that are as likely
COMMON = ("assigns", "crop", "begin")  # that are seldom alone
IGNORED = "ignored"  # in a name: what is missing is at fault, and no line that is there
MAX_COST = 2  # of an edit beside a known mistake, or of the second of a pair
MAX_COMPARED = 40  # cases to which a known mistake's answers are looked at
MAX_CHECKED = 60  # edits beside a known mistake that are asked about more than one case
SEARCHED = (Status.FAILED, Status.ERROR)


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
    told
        The id of that mistake, whose words say what is tried first.
    """

    caller: Caller
    own: OwnFunctions
    trials: Sequence[Trial]
    answers: Answers
    is_named: bool = False
    told: str = ""

    def __post_init__(self) -> None:
        self.tries = Tries(self.caller, self.own)
        self._targets = find_targets(self.trials)
        self._few = a_few(self._targets)
        self._known: dict[tuple[str, int], tuple[object, ...]] = {}

    def find(self) -> FoundMending | None:
        """Return what mends the function, or None: also where that cost too much to find out."""
        if not self._targets:
            return None
        self.tries.begin()
        try:
            return self._find()
        except (GivenUpError, ForgedFrameError, WorkerLostError):
            self.tries.losses += 1
            return None
        finally:
            self.tries.end()

    def find_once(self) -> FoundMending | None:
        """Return what `find` does, or did for the same function with the same answers."""
        answers = [part for trial in self.trials for part in trial.frame or ()]
        key = self.own.digest(f"{self.caller.exercise.id} {self.is_named} {self.told}", answers)
        if before := self.answers.memory.find(key):
            own, known = before
            return known and known.moved(own, self.own)
        found = self.find()
        if not self.tries.losses and not self.tries.overtimes:  # else time had a part in it
            self.answers.memory.keep(key, self.own, found)
        return found

    def _find(self) -> FoundMending | None:
        first = self._targets[0].banked
        (before,) = self.tries.texts([""], [first])
        if before is None or before.verdict.status is Status.PASSED:
            return None  # what it answers hangs on more than its text
        edits = find_edits(self.own, find_clues(self.own, self._targets, self.told))[:MAX_TRIES]
        tried: list[Tried] = []
        mended: list[Edit] = []
        more, likely = MAX_TRIES, suggested(self.told)
        for some in portions(edits):
            least = min((edit.cost for edit in mended), default=MAX_COSTS)
            batch = [one for one in some if one.cost <= least + (one.kind in likely)][:more]
            news = self.tries.edited(batch, first)
            tried += news
            mended += [one.edit for one in news if one.passed and self._mends(one.edit)]
            more = more - len(batch) if least < MAX_COSTS else MORE_TRIES if mended else MAX_TRIES
        if mended:
            least = min(edit.cost for edit in mended)
            near = [one for one in mended if one.kind in likely and one.cost <= least + 1]
            return decide([*mended, *(replace(one, cost=least) for one in near)]) or decide(mended)
        changed = [one for one in tried if one.trial.frame != before.frame]
        alone = self.is_named or is_unbound(before)  # what has no value is missing, not wrong
        # what was raised is gone with many an edit, and its line is told already
        raises = before.verdict.status is Status.ERROR
        found = None if alone or raises else self._beside_mistake(changed)
        found = found or (None if alone else self._pair(changed))
        if found is None and IGNORED not in self.told:
            look = find_suspects(self.own, self._targets, self.tries, is_named=self.is_named)
            found = FoundMending((look,)) if look else None
        return found

    def _mends(self, edit: Edit) -> bool:
        """Tell whether every case comes out right with an edit, a few of them asked first."""
        parts = ([trial.banked for trial in some] for some in (self._few, self._targets))
        return all(self.tries.all_right(edit, cases) for cases in parts)

    # ------------------------------------------------------------------ beside a known mistake

    def _beside_mistake(self, tried: Sequence[Tried]) -> FoundMending | None:
        """Return an edit after which all answers are those of a known mistake."""
        found: list[tuple[Edit, Mistake]] = []
        groups: dict[object, list[Tried]] = {}
        if find_clues(self.own, self._targets).kinds <= {"changed"}:
            return None  # all answers are right, and a mistake's would be taken for a small one
        for one in tried:
            if one.edit.cost <= MAX_COST and not _only_breaks(one.edit):
                groups.setdefault(one.trial.frame, []).append(one)
        checked, both = 0, (self._few, self._targets)
        for mistake in self.caller.exercise.check.mistakes.values():
            wrong = self._wrong(mistake, self._targets[0].banked)
            alike = [some for some in groups.values() if self._is_alike(some[0].trial, wrong)]
            if not alike or not self._helps(mistake):
                continue
            for one in [one for some in alike for one in some]:
                checked += 1
                if checked > MAX_CHECKED:
                    return None
                if all(self._answers_as(one.edit, mistake, some) for some in both):
                    found.append((one.edit, mistake))
        chosen = decide([edit for edit, _ in found])
        if chosen is None or len({mistake.id for _, mistake in found}) > 1:
            return None
        return FoundMending(chosen.edits, found[0][1])

    def _wrong(self, mistake: Mistake, banked: BankedCase) -> tuple[object, ...]:
        """Return what a known mistake answers to a case, worked out once."""
        key = mistake.id, id(banked)
        if key not in self._known:
            self._known[key] = self.answers.wrong(mistake, banked)
        return self._known[key]

    def _is_alike(self, trial: Trial, wrong: Sequence[object]) -> bool:
        tolerance = self.caller.exercise.check.tolerance
        return same_answers(tuple(wrong), trial.answer.steps, tolerance)

    def _answers_as(self, edit: Edit, mistake: Mistake, targets: Sequence[Trial]) -> bool:
        cases = [trial.banked for trial in targets]
        return all(
            trial is not None and self._is_alike(trial, self._wrong(mistake, case))
            for trial, case in zip(self.tries.one(edit, cases), cases, strict=True)
        )

    def _helps(self, mistake: Mistake) -> bool:
        """Tell whether with a mistake alone more of some cases come out right than before.

        Taking away or breaking what is there often leaves a known mistake, and mends nothing.
        """
        tolerance = self.caller.exercise.check.tolerance
        more = 0
        some = self._targets[:: len(self._targets) // MAX_COMPARED + 1]
        for trial in some:
            wrong = self._wrong(mistake, trial.banked)
            is_right = same_answers(wrong, trial.expected, tolerance)
            if trial.verdict.status is not Status.PASSED:
                more += is_right
            elif not is_right:
                return False
        return more > len(_failing(some)) / 20

    # ------------------------------------------------------------------ two together

    def _pair(self, tried: Sequence[Tried]) -> FoundMending | None:
        """Return two edits that mend the function together."""
        scored = sorted(tried, key=lambda one: (one.score, -one.edit.cost), reverse=True)
        mended: list[Edit] = []
        tries = MAX_PAIRS
        clues = find_clues(self.own, self._targets)
        seconds = find_edits(self.own, replace(clues, part=None))  # the other part, too
        common = [edit for edit in seconds if edit.kind in COMMON and edit.cost == 1]
        for start in [*common[:FIRST_EDITS], *(one.edit for one in scored[:FIRST_EDITS])]:
            probe = self._next_failing(start)
            if probe is None:
                continue
            joined = [
                start.joined(edit)
                for edit in seconds
                if edit.cost <= MAX_COST and not set(edit.splices) & set(start.splices)
            ][: min(tries, SECOND_EDITS)]
            tries -= len(joined)
            news = [one for some in portions(joined) for one in self.tries.edited(some, probe)]
            mended += [one.edit for one in news if one.passed and self._mends(one.edit)]
            if mended or tries <= 0:
                break
        is_one = len({edit.lines for edit in mended}) == 1 and len(mended[0].lines) <= 2
        return FoundMending((mended[0],)) if is_one else None

    def _next_failing(self, edit: Edit) -> BankedCase | None:
        """Return a case that is still wrong with an edit that is part of a pair."""
        cases = [trial.banked for trial in _failing(self._few)]
        for case, trial in zip(cases, self.tries.one(edit, cases), strict=True):
            if trial is not None and trial.verdict.status is not Status.PASSED:
                return case
        return None


def find_targets(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials that must come out right, the smallest failing one first.

    Arguments that should be refused are another matter, as long as something else is wrong, too.
    Where a case ended in a way that no edit is looked for, there are none.
    """
    wrong, chosen = _failing(trials), list(trials)
    if good := [trial for trial in wrong if not trial.banked.bad]:
        chosen = [trial for trial in trials if trial not in wrong or trial in good]
        wrong = good
    if not wrong or any(trial.verdict.status not in SEARCHED for trial in wrong):
        return []
    first = min(wrong, key=lambda t: (len(t.banked.request.data), len(t.banked.request.text)))
    return [first, *(trial for trial in chosen if trial is not first)]


def find_clues(own: OwnFunctions, targets: Sequence[Trial], told: str = "") -> Clues:
    """Return what failing trials say before any edit is tried."""
    found = [trial.verdict.mismatch for trial in targets if trial.verdict.mismatch]
    parts = {mismatch.path[0] if mismatch.path else None for mismatch in found}
    part = parts.pop() if len(parts) == 1 and not own.is_class else None
    first, lines, names = targets[0], [], {node.name for node in own.bodies}
    for at in first.trace:
        _, line = first.sources.made_line(at) or (at.file, at.line)
        lines += [line] if at.function in names else []
    kinds = frozenset(mismatch.kind for mismatch in found)
    right = wrong_results(_failing(targets))[1] if isinstance(part, int) else []
    suspects = suspicion(own.methods, targets) if own.is_class else {}
    whole = part if isinstance(part, int) else None
    return Clues(kinds, tuple(lines), whole, tuple(right), told, suspects)


def a_few(targets: Sequence[Trial]) -> list[Trial]:
    """Return the first trial, and of each kind a few that are quick to ask."""
    ordered = sorted(targets[1:], key=lambda trial: len(trial.banked.request.data))
    wrong = _failing(ordered)
    right = [trial for trial in ordered if trial.verdict.status is Status.PASSED]
    middle = wrong[len(wrong) // 2 : len(wrong) // 2 + 2]
    return list(dict.fromkeys([*targets[:1], *wrong[:2], *middle, *wrong[-1:], *right[:3]]))


def _failing(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.verdict.status is not Status.PASSED]


def _only_breaks(edit: Edit) -> bool:
    """Tell whether an edit takes something away, which leaves a known mistake of itself."""
    if edit.kind == "axis" and any("None" in splice.text for splice in edit.splices):
        return True
    return edit.kind.endswith("extra") or edit.kind in ("adds", "condition")
