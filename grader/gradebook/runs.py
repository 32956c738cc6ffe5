"""One `dlgrade grade`: what it has still to find out, and how that is written down.

A submission's facts are written in one transaction, on the disk before the next one begins.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.gradebook.people.delivery import NOT_RECOGNISED, Recognised, Recognition

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from grader.engine.document import Fact
    from grader.gradebook.file import GradebookFile
    from grader.model import Limits

JUDGES = ""  # in place of an exercise: what asks and judges, then `library=version` for each
DRAWS = "*"  # and what draws the cases
RERUN_WHEN_LIMITS_RISE = ("timeout", "crashed", "not_run")


def now() -> str:
    """Return this moment as the gradebook writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Conditions:
    """Under which conditions a run grades: kept with every fact that it finds out.

    Parameters
    ----------
    seed, limits, sandbox, oracles, versions
        As a result document says them.
    course
        Digest of the whole course.
    lay
        Where the submissions lie, and the course, empty for the built-in one; None where that is
        not known.
    """

    seed: int
    course: str
    limits: Limits
    sandbox: str
    oracles: Sequence[str]
    versions: Mapping[str, str]
    lay: tuple[str, str] | None = None


@dataclass(frozen=True)
class Run:
    """A run that is going on: what is still to do, and where results go.

    Parameters
    ----------
    book
        The gradebook.
    assignment, number
        Row ids.
    conditions
        Of this run.
    criteria
        What decides the verdict of each exercise, as far as that is known yet, and under `JUDGES`
        and `DRAWS` who does.
    """

    book: GradebookFile
    assignment: int
    number: int
    conditions: Conditions
    criteria: dict[str, str] = field(default_factory=dict)

    def note_criteria(self, criteria: Mapping[str, str]) -> None:
        """Write down what decides the verdicts, beside `JUDGES` and `DRAWS`.

        Raises
        ------
        GradebookFullError
        """
        fresh = {key: digest for key, digest in criteria.items() if key not in self.criteria}
        self.criteria.update(fresh)
        if fresh:
            with self.book.writing() as sql:
                rows = [(self.number, *row) for row in sorted(fresh.items())]
                sql.executemany("INSERT INTO criterion VALUES (?, ?, ?)", rows)
                self.book.seals.seal_tables("criterion")

    @property
    def may_decide_otherwise(self) -> bool:
        """Whether a run before had other files of the course, or drew cases by other means."""
        ((found,),) = self.book.query(
            "SELECT EXISTS (SELECT 1 FROM run LEFT JOIN criterion ON run = id AND exercise = ? "
            "WHERE assignment = ? AND (course != ? OR digest IS NOT ?))",
            DRAWS, self.assignment, self.conditions.course, self.criteria.get(DRAWS),
        )  # fmt: skip
        return bool(found)

    def pending(self, content: str, exercises: Sequence[str]) -> list[str]:
        """Return the exercises of a content for which there is no fact that counts as done.

        A fact counts when it was found out with this run's seed, and when what decides the verdict
        is what it was then: what judges, and the exercise's criterion. One that ended
        at a limit does not count when that limit has risen since; what nobody could grade is tried
        again. Where something is not as it was written, nothing that is known about this content
        counts.
        """
        if not self.book.is_whole(self.assignment, content):
            with self.book.writing():
                self.book.seals.disown(self.assignment, content)
        limits = self.conditions.limits
        marks = ", ".join("?" * len(RERUN_WHEN_LIMITS_RISE))
        rows = self.book.query(
            "SELECT f.exercise, f.status, r.timeout_s, r.memory_mib, "  # noqa: S608 - only marks
            f" EXISTS (SELECT 1 FROM level WHERE fact = f.id AND status IN ({marks})), "
            "c.digest, e.digest, d.digest, r.course "
            "FROM fact AS f JOIN run AS r ON r.id = f.run "
            "JOIN assignment AS a ON a.id = f.assignment "
            "LEFT JOIN criterion AS c ON c.run = f.run AND c.exercise = f.exercise "
            "LEFT JOIN criterion AS e ON e.run = f.run AND e.exercise = ? "
            "LEFT JOIN criterion AS d ON d.run = f.run AND d.exercise = ? "
            "WHERE f.assignment = ? AND f.content = ? AND r.seed = ? "
            "AND f.id > a.redo_through ORDER BY f.id",
            *RERUN_WHEN_LIMITS_RISE, JUDGES, DRAWS,
            self.assignment, content, self.conditions.seed,
        )  # fmt: skip
        done = {}
        for exercise, status, timeout_s, memory_mib, at_a_limit, *decided in rows:
            risen = timeout_s < limits.timeout_s or memory_mib < limits.memory_mib
            same = self._decides_alike(exercise, *decided)
            done[exercise] = same and status != "ungraded" and not (at_a_limit and risen)
        return [exercise for exercise in exercises if not done.get(exercise)]

    def _decides_alike(
        self, exercise: str, digest: str | None, judges: str | None, draws: str | None, course: str
    ) -> bool:
        """Tell whether what decides the verdict of an exercise is what it was in another run.

        The cases do, with who judges. Of an exercise whose cases have not been looked at, in that
        run or in this one, they are the same where the course is, and what draws them.
        """
        mine = self.criteria
        if judges != mine.get(JUDGES):
            return False
        if digest is not None and exercise in mine:
            return digest == mine[exercise]
        return (course, draws) == (self.conditions.course, mine.get(DRAWS))

    def has_lost(self, name: str) -> bool:
        """Tell whether a submission of somebody is damaged, and with it how its files were read."""
        return bool(self.book.seals.find_damaged_rows(self.assignment, name).rows)

    def ungraded(self) -> set[str]:
        """Return whose work nobody could grade so far: tried again after all others."""
        rows = self.book.query(
            "SELECT DISTINCT s.name FROM current_submission AS s JOIN current_fact AS f "
            "ON f.assignment = s.assignment AND f.content = s.content "
            "WHERE s.assignment = ? AND f.status = 'ungraded'",
            self.assignment,
        )
        return {name for (name,) in rows}

    def record(
        self,
        name: str,
        content: str,
        facts: Sequence[Fact] = (),
        warnings: Sequence[str] = (),
        recognised: Recognised = NOT_RECOGNISED,
    ) -> None:
        """Write what became of a submission: all of it, on the disk, or nothing.

        Parameters
        ----------
        name, content
            Whose it is, and its digest.
        facts
            One for each exercise that was run.
        warnings
            For the instructor.
        recognised
            How its files were found out, what was guessed, and what they say themselves.

        Raises
        ------
        GradebookFullError
        """
        seals = self.book.seals
        with self.book.writing() as sql:
            seals.drop_rows(seals.find_damaged_rows(self.assignment, name).rows)
            told = json.dumps(list(warnings))
            newest = self._newest(sql, name)
            said = json.dumps(dict(recognised.own_count))
            known = (told, recognised.how, recognised.note)
            if newest[:2] != (content, said) or (facts and newest[2:] != known):
                self._add(sql, name, content, told, recognised)
            ids = [self._insert(sql, content, fact) for fact in facts]
            if ids:
                seals.seal_facts(self.assignment, content, ids[0], ids[-1])

    def _newest(self, sql: sqlite3.Connection, name: str) -> tuple[str, ...]:
        """Return what the newest row of a name says, and what belongs to it; nothing for none."""
        row = sql.execute(
            "SELECT content, coalesce(hints, '{}'), warnings, coalesce(recognised, ''), "
            "coalesce(note, '') FROM submission AS s "
            "LEFT JOIN reading AS r ON r.submission = s.id "
            "LEFT JOIN own_count AS o ON o.submission = s.id "
            "WHERE assignment = ? AND name = ? ORDER BY id DESC LIMIT 1",
            (self.assignment, name),
        ).fetchone()
        return tuple(row or ())

    def _add(
        self, sql: sqlite3.Connection, name: str, content: str, told: str, recognised: Recognised
    ) -> None:
        """Add a row of a submission, with what belongs to it, under a seal."""
        added = sql.execute(
            "INSERT INTO submission (assignment, name, content, run, warnings) "
            "VALUES (?, ?, ?, ?, ?)",
            (self.assignment, name, content, self.number, told),
        )
        number, said = int(added.lastrowid or 0), dict(recognised.own_count)
        if recognised.how:
            row = (number, recognised.how, recognised.note)
            sql.execute("INSERT INTO reading VALUES (?, ?, ?)", row)
        if said:
            sql.execute("INSERT INTO own_count VALUES (?, ?)", (number, json.dumps(said)))
        self.book.seals.seal_submission(self.assignment, name, number)

    def told_before(self, content: str) -> tuple[Sequence[str], Recognised]:
        """Return what was told of a content when it was graded, perhaps under another name.

        Returns
        -------
        warnings, recognised
            As `record` takes them.
        """
        rows = self.book.query(
            "SELECT name, warnings, recognised, note, coalesce(hints, '{}') FROM submission AS s "
            "LEFT JOIN reading AS r ON r.submission = s.id "
            "LEFT JOIN own_count AS o ON o.submission = s.id "
            "WHERE assignment = ? AND content = ? ORDER BY recognised IS NULL, s.id DESC",
            self.assignment,
            content,
        )
        for name, warnings, how, note, said in rows:
            if self.has_lost(name):  # what is damaged is nobody's word
                continue
            known = Recognition.NOT_YET if how is None else Recognition(how)
            return json.loads(warnings), Recognised(known, note or "", json.loads(said))
        return (), NOT_RECOGNISED

    def finish(self) -> None:
        """Write down that the run came to its end.

        Raises
        ------
        GradebookFullError
        """
        with self.book.writing() as sql:
            sql.execute("INSERT INTO run_end VALUES (?, ?)", (self.number, now()))
            self.book.seals.seal_tables("run_end")

    def _insert(self, sql: sqlite3.Connection, content: str, fact: Fact) -> int:
        named, shown = fact["diagnosis"], fact["counterexample"]
        number = sql.execute(
            "INSERT INTO fact (assignment, content, exercise, run, status, cases, seconds, "
            "message, mistake, diagnosis, counterexample, details) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.assignment, content, fact["id"], self.number, fact["status"], fact["cases"],
                fact["seconds"], fact["message"], named and named["id"], named and named["message"],
                None if shown is None else json.dumps(shown), json.dumps(fact["details"]),
            ),
        ).lastrowid  # fmt: skip
        sql.executemany(
            "INSERT INTO level VALUES (?, ?, ?, ?, ?)",
            [
                (number, place, level["name"], level["status"], level["possible"])
                for place, level in enumerate(fact["levels"])
            ],
        )
        return int(number or 0)
