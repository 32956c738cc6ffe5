"""Limits and walls that a worker puts up for itself, for good, before it reads a student's file."""

from __future__ import annotations

import contextlib
import json
import os
import struct
from typing import Any


def limit_resources(memory_mib: int, cpu_s: int, more: dict[str, int]) -> None:
    """Set the limits that this platform offers; the parent watches them as well."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    for name, value in [
        ("RLIMIT_AS", memory_mib * 2**20),
        ("RLIMIT_CPU", cpu_s),
        ("RLIMIT_CORE", 0),
        *more.items(),
    ]:
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))


def restrict_files(path: str, folder: str) -> None:
    """Keep this process and its children from all files that no rule names, for good (Linux).

    The rules are in a file, since a command line is too short for some; those of the student's
    own folder come to them.
    """
    import ctypes  # noqa: PLC0415 - only where no sandbox does it from outside

    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    libc = ctypes.CDLL(None, use_errno=True)
    create_ruleset, add_rule, restrict_self, path_beneath = 444, 445, 446, 1

    def call(number: int, *arguments: Any) -> int:
        result = int(libc.syscall(number, *arguments))
        if result < 0:
            raise OSError(ctypes.get_errno(), "the rules about files are refused")
        return result

    handled = struct.pack("<Q", given["handled"])
    ruleset = call(create_ruleset, handled, ctypes.c_size_t(8), 0)
    for where, rights in [*given["rules"], (folder, given["folder"])]:
        opened = os.open(where, os.O_PATH | os.O_CLOEXEC)
        call(add_rule, ruleset, path_beneath, struct.pack("<Qi", rights, opened), 0)
        os.close(opened)
    give_up_privileges(libc)
    call(restrict_self, ruleset, 0)
    os.close(ruleset)


def give_up_privileges(libc: Any) -> None:
    """Promise the kernel that nothing this process starts has more rights than it has."""
    import ctypes  # noqa: PLC0415 - only where no sandbox does it from outside

    no_new_privileges = 38
    if libc.prctl(no_new_privileges, ctypes.c_ulong(1), *[ctypes.c_ulong(0)] * 3) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs is refused")


def filter_calls(program: bytes) -> None:
    """Put this process and its children under a filter of system calls, for good (Linux)."""
    import ctypes  # noqa: PLC0415 - only where no sandbox does it from outside

    class Program(ctypes.Structure):
        _fields_ = (("count", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    settled = ctypes.byref(Program(len(program) // 8, program))
    set_seccomp, mode_filter = 22, 2
    give_up_privileges(libc)
    if libc.prctl(set_seccomp, ctypes.c_ulong(mode_filter), settled, ctypes.c_ulong(0)) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls is refused")
