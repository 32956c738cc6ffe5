"""What both sides of the pipe agree on: the form of a frame, marks, and the longest texts."""

from __future__ import annotations

import struct

TOKEN_BYTES = 16
PREFIX = struct.Struct(f"<{TOKEN_BYTES}sIQ")  # token, length of the JSON text, length of the bytes
MAX_TEXT = 2_000
MAX_INT_BITS = 256
MAX_KEPT = 8 * 2**10  # bytes of what one call printed
CALL_MARK = b"\x1e"  # in what was printed: another call begins
NOTEBOOK_MARK = b"# made from a notebook\n"
CELL_MARK = b"# %% cell "
