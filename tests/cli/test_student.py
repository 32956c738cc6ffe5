"""The student's commands from outside: what they show, how they end, on any terminal."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from started import run_dlgrade

REFUSING = """    if min(input_size, kernel_size, stride) < 1 or not 0 <= padding:
        raise ValueError("too small")
    if kernel_size > input_size + 2 * padding:
        raise ValueError("too large")
"""
RIGHT = "    return (input_size + 2 * padding - kernel_size) // stride + 1\n"


@pytest.fixture
def dlgrade(tmp_path, cache_home):
    """Run the command in an empty folder whose name has a space and an accent."""
    folder = tmp_path / "mes éxercices à moi"
    folder.mkdir()

    variables = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home), "COLUMNS": "80",
    }  # fmt: skip

    def run(*arguments, cwd=folder, encoding=None):
        told = {} if encoding is None else {"PYTHONIOENCODING": encoding}
        return run_dlgrade(
            *arguments, folder=cwd, variables=variables | told, encoding=encoding or "utf-8"
        )

    run.folder = folder
    return run


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Return a folder in which `dlgrade init` was said."""
    folder = tmp_path_factory.mktemp("begun")
    run_dlgrade("init", folder=folder, variables=dict(os.environ)).check_returncode()
    return folder


@pytest.fixture
def evening(dlgrade, begun):
    """Begin: the stubs are laid out."""
    shutil.copytree(begun, dlgrade.folder, dirs_exist_ok=True)
    dlgrade.exercises = dlgrade.folder / "exercises"
    return dlgrade


def write(folder, body):
    """Write conv_output_size."""
    file = folder / "conv.py"
    head, _, rest = file.read_text(encoding="utf-8").partition("def conv_output_size(")
    before, _, after = rest.partition("    raise NotImplementedError\n")
    file.write_text(f"{head}def conv_output_size({before}{body}{after}", encoding="utf-8")


LOUD = """import numpy as np


def correlate2d(image, kernel):
    for i in range(30):
        print("line", i, image.shape)
    return np.zeros(np.subtract(image.shape, kernel.shape) + 1)
"""


def test_what_the_shown_call_printed_is_a_few_lines_and_then_how_many_more(dlgrade):
    (dlgrade.folder / "conv.py").write_text(LOUD)
    lines = [line.strip() for line in dlgrade("check", "conv.correlate2d").stdout.splitlines()]
    first = lines.index("printed:") + 1
    assert lines[first : first + 6] == [*(f"line {i} (1, 1)" for i in range(5)), "… 25 more lines"]
    done = dlgrade("check", "conv.correlate2d", "--explain")
    lines = [line.strip() for line in done.stdout.splitlines()]
    first = lines.index("printed:") + 1
    assert lines[first + 19 : first + 21] == ["line 19 (1, 1)", "… 10 more lines"]
    done = dlgrade("check", "conv.correlate2d", "--json")
    (entry,) = json.loads(done.stdout)["exercises"]
    assert entry["output"].splitlines() == lines[first : first + 21]


def test_on_a_terminal_it_says_at_once_what_it_checks_and_leaves_nothing_of_that(
    dlgrade, cache_home
):
    pexpect = pytest.importorskip("pexpect", reason="pexpect is missing (POSIX terminals only)")
    if not hasattr(pexpect, "spawn"):
        pytest.skip("this system has no pseudo-terminals")
    (dlgrade.folder / "conv.py").write_text(LOUD)
    environment = os.environ | {
        "TERM": "xterm-256color", "PYTHONUTF8": "1", "XDG_CACHE_HOME": str(cache_home),
    }  # fmt: skip
    child = pexpect.spawn(
        sys.executable, ["-m", "grader", "check", "conv.correlate2d"], cwd=str(dlgrade.folder),
        env=environment, encoding="utf-8", timeout=240, dimensions=(50, 80),
    )  # fmt: skip
    child.expect("checking conv.correlate2d …")
    child.expect(r"\x1b\[2K[^\n]*wrong answer")
    child.expect(pexpect.EOF)
    assert "checking" not in child.before.rpartition("\x1b[2K")[2]


def test_alone_in_an_empty_folder_it_says_how_to_begin(dlgrade):
    done = dlgrade()
    assert done.returncode == 0
    assert "dlgrade init" in done.stdout


def test_alone_it_says_where_one_stands_and_what_is_next(evening):
    done = evening()
    assert done.returncode == 0
    assert "Next: activations.relu" in done.stdout
    assert "dlgrade watch" in done.stdout
    assert "conv " in done.stdout


def test_init_again_leaves_edited_files_alone(evening):
    write(evening.exercises, RIGHT)
    text = (evening.exercises / "conv.py").read_text(encoding="utf-8")
    done = evening("init")
    assert done.returncode == 0
    assert "left alone (it is yours): conv.py" in done.stdout
    assert (evening.exercises / "conv.py").read_text(encoding="utf-8") == text


def test_init_takes_a_folder_and_makes_its_parents(dlgrade):
    done = dlgrade("init", "a/b c/é")
    assert done.returncode == 0
    assert (dlgrade.folder / "a" / "b c" / "é" / "conv.py").is_file()


def test_init_into_the_courses_own_stubs_is_wrong_usage(dlgrade, course):
    done = dlgrade("init", str(course.exercises_dir))
    assert done.returncode == 2
    assert "belongs to the course itself" in done.stderr


def test_progress_is_shown_by_list_after_a_check(evening):
    write(evening.exercises, RIGHT)
    done = evening("check", "conv.conv_output_size")
    assert done.returncode == 1  # bad arguments are not refused yet
    listed = evening("list", "conv", "--plain").stdout
    (line,) = [line for line in listed.splitlines() if "conv.conv_output_size" in line]
    assert "1.5 / 3" in line
    assert "wrong answer" in line
    write_again = (evening.exercises / "conv.py").read_text(encoding="utf-8")
    (evening.exercises / "conv.py").write_text(write_again.replace("+ 1\n", "+ 2\n"), "utf-8")
    assert "wrong answer, edited since" in evening("list", "conv").stdout


def test_progress_is_kept_in_json_runs_too_and_goes_nowhere_else(evening):
    write(evening.exercises, RIGHT)
    done = evening("check", "conv.conv_output_size", "--json")
    json.loads(done.stdout)
    assert "wrong answer" in evening("list", "conv").stdout


def test_a_folder_that_dir_names_gets_no_new_file(dlgrade, course, tmp_path):
    other = tmp_path / "somebody"
    other.mkdir()
    shutil.copy(course.exercises_dir / "embedding.py", other)
    dlgrade("check", "embedding", "--dir", str(other))
    dlgrade("list", "embedding", "--dir", str(other))
    assert [path.name for path in other.iterdir()] == ["embedding.py"]


def test_the_courses_own_folders_get_no_progress(dlgrade, course):
    file = course.exercises_dir / ".dlgrade.json"  # another installation may have left one here
    before = file.read_bytes() if file.exists() else None
    dlgrade("check", "embedding", cwd=course.exercises_dir)
    dlgrade("hint", "embedding.build_vocabulary", cwd=course.exercises_dir)
    assert (file.read_bytes() if file.exists() else None) == before


def test_hints_come_one_at_a_time(evening):
    texts = [evening("hint", "conv.im2col").stdout for _ in range(4)]
    assert [f"hint {n}/3" in text for n, text in zip((1, 2, 3, 3), texts, strict=True)] == [
        True
    ] * 4
    assert "hint 3/3" in evening("hint", "conv.im2col", "--again").stdout
    assert "dlgrade explain conv.im2col shows the formula" in texts[-1]
    assert "conv.conv_output_size" in evening("hint", "conv").stdout


def test_reset_restores_one_function_and_names_the_backup(evening):
    write(evening.exercises, RIGHT)
    done = evening("reset", "conv.conv_output_size")
    assert done.returncode == 0
    assert "kept in conv.py.bak" in done.stdout
    assert RIGHT in (evening.exercises / "conv.py.bak").read_text(encoding="utf-8")
    assert RIGHT not in (evening.exercises / "conv.py").read_text(encoding="utf-8")
    assert "nothing of yours was replaced" in evening("reset", "conv").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hint", "conv.im2cool"), "did you mean 'conv.im2col'?"),
        (("solution",), "Missing argument 'TARGET'"),
        (("reset", "conv", "--dir", "nowhere"), "--dir: there is no folder nowhere"),
        (("hint", "conv.im2col", "--dir", "nowhere"), "--dir: there is no folder nowhere"),
        (("watch", "nothing"), "no module or exercise is called 'nothing'"),
        (("watch", "--dir", "nowhere"), "--dir: there is no folder nowhere"),
        (("release",), "Missing argument 'DIR'"),
        (("release", ".", "--only", "nothing"), "no module or exercise is called 'nothing'"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line_that_helps(evening, arguments, words):
    done = evening(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_damaged_progress_is_one_line_on_standard_error(evening):
    (evening.exercises / ".dlgrade.json").write_text("{")
    done = evening("list", "conv")
    assert done.returncode == 0
    assert done.stderr.strip().startswith("dlgrade: the progress file was damaged")
    assert evening("list", "conv").stderr == ""


@pytest.mark.parametrize(
    ("words", "encoding"),
    [*itertools.product([(), ("list", "conv")], ["utf-8", "cp1252", "cp437", "ascii"]),
     (("check", "conv.conv_output_size"), "cp1252"), (("check", "conv.conv_output_size"), "ascii")],
)  # fmt: skip
def test_any_code_page_is_written_without_an_error(evening, encoding, words):
    write(evening.exercises, RIGHT)
    done = evening(*words, encoding=encoding, cwd=evening.exercises)
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
    assert "UnicodeEncodeError" not in done.stderr
    if encoding != "utf-8":
        assert "✘" not in done.stdout


def test_release_writes_a_repository_and_an_autograder(dlgrade):
    asked = ("--assignment", "hw2", "--only", "conv.conv_output_size")
    done = dlgrade("release", "out", "--gradescope", *asked)
    assert done.returncode == 0
    out = dlgrade.folder / "out"
    assert (out / "exercises" / "conv.py").is_file()
    assert (out / "autograder.zip").is_file()
    assert "autograder.zip" in (out / ".gitignore").read_text()
    assert dlgrade("release", "out").returncode == 2
    assert "Next: conv.conv_output_size" in dlgrade("--course", "course", cwd=out).stdout


def test_watch_without_a_terminal_still_watches_until_it_is_ended(evening):
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "watch", "embedding"], cwd=evening.folder,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert "watching" in process.stdout.readline()
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors


def test_what_is_left_out_of_a_file_is_told_and_costs_nothing(evening):
    write(evening.exercises, RIGHT)
    file = evening.exercises / "conv.py"
    file.write_text("import torch\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    done = evening("check", "conv.conv_output_size", "--plain")
    assert "torch (conv.py, line 1)" in " ".join(done.stdout.split())
    assert "not allowed" not in done.stdout
    done = evening("check", "conv.conv_output_size", "--json")
    assert json.loads(done.stdout)["exercises"][0]["status"] != "rejected"
    assert "torch (conv.py, line 1)" in done.stderr


def test_a_line_of_a_file_that_was_laid_out_elsewhere_is_named_without_that_place(evening):
    file = evening.folder / "exercises" / "conv.py"
    text = file.read_text().replace("    raise NotImplementedError", RIGHT.rstrip(), 1)
    file.write_bytes(text.encode("utf-16"))
    shown = evening("check", "conv.conv_output_size").stdout
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one == RIGHT.rstrip())
    assert f"\n  Where: conv.py:{line}" in shown


def test_a_module_may_be_named_by_its_file_and_another_folders_file_is_not_taken(evening):
    write(evening.exercises, RIGHT)
    for name in ("conv.py", "exercises/conv.py", "./exercises/conv.py"):
        done = evening("list", name, "--plain")
        assert "conv.im2col" in done.stdout
        assert "pool." not in done.stdout
    text = (evening.exercises / "conv.py").read_text(encoding="utf-8")
    at = next(n for n, one in enumerate(text.splitlines(), 1) if one.startswith("def im2col"))
    for place, many in (
        (f"conv.py:{at}", 1),
        (f"exercises/conv.py:{at + 3}:7:", 1),
        ("conv.py:1", 10),
    ):
        done = evening("list", place, "--plain")
        assert "conv.im2col" in done.stdout
        assert f" of {many} exercise" in done.stdout
    other = evening.folder / "other"
    other.mkdir()
    (other / "conv.py").write_text("")
    done = evening("check", "other/conv.py")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "dlgrade: other/conv.py is in another folder: say conv --dir other"
    )


def test_hint_and_reset_without_a_target_take_what_is_next(evening):
    assert "activations.relu  hint 1/3" in evening("hint").stdout
    file = evening.exercises / "activations.py"
    stubs = file.read_text(encoding="utf-8")
    file.write_text(stubs.replace("raise NotImplementedError", "return x", 1), encoding="utf-8")
    done = evening("reset")
    assert done.returncode == 0
    assert "relu is the stub again" in done.stdout


def test_a_solution_is_shown_once_the_exercise_has_passed(evening):
    refused = evening("solution", "conv.conv_output_size")
    assert refused.returncode == 2
    assert "has not passed as it is now (not written yet)" in refused.stderr
    write(
        evening.exercises,
        "    if min(input_size, kernel_size, stride) < 1 or padding < 0:\n"
        "        raise ValueError\n"
        "    if input_size + 2 * padding < kernel_size:\n"
        "        raise ValueError\n" + RIGHT,
    )
    assert evening("check", "conv.conv_output_size").returncode == 0
    shown = evening("solution", "conv.conv_output_size")
    assert shown.returncode == 0
    assert "\ndef conv_output_size(" in shown.stdout
    assert "im2col" not in shown.stdout
    listed = evening("list", "conv", "--todo", "--plain").stdout
    assert "conv.im2col" in listed
    assert "conv.conv_output_size" not in listed
    assert "1 of 10 exercises passed" in listed
    several = evening("solution", "conv")
    assert several.returncode == 2
    assert "conv has 10 exercises; name one" in several.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_targets_are_completed_in_each_shell(tmp_path, shell):
    line = "dlgrade check conv.im"
    asked = {
        "_DLGRADE_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }  # fmt: skip
    done = run_dlgrade(folder=tmp_path, variables=os.environ | asked)
    assert "conv.im2col" in done.stdout, (done.stdout, done.stderr)
    assert "pool" not in done.stdout


def test_help_names_the_completion_of_shells(dlgrade):
    assert "--install-completion" in dlgrade("--help").stdout


def test_a_file_that_is_not_there_is_one_line(dlgrade, begun):
    shutil.copy(begun / "exercises" / "conv.py", dlgrade.folder)
    shown = dlgrade("check", "--plain").stdout
    assert "pool.py is not there: 7 exercises; `dlgrade reset pool` puts it there" in shown
    assert "pool.max_pool2d_forward" not in shown
    assert len(shown.splitlines()) < 40
    alone = dlgrade("check", "pool.flatten", "--plain").stdout
    assert "there is no file pool.py" in alone
    assert "dlgrade reset pool.flatten puts the stub there" in alone


def test_init_names_a_few_files_and_the_command_that_goes_on(dlgrade):
    done = dlgrade("init")
    first, *_, now = done.stdout.splitlines()
    assert re.fullmatch(r"wrote: activations\.py, linear\.py, losses\.py and \d+ more", first)
    assert "\nYour exercises are in exercises\n" in done.stdout
    file = Path("exercises", "activations.py")
    assert now == f"Now: dlgrade watch activations, with {file} in your editor."


def test_init_elsewhere_names_the_folder_in_the_command_that_goes_on(dlgrade):
    words = shlex.split(dlgrade("init", "a b").stdout.splitlines()[-1].partition(",")[0])
    assert words[1:] == ["dlgrade", "watch", "activations", "--dir", "a b"]
    assert dlgrade("list", "activations", *words[-2:]).returncode == 0


def test_init_here_names_the_file_as_it_is_seen_from_here(dlgrade):
    assert dlgrade("init", ".").stdout.endswith(", with activations.py in your editor.\n")


def test_a_check_ends_with_the_command_for_the_first_stub(evening):
    done = evening("check", "embedding")
    assert "Begin with embedding.build_vocabulary: " in done.stdout
    assert "\n  dlgrade check embedding.build_vocabulary\n" in done.stdout
    assert "dlgrade watch embedding open" in done.stdout


def test_a_check_that_passes_ends_with_what_is_next_in_that_module(evening):
    write(evening.exercises, REFUSING + RIGHT)
    done = evening("check", "conv_output_size")
    assert done.returncode == 0
    assert "\nNext: conv.zero_pad2d  1 point\n" in done.stdout
    done = evening("check", "conv")
    assert "Go on with conv.zero_pad2d: " in done.stdout
    assert "Next: conv.zero_pad2d" in evening().stdout
    assert evening("hint").stdout.startswith("conv.zero_pad2d  hint 1/")
    assert "Now: dlgrade watch conv, " in evening("init").stdout


def test_after_a_failure_no_stub_is_named(evening):
    write(evening.exercises, RIGHT)
    done = evening("check", "conv")
    assert "Next: mend it, then dlgrade check conv.conv_output_size" in done.stdout
    assert "zero_pad2d: open" not in done.stdout


def test_a_check_of_somebody_elses_folder_says_nothing_of_what_is_next(evening, course):
    done = evening("check", "conv.zero_pad2d", "--dir", course.solutions_dir)
    assert done.returncode == 0
    assert "Next" not in done.stdout


def test_what_cannot_be_read_is_named_by_its_way_from_here(evening):
    (evening.exercises / ".dlgrade.json").unlink()
    (evening.exercises / ".dlgrade.json").mkdir()
    done = evening("list", "conv")
    assert f"dlgrade: {Path('exercises', '.dlgrade.json')} cannot be read" in done.stderr


def test_a_picture_has_no_folder_that_is_named_by_its_way_from_here(evening):
    done = evening("draw", "conv.im2col", "-o", Path("no", "where.svg"))
    assert done.returncode == 2
    assert "-o: there is no folder no" in done.stderr.splitlines()[-1]
