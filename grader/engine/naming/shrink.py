"""Find a smaller case that fails in the same way, asking the live worker.

First every whole number of the case is halved towards its lowest value as long as the case still
fails; then Hypothesis looks among the cases that are no larger, with small numbers in the arrays.
The effort is counted in calls, not in seconds, so that the same failure shrinks to the same case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.cases.drawing import Recipe, Recorder, find_smaller

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.strategies import Strategy
    from grader.model import Case

MAX_CALLS = 400


@dataclass
class Shrinker:
    """Look for a smaller failing case.

    Parameters
    ----------
    strategy
        The family of cases.
    fails
        Asks the student's function; true when it fails in the same way as before. May raise: the
        worker died, and the smallest case so far is the answer.
    max_calls
        How often `fails` may be asked.
    """

    strategy: Strategy
    fails: Callable[[Case], bool]
    max_calls: int = MAX_CALLS
    calls: int = 0

    def smallest(self, recipe: Recipe) -> Case:
        """Return the smallest failing case that was found, perhaps the first one itself."""
        recipe = self.halve(recipe)
        case = self.strategy.build(Recorder(recipe))
        found = find_smaller(self.strategy, recipe, self._try, self.max_calls - self.calls)
        return found if found is not None else case

    def _try(self, case: Case) -> bool:
        if self.calls >= self.max_calls:
            return False
        self.calls += 1
        return self.fails(case)

    def halve(self, recipe: Recipe) -> Recipe:
        """Move every number of a recipe towards its lowest value, in halves."""
        improved = True
        while improved and self.calls < self.max_calls // 2:
            before = recipe
            for index in range(len(recipe.integers)):
                if index < len(recipe.integers):  # a smaller number may ask for fewer after it
                    recipe = self._halve_one(recipe, index)
            improved = recipe != before
        return recipe

    def _halve_one(self, recipe: Recipe, index: int) -> Recipe:
        """Return the recipe with one number as small as the case still fails."""
        before, after = recipe.integers[:index], recipe.integers[index + 1 :]
        for smaller in _halves(recipe.integers[index]):
            recorder = Recorder(Recipe((*before, smaller, *after), recipe.arrays))
            case = self.strategy.build(recorder)
            if recorder.recipe.integers < recipe.integers and self._try(case):
                return recorder.recipe
        return recipe


def _halves(number: int) -> list[int]:
    """Return smaller numbers to try, the smallest first.

    Examples
    --------
    >>> _halves(6)
    [0, 3, 5]
    """
    tries = [0, number // 2, number - 1]
    return [n for n in dict.fromkeys(tries) if abs(n) < abs(number)]
