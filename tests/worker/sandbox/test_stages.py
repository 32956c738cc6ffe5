"""A stage is read by the workers of its own submission and by nobody else."""

from __future__ import annotations

import os
import shutil
import stat

import pytest
from sandboxed import UID, both, run

from grader.errors import WorkerDiedError
from grader.grading.intake.packages import Package
from grader.grading.intake.staging import stage as lay_out
from grader.model import Case, Limits
from grader.worker.client import Worker
from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.sandbox.mounts import group_of, make_scratch, make_stage
from grader.worker.wire import pack_case, read_reply

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
SOURCE = b"import helper\nfrom inner import deep\ndef f(): return helper.x + deep.x\n"
FILES = {
    "conv.py": SOURCE,
    "helper.py": b"x = 1",
    "inner/__init__.py": b"",
    "inner/deep.py": b"x = 2",
}


def ask(worker, name="f"):
    request = pack_case(Case(((),)))
    assert worker.load("conv", name) is True
    (frame,) = worker.call("conv", name, [request])
    return read_reply(*frame, request).steps[-1]


@both
def test_a_worker_reads_all_that_was_laid_out_after_it_started(box):
    sandbox, stage = box
    with Worker(stage, Limits(), sandbox) as worker:
        lay_out(Package("folder", FILES), stage, {"conv": {"f"}}, ["conv"])
        assert ask(worker) == 3


@both
def test_the_end_of_one_worker_is_not_that_of_the_next_one_for_the_same_stage(box):
    sandbox, stage = box
    with Worker(stage, Limits(), sandbox) as spare:
        lay_out(Package("folder", FILES), stage, {"conv": {"f"}}, ["conv"])
        with Worker(stage, Limits(), sandbox) as first:
            assert ask(first) == 3
        assert ask(spare) == 3


@both
def test_a_worker_changes_nothing_of_its_own_stage(box):
    sandbox, stage = box
    source = """
import os
def f():
    done = []
    here = os.path.dirname(__file__)
    for attempt in (lambda: os.chmod(__file__, 0o777), lambda: os.chmod(here, 0o777),
                    lambda: open(__file__, "a"), lambda: os.rename(__file__, here + "/x"),
                    lambda: os.chown(here, os.getuid(), -1)):
        try:
            attempt(); done.append("done")
        except OSError:
            pass
    return " ".join(done)
"""
    assert run(sandbox, stage, source) == ""


@NEEDS_ROOT
def test_everything_in_a_stage_is_roots_and_of_one_group_that_nobody_has(tmp_path):
    tmp_path.chmod(0o711)
    stage = make_stage(tmp_path)
    lay_out(Package("folder", FILES), stage, {"conv": {"f"}}, ["conv"])
    group = group_of(stage)
    assert group is not None
    found = [stage, *stage.rglob("*")]
    assert len(found) == 6
    for path in found:
        seen = path.stat()
        assert (seen.st_uid, seen.st_gid) == (0, group)
        assert not seen.st_mode & (stat.S_IWGRP | stat.S_IRWXO)


@NEEDS_ROOT
def test_two_stages_have_two_groups_and_names_that_nobody_can_guess(tmp_path):
    stages = [make_stage(tmp_path) for _ in range(20)]
    assert len({group_of(stage) for stage in stages}) == 20
    assert len({stage.name for stage in stages}) == 20
    assert min(len(stage.name) for stage in stages) >= len("stage-") + 8


@NEEDS_ROOT
def test_a_folder_that_was_made_for_nobody_gives_no_group_away(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    assert group_of(folder) is None
    folder.chmod(0o2750)
    assert group_of(folder) is None  # root's own group, which no worker may have
    os.chown(folder, 0, 1)
    folder.chmod(0o2750)
    assert group_of(folder) is None  # a group that the machine knows


@pytest.mark.parametrize("kind", [UID])
@pytest.mark.parametrize("rules", [True, False])
def test_another_students_stage_is_not_read_even_by_who_knows_where_it_is(kind, rules, monkeypatch):
    if not rules:
        monkeypatch.setattr("grader.worker.sandbox.landlock.landlock_version", lambda: 0)
    scratch = make_scratch()
    with make_sandbox(kind, scratch) as sandbox:
        neighbour, own = make_stage(scratch), make_stage(scratch)
        lay_out(Package("folder", FILES), neighbour, {"conv": {"f"}}, ["conv"])
        source = f"""
import os
def f():
    seen = []
    for place in ({str(own)!r}, {str(neighbour)!r}, {str(scratch)!r}):
        try: seen.append(" ".join(os.listdir(place)))
        except OSError: pass
    for place in ({str(own)!r}, {str(neighbour)!r}):
        try: seen.append(open(place + "/conv.py").read()[:3])
        except OSError: pass
    return seen
"""
        assert run(sandbox, own, source) == ["conv.py", source[:3]]
    shutil.rmtree(scratch)


@both
def test_a_worker_that_ended_itself_leaves_its_spare_alone(box):
    sandbox, stage = box
    with Worker(stage, Limits(), sandbox) as spare:
        dying = b"import os\ndef f(): os._exit(3)\ndef g(): return 5\n"
        lay_out(Package("folder", {"conv.py": dying}), stage, {"conv": {"f"}}, ["conv"])
        first = Worker(stage, Limits(), sandbox)
        with pytest.raises(WorkerDiedError):
            ask(first)
        first.close()
        assert ask(spare, "g") == 5
