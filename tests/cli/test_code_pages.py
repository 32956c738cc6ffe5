"""A console of an old code page: every sign that it lacks is replaced, and nothing is cut short."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from classes import command
from started import run_dlgrade

ROOT = Path(__file__).resolve().parents[2]
ODD = "\u65e5\u672c"  # in no code page of the west
STUDENT = [
    (0, "init", ODD),
    (0, "list", "--dir", ODD),
    (0, "explain", "conv"),
    (0, "explain", "conv.im2col"),
    (0, "demo", "paths", "--dir", ODD),
    (0, "quiz"),
    (0, "quiz", "today"),
    (2, "solution", "conv.im2col", "--dir", ODD),
    (2, "list", ODD),
    (2, "demo", ODD),
    (0, "report-bug", "pool.flatten", "--dir", "pools", "-o", f"report-{ODD}"),
    (0, "solution", "pool.flatten", "--dir", "pools"),
    (0, "new-course", f"course-{ODD}"),
]


@pytest.fixture
def variables(tmp_path, cache_home):
    def of(encoding):
        return os.environ | {
            "XDG_CACHE_HOME": str(cache_home), "XDG_DATA_HOME": str(tmp_path / "data"),
            "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": "80",
        }  # fmt: skip

    return of


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_no_command_ends_at_a_sign_that_the_code_page_lacks(tmp_path, variables, course, encoding):
    (tmp_path / "pools").mkdir()
    shutil.copy(course.exercises_dir / "pool.py", tmp_path / "pools")
    shutil.copy(course.solutions_dir / "pool.py", tmp_path / "pools")
    made = variables(encoding)
    (tmp_path / "pools" / ".dlgrade.json").write_text("{}")
    where = {"folder": tmp_path, "variables": made, "encoding": encoding}
    assert run_dlgrade("check", "pool.flatten", "--dir", "pools", **where).returncode == 0
    for code, *words in STUDENT:
        done = run_dlgrade(*words, **where)
        said = done.stdout + done.stderr
        assert (words, done.returncode) == (words, code), said
        assert said.strip()
        assert "Unicode" not in said
        assert "Traceback" not in said


def test_watch_goes_on_in_any_code_page(tmp_path, variables, course):
    folder, said = tmp_path / ODD, tmp_path / "said"
    folder.mkdir()
    shutil.copy(course.exercises_dir / "conv.py", folder)
    with said.open("wb") as stream:
        process = subprocess.Popen(
            command("watch", "conv"), cwd=folder, env=variables("cp437"),
            stdout=stream, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while b"not written yet" not in said.read_bytes() and time.monotonic() < end:
            time.sleep(0.2)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(60)
    text = said.read_bytes()
    assert b"not written yet" in text
    assert b"Unicode" not in text
    assert b"Traceback" not in text


def test_a_content_that_is_written_out_is_utf_8_whatever_the_console_has(tmp_path, variables):
    (tmp_path / "odd.gift").write_text(f"::one:: What is {ODD}? {{#4:0.1}}\n", encoding="utf-8")
    done = subprocess.run(
        command("quiz", "import", "odd.gift"), cwd=tmp_path, env=variables("cp1252"),
        capture_output=True, check=False,
    )  # fmt: skip
    assert ODD in done.stdout.decode("utf-8"), done.stderr
