"""Pictures in other programs: read back as files, as images in the page, and in words."""

from __future__ import annotations

import base64
import csv
import html
import io
import re
import zipfile

import pytest
from browsers import launch_browser, needs_chromium
from defusedxml import ElementTree as ET  # noqa: N817 - its usual name
from platform_readers import local, read_canvas
from quiz_helpers import ITEMS, TOPICS

from grader.quiz.exams.key import write_key
from grader.quiz.exams.paper import load_paper
from grader.quiz.exports import load_exporter
from grader.quiz.items.item import Topic
from grader.quiz.items.variants import draw_variant, practice_key

PICTURED = tuple(item for item in ITEMS if item.picture)
VARIANTS = [draw_variant(item, practice_key(2, n)) for item in PICTURED for n in range(2)]
TOPIC = Topic("seen", "Pictures", 1, PICTURED)
SAYS = {variant.picture.says for variant in VARIANTS}
IMAGE = re.compile(r'<img src="([^"]+)" alt="([^"]+)"')


def exported(form, variants=VARIANTS):
    return load_exporter(form).export(TOPIC, variants)


def is_a_picture(content):
    """Read an SVG strictly: it is described, and asks nothing from elsewhere."""
    root = ET.fromstring(content)
    assert local(root) == "svg"
    names = {element.get("id"): element for element in root.iter() if element.get("id")}
    title, about = (names[name] for name in root.get("aria-labelledby").split())
    assert title.text
    assert about.text in SAYS
    assert "href" not in content
    assert "url(" not in content
    return about.text


def test_canvas_holds_each_picture_as_a_file_that_its_question_shows():
    archive = zipfile.ZipFile(io.BytesIO(exported("canvas").content))
    asked = [
        q["text"] for _, questions in read_canvas(exported("canvas").content) for q in questions
    ]
    shown = set()
    for text in asked:
        ((source, alt),) = IMAGE.findall(text)
        assert source.startswith("%24IMS-CC-FILEBASE%24/images/")
        path = source.removeprefix("%24IMS-CC-FILEBASE%24/")
        assert is_a_picture(archive.read(path).decode()) == html.unescape(alt)
        shown.add(path)
    assert {name for name in archive.namelist() if name.startswith("images/")} == shown
    assert len(shown) == len(asked) > len(PICTURED)


def test_moodle_holds_each_picture_as_a_file_of_its_question():
    found = 0
    for node in ET.fromstring(exported("moodle").content.encode()).iter("questiontext"):
        ((source, alt),) = IMAGE.findall(node.findtext("text"))
        (file,) = node.iter("file")
        assert source == f"@@PLUGINFILE@@/{file.get('name')}"
        assert (file.get("path"), file.get("encoding")) == ("/", "base64")
        assert is_a_picture(base64.b64decode(file.text).decode()) == html.unescape(alt)
        found += 1
    assert found > len(PICTURED)


def test_gift_has_no_files_so_that_the_words_stand_there_and_that_is_told():
    found = exported("gift")
    unescaped = re.sub(r"\\([\\~=#{}:])", r"\1", found.content)
    assert "img" not in found.content
    for says in SAYS:
        assert f"The picture in words: {html.escape(says, quote=False)}" in unescaped
    assert any(line.startswith("pictures") for line in found.lost)


def test_anki_holds_each_picture_in_its_note():
    first = [draw_variant(item) for item in PICTURED]
    lines = exported("anki", first).content.splitlines()
    notes = list(csv.reader([line for line in lines if line[0] != "#"], delimiter="\t"))
    assert len(notes) == len(PICTURED)
    for (_, front, _, _), variant in zip(notes, first, strict=True):
        ((source, alt),) = IMAGE.findall(front)
        kind, _, data = source.partition(";base64,")
        assert kind == "data:image/svg+xml"
        assert html.unescape(alt) == variant.picture.says
        assert variant.picture.title in base64.b64decode(data).decode()


@needs_chromium
def test_the_practice_page_shows_each_picture_with_its_words(tmp_path):
    """In Chromium: each image is painted, described and fits a phone; nothing is asked."""
    path = tmp_path / "page.html"
    path.write_text(exported("html").content, encoding="utf-8")
    with launch_browser() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 640})
        asked, faults = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        shown = set()
        for item in PICTURED:
            image = page.locator("img")
            page.wait_for_function("document.querySelector('img').complete")
            assert image.evaluate("image => image.naturalWidth") > 300
            shown.add(image.get_attribute("alt"))
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, item.id
            if item.kind == "single":
                page.keyboard.press("a")
            else:
                page.keyboard.type("1 2; 3 4" if item.kind == "matrix" else "123456")
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
        assert shown <= SAYS
        assert len(shown) == len(PICTURED)
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert faults == []


def test_the_key_of_an_exam_says_what_is_to_be_seen():
    topic = next(topic for topic in TOPICS if topic.name == "losses")
    paper = load_paper(topic.items[0].source.parent, "losses", 3)
    pictures = [v.picture.says for v in paper.draw("ada") if v.picture is not None]
    key = " ".join(write_key([paper], "ada").split())
    assert pictures
    assert all(" ".join(says.split()) in key for says in pictures)


@pytest.mark.parametrize("form", ["canvas", "moodle", "anki", "html"])
def test_no_two_pictures_share_a_name(form):
    """Of a file, and of what a page refers to inside of one."""
    assert len({variant.picture.name for variant in VARIANTS}) == len(VARIANTS)
    assert exported(form).content == exported(form).content
