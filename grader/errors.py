"""The tree of every error that dlgrade raises on purpose, in two branches.

A `DlgradeError` ends the command: one clear line for the person at the terminal, what is wrong,
where, and the command or file that helps. `DlgradeError.exit_code` is what the command line ends
with. A `Signal` ends nothing: it tells one part of dlgrade what another found out, about a
submission, an answer or a process, and whoever asked for that catches it.
"""

from __future__ import annotations

INTERRUPTED = 130
"""The exit code after Ctrl-C, which is no error."""


class DlgradeError(Exception):
    """Stop with one line that the user can act on."""

    exit_code = 2

    def _render_traceback_(self) -> list[str]:
        """Show a notebook the line, as IPython asks for it, and no lines of ours above it."""
        return [f"dlgrade: {self}"]


class Signal(Exception):  # noqa: N818 - it ends nothing
    """Tell one part of dlgrade something about a submission or process; always caught there."""


class UsageError(DlgradeError):
    """The command was asked for something that does not make sense."""


class UnknownTargetError(UsageError):
    """No module, exercise or topic has that name."""


class CourseError(DlgradeError):
    """A stub, a check, a quiz or a solution of the course itself is not as it must be."""


class SubmissionError(DlgradeError):
    """The student's folder or file cannot be read."""


class HistoryError(DlgradeError):
    """The history of answers cannot be read or written (a full disk, a read-only folder)."""


class AnswersFileError(DlgradeError):
    """The file of exam answers cannot be read or written."""


class GraderError(DlgradeError):
    """The grader could not tell: never a student's zero, never a student's full points."""

    exit_code = 3


class OraclesDisagreeError(GraderError):
    """The reference and the torch equivalent give different answers to one case."""


class ChangedError(GraderError):
    """A file was changed while something was found out by what it had said before."""


class HopelessError(GraderError):
    """Submission after submission could not be graded: what is wrong is ours, or the machine's."""


class WorkerError(GraderError):
    """The worker could not be started: a fault of this machine, not of the submission."""


class InterruptedCheckError(GraderError):
    """A check was given up because a newer one is wanted: it found out nothing."""


class SandboxError(GraderError):
    """The sandbox that was asked for is missing or does not hold.

    Parameters
    ----------
    problem
        What is wrong, where the machine has words for it in these.
    remedy
        What helps; the two together are the line that is told.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem, self.remedy = problem, remedy


# ----------------------------------------------------------------------------- signals


class FrameError(Signal):
    """Bytes that are no frame, or a frame that is not as long as it says."""


class BeyondMendingError(Signal):
    """No two of a table, its seal and its spare agree; the message is the table's name."""


class RejectedError(Signal):
    """The submission as a whole breaks a rule; the text says which."""


class UnreadableError(Signal):
    """A submission cannot be read on this machine: a fault that is not the student's."""


class UnparsedError(Signal, ValueError):
    """A source that may be Python and is not looked at: too large, or in a strange encoding."""


class LostError(Signal):
    """The grading process was lost over this submission by no fault of it; the text says how."""


class OverwhelmedError(Signal):
    """A submission took a grading process beyond its limits, twice; the text says which."""


class GivenUpError(Signal):
    """The search for the line that mends a function has cost what it may."""


class NewerProgressError(Signal):
    """The progress file has a version that this dlgrade does not know."""


class UnreadableAnswerError(Signal):
    """What was typed cannot be read as an answer; the text says what was expected.

    It never costs an attempt.
    """


class AmbiguousAnswerError(UnreadableAnswerError):
    """What was typed can mean two answers; the message asks which."""


class UnheldError(Signal):
    """A question of another program is one that no item can hold."""


class FormulaError(Signal, ValueError):
    """A formula of an item, or the arithmetic of an answer, cannot be evaluated."""


class AmbiguousNumberError(FormulaError):
    """What was typed can mean two numbers; the message asks which."""


class CoincidenceError(Signal):
    """Two options of a variant read the same, so that it is drawn again."""


class PartFailedError(Signal):
    """A function that a demo is made of cannot be gone on with; the text says which, and why."""


# ----------------------------------------------------------------------------- lost workers
# They have no exit code, and nothing that passes a `DlgradeError` on takes them with it: one that
# escapes is a fault of ours and ends with 3 or as `ungraded`, never with 2 as wrong usage does.


class WorkerLostError(Signal):
    """A worker is of no more use; the text says why, in the student's words."""


class WorkerDiedError(WorkerLostError):
    """The process ended, broke a limit, or sent what no honest worker sends."""


class WorkerTimeoutError(WorkerLostError):
    """The CPU or wall time of an exercise is used up."""


class WorkerStalledError(WorkerTimeoutError):
    """The wall time of an exercise is used up and its CPU time is not.

    It waits for something, or the machine did not let it run: from outside that looks the same.
    """


class ForgedFrameError(WorkerLostError):
    """A frame that no honest worker sends."""
