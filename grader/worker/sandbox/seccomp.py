"""Write the filter of system calls that a student's process runs under: bytes for the kernel.

Namespaces already keep a worker away from everything that is not its own. The filter takes away
what no exercise needs and what reaches around a wall: sockets of any family (a network namespace
knows nothing of a virtual machine's), memory that belongs to no process (`shmget`,
`memfd_create`) and what others keep in such memory or in queues, other processes' memory, and the
doors into rarely used kernel code. A call that is refused fails with EPERM; nothing is killed, so
that numpy and Python go on.
"""

from __future__ import annotations

import errno
import platform
import struct

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
CLONE_NEWUSER = 0x10000000

LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
AT_NUMBER, AT_ARCH, AT_FIRST_ARGUMENT = 0, 4, 16
ALLOW, REFUSE = 0x7FFF0000, 0x00050000

# name: number on x86_64, number on aarch64; None where it does not exist
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "socketpair": (53, 199),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197),
    "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
    "mq_open": (240, 180), "mq_unlink": (241, 181),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "fsopen": (430, 430),
    "move_mount": (429, 429), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "acct": (163, 89),
    "quotactl": (179, 60), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "personality": (135, 92), "lookup_dcookie": (212, 18), "uselib": (134, None),
    "fanotify_init": (300, 262), "vmsplice": (278, 75), "modify_ldt": (154, None),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)


def make_filter() -> bytes | None:
    """Return the program for this machine, or None for a machine that it is not written for."""
    machine = platform.machine()
    if machine not in AUDIT_ARCH:
        return None
    column = 0 if machine == "x86_64" else 1
    refused = [numbers[column] for numbers in REFUSED.values()]
    program = [
        _step(LOAD_WORD, AT_ARCH),
        _step(JUMP_EQUAL, AUDIT_ARCH[machine], 1, 0),
        _refuse(errno.EPERM),
        _step(LOAD_WORD, AT_NUMBER),
        _step(JUMP_AT_LEAST, X32_BIT, 0, 1),
        _refuse(errno.EPERM),
    ]
    for number in refused:
        if number is not None:
            program += [_step(JUMP_EQUAL, number, 0, 1), _refuse(errno.EPERM)]
    # clone3 hides its flags behind a pointer; told that there is none, glibc uses clone
    program += [_step(JUMP_EQUAL, CLONE3[column], 0, 1), _refuse(errno.ENOSYS)]
    program += [
        _step(JUMP_EQUAL, CLONE[column], 0, 3),
        _step(LOAD_WORD, AT_FIRST_ARGUMENT),
        _step(JUMP_ANY_BIT, CLONE_NEWUSER, 0, 1),
        _refuse(errno.EPERM),
        _step(RETURN, ALLOW),
    ]
    return b"".join(program)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _refuse(number: int) -> bytes:
    return _step(RETURN, REFUSE | number)
