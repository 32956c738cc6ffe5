"""Keep what is known about a class: facts in one SQLite file that survives whatever happens.

The schema is `store/schema.sql`; scores are its views. What a run finds out is written by `runs`;
what a term adds (the roster, when work came in, points by hand) here. Nothing that was written is
changed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.gradebook.file import GradebookFile
from grader.gradebook.people.delivery import Delivery, TimeSource
from grader.gradebook.people.person import Person
from grader.gradebook.runs import Run, now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.runs import Conditions


TELLING = (
    "gradescope",
    "classroom",
)  # platforms whose metadata gave times before it was said whose


class Gradebook(GradebookFile):
    """An open gradebook: what can be asked of it, and what can be added.

    An assignment is meant by its row id, unless its name is asked for.
    """

    # ------------------------------------------------------------------ assignments and runs

    def assignment_names(self) -> list[str]:
        """Return the names of all assignments, oldest first."""
        return [name for (name,) in self.query("SELECT name FROM assignment ORDER BY id")]

    def find_seed(self, assignment: str) -> int | None:
        """Return the seed of an assignment, or None for a new one."""
        rows = self.query("SELECT seed FROM assignment WHERE name = ?", assignment)
        return rows[0][0] if rows else None

    def begin_run(
        self,
        assignment: str,
        conditions: Conditions,
        asked: Sequence[tuple[str, int, float]],
        *,
        regrade: bool = False,
    ) -> Run:
        """Note a new run, and what it asks for.

        Parameters
        ----------
        assignment
            Its name.
        conditions
            Of the run.
        asked
            Id, place in the course and points of each exercise.
        regrade
            Whether facts that are there do not count as done; they stay as history.
        """
        limits = conditions.limits
        with self.writing() as sql:
            sql.execute(
                "INSERT INTO assignment (name, seed) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET seed = excluded.seed",
                (assignment, conditions.seed),
            )
            (number,) = sql.execute(
                "SELECT id FROM assignment WHERE name = ?", (assignment,)
            ).fetchone()
            if regrade:
                sql.execute(
                    "UPDATE assignment SET redo_through = "
                    "(SELECT coalesce(max(id), 0) FROM fact) WHERE id = ?",
                    (number,),
                )
            sql.executemany(
                "INSERT INTO asked VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET position = excluded.position, possible = excluded.possible",
                [(number, *row) for row in asked],
            )
            run = sql.execute(
                "INSERT INTO run (assignment, started, seed, course, timeout_s, memory_mib, "
                "sandbox, oracles, versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, now(), conditions.seed,
                    conditions.course, limits.timeout_s, limits.memory_mib, conditions.sandbox,
                    json.dumps(list(conditions.oracles)), json.dumps(dict(conditions.versions)),
                ),
            ).lastrowid  # fmt: skip
            if conditions.lay:
                sql.execute("INSERT INTO origin VALUES (?, ?, ?)", (run, *conditions.lay))
            self.seals.seal_tables("assignment", "asked", "run", "origin")
        return Run(self, number, int(run or 0), conditions)

    def has_open_run(self, assignment: int) -> bool:
        """Tell whether the newest run of an assignment has not come to its end."""
        rows = self.query(
            "SELECT run FROM run_end WHERE run = (SELECT max(id) FROM run WHERE assignment = ?)",
            assignment,
        )
        return not rows

    # ------------------------------------------------------------------ who is in the class

    def note_roster(self, assignment: int, people: Sequence[Person]) -> None:
        """Write down who is in the class; nothing when that is what the newest roster says.

        Parameters
        ----------
        assignment
            Row id.
        people
            Everybody, in the file's order.
        """
        if list(people) == (self.find_roster(assignment) or []):
            return
        with self.writing() as sql:
            number = sql.execute(
                "INSERT INTO roster (assignment, read_at) VALUES (?, ?)", (assignment, now())
            ).lastrowid
            sql.executemany(
                "INSERT INTO roster_entry VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (number, place, one.name, json.dumps(one.ids), one.login, one.email)
                    for place, one in enumerate(people)
                ],
            )
            self.seals.seal_tables("roster", "roster_entry")

    def find_roster(self, assignment: int) -> list[Person] | None:
        """Return who is in the class; None when no roster was given."""
        ((newest,),) = self.query("SELECT max(id) FROM roster WHERE assignment = ?", assignment)
        if newest is None:
            return None
        rows = self.query(
            "SELECT name, ids, login, email FROM roster_entry WHERE roster = ? ORDER BY position",
            newest,
        )
        return [Person(name, tuple(json.loads(ids)), *more) for name, ids, *more in rows]

    def find_elsewhere(self, assignment: int) -> list[tuple[str, Person]]:
        """Return the names that other assignments know people by, and who they are."""
        rows = self.query(
            "SELECT DISTINCT submission, full_name, platform_id, login, email FROM delivery "
            "WHERE assignment != ? AND submission != ''",
            assignment,
        )
        return [(row[0], _person(*row[1:], row[0])) for row in rows]

    # ------------------------------------------------------------------ how work came in

    def note_deliveries(
        self, assignment: int, run: int, deliveries: Sequence[tuple[str, Delivery]]
    ) -> None:
        """Write down how submissions came in, where that is not known yet.

        Parameters
        ----------
        assignment, run
            Row ids.
        deliveries
            The name of each submission, and how it came in.
        """
        before = self.find_deliveries(assignment)
        fresh = [(name, one) for name, one in deliveries if _is_news(one, before.get(name, []))]
        if not fresh:
            return
        with self.writing() as sql:
            for name, one in fresh:
                when = one.came_in and one.came_in.astimezone(UTC).isoformat()
                added = sql.execute(
                    "INSERT INTO delivery (assignment, submission, run, layout, platform_id, "
                    "full_name, login, email, came_in, marked_late) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        assignment, name, run, one.layout, one.person.key, one.person.name,
                        one.person.login, one.person.email, when, one.marked_late,
                    ),
                )  # fmt: skip
                sql.execute(
                    "INSERT INTO arrival VALUES (?, ?, ?, ?, ?)",
                    (
                        added.lastrowid,
                        one.time_source,
                        json.dumps(one.files),
                        one.team,
                        one.why_not,
                    ),
                )
            self.seals.seal_tables("delivery", "arrival")

    def find_deliveries(self, assignment: int) -> dict[str, list[tuple[int, Delivery]]]:
        """Return every delivery of every submission with its run, oldest first, by name.

        What is nobody's is under an empty name.
        """
        found: dict[str, list[tuple[int, Delivery]]] = {}
        rows = self.query(
            "SELECT submission, run, layout, came_in, marked_late, time_source, files, team, "
            "why_not, full_name, platform_id, login, email "
            "FROM delivery LEFT JOIN arrival ON delivery = id WHERE assignment = ? ORDER BY id",
            assignment,
        )
        for name, run, layout, came_in, late, said, files, team, why_not, *who in rows:
            when = None if came_in is None else datetime.fromisoformat(came_in)
            # A version that did not say so had the platform's word, or the file's time.
            source = said if said is not None else "platform" if layout in TELLING else "file"
            one = Delivery(
                _person(*who), layout, when, bool(late), TimeSource(source),
                tuple(json.loads(files or "[]")), team or "", why_not or "",
            )  # fmt: skip
            found.setdefault(name, []).append((run, one))
        return found

    def names_by_platform_id(self, assignment: str = "") -> dict[str, str]:
        """Return the name that each of a platform's ids has in the gradebook.

        Parameters
        ----------
        assignment
            Its name: a participant's number in Moodle is another one in every assignment, so that
            only this one's count; other platforms' ids are a student's for good.
        """
        rows = self.query(
            "SELECT platform_id, submission FROM delivery AS d JOIN assignment AS a "
            "ON a.id = d.assignment WHERE platform_id != '' AND submission != '' "
            "AND (layout != 'moodle' OR a.name = ?) "
            "ORDER BY d.id",
            assignment,
        )
        return {row[0]: row[1] for row in rows}

    # ------------------------------------------------------------------ points by hand

    def note_overrides(
        self, assignment: int, decisions: Sequence[tuple[str, str, float | None, str]]
    ) -> None:
        """Add decisions, all of them or none; earlier ones stay as history.

        Parameters
        ----------
        assignment
            Row id.
        decisions
            Whose, for which exercise, the points, and the reason in the instructor's words. No
            points take an earlier decision back.
        """
        with self.writing() as sql:
            sql.executemany(
                "INSERT INTO override (assignment, submission, exercise, points, why, decided_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [(assignment, *row, now()) for row in decisions],
            )
            self.seals.seal_tables("override")


def _is_news(one: Delivery, before: Sequence[tuple[int, Delivery]]) -> bool:
    """Tell whether a delivery says anything that is not written down yet.

    What is graded is compared with what was graded last; the rest only has to be there.
    """
    if one.why_not:
        return all(one != other for _, other in before)
    counted = [other for _, other in before if not other.why_not]
    return not counted or counted[-1] != one


def _person(name: str, platform_id: str, login: str, email: str, *also_called: str) -> Person:
    return Person(name, (platform_id,) if platform_id else (), login, email, also_called)
