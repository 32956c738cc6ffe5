"""Folders that all workers of a test session share: what is in them is made once."""

from __future__ import annotations

import os

from filelock import FileLock


def shared_folder(factory, name, fill=None):
    """Return a folder of the session, filled by the first worker that asks for it.

    Parameters
    ----------
    factory
        `tmp_path_factory`.
    name
        The folder's.
    fill
        Called with the new folder, if given; another worker that asks waits until it has returned.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, filled = base / name, base / f"{name} is filled"
    with FileLock(base / f"{name}.lock"):
        if not filled.exists():
            folder.mkdir()
            if fill is not None:
                fill(folder)
            filled.touch()
    return folder
