"""Say what helps where a sandbox cannot start: the machine's own switches are read, not guessed.

Bubblewrap needs user namespaces, which many machines keep for root: Ubuntu by AppArmor, Debian by a
switch of its own, containers by their filter of system calls, and the first WSL has none at all.
"""

from __future__ import annotations

import sys
from pathlib import Path

from grader.errors import SandboxError

SETTINGS = Path("/proc/sys")
CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
BY_ROOT = "or, as root, choose --sandbox uid"
ELSEWHERE = {
    "win32": "grade in WSL 2 (`wsl --install`), which is a Linux",
    "darwin": "grade in a Linux container or virtual machine",
}
GENERAL = f"allow user namespaces on this machine; in a container, {BY_ROOT.removeprefix('or, ')}"


def need_linux(kind: str) -> None:
    """Make sure that there can be walls at all.

    Raises
    ------
    SandboxError
        This is no Linux; the message says where to grade then.
    """
    if sys.platform != "linux":
        where = ELSEWHERE.get(sys.platform, "grade on a Linux")
        help_ = f"{where}, or choose --sandbox none where you trust every submission"
        raise SandboxError(f"--sandbox {kind} needs Linux", help_)


def find_remedy(kind: str) -> str:
    """Return the line that helps where a sandbox did not start.

    Parameters
    ----------
    kind
        "bwrap", "uid" or "none".
    """
    if kind != "bwrap":
        return "run `dlgrade doctor`, which tries every part alone"
    release = _read(SETTINGS / "kernel/osrelease").lower()
    if "microsoft" in release and "wsl2" not in release:
        return f"the first WSL has no namespaces: `wsl --set-version` makes it WSL 2; {BY_ROOT}"
    if any(mark.exists() for mark in CONTAINER_MARKS):
        text = "this container refuses namespaces: choose --sandbox uid, as root in it"
        return f"{text}; or start it with `--security-opt seccomp=unconfined --cap-add SYS_ADMIN`"
    if _read(SETTINGS / "kernel/apparmor_restrict_unprivileged_userns") == "1":
        text = "AppArmor keeps user namespaces from bubblewrap (Ubuntu 24.04): give it a profile "
        text += "(`userns,` in /etc/apparmor.d/bwrap), or "
        return f"{text}`sysctl kernel.apparmor_restrict_unprivileged_userns=0`; {BY_ROOT}"
    for name, closed, opened in (
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("user/max_user_namespaces", "0", "10000"),
    ):
        if _read(SETTINGS / name) == closed:
            setting = name.replace("/", ".")
            return f"user namespaces are switched off: `sysctl {setting}={opened}`; {BY_ROOT}"
    return GENERAL


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
