"""What the parts of a cluster promise each other, without a node."""

from __future__ import annotations

import asyncio
import copy
import stat
import time
from types import SimpleNamespace

import pytest
from executors import order

from grader.cluster.addresses import read_address, read_where
from grader.cluster.admission import Admitted
from grader.cluster.certificates import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    load_security,
    make_certificates,
)
from grader.cluster.executor import ClusterExecutor
from grader.cluster.here import find_differences
from grader.cluster.nodes.desk import Desk
from grader.cluster.orders import Pending
from grader.cluster.replies import GarbageError, read_graded
from grader.cluster.roll import GRACE_S, Roll
from grader.cluster.sealing import Channel, Handshake, UnsealedError, make_key
from grader.errors import UsageError
from grader.frames import from_frame, to_frame
from grader.grading.facts import Blank
from grader.model import Status

ASKED = ("conv.zero_pad2d",)


@pytest.fixture
def reply(course):
    facts = Blank(Status.CRASHED, "gone").facts(course.find(ASKED))
    return {"facts": facts, "warnings": [], "recognised": "name", "note": "", "own_count": {}}


def test_an_answer_of_a_node_is_taken_as_it_is(reply):
    assert read_graded(copy.deepcopy(reply), ASKED, {}) == reply


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.clear(),
        lambda one: one["facts"].clear(),
        lambda one: one["facts"].append(one["facts"][0]),
        lambda one: one["facts"][0].update(id="conv.conv2d"),
        lambda one: one["facts"][0].update(status="splendid"),
        lambda one: one["facts"][0].update(earned=1e9),
        lambda one: one["facts"][0].update(earned=float("nan")),
        lambda one: one["facts"][0].update(cases=-1),
        lambda one: one["facts"][0].update(message=None),
        lambda one: one["facts"][0].update(details=[]),
        lambda one: one["facts"][0]["details"].update(separation=float("nan")),
        lambda one: one["facts"][0].update(possible=1e6),
        lambda one: one["facts"][0]["levels"][0].update(status=""),
        lambda one: one["facts"][0]["levels"].pop(),
        lambda one: one.update(warnings=[1]),
        lambda one: one.update(recognised="by magic"),
        lambda one: one.update(own_count={"conv.im2col": True}),
    ],
)
def test_an_answer_of_another_form_or_about_something_else_is_garbage(reply, spoil):
    spoil(reply)
    with pytest.raises(GarbageError):
        read_graded(reply, ASKED, {})


def test_an_exercise_is_worth_what_the_course_says(reply, course):
    worth = course.exercise(ASKED[0]).check.points
    assert read_graded(reply, ASKED, {ASKED[0]: worth})
    with pytest.raises(GarbageError, match="worth something else"):
        read_graded(reply, ASKED, {ASKED[0]: worth + 1})


def test_what_is_sealed_opens_with_its_key_and_as_what_it_is_called_alone():
    channel = Channel(make_key())
    sealed = channel.seal(b"seed 5", "order 1")
    assert b"seed" not in sealed
    assert channel.unseal(sealed, "order 1") == b"seed 5"
    for other, label in ((channel, "order 2"), (Channel(make_key()), "order 1")):
        with pytest.raises(UnsealedError):
            other.unseal(sealed, label)
    for spoilt in (b"", sealed[:20], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(UnsealedError):
            channel.unseal(spoilt, "order 1")


def test_two_sides_agree_on_a_key_for_one_run():
    mine, theirs = Handshake(), Handshake()
    assert mine.agree(theirs.public, "a") == theirs.agree(mine.public, "a")
    assert mine.agree(theirs.public, "a") != mine.agree(theirs.public, "b")
    with pytest.raises(UnsealedError):
        mine.agree("no key", "a")


@pytest.mark.parametrize(
    "text",
    ["", "local", "local:0", "local:65", "local:x", "tls://", "http://a:1", "tls://a:99999",
     "tcp://lab:8786", "tcp://10.0.0.1:8786", "tls://a:b", "sge"],
)  # fmt: skip
def test_what_names_no_place_or_an_open_one_is_refused(text):
    with pytest.raises(UsageError):
        read_where(text)


def test_plain_tcp_is_for_this_machine_alone():
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert read_where(f"tcp://{host}:1").address == f"tcp://{host}:1"
    with pytest.raises(UsageError, match="others need tls://"):
        read_address("tcp://:8786")
    assert read_address("tls://:8786") == "tls://:8786"


def test_certificates_are_their_owners_alone_and_never_written_over(tmp_path):
    make_certificates(tmp_path / "c")
    assert stat.S_IMODE((tmp_path / "c" / KEY).stat().st_mode) == 0o600
    assert load_security(tmp_path / "c").require_encryption
    with pytest.raises(UsageError, match="holds certificates already"):
        make_certificates(tmp_path / "c")
    (tmp_path / "c" / KEY).chmod(0o644)
    with pytest.raises(UsageError, match="others may read"):
        load_security(tmp_path / "c")


def test_certificates_that_are_missing_or_over_are_told_with_what_helps(tmp_path):
    with pytest.raises(UsageError, match="--new-certificates"):
        load_security(tmp_path)
    make_certificates(tmp_path / "old", days=0.01)
    with pytest.raises(UsageError, match="ended on"):
        load_security(tmp_path / "old")


@pytest.mark.parametrize("name", [AUTHORITY, CERTIFICATE, KEY])
def test_certificates_that_do_not_belong_together_are_told_at_once(tmp_path, name):
    make_certificates(tmp_path / "mine")
    make_certificates(tmp_path / "other")
    mine, text = tmp_path / "mine" / name, (tmp_path / "other" / name).read_bytes()
    for wrong in (text, b"", b"no certificate"):
        mine.write_bytes(wrong)
        with pytest.raises(UsageError, match=r"do not belong together|is no certificate"):
            load_security(tmp_path / "mine")


def test_a_machine_differs_by_versions_files_or_course():
    mine = {"versions": {"numpy": "2"}, "code": "a", "course": "b"}
    assert not find_differences(mine, mine)
    assert find_differences(mine, {**mine, "versions": {}}) == ["numpy is missing, not 2"]
    assert find_differences(mine, {**mine, "code": "c"}) == ["the files of dlgrade are others"]
    assert "course" in find_differences(mine, {**mine, "course": "c"})[0]


def test_who_waits_for_a_slot_and_is_cancelled_as_one_gets_free_takes_none():
    async def wait_and_cancel():
        executor = ClusterExecutor.__new__(ClusterExecutor)
        roll = executor._roll = Roll("", None, None, print)
        waiting = asyncio.create_task(executor._take(Pending(order(), 1.0)))
        await asyncio.sleep(0.01)
        member = roll.members["a"] = Admitted("a", "a", slots=1)
        roll.note_change()
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        assert not member.busy

    asyncio.run(wait_and_cancel())


def test_after_a_refusal_another_node_has_time_to_come():
    async def refuse():
        roll, member = (
            Roll("", None, SimpleNamespace(probes=True), lambda _: None),
            Admitted("a", "a"),
        )
        roll._coming["a"] = member
        roll._alone_since = time.monotonic() - 2 * GRACE_S  # cases were drawn meanwhile
        roll.refuse(member, "another course")
        assert roll.fatal is None
        roll._alone_since -= 2 * GRACE_S
        roll._consider()
        assert "no node is left that may grade: a: another course" in str(roll.fatal)

    asyncio.run(refuse())


def test_a_greeting_that_comes_late_changes_no_key_that_was_agreed_on_since(tmp_path):
    desk, mine, said = Desk(None, tmp_path, 1), {}, {}
    for number in ("2", "1"):
        mine[number] = Handshake()
        head = {"what": "hello", "run": "r", "number": number, "public": mine[number].public}
        said[number], _ = from_frame(desk.answer(to_frame(head)))
    channel = mine["2"].agree(said["2"]["public"], "r")
    ping = {"what": "ping", "run": "r", "number": "3"}
    asked = to_frame(ping, channel.seal(to_frame({}), "ping r 3"))
    told, sealed = from_frame(desk.answer(asked))
    assert told == {"number": "3"}
    assert channel.unseal(sealed, "answer to ping r 3") == to_frame({})
    desk.close()
