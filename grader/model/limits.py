"""What of a student's files is run, and what it may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not run of a student's files, since nothing that is asked for needs it.

    Parameters
    ----------
    parts
        The line and the column of each statement, or of one thing of an import, by file.
    absent
        The libraries that are not there.
    names
        What may be missed for that, beside the names that are bound in these parts.
    """

    parts: Mapping[str, Sequence[tuple[int, int]]]
    absent: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def tree(self) -> dict[str, Any]:
        """What is added to the request that loads a file (docs/engineer/worker.md)."""
        told = {"parts": self.parts, "absent": self.absent, "names": self.names}
        return {"left_out": told}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exercise may use.

    Parameters
    ----------
    timeout_s
        CPU seconds, of the worker and of all that it started; wall time ends at three times that.
    memory_mib
        Memory of the worker in MiB.
    output_mib
        How much it may print before it is stopped, in MiB.
    """

    timeout_s: float = 10.0
    memory_mib: int = 1024
    output_mib: int = 16
