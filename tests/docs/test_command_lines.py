"""Every `dlgrade` line that a page shows is one that the command line takes."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
import typer.main

from grader.cli import app
from grader.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
BEFORE = ("CHANGELOG.md", "releases.md")  # what was once typed
PAGES = sorted(
    page
    for place in ("*.md", "docs/**/*.md", "examples/**/*.md")
    for page in ROOT.glob(place)
    if page.name not in BEFORE
)
TYPED = re.compile(r"^\s*(?:\$ |.*&& )?(?:docker run .*?)?\b(dlgrade(?: .*)?)$")
IN_TEXT = re.compile(r"(?<!`)`(dlgrade [^`\n]+)`(?!`)")
# what is said by it or of it; and what would change the shell of whoever runs the tests
NOT_TYPED = re.compile(r"^dlgrade: |^dlgrade \[|^dlgrade @|:/class|-completion")
STANDS_FOR = {  # what a reader puts a word of their own in place of
    "POINTS": "1", "N": "1", "HOST:PORT": "lab:1", "FORMAT": "csv", "DATE": "2026-11-03",
}  # fmt: skip


def lines_of(page):
    """Return the commands of a page, and whether each is in its code or named in a sentence."""
    found, is_code = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif is_code or line.startswith("    "):
            typed = TYPED.match(line)
            found += [(typed[1], True)] if typed and is_a_prompt(line) else []
        else:
            found += [(one, False) for one in IN_TEXT.findall(line)]
    return [one for one in found if not NOT_TYPED.search(one[0])]


def is_a_prompt(line):
    """Tell whether a line of code is typed, and not what a command printed."""
    return bool(re.match(r"\s*(?:\$ )?(?:dlgrade|pip install|docker run)\b", line))


COMMAND = typer.main.get_command(app)
LINES = sorted({(page, *one) for page in PAGES for one in lines_of(page)})


def words_of(line):
    """Return what follows `dlgrade` on a line, without remarks, pipes and what is left open."""
    typed = re.split(r"\s{2,}|\s#|\s[|>&;]", line)[0]
    words = [word for word in shlex.split(typed)[1:] if word not in ("...", "…")]
    return [STANDS_FOR.get(word, word) for word in words]


def parse(words):
    """Parse words with the parsers of the command line, and run nothing.

    Raises
    ------
    click.UsageError
        One of them is not known, or is missing.
    """
    command = COMMAND
    context = command.make_context("dlgrade", list(words), resilient_parsing=False)
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        if not rest:
            return
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)


@pytest.mark.parametrize(
    ("page", "line", "is_code"), LINES, ids=[f"{page.name}: {line}" for page, line, _ in LINES]
)
def test_the_command_line_takes_what_a_page_shows(page, line, is_code, monkeypatch):
    """A sentence may name a command without all that it needs, the code of a page may not."""
    monkeypatch.chdir(ROOT)
    try:
        parse(words_of(line))
    except typer.Exit:  # of `--help`
        assert "help" in line
    except (click_error("MissingParameter"), click_error("BadOptionUsage")):
        assert not is_code, f"{page}: {line}"


def click_error(name):
    """Return an error of the click that Typer has, which it keeps in several places."""
    return getattr(sys.modules[typer.BadParameter.__module__], name)


def test_a_renamed_option_or_command_is_noticed():
    assert len(LINES) > 150
    assert sum(is_code for *_, is_code in LINES) > 60
    for line, said in {
        "dlgrade grade hw2 --sandbocks none": "[Nn]o such option",
        "dlgrade chek conv": "no command is called",
        "dlgrade quiz conv --numbers 5": "[Nn]o such option",
    }.items():
        with pytest.raises((click_error("UsageError"), UsageError), match=said):
            parse(words_of(line))
    with pytest.raises(click_error("MissingParameter")):
        parse(words_of("dlgrade feedback"))
