"""A sitting on pages is the sitting of the terminal: by forms, without a script."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from pathlib import Path

import pytest
from browsed import Page, fields_of, sit_in_browser
from hypothesis import given, settings
from hypothesis import strategies as st
from quiz_helpers import ITEMS, Clock, item_called

from grader.quiz.asking.browser.page import render_page
from grader.quiz.asking.browser.pages import PagedSitting
from grader.quiz.asking.sitting import Sitting
from grader.quiz.items.item import Option
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import right_answer
from grader.quiz.memory.history import History

THREE = [item_called(name) for name in ("conv.stride-1", "conv.stride-2", "conv.symbols")]


@pytest.fixture
def served(history):
    with sit_in_browser(THREE, history) as (sitting, visitor, _):
        yield sitting, visitor


def right(sitting):
    return fields_of(sitting.ask().variant)


def test_every_item_is_answered_rightly_through_its_form():
    """All of the bank, one after the other: what its fields offer is enough, and is right."""
    history = History(Path("nowhere"))
    history.give_up()
    sitting = Sitting(ITEMS, history=history, clock=Clock(), warn=print, label="all")
    paged = PagedSitting(sitting)
    for item in ITEMS:
        variant = sitting.ask().variant
        assert variant.item is item
        page = Page(render_page(paged.look()))
        assert " ".join(variant.question.split()) in page.text
        pictures = [tag["alt"] for name, tag in page.tags if name == "img"]
        assert bool(pictures) == (variant.picture is not None)
        filled = page.filled("answer", **fields_of(variant))
        assert paged.act({name: [*values] if isinstance(values, list) else [values]
                          for name, values in filled.items()})  # fmt: skip
        page = Page(render_page(paged.look()))
        assert " Right. " in page.text, f"{item.id}: {page.text}"
        assert "Read as" not in page.text, item.id
        assert paged.act({name: [value] for name, value in page.filled("next").items()})
    assert paged.look().ended
    assert sitting.summary.first_right == len(ITEMS) > 200


def test_a_wrong_answer_names_its_slip_and_comes_again(served, history):
    """The verdict says what the terminal's does, and the progress grows by one."""
    sitting, visitor = served
    page = visitor.look()
    assert "conv: question 1 of 3" in page.text
    assert "3 questions, about 2 minutes." in page.text
    page = visitor.send(page.filled("answer", typed="4"))
    variant = draw_variant(THREE[0])
    slip = next(slip for slip in variant.posed.slips if slip.value == 4)
    for said in ("Wrong.", "The answer is 5.", "Your answer: 4", slip.says, variant.explanation):
        assert " ".join(said.split()) in page.text
    assert "To practise: conv.conv_output_size" in page.text
    page = visitor.send(page.filled("next"))
    assert "conv: question 2 of 4" in page.text
    assert [event.slip for event in history.events] == ["forgot the + 1"]
    assert sitting.asks_again("conv.stride-1")


@pytest.mark.parametrize(("typed", "said"), [("five", "expected a number"), ("", "nothing is")])
def test_what_cannot_be_read_stays_in_its_field_and_costs_nothing(served, history, typed, said):
    """The complaint is an alert that describes the field, and a reload shows it still."""
    visitor = served[1]
    page = visitor.do("answer", typed=typed)
    for shown in (page, visitor.look()):
        assert said in shown.text
        assert "It costs nothing; try again." in shown.text
        assert shown.forms["answer"]["given"] == ({"typed": typed} if typed else {})
    fields = [tag for name, tag in page.tags if tag.get("name") == "typed"]
    assert fields[0]["aria-invalid"] == "true"
    assert fields[0]["aria-describedby"].split()[0] == "complaint"
    assert any(tag.get("id") == "complaint" and tag["role"] == "alert" for _, tag in page.tags)
    assert history.events == []


def test_a_number_that_can_mean_two_is_asked_about(history):
    """It is never guessed, and what was typed stays."""
    item = next(i for i in ITEMS if i.kind == "number" and draw_variant(i).posed.tolerance)
    with sit_in_browser([item], history) as (_, visitor, _):
        page = visitor.do("answer", typed="2,900")
        assert "2.9 or 2900?" in page.text
        assert "That cannot be read" not in page.text
        assert page.forms["answer"]["given"] == {"typed": "2,900"}
        assert history.events == []


def test_what_was_read_otherwise_than_typed_is_said(served):
    """As in the terminal: "Read as 5."."""
    page = served[1].do("answer", typed="10/2")
    assert "Your answer: 10/2 . Read as 5." in page.text
    assert "Right." in page.text


def test_fields_left_empty_are_named_and_the_others_keep_what_they_have(history):
    """Lists, grids, choices and claims: each says what is missing."""
    grid, matched, claim, several, order = (
        item_called("by-hand.max-pool-gradient"),
        *(next(i for i in ITEMS if i.kind == k) for k in ("match", "claim", "multiple", "order")),
    )
    for item, fields, said in (
        (grid, {"cell-1-1": "1", "cell-1-2": "", "cell-2-1": "2", "cell-2-2": "3"},
         "row 1, column 2 is empty"),
        (grid, {"cell-1-1": "1 2", "cell-1-2": "3", "cell-2-1": "4", "cell-2-2": "5"},
         "row 1, column 1 is one number"),
        (matched, {"place-1": "a", "place-2": ""}, "a number has no letter yet"),
        (claim, {"word": "false"}, "true or false and the reason"),
        (several, {}, "nothing is chosen yet"),
        (order, {"place-1": "b", "place-2": ""}, "a step has no letter yet"),
        (order, {f"place-{n}": "a" for n in range(1, 6)}, "every letter from a to e once"),
    ):  # fmt: skip
        with sit_in_browser([item], history) as (_, visitor, _):
            page = visitor.do("answer", **fields)
            assert said in page.text, item.id
            kept = {name: value for name, value in fields.items() if value}
            found = {
                name: value[0] if isinstance(value, list) else value
                for name, value in page.forms["answer"]["given"].items()
            }
            assert found == kept
    assert history.events == []


def _fields_with(page, attribute):
    return [tag["name"] for name, tag in page.tags if attribute in tag and name != "button"]


def test_the_field_to_be_mended_has_the_focus_and_the_mark(history):
    """The first that is empty or holds two numbers; all of them, where it cannot be told which."""
    grid, matched, claim = (
        item_called("by-hand.max-pool-gradient"),
        *(next(i for i in ITEMS if i.kind == k) for k in ("match", "claim")),
    )
    cells = ["cell-1-1", "cell-1-2", "cell-2-1", "cell-2-2"]
    for item, fields, focused, marked in (
        (grid, dict.fromkeys(cells[:2], "1"), ["cell-2-1"], ["cell-2-1"]),
        (grid, {**dict.fromkeys(cells, "1"), "cell-1-2": "1 2"}, ["cell-1-2"], ["cell-1-2"]),
        (grid, {**dict.fromkeys(cells, "1"), "cell-2-1": "one"}, ["cell-1-1"], cells),
        (grid, {}, ["cell-1-1"], ["cell-1-1"]),
        (matched, {"place-1": "a"}, ["place-2"], ["place-2"]),
        (claim, {"word": "false"}, ["choice"], []),
        (claim, {"choice": "b"}, ["word"], []),
    ):
        with sit_in_browser([item], history) as (_, visitor, _):
            page = visitor.look()
            assert len(_fields_with(page, "autofocus")) == 1
            assert _fields_with(page, "aria-invalid") == []
            page = visitor.do("answer", **fields)
            assert _fields_with(page, "autofocus") == focused
            assert _fields_with(page, "aria-invalid") == marked


def test_a_second_click_answers_once(served, history):
    """The same form twice is one answer, and leads to the verdict without reproach."""
    sitting, visitor = served
    form = visitor.look().filled("answer", **right(sitting))
    visitor.post(form)
    page = visitor.send(form)
    assert "Right." in page.text
    assert "a page from before" not in page.text
    assert len(history.events) == 1


@pytest.mark.parametrize("word", ["answer", "skip", "next", "undo", "guessed", "stop"])
def test_a_form_of_an_older_page_changes_nothing(served, history, word):
    """By the back button or from a second tab: it is said, and where the sitting is now."""
    sitting, visitor = served
    first = visitor.look()
    visitor.send(first.filled("answer", **right(sitting)))
    verdict = visitor.look()
    visitor.send(verdict.filled("next"))
    visitor.do("answer", **right(sitting))
    before = [*history.events]
    old = {"answer": first, "skip": first}.get(word, verdict)
    fields = {"typed": "17"} if word == "answer" else {}
    page = visitor.send(old.filled(word, **fields))
    assert "a page from before" in page.text
    assert "question 2 of 3" in page.text
    assert history.events == before
    assert not sitting.summary.finished


def test_two_tabs_show_one_sitting(served, history):
    """What one answers, the other one sees at its next look."""
    sitting, visitor = served
    one, other = visitor.look(), visitor.look()
    visitor.send(one.filled("answer", **right(sitting)))
    assert "a page from before" in visitor.send(other.filled("answer", typed="3")).text
    assert "Right." in visitor.look().text
    assert len(history.events) == 1


def test_words_of_the_terminal_are_orders_in_a_field(served, history):
    """`?` opens the help, `skip` and `undo` do what they say, `quit` stops."""
    sitting, visitor = served
    assert not any("open" in tag for name, tag in visitor.look().tags if name == "details")
    page = visitor.do("answer", typed="?")
    assert any("open" in tag for name, tag in page.tags if name == "details")
    assert "Skipped." in visitor.do("answer", typed="skip").text
    visitor.do("next")
    page = visitor.do("answer", typed="undo")
    assert "Taken back: your answer to conv.stride-1" in page.text
    assert history.events == []
    for word, said in (
        ("undo", "There is no answer of this sitting to take back."),
        ("guessed", "There is no answer yet that could be a guess."),
    ):
        assert said in visitor.do("answer", typed=word).text
    visitor.do("skip")
    visitor.do("next")
    assert "conv.stride-1 counts as not known already." in visitor.do("answer", typed="g").text
    visitor.post(visitor.look().filled("answer", typed="q"))
    assert not sitting.summary.finished


def test_a_lucky_choice_is_called_a_guess_and_comes_again(history):
    """Beside the verdict of a choice, and later on the page of the next question."""
    choice = next(item for item in ITEMS if item.kind == "single")
    with sit_in_browser([choice, *THREE], history) as (sitting, visitor, _):
        page = visitor.do("answer", **right(sitting))
        assert "It was a guess" in page.text
        page = visitor.send(page.filled("guessed"))
        assert f"Noted: {choice.id} was guessed" in page.text
        assert "comes again" in page.text
        assert "guessed" not in page.forms
        visitor.do("next")
        visitor.do("answer", **right(sitting))
        page = visitor.do("next")
        form = page.filled("answer", **right(sitting))
        page = visitor.send(page.filled("guessed"))
        assert "Noted: conv.stride-1 was guessed" in page.text
        page = visitor.send(form)  # the same question is open, so its form still counts
        assert "Right." in page.text
    assert [event.grade for event in history.events if event.item][:2] == [1, 1]


def test_the_last_answer_can_still_be_taken_back(history):
    """The way on is then called Finish, and nothing is finished before it is taken."""
    with sit_in_browser(THREE[:1], history) as (sitting, visitor, _):
        page = visitor.do("answer", **right(sitting))
        assert "Finish" in page.text
        assert "Next question" not in page.text
        page = visitor.send(page.filled("undo"))
        assert "question 1 of 1" in page.text
        page = visitor.do("answer", typed="0")
        assert "Next question" in page.text
        assert not history.events[-1].done


def test_an_item_of_elsewhere_is_text(history):
    """What an imported question says is never markup, in no place of no page."""
    evil = "</p><script>alert(1)</script><img src=x onerror=alert(2)>\"'>"
    base = draw_variant(next(item for item in ITEMS if item.kind == "match"))
    posed = dataclasses.replace(
        base.posed,
        options=tuple(Option(f"{n}{evil}", evil, evil) for n, _ in enumerate(base.posed.options)),
        lefts=tuple(f"{n}{evil}" for n, _ in enumerate(base.posed.lefts)),
    )
    item = dataclasses.replace(
        base.item, id=f"conv.{evil}", lectures=(evil,), sources=(evil,), practise=evil
    )
    variant = dataclasses.replace(
        base, item=item, question=evil, explanation=evil, posed=posed, tables=((evil, ((evil,),)),)
    )
    sitting = Sitting([item], history=history, clock=Clock(), warn=print, label=evil)
    turn = dataclasses.replace(_turn(), variant=variant)
    sitting._turn = turn
    paged = PagedSitting(sitting, evil)
    pages = [render_page(paged.look(), [evil])]
    sent = {f"place-{n}": ["a"] for n in range(1, len(posed.lefts) + 1)}
    assert paged.act({"do": ["answer"], "state": ["0"], **sent})
    pages.append(render_page(paged.look(), [evil]))
    for page in pages:
        assert page.count("<script>") == page.count("</script>") == 1
        assert page.count("alert(1)") > 5
        assert not re.search(r"<img(?! class=\"picture\")", page)


def _turn():
    sitting = Sitting(THREE, history=History(Path("nowhere")), clock=Clock(), warn=print, label="")
    sitting._history.give_up()
    return sitting.ask()


def test_a_history_without_a_place_is_said_on_every_page(tmp_path):
    """At the first answer that cannot be kept, and from then on; the sitting goes on."""
    (tmp_path / "data").write_text("in the way")
    history = History(tmp_path / "data" / "deep")
    with sit_in_browser(THREE, history, warnings=["told before"]) as (sitting, visitor, _):
        assert "Warning: told before" in visitor.look().text
        page = visitor.do("answer", **right(sitting))
        assert "is not remembered" in page.text
        page = visitor.send(page.filled("next"))
        assert "is not remembered" in page.text
        assert "all is saved" not in page.text.lower()


ACTIONS = st.lists(
    st.sampled_from(("right", "wrong", "skip", "undo", "guessed", "unreadable")), max_size=14
)


@settings(max_examples=40)
@given(ACTIONS)
def test_a_run_of_forms_leaves_the_history_that_the_sitting_leaves(actions):
    """Whatever is answered, skipped, guessed and taken back, in whatever order."""
    with tempfile.TemporaryDirectory() as folder:
        by_form, by_call = History(Path(folder) / "a"), History(Path(folder) / "b")
        items = [*THREE[:2], next(item for item in ITEMS if item.kind == "single")]
        with sit_in_browser(items, by_form) as (sitting, visitor, _):
            for action in actions:
                if not _send(action, sitting, visitor):
                    break
        sitting_too = Sitting(items, history=by_call, clock=Clock(), warn=print, label="conv")
        for action in actions:
            if not _call(action, sitting_too):
                break
        assert by_form.events == by_call.events
        assert sitting.summary == sitting_too.summary


def _other(variant):
    """Return a wrong letter."""
    return "b" if variant.posed.key == "a" else "a"


def _send(action, sitting, visitor):
    """Do one thing by a form; False where the sitting has ended."""
    page = visitor.look()
    if action in page.forms and action in ("undo", "guessed"):
        visitor.post(page.filled(action))
    elif action not in ("undo", "guessed"):
        if "next" in page.forms:
            if not sitting.has_more:
                visitor.post(page.filled("next"))
                return False
            page = visitor.send(page.filled("next"))
        variant = sitting.ask().variant
        if action == "skip":
            visitor.post(page.filled("skip"))
        elif action == "right":
            visitor.post(page.filled("answer", **fields_of(variant)))
        elif "typed" in page.forms["answer"]["fields"]:
            visitor.post(page.filled("answer", typed="-1" if action == "wrong" else "?!"))
        else:
            wrong = {"choice": _other(variant)} if action == "wrong" else {}
            visitor.post(page.filled("answer", **wrong))
    return True


def _call(action, sitting):
    """Do the same by a call."""
    if action in ("undo", "guessed"):
        sitting.undo() if action == "undo" else sitting.call_guessed()
        return True
    turn = sitting.ask()
    if turn is None:
        sitting.finish()
        return False
    if action == "skip":
        sitting.skip()
    elif action != "unreadable":
        wrong = _other(turn.variant) if turn.variant.posed.options else "-1"
        sitting.answer(wrong if action == "wrong" else right_answer(turn.variant))
    return True
