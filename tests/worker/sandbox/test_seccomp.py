"""What no exercise needs is refused by the kernel, by whatever door and on whatever thread."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from sandboxed import both, run

from grader.worker.sandbox import seccomp, uid
from grader.worker.sandbox.kinds import make_sandbox

FAMILIES = ("UNIX", "INET", "INET6", "NETLINK", "PACKET", "ALG", "VSOCK", "CAN", "TIPC", "XDP")
NUMBERS = {
    name: int(getattr(socket, f"AF_{name}", 44)) for name in FAMILIES
}  # XDP has no name there
intel = pytest.mark.skipif(os.uname().machine != "x86_64", reason="other numbers there")

MAKING = """
import errno, socket
FAMILIES = {families!r}
def make():
    made = []
    for name, family in FAMILIES.items():
        for kind in (1, 2, 3, 5):
            try:
                socket.socket(family, kind).close()
                made.append(name)
            except OSError as error:
                if error.errno != errno.EPERM:
                    made.append(f"{{name}} {{error}}")
    try:
        socket.socketpair()
        made.append("pair")
    except OSError:
        pass
    return " ".join(made)
"""


@both
def test_a_socket_of_no_family_can_be_made(box):
    source = MAKING.format(families=NUMBERS)
    assert run(*box, source, name="make") == ""


def test_what_makes_sockets_in_these_tests_makes_them_where_nobody_refuses():
    code = MAKING.format(families=NUMBERS) + "print(make())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"UNIX", "INET", "pair"} <= set(done.stdout.split())


@both
def test_the_thread_that_watches_the_grader_is_under_the_same_rules(box):
    source = (
        MAKING.format(families=NUMBERS)
        + """
import os, time
found = []
def getppid(real=os.getppid):
    try:
        found.append(make())
    except Exception as error:
        found.append(str(error))
    return real()
def f():
    os.getppid = getppid  # what that thread calls is what the file says from now on
    end = time.monotonic() + 20
    while len(found) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    return [len(found) >= 2, "".join(found)]
"""
    )
    assert run(*box, source) == [True, ""]


CALLS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def f():
    done = []
    for name, number in {calls!r}:
        result = libc.syscall(ctypes.c_long(number), {arguments})
        if result != -1 or ctypes.get_errno() != 1:
            done.append(f"{{name}} {{result}} {{ctypes.get_errno()}}")
    return "; ".join(done)
"""


@both
def test_every_call_that_is_listed_is_refused(box):
    column = 0 if os.uname().machine == "x86_64" else 1
    calls = [
        (name, numbers[column])
        for name, numbers in seccomp.REFUSED.items()
        if numbers[column] is not None
    ]
    assert {"io_uring_setup", "shmat", "msgsnd", "semop", "mq_open", "keyctl"} <= dict(calls).keys()
    source = CALLS.format(calls=calls, arguments="0, 0, 0, 0, 0, 0")
    assert run(*box, source) == ""


@both
@intel
def test_the_numbers_of_another_way_to_call_are_refused(box):
    calls = [("socket", 0x40000000 + 41), ("ptrace", 0x40000000 + 521)]
    assert run(*box, CALLS.format(calls=calls, arguments="1, 1, 0")) == ""


OLD_CALLS = """
import ctypes, mmap, os
def f():
    # mov eax, 359 (socket); mov ebx, 1; mov ecx, 1; xor edx, edx; int 0x80; ret
    code = bytes.fromhex("53b867010000bb01000000b90100000031d2cd805bc3")
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=7)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
"""


@both
@intel
def test_calls_of_a_32_bit_program_are_refused(box):
    code = OLD_CALLS + "print(f())"
    outside = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    if outside.returncode or int(outside.stdout) < 0:
        pytest.skip("this kernel knows no 32-bit programs")
    assert run(*box, OLD_CALLS) == -1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_machine_without_a_filter_has_no_sandbox_by_another_user(tmp_path, monkeypatch):
    from grader.errors import SandboxError

    monkeypatch.setattr(uid, "make_filter", lambda: None)
    with pytest.raises(SandboxError, match="x86_64 and aarch64"):
        make_sandbox("uid", tmp_path)
