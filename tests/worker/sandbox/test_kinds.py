"""A sandbox is made by its name, and says that name in results."""

from __future__ import annotations

import os

import pytest
from sandboxed import BWRAP, UID, run

from grader.errors import SandboxError
from grader.worker.sandbox.kinds import KINDS, make_sandbox


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
