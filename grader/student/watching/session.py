"""One evening: what `dlgrade watch` shows, in answer to saves, keys and results.

Everything arrives as an event in one queue, and this is the only place that prints, so that no
two threads ever write into one line.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING

from rich.text import Text

from grader.course.outline import outline_of
from grader.errors import UnknownTargetError
from grader.files import from_here
from grader.model import Status
from grader.model.results import UNWRITTEN
from grader.render.drawings.terminal import render_picture
from grader.render.explaining.hints import render_hints
from grader.render.failure import Manner, render_failure
from grader.render.lists import render_around, render_list, render_next
from grader.render.signs import QUIET, RIGHT, has_colours, render_line, worth
from grader.student.drawing.showing import CheckedNow, asked_by, draw_found
from grader.student.drawing.states import sort_out
from grader.student.drawing.table import shows_drawing
from grader.student.faults import note_faults
from grader.student.helping.hints import read_hint
from grader.student.holding.offers import dir_option
from grader.student.standing import next_standing, read_standings, remember_results
from grader.student.watching.changes import touched
from grader.student.watching.checker import Checker, News, warm_up
from grader.student.watching.keys import Keys, next_event
from grader.student.watching.saves import SaveWatcher, changed_files
from grader.student.where import find_source_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from grader.course.course import Exercise
    from grader.engine.engine import Engine
    from grader.model import ExerciseResult
    from grader.render.shown import Standing
    from grader.student.progress import ProgressFile
    from grader.student.watching.saves import Texts

LEGEND = "h hint · n next · l list · e explain · d draw · r again · q quit"
LIST_LINES = 3  # of a list, beside one for each exercise
KEYS = {
    "h": "hint", "n": "next", "l": "list", "e": "explain", "d": "draw",
    "r": "again", "\n": "again", "\r": "again", "q": "quit", "": "quit",
}  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """Files were saved: their texts before and after."""

    old: Texts
    new: Texts


@dataclass(frozen=True)
class Key:
    """A key was pressed."""

    key: str


class WatchSession:
    """Watch a folder and talk to the student until told to stop.

    Parameters
    ----------
    engine
        Checks, with the cases in memory.
    folder
        The student's files.
    exercises
        The exercises that count, in order.
    console
        Where to print.
    store
        Remembers progress and hints.
    plain
        Words for signs; the screen is never cleared.
    given
        The folder where it has to be named; None for the one that commands find themselves.
    """

    def __init__(  # noqa: PLR0913 - the evening's parts, each found by the command
        self,
        engine: Engine,
        folder: Path,
        exercises: Sequence[Exercise],
        console: Console,
        store: ProgressFile,
        *,
        plain: bool = False,
        given: Path | None = None,
    ) -> None:
        self.engine, self.folder, self.exercises = engine, folder, exercises
        self._where = dir_option(given)
        self.console, self.store, self.plain = console, store, plain
        self._decks = self.engine.course.settings.get("decks", {})
        self._events: SimpleQueue[Saved | Key | News] = SimpleQueue()
        self._by_id = {exercise.id: exercise for exercise in self.exercises}
        found = next_standing(self._standings(self.exercises), self.store.load().at)
        self._current = self._by_id[found.exercise.id] if found else self.exercises[0]
        upcoming = self.exercises[self.exercises.index(self._current) :]
        self._checker = Checker(self.engine, self.folder, self._events.put, upcoming)
        self._wanted = 0
        self._checked: Sequence[Exercise] = [self._current]
        self._announced: Exercise | None = None  # as what is next, and not begun yet
        self._told: set[str] = set()
        self._last: ExerciseResult | None = None

    def run(self) -> None:
        """Go on until `q`, or until the terminal is closed."""
        watcher = SaveWatcher(self.folder, lambda old, new: self._events.put(Saved(old, new)))
        try:
            with Keys(lambda key: self._events.put(Key(key))):
                self._check([self._current], f"watching {from_here(self.folder)}")
                warm_up()
                while self._handle(next_event(self._events)):
                    pass
        finally:
            watcher.close()
            self._checker.close()

    def _handle(self, event: Saved | Key | News) -> bool:
        """React to one event; tell whether to go on."""
        if isinstance(event, Saved):
            self._on_save(event)
        elif isinstance(event, News):
            self._on_news(event)
        else:
            return self._on_key(KEYS.get(event.key.lower(), "unknown"))
        return True

    # ------------------------------------------------------------------ saves

    def _on_save(self, saved: Saved) -> None:
        names = changed_files(saved.old, saved.new)
        chosen = self._touched(saved, names) or [self._current]
        self._check(chosen, f"{', '.join(names)} saved")

    def _touched(self, saved: Saved, names: Sequence[str]) -> list[Exercise]:
        """Return the exercises that a save touches, those that were edited themselves first."""
        found: list[Exercise] = []
        for name in names:
            module = name.removesuffix(".py")
            here = {
                exercise.name: exercise for exercise in self.exercises if exercise.module == module
            }
            old, new = saved.old.get(name, b""), saved.new.get(name, b"")
            found += [here[function] for function in touched(old, new, list(here))]
        if len(found) > 1:  # stubs that are stubs still have nothing new to say
            states = self._standings(found)
            begun = [self._by_id[s.exercise.id] for s in states if s.state != UNWRITTEN]
            found = begun or found[:1]
        return found

    def _check(self, exercises: Sequence[Exercise], why: str) -> None:
        """Check these exercises in place of whatever is being checked."""
        self._told.clear()
        self._checked, self._announced = exercises, None
        if self.console.is_terminal and not self.plain:
            self.console.clear()
        clock = time.strftime("%H:%M:%S")
        names = ", ".join(exercise.id for exercise in exercises[:3]) + (
            ", …" if len(exercises) > 3 else ""
        )
        self.console.print(Text(f"{clock}  {why}: checking {names}", QUIET))
        self._wanted = self._checker.start(exercises)

    # ------------------------------------------------------------------ results

    def _on_news(self, news: News) -> None:
        if news.number != self._wanted:
            return
        if news.kind == "trouble":
            self.console.print(Text(f"dlgrade: {news.text}", "magenta"))
        for result in news.results if news.kind in ("verdict", "result") else ():
            if result.id not in self._told:
                self._told.add(result.id)
                self.console.print(render_line(result, plain=self.plain))
        if news.kind == "done":
            for warning in news.warnings:
                self.console.print(Text(warning, QUIET))
            self._on_done(news.results)

    def _on_done(self, results: Sequence[ExerciseResult]) -> None:
        note_faults(results)
        self.store.change(lambda known: remember_results(known, self.folder, results))
        failed = [result for result in results if result.status is not Status.PASSED]
        if failed:
            self._current = self._by_id[failed[0].id]
            self._last = failed[0]
            self._explain(failed[0], explain=False)
        else:
            self._last = results[-1]
            self._move_on()
        self.console.print(Text(f"\n{LEGEND}", QUIET))

    def _explain(self, result: ExerciseResult, *, explain: bool) -> None:
        exercise = self._by_id[result.id]
        line = find_source_line(self.folder, exercise, result)
        step = "save; h shows a hint"
        manner = Manner(self.plain, explain, self._decks, step)
        self.console.print(render_failure(result, exercise, line, manner))
        if shows_drawing(result):
            text = f"  Look at it: d, or dlgrade draw {result.id}{self._where}"
            self.console.print(Text(text), soft_wrap=True)  # a command is one line

    def _move_on(self) -> None:
        """Say what is next, once the exercise at hand has passed."""
        following = next_standing(self._standings(self.exercises), self._checked[0].module)
        if following is None:
            earned = worth(sum(exercise.check.points for exercise in self.exercises))
            many = len(self.exercises)
            which = "The exercise here passes" if many == 1 else f"All {many} exercises here pass"
            text = f"\n{which}: {earned}. Well done."
            self.console.print(Text(text, RIGHT))
            return
        self._current = self._announced = self._by_id[following.exercise.id]
        self.console.print(Text(""), render_next(following), sep="\n")

    # ------------------------------------------------------------------ keys

    def _on_key(self, command: str) -> bool:
        if command == "quit":
            return False
        if command == "hint":
            self.console.print(render_hints(read_hint(self._current, self.store)))
        elif command == "list":
            self._list()
        elif command == "next":
            self._current = self._announced or self._next_exercise(after=self._current)
            self._check([self._current], "next")
        elif command == "again":
            self._check(self._checked, "again")
        elif command == "explain" and self._last is not None:
            self._explain(self._last, explain=True)
        elif command == "draw":
            self._draw()
        return True

    def _draw(self) -> None:
        """Draw the case that failed last; of another exercise, what it is about."""
        name = self._current.id
        try:
            asked = asked_by(self.engine, name)
        except UnknownTargetError as error:
            self.console.print(Text(str(error), QUIET))
            return
        standings = self._standings([self.engine.course.exercise(one) for one in asked])
        states, _unknown = sort_out(standings, name)
        results = {} if self._last is None else {self._last.id: self._last}
        picture = draw_found(self.engine, name, CheckedNow(self.folder, states, results))
        wide, coloured = self.console.width, has_colours(self.console)
        shown = render_picture(picture, wide, plain=self.plain, coloured=coloured)
        self.console.print(Text(""), shown, sep="\n")

    def _list(self) -> None:
        """Show where each exercise stands; of more than the screen holds, those of the module."""
        standings = self._standings(self.exercises)
        fits = len(standings) + LIST_LINES <= self.console.height
        if fits or not self.console.is_terminal:
            self.console.print(render_list(standings, plain=self.plain))
        else:
            rows = self.console.height - 2  # the key that was pressed, and the line of keys
            module = self._current.module
            self.console.print(render_around(standings, module, rows=rows, plain=self.plain))

    def _next_exercise(self, after: Exercise) -> Exercise:
        """Return the first exercise that has not passed, beginning behind another, round again."""
        start = self.exercises.index(after) + 1
        order = [*self.exercises[start:], *self.exercises[:start]]
        found = next_standing(self._standings(order))
        return self._by_id[found.exercise.id] if found is not None else order[0]

    def _standings(self, exercises: Sequence[Exercise]) -> Sequence[Standing]:
        outlines = [outline_of(exercise) for exercise in exercises]
        return read_standings(self.folder, outlines, self.store.load())
