"""Moodle XML and Canvas's QTI: read back by readers written from the formats' descriptions."""

from __future__ import annotations

import html
import io
import re
import zipfile
from types import SimpleNamespace

import pytest
from defusedxml import ElementTree as ET  # noqa: N817 - its usual name
from platform_readers import CONTENT, NEEDED, local, read_canvas, read_moodle
from quiz_helpers import ITEMS, TOPICS
from typer.testing import CliRunner

from grader.errors import UsageError
from grader.quiz.cli import app
from grader.quiz.exchange.commands import export
from grader.quiz.exports import load_exporter
from grader.quiz.items.item import LETTERS
from grader.quiz.items.variants import draw_variant, practice_key
from grader.quiz.kinds import load_kind

every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
READERS = {"moodle": read_moodle, "canvas": read_canvas}
COUNT = 3


def variants_of(topic):
    return [
        draw_variant(item, practice_key(4, number))
        for item in topic.items
        for number in range(COUNT if item.parameters else 1)
    ]


def exported(form, topic):
    variants = variants_of(topic)
    found = load_exporter(form).export(topic, variants)
    left_out = {line.partition(":")[0] for line in found.left_out}
    return found, [variant for variant in variants if variant.item.id not in left_out]


def plain(text):
    """Return what a person reads of some HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def seen(text):
    """Return what a person hears who cannot see the picture of some HTML."""
    return html.unescape("".join(re.findall(r'<img [^>]*alt="([^"]*)"', text)))


def typed(variant, text):
    kind = load_kind(variant.item.kind)
    return kind.mark(kind.read(text, variant.posed), variant.posed)


def chosen(variant, right):
    """Return the letters of the options whose texts are right."""
    texts = [plain(option.text) for option in variant.posed.options]
    return sorted(LETTERS[texts.index(plain(text))] for text in right)


def holds_the_same_answers(variant, question):
    """Mark what the reader found right, and wrong, with the quiz's own marking."""
    kind, key = variant.item.kind, variant.posed.key
    if kind in ("number", "shape", "matrix", "text"):
        assert question["right"]
        assert all(typed(variant, text).right for text in question["right"])
        assert not any(typed(variant, text).right for text in question["wrong"])
    elif kind in ("single", "code", "multiple"):
        want = sorted(key) if isinstance(key, tuple) else [key]
        assert chosen(variant, question["right"]) == want
        assert len(question["right"]) + len(question["wrong"]) == len(variant.posed.options)
    elif kind == "claim":
        word, reason = question["right"][0].split(", since ", 1)
        assert len(question["right"]) == 1
        assert (word, *chosen(variant, [reason])) == key
    elif kind == "match":
        texts = [option.text for option in variant.posed.options]
        want = dict(zip(variant.posed.lefts, (texts[LETTERS.index(k)] for k in key), strict=True))
        assert {plain(left): right for left, right in question["pairs"].items()} == {
            plain(left): right for left, right in want.items()
        }
        assert sorted(question["sides"]) == sorted(texts)
    else:
        assert kind == "order"
        order = sorted(question["pairs"], key=lambda step: int(question["pairs"][step]))
        texts = [plain(option.text) for option in variant.posed.options]
        assert tuple(LETTERS[texts.index(plain(step))] for step in order) == key


@pytest.mark.parametrize("form", READERS)
@every_topic
def test_an_independent_reader_finds_the_same_answers(form, topic):
    """Every variant is there once, under its item, with the answers that the quiz holds right."""
    found, variants = exported(form, topic)
    read = READERS[form](found.content)
    assert {name for name, _ in read} == {variant.item.id for variant in variants}
    for name, questions in read:
        ours = [variant for variant in variants if variant.item.id == name]
        by_text = {}
        for variant in ours:
            tables = " ".join(f"{t} {' '.join(sum(rows, ()))}" for t, rows in variant.tables)
            said = plain(html.escape(f"{variant.question} {tables}"))
            by_text.setdefault((said, plain(html.escape(variant.explanation))), []).append(variant)
        assert len(questions) <= len(ours)
        for question in questions:
            said = re.sub(r" \(Type it as [^()]*\)$", "", plain(question["text"]))
            matching = [
                v
                for (text, why), vs in by_text.items()
                if text == said and plain(question["explanation"]).startswith(why)
                for v in vs
                if (v.picture.says if v.picture is not None else "") == seen(question["text"])
            ]
            assert matching, f"{name}: {said}"
            holds_the_same_answers(matching[0], question)


@pytest.mark.parametrize("form", READERS)
def test_every_number_keeps_its_tolerance(form):
    """The bounds that the reader finds are those within which the quiz holds an answer right."""
    count = 0
    for topic in TOPICS:
        found, variants = exported(form, topic)
        tolerances = {(v.item.id, v.posed.tolerance, v.posed.key) for v in variants}
        for name, questions in READERS[form](found.content):
            for question in questions:
                if question.get("margin"):
                    (value,) = map(float, question["right"])
                    near = [
                        tolerance
                        for item, tolerance, key in tolerances
                        if item == name and key == pytest.approx(value)
                    ]
                    assert any(question["margin"] == pytest.approx(one) for one in near)
                    count += 1
    assert count > 30


@every_topic
def test_moodle_tells_every_slip_its_own_words(topic):
    """The feedback of a wrong number is the slip's."""
    found, variants = exported("moodle", topic)
    by_name = {}
    for name, questions in read_moodle(found.content):
        by_name[name] = [question for question in questions if question["says"]]
    for variant in variants:
        if variant.item.kind == "number":
            slips = [slip for slip in variant.posed.slips if isinstance(slip.value, int)]
            said = [question["says"] for question in by_name.get(variant.item.id, [])]
            for slip in slips:
                told = {says.get(str(slip.value)) for says in said}
                assert html.escape(slip.says, quote=False) in told


def test_moodle_draws_a_variant_from_the_category_of_its_item():
    """Each item has a category of its own: a random question of it is one of its variants."""
    found, _ = exported("moodle", TOPICS[0])
    read = dict(read_moodle(found.content))
    assert len(read["conv.stride-1"]) == COUNT
    assert len({question["name"] for question in read["conv.stride-1"]}) == COUNT


def test_canvas_draws_one_question_of_each_group():
    """A group of variants gives one of them, for one point."""
    found, _ = exported("canvas", TOPICS[0])
    root = canvas_root(found.content)
    groups = [s for s in root.iter() if local(s) == "section" and s.get("ident") != "root_section"]
    assert groups
    for group in groups:
        assert [e.text for e in group.iter() if local(e) == "selection_number"] == ["1"]
        assert sum(local(item) == "item" for item in group) > 1


def canvas_root(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    (name,) = (name for name in archive.namelist() if re.match(r"(?!imsmanifest).*\.xml$", name))
    return ET.fromstring(archive.read(name))


@every_topic
def test_canvas_files_keep_to_the_content_models_of_qti(topic):
    """What stands in each element, in which order, is the standard's."""
    root = canvas_root(exported("canvas", topic)[0].content)
    idents = [element.get("ident") for element in root.iter() if local(element) == "item"]
    assert len(idents) == len(set(idents))
    for element in root.iter():
        name = local(element)
        assert element.tag.startswith("{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}")
        inside = "".join(f"{local(child)} " for child in element)
        assert re.fullmatch(CONTENT[name], inside), f"{name} holds {inside}"
        assert NEEDED.get(name, set()) <= set(element.keys())
    for item in root.iter():
        if local(item) == "item":
            told = {e.get("linkrefid") for e in item.iter() if local(e) == "displayfeedback"}
            assert told == {e.get("ident") for e in item.iter() if local(e) == "itemfeedback"}


def test_the_manifest_names_the_file_of_the_questions():
    """Canvas finds the questions by the manifest alone."""
    archive = zipfile.ZipFile(io.BytesIO(exported("canvas", TOPICS[0])[0].content))
    manifest = ET.fromstring(archive.read("imsmanifest.xml"))
    resources = [e for e in manifest.iter() if local(e) == "resource"]
    files = [file.get("href") for resource in resources for file in resource]
    kinds = [resource.get("type") for resource in resources]
    assert kinds == ["imsqti_xmlv1p2"] + ["webcontent"] * (len(files) - 1)
    assert sorted([*files, "imsmanifest.xml"]) == sorted(archive.namelist())


def test_what_moodle_cannot_hold_is_left_out_by_name():
    """A question that Moodle's own form would refuse is named with the reason."""
    for topic in TOPICS:
        found, _ = exported("moodle", topic)
        names = {name for name, _ in read_moodle(found.content)}
        for line in found.left_out:
            name, _, why = line.partition(": ")
            assert name not in names
            assert why
        assert names | {line.partition(":")[0] for line in found.left_out} == {
            item.id for item in topic.items
        }
    assert len(ITEMS) > 200


def test_an_archive_is_not_written_on_a_terminal(monkeypatch):
    """The bytes would spoil it; one line says what to type."""
    monkeypatch.setattr("grader.quiz.exchange.commands.sys.stdout.isatty", lambda: True)
    with pytest.raises(UsageError, match=r"-o conv\.zip"):
        export(SimpleNamespace(obj=None), "conv", "canvas", variants=1)


def test_a_pipe_gets_the_bytes_of_the_archive_and_anki_one_variant_of_each():
    """Standard output is the file; more variants than a format holds are refused."""
    done = CliRunner().invoke(app, ["export", "linear", "--format", "canvas", "--variants", "2"])
    linear = next(topic for topic in TOPICS if topic.name == "linear")
    assert len(read_canvas(done.stdout_bytes)) == len(linear.items)
    done = CliRunner().invoke(app, ["export", "linear", "--format", "anki", "--variants", "2"])
    assert isinstance(done.exception, UsageError)
