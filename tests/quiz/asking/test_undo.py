"""Guesses and undo: what is taken back was never there, and luck is no knowledge."""

from __future__ import annotations

import errno
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiz_helpers import ITEMS, Clock, Script, item_called

from grader.quiz.asking.sitting import Sitting
from grader.quiz.asking.terminal.dialogue import hold
from grader.quiz.asking.turns import find_unfinished
from grader.quiz.marking import right_answer
from grader.quiz.memory.history import History
from grader.quiz.memory.schedule import find_schedules

FEW = [item_called(name) for name in ("conv.stride-1", "transfer.trainable", "conv.symbols")]
ACTS = st.sampled_from(["right", "skip", "guess", "undo"])


def begin(history, clock, items=FEW, **more):
    warned = []
    more = {"label": "today", **more}
    return Sitting(items, history=history, clock=clock, warn=warned.append, **more), warned


def state(sitting, history, items=FEW):
    """Return everything that an answer changes."""
    question = sitting.ask()
    return (
        question and replace(question, seen=False),
        replace(sitting.summary, wrong=[*sitting.summary.wrong]),
        [*history.events],
        History(history.path.parent).events,
        find_schedules(history.events, items),
        find_unfinished(history.events, "today", Clock()()),
    )


def act(sitting, name):
    if name == "right":
        sitting.answer(right_answer(sitting.ask().variant))
    elif name == "skip":
        sitting.skip()
    elif name == "guess":
        sitting.call_guessed()


@pytest.mark.parametrize("remembers", [True, False])
@given(st.lists(st.tuples(ACTS, st.integers(0, 100)), max_size=14), st.booleans())
def test_undo_gives_exactly_the_state_before(tmp_path_factory, remembers, acts, is_seeded):
    """Queue, sum, history, file and schedule are those from before the answer, however often."""
    history, clock = History(tmp_path_factory.mktemp("h")), Clock()
    history.remembers = remembers
    sitting, warned = begin(history, clock, seed=5 if is_seeded else None)
    before = []
    for name, seconds in acts:
        clock.pass_(seconds=seconds)
        if name == "undo":
            assert sitting.undo() == bool(before)
            if before:
                assert state(sitting, history) == before.pop()
        elif name == "guess" or sitting.ask() is not None:
            if name != "guess":
                before.append(state(sitting, history))
            act(sitting, name)
        assert History(history.path.parent).events == (history.events if remembers else [])
    for expected in reversed(before):
        assert sitting.undo()
        assert state(sitting, history) == expected
    assert not sitting.undo()
    assert not warned


@given(st.sampled_from(ITEMS), st.integers(0, 500), st.integers(0, 60), st.booleans())
def test_a_guess_waits_as_long_as_a_wrong_answer(tmp_path_factory, item, seconds, days, was_right):
    """Right and called a guess, or given up: the item is due at one and the same time."""
    due = []
    for is_guess in (True, False):
        history, clock = History(tmp_path_factory.mktemp("h")), Clock()
        for name in ("right" if was_right else "skip", "right" if is_guess else "skip"):
            sitting, _ = begin(history, clock, [item])
            sitting.ask()
            clock.pass_(seconds=seconds)
            act(sitting, name)
            clock.pass_(days=days)
        clock.pass_(days=-days)
        assert sitting.call_guessed() == is_guess
        assert sitting.asks_again(item.id)
        due.append(find_schedules(history.events, [item])[item.id].due)
    assert due[0] == due[1]


def test_a_guess_is_asked_again_and_told_in_the_sum(history, clock):
    """It comes again with other numbers, it is not right at the first try, and one guess is one."""
    script = Script(right_answer, "g", "guessed", right_answer, right_answer, right_answer)
    summary = hold(begin(history, clock)[0], script)
    asked = [variant.item.id for variant, *_ in script.asked]
    assert asked == [*(item.id for item in FEW), FEW[0].id]
    assert script.asked[0][0].question != script.asked[3][0].question
    assert [total for _, _, total, _ in script.asked] == [3, 3, 4, 4]
    assert (summary.first_right, summary.guessed) == (2, 1)
    assert summary.wrong == [(FEW[0], "guessed")]
    assert "counts as not known, and comes again" in script.said[0]
    assert "counts as not known already" in script.said[1]
    assert (history.events[0].right, history.events[0].grade) == (True, 1)
    assert find_unfinished(history.events, "today", clock()) is None


def test_a_broken_off_sitting_asks_its_guesses_again(history, clock):
    """Taken up again, a guess is among what was not known."""
    hold(begin(history, clock)[0], Script(right_answer, "g", "q"))
    unfinished = find_unfinished(History(history.path.parent).events, "today", clock())
    assert (unfinished.right, unfinished.wrong) == (frozenset(), {FEW[0].id})


def test_the_last_answer_of_all_can_be_a_guess_or_taken_back(history, clock):
    """After the last question there is one more line to type; it ends with Enter."""
    script = Script(right_answer, "u", "skip", right_answer, "g", right_answer, "", "never read")
    summary = hold(begin(history, clock, FEW[:1])[0], script)
    assert [again for *_, again in script.asked] == [False, False, True, True]
    assert "Enter ends" in script.said[0]
    assert summary.finished
    assert script.answers == ["never read"]
    assert [e.grade for e in history.events if not e.done] == [1, 1, 2]


@pytest.mark.parametrize("stop", [EOFError(), KeyboardInterrupt()])
def test_a_sitting_with_nothing_left_is_finished_however_it_ends(history, clock, stop):
    """Ctrl-C and Ctrl-D behind the last answer take nothing of it."""
    sitting, _ = begin(history, clock, FEW[:1])
    with suppress(KeyboardInterrupt):
        hold(sitting, Script(right_answer, stop))
    assert sitting.summary.finished
    assert history.events[-1].done


def test_with_nothing_to_take_back_it_is_said(history, clock):
    """The first question of a sitting knows no answer before it, and stays on."""
    script = Script("u", "g", "?", right_answer)
    hold(begin(history, clock)[0], script)
    assert ["no answer" in text for text in script.said] == [True, True]
    assert "undo" not in script.helped[0]
    assert len(history.events) == 1


def test_an_answer_that_was_seen_is_not_easy(history, clock):
    """Whoever takes back, reads the answer and types it, is quick without knowing it."""
    sitting, _ = begin(history, clock, FEW[:1])
    sitting.skip()
    sitting.undo()
    clock.pass_(seconds=1)
    act(sitting, "right")
    assert [e.grade for e in history.events] == [3]


def test_a_letter_of_the_question_is_an_answer_and_no_order(history, clock):
    """With options up to `g` or `h`, these letters choose; the words still work."""
    letters = [item for item in ITEMS if item.kind == "single"]
    item = letters[0]
    choices = [{"text": f"choice {n}", "right": n == 6} for n in range(9)]
    wide = replace(item, body={"choices": choices})
    script = Script("g", "guessed", "h", "?")
    hold(begin(history, clock, [wide])[0], script)
    assert [e.answer for e in history.events][:2] == ["g", "h"]
    assert len(script.helped) == 1


def test_what_is_undone_on_a_full_disk_is_said(history, clock, monkeypatch):
    """The answer stays in the file, the sitting goes on, and one line says which is which."""
    sitting, warned = begin(history, clock)
    act(sitting, "right")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("grader.quiz.memory.history._write", full)
    assert sitting.undo()
    assert history.events == []
    assert len(warned) == 1
    assert "take back" in warned[0]
    act(sitting, "right")
    assert (sitting.summary.asked, sitting.summary.lost) == (1, 1)
    assert len(History(history.path.parent).events) == 1
