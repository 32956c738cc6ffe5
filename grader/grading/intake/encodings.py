"""Read text as the mark at its beginning says that it was saved."""

from __future__ import annotations

from grader.parsing import marked_encoding


def recode(data: bytes, path: str) -> tuple[bytes, str]:
    r"""Return a text of UTF-16 or UTF-32 as UTF-8, and a note; anything else as it is.

    Python reads neither, and a file that PowerShell's `>` or an old Notepad wrote is one of them.

    Examples
    --------
    >>> recode("x = 1".encode("utf-16"), "conv.py")
    (b'x = 1', 'conv.py is saved as UTF-16; save it as UTF-8')
    >>> recode(b"x = 1", "conv.py")
    (b'x = 1', '')
    """
    mark = marked_encoding(data)
    if not mark:
        return data, ""
    try:
        text = data.decode(mark)
    except UnicodeDecodeError:
        return data, ""
    return text.encode("utf-8", "replace"), f"{path} is saved as {mark}; save it as UTF-8"
