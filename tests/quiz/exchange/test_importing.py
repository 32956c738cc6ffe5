"""What other programs wrote, as a topic: the same answers, and one line for what cannot be."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quiz_helpers import ITEMS, TOPICS
from typer.testing import CliRunner

from grader.errors import UsageError
from grader.quiz.cli import app
from grader.quiz.exchange import bounded, gift, moodle
from grader.quiz.exchange.keeping import keep
from grader.quiz.exports import load_exporter
from grader.quiz.items.item import LETTERS, Topic
from grader.quiz.items.loading import load_topic
from grader.quiz.items.variants import draw_variant
from grader.quiz.kinds import load_kind
from grader.quiz.marking import mark_answer, right_answer

READERS = {"moodle": moodle.read, "gift": gift.read}
AS_TYPED = {"number": "number", "shape": "shape", "matrix": "matrix", "text": "text"}
AS_CHOSEN = {"single": "single", "code": "single", "claim": "single", "multiple": "multiple"}


PICTURE = "it has a picture, which no item can hold"


def words(text):
    return " ".join(html.unescape(text).split())


def came_back(form, topic, variants, tmp_path):
    """Export, read, keep and load; return the variants as they are now."""
    found = load_exporter(form).export(topic, variants)
    held, unheld = READERS[form](found.content.encode())
    text, unkept, count = keep(topic.name, topic.title, held)
    seen = [v.item.id for v in variants if v.picture is not None and form == "moodle"]
    assert [(one.name, one.why) for one in unheld] == [(name, PICTURE) for name in seen]
    assert unkept == []
    if not held:
        return []
    (tmp_path / f"{topic.name}.toml").write_text(text, encoding="utf-8")
    items = load_topic(tmp_path, topic.name).items
    assert len(items) == count
    left_out = {line.partition(":")[0] for line in found.left_out}
    kept = [variant for variant in variants if variant.item.id not in {*left_out, *seen}]
    return list(zip(kept, [draw_variant(item) for item in items], strict=True))


def texts_of(variant, key):
    return [words(variant.posed.options[LETTERS.index(letter)].text) for letter in key]


def has_the_same_answers(before, now):
    seen = f" The picture in words: {before.picture.says}" if before.picture is not None else ""
    assert words(now.question) == words(before.question + seen)
    assert now.item.id == before.item.id
    assert words(now.explanation).startswith(words(before.explanation))
    assert [rows for _, rows in now.tables] == [
        tuple(tuple(words(cell) for cell in row) for row in rows) for _, rows in before.tables
    ]
    kind, key = before.item.kind, before.posed.key
    if kind in AS_TYPED:
        typed_answers_are_the_same(before, now)
    elif kind == "match":
        pairs = dict(zip(map(words, before.posed.lefts), texts_of(before, key), strict=True))
        here = zip(map(words, now.posed.lefts), texts_of(now, now.posed.key), strict=True)
        assert dict(here) == pairs
        assert len(now.posed.options) == len(before.posed.options)
    elif kind == "order":
        here = zip(texts_of(now, now.posed.key), map(words, now.posed.lefts), strict=True)
        assert [step for _, step in sorted((int(n), s) for n, s in here)] == texts_of(before, key)
    else:
        assert now.item.kind == AS_CHOSEN[kind]
        right = texts_of(before, key[1] if kind == "claim" else key)
        right = [f"{key[0]}, since {right[0]}"] if kind == "claim" else right
        assert sorted(texts_of(now, now.posed.key)) == sorted(right)
        says = {words(option.text): words(option.says) for option in now.posed.options}
        for option in before.posed.options if kind != "claim" else ():
            assert says[words(option.text)] == words(option.says)


def typed_answers_are_the_same(before, now):
    assert now.item.kind == AS_TYPED[before.item.kind]
    assert now.posed.tolerance == pytest.approx(before.posed.tolerance)
    assert mark_answer(now, right_answer(before)).right
    assert mark_answer(before, right_answer(now)).right
    kind = load_kind(before.item.kind)
    kept = [kind.show(slip.value, now.posed) for slip in now.posed.slips]
    for slip in before.posed.slips:
        shown = kind.show(slip.value, before.posed)
        if before.item.kind == "number" and shown not in kept:
            continue  # too near the right answer for a platform
        if before.posed.loose:
            continue  # a short answer does not tell that its size counts
        mark = mark_answer(now, shown)
        assert not mark.right
        assert words(mark.says).startswith(words(slip.says))


every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


@pytest.mark.parametrize("form", READERS)
@every_topic
def test_what_is_exported_comes_back_with_the_same_answers(form, topic, tmp_path):
    """Every item, in the numbers of the deck: question, tables, answer, slips and tolerance."""
    variants = [draw_variant(item) for item in topic.items]
    for before, now in came_back(form, topic, variants, tmp_path):
        has_the_same_answers(before, now)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=st.sampled_from(ITEMS), seed=st.integers(1, 10**6), form=st.sampled_from([*READERS]))
def test_any_variant_of_any_item_comes_back_with_the_same_answers(item, seed, form, tmp_path):
    """It holds for fresh numbers, too."""
    topic = Topic(item.topic, "One question", 1, (item,))
    variant = draw_variant(item, f"{seed}/0")
    found = load_exporter(form).export(topic, [variant])
    if not found.left_out:
        for before, now in came_back(form, topic, [variant], tmp_path):
            has_the_same_answers(before, now)


def quiz(*questions):
    return f"<quiz>{''.join(questions)}</quiz>".encode()


def question(kind, inner, text="Why?"):
    head = f"<name><text>q</text></name><questiontext format='html'><text>{text}</text>"
    return f"\n<question type='{kind}'>{head}</questiontext>{inner}</question>"


def answer(text, share, inner=""):
    return f"<answer fraction='{share}'><text>{text}</text>{inner}</answer>"


MOODLE_UNHELD = {
    "no item is of the type essay": question("essay", ""),
    "capitals": question("shortanswer", f"<usecase>1</usecase>{answer('A', 100)}"),
    "half right": question("shortanswer", answer("a", 100) + answer("b", 50)),
    "several numbers": question("numerical", answer(1, 100) + answer(2, 100)),
    "'x' is no number": question("numerical", answer("x", 100)),
    "for a number": question("numerical", answer(1, "much")),
    "stands for anything": question("shortanswer", answer("pool*", 100)),
    "none of its answers": question("multichoice", answer("a", 0) + answer("b", 0)),
    "units": question("numerical", answer(1, 100) + "<units><unit/></units>"),
    "a picture": question("shortanswer", answer("a", 100), "&lt;img src='x'&gt;"),
    "several lines of code": question(
        "shortanswer", answer("a", 100), "&lt;pre&gt;x = 1\ny&lt;/pre&gt;"
    ),
    "more than 4000": question("shortanswer", answer("a" * 5000, 100)),
    "signs or capitals": question("shortanswer", answer("a+b", 100) + answer("a-b", 0)),
    "no text": question("shortanswer", answer("a", 100), ""),
    "choices": question("multichoice", answer("a", 100)),
    "choices has no text": question("multichoice", answer("a", 100) + answer(" ", 0)),
    "coincide": question("multichoice", answer("a", 100) + answer("A", 0)),
}
GIFT_UNHELD = {
    "asks nothing": "Only words.",
    "essay": "::q::Write.{}",
    "do not close": "Why?{=a",
    "several pairs": "Why?{=a} and {=b}",
    "neither = nor ~": "Why?{a}",
    "is no number": "How many?{#many}",
    "no number with a tolerance": "How many?{#1:few}",
    "half right": "Why?{=a ~%50%b}",
    "one of its choices has no text": "Why?{~ =a ~b}",
    "several of its choices": "Why?{=a =b ~c}",
    "a picture": "[html]<img src=x>Why?{=a ~b}",
}


@pytest.mark.parametrize("why", MOODLE_UNHELD)
def test_what_no_item_can_hold_of_moodle_is_named_with_its_line(why, tmp_path):
    """The line, the name and the reason; the question beside it is kept."""
    file = tmp_path / "a.xml"
    good = question("numerical", answer(4, 100), "Two and two?")
    file.write_bytes(quiz(good, MOODLE_UNHELD[why]))
    done = CliRunner().invoke(app, ["import", str(file), "-o", str(tmp_path / "a.toml")])
    assert done.exit_code == 1, done.output
    first, last = done.stderr.splitlines()
    assert re.search(rf"a\.xml, line 3: q is left out: .*{why}", first), first
    assert last.startswith("1 of 2 questions")
    assert [item.kind for item in load_topic(tmp_path, "a").items] == ["number"]


@pytest.mark.parametrize("why", GIFT_UNHELD)
def test_what_no_item_can_hold_of_gift_is_named_with_its_line(why, tmp_path):
    """The same for GIFT."""
    file = tmp_path / "a.gift"
    file.write_text(f"// a comment\n::sum::2+2?{{#4}}\n\n{GIFT_UNHELD[why]}\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["import", str(file), "-o", str(tmp_path / "a.toml")])
    assert done.exit_code == 1, done.output
    first, last = done.stderr.splitlines()
    assert re.search(rf"a\.gift, line 4:.* is left out: .*{why}", first), first
    assert last.startswith("1 of 2 questions")


LAUGHS = "<!DOCTYPE q [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><quiz>&b;</quiz>"
OUTSIDE = "<!DOCTYPE q [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><quiz>&a;</quiz>"
BAD = {
    "entities": LAUGHS.encode(),
    "document type": OUTSIDE.encode(),
    "elements deep": b"<quiz>" * 50_000,
    "larger than 4 MiB": b"<quiz>" + b" " * (4 * 2**20),
    "100,000 elements": b"<quiz>" + b"<a/>" * 100_000 + b"</quiz>",
    "no XML": b"<quiz><question></quiz>",
    "begins with <html>": b"<html></html>",
    "no UTF-8": b"::q::\xff{=a}",
    "holds no question": b"",
    "no question that": b"\x00\x01\x02",
    "are read at most": b"<quiz>" + b"<question/>" * 1001 + b"</quiz>",
    "questions; 1000": b"a{=b}\n\n" * 1001,
    "encoding": b"<?xml version='1.0' encoding='klingon'?><quiz/>",
}


@pytest.mark.parametrize("why", BAD)
def test_bad_input_is_one_clear_line_and_nothing_is_written(why, tmp_path):
    """Hostile or broken: exit 2, no file, no traceback."""
    file = tmp_path / "a.xml"
    file.write_bytes(BAD[why])
    done = CliRunner().invoke(app, ["import", str(file), "-o", str(tmp_path / "a.toml")])
    assert isinstance(done.exception, UsageError), done.exception
    assert why in str(done.exception)
    assert "\n" not in str(done.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xml"]


@settings(max_examples=150)
@given(
    st.one_of(st.binary(max_size=300), st.text("{}=~#%:\\->.19aT\n<", max_size=60).map(str.encode))
)
def test_any_bytes_are_read_or_refused(content):
    """Nothing but a clear refusal comes of bytes that nobody meant."""
    for read in READERS.values():
        try:
            held, unheld = read(content)
        except UsageError:
            continue
        keep("a", "A", held)
        assert all(one.why for one in unheld)


def test_a_file_that_is_there_is_replaced_only_when_told(tmp_path):
    """Without --overwrite it stays as it was."""
    file, output = tmp_path / "a.gift", tmp_path / "b.toml"
    file.write_text("2+2?{#4:0.1}", encoding="utf-8")
    output.write_text("mine", encoding="utf-8")
    told = ["import", str(file), "-o", str(output)]
    done = CliRunner().invoke(app, told)
    assert "--overwrite" in str(done.exception)
    assert output.read_text(encoding="utf-8") == "mine"
    assert CliRunner().invoke(app, [*told, "--overwrite"]).exit_code == 0
    (item,) = load_topic(tmp_path, "b").items
    variant = draw_variant(item)
    assert variant.posed.tolerance == 0.1
    assert mark_answer(variant, "4.05").right


GIFT = """
$CATEGORY: any

::Sky::The sky is blue.{T#No, look up.#Yes.}

Grant is {=buried ~resting#Not quite.} in a tomb.

::Between::[html]<p>A number from {1}?</p>{#1..5}

::Escapes::What is \\{x\\: 1\\}?{=a dict =dict =%0%set#No value.}

// A comment
::Some::Which are even?{
~%50%2
~%50%4#The second.
~%-100%3#Odd.
####Even is divisible by two.
}
""".replace("from {1}?", "from 1 to 5?")


def test_gift_as_people_write_it(tmp_path):
    """True or false, a gap in the middle, an interval, escaped signs, several choices."""
    held, unheld = gift.read(GIFT.encode())
    text, unkept, _ = keep("a", "A", held)
    assert (unheld, unkept) == ([], [])
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    sky, gap, between, escapes, some = map(draw_variant, load_topic(tmp_path, "a").items)
    assert texts_of(sky, sky.posed.key) == ["True"]
    assert {o.text: o.says for o in sky.posed.options} == {"True": "Yes.", "False": "No, look up."}
    assert gap.question == "Grant is _____ in a tomb."
    assert (between.posed.key, between.posed.tolerance) == (3, 2)
    assert escapes.question == "What is {x: 1}?"
    assert mark_answer(escapes, "A dict").right
    assert mark_answer(escapes, "set").says == "No value."
    assert sorted(texts_of(some, some.posed.key)) == ["2", "4"]
    assert some.explanation == "Even is divisible by two."


def test_what_a_terminal_would_obey_is_not_kept():
    """Escape sequences and invisible signs of a text are left out."""
    held, _ = gift.read("A \x1b[31mred\u202e one?{=a =b\u200b}".encode())
    assert held[0].text == "A [31mred one?"
    assert [reply.text for reply in held[0].replies] == ["a", "b"]


def test_the_limits_are_those_that_the_docs_tell():
    """One owner of each number."""
    from quiz_helpers import QUIZZES

    text = (QUIZZES.parent / "docs" / "author" / "questions.md").read_text(encoding="utf-8")
    assert f"{bounded.MAX_BYTES // 2**20} MiB, {bounded.MAX_QUESTIONS} questions" in text
