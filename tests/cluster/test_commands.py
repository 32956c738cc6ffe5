"""`dlgrade node` and what meets there, as processes of their own: the commands that are typed."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from classes import (
    RIGHT,
    SANDBOX,
    WRONG,
    command,
    dlgrade,
    environment,
    grade,
    make_class,
    statuses,
)
from machines import PATIENCE_S, wait_until

from grader.cluster.certificates import make_certificates


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def begin(tmp_path):
    """Start commands that go on until the test ends, each with a home and a TMPDIR of its own."""
    running, temporary = [], Path(tempfile.mkdtemp())
    temporary.chmod(0o755)  # a worker may be another user

    def start(name, *words):
        own = tmp_path / name
        own.mkdir()
        (temporary / name).mkdir(mode=0o755)
        variables = environment(HOME=str(own), TMPDIR=str(temporary / name))
        with (own / "said").open("w") as said:
            process = subprocess.Popen(command(*words), env=variables, stderr=said, cwd=own)
        running.append(process)
        return process

    start.temporary = temporary
    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
    for process in running:
        process.wait(PATIENCE_S)
    shutil.rmtree(temporary)


@pytest.mark.slow
def test_a_scheduler_and_a_node_grade_for_whoever_has_their_certificates(tmp_path, begin):
    if SANDBOX == "none":
        pytest.skip("needs bubblewrap")
    at = f"tls://127.0.0.1:{free_port()}"
    mine = ("--certificates", tmp_path / "mine")
    done = dlgrade("node", "--new-certificates", *mine)
    assert done.returncode == 0, done.stderr
    begin("scheduler", "node", "--scheduler", at, *mine)
    node = begin("node", "node", at, "--slots", 1, *mine)
    hw = make_class(tmp_path / "hw", a=RIGHT, b=WRONG)
    done = grade(hw, tmp_path / "g.db", "--cluster", at, *mine)
    assert done.returncode == 0, done.stderr
    assert {name: [*one.values()] for name, one in statuses(tmp_path / "g.db").items()} == {
        "a": ["passed"], "b": ["failed"],
    }  # fmt: skip
    told = dlgrade("show", tmp_path / "g.db", "a").stdout
    assert "graded by " in told
    node.send_signal(signal.SIGTERM)
    assert node.wait(PATIENCE_S) == 0
    wait_until(lambda: not list((begin.temporary / "node").iterdir()))


@pytest.mark.filterwarnings("ignore")  # Dask leaves what it could not connect to the collector
def test_whoever_has_another_certificate_reaches_nobody(tmp_path):
    import asyncio

    from distributed import Client

    from grader.cluster.certificates import load_security
    from grader.cluster.hosting import start_scheduler

    async def meet():
        make_certificates(tmp_path / "mine")
        make_certificates(tmp_path / "other")
        scheduler = await start_scheduler("tls://127.0.0.1:0", load_security(tmp_path / "mine"))
        try:
            for security in (load_security(tmp_path / "other"), None):
                with pytest.raises((OSError, TimeoutError, TypeError)):
                    await Client(scheduler.address, security=security, asynchronous=True, timeout=2)
            async with Client(
                scheduler.address, security=load_security(tmp_path / "mine"), asynchronous=True
            ) as client:
                assert client.status == "running"
        finally:
            await scheduler.close()

    asyncio.run(meet())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("node",), "say where the scheduler is"),
        (("node", "tcp://lab:8786"), "plain tcp:// is for this machine alone"),
        (("node", "tls://:8786"), "the host of the scheduler is missing"),
        (("node", "tls://lab", "--certificates", "none"), "there is no authority.pem in"),
        (("grade", ".", "--cluster", "lab"), "it is local:N, tls://HOST:PORT"),
        (("grade", ".", "--cluster", "tls://lab", "--sandbox", "none"), "its certificates, too"),
        (("grade", ".", "--cluster", "slurm", "--certificates", "none"), "how many jobs"),
    ],
)
def test_what_cannot_be_had_is_one_line_and_ends_with_2(tmp_path, words, says):
    done = dlgrade(*words, folder=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert says in line


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "127.0.0.1"])
def test_a_node_without_tls_listens_on_no_network(tmp_path, begin, host):
    at = f"tcp://{host}:{free_port()}"
    begin("scheduler", "node", "--scheduler", at)
    node = begin("node", "node", at, "--slots", 1)
    wait_until(lambda: "knows this node as" in (tmp_path / "node" / "said").read_text())
    places = listening(node.pid)
    assert places
    assert all(one.endswith("7F") for one in places), places  # the first byte is the last one there


def test_a_node_that_waits_for_a_scheduler_ends_at_once_when_it_is_told_to(tmp_path, begin):
    node = begin("node", "node", f"tcp://127.0.0.1:{free_port()}")
    wait_until(lambda: list((begin.temporary / "node").glob("*/dask/*")))
    told = time.monotonic()
    node.send_signal(signal.SIGINT)
    assert node.wait(PATIENCE_S) == 0
    assert time.monotonic() - told < 10  # it would wait for 20 s
    wait_until(lambda: not list((begin.temporary / "node").iterdir()))


def listening(pid):
    """Return the addresses, in hexadecimals as the kernel has them, where a process listens."""
    held = {f.readlink().name for f in Path(f"/proc/{pid}/fd").iterdir() if f.is_symlink()}
    found = []
    for table in ("tcp", "tcp6"):
        for row in Path("/proc/net", table).read_text().splitlines()[1:]:
            cells = row.split()
            if cells[3] == "0A" and f"socket:[{cells[9]}]" in held:
                found.append(cells[1].partition(":")[0])
    return found


def test_a_scheduler_that_cannot_be_started_says_why(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = dlgrade("node", "--scheduler", f"tcp://127.0.0.1:{taken.getsockname()[1]}")
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "cannot be started at" in line
    assert "failed to start" not in line  # which is all that Dask says at first
