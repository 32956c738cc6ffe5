"""The memory of `dlgrade grade --cluster` does not grow with the class."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from classes import ROOT
from one_machine import RIGHT

FEW, MANY, MOST_MIB = 1_000, 10_000, 90
AT_ONCE = '''
"""Grade a class on one node of 100 slots that is none: it answers at once, and always the same."""

import asyncio, resource, sys
from pathlib import Path

import grader.cluster.executor as ours
from grader.cluster.admission import Admitted
from grader.course.course import find_course
from grader.grading.facts import Blank
from grader.grading.run import Plan, grade_class
from grader.model import Status

course_dir, hw, book = map(Path, sys.argv[1:])
course = find_course(course_dir)


class Nowhere:
    is_remote, patience_s = False, None

    async def start(self):
        return "tls://nowhere", None

    async def end(self):
        pass

    def stop(self):
        pass


async def watch(roll):
    roll.client = object()
    roll.members["one"] = Admitted("nowhere", "one", slots=100)
    roll.note_change()
    await asyncio.Event().wait()


async def answer(client, member, run, what, tree, data=b"", timeout_s=None):
    await asyncio.sleep(0)
    facts = Blank(Status.CRASHED, "gone" * 500).facts(course.find([]))
    return {"graded": {
        "facts": facts, "warnings": [], "recognised": "name", "note": "", "own_count": {},
    }}


ours.Roll.watch, ours.ask_sealed = watch, answer
plan = Plan(course, course_dir, hw, book, course.find([]), "hw", seed=5, sandbox="none")
done = []
grade_class(
    plan, plan.find(), lambda one: done.append(1),
    lambda setup, jobs: ours.ClusterExecutor(setup, jobs, Nowhere()),
)
print(len(done), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
'''


def peak_mib(alone, folder, count):
    """Return the most memory that a process had which had a class graded."""
    folder.mkdir()
    shutil.copytree(alone.bank, folder / "g.db.bank")
    hw = alone.make_class(folder / "hw", [RIGHT] * count)
    done = subprocess.run(
        [sys.executable, "-P", "-c", AT_ONCE, alone.course, hw, folder / "g.db"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    graded, mib = done.stdout.split()
    assert int(graded) == count
    return float(mib)


@pytest.mark.slow
def test_ten_times_the_class_takes_hardly_more_memory(alone, tmp_path):
    few, many = (peak_mib(alone, tmp_path / str(count), count) for count in (FEW, MANY))
    assert many - few < MOST_MIB, f"{few:.0f} MiB for {FEW}, {many:.0f} MiB for {MANY}"
