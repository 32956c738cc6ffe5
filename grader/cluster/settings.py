"""How Dask is set up here: it carries bytes, and does nothing of its own accord."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

import dask
from distributed.versions import VersionMismatchWarning

if TYPE_CHECKING:
    from pathlib import Path

OURS = {
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a bank may be tens of MiB
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.allowed-failures": 0,  # who tries again, and where, is ours to say
    "distributed.scheduler.http.routes": [],  # no page and no figures for whoever asks
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.worker-ttl": None,  # a node that stands still for a while may go on
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.timeouts.tcp": "120s",
}
NO_PAGES = "127.0.0.1:0"  # where Dask listens for browsers, which it always does: it has nothing
LOGGER = "distributed"


def set_up(folder: Path | None = None) -> None:
    """Set Dask up for this process; what a batch system needs stays as its own file says.

    Parameters
    ----------
    folder
        Where it may keep files; None leaves that as it is.
    """
    dask.config.set(OURS)
    if folder is not None:
        dask.config.set({"temporary-directory": str(folder)})
    logging.getLogger(LOGGER).setLevel(logging.CRITICAL)  # what matters is told by us
    warnings.simplefilter("ignore", VersionMismatchWarning)  # such a node is refused by name
    logging.getLogger("tornado").setLevel(logging.CRITICAL)
