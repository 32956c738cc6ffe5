"""A worker is asked, timed and ended; what becomes of it is a fact for whoever asked."""

from __future__ import annotations

import ast
import os
import sys
import time
from pathlib import Path

import pytest

import grader
from grader import __main__ as command
from grader import errors
from grader.engine.engine import Engine
from grader.errors import (
    DlgradeError,
    ForgedFrameError,
    GraderError,
    WorkerDiedError,
    WorkerError,
    WorkerLostError,
    WorkerTimeoutError,
)
from grader.model import Case, LeftOut, Limits, Raised, Status
from grader.worker.client import Worker
from grader.worker.command import plain_command
from grader.worker.launch import Launch
from grader.worker.wire import pack_case, read_reply

LOST = [WorkerDiedError, WorkerTimeoutError, ForgedFrameError]


@pytest.fixture
def worker(tmp_path):
    """Return what starts a worker on a source, and ends it afterwards."""
    started = []

    def start(source, **limits):
        (tmp_path / "conv.py").write_text(source)
        started.append(Worker(tmp_path, Limits(**{"timeout_s": 1.0, **limits})))
        return started[-1]

    yield start
    for one in started:
        one.close()


def ask(worker, *arguments):
    """Return what `f` answers to one call."""
    request = pack_case(Case((arguments,)))
    worker.load("conv", "f")
    (frame,) = worker.call("conv", "f", [request])
    return read_reply(*frame, request).steps[-1]


def printed(worker, lines=1):
    """Return what was printed, which comes by another pipe than the answer, and in pieces."""
    ends = time.monotonic() + 60
    while worker.output.count("\n") < lines and time.monotonic() < ends:
        time.sleep(0.01)
    return worker.output


def test_a_function_is_asked_and_what_it_prints_is_kept_until_the_next_exercise(worker):
    one = worker("def f(x):\n    print('saw', x)\n    return x + 1\n")
    assert ask(one, 2) == 3
    assert printed(one) == "saw 2\n"
    one.begin()
    assert one.output == ""
    assert ask(one, 3) == 4
    assert printed(one) == "saw 3\n"


def test_a_file_is_run_without_what_is_left_out_and_without_what_misses_it(worker):
    text = "import torch\nx = torch.x\ndef f():\n    return 5\n"
    left_out = LeftOut({"conv.py": [(1, 7), (2, 0)]}, ("torch",))
    assert worker(text).load("conv", "f", left_out) is True
    one = worker(text)
    assert one.load("conv", "f", LeftOut({}, ("torch",))) is True
    assert printed(one, lines=2).splitlines() == [
        "File \"conv.py\", line 1 is left out: ModuleNotFoundError: No module named 'torch'",
        "File \"conv.py\", line 2 is left out: NameError: name 'torch' is not defined",
    ]
    assert worker(text).load("conv", "f").type == "ModuleNotFoundError"


def test_a_file_that_raises_or_lacks_the_function_says_so(worker):
    assert worker("x = 1\n").load("conv", "f") is False
    assert worker("f = 1 / 0\n").load("conv", "f").type == "ZeroDivisionError"
    assert worker("def f(): pass\n").load("conv", "f") is True


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("import os; os._exit(3)", WorkerDiedError, "ended itself with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", WorkerDiedError, "signal SIGKILL"),
        ("while True: pass", WorkerTimeoutError, "no answer after"),
        ("import time; time.sleep(60)", WorkerTimeoutError, "of waiting"),
        ("print('x' * 2**22)", WorkerDiedError, "it printed more than 1 MiB"),
    ],
)
def test_a_worker_that_is_lost_says_why(worker, body, error, words):
    one = worker(f"def f():\n    {body}\n    import time; time.sleep(60)\n", output_mib=1)
    with pytest.raises(error, match=words) as raised:
        ask(one)
    assert isinstance(raised.value, WorkerLostError)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_worker_that_ended_is_not_waited_for_because_another_one_has_its_pipe(worker):
    body = "import os, time\n    if os.fork():\n        os._exit(3)\n    time.sleep(60)"
    with pytest.raises(WorkerDiedError, match="ended itself with exit code 3"):
        ask(worker(f"def f():\n    {body}\n", timeout_s=60.0))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_closing_does_not_wait_for_whoever_still_has_a_pipe(worker):
    body = "if os.fork():\n        os._exit(3)\n    os.setsid()\n    time.sleep(20)"
    one = worker(f"import os, time\ndef f():\n    {body}\n", timeout_s=60.0)
    with pytest.raises(WorkerDiedError):
        ask(one)
    start = time.monotonic()
    one.close()
    assert time.monotonic() - start < 15.0


def test_time_is_counted_from_the_beginning_of_each_exercise(worker):
    source = "import time\ndef f():\n    time.sleep(2.5)\n    return 1\n"
    one = worker(source, timeout_s=2.0)
    for _ in range(3):  # more than six seconds in all, the most for each exercise
        one.begin()
        assert ask(one) == 1


def test_a_process_that_never_starts_is_our_fault_and_says_what_it_said(tmp_path):
    def broken(*_):
        return Launch([sys.executable, "-c", "import sys; sys.exit('no numpy here')"])

    with Worker(tmp_path, Limits(), broken) as one, pytest.raises(WorkerError, match="no numpy"):
        one.load("conv", "f")


def test_a_program_that_is_not_there_is_our_fault(tmp_path):
    with pytest.raises(WorkerError, match="cannot be started"):
        Worker(tmp_path, Limits(), lambda *_: [str(tmp_path / "nothing")])


def test_a_worker_that_is_ended_twice_stays_ended(worker):
    one = worker("def f(): return 1\n")
    assert ask(one) == 1
    one.close()
    one.close()
    with pytest.raises(WorkerDiedError):
        ask(one)


@pytest.mark.parametrize("error", LOST)
def test_a_lost_worker_is_no_line_for_the_user_and_no_wrong_usage(error, monkeypatch, capsys):
    assert not issubclass(error, DlgradeError)
    assert not hasattr(error, "exit_code")

    def escape(**_):
        raise error("the process was ended")

    monkeypatch.setattr("grader.cli.app", escape)
    monkeypatch.delenv("DLGRADE_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == GraderError.exit_code
    assert "a fault of dlgrade itself" in capsys.readouterr().err


@pytest.mark.parametrize("error", LOST)
def test_a_lost_worker_that_nobody_expected_costs_nobody_a_point(
    error, tmp_path, course, bank, monkeypatch
):
    def lose(*_):
        raise error("between two questions")

    monkeypatch.setattr("grader.engine.inspection.Inspector.look", lose)
    engine = Engine(course, bank=bank, command=plain_command)
    (result,) = engine.check(tmp_path, [course.exercise("conv.im2col")]).exercises
    assert result.status is Status.UNGRADED
    assert result.earned is None


def test_every_error_of_worker_engine_and_course_stands_in_the_one_tree():
    root = Path(grader.__file__).parent
    files = [f for wing in ("worker", "engine", "course") for f in (root / wing).rglob("*.py")]
    defined, raised = set(), set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                defined.add(node.name)
            elif isinstance(node, ast.ImportFrom) and node.module == "grader.errors":
                raised |= {alias.name for alias in node.names}
    assert not defined
    assert raised >= {"WorkerDiedError", "WorkerTimeoutError", "ForgedFrameError", "CourseError"}
    for name in raised:
        assert issubclass(getattr(errors, name), (DlgradeError, errors.Signal))


def test_an_exception_of_the_student_s_is_an_answer_and_loses_no_worker(worker):
    one = worker("def f(x):\n    raise SystemExit(x)\n")
    assert isinstance(ask(one, 1), Raised)
    assert ask(one, 2).type == "SystemExit"
