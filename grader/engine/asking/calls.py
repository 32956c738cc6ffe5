"""Call one function of a student's on a worker that may be lost over any call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import WorkerLostError, WorkerStalledError, WorkerTimeoutError
from grader.worker.traces import read_last, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.course import Exercise
    from grader.engine.cases.caseset import BankedCase
    from grader.model.printed import Printed
    from grader.worker.rewriting import Rewritten
    from grader.worker.seat import WorkerSeat
    from grader.worker.wire import Frame


LOOK_BYTES = 64 * 2**10  # more than what is kept of a call's output, however it is written


def is_doubtful(error: WorkerLostError) -> bool:
    """Tell whether a worker was lost in a way in which the machine can lose one, too.

    A process that was killed and one that ended itself look the same from outside; so do one that
    sleeps and one that was not let run. Time that was used up computing is beyond doubt.
    """
    return isinstance(error, WorkerStalledError) or not isinstance(error, WorkerTimeoutError)


@dataclass(frozen=True)
class Loss:
    """What is known of the call over which a worker was lost.

    Parameters
    ----------
    lines
        Where it was in the student's files when its time was up, innermost first, as it says.
    printed
        The last lines that it printed.
    """

    lines: tuple[tuple[str, int], ...] = ()
    printed: Printed | None = None


@dataclass
class Caller:
    """A function of a student's, whatever becomes of the workers that run it.

    Parameters
    ----------
    exercise
        Which function.
    seat
        Where the worker is.

    Attributes
    ----------
    losses
        How many workers were lost over it.
    loss
        What is known of the call over which the newest one was lost.
    allowed_s
        CPU seconds from the next loss on; None for what the limits say.
    """

    exercise: Exercise
    seat: WorkerSeat
    losses: int = field(default=0, init=False)
    loss: Loss = field(default=Loss(), init=False)
    allowed_s: float | None = field(default=None, init=False)
    _ends: int = field(default=0, init=False)
    _output: str = field(default="", init=False)
    _is_fresh: bool = field(default=False, init=False)
    _since_s: float = field(default=0.0, init=False)

    def begin(self) -> None:
        """Start the count of what the exercise uses, on a worker that has the file loaded."""
        self._since_s = self.seat.waited_s
        self.seat.worker.begin()

    def call(
        self, cases: Sequence[BankedCase], *, anew: bool = True, look: int | None = None,
        rewritten: Rewritten | None = None,
    ) -> Iterator[Frame]:  # fmt: skip
        """Yield the raw reply to each case, as it comes.

        A worker that was lost before is replaced by one that has imported the file again.

        Parameters
        ----------
        cases
            What is asked.
        anew
            Whether the time counts anew after a loss. It does for each level, so that one that
            hangs costs no other; all smaller cases together have what is left.
        look
            Which step the replies say more about (`grader.worker.traces`).
        rewritten
            Other texts of the function that are asked in its place.

        Raises
        ------
        WorkerLostError
            There will be no other reply; the next call has another worker.
        """
        exercise = self.exercise
        try:
            self._load(anew=anew)
            more = 0 if look is None else LOOK_BYTES
            requests, most = [c.request for c in cases], [c.most_bytes + more for c in cases]
            asked = (exercise.module, rewritten or exercise.name, requests, most, look)
            yield from self.seat.worker.call(*asked, script=exercise.stub.is_class)
        except WorkerLostError as error:
            self._note_loss(error)
            self.lose()
            raise

    def _load(self, *, anew: bool) -> None:
        """Let a worker that is new import the file."""
        if self._is_fresh:
            if anew:
                self._since_s = self.seat.waited_s
            self.seat.worker.begin(self.seat.waited_s - self._since_s, self.allowed_s)
            self.seat.load(self.exercise.module, self.exercise.name)
            self._is_fresh = False

    def time(self, case: BankedCase) -> tuple[Frame, float]:
        """Return the raw reply to one case, and the CPU seconds that it took, imports apart.

        Raises
        ------
        WorkerLostError
            As `call` does.
        """
        try:
            self._load(anew=True)
        except WorkerLostError as error:
            self._note_loss(error)
            self.lose()
            raise
        before_s = self.seat.worker.cpu_s()
        (frame,) = self.call([case])
        return frame, self.seat.worker.cpu_s() - before_s

    def _note_loss(self, error: WorkerLostError) -> None:
        """Write down what can be known of the call while the worker is there."""
        worker, folder = self.seat.worker, self.seat.folder
        timed_out = isinstance(error, WorkerTimeoutError)
        lines = read_lines(worker.read_stack()) if timed_out else []
        own = tuple((file, line) for file, line in lines if (folder / file).is_file())
        self.loss = Loss(own, read_last(worker.last_output))

    def lose(self) -> None:
        """End a worker that cannot be asked any more."""
        self.losses += 1
        self.end()

    def end(self) -> None:
        """End a worker of which nothing more is asked; the next call has another."""
        output = self.seat.clear()
        if not self._ends:  # what was printed before the first end is what is told about
            self._output = output
        self._ends += 1
        self._is_fresh = True

    @property
    def output(self) -> str:
        """What the function printed, as far as it was kept."""
        return self._output if self._ends else self.seat.worker.output
