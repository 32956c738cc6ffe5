"""What can go wrong in a quiz, beyond the errors of the whole project."""

from __future__ import annotations

from grader.errors import DlgradeError


class UnreadableAnswerError(Exception):
    """What was typed cannot be read as an answer; the message says what was expected.

    It is no `DlgradeError`: it never ends the command, and it never costs an attempt.
    """


class FormulaError(ValueError):
    """A formula of an item, or the arithmetic of an answer, cannot be evaluated."""


class HistoryError(DlgradeError):
    """The history of answers cannot be read or written (a full disk, a read-only folder)."""


class AnswersFileError(DlgradeError):
    """The file of exam answers cannot be read or written."""
