"""The demos learn, as the same networks in torch do, whatever the student's parts are like."""

from __future__ import annotations

import re
import shutil

import pytest

from grader.course.outline import read_outlines
from grader.model import Limits
from grader.student.demo.catalogue import DEMOS, find_demo
from grader.student.demo.learning import COMPARED
from grader.student.demo.lending import share_out
from grader.student.demo.networks import digits
from grader.student.demo.networks.digits import DigitsPlan
from grader.student.demo.training import Training
from grader.student.progress import Progress, Record
from grader.student.standing import Files, read_standings
from grader.worker.command import plain_command
from grader.worker.seat import WorkerSeat

FEW = DigitsPlan(16, 60, 40, [60])
CLASS = "examples/class"


class Clock:
    """Time that goes on by itself, a little whenever it is asked for: the same everywhere."""

    def __init__(self, tick_s=0.001):
        self.now, self.tick_s = 0.0, tick_s

    def __call__(self):
        self.now += self.tick_s
        return self.now


@pytest.fixture
def solved(tmp_path, course):
    """Return a folder in which everything is written, and right."""
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions to train with")
    folder = tmp_path / "solved"
    shutil.copytree(course.solutions_dir, folder, ignore=shutil.ignore_patterns("*.toml"))
    return folder


@pytest.fixture
def train(course, monkeypatch):
    """Run a demo on a folder; every moment is looked at."""
    monkeypatch.setattr(digits, "make_plan", lambda *_: FEW)

    def run(
        folder, name, *, look=lambda _: None, limits=Limits(), progress=Progress(),
        failing_too=False, **more,
    ):  # fmt: skip
        demo = find_demo(name)
        standings = read_standings(folder, read_outlines(course), progress)
        with WorkerSeat(folder, limits, plain_command) as seat:
            training = Training(course, folder, seat, clock=Clock(), **more)
            shares, inspector = training.look_at(
                share_out(demo, standings, failing_too=failing_too)
            )
            return training.run(demo, shares, inspector, look)

    return run


def patch(folder, module, text):
    """Write something below a file of the student's: the last definition wins."""
    with (folder / f"{module}.py").open("a", encoding="utf-8") as file:
        file.write(text)


def stop_at_the_end_of_what_is_compared(view):
    """End a long demo as Ctrl-C does, once its last network has made the steps that count."""
    if view.step > COMPARED and (view.name != "letters" or "rhyme" in view.body.learnt):
        raise KeyboardInterrupt


# ----------------------------------------------------------------------------- right answers


@pytest.mark.parametrize("name", [demo.name for demo in DEMOS])
def test_right_parts_and_torch_agree_to_a_millionth_over_fifty_steps(name, solved, train):
    end = train(solved, name, look=stop_at_the_end_of_what_is_compared, is_live=name == "letters")
    networks = {"letters": ["hello, RNN", "rhyme, LSTM"], "digits": [""], "xo": [""]}
    walks = ["SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam"]
    assert [one.what for one in end.agreements] == networks.get(name, walks)
    for one in end.agreements:
        assert one.steps == COMPARED
        assert one.worst <= 1e-6
        assert one.falls
    assert end.is_well
    assert not end.suspicions


def test_without_the_students_lstm_the_rhyme_is_learnt_by_the_plain_network(solved, train, course):
    shutil.copy(course.exercises_dir / "optim.py", solved)
    patch(
        solved,
        "recurrent",
        "\ndef lstm_cell(x, h, c, weight, bias):\n    raise NotImplementedError\n",
    )
    end = train(solved, "letters", look=stop_at_the_end_of_what_is_compared, is_live=True)
    assert [one.what for one in end.agreements] == ["hello, RNN", "rhyme, RNN"]
    assert end.is_well


def test_plain_loops_read_more_than_8_of_10_unseen_digits_after_450_images(
    solved, train, course, monkeypatch
):
    for module in ("conv", "pool"):
        loops = course.exercises_dir.parent / CLASS / "right-loops" / f"{module}.py"
        shutil.copy(loops, solved)
    monkeypatch.setattr(digits, "make_plan", lambda *_: DigitsPlan(4, 112, 100, [112]))
    end = train(solved, "digits")
    right = re.match(r"(\d+\.\d)% of 100 unseen right", end.view.score)
    assert float(right[1]) > 80.0
    assert end.is_well


def test_the_references_read_nearly_all_unseen_digits_after_three_epochs(
    solved, train, monkeypatch
):
    monkeypatch.setattr(digits, "make_plan", lambda *_: DigitsPlan(16, 270, 360, [90, 180, 270]))
    lines = []
    end = train(solved, "digits", look=lambda view: view.milestone and lines.append(view.milestone))
    assert [line.partition(":")[0] for line in lines] == ["epoch 1", "epoch 2", "epoch 3"]
    assert float(end.view.score.partition("%")[0]) > 95.0


def test_the_same_seed_gives_the_same_demo_and_another_one_another(solved, train):
    losses = [train(solved, "xo", seed=seed).view.losses for seed in (1, 1, 2)]
    assert losses[0] == losses[1] != losses[2]


def test_an_empty_folder_is_lent_everything(tmp_path, train):
    end = train(tmp_path, "xo")
    assert not any(part.own for part in end.view.parts)
    assert end.is_well
    assert not end.agreements, "torch's beside torch's says nothing of the student's"
    (remark,) = end.remarks
    assert remark == "All of it is torch's so far, so that there is nothing to compare."
    assert end.following == "dlgrade check conv.correlate2d"


def test_only_optimisers_of_the_students_own_are_compared(solved, train):
    patch(solved, "optim", "\ndef adam_step(*arguments):\n    raise NotImplementedError\n")
    end = train(solved, "paths")
    assert [one.what for one in end.agreements] == [
        "SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop"
    ]  # fmt: skip


def test_a_half_solved_folder_is_lent_the_other_half(solved, train, course):
    for module in ("conv", "pool", "activations"):
        shutil.copy(course.exercises_dir / f"{module}.py", solved)
    end = train(solved, "digits")
    assert sum(part.own for part in end.view.parts) == 6
    assert end.is_well


def test_a_file_that_may_not_be_run_is_lent_with_the_reason(solved, train):
    text = (solved / "pool.py").read_text(encoding="utf-8")
    (solved / "pool.py").write_text(f"import torch\n{text}x = torch.zeros\n", encoding="utf-8")
    patch(solved, "pool", "\ndef flatten(x):\n    return torch.flatten(x, 1)\n")
    end = train(solved, "xo")
    why = {part.id: part.why for part in end.view.parts if not part.own}
    assert list(why) == ["pool.flatten"]
    assert "imports torch" in why["pool.flatten"]


def test_a_file_that_does_not_end_takes_nothing_of_the_others_along(solved, train):
    patch(solved, "linear", "\nwhile True: pass\n")
    end = train(solved, "xo", limits=Limits(timeout_s=1.0))
    lent = [part.id for part in end.view.parts if not part.own]
    assert lent == ["linear.linear_forward", "linear.linear_backward"]
    assert end.is_well, end.fault


def test_an_optimiser_that_runs_away_prints_no_warning_of_ours(solved, train, recwarn):
    patch(solved, "optim", "\ndef adam_step(p, g, m, v, *more):\n    return p * 1e200, m, v\n")
    end = train(solved, "paths")
    assert [one.id for one in end.suspicions] == ["optim.adam_step"]
    assert not [one for one in recwarn if issubclass(one.category, RuntimeWarning)]


# ----------------------------------------------------------------------------- wrong answers


def test_of_a_wrong_backward_pass_the_first_wrong_gradient_is_named(solved, train):
    patch(
        solved,
        "conv",
        """
right = conv2d_backward
def conv2d_backward(*arguments):
    grad_x, grad_weight, grad_bias = right(*arguments)
    return grad_x, -grad_weight, grad_bias
""",
    )
    end = train(solved, "digits")
    assert not end.is_well
    assert not end.agreements[0].holds
    (suspicion,) = end.suspicions
    assert (suspicion.id, suspicion.step) == ("conv.conv2d_backward", 1)
    assert suspicion.message.startswith("grad_weight[0, 0, 0, 0] = ")


def test_a_part_that_goes_wrong_later_is_found_when_the_losses_come_apart(solved, train):
    patch(
        solved,
        "linear",
        """
right, calls = linear_backward, []
def linear_backward(*arguments):
    calls.append(1)
    grad_x, grad_weight, grad_bias = right(*arguments)
    return grad_x, grad_weight * (1 + (len(calls) > 20)), grad_bias
""",
    )
    end = train(solved, "xo")
    assert [one.id for one in end.suspicions] == ["linear.linear_backward"]
    assert 20 < end.suspicions[0].step < 25


def test_a_network_that_runs_away_is_stopped(solved, train):
    patch(
        solved,
        "optim",
        """
def sgd_step(param, grad, lr):
    return param + 1e9 * grad
""",
    )
    end = train(solved, "xo")
    assert end.agreements[0].runs_away
    assert end.view.step < end.view.steps
    assert [one.id for one in end.suspicions] == ["optim.sgd_step"]


FAULTS = {
    "raises": ("return {}[x.shape]", r"it raised KeyError: \(.*\) \(pool.py, line \d+\)"),
    "unwritten": ("raise NotImplementedError", "not written yet"),
    "nothing": ("return None", "None"),
    "float32": ("return np.zeros(x.shape, np.float32)", "float32"),
    "another shape": ("return x[:1]", "shape"),
    "a word": ("return 'five'", "an object of type str"),
    "the end": ("import os; os._exit(3)", "exit code 3"),
    "no end": ("\n        while True: pass", r"no answer after \d s of \w+ \(pool.py, line \d+\)"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("first", [1, 12])
def test_a_part_that_cannot_be_gone_on_with_is_told_in_one_line(kind, first, solved, train):
    what, said = FAULTS[kind]
    patch(
        solved,
        "pool",
        f"""
pooling, calls = max_pool2d_backward, []
def max_pool2d_backward(grad_out, x, kernel_size, stride=None):
    calls.append(1)
    if len(calls) >= {first}:
        {what}
    return pooling(grad_out, x, kernel_size, stride)
""",
    )
    end = train(solved, "digits", limits=Limits(timeout_s=1.0))
    assert "\n" not in end.fault
    assert end.fault.startswith("pool.max_pool2d_backward, in step ")
    assert end.following == "dlgrade check pool.max_pool2d_backward"
    assert re.search(said, end.fault), end.fault
    assert not end.is_well


def test_places_that_lie_outside_are_not_looked_up(solved, train):
    patch(
        solved,
        "optim",
        """
def minibatches(num_samples, batch_size, order):
    return [np.array([num_samples] * batch_size)] * 90
""",
    )
    end = train(solved, "digits")
    assert end.fault.startswith("optim.minibatches, in step 1: ")


def test_who_was_given_nan_is_not_suspected_for_it(solved, train):
    patch(solved, "linear", "\ndef linear_forward(x, w, b):\n    return np.nan * (x @ w.T)\n")
    end = train(solved, "xo")
    assert end.agreements[0].runs_away
    assert [one.id for one in end.suspicions] == ["linear.linear_forward"]


def test_a_changed_argument_is_noted(solved, train):
    patch(
        solved,
        "activations",
        """
def relu(x):
    x *= x > 0
    return x
""",
    )
    end = train(solved, "xo")
    assert [one.message for one in end.suspicions] == [
        "it changes its argument x; work on a copy (x.copy())"
    ]


# ----------------------------------------------------------------------------- the end


def test_ctrl_c_keeps_what_was_reached(solved, train):
    def interrupt(view):
        if view.step == 20:
            raise KeyboardInterrupt

    end = train(solved, "paths", look=interrupt)
    assert end.interrupted
    assert end.view.step == 20
    assert {one.steps for one in end.agreements} == {20}
    assert end.is_well


def test_when_the_time_is_up_the_demo_ends_with_what_was_learnt(solved, train):
    end = train(solved, "xo", seconds=0.001)
    assert 0 < end.view.step < end.view.steps
    assert "unseen pictures right" in end.view.score


def test_what_was_never_checked_is_told_where_it_agrees(solved, train):
    end = train(solved, "paths")
    assert end.remarks == ("Not checked as they are now, but right here: 6 parts of yours.",)


def test_what_was_never_asked_is_not_called_right(solved, train):
    def interrupt(view):
        raise KeyboardInterrupt

    end = train(solved, "digits", look=interrupt)
    assert end.interrupted
    (remark,) = end.remarks  # the ways to shuffle and to step were not come to yet
    assert remark == "Not checked as they are now, but right here: 11 parts of yours."


def test_what_failed_its_check_is_not_called_unchecked_where_it_agrees(solved, train):
    failed = Progress().with_record(
        "optim.sgd_step", Record("failed", 0.0, 2.0, Files(solved).seal("optim.sgd_step"))
    )
    end = train(solved, "paths", progress=failed, failing_too=True)
    assert end.remarks == (
        "Not checked as they are now, but right here: 5 parts of yours.",
        "What was asked here is not what failed its check: optim.sgd_step",
    )
