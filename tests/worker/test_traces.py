"""What a worker says beside its answers: bounded, harmless, and about one call alone."""

from __future__ import annotations

import json
import signal
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ForgedFrameError, WorkerDiedError, WorkerTimeoutError
from grader.model import Case, Limits
from grader.model.printed import Printed
from grader.worker.client import Worker
from grader.worker.traces import MAX_LINES, read_last, read_lines, read_look
from grader.worker.wire import pack_case, read_reply

asks_where = pytest.mark.skipif(
    not hasattr(signal, "SIGUSR1"), reason="this system has no signal to ask with"
)
SPIN = "def f():\n    x = 0\n    while True:\n        x += 1\n"


@pytest.fixture
def worker(tmp_path):
    """Return what starts a worker that has loaded a source, and ends it afterwards."""
    started = []

    def start(source, timeout_s=5.0):
        (tmp_path / "conv.py").write_text(source)
        started.append(Worker(tmp_path, Limits(timeout_s=timeout_s)))
        assert started[-1].load("conv", "f") is True
        return started[-1]

    yield start
    for one in started:
        one.close()


def look(worker, *calls, step=0):
    """Return what is said of one step of a case, and what it was answered."""
    request = pack_case(Case(calls))
    (frame,) = worker.call("conv", "f", [request], look=step)
    return read_look(frame), read_reply(*frame, request).steps


def test_a_call_that_is_looked_at_says_what_it_printed_and_with_which_line_it_returned(worker):
    source = "def f(x):\n    print('x is', x)\n    if x:\n        return 1\n    return 2\n"
    one = worker(source)
    assert look(one, (1,)) == ((Printed(("x is 1",)), 4), (1,))
    assert look(one, (0,)) == ((Printed(("x is 0",)), 5), (2,))


def test_of_several_calls_the_one_that_is_asked_for_is_looked_at(worker):
    source = "def f(x):\n    print('call', x, end='')\n    return x\n"
    assert look(worker(source), (7,), (8,), (9,), step=1)[0] == (Printed(("call 8",)), 3)


def test_helpers_of_the_same_file_are_heard_and_their_lines_are_not_told(worker):
    source = "def g():\n    print('g')\n    return 1\n\ndef f():\n    return g()\n"
    assert look(worker(source), ())[0] == (Printed(("g",)), 6)


def test_what_a_look_keeps_is_not_printed_a_second_time(worker):
    one = worker("def f(x):\n    print('call', x)\n    return 1\n")
    list(one.call("conv", "f", [pack_case(Case(((1,),)))]))
    look(one, (2,))
    list(one.call("conv", "f", [pack_case(Case(((3,),)))]))
    ends = time.monotonic() + 60  # what is printed comes by another pipe than the answer, in order
    while "call 3\n" not in one.output and time.monotonic() < ends:
        time.sleep(0.01)
    assert one.output == "call 1\ncall 3\n"


def test_a_function_that_raises_has_printed_before_it_did(worker):
    one = worker("def f():\n    print('before')\n    raise KeyError(1)\n")
    (printed, _), (raised,) = look(one, ())
    assert (printed, raised.type) == (Printed(("before",)), "KeyError")


def test_endless_printing_is_counted_and_not_kept(worker):
    one = worker("def f():\n    for i in range(300_000):\n        print(i)\n    return 1\n")
    (printed, line), _ = look(one, ())
    assert printed == Printed(tuple(map(str, range(MAX_LINES))), after=300_000 - MAX_LINES)
    assert line == 4


def test_what_steers_a_terminal_is_no_part_of_what_was_printed(worker):
    source = "def f():\n    print('\\x1b[31mred /home/x/conv.py at 0x7f00aa')\n    return 1\n"
    (printed, _), _ = look(worker(source), ())
    assert printed == Printed(("\ufffd[31mred conv.py at 0x…",))


def test_code_that_traces_itself_costs_the_line_and_nothing_else(worker):
    one = worker("import sys\ndef f():\n    sys.settrace(None)\n    print('a')\n    return 1\n")
    assert look(one, ())[1] == (1,)


@pytest.mark.parametrize("body", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_of_a_call_that_died_what_it_printed_itself_is_known(worker, body):
    source = "import os\ndef f(x):\n    print('call', x)\n    if x == 2:\n"
    one = worker(f"{source}        {body}\n    return x\n")
    cases = [pack_case(Case(((n,),))) for n in range(4)]
    with pytest.raises(WorkerDiedError):
        list(one.call("conv", "f", cases))
    assert read_last(one.last_output) == Printed(("call 2",))
    assert one.output == "call 0\ncall 1\ncall 2\n"


def test_of_a_call_that_does_not_end_the_last_lines_are_known(worker):
    source = "def f():\n    for i in range(50):\n        print(i)\n    while True: pass\n"
    one = worker(source, timeout_s=0.5)
    with pytest.raises(WorkerTimeoutError):
        list(one.call("conv", "f", [pack_case(Case(((),)))]))
    assert read_last(one.last_output) == Printed(tuple(map(str, range(30, 50))), before=30)


def stuck_at(one):
    with pytest.raises(WorkerTimeoutError):
        list(one.call("conv", "f", [pack_case(Case(((),)))]))
    return [line for file, line in read_lines(one.read_stack()) if file == "conv.py"]


@asks_where
@pytest.mark.usefixtures("_stacks_are_waited_for")
@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (SPIN, ({3, 4},)),
        ("def g():\n    while True: pass\ndef f():\n    g()\n", ({2}, {4})),
        ("def f():\n    return sum(iter(int, 1))\n", ({2},)),  # a loop of C code, which never ends
        ("import time\ndef f():\n    time.sleep(60)\n", ({3},)),
        ("def f():\n    try:\n        while True: pass\n    finally:\n        pass\n", ({3},)),
    ],
)
def test_the_line_that_is_running_when_the_time_is_up_is_known(worker, source, lines):
    found = stuck_at(worker(source, timeout_s=0.3))
    assert len(found) == len(lines)
    assert all(line in known for line, known in zip(found, lines, strict=True))


@asks_where
@pytest.mark.parametrize(
    "way",
    [
        "import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)",
        "import signal; signal.signal(signal.SIGUSR1, signal.SIG_DFL)",
        "import faulthandler, signal; faulthandler.unregister(signal.SIGUSR1)",
        "import os; [os.close(n) for n in range(3, 30) if n != 99]",
    ],
)
def test_code_that_does_not_want_to_be_asked_is_just_not_known(worker, way):
    one = worker(f"def f():\n    {way}\n    while True: pass\n", timeout_s=0.3)
    with pytest.raises((WorkerTimeoutError, WorkerDiedError)):
        list(one.call("conv", "f", [pack_case(Case(((),)))]))
    assert read_lines(one.read_stack()) == []


def test_lines_of_files_that_code_made_up_are_numbers_and_names_alone():
    stack = b'  File "/x/../../etc/conv.py", line 999999999 in <b>\n' * 5000
    found = read_lines(stack)
    assert set(found) == {("conv.py", 999_999_999)}
    assert len(found) <= 100
    assert read_lines(b'  File "conv.py", line 99999999999999999999 in f') == []
    assert read_lines(b"\xff" * 9999) == []


def test_a_line_of_the_workers_own_is_none_of_a_students_file_of_that_name():
    stack = b'  File "/submission/calls.py", line 3 in f\n  File "/child/calls.py", line 31 in g\n'
    assert read_lines(stack) == [("calls.py", 3)]


TREES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(["a", {"b": 1}])


@given(st.fixed_dictionaries({}, optional={"p": TREES, "n": TREES, "l": TREES}))
def test_any_other_reply_is_forged_or_some_harmless_lines_and_a_number(tree):
    try:
        printed, line = read_look((json.dumps(tree).encode(), b""))
    except ForgedFrameError:
        return
    assert type(line) is int
    assert 0 <= line < 2**31
    for text in printed.told if printed else ():
        assert text.isprintable()
