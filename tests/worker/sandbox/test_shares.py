"""A worker gets its share of time, memory, processes, files and output, and no more."""

from __future__ import annotations

import threading

import pytest
from sandboxed import both, bwrap_only, run

from grader.errors import WorkerError, WorkerTimeoutError
from grader.model import Case, Limits
from grader.worker.client import Worker
from grader.worker.command import child_arguments
from grader.worker.launch import Launch
from grader.worker.sandbox.base import MAX_PROCESSES
from grader.worker.sandbox.cgroup import _members
from grader.worker.traces import read_lines
from grader.worker.wire import pack_case


@both
@pytest.mark.usefixtures("_stacks_are_waited_for")
def test_the_line_that_is_running_when_the_time_is_up_is_known_inside_too(box):
    sandbox, folder = box
    (folder / "conv.py").write_text("def f():\n    x = 0\n    while True:\n        x += 1\n")
    (folder / "conv.py").chmod(0o640)
    with Worker(folder, Limits(timeout_s=0.5, memory_mib=512), sandbox) as worker:
        assert worker.load("conv", "f") is True
        with pytest.raises(WorkerTimeoutError):
            list(worker.call("conv", "f", [pack_case(Case(((),)))]))
        lines = [line for file, line in read_lines(worker.read_stack()) if file == "conv.py"]
    assert lines in ([3], [4])


@both
def test_a_fork_bomb_ends_at_the_limit_and_the_next_submission_has_all_of_its_own(box):
    source = """
import os, time
def f():
    count = 0
    try:
        while count < 400:
            if os.fork() == 0:
                time.sleep(30); os._exit(0)
            count += 1
    except OSError:
        pass
    return count
"""
    answer = run(*box, source, limits=Limits(timeout_s=5.0, memory_mib=4096))
    assert answer <= MAX_PROCESSES
    again = "import os\ndef f(): return 1 if os.fork() else os._exit(0)"
    assert run(*box, again) == 1


@both
def test_memory_is_counted_over_all_processes(box):
    source = """
import os, time
def f():
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            keep = b"x" * (200 * 2**20)
            time.sleep(60); os._exit(0)
        children.append(child)
    for _ in range(100):
        time.sleep(0.1)
        left = []
        for child in children:
            try:
                if os.waitpid(child, os.WNOHANG)[0] == 0: left.append(child)
            except ChildProcessError: pass
        children = left
        if len(children) <= 2: break
    return len(children)
"""
    answer = run(*box, source, limits=Limits(timeout_s=10.0, memory_mib=512))
    # either the whole family was ended, or the kernel ended those who took too much
    assert "512 MiB" in answer if isinstance(answer, str) else answer <= 2


@both
def test_one_process_alone_gets_a_memory_error(box):
    answer = run(*box, "def f(): return len(bytearray(4 * 2**30))")
    assert str(answer).startswith("MemoryError")


@both
def test_files_are_few_and_small(box):
    source = """
import os, tempfile
def f():
    written, opened = 0, 0
    try:
        for number in range(100):
            with open(os.path.join(tempfile.gettempdir(), f"x{number}"), "wb") as file:
                for _ in range(16):
                    written += file.write(bytes(2**20)); file.flush()
    except OSError:
        pass
    try:
        keep = []
        while opened < 5000:
            keep.append(os.open("/dev/null", os.O_RDONLY)); opened += 1
    except OSError:
        pass
    return [written // 2**20, opened]
"""
    written, opened = run(*box, source)
    assert written <= 70
    assert opened <= 128


@both
def test_endless_output_ends_its_own_exercise(box):
    answer = run(*box, "def f():\n    while True: print('x' * 10000)")
    assert "printed more than" in answer


def test_limits_hold_from_the_first_line_of_a_students_file_on(tmp_path):
    """Confining comes between the worker's start and the first request, whichever thread asks."""
    seen = []

    class Confining:
        def __call__(self, folder, limits):
            argv = child_arguments(folder, limits)
            return Launch(argv, confine=lambda _: seen.append(mark.exists()))

    mark = tmp_path / "ran"
    (tmp_path / "conv.py").write_text(f"open({str(mark)!r}, 'w')\ndef f(): return 1\n")
    with Worker(tmp_path, Limits(), Confining()) as worker:
        threading.Event().wait(0.3)
        worker.load("conv", "f")
    assert seen == [False]
    assert mark.exists()


@both
def test_a_worker_that_starts_beside_another_is_counted_apart_and_leaves_its_group_to_the_next(box):
    """The next submission's worker is confined while this one's computes, and neither ends that."""
    sandbox, folder = box
    if (group := sandbox.take_group(Limits())) is None:
        pytest.skip("no control group can be made here")
    sandbox.give_back(group, Limits())

    def families():
        return [set(_members(next(iter(one.folders.values())))) for one in sandbox._made]

    (folder / "conv.py").write_text("def f(): return 1\n")
    (folder / "conv.py").chmod(0o640)
    with Worker(folder, Limits(), sandbox) as first, Worker(folder, Limits(), sandbox) as second:
        for worker in (first, second):
            assert worker.load("conv", "f") is True
        found = families()
        assert len(found) == 2
        assert all(found)
        assert not found[0] & found[1]
        second.close()
        assert first.load("conv", "f") is True
        with Worker(folder, Limits(), sandbox) as third:
            assert third.load("conv", "f") is True
            assert len(families()) == 2
            assert first.load("conv", "f") is True


@bwrap_only
def test_a_worker_that_is_closed_once_more_leaves_those_alone_that_have_its_group_now(box):
    sandbox, folder = box
    (folder / "conv.py").write_text("def f(): return 1\n")
    (folder / "conv.py").chmod(0o640)
    first = Worker(folder, Limits(), sandbox)
    assert first.load("conv", "f") is True
    first.close()
    with Worker(folder, Limits(), sandbox) as second:
        assert second.load("conv", "f") is True
        first.close()
        with Worker(folder, Limits(), sandbox) as third:
            assert third.load("conv", "f") is True
            assert second.load("conv", "f") is True


@bwrap_only
def test_a_group_is_not_given_back_while_its_worker_is_being_confined(box, monkeypatch):
    """The next worker would be in it, and whoever is confined ends what is there before."""
    done, inside, go_on = [], threading.Event(), threading.Event()

    class Group:
        controllers = frozenset({"pids"})

        def confine(self, _):
            inside.set()
            go_on.wait(10)
            done.append("confined")

        def end(self):
            done.append("given back")

        def close(self):
            pass

    monkeypatch.setattr("grader.worker.sandbox.base.make_group", lambda *_: Group())
    launch = box[0]._counted(Launch([]), Limits())
    threads = [threading.Thread(target=launch.confine, args=(1,))]
    threads[0].start()
    assert inside.wait(10)
    threads.append(threading.Thread(target=launch.end, args=(1,)))
    threads[1].start()
    threads[1].join(0.2)
    assert done == []
    go_on.set()
    for thread in threads:
        thread.join(10)
    launch.confine(1)
    assert done == ["confined", "given back"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("error", [OSError, RuntimeError])
def test_a_worker_that_cannot_be_confined_does_not_start(tmp_path, error):
    class Failing:
        def __call__(self, folder, limits):
            def fail(_):
                raise error("no control group")

            return Launch(child_arguments(folder, limits), confine=fail)

    started = Worker(tmp_path, Limits(), Failing())
    with started as worker, pytest.raises(WorkerError, match="did not start:"):
        worker.require_answer()


@bwrap_only
def test_memory_is_watched_where_no_control_group_can_be_made(box, monkeypatch):
    monkeypatch.setattr("grader.worker.sandbox.base.make_group", lambda *_: None)
    test_memory_is_counted_over_all_processes(box)
    answer = run(*box, "import os\ndef f(): return 1")
    assert answer == 1


@bwrap_only
def test_a_fork_bomb_ends_where_no_control_group_can_be_made(box, monkeypatch):
    monkeypatch.setattr("grader.worker.sandbox.base.make_group", lambda *_: None)
    test_a_fork_bomb_ends_at_the_limit_and_the_next_submission_has_all_of_its_own(box)
