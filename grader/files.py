"""Write files as a whole, and find names for them."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str | bytes) -> None:
    """Replace a file as a whole: a reader sees the old text or the new one, never a part."""
    import tempfile  # noqa: PLC0415 - `dlgrade list` only reads

    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name.lstrip('.')}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode if path.exists() else 0o644
        Path(made).chmod(mode & 0o777)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def free_name(path: Path) -> Path:
    """Return a name that no file has: the one given, or with a number behind it."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}{number}")
    return found
