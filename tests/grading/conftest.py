"""Executors that end with the test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shared import shared_folder

from grader.grading.executor import LocalExecutor
from grader.grading.messages import Setup


@pytest.fixture
def setup(tmp_path, tmp_path_factory):
    bank = shared_folder(tmp_path_factory, "bank of a run")
    return Setup(None, 5, 10.0, 1024, "none", str(bank), str(tmp_path / "scratch"))


@pytest.fixture
def start(setup):
    """Start executors that end with the test."""
    started = []

    def begin(jobs=1, **changes):
        started.append(LocalExecutor(replace(setup, **changes), jobs))
        return started[-1]

    yield begin
    for executor in started:
        executor.close()
