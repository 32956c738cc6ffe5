"""Executors that end with the test."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from shared import shared_folder
from waiting import Forked

import grader.grading.job
from grader.engine.cases.drawing import load_hypothesis
from grader.engine.cases.oracle import load_torch
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


@pytest.fixture
def forked(monkeypatch):
    """Let grading processes be forks of this one, where what is tested is not how they start.

    Only exercises that ask torch for no gradient can be graded so: its engine cannot be forked.
    """
    if not hasattr(os, "fork"):
        return
    load_torch()
    load_hypothesis()
    main = grader.grading.job.main
    monkeypatch.setattr("grader.grading.process.start_job", lambda: Forked(main))
