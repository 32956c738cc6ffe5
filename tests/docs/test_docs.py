"""What the documents show of the command line is what it says."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from started import run_dlgrade

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"^```console\n\$ dlgrade (?P<words>[^\n]*--help)\n(?P<text>.*?)```",
    re.MULTILINE | re.DOTALL,
)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
SHOWN = [
    (page.name, match["words"], match["text"])
    for page in PAGES
    for match in BLOCK.finditer(page.read_text(encoding="utf-8"))
]


def help_text(words):
    """Return what `dlgrade … --help` prints on a screen of 80 columns."""
    environment = os.environ | {"COLUMNS": "80", "TERMINAL_WIDTH": "80"}
    done = run_dlgrade(*shlex.split(words), folder=ROOT, variables=environment)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.replace("python -m grader", "dlgrade").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


@pytest.mark.parametrize(("page", "words", "text"), SHOWN, ids=[" ".join(s[:2]) for s in SHOWN])
def test_help_that_is_shown_is_the_real_one(page, words, text):
    assert text == help_text(words), page


@pytest.mark.parametrize("words", ["--help", "quiz --help"])
def test_what_a_command_does_is_said_without_being_cut_off(words):
    rows = help_text(words).partition("Commands:")[2].splitlines()
    assert len(rows) > 5
    assert not [row for row in rows if row.endswith("...")]


def test_some_help_is_shown():
    assert "--help" in {words for _, words, _ in SHOWN}


def test_every_command_of_the_tables_exists():
    real = help_text("--help")
    named = set()
    for page in PAGES:
        rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
        named |= {m[1] for row in rows for m in re.finditer(r"`dlgrade ([a-z]+)", row)}
    assert {"check", "watch", "grade", "export"} <= named
    assert not [name for name in named if not re.search(rf"^  {name}\b", real, re.MULTILINE)]


def test_the_message_in_the_readme_is_a_real_one(cache_home):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    command, _, shown = text.partition("```console\n$ dlgrade check ")[2].partition("\n")
    environment = os.environ | {"COLUMNS": "80", "XDG_CACHE_HOME": str(cache_home)}
    done = run_dlgrade("check", *shlex.split(command), folder=ROOT, variables=environment)
    lines = "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip("\n")
    assert shown.partition("\n```")[0] == lines


def test_every_link_in_a_document_leads_to_a_file():
    count = 0
    for page in PAGES:
        prose = CODE.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", prose):
            if "://" not in target:
                count += 1
                assert (page.parent / target).exists(), f"{page.name}: {target}"
    assert count > 20


def test_every_link_to_a_heading_leads_to_one_on_github_as_on_the_site():
    count = 0
    for page in PAGES:
        prose = CODE.sub("", page.read_text(encoding="utf-8"))
        for target, heading in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", prose):
            if target and not target.endswith(".md"):
                continue
            there = (page.parent / target if target else page).read_text(encoding="utf-8")
            titles = re.findall(r"(?m)^#+ (.+)$", CODE.sub("", there))
            slugs = [re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in titles]
            assert heading in slugs, f"{page.name}: {target}#{heading}"
            count += 1
    assert count > 5
