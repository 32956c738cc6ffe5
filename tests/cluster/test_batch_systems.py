"""A batch system's jobs are nodes: tried with stand-ins that start the job on this machine."""

from __future__ import annotations

import os
import signal
import time

import dask
import pytest
from classes import ONLY, ROOT, children_of, is_alive
from executors import PATIENCE_S, order, status
from shared import shared_folder

from grader.cluster.certificates import make_certificates
from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import BatchHost
from grader.errors import UsageError
from grader.grading.messages import Setup

SUBMIT = """#!/bin/sh
for last; do :; done
grep -q '^#{mark} ' "$last" || exit 1
cp "$last" {folder}/job.sh
setsid sh {folder}/job.sh >{folder}/said 2>&1 </dev/null &
echo $! >{folder}/pid
echo "{says}"
"""
CANCEL = """#!/bin/sh
echo "$1" >{folder}/cancelled
kill -TERM -$(cat {folder}/pid)
"""
SYSTEMS = {  # what submits a job and what cancels it, what begins its settings, what is said
    "slurm": ("sbatch", "scancel", "SBATCH", "Submitted batch job 77"),
    "pbs": ("qsub", "qdel", "PBS", "77.host"),
}


@pytest.fixture
def batch(tmp_path, tmp_path_factory, monkeypatch):
    """Return a setup and a host, by the name of a batch system."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for submit, cancel, mark, says in SYSTEMS.values():
        for name, text in {submit: SUBMIT, cancel: CANCEL}.items():
            (folder / name).write_text(text.format(folder=folder, mark=mark, says=says))
            (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    make_certificates(tmp_path / "certificates")
    (tmp_path / "scratch").mkdir()
    bank = shared_folder(tmp_path_factory, "bank of a run")
    setup = Setup(
        None, 5, 10.0, 1024, "none", str(bank), str(tmp_path / "scratch"), asked=(ONLY,)
    )  # fmt: skip

    def make(system):
        return setup, BatchHost(system, 1, tmp_path / "certificates", None)

    make.folder = folder
    return make


SETTINGS = {"cores": 2, "memory": "2GB", "interface": "lo", "death-timeout": 60}


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_jobs_grade_and_are_given_back(batch, system):
    told = []
    names = {f"jobqueue.{system}.{name}": value for name, value in SETTINGS.items()}
    dask.config.set(names)  # for good: what dask-jobqueue adds meanwhile must not go with it
    try:
        setup, host = batch(system)
        executor = ClusterExecutor(setup, 1, host, told.append)
        try:
            assert status(executor.submit(order())) == "passed"
            assert [line for line in told if line.endswith("grades, 2 slots")]
        finally:
            executor.close()
    finally:
        dask.config.set(dict.fromkeys(names))
    assert (batch.folder / "cancelled").read_text() == "77\n"
    end = time.monotonic() + PATIENCE_S
    job = int((batch.folder / "pid").read_text())
    while children_of(os.getpid()) or is_alive(job):
        assert time.monotonic() < end
        time.sleep(0.1)
    script = (batch.folder / "job.sh").read_text()
    assert "grader.cluster.nodes.node tls://127.0.0.1:" in script


def test_settings_that_are_missing_are_told_with_their_file_and_ctrl_c_stays_ours(batch):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(UsageError, match=r"jobqueue\.pbs\.cores is not in .*jobqueue\.yaml"):
        batch("pbs")
    assert signal.getsignal(signal.SIGINT) is before
