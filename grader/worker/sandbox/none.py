"""No sandbox at all, for submissions that are trusted: only the limits that need no wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.worker.command import child_arguments, places_of
from grader.worker.launch import Launch
from grader.worker.sandbox.base import Sandbox, resource_limits

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Limits


@dataclass
class NoSandbox(Sandbox):
    """A worker that runs as the grader does."""

    name: str = "none"

    def __call__(self, folder: Path, limits: Limits) -> Launch:
        """Return how a worker for `folder` is started."""
        resources = resource_limits(processes=False)
        libraries = places_of(self.libraries)
        return Launch(child_arguments(folder, limits, resources=resources, libraries=libraries))
