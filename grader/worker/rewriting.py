"""Ask a worker about functions in another text than the one that the student wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A function in other texts, one for each case that it is called with.

    Parameters
    ----------
    name
        The function.
    base
        It and the functions that it calls, as the student wrote them.
    texts
        For each case, those that are written otherwise.
    limit_s
        The CPU seconds that a case may take.
    """

    name: str
    base: str
    texts: Sequence[str]
    limit_s: float

    @property
    def tree(self) -> dict[str, Any]:
        """What the request has in place of the name alone (docs/engineer/worker.md)."""
        texts = {"base": self.base, "texts": list(self.texts), "limit_s": self.limit_s}
        return {"name": self.name, **texts}
