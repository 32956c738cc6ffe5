"""Each sentence of the documents has a line of its own, so that a change shows what it changed."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
import sentences

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PAGES = [*(ROOT / name for name in NAMES), *sorted((ROOT / "docs").rglob("*.md"))]
PROSE = {
    str(page.relative_to(ROOT)): found
    for page in PAGES
    if (found := list(sentences.paragraphs(page.read_text(encoding="utf-8"))))
}


@pytest.mark.parametrize("page", PROSE)
def test_a_line_of_prose_is_one_sentence(page):
    for number, written, said in PROSE[page]:
        assert written == said, f"line {number}"


def test_the_readme_is_read_in_one_sitting():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is 1.5. It is 2.0.", ["It is 1.5.", "It is 2.0."]),
        ("Look at `x. Y`. `z` is next.", ["Look at `x. Y`.", "`z` is next."]),
        ("It says `No.` Then it ends.", ["It says `No.` Then it ends."]),
        ("An array, i.e. numbers, e.g. these.", ["An array, i.e. numbers, e.g. these."]),
        ("(It is so.) **It** is.", ["(It is so.)", "**It** is."]),
        ("numpy works. torch does.", ["numpy works.", "torch does."]),
        ('He says "Wait. Go." It goes.', ['He says "Wait. Go."', "It goes."]),
        ("See [a](b.md). See [c](d.md)!", ["See [a](b.md).", "See [c](d.md)!"]),
        ("Up to 0.11.2, and … more? yes.", ["Up to 0.11.2, and … more? yes."]),
    ],
)
def test_where_a_sentence_ends(text, said):
    assert sentences.split_sentences(text) == said


def test_what_is_no_prose_is_left_alone_and_an_item_is_prose():
    page = "# A. B.\n\n| a. B. | c |\n|---|---|\n\n    d. E.\n\n```\nf. G.\n```\n\n- h. I.\n  J.\n"
    found = list(sentences.paragraphs(page))
    assert found == [(12, ["h. I.", "J."], ["h.", "I.", "J."])]


def test_the_example_comes_true():
    assert doctest.testmod(sentences).failed == 0
