"""What one call printed, line by line, as far as it was kept."""

from __future__ import annotations

from dataclasses import dataclass

from grader.text import counted


@dataclass(frozen=True, slots=True)
class Printed:
    """Some of the lines that one call printed.

    Parameters
    ----------
    lines
        Each harmless to look at.
    before, after
        How many more came before these, or after.
    """

    lines: tuple[str, ...]
    before: int = 0
    after: int = 0

    @property
    def told(self) -> tuple[str, ...]:
        """The lines, and what is left out of them.

        Examples
        --------
        >>> Printed(("a", "b"), after=3).told
        ('a', 'b', '… 3 more lines')
        """
        before = [f"… {counted(self.before, 'line')} before"] * bool(self.before)
        after = [f"… {counted(self.after, 'more line')}"] * bool(self.after)
        return (*before, *self.lines, *after)

    def cut(self, most: int) -> Printed:
        """Return fewer of the lines: the last ones where lines came before, else the first.

        Examples
        --------
        >>> Printed(("a", "b", "c"), after=1).cut(2).told
        ('a', 'b', '… 2 more lines')
        >>> Printed(("a", "b", "c"), before=1).cut(2).told
        ('… 2 lines before', 'b', 'c')
        """
        out = max(0, len(self.lines) - most)
        if self.before:
            return Printed(self.lines[out:], self.before + out, self.after)
        return Printed(self.lines[: len(self.lines) - out], 0, self.after + out)
