"""A class of a small course that one machine has graded: what a cluster is compared with."""

from __future__ import annotations

from classes import dlgrade
from small_course import write_course

RIGHT = "def double(x):\n    return 2 * x\n"
WORK = (
    RIGHT,
    "def double(x):\n    return 3 * x\n",
    "import os\ndef double(x):\n    os._exit(3)\n",
    f"import time\ntime.sleep(0.02)\n{RIGHT}",
)


class Alone:
    """A class of a small course, graded by one machine.

    Parameters
    ----------
    folder
        Where all of it is.
    """

    seed = 5

    def __init__(self, folder):
        self.course, self.hw, self.book = folder / "course", folder / "hw", folder / "g.db"
        self.bank = folder / "g.db.bank"

    def make(self, texts=WORK, sandbox="none"):
        write_course(self.course)
        self.make_class(self.hw, texts)
        done = dlgrade(*self.words(self.hw, self.book, "--sandbox", sandbox, "--jobs", 1))
        assert done.returncode == 0, done.stderr

    def make_class(self, folder, texts):
        """Write submissions that all differ; return their folder."""
        for number, text in enumerate(texts):
            (folder / f"s{number:03}").mkdir(parents=True)
            (folder / f"s{number:03}" / "own.py").write_text(f"{text}# {number}\n")
        return folder

    def words(self, hw, book, *more):
        """Return the line that grades a class."""
        begun = ("--course", self.course, "grade", hw, "--assignment", "hw", "--gradebook", book)
        return (*begun, "--seed", self.seed, "--plain", *more)
