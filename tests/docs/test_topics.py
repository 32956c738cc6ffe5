"""The pages on the modules: whole, short, right in every example, and sent along with the wheel."""

from __future__ import annotations

import doctest
import os
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from started import run_dlgrade

from grader.course.course import find_course
from grader.course.loading import load_module
from grader.course.topics import find_page
from grader.student.demo.catalogue import find_demo
from grader.student.drawing.table import choose_drawing

ROOT = Path(__file__).resolve().parents[2]
TOPICS = ROOT / "docs" / "student" / "topics"
PAGES = {page.stem: page.read_text("utf-8") for page in TOPICS.glob("*.md")}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADINGS = ["The picture", "The exercises", "What goes wrong", "Where it is taught", "To read"]
LINES_FOR_ONE_MORE = 11
FEWEST_LINES, MOST_LINES, MOST_COLUMNS, MOST_WORDS = 80, 170, 76, 40
COMMANDS = [
    (module, command, target)
    for module, text in sorted(PAGES.items())
    for command, target in re.findall(r"`dlgrade (\w+)(?: ([\w.]+))?`", text)
]
each_page = pytest.mark.parametrize("module", sorted(PAGES))


def prose_of(text):
    """Return a page without its blocks: pictures, examples and formulas."""
    lines = FENCED.sub("", text).splitlines()
    return "\n".join(line for line in lines if not line.startswith("    "))


def blocks_of(text):
    """Return the lines that are shown as they stand."""
    indented = [line[4:] for line in FENCED.sub("", text).splitlines() if line[:4] == "    "]
    return [*indented, *(line for _, block in FENCED.findall(text) for line in block.splitlines())]


def test_every_module_has_a_page_and_every_page_a_module(course):
    assert set(PAGES) == set(course.modules)


@each_page
def test_a_page_has_its_parts_in_order_and_is_read_in_one_sitting(module):
    text = PAGES[module]
    found = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert [title for title in found if title in HEADINGS] == HEADINGS
    assert text.startswith(f"# {module}: ")
    exercises = text.partition("## The exercises\n")[2].partition("\n## ")[0]
    asked = sum(line.count(",") + 1 for line in exercises.splitlines() if line[:4] == "### ")
    more = LINES_FOR_ONE_MORE * max(0, asked - 7)
    assert FEWEST_LINES <= text.count("\n") <= MOST_LINES + more
    kinds = [kind for kind, _ in FENCED.findall(text)]
    assert kinds[0] == "text", "the picture is first"
    assert set(kinds) == {"text", "python"}


@each_page
def test_a_page_has_a_heading_an_example_and_words_for_each_exercise(module, course):
    page = find_page(course, module)
    for stub in course.stubs(module):
        section = page.section(stub.name)
        assert section.startswith("### "), stub.name
        examples = "".join(block for kind, block in FENCED.findall(section) if kind == "python")
        assert re.search(rf"\b{stub.name}\b", examples), stub.name
        assert len(prose_of(section).split()) > 12, stub.name


@each_page
def test_every_example_gives_what_the_page_says(module, course):
    known = {"np": np}
    for name in course.modules:
        known |= vars(load_module(course.solutions_dir / f"{name}.py", "solution"))
    code = "\n".join(block for kind, block in FENCED.findall(PAGES[module]) if kind == "python")
    test = doctest.DocTestParser().get_doctest(code, known, module, f"{module}.md", 0)
    assert len(test.examples) >= len(course.stubs(module))
    said = []
    result = doctest.DocTestRunner().run(test, out=said.append)
    assert result.failed == 0, "".join(said)


@each_page
def test_sentences_are_short_and_what_is_no_picture_can_be_typed(module):
    text = PAGES[module]
    prose = re.sub(r"^(- |#+ |\|).*$", r"\g<0>.", prose_of(text), flags=re.MULTILINE)
    for sentence in re.split(r"(?<=[.!?:;])\s+", prose):
        assert len(sentence.split()) <= MOST_WORDS, sentence
    written = re.sub(r"^```text\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert written.isascii(), [c for c in written if not c.isascii()]


@each_page
def test_what_is_shown_as_it_stands_fits_a_terminal(module):
    assert not [line for line in blocks_of(PAGES[module]) if len(line) > MOST_COLUMNS]


@each_page
def test_lectures_are_called_by_their_titles(module):
    titles = tomllib.loads((ROOT / "exercises" / "course.toml").read_text("utf-8"))["decks"]
    taught = PAGES[module].partition("## Where it is taught\n")[2].partition("\n## ")[0]
    lines = [line for line in taught.splitlines() if line]
    assert lines
    assert all(re.match(rf"- (?:{'|'.join(titles.values())}): ", line) for line in lines), lines
    assert not re.search(r"\bdecks? 00\d|(?<![\d,])00[0-4]\b", PAGES[module])


@each_page
def test_a_page_shows_no_solution(module, course):
    """Its code calls the functions and never says how one is made."""
    code = "\n".join(block for kind, block in FENCED.findall(PAGES[module]) if kind == "python")
    assert "def " not in code
    lines = {line.strip() for line in code.splitlines()}
    solution = (course.solutions_dir / f"{module}.py").read_text("utf-8").splitlines()
    code_only = {line.strip() for line in solution if len(line.strip()) > 20}
    shared = {line.removeprefix(">>> ") for line in lines} & code_only
    documented = "\n".join(stub.docstring for stub in course.stubs(module))
    assert not [line for line in shared if line not in documented]


@pytest.mark.parametrize(("module", "command", "target"), COMMANDS)
def test_a_command_that_a_page_names_does_what_it_says(module, command, target, course):
    done = run_dlgrade(command, "--help", folder=ROOT, variables=dict(os.environ))
    assert done.returncode == 0, f"{module}: {done.stderr}"
    if command == "draw":
        assert choose_drawing(target, course.ids, course.modules)
    elif command == "demo":
        assert find_demo(target)


def test_a_course_of_ones_own_may_have_none(course, tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "checks").mkdir()
    assert find_page(find_course(tmp_path), "conv") is None
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "conv.md").write_text("# My own\n", encoding="utf-8")
    assert find_page(find_course(tmp_path), "conv").title == "My own"
    assert find_page(find_course(tmp_path), "pool") is None
