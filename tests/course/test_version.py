"""The version is written once, and whatever else names one agrees with it."""

from __future__ import annotations

import re
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from classes import dlgrade

from grader._version import __version__

ROOT = Path(__file__).resolve().parents[2]


def headings(file, pattern):
    """Return what a document's headings of a form name, from its top on."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return re.findall(rf"^## {pattern}$", text, re.MULTILINE)


def test_the_wheel_names_the_version(wheel):
    with zipfile.ZipFile(wheel) as archive:
        about = archive.read(f"dlgrade-{__version__}.dist-info/METADATA").decode()
    assert HeaderParser().parsestr(about)["Version"] == __version__


def test_the_command_names_the_version(tmp_path):
    assert dlgrade("--version", folder=tmp_path).stdout.startswith(f"dlgrade {__version__}\n")


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("CHANGELOG.md", r"\[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d"),
        ("docs/releases.md", r"(\d+\.\d+\.\d+) \(\d+ \w+ \d{4}\)"),
    ],
)
def test_the_newest_dated_entry_is_of_this_version(file, pattern):
    assert headings(file, pattern)[0] == __version__


def test_changes_that_no_version_has_yet_stand_above_all_that_have_one():
    first, *dated = headings("CHANGELOG.md", r"\[([^\]]+)\](?: - [\d-]+)?")
    assert first == "Unreleased"
    assert dated
