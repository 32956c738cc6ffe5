"""Exports: opened by readers that are not ours."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from quiz_helpers import QUIZZES, TOPICS

from grader.errors import UsageError
from grader.quiz.exports import format_names, load_exporter
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import right_answer

every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


def exported(form, topic, key=""):
    variants = [draw_variant(item, key) for item in topic.items]
    return load_exporter(form).export(topic, variants), variants


def test_an_unknown_format_names_those_there_are():
    """A typo ends with 2 and the list."""
    with pytest.raises(UsageError, match=r"anki, .* and moodle"):
        load_exporter("word")


PYTHON_TYPES = dict.fromkeys(("shape", "matrix", "text"), "Short") | {
    "number": "Numerical", "match": "Matching", "order": "Matching",
    "single": "MultipleChoiceRadio", "multiple": "MultipleChoiceCheckbox",
    "claim": "MultipleChoiceRadio", "code": "MultipleChoiceRadio",
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@every_topic
def test_an_independent_reader_opens_the_gift_file(topic):
    """Every question is there, of the right type, with the right answer as its correct one."""
    parser = pytest.importorskip("pygiftparser.parser", reason="the dev extra has it")
    for key in ("", "3"):
        found, variants = exported("gift", topic, key)
        # this reader ends a feedback at an escaped sign, and knows whole percents only
        text = re.sub(r"(#.*)", lambda line: re.sub(r"\\[=~]", "is", line[0]), found.content)
        text = re.sub(r"%(-?\d+)\.\d+%", r"%\1%", text)
        questions = [q for q in parser.parse(text).questions if not q.name.startswith("//")]
        assert [question.name for question in questions] == [v.item.id for v in variants]
        for question, variant in zip(questions, variants, strict=True):
            kind = type(question.answer).__name__.removeprefix("Multiple")
            assert kind == PYTHON_TYPES[variant.item.kind].removeprefix("Multiple")
            if variant.item.kind == "number":
                figure = float(question.answer.options[0].text.split(":")[0])
                assert figure == pytest.approx(variant.posed.key)


NODE = """
const { parse } = require('gift-pegjs');
const text = require('fs').readFileSync(0, 'utf8');
const shown = parse(text).filter((q) => q.type !== 'Category').map((q) => [q.title, q.type]);
process.stdout.write(JSON.stringify(shown));
"""
NODE_TYPES = {"number": "Numerical", "match": "Matching", "order": "Matching", "single": "MC"}


@every_topic
def test_a_strict_reader_opens_the_gift_file(topic):
    """The grammar that the authors of online editors use accepts every question."""
    node = shutil.which("node")
    if not node:
        pytest.skip("no node here (`npm install gift-pegjs`, and NODE_PATH to its node_modules)")
    found, variants = exported("gift", topic, "2")
    run = subprocess.run(
        [node, "-e", NODE], input=found.content, capture_output=True, text=True, check=False
    )
    if "Cannot find module" in run.stderr:
        pytest.skip("no gift-pegjs here (`npm install gift-pegjs`, and NODE_PATH)")
    types = NODE_TYPES | dict.fromkeys(("multiple", "claim", "code"), "MC")
    want = [[v.item.id, types.get(v.item.kind, "Short")] for v in variants]
    assert json.loads(run.stdout) == want, run.stderr


GIFT_TYPES = {"number": "{#", "single": "=", "multiple": "~%", "match": "->", "order": "->"}


@every_topic
def test_gift_questions_carry_feedback_and_explanation(topic):
    """Each question has its general feedback, and the sign of its type."""
    found, variants = exported("gift", topic)
    questions = found.content.split("\n\n::")[1:]
    assert len(questions) == len(variants)
    for text, variant in zip(questions, variants, strict=True):
        assert "####" in text
        assert GIFT_TYPES.get(variant.item.kind, "=") in text.replace("{\n#", "{#")
        assert text.rstrip().endswith("}")


def test_gift_escapes_what_is_special():
    """A colon, a brace or an equals sign of a text does not end it."""
    found, _ = exported("gift", TOPICS[0])
    body = re.sub(r"\\[~=#{}:\\]", "", found.content)
    line = next(line for line in body.splitlines() if line.startswith("::conv.filter"))
    assert line.count("{") == 1
    assert "F  N + 2P" in line


def test_gift_shares_of_a_multiple_choice_add_up():
    """All the right ones give the full mark, all the wrong ones take it away."""
    count = 0
    for topic in TOPICS:
        found, variants = exported("gift", topic)
        for text, variant in zip(found.content.split("\n\n::")[1:], variants, strict=True):
            if variant.item.kind == "multiple":
                shares = [
                    float(share) for share in re.findall(r"^~%(-?[\d.]+)%", text, re.MULTILINE)
                ]
                assert sum(s for s in shares if s > 0) == pytest.approx(100, abs=0.01)
                assert sum(s for s in shares if s < 0) == pytest.approx(-100, abs=0.01)
                count += 1
    assert count


def test_gift_numbers_keep_right_and_wrong_apart():
    """No wrong number's interval holds the right one."""
    count = 0
    for topic in TOPICS:
        for key in ("", "1", "2"):
            found, _ = exported("gift", topic, key)
            for text in found.content.split("\n\n::"):
                rows = re.findall(r"^=(%0%)?(-?[\d.e+-]+):([\d.e-]+)", text, re.MULTILINE)
                right = [float(value) for wrong, value, _ in rows if not wrong]
                for wrong, value, margin in rows:
                    if wrong:
                        assert abs(float(value) - right[0]) > float(margin)
                        count += 1
    assert count > 50


ANKI = """
import sys
from anki.collection import Collection, ImportCsvRequest
from anki.import_export_pb2 import CsvMetadata

collection = Collection(sys.argv[1])
for path in sys.argv[2:]:
    metadata = collection.get_csv_metadata(path=path, delimiter=None)
    collection.import_csv(ImportCsvRequest(path=path, metadata=metadata))
    notes = [collection.get_note(n) for n in collection.find_notes("")]
    print(len(notes), sorted(n.guid for n in notes)[0], len({n.guid for n in notes}))
    print(collection.decks.get(notes[0].cards()[0].did)["name"])
    print(notes[0].fields[0])
    print(notes[0].fields[1])
collection.close()
"""


def test_anki_itself_imports_the_file_and_a_second_import_adds_nothing(tmp_path):
    """Anki's own code reads the notes; the ids stay, and other numbers replace the old ones."""
    pytest.importorskip("anki", reason="the dev extra has it")
    topic, files = TOPICS[0], []
    for key in ("", "5"):
        found, _ = exported("anki", topic, key)
        files.append(tmp_path / f"conv{key}.txt")
        files[-1].write_text(found.content, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", ANKI, tmp_path / "c.anki2", *files]
    lines = subprocess.check_output(command, text=True).splitlines()
    count = len(topic.items)
    assert lines[0] == lines[4] == f"{count} dlgrade-{min(item.id for item in topic.items)} {count}"
    assert lines[1] == "dlgrade::conv"
    assert "7x7" in lines[2]
    assert "<b>5</b>" in lines[3]
    assert lines[6] != lines[2]


@every_topic
def test_anki_notes_have_four_fields_and_the_answer_on_the_back(topic):
    """Tabs and line breaks of a text cannot shift a field."""
    found, variants = exported("anki", topic)
    notes = [line.split("\t") for line in found.content.splitlines() if not line.startswith("#")]
    assert [len(fields) for fields in notes] == [4] * len(variants)
    for (guid, front, back, tags), variant in zip(notes, variants, strict=True):
        assert guid == f"dlgrade-{variant.item.id}"
        assert right_answer(variant).replace("<", "&lt;") in back
        assert front not in back
        assert "dlgrade" in tags


@pytest.mark.parametrize("form", format_names())
def test_what_a_format_cannot_carry_is_listed_in_the_docs(form):
    """The command says it, and so does docs/author/questions.md."""
    text = (QUIZZES.parent / "docs" / "author" / "questions.md").read_text(encoding="utf-8")
    found, _ = exported(form, TOPICS[0])
    assert [line for line in found.lost if line not in text] == []
    assert found.lost


@pytest.mark.parametrize("form", format_names())
def test_an_export_is_the_same_every_time(form):
    """One seed gives one file."""
    assert exported(form, TOPICS[1], "4")[0] == exported(form, TOPICS[1], "4")[0]
