"""Read text as the mark at its beginning says that it was saved."""

from __future__ import annotations

import codecs

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


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
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                return data, ""
            return text.encode("utf-8", "replace"), f"{path} is saved as {name}; save it as UTF-8"
    return data, ""
