"""The wheel of the source tree, built once for all tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from shared import shared_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Build the wheel from the source tree, as pip lets it be built."""
    pytest.importorskip("hatchling", reason="hatchling is missing, which builds the wheel")
    (built,) = shared_folder(tmp_path_factory, "wheel", build).glob("*.whl")
    return built


def build(folder):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
