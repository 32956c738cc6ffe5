"""Graded quizzes: each student's own, saved as they go, and marked without belief."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quiz_helpers import QUIZZES, TOPICS, Clock, Script

from grader.errors import AnswersFileError, UnknownTargetError, UsageError
from grader.quiz.asking.answers_file import (
    FILE_NAME,
    AnswerSheet,
    parse_answers,
    read_answers,
    write_answers,
)
from grader.quiz.asking.exam import mark, mark_paper, take_exam
from grader.quiz.exams.paper import Paper, load_paper
from grader.quiz.marking import right_answer

CONV = TOPICS[0]
COUNT = len(CONV.items)


def sit(path, student="alice", seed=7, answers=None, topic=CONV):
    script = Script(*(answers if answers is not None else [right_answer] * len(topic.items)))
    papers = [Paper(topic, seed, len(topic.items))]
    left = take_exam(papers, student=student, path=path / FILE_NAME, screen=script)
    return left, script


def earned(path, student="alice", seed=7, topic="conv"):
    marks = mark(QUIZZES, topic, seed, student, (path / FILE_NAME).read_bytes())
    return sum(one.earned for one in marks)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_right_exam_earns_every_point(tmp_path, topic):
    """What the student was asked is what the grader marks, in every topic."""
    sit(tmp_path, topic=topic)
    assert earned(tmp_path, topic=topic.name) == len(topic.items)


def test_no_verdict_is_shown(tmp_path):
    """A graded quiz explains nothing."""
    _, script = sit(tmp_path)
    assert script.verdicts == []
    assert len(script.asked) == COUNT


def test_marks_come_in_the_order_of_the_topics_file(tmp_path):
    """Two students' marks can be compared item by item, though they were asked in another order."""
    _, script = sit(tmp_path)
    asked = [variant.item.id for variant, *_ in script.asked]
    marked = [
        one.item for one in mark(QUIZZES, "conv", 7, "alice", (tmp_path / FILE_NAME).read_text())
    ]
    assert marked == [item.id for item in CONV.items] != asked
    assert sorted(asked) == sorted(marked)


@pytest.mark.parametrize(
    ("student", "old", "new", "why"),
    [
        ("bob", "", "", "taken as 'alice', not as 'bob'"),
        ("bob", 'student = "alice"', 'student = "bob"', "asked with other questions"),
        ("alice", "seed = 7", "seed = 99", "taken with another seed"),
        ("alice", "items = ", "items = 9", "questions, and this exam has"),
        ("alice", 'asked = "', 'asked = "0', "asked with other questions"),
    ],
)
def test_a_file_that_says_it_was_another_exam_is_refused_by_one_line(
    tmp_path, student, old, new, why
):
    """Nothing in it is marked, and every question says why."""
    sit(tmp_path)
    path = tmp_path / FILE_NAME
    path.write_text(path.read_text().replace(old, new) if old else path.read_text())
    found = mark_paper(load_paper(QUIZZES, "conv", 7), student, path.read_bytes())
    assert why in found.refused
    assert "\n" not in found.refused
    assert {(one.earned, one.message) for one in found.items} == {(0.0, found.refused)}


def test_what_a_file_leaves_out_earns_nothing_more(tmp_path):
    """A copied file without a word about itself is marked against one's own numbers."""
    sit(tmp_path)
    path = tmp_path / FILE_NAME
    said = ("student", "items", "asked", "begun", "ended")
    kept = [line for line in path.read_text().split("\n") if not line.startswith(said)]
    path.write_text("\n".join(kept))
    assert earned(tmp_path, student="bob") <= COUNT / 2
    assert earned(tmp_path) == COUNT


def test_the_sheet_of_the_expected_seed_is_the_one_that_counts(tmp_path):
    """An earlier exam on the same topic stays in the file, and is not marked."""
    sit(tmp_path, seed=7)
    sit(tmp_path, seed=8)
    assert earned(tmp_path, seed=7) == earned(tmp_path, seed=8) == COUNT


def test_several_topics_share_a_file(tmp_path):
    """Each topic finds its own answers."""
    sit(tmp_path)
    sit(tmp_path, topic=TOPICS[3])
    assert earned(tmp_path) == COUNT
    assert earned(tmp_path, topic="losses") == len(TOPICS[3].items)


def test_two_students_have_their_own_numbers_and_orders():
    """Nearly all questions with numbers differ."""
    paper = load_paper(QUIZZES, "conv", 7)
    alice, bob = ({v.item.id: v for v in paper.draw(who)} for who in ("alice", "bob"))
    drawn = [key for key, variant in alice.items() if variant.item.parameters]
    assert sum(alice[key].question == bob[key].question for key in drawn) <= 2
    assert list(alice) != list(bob)


def test_every_answer_is_saved_at_once_and_an_exam_goes_on(tmp_path):
    """After Ctrl-C the same command asks what is left."""
    with pytest.raises(KeyboardInterrupt):
        sit(tmp_path, answers=[right_answer, right_answer, KeyboardInterrupt()])
    assert earned(tmp_path) == 2
    left, script = sit(tmp_path)
    assert (left, len(script.asked)) == (0, COUNT - 2)
    assert earned(tmp_path) == COUNT


def test_a_skipped_question_stays_open(tmp_path):
    """It earns nothing, and is asked again the next time."""
    left, _ = sit(tmp_path, answers=["skip", *[right_answer] * (COUNT - 1)])
    assert left == 1
    assert earned(tmp_path) == COUNT - 1
    assert len(sit(tmp_path)[1].asked) == 1


def test_what_cannot_be_read_is_asked_again(tmp_path):
    """In an exam too, it costs nothing."""
    _, script = sit(tmp_path, answers=["9**9**9", "$", "?", right_answer])
    assert len(script.complaints) == 2
    assert len(script.asked) == 2
    assert "leaves it open" in script.helped[0]
    assert "shows" not in script.helped[0]


@pytest.mark.parametrize("word", ["undo", "u", "guessed", "G"])
def test_a_word_of_practice_is_no_answer_of_an_exam(tmp_path, word):
    """Where words are asked for too, whoever is used to take back loses no question by it."""
    topic = next(topic for topic in TOPICS if topic.name == "optimisers")
    ids = [variant.item.id for variant in load_paper(QUIZZES, "optimisers", 7).draw("alice")]
    answers = ["skip"] * ids.index("optimisers.epoch-word") + [word, "epoch"]
    _, script = sit(tmp_path, topic=topic, answers=answers)
    assert any("for practice" in said for said in script.said)
    sheet = read_answers(tmp_path / FILE_NAME)[0]
    assert sheet.answers == {"optimisers.epoch-word": "epoch"}


def test_in_an_exam_too_a_number_is_never_guessed(tmp_path):
    """What may be two numbers is asked about, and never stands in the file."""
    losses = TOPICS[3]
    place = [v.item.id for v in load_paper(QUIZZES, "losses", 7).draw("alice")].index("losses.mse")
    sit(tmp_path, topic=losses, answers=["skip"] * place + ["2,900", "2.9"])
    assert read_answers(tmp_path / FILE_NAME)[0].answers == {"losses.mse": "2.9"}


def test_a_wrong_answer_says_what_was_wrong(tmp_path):
    """The message for the student has their answer, the right one and the feedback."""
    sheet = AnswerSheet("conv", 7, "alice", {"conv.conv2d-parameters": "1 + 1"})
    write_answers(tmp_path / FILE_NAME, [sheet])
    marks = mark(QUIZZES, "conv", 7, "alice", (tmp_path / FILE_NAME).read_text())
    by_item = {one.item: one for one in marks}
    assert by_item["conv.conv2d-parameters"].message.startswith("2 is wrong; it is ")
    assert by_item["conv.stride-1"].message == "not answered"
    assert {one.possible for one in marks} == {1.0}


@pytest.mark.parametrize("student", ["", "  ", "a\nb", "x" * 1000, "\x1b[2J"])
def test_an_id_that_is_no_line_is_refused(tmp_path, student):
    """The id is shown and drawn from: it must be one line of text."""
    with pytest.raises(UsageError, match="--student"):
        sit(tmp_path, student=student)


def test_an_unknown_topic_is_named():
    """A typo in --exam is not a zero for the class."""
    with pytest.raises(UnknownTargetError, match="did you mean 'conv'"):
        mark(QUIZZES, "cnv", 7, "alice", "")


HEAD = '[[exam]]\ntopic = "conv"\nseed = 7\nstudent = "alice"\n[exam.answers]\n'
HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "not UTF-8": b"\xff\xfe" + HEAD.encode("utf-16-le"),
    "huge": b"#" * 10_000_000,
    "many lines": b"a = 1\n" * 10_000,
    "deep brackets": b"a = " + b"[" * 60_000,
    "deep tables": b"[" + b"a." * 30_000 + b"a]\n",
    "dotted key": b"a." * 30_000 + b"a = 1\n",
    "many dotted keys": b"".join(b"a%d" % i + b".a" * 100 + b" = 1\n" for i in range(150)),
    "inline tables": b"a = " + b"{a=" * 10_000,
    "long line": HEAD.encode() + b'"conv.stride-1" = "' + b"1+" * 20_000 + b'1"\n',
    "not TOML": b"topic: conv",
    "twice the same key": (HEAD + '"conv.stride-1" = "1"\n"conv.stride-1" = "2"\n').encode(),
    "null bytes": HEAD.encode() + b'"conv.stride-1" = "\x00"\n',
    "exam is a number": b"exam = 5\n",
    "answers is a text": b'[[exam]]\ntopic = "conv"\nanswers = "5"\n',
    "topic is a number": b"[[exam]]\ntopic = 5\n[exam.answers]\n",
    "an unclosed text": (HEAD + '"conv.stride-1" = "5\n').encode(),
    "a text over lines": (HEAD + '"conv.stride-1" = """5\n' + "5\n" * 1000).encode(),
}
BOMBS = ["9**9**9", "9**" * 60 + "9", "(" * 150, "1e999", "()" * 70, "9" * 190, "*".join("9" * 90)]
BOMBS += [
    "\x1b[2J",
    "__import__('os').abort()",
    "\\u0000",
    "x" * 199,
    "1," * 99,
    "[" * 199,
    ";" * 199,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_earns_zero_at_once(name):
    """Whatever the file is, every item is zero with one line, in a moment."""
    start = time.thread_time()  # whatever else goes on in the machine
    marks = mark(QUIZZES, "conv", 7, "alice", HOSTILE[name])
    assert time.thread_time() - start < 1
    assert [one.earned for one in marks] == [0.0] * COUNT
    assert all(one.message and "\n" not in one.message for one in marks)
    assert len({one.message for one in marks}) == 1


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_hostile_answer_earns_zero_at_once(tmp_path, topic, bomb):
    """An answer that would never end or never be read is one wrong answer."""
    answers = {item.id: bomb for item in topic.items if item.kind != "text"}
    write_answers(tmp_path / FILE_NAME, [AnswerSheet(topic.name, 7, "alice", answers)])
    start = time.process_time()
    assert earned(tmp_path, topic=topic.name) == 0
    assert time.process_time() - start < 1


@given(st.binary(max_size=300))
def test_any_bytes_are_marked(content):
    """No file raises."""
    assert sum(one.earned for one in mark(QUIZZES, "transfer", 1, "x", content)) == 0


@given(st.text(max_size=100))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives_the_file(tmp_path, text):
    """What was typed is what is marked, whatever its characters."""
    path = tmp_path / FILE_NAME
    write_answers(path, [AnswerSheet("conv", 7, 'a"b\\', {"conv.stride-1": text})])
    clean = text.encode("utf-8", "replace").decode()
    assert read_answers(path) == [AnswerSheet("conv", 7, 'a"b\\', {"conv.stride-1": clean})]
    assert tomllib.loads(path.read_text(encoding="utf-8"))["exam"][0]["topic"] == "conv"


def test_a_file_that_cannot_be_written_is_one_line(tmp_path):
    """A folder in the way is named, and nothing is left behind."""
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(AnswersFileError, match="cannot be written"):
        write_answers(tmp_path / FILE_NAME, [])
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_damaged_file_stops_an_exam_before_it_is_overwritten(tmp_path):
    """The student's file is not thrown away."""
    (tmp_path / FILE_NAME).write_text("not ours")
    with pytest.raises(AnswersFileError, match="line 1"):
        sit(tmp_path)
    assert (tmp_path / FILE_NAME).read_text() == "not ours"


def test_comments_and_blank_lines_are_allowed():
    """A file that was opened in an editor is still read."""
    text = "# mine\n\n" + HEAD.replace("\n", "\r\n") + "\n'conv.stride-1' = '5'\n"
    assert parse_answers(text)[0].answers == {"conv.stride-1": "5"}


def test_a_file_of_an_older_version_is_marked_and_goes_on(tmp_path):
    """It says neither how many questions it asked nor which: it says nothing else."""
    first = load_paper(QUIZZES, "conv", 7).draw("alice")[0]
    old = AnswerSheet("conv", 7, "alice", {first.item.id: right_answer(first)})
    write_answers(tmp_path / FILE_NAME, [old])
    assert earned(tmp_path) == 1
    assert len(sit(tmp_path)[1].asked) == COUNT - 1
    assert earned(tmp_path) == COUNT


def test_a_time_is_told_and_nothing_ends_with_it(tmp_path):
    """`?` says how much is left; who goes on is warned once, saved, and the time is told."""
    clock, papers = Clock(), [Paper(CONV, 7, 5)]
    script = Script("?", *[right_answer] * 2, "?", *[right_answer] * 3, clock=clock, seconds=600)
    path = tmp_path / FILE_NAME
    left = take_exam(papers, student="alice", path=path, screen=script, minutes=25, clock=clock)
    assert left == 0
    assert "25 min left" in script.helped[0]
    assert "the time is over" in script.helped[1]
    assert len(script.warned) == 1
    found = mark_paper(papers[0], "alice", path.read_bytes())
    assert sum(one.earned for one in found.items) == 5
    assert found.minutes == "70 of 25 min by the student's own clock"


@pytest.mark.parametrize("said", ["", "now", "9999-12-31T23:59:59+00:00", "2026-01-01T00:00:00"])
def test_no_time_in_a_file_stops_anything(tmp_path, said):
    """A time that is none is not told, and one beyond all times ends nothing."""
    sheet = AnswerSheet("conv", 7, "alice", begun=said, ended=said, minutes=10**20)
    write_answers(tmp_path / FILE_NAME, [sheet])
    sit(tmp_path)
    assert earned(tmp_path) == COUNT


def test_a_file_of_a_thousand_sheets_draws_the_questions_once(tmp_path, monkeypatch):
    """What a file claims costs no more, however often it claims it."""
    drawn = []
    draw = Paper.draw
    monkeypatch.setattr(Paper, "draw", lambda self, who: (drawn.append(who), draw(self, who))[1])
    sheets = [AnswerSheet("conv", 7, "alice", asked=str(number)) for number in range(500)]
    write_answers(tmp_path / FILE_NAME, sheets)
    assert earned(tmp_path) == 0
    assert drawn == ["alice"]
