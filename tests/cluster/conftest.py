"""The cluster needs its extra; a machine without it has nothing to test here."""

from __future__ import annotations

import pytest

pytest.importorskip("distributed")
pytest.importorskip("cryptography")
