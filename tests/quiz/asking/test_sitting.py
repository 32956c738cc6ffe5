"""Sittings: asked, marked, remembered, and taken up again."""

from __future__ import annotations

import errno

import pytest
from quiz_helpers import TOPICS, Clock, Script, item_called

from grader.quiz.asking.overview import find_due_items
from grader.quiz.asking.sitting import Sitting
from grader.quiz.asking.terminal.dialogue import hold
from grader.quiz.asking.turns import MAX_ROUNDS, find_unfinished
from grader.quiz.marking import right_answer
from grader.quiz.memory.history import History
from grader.quiz.memory.stats import compute_figures

ITEMS = [item_called(name) for name in ("conv.stride-1", "conv.stride-2", "conv.symbols")]
RIGHT = [right_answer] * 3


def sit(script, history, clock, items=ITEMS, **more):
    script.clock = clock
    more = {"label": "conv", **more}
    return hold(Sitting(items, history=history, clock=clock, warn=script.warn, **more), script)


def test_right_answers_end_a_session(history, clock):
    """Every item is asked once, explained once, and kept."""
    script = Script(*RIGHT)
    summary = sit(script, history, clock)
    assert (summary.first_right, summary.total, summary.finished) == (3, 3, True)
    assert [variant.item.id for variant, *_ in script.asked] == [item.id for item in ITEMS]
    assert [(place, total) for _, place, total, _ in script.asked] == [(1, 3), (2, 3), (3, 3)]
    assert len(script.verdicts) == 3
    assert [e.item for e in history.events] == [item.id for item in ITEMS] + [""]
    assert history.events[-1].done


def test_a_wrong_answer_names_its_slip_and_comes_again_with_other_numbers(history, clock):
    """The slip's feedback is shown, and the item is asked again at the end."""
    script = Script("4", *RIGHT[1:], right_answer)
    summary = sit(script, history, clock)
    (variant, mark), again = script.verdicts[0], script.asked[-1]
    assert mark.slip == "forgot the + 1"
    assert again[0].item is variant.item
    assert again[0].question != variant.question
    assert again[3]
    assert [(item.id, slip) for item, slip in summary.wrong] == [
        ("conv.stride-1", "forgot the + 1")
    ]
    assert (summary.first_right, summary.asked) == (2, 4)
    assert [(place, total) for _, place, total, _ in script.asked][1:] == [(2, 4), (3, 4), (4, 4)]


def test_an_item_that_keeps_going_wrong_is_left_for_another_day(history, clock):
    """Three rounds are the most."""
    script = Script(*["-1"] * MAX_ROUNDS)
    summary = sit(script, history, clock, items=ITEMS[:1])
    assert summary.finished
    assert len(script.asked) == MAX_ROUNDS


def test_what_cannot_be_read_costs_no_attempt(history, clock):
    """It is explained and asked for again, and the history does not know of it."""
    script = Script("five", "5x5", "", "?", "10/2")
    summary = sit(script, history, clock, items=ITEMS[:1])
    assert summary.first_right == 1
    assert len(script.complaints) == 2
    assert len(script.helped) == 2
    assert "expected a number" in script.complaints[0]
    assert [e.answer for e in history.events] == ["10/2", ""]


def test_skipping_shows_the_answer_and_counts_as_again(history, clock):
    """A skipped item is explained, and graded as forgotten."""
    script = Script("skip", right_answer)
    sit(script, history, clock, items=ITEMS[:1])
    assert not script.verdicts[0][1].right
    assert [e.grade for e in history.events[:2]] == [1, 2]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), EOFError(), "quit", "q"])
def test_a_broken_off_session_goes_on_where_it_stopped(tmp_path, clock, stop):
    """Answers given are kept; right ones are not asked again, wrong ones and new ones are."""
    script = Script(right_answer, "-1", stop)
    try:
        summary = sit(script, History(tmp_path), clock)
        assert not summary.finished
    except KeyboardInterrupt:
        pass
    history = History(tmp_path)
    assert [e.right for e in history.events] == [True, False]
    unfinished = find_unfinished(history.events, "conv", clock())
    script = Script(*RIGHT)
    summary = sit(script, history, clock, unfinished=unfinished)
    assert [v.item.id for v, *_ in script.asked] == ["conv.stride-2", "conv.symbols"]
    assert [again for *_, again in script.asked] == [True, False]
    assert summary.finished
    assert find_unfinished(history.events, "conv", clock()) is None
    assert len({e.session for e in history.events}) == 1


def test_a_session_of_another_topic_or_long_ago_is_not_taken_up(history, clock):
    """Only the same questions, and only for a day."""
    sit(Script(right_answer), history, clock)
    assert find_unfinished(history.events, "conv", clock())
    assert find_unfinished(history.events, "losses", clock()) is None
    clock.pass_(hours=25)
    assert find_unfinished(history.events, "conv", clock()) is None


def test_the_first_time_has_the_decks_numbers_and_the_next_time_others(history, clock):
    """Without a seed the numbers follow from how often an item was asked."""
    questions = []
    for _ in range(3):
        script = Script(*RIGHT)
        sit(script, history, clock)
        questions.append(script.asked[0][0].question)
    assert "7x7" in questions[0]
    assert len(set(questions)) == 3


def test_a_seed_gives_the_same_numbers_whatever_was_asked_before(history, clock):
    """Two sittings with one seed ask the same."""
    asked = []
    for _ in range(2):
        script = Script(*RIGHT)
        sit(script, history, clock, seed=5)
        asked.append([variant.question for variant, *_ in script.asked])
    assert asked[0] == asked[1]
    assert "7x7" not in asked[0][0]


def test_the_grade_follows_the_clock(history, clock):
    """Quick is easy, slow is hard; a clock that is set back does no harm."""
    for seconds in (5, 60, 600, -3600):
        script = Script(right_answer, seconds=seconds)
        sit(script, history, clock, items=ITEMS[:1])
    assert [e.grade for e in history.events if not e.done] == [4, 3, 2, 4]
    assert [e.seconds for e in history.events if not e.done] == [5, 60, 600, 0]


def test_a_disk_that_fills_up_ends_no_session(history, clock, monkeypatch):
    """What cannot be saved is said once; questions, verdicts and the help go on without it."""
    sit(Script(right_answer), history, clock)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("grader.quiz.memory.history._write", full)
    script = Script(right_answer, "?", right_answer, right_answer)
    summary = sit(script, history, clock)
    assert (summary.first_right, len(script.verdicts)) == (3, 3)
    assert len(script.warned) == 1
    assert "No space left on device" in script.warned[0]
    assert "not remembered" in script.warned[0]
    assert "nothing is saved" in script.helped[0]
    monkeypatch.undo()
    assert len(History(history.path.parent).events) == 1


def test_the_help_says_what_skip_does_to_this_very_question(history, clock):
    """The first and the second time it comes again; the third time it waits for another day."""
    script = Script(*["?", "skip"] * MAX_ROUNDS)
    sit(script, history, clock, items=ITEMS[:1])
    assert ["comes again" in words for words in script.helped] == [True, True, False]
    assert "another day" in script.helped[-1]
    assert all("all is saved" in words for words in script.helped)


def test_an_answer_that_may_be_two_numbers_is_asked_about(history, clock):
    """Neither reading is guessed, nothing is counted, and what is counted then is said."""
    item = item_called("losses.hinge")
    script = Script("2,900", "2,9")
    summary = sit(script, history, clock, items=[item])
    assert script.complaints == [
        "Is that 2.9 or 2900? Write a point for decimals. It costs nothing."
    ]
    assert script.read_back == ["2.9"]
    assert summary.first_right == 1


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("conv.stride-1", "5", []),
        ("conv.stride-1", " 5 ", []),
        ("conv.stride-1", "5 px", ["5"]),
        ("conv.stride-1", "10/2", ["5"]),
        ("parameters.image-neurons", "65,536", ["65536"]),
        ("parameters.image-neurons", "256x256x1", ["65536"]),
        ("conv.six-filters", "28x28x6", []),
        ("conv.six-filters", "torch.Size([28, 28, 6])", ["28x28x6"]),
        ("by-hand.blur", "[6, 9, 8, 7, 4]", []),
        ("networks.resnet", "LSTM cell", ["LSTM"]),
        ("networks.resnet", "lstm", []),
    ],
)
def test_what_was_not_typed_as_it_is_counted_is_said(history, clock, name, typed, shown):
    """A student sees what became of a unit, a sum or a comma before the verdict."""
    script = Script(typed)
    assert sit(script, history, clock, items=[item_called(name)]).first_right == 1
    assert script.read_back == shown


def test_a_review_on_a_later_day_asks_what_is_due(history, clock):
    """Tomorrow the wrong item is due, the right ones later; in a year all of them are."""
    sit(Script("-1", "-1", "-1", *RIGHT[1:], right_answer, "-1"), history, clock)
    assert find_due_items(TOPICS, history.events, clock()) == []
    clock.pass_(days=1)
    tomorrow = [item.id for item in find_due_items(TOPICS, history.events, clock())]
    assert tomorrow
    assert set(tomorrow) <= {item.id for item in ITEMS}
    clock.pass_(days=365)
    due = find_due_items(TOPICS, history.events, clock())
    assert {item.id for item in due} == {item.id for item in ITEMS}
    script = Script(*RIGHT)
    assert sit(script, history, clock, items=due, label="review").finished
    assert find_due_items(TOPICS, history.events, clock()) == []


def test_a_broken_off_review_asks_its_wrong_items_again(history, clock):
    """What went wrong in it is still asked today, though the schedule says tomorrow."""
    sit(Script(*RIGHT), history, clock)
    clock.pass_(days=400)
    due = find_due_items(TOPICS, history.events, clock())
    sit(Script("-1"), history, clock, items=due, label="review")
    left = find_due_items(TOPICS, history.events, clock())
    assert left[0] == due[0]
    assert len(left) == 3


def test_the_figures_add_up(history, clock):
    """Answers, right ones, due ones and slips are those of the history."""
    sit(Script("4", *RIGHT[1:], right_answer), history, clock)
    figures = compute_figures(TOPICS, history.events, clock())
    conv = figures.topics[0]
    assert (conv.seen, conv.asked, conv.right, conv.due) == (3, 4, 3, 0)
    assert figures.slips == (("forgot the + 1", 1),)
    assert figures.upcoming[0] == 0
    later = compute_figures(TOPICS, history.events, Clock("2028-01-01T00:00:00+00:00")())
    assert (later.topics[0].due, later.upcoming[0]) == (3, 3)
