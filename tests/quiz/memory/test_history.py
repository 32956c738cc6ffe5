"""The history: appended, synced, and never the end of a session."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import HistoryError
from grader.quiz.memory.event import Event
from grader.quiz.memory.history import History


def event(number=0, **changes):
    facts = dict.fromkeys(("variant", "slip"), "")
    facts |= {"at": f"2026-03-02T09:{number % 60:02d}:00+00:00", "item": "conv.stride-1"}
    facts |= {"digest": "d" * 12, "session": "conv@x", "answer": str(number), "right": True}
    facts |= {"seconds": 1.5, "grade": 3, "done": False}
    return Event(**{**facts, **changes})


def test_what_is_appended_is_there_for_the_next_session(tmp_path):
    """Events come back in order, from a folder that did not exist."""
    history = History(tmp_path / "new" / "folder")
    events = [event(number) for number in range(5)]
    for one in events:
        history.append(one)
    assert History(tmp_path / "new" / "folder").events == events == history.events


@given(st.text(max_size=50), st.floats(0, 1e6), st.integers(1, 4))
def test_any_answer_survives(tmp_path_factory, answer, seconds, grade):
    """Whatever was typed, line breaks and surrogates too, is one line that reads back."""
    folder = tmp_path_factory.mktemp("h")
    one = event(answer=answer, seconds=seconds, grade=grade)
    History(folder).append(one)
    assert History(folder).events == [one]
    assert (folder / "history.jsonl").read_bytes().count(b"\n") == 1


def test_lines_are_only_ever_added(tmp_path):
    """The bytes of the first answers are a prefix of the file for ever."""
    History(tmp_path).append(event(1))
    before = (tmp_path / "history.jsonl").read_bytes()
    History(tmp_path).append(event(2))
    assert (tmp_path / "history.jsonl").read_bytes().startswith(before)


@pytest.mark.parametrize(
    "tail",
    [
        *(b'{"v":1,"at":"2026', b"garbage\n", b"\x00" * 512, b"\xff\xfe\n", b"{}\n", b"null\n"),
        *(b"[" * 100_000 + b"\n", b'{"v":1,"at":"yesterday","item":"a"}\n', b"NaN"),
    ],
)
def test_a_damaged_tail_is_put_aside(tmp_path, tail):
    """The good lines stay, the rest is kept in another file, and a line says so."""
    History(tmp_path).append(event(1))
    good = (tmp_path / "history.jsonl").read_bytes()
    (tmp_path / "history.jsonl").write_bytes(good + tail)
    history = History(tmp_path)
    assert history.events == [event(1)]
    assert "damaged line" in history.notice
    assert (tmp_path / "history.damaged").read_bytes().startswith(tail)
    assert (tmp_path / "history.jsonl").read_bytes() == good
    history.append(event(2))
    again = History(tmp_path)
    assert (again.events, again.notice) == ([event(1), event(2)], "")


@given(st.integers(1, 400))
def test_a_crash_at_any_byte_loses_at_most_the_last_line(tmp_path_factory, cut):
    """However the file was cut, every whole line before the cut is kept."""
    folder = tmp_path_factory.mktemp("h")
    history = History(folder)
    for number in range(3):
        history.append(event(number))
    path = folder / "history.jsonl"
    content = path.read_bytes()[:-cut]
    path.write_bytes(content)
    whole = content.count(b"\n")
    assert History(folder).events == [event(number) for number in range(whole)]


def test_damage_between_good_lines_is_skipped(tmp_path):
    """A later good line is not thrown away with an earlier bad one."""
    path = tmp_path / "history.jsonl"
    History(tmp_path).append(event(1))
    with path.open("ab") as stream:
        stream.write(b"garbage\n")
    line = path.read_bytes().splitlines(keepends=True)[0]
    with path.open("ab") as stream:
        stream.write(line.replace(b":01:00", b":02:00").replace(b'"answer":"1"', b'"answer":"2"'))
    history = History(tmp_path)
    assert [one.answer for one in history.events] == ["1", "2"]
    assert "skipped" in history.notice


@pytest.mark.parametrize(
    "wrong", [{"grade": 9}, {"seconds": "fast"}, {"right": "yes"}, {"at": "now"}]
)
def test_a_line_with_a_wrong_value_is_damage(tmp_path, wrong):
    """A value of another type or range never reaches the scheduler."""
    History(tmp_path).append(event(1))
    path = tmp_path / "history.jsonl"
    facts = json.loads(path.read_text())
    path.write_text(path.read_text() + json.dumps({**facts, **wrong}) + "\n")
    assert History(tmp_path).events == [event(1)]


def test_a_full_disk_is_one_line_and_leaves_nothing_half_written(tmp_path, monkeypatch):
    """The answers before are kept, the file has no torn line, and later it goes on."""
    history = History(tmp_path)
    history.append(event(1))
    before = (tmp_path / "history.jsonl").read_bytes()
    real = os.write

    def full(descriptor, data):
        real(descriptor, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(HistoryError, match=r"No space left on device.*are kept") as caught:
        history.append(event(2))
    assert caught.value.exit_code == 2
    monkeypatch.undo()
    assert (tmp_path / "history.jsonl").read_bytes() == before
    history.append(event(3))
    assert [one.answer for one in History(tmp_path).events] == ["1", "3"]


def test_a_short_write_is_a_full_disk(tmp_path, monkeypatch):
    """A system that writes only a part of the line is no success."""
    history = History(tmp_path)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:10]))
    with pytest.raises(HistoryError):
        history.append(event(1))
    monkeypatch.undo()
    assert (tmp_path / "history.jsonl").read_bytes() == b""


def test_a_place_is_tried_with_as_much_as_an_answer_is_long(tmp_path, monkeypatch):
    """An empty file would fit on a full disk; nothing of the trial stays."""
    longest = json.dumps({"v": 1, **asdict(event(1)), "answer": "\N{SNOWMAN}" * 200})
    history, written = History(tmp_path), []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: written.append(os.fstat(descriptor).st_size)
    )
    history.try_place()
    assert written[0] >= len(longest)
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size] == []

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HistoryError, match="No space left"):
        history.try_place()
    assert not list(tmp_path.glob("*.probe"))


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    """A file in the way of the folder is named."""
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(HistoryError, match=r"history\.jsonl"):
        History(tmp_path / "data").append(event(1))


def test_two_sessions_at_once_keep_all_their_lines(tmp_path):
    """Processes that write at the same time lose and mix nothing."""
    code = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[3:]\n"
        "from grader.quiz.memory.history import History; from test_history import event\n"
        "history = History(Path(sys.argv[1]))\n"
        "for n in range(60): history.append(event(n, session=sys.argv[2]))"
    )
    here = os.path.dirname(__file__)  # noqa: PTH120 - a plain string for sys.path
    folders = [os.path.join(here, "..", "..", ".."), here]  # noqa: PTH118 - likewise
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name, *folders])
        for name in ("a", "b")
    ]
    assert [run.wait(60) for run in runs] == [0, 0]
    history = History(tmp_path)
    assert history.notice or len(history.events) == 120
    assert not history.notice
    for name in "ab":
        mine = [int(one.answer) for one in history.events if one.session == name]
        assert mine == list(range(60))


def refuse_writing(monkeypatch, code):
    """Let files be opened for reading alone, as on a disk that is mounted so."""
    real = os.open

    def opened(path, flags, *more, **named):
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(code, os.strerror(code))
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", opened)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_history_that_can_only_be_read_is_read(tmp_path, monkeypatch, code):
    """What is due is known all the same; damage in it is skipped, and stays where it is."""
    History(tmp_path).append(event(1))
    path = tmp_path / "history.jsonl"
    path.write_bytes(path.read_bytes() + b"garbage")
    before = path.read_bytes()
    refuse_writing(monkeypatch, code)
    history = History(tmp_path)
    assert history.events == [event(1)]
    assert "1 damaged line of the history skipped" in history.notice
    with pytest.raises(HistoryError, match="cannot be written"):
        history.try_place()
    assert path.read_bytes() == before


def test_damage_with_no_place_aside_stays_and_is_overwritten_by_nothing(tmp_path):
    """The next answer goes behind it; the damaged bytes are in the file as they were."""
    History(tmp_path).append(event(1))
    path = tmp_path / "history.jsonl"
    path.write_bytes(path.read_bytes() + b"garbage")
    before = path.read_bytes()
    (tmp_path / "history.damaged").mkdir()
    history = History(tmp_path)
    assert history.events == [event(1)]
    assert "skipped" in history.notice
    history.append(event(2))
    assert path.read_bytes().startswith(before)
    assert History(tmp_path).events == [event(1), event(2)]


def test_damage_of_two_days_is_kept_aside_together(tmp_path):
    """The second damage does not take the place of the first."""
    path = tmp_path / "history.jsonl"
    for number in (1, 2):
        History(tmp_path).append(event(number))
        path.write_bytes(path.read_bytes() + b"garbage %d" % number)
        history = History(tmp_path)
        assert len(history.events) == number
        assert "put aside" in history.notice
    assert (tmp_path / "history.damaged").read_bytes() == b"garbage 1\ngarbage 2\n"


def test_the_lines_of_an_older_version_are_read(tmp_path):
    """They have no word of what they replace."""
    History(tmp_path).append(event(1))
    path = tmp_path / "history.jsonl"
    facts = json.loads(path.read_text())
    del facts["replaces"]
    path.write_text(json.dumps(facts) + "\n")
    history = History(tmp_path)
    assert (history.events, history.notice) == ([event(1)], "")


def test_a_line_that_takes_back_needs_its_answer(tmp_path):
    """It takes the last answer of that moment in its own sitting; another sitting's stays."""
    history = History(tmp_path)
    for one in (event(1, session="a"), event(1, session="b"), event(2, session="a")):
        history.append(one)
    taken = event(9, item="", grade=0, session="a", replaces=event(1).at)
    history.append(taken)
    history.append(taken)
    assert history.events == [event(1, session="b"), event(2, session="a")]
    assert History(tmp_path).events == history.events
    assert not History(tmp_path).notice
    history.append(event(2, session="a", grade=1, replaces=event(2).at))
    assert [(one.session, one.grade) for one in history.events] == [("b", 3), ("a", 1)]
    assert History(tmp_path).events == history.events
