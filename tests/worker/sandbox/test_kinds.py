"""A sandbox is made by its name, and says that name in results."""

from __future__ import annotations

import os

import pytest
from sandboxed import BWRAP, UID, run

from grader.errors import SandboxError, WorkerError
from grader.model import Limits
from grader.worker.client import Worker
from grader.worker.sandbox.kinds import KINDS, make_sandbox, require_sandbox
from grader.worker.sandbox.mounts import make_scratch

REFUSING = """#!/bin/sh
[ "$1" = --help ] && exit 0
echo "bwrap: a line before the last" >&2
echo "bwrap: setting up uid map: Permission denied" >&2
exit 1
"""
SILENT = "#!/bin/sh\nexit 1\n"


@pytest.mark.parametrize("kind", [BWRAP, UID, "none"])
def test_a_sandbox_is_called_as_it_was_asked_for(kind, tmp_path):
    with make_sandbox(kind, tmp_path) as sandbox:
        assert sandbox.name == kind
        assert type(sandbox) is KINDS[kind]


def test_the_names_are_those_of_the_command_line():
    assert list(KINDS) == ["bwrap", "uid", "none"]


def test_without_a_sandbox_a_worker_computes_under_the_limits_that_need_no_wall(tmp_path):
    stage = tmp_path / "stage"
    stage.mkdir()
    source = "import resource\ndef f(): return resource.getrlimit(resource.RLIMIT_NOFILE)[0]"
    with make_sandbox("none", tmp_path) as sandbox:
        assert run(sandbox, stage, source) == 128


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root can become another user"
)
def test_only_root_can_have_a_user_for_every_worker(tmp_path):
    with pytest.raises(SandboxError, match="needs root"):
        make_sandbox("uid", tmp_path)


@pytest.fixture
def imitation(tmp_path, monkeypatch):
    """Put another bubblewrap before the real one."""

    def put(text):
        (tmp_path / "bwrap").write_text(text)
        for folder in [tmp_path / "bwrap", *(tmp_path / "bwrap").parents][:-2]:
            folder.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return put


@pytest.mark.parametrize("kind", [BWRAP, UID, "none"])
def test_a_sandbox_that_works_is_not_refused_and_leaves_nothing(kind, tmp_path, monkeypatch):
    scratch = make_scratch()
    monkeypatch.setattr("grader.worker.sandbox.kinds.make_scratch", lambda: scratch)
    require_sandbox(kind)
    assert not scratch.exists()


def test_a_bubblewrap_that_may_not_make_namespaces_is_told_in_its_own_words_with_what_helps(
    imitation,
):
    imitation(REFUSING)
    with pytest.raises(SandboxError) as caught:
        require_sandbox("bwrap")
    assert "bwrap: setting up uid map: Permission denied" in caught.value.problem
    assert "exit code" not in str(caught.value)
    assert "--sandbox uid" in caught.value.remedy
    assert str(caught.value) == f"{caught.value.problem}; {caught.value.remedy}"
    assert "\n" not in str(caught.value)


def test_a_bubblewrap_that_ends_without_a_word_is_said_to_have_said_nothing(imitation):
    imitation(SILENT)
    with pytest.raises(SandboxError, match="nothing was said"):
        require_sandbox("bwrap")


def test_what_a_sandbox_said_before_the_count_of_an_exercise_began_is_still_told(
    imitation, tmp_path
):
    imitation(REFUSING)
    with (
        make_sandbox("bwrap", tmp_path) as sandbox,
        Worker(tmp_path, Limits(), sandbox) as worker,
    ):
        worker._process.wait()
        worker._pipes.await_output(10.0)
        worker.begin()
        with pytest.raises(WorkerError, match="setting up uid map"):
            worker.load("conv", "f")
