"""The words that the author of a check uses.

A check is one file, `checks/<module>/<exercise>.py`, with one `exercise = Exercise(...)`, one
`@exercise.equivalent` and any number of `@exercise.mistake("…")`. Its module docstring is the one
line that a student reads about it. docs/author/authoring.md walks through a whole one.

The equivalent and the mistakes take torch tensors (`float64`, or `int64` for indices) where the
student's function takes arrays, and the same numbers, tuples and strings otherwise. A mistake is a
*change to the equivalent*, so that no solution travels with the check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.course.pools import (
    below,
    bits,
    distinct,
    dyadic,
    mixed,
    nonzero,
    permutation_of,
    plain,
    real,
    tied,
    undrawn,
    uniform,
    wide,
)
from grader.course.strategies import (
    array,
    asked_of,
    bad,
    between,
    carry,
    either,
    function,
    one_of,
    script,
    steps,
    strategy,
)
from grader.course.words.asked import require_levels, require_sound
from grader.course.words.autograd import gradients
from grader.course.words.averages import averages
from grader.course.words.goals import goal
from grader.course.words.levels import Level, level
from grader.course.words.predictions import predictions, scored
from grader.errors import CourseError
from grader.model.scripts import ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.pools import Undrawn
    from grader.course.words.predictions import Predictions
    from grader.course.words.rules import AnswerRule

__all__ = [
    "Check",
    "array",
    "averages",
    "bad",
    "below",
    "between",
    "bits",
    "carry",
    "distinct",
    "dyadic",
    "either",
    "function",
    "goal",
    "gradients",
    "level",
    "mixed",
    "nonzero",
    "one_of",
    "permutation_of",
    "plain",
    "predictions",
    "real",
    "ref",
    "scored",
    "script",
    "steps",
    "strategy",
    "tied",
    "undrawn",
    "uniform",
    "wide",
]

Change = Callable[[Callable[..., Any]], Callable[..., Any]]
MIN_CASES = 100
MIN_CASES_PER_LEVEL = 40
MIN_SCRIPTS_PER_LEVEL = 20  # each asks as much as several cases of a function


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer.

    Parameters
    ----------
    id
        The function's name with dashes.
    message
        What a good teaching assistant would say.
    function
        Computes the wrong answer from tensors.
    on_bad_arguments
        Whether it is about bad arguments; other mistakes raise `ValueError` there, as is right.
    change
        What it makes of any function with these arguments, another wrong one too; None for nothing.
    """

    id: str
    message: str
    function: Callable[..., Any]
    on_bad_arguments: bool = False
    change: Change | None = None


@dataclass
class Check:
    """What is asked of one function, in the field's words.

    Parameters
    ----------
    points
        What it is worth: the work that it is, whatever the number of levels, which share it.
    decks
        Numbers of the lecture decks that it comes from.
    levels
        For each name a `level(...)` with fixed cases, or a bare strategy; the easiest first.
    hints
        One asks, one shows the idea on numbers, one is a skeleton with gaps: none is the answer.
    requires
        Earlier exercises (`"im2col"`, or `"conv.im2col"` of another module) that it builds on.
    features
        Facts about a case's arguments that may tell failing cases from passing ones, by the words
        that complete "only cases with …". Each is a function that takes the arguments that it looks
        at, by their names in the stub. A test holds that each occurs and is absent.
    tolerance
        Largest error allowed, relative to the largest element of the expected array.
    terms
        The size of the largest terms that are added up on the way, where these may be far above 1
        and cancel: a function of the arguments that it looks at, by their names in the equivalent.
        A right answer may be off by as much as rounding such a term may be.
    never
        Which of the numbers that catch no case holds, and why that is right: each an `undrawn`.
    handed_in
        The file with predictions that stands for a function, whose levels are `scored(...)`.
    """

    points: float
    decks: Sequence[str]
    levels: Mapping[str, Level]
    hints: Sequence[str]
    requires: Sequence[str] = ()
    features: Mapping[str, Callable[..., bool]] = field(default_factory=dict)
    tolerance: float = 1e-8
    terms: Callable[..., float] | None = None
    never: Sequence[Undrawn] = ()
    handed_in: Predictions | None = None
    mistakes: dict[str, Mistake] = field(default_factory=dict, init=False)
    _equivalent: Callable[..., Any] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        require_levels(self.levels)
        require_sound(self)
        levels = self.levels.items()
        self.levels = {n: one if isinstance(one, Level) else Level(one) for n, one in levels}

    def equivalent(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Register the torch equivalent: the second oracle, and the only one without solutions."""
        self._equivalent = function
        return function

    def mistake(
        self, message: str, *, on_bad_arguments: bool = False
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a known mistake; its name is the function's.

        Parameters
        ----------
        message, on_bad_arguments
            See `Mistake`: what is wrong, and where to look, in one or two sentences.
        """
        if not isinstance(message, str) or not message.strip():
            raise CourseError('a mistake needs a message: @exercise.mistake("What is wrong.")')

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.add(function.__name__, message, function, on_bad_arguments=on_bad_arguments)
            return function

        return register

    def add(
        self,
        name: str,
        message: str,
        function: Callable[..., Any],
        *,
        on_bad_arguments: bool = False,
        change: Change | None = None,
    ) -> None:
        """Register a known mistake whose function was made, not written; see `Mistake`.

        Parameters
        ----------
        name
            As a function's name would be: its underscores become dashes.
        message, function, on_bad_arguments, change
            Of the mistake.

        Raises
        ------
        CourseError
            There is a mistake of this name.
        """
        if not isinstance(message, str) or not message.strip():
            raise CourseError(f'the mistake {name!r} needs a message: @exercise.mistake("…")')
        mistake_id = name.strip("_").replace("_", "-")
        if mistake_id in self.mistakes:
            raise CourseError(f"two mistakes are called {mistake_id!r}")
        self.mistakes[mistake_id] = Mistake(mistake_id, message, function, on_bad_arguments, change)

    def strange_feature(self, parameters: Sequence[str]) -> str:
        """Say which feature asks for an argument that is not among the exercise's, or nothing."""
        for words, feature in self.features.items():
            strange = ", ".join(name for name in asked_of(feature) if name not in parameters)
            if strange:
                has = ", ".join(parameters)
                return f"the feature {words!r} asks for {strange}; the arguments are {has}"
        return ""

    def largest_term(self, steps: Sequence[Sequence[Any]]) -> float:
        """Return how large the terms are that are added up on the way to an answer, at least 1.

        Raises
        ------
        CourseError
            `terms` asks for an argument that the equivalent does not name.
        """
        if self.terms is None or self.is_class:
            return max(1.0, self.terms(steps)) if self.terms else 1.0
        names, asked = asked_of(self.answer), asked_of(self.terms)
        for name in asked:
            if name not in names:
                raise CourseError(f"terms asks for {name}; the equivalent takes {', '.join(names)}")
        given = [dict(zip(names, arguments, strict=False)) for arguments in steps]
        return max(1.0, *(float(self.terms(*(row[name] for name in asked))) for row in given))

    @property
    def is_class(self) -> bool | None:
        """Whether the equivalent is a class, whose cases are scripts; None without one."""
        return None if self._equivalent is None else isinstance(self._equivalent, type)

    @property
    def answer(self) -> Callable[..., Any]:
        """The torch equivalent.

        Raises
        ------
        CourseError
            The check has none.
        """
        if self._equivalent is None:
            raise CourseError("a check needs an @exercise.equivalent")
        return self._equivalent

    @property
    def cases_per_level(self) -> int:
        """How many cases a plain level draws: at least 100 in all."""
        plain_levels = sum(one.is_plain for one in self.levels.values())
        least = MIN_SCRIPTS_PER_LEVEL if self.is_class else MIN_CASES_PER_LEVEL
        return max(least, -(-MIN_CASES // max(1, plain_levels)))

    def rule_of(self, name: str) -> AnswerRule | None:
        """Return what answers of a level are held to, where not to the right ones."""
        return self.levels[name].judged if name in self.levels else None

    def is_plain(self, name: str) -> bool:
        """Tell whether a level asks for right answers alone; so does what is of no level."""
        return name not in self.levels or self.levels[name].is_plain

    @property
    def shares(self) -> dict[str, float]:
        """What each level is worth: in half points where there are enough, the harder the more."""
        halves, count = self.points * 2, len(self.levels)
        if halves != int(halves) or halves < count:
            return dict.fromkeys(self.levels, self.points / count)
        return {name: (int(halves) + at) // count / 2 for at, name in enumerate(self.levels)}
