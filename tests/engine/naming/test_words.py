"""Naming a mistake comes after the verdict: whatever it raises costs words, and is told."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from grader.engine.naming import words as words_module
from grader.engine.naming.words import Words
from grader.errors import WorkerError
from grader.model import Status
from grader.render.failure import Manner, render_failure

LARGEST_COLUMN = """
import numpy as np
def l1_penalty(weight):
    flat = weight.reshape(len(weight), -1)
    return float(np.abs(flat).sum(axis=0).max())
"""
PENALTY = "losses.l1_penalty"


def check(engine, course, folder, text=LARGEST_COLUMN):
    (folder / "losses.py").write_text(text)
    (result,) = engine.check(folder, [course.exercise(PENALTY)]).exercises
    return result


def screen(result, exercise, **manner):
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(render_failure(result, exercise, manner=Manner(**manner)))
    return console.file.getvalue()


def test_a_wrong_answer_on_arrays_of_any_rank_is_wrong(engine, course, tmp_path):
    result = check(engine, course, tmp_path)
    assert result.status is Status.FAILED
    assert result.counterexample is not None
    assert result.faults == ()


def fail(*_, **__):
    raise IndexError("tuple index out of range\x1b[31m")


def leave(*_, **__):
    raise SystemExit(0)


@pytest.mark.parametrize("broken", [fail, leave])
@pytest.mark.parametrize("part", ["diagnose", "separate", "make_counterexample"])
def test_what_raises_in_finding_words_costs_these_words_alone(
    engine, course, tmp_path, monkeypatch, part, broken
):
    whole = check(engine, course, tmp_path)
    monkeypatch.setattr(words_module, part, broken)
    result = check(engine, course, tmp_path)
    assert result.status is Status.FAILED
    assert result.levels == whole.levels
    assert (result.counterexample is None) == (part == "make_counterexample")
    assert result.message == whole.message
    (fault,) = result.faults
    assert fault.isprintable()
    assert type(fault) is str
    assert broken is leave or "IndexError: tuple index out of range" in fault


def test_a_search_for_a_smaller_case_that_raises_shows_the_case_as_it_is(
    engine, course, tmp_path, monkeypatch
):
    monkeypatch.setattr("grader.engine.naming.smaller.SmallerCases.climb", fail)
    result = check(engine, course, tmp_path)
    assert result.status is Status.FAILED
    assert not result.counterexample.shrunk
    assert result.faults


def test_a_fault_in_a_mistake_of_a_check_is_told_to_whoever_asks_and_to_nobody_else(
    engine, course, tmp_path, monkeypatch
):
    monkeypatch.setattr(words_module, "diagnose", fail)
    result, exercise = check(engine, course, tmp_path), course.exercise(PENALTY)
    assert "IndexError" not in screen(result, exercise)
    told = screen(result, exercise, explain=True)
    assert "A fault of dlgrade's, not of yours" in told
    assert "IndexError" in told


def test_a_missing_worker_is_not_taken_for_missing_words(course):
    def cannot_start():
        raise WorkerError("no worker")

    with pytest.raises(WorkerError):
        Words(course.exercise(PENALTY)).find("a smaller case", cannot_start)


# ----------------------------------------------------------------------------- refused arguments

SIZE = "conv.conv_output_size"


@pytest.fixture
def sizes(engine, course, tmp_path):
    def run(body):
        (tmp_path / "conv.py").write_text(
            f"def conv_output_size(input_size, kernel_size, stride=1, padding=0):\n    {body}\n"
        )
        (result,) = engine.check(tmp_path, [course.exercise(SIZE)]).exercises
        return result

    return run


def test_refusing_everything_earns_nothing(sizes):
    result = sizes("raise ValueError")
    assert result.earned == 0.0
    assert Status.PASSED not in [level.status for level in result.levels]
    assert any("counts only where another level passes" in note for note in result.notes)
    assert result.message.startswith("it raised ValueError")


def test_refusing_bad_arguments_counts_beside_a_level_that_passes(sizes, course):
    refuse = "if min(input_size, kernel_size, stride) < 1 or padding < 0: raise ValueError\n    "
    refuse += "if input_size + 2 * padding < kernel_size: raise ValueError\n    "
    right = "return (input_size + 2 * padding - kernel_size) // stride + 1"
    assert sizes(refuse + right).earned == course.exercise(SIZE).check.points
    assert 0 < sizes(right).earned < course.exercise(SIZE).check.points
    assert not sizes(right).notes
    wrong = sizes(refuse + "return -1")
    assert wrong.earned == 0.0
    assert wrong.status is Status.FAILED


def test_numbers_of_any_size_are_no_trouble_in_finding_words(engine, course, tmp_path):
    text = "import numpy as np\ndef l1_penalty(weight):\n    return -1.7e308\n"
    assert check(engine, course, tmp_path, text).faults == ()
    text = text.replace("-1.7e308", "np.full((2, 2), -1.7e308)")
    assert check(engine, course, tmp_path, text).faults == ()
