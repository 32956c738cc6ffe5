"""A node that does not answer as one: what `LIE` says, in place of what it is asked for."""

from __future__ import annotations

import os
import sys

from grader.cluster.nodes.desk import Desk
from grader.cluster.nodes.node import main
from grader.frames import from_frame, to_frame

GARBAGE = b"\x00\xff no frame at all"
SOMEBODY_ELSES = "0" * 24

answer_truly = Desk.answer


def answer(desk, message):
    head, _ = from_frame(message)
    what, lie = head["what"], os.environ["LIE"]
    if lie == f"garbage to {what}":
        return GARBAGE
    if what == "grade" and lie == "somebody else's order":
        channel = desk._find(head["run"]).channel
        said, sealed = from_frame(answer_truly(desk, message))
        label = f"answer to grade {head['run']} "
        graded = channel.unseal(sealed, label + head["number"])
        return to_frame(said, channel.seal(graded, label + SOMEBODY_ELSES))
    return answer_truly(desk, message)


if __name__ == "__main__":
    Desk.answer = answer
    main(sys.argv[1:])
