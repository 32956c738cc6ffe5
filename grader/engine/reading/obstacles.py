"""What keeps an exercise from being run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model import Diagnosis, Location, Status


@dataclass(frozen=True)
class Obstacle:
    """Why an exercise is not run."""

    status: Status
    message: str
    location: Location | None = None
    trace: tuple[Location, ...] = ()  # this and the two next: see `ExerciseResult`
    diagnosis: Diagnosis | None = None
    doubtful: bool = False
    faults: tuple[str, ...] = ()
