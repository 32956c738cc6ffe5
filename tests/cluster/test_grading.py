"""A class graded by nodes of this machine: the documents are those of its own processes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

from classes import dlgrade, without_times

from grader.cluster.nodes.canary import try_canary
from grader.course.course import find_course
from grader.engine.cases.bank import RunBank
from grader.engine.cases.key import fingerprint
from grader.gradebook.facts import Gradebook
from grader.grading.messages import Setup


def test_the_documents_of_a_cluster_are_those_of_one_machine(alone, tmp_path):
    many = tmp_path / "g.db"
    shutil.copytree(alone.bank, tmp_path / "g.db.bank")
    words = alone.words(alone.hw, many, "--sandbox", "none", "--cluster", "local:2")
    done = dlgrade(*words)
    assert done.returncode == 0, done.stderr
    assert "node local-1" in done.stderr
    assert "node local-2" in done.stderr
    assert without_times(many) == without_times(alone.book)
    with Gradebook(many, read_only=True) as book:
        keys = book.query("SELECT content, exercise, run FROM fact")
        nodes = [json.loads(row[0])["node"] for row in book.query("SELECT details FROM fact")]
    assert len(keys) == len(set(keys)) == len(list(alone.hw.iterdir()))
    assert all(set(one) == {"host", "identity"} for one in nodes)


def test_a_bank_that_the_references_do_not_answer_to_the_last_bit_refuses_the_node(alone, tmp_path):
    course = find_course(alone.course)
    exercise = course.exercise("own.double")
    key = fingerprint(course, exercise, alone.seed)
    shutil.copytree(alone.bank, tmp_path / "bank")
    bank = RunBank(tmp_path / "bank")
    cases = bank.find(exercise.id, key)
    setup = Setup(
        str(alone.course), alone.seed, 10.0, 1024, "none", str(bank.folder), "",
        asked=(exercise.id,),
    )  # fmt: skip
    assert try_canary(setup) == []
    level = next(one for one in cases.levels if not one.refuses)
    case = level.cases[0]
    data = bytes([case.expected_data[0] ^ 1]) + case.expected_data[1:]
    wrong = replace(level, cases=(replace(case, expected_data=data), *level.cases[1:]))
    levels = tuple(wrong if one is level else one for one in cases.levels)
    bank.record(exercise.id, key, replace(cases, levels=levels))
    assert try_canary(setup) == [exercise.id]
