"""Every error that dlgrade raises on purpose, in two branches.

A `DlgradeError` is a single clear line for the person at the terminal: what is wrong, where, and
the command or file that helps. Its `exit_code` is what the command line ends with.

An `OutcomeError` is what a submission or its process did. Whoever asked makes a status or a note
of it, so that it never gets as far as the terminal. It has no exit code, and no part that passes a
`DlgradeError` on does so with it: one that escapes is a fault of ours and ends with 3, never with 2
as wrong usage does.
"""

from __future__ import annotations


class DlgradeError(Exception):
    """Stop with one line that the user can act on."""

    exit_code = 2


class UsageError(DlgradeError):
    """The command was asked for something that does not make sense."""


class UnknownTargetError(UsageError):
    """No module, exercise or topic has that name."""


class CourseError(DlgradeError):
    """A stub, a check, a quiz or a solution of the course itself is not as it must be."""


class SubmissionError(DlgradeError):
    """The student's folder or file cannot be read."""


class GraderError(DlgradeError):
    """The grader could not tell: never a student's zero, never a student's full points."""

    exit_code = 3


class OraclesDisagreeError(GraderError):
    """The reference and the torch equivalent give different answers to one case."""


class WorkerError(GraderError):
    """The worker could not be started: a fault of this machine, not of the submission."""


class InterruptedCheckError(GraderError):
    """A check was given up because a newer one is wanted: it found out nothing."""


class SandboxError(GraderError):
    """The sandbox that was asked for is missing or does not hold."""


# ----------------------------------------------------------------------------- what others did


class OutcomeError(Exception):
    """Something that a submission or its process did: for the part that asked, not for the user."""


class WorkerLostError(OutcomeError):
    """A worker is of no more use; the message says why, in the student's words."""


class WorkerDiedError(WorkerLostError):
    """The process ended, broke a limit, or sent what no honest worker sends."""


class WorkerTimeoutError(WorkerLostError):
    """The CPU or wall time of an exercise is used up."""


class ForgedFrameError(WorkerLostError):
    """A frame that no honest worker sends."""
