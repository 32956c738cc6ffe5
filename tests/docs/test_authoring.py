"""docs/author/authoring.md is followed word for word, and what it says comes true."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from started import run_dlgrade

PAGE = Path(__file__).resolve().parents[2] / "docs" / "author" / "authoring.md"
BLOCK = re.compile(r"^```(python|sh)(?: (\w+)=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(line, folder, home):
    first, *words = shlex.split(line)
    environment = os.environ | {"XDG_CACHE_HOME": str(home), "LOCALAPPDATA": str(home)}
    if first == "dlgrade":
        return run_dlgrade(*words, folder=folder, variables=environment)
    return subprocess.run(
        [sys.executable if first == "python" else first, *words], cwd=folder, env=environment,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def follow(folder, home, change=lambda text: text):
    """Do what the page says; return what the last command printed."""
    done = None
    for kind, option, value, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            file = folder / value
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(change(text), encoding="utf-8")
            continue
        for line in text.splitlines():
            done = run(line, folder, home)
            yield line, done, int(value) if option == "exit" else 0


def test_the_walk_through_works_word_for_word(tmp_path, cache_home):
    commands = list(follow(tmp_path, cache_home))
    assert len(commands) == 5
    for line, done, code in commands:
        assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
    audited = commands[-1][1].stdout
    assert "sharp scale.center" in audited
    assert "not written yet" in commands[-2][1].stdout


def test_a_blunt_check_ends_the_audit_with_1_and_shows_what_lives(tmp_path, cache_home):
    def blunt(text):
        return text.replace("draw(between(1, 5)), draw(between(1, 4))", "1, draw(between(1, 4))")

    *_, (_, done, _) = follow(tmp_path, cache_home, blunt)
    assert done.returncode == 1
    assert "a mutant survives" in done.stdout
