"""Which demos there are, when they are open, and whose their parts are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.course.outline import Outline
from grader.errors import UsageError
from grader.render.demo.shown import DemoPart
from grader.render.shown import Standing
from grader.student.demo.catalogue import DEMOS, find_demo, opened_demos
from grader.student.demo.data import FOLDER, draw_crosses, load_digits, load_rhyme
from grader.student.demo.lending import EDITED, UNCHECKED, list_demos, share_out

MOST_BYTES = 60_000


def standings(**states):
    """Return a standing for each part of any demo, passed unless it is said otherwise."""
    names = sorted({name for demo in DEMOS for name in (*demo.parts, *demo.extra)})
    return [
        Standing(Outline(name, 1.0, "", ()), states.get(name.partition(".")[2], "passed"))
        for name in names
    ]


def test_every_part_is_an_exercise_and_what_opens_a_demo_is_a_part(course):
    for demo in DEMOS:
        assert {*demo.parts, *demo.extra} <= {*course.ids}
        assert {*demo.opening} <= {*demo.parts}
        assert len(demo.parts) == len({*demo.parts})


def test_a_demo_opens_with_what_it_turns_on_as_that_is_now():
    everything = ["digits", "letters", "xo", "paths"]
    assert [demo.name for demo in opened_demos(standings())] == everything
    without = standings(linear_backward="passed, edited since", sgd_step="not written yet")
    assert [demo.name for demo in opened_demos(without)] == ["letters", "xo"]
    assert opened_demos([]) == []


def test_what_opens_a_demo_is_asked_without_numpy():
    code = "import sys, grader.student.demo.catalogue; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_another_name_is_told_what_was_probably_meant():
    with pytest.raises(UsageError, match=r"no demo is called 'digit'; did you mean 'digits'\?"):
        find_demo("digit")
    with pytest.raises(UsageError, match="there are digits, letters, xo, paths"):
        find_demo("lasagne")


def test_what_passed_is_the_students_what_failed_is_lent_and_the_rest_is_watched():
    states = {
        "sgd_step": "failed", "momentum_step": "not written yet",
        "nesterov_step": "passed, edited since",
        "adagrad_step": "written, not checked", "rmsprop_step": "failed, edited since",
    }  # fmt: skip
    shares = share_out(find_demo("paths"), standings(**states))
    assert shares == (
        DemoPart("optim.sgd_step", own=False, why="wrong answer"),
        DemoPart("optim.momentum_step", own=False, why="not written yet"),
        DemoPart("optim.nesterov_step", own=True, why=EDITED),
        DemoPart("optim.adagrad_step", own=True, why=UNCHECKED),
        DemoPart("optim.rmsprop_step", own=True, why=EDITED),
        DemoPart("optim.adam_step", own=True),
    )
    failing = share_out(find_demo("paths"), standings(**states), failing_too=True)
    assert failing[0] == DemoPart("optim.sgd_step", own=True, why="wrong answer")


def test_what_a_course_leaves_out_is_lent():
    shares = share_out(find_demo("paths"), standings()[:1])
    assert {part.why for part in shares} == {"not in this course"}


def test_the_lstm_is_a_part_only_where_all_of_it_is_the_students():
    demo = find_demo("letters")
    assert [part.id for part in share_out(demo, standings())] == [*demo.parts, *demo.extra]
    half = share_out(demo, standings(lstm_cell_backward="not written yet"))
    assert [part.id for part in half] == list(demo.parts)


def test_the_list_counts_what_passed_and_says_what_opens_a_demo():
    digits, *_, paths = list_demos(standings(relu="failed", momentum_step="not written yet"))
    assert (digits.own, digits.total, digits.missing) == (11, 13, ("optim.momentum_step",))
    assert (paths.own, paths.total, paths.missing) == (5, 6, ("optim.momentum_step",))


# ----------------------------------------------------------------------------- what ships


def test_the_digits_are_small_and_their_licence_and_source_lie_beside_them():
    assert (FOLDER / "digits.npz").stat().st_size <= MOST_BYTES
    said = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in said
    assert "UCI" in said
    images, targets = load_digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert sorted(set(targets.tolist())) == list(range(10))


def test_a_wheel_holds_what_demos_learn_from():
    from grader.course.handout.wheel import make_wheel

    _, files = make_wheel({})
    names = {name for name in files if name.startswith("grader/student/demo/data/")}
    assert names == {f"grader/student/demo/data/{path.name}" for path in FOLDER.iterdir()}
    assert len(names) == 3


def test_the_rhyme_is_of_few_letters():
    assert 1000 < len(load_rhyme()) < 3000
    assert len(set(load_rhyme())) < 40


def test_pictures_of_x_and_o_are_drawn_in_turn():
    import numpy as np

    pictures, targets = draw_crosses(6, np.random.default_rng(0))
    assert pictures.shape == (6, 9, 9)
    assert set(pictures.ravel()) == {-1.0, 1.0}
    assert targets.tolist() == [0, 1, 0, 1, 0, 1]
