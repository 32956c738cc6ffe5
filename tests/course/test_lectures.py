"""What the course says of its lectures: which, where in them, and by which of their conventions."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grader.course.course import find_course
from grader.course.docstrings import lectures, sections
from grader.quiz.items.loading import load_topics

COURSE = find_course()
TITLES = COURSE.settings["decks"]
EXERCISES = COURSE.find([])
ITEMS = {item.id: item for topic in load_topics(COURSE.quizzes_dir) for item in topic.items}
READ = tomllib.loads(Path(__file__).with_name("lectures.toml").read_text(encoding="utf-8"))
"""What somebody found who read the lectures: their headings, and who is named where."""


def notes_of(exercise_id):
    """Return the section Notes of a docstring in one line."""
    return " ".join(
        " ".join(sections(COURSE.exercise(exercise_id).stub.docstring)["Notes"]).split()
    )


@pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.id for exercise in EXERCISES])
def test_each_lecture_of_an_exercise_is_named_by_title_and_place_and_no_other(exercise):
    decks, docstring = exercise.check.decks, exercise.stub.docstring
    shown = lectures(docstring, decks, TITLES)
    places = [where.removeprefix(f"{TITLES[n]}: ") for n, where in zip(decks, shown, strict=True)]
    assert all(place in READ["places"][n] for n, place in zip(decks, places, strict=True))
    assert docstring.count('Lecture "') == len(decks)
    assert "Deck " not in docstring


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_each_lecture_of_a_question_is_named_by_title_and_place(item):
    numbers = item.deck.split(", ") if item.deck else []
    assert list(item.lectures) == [TITLES[number] for number in numbers]
    for number, source in zip(numbers, item.sources, strict=True):
        assert source.removeprefix(f"{TITLES[number]}: ") in READ["places"][number]


@pytest.mark.parametrize("name", READ["exercises"])
def test_an_exercise_names_the_lectures_that_have_it(name):
    """These were attributed from memory once."""
    assert list(COURSE.exercise(name).check.decks) == READ["exercises"][name]


@pytest.mark.parametrize("name", READ["items"])
def test_a_question_names_the_lectures_that_ask_it(name):
    """These were attributed from memory once."""
    assert ITEMS[name].deck == READ["items"][name]


@pytest.mark.parametrize("name", READ["conventions"])
def test_a_docstring_tells_where_texts_differ_before_anybody_is_mistaken(name):
    notes = notes_of(name)
    assert [words for words in READ["conventions"][name] if words not in notes] == []


def test_quiz_and_exercise_say_the_same_of_an_lstm():
    """Each gate has one wording: who learnt from the docstring pairs them right."""
    notes = notes_of("recurrent.lstm_cell")
    for gate, words in ITEMS["recurrent.lstm-gates"].body["pairs"]:
        assert words in notes.partition(f"{gate[0]} = ")[2].partition(" = ")[0], gate


def test_an_exercise_that_no_lecture_has_says_so():
    for name in ("conv.im2col", "conv.col2im", "optim.nesterov_step"):
        assert COURSE.exercise(name).check.decks == ()
        assert "o lecture" in notes_of(name)
