"""A node that is killed leaves nothing on a machine that only lent a hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from classes import ROOT, command, environment
from machines import wait_until

KILLED = """
import os, signal, tempfile
from pathlib import Path
from grader.cluster.nodes import node
from grader.worker.sandbox.mounts import make_scratch, make_stage

async def serve(options, folder):
    stage = make_stage(make_scratch())  # as where its sandbox is tried
    (stage / "own.py").write_text("x = 1")
    tempfile.mkdtemp()
    print(stage, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

node._serve = serve
node.run_node(node.NodeOptions("tls://127.0.0.1:1", None, 1, None))
"""


@pytest.mark.skipif(os.name == "nt", reason="no process is killed so on Windows")
def test_what_a_killed_node_laid_down_while_its_sandbox_was_tried_goes_with_it(tmp_path):
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, check=False,
        env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode < 0, done.stderr
    stage = Path(done.stdout.strip())
    assert stage.name.startswith("stage-")
    wait_until(lambda: not stage.parent.exists() and not [*tmp_path.rglob("*")])


@pytest.mark.skipif(os.name == "nt", reason="no process is killed so on Windows")
def test_a_run_that_is_killed_leaves_no_certificates_of_its_nodes(tmp_path, alone):
    tmp_path.chmod(0o755)
    words = alone.words(alone.hw, tmp_path / "g.db", "--cluster", "local:1", "--sandbox", "none")
    variables = environment(TMPDIR=str(tmp_path), PYTHONUNBUFFERED="1")
    run = subprocess.Popen(command(*words), env=variables, stdout=subprocess.DEVNULL)
    wait_until(lambda: list(tmp_path.glob("dlgrade-cluster-*/certificates/key.pem")))
    run.kill()
    run.wait()
    wait_until(lambda: not list(tmp_path.glob("dlgrade-cluster-*")))
