"""What the tests of grading processes share: orders, what came of them, and imitations."""

from __future__ import annotations

import sys

from classes import ONLY, RIGHT

from grader.grading.executor import Order
from grader.grading.intake.packages import Package

PATIENCE_S = 120


def order(text=RIGHT, exercises=(ONLY,)):
    return Order(Package("folder", {"conv.py": text.encode()}).to_bytes(), exercises, "a")


def status(future):
    (fact,) = future.result(PATIENCE_S)["facts"]
    return fact["status"]


def imitation(tmp_path, monkeypatch, code):
    """Let processes start that only look like a grading process."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
