"""What `--cluster` names: nodes of this machine, a scheduler, or a batch system."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from grader.errors import UsageError

BATCH_SYSTEMS = ("slurm", "pbs")
MOST_LOCAL = 64
PORT = 8786
ADDRESS = re.compile(r"(tls|tcp)://(\[[0-9a-fA-F:.]*\]|[^:/\[\]]*)(?::(\d{1,5}))?")


@dataclass(frozen=True)
class Where:
    """Where a class is graded.

    Parameters
    ----------
    kind
        "local", "slurm", "pbs", "tls" or "tcp".
    count
        How many nodes are started here.
    address
        Of a scheduler.
    """

    kind: str
    count: int = 0
    address: str = ""


def read_where(text: str) -> Where:
    """Return what was typed after `--cluster`.

    Raises
    ------
    UsageError
        It names nothing.

    Examples
    --------
    >>> read_where("local:2").count, read_where("tls://lab").address
    (2, 'tls://lab:8786')
    """
    if text in BATCH_SYSTEMS:
        return Where(text)
    if found := re.fullmatch(r"local:(\d{1,3})", text):
        count = int(found[1])
        if not 1 <= count <= MOST_LOCAL:
            raise UsageError(f"--cluster local:N takes 1 to {MOST_LOCAL} nodes")
        return Where("local", count)
    if "://" not in text:
        raise UsageError(
            f"--cluster {text}: it is local:N, tls://HOST:PORT, {' or '.join(BATCH_SYSTEMS)}"
        )
    address = read_address(text)
    if "://:" in address:
        raise UsageError(f"--cluster {text}: the host is missing")
    return Where(address.partition(":")[0], address=address)


def read_address(text: str) -> str:
    """Return an address with its port; without TLS only where nobody else can listen in.

    Raises
    ------
    UsageError
        It is none, or would be open to others.
    """
    found = ADDRESS.fullmatch(text)
    if not found or int(found[3] or PORT) > 65_535:
        raise UsageError(f"{text} is no address: write tls://HOST:PORT")
    kind, host, port = found[1], found[2], found[3] or PORT
    if kind == "tcp" and not _is_loopback(host):
        text = f"{kind}://{host}:{port} would be open to whoever reaches it"
        raise UsageError(f"{text}: plain tcp:// is for this machine alone, others need tls://")
    return f"{kind}://{host}:{port}"


def find_own_loopback(address: str) -> str | None:
    """Return where a node of this scheduler listens, if that is on this machine; else None.

    Without it Dask would listen on every network, and without TLS run what anybody sends.

    Examples
    --------
    >>> find_own_loopback("tcp://localhost:8786"), find_own_loopback("tls://lab:8786")
    ('127.0.0.1', None)
    """
    found = ADDRESS.fullmatch(address)
    if not found or not _is_loopback(found[2]):
        return None
    return "127.0.0.1" if found[2] == "localhost" else found[2]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
