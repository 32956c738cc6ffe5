"""How long a right answer takes: the yardstick of a level that asks for a quick one.

It is taken when it is needed, beside the answer that is measured, so that a slow machine is as slow
for both. All that a worker does to answer is part of it: arguments are read and the result is
written, by the code that a worker runs.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import load_torch, tensor_function
from grader.worker.child.calls import run_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.engine.cases.caseset import BankedCase
    from grader.engine.cases.oracle import Oracles

FEWEST, MOST = 2, 4  # how often it is measured; the quickest counts, as for who is measured
ENOUGH_S = 0.5


def right_seconds(oracles: Oracles, banked: BankedCase) -> Iterator[float]:
    """Yield the CPU seconds that each oracle takes for a case: the reference's, then torch's.

    Whoever is quick enough beside the first needs no other, and no torch.
    """
    if oracles.reference is not None:
        yield _seconds(oracles.reference, banked)
    load_torch()  # which takes longer than any answer
    yield _seconds(tensor_function(oracles.check.answer), banked)


def _seconds(function: Callable[..., Any], banked: BankedCase) -> float:
    """Return the least of a few times that a trusted function takes, all threads together."""
    request, taken = banked.request, list[float]()
    with np.errstate(all="ignore"):
        while len(taken) < FEWEST or (len(taken) < MOST and sum(taken) < ENOUGH_S):
            before = time.process_time()
            run_case(function, json.loads(request.text), request.data, "", banked.most_bytes)
            taken.append(time.process_time() - before)
    return min(taken)
