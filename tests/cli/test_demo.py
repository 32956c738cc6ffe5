"""`dlgrade demo` from outside: what it shows, how it ends, what it saves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
from classes import command
from started import run_dlgrade

from grader.student.demo.catalogue import DEMOS

ENDS = re.compile(r"\x1b\[\?25h")  # the cursor is back


@pytest.fixture
def dlgrade(tmp_path, cache_home, course):
    """Run the command in a folder in which the optimisers are written, and nothing else."""
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions to train with")
    folder = tmp_path / "mes éxercices à moi"
    folder.mkdir()
    shutil.copy(course.solutions_dir / "optim.py", folder)
    variables = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home), "COLUMNS": "80",
        "PYTHONUTF8": "1", "TERM": "xterm-256color",
    }  # fmt: skip

    def run(*arguments, cwd=folder):
        return run_dlgrade(*arguments, folder=cwd, variables=variables)

    run.folder, run.variables = folder, variables
    return run


def test_without_a_terminal_each_stage_is_a_line_and_the_end_is_a_comparison(dlgrade):
    done = dlgrade("demo", "paths")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert " ".join(line.strip() for line in lines[:2]) == (
        "paths: out of your own functions, beside torch's, six optimisers walk down a "
        "valley, steep one way and shallow the other."
    )
    assert lines[2:4] == ["all 6 parts are yours.", "Not checked yet: all of yours"]
    assert re.findall(r"^step \d+ of 50", done.stdout, re.MULTILINE) == [
        f"step {step} of 50" for step in range(10, 51, 10)
    ]
    (verdict,) = (line for line in lines if line.startswith("✔"))
    assert verdict.startswith("✔ your loss after 50 steps, the same as torch's: SGD 0.000641, ")
    assert lines[-1] == "Next: dlgrade check optim.sgd_step"  # none of them was checked


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("options", [[], ["--plain"]])
def test_every_line_holds_the_columns_of_the_terminal(dlgrade, columns, options):
    """Also into a pipe: what is lent is a long line of names otherwise."""
    variables = dlgrade.variables | {"COLUMNS": str(columns)}
    for name, parts in (("paths", "all 6 parts"), ("xo", "1 of 10 parts")):
        done = run_dlgrade("demo", name, *options, folder=dlgrade.folder, variables=variables)
        assert parts in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= columns


def test_once_all_is_well_the_next_demo_is_named(dlgrade):
    assert dlgrade("check", "optim").returncode == 0
    assert dlgrade("demo", "paths").stdout.endswith("\nNext: dlgrade demo digits\n")


def test_plain_has_words_for_signs(dlgrade):
    done = dlgrade("demo", "paths", "--plain")
    assert "ok your loss after 50 steps, the same as torch's: SGD" in done.stdout
    assert "✔" not in done.stdout


def test_alone_it_lists_all_and_runs_none_where_none_is_open(dlgrade):
    done = dlgrade("demo")
    assert done.returncode == 0
    for demo in DEMOS:
        assert demo.name in done.stdout
    assert "0 of 6 parts are yours" in done.stdout
    assert "step 10" not in done.stdout


def test_alone_it_runs_the_first_that_is_open_as_checks_have_found(dlgrade):
    assert dlgrade("check", "optim").returncode == 0
    done = dlgrade("demo")
    assert "6 of 6 parts are yours" in done.stdout
    assert "dlgrade demo paths, since you named none:" in done.stdout
    assert "✔ your loss after 50 steps, the same as torch's: SGD" in done.stdout
    assert "Not checked" not in done.stdout


def test_what_failed_its_check_is_lent_unless_it_is_asked_for(dlgrade):
    with (dlgrade.folder / "optim.py").open("a") as file:
        file.write("\ndef sgd_step(param, grad, lr):\n    return param + lr * grad\n")
    assert dlgrade("check", "optim").returncode == 1
    lent = dlgrade("demo", "paths")
    assert "Lent by torch, wrong answer: optim.sgd_step" in lent.stdout
    assert lent.returncode == 0
    assert " SGD " not in lent.stdout.split("✔")[1], "what is lent is nobody's loss"
    assert lent.stdout.endswith("Torch still lends 1 part.\nNext: dlgrade check optim.sgd_step\n")
    own = dlgrade("demo", "paths", "--failing-too")
    assert own.returncode == 1
    assert "It runs away." in own.stdout
    assert "The first part that differs from torch's is optim.sgd_step, in step 1" in own.stdout
    assert "Next: dlgrade check optim.sgd_step" in own.stdout


def test_the_command_that_helps_names_the_folder_that_was_named(dlgrade, tmp_path):
    with (dlgrade.folder / "optim.py").open("a") as file:
        file.write("\ndef sgd_step(param, grad, lr):\n    return 1 / 0\n")
    done = dlgrade("demo", "paths", "--dir", dlgrade.folder, cwd=tmp_path)
    assert done.returncode == 1
    assert "optim.sgd_step, in step 1: it raised ZeroDivisionError" in done.stdout
    assert f"dlgrade check optim.sgd_step --dir '{dlgrade.folder}'" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["digit"], "no demo is called 'digit'; did you mean 'digits'?"),
        (["paths", "-o", "picture.png"], "-o: picture.png should end with .svg or .html"),
        (["paths", "-o", "nowhere/picture.svg"], "-o: there is no folder"),
        (["paths", "-o", "folder.svg"], "-o: folder.svg is a folder; name a file in it"),
        (["paths", "--dir", "nowhere"], "--dir: there is no folder nowhere"),
        (["paths", "--seed", "-1"], "'--seed'"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_trained(dlgrade, words, said):
    (dlgrade.folder / "folder.svg").mkdir()
    done = dlgrade("demo", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_where_there_are_no_exercises_it_says_how_to_begin(dlgrade, tmp_path):
    done = dlgrade("demo", "digits", cwd=tmp_path)
    assert done.returncode == 2
    assert "`dlgrade init` puts them into ./exercises" in done.stderr


@pytest.mark.parametrize(("kind", "begins"), [("svg", "<svg"), ("html", "<!DOCTYPE html>")])
def test_the_picture_is_saved(dlgrade, kind, begins):
    done = dlgrade("demo", "paths", "-o", f"paths.{kind}")
    assert done.returncode == 0
    assert done.stderr == f"dlgrade: saved in paths.{kind}\n"
    text = (dlgrade.folder / f"paths.{kind}").read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert "torch" in text


def test_another_course_has_no_parts(dlgrade, tmp_path):
    for part in ("exercises", "checks/sums", "quizzes"):
        (tmp_path / "own" / part).mkdir(parents=True)
    (tmp_path / "own/exercises/sums.py").write_text('"""Sums."""\n')
    (dlgrade.folder / "sums.py").write_text("x = 1\n")
    done = dlgrade("--course", tmp_path / "own", "demo", "paths")
    assert done.returncode == 2
    assert "this course has no part of paths: optim.sgd_step" in done.stderr


# ----------------------------------------------------------------------------- a terminal


@pytest.fixture
def terminal(dlgrade):
    """Start the command at a terminal of 80 columns and 24 lines."""
    pexpect = pytest.importorskip("pexpect", reason="pexpect is missing (POSIX terminals only)")
    if not hasattr(pexpect, "spawn"):
        pytest.skip("pexpect needs a pseudo-terminal")
    first, *words = command("demo")

    def start(*arguments, size=(24, 80)):
        variables = dlgrade.variables | {"COLUMNS": str(size[1]), "LINES": str(size[0])}
        return pexpect.spawn(
            first, [*words, *arguments], cwd=str(dlgrade.folder), env=variables, dimensions=size,
            encoding="utf-8", timeout=120,
        )  # fmt: skip

    start.eof = pexpect.EOF
    return start


def slow_down(dlgrade):
    """Let 50 steps take so long that an interrupt comes before the last one."""
    with (dlgrade.folder / "optim.py").open("a") as file:
        file.write("\nright = adam_step\ndef adam_step(*given):\n")
        file.write("    import time; time.sleep(0.2)\n    return right(*given)\n")


def test_at_a_terminal_the_paths_grow_and_the_last_picture_stays(terminal):
    child = terminal("paths")
    child.expect("step 5 of 50")
    child.expect(terminal.eof)
    child.close()
    assert child.exitstatus == 0
    last = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", ENDS.split(child.before)[-1])
    assert "step 50 of 50" in last
    assert "✔ your loss after 50 steps, the same as torch's: SGD" in last
    assert len(last.strip().splitlines()) < 24, "all of it is to be seen at once"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_without_colours_the_signs_tell_and_without_a_cursor_there_are_lines(
    terminal, dlgrade, name, value
):
    dlgrade.variables[name] = value
    child = terminal("paths")
    child.expect(terminal.eof)
    child.close()
    assert child.exitstatus == 0
    assert not re.search(r"\x1b\[(3|4|9|10)\d*m", child.before)
    sign = "✔" if name == "NO_COLOR" else "ok"  # a dumb terminal gets plain output
    assert f"{sign} your loss after 50 steps, the same as torch's: SGD" in child.before
    assert ("\x1b" in child.before) == (name == "NO_COLOR")


@pytest.mark.parametrize(("columns", "lines"), [(60, 24), (80, 20)])
def test_a_terminal_that_is_too_small_for_a_picture_gets_lines(columns, lines, terminal):
    child = terminal("paths", size=(lines, columns))
    child.expect(terminal.eof)
    child.close()
    assert child.exitstatus == 0
    assert "the pictures need 80 columns and 24 lines: here are lines instead" in child.before
    assert "step 10 of 50, loss: SGD" in child.before
    assert "\x1b[?25l" not in child.before


def test_at_a_terminal_it_is_said_too_why_a_part_is_lent(terminal, dlgrade):
    with (dlgrade.folder / "optim.py").open("a") as file:
        file.write("\ndef sgd_step(param, grad, lr):\n    raise NotImplementedError\n")
    child = terminal("paths")
    child.expect("Lent by torch, not written yet: optim.sgd_step")
    child.expect(terminal.eof)


def test_ctrl_c_keeps_what_was_reached_and_gives_the_terminal_back(terminal, dlgrade):
    slow_down(dlgrade)
    child = terminal("paths")
    child.expect("step 10 of 50")
    child.sendintr()
    child.expect(terminal.eof)
    child.close()
    assert child.exitstatus == 130
    assert ENDS.search(child.before)
    assert "Interrupted: this is what was reached." in child.before
    assert "Traceback" not in child.before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_without_a_terminal_ends_with_130_and_what_was_reached(dlgrade):
    slow_down(dlgrade)
    child = subprocess.Popen(
        command("demo", "paths", "--seconds", "300"), cwd=dlgrade.folder,
        env=dlgrade.variables | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    while not (line := child.stdout.readline()).startswith("step 10"):
        assert line
    child.send_signal(signal.SIGINT)
    said, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert "Interrupted: this is what was reached." in said
    assert "Traceback" not in errors


def test_the_first_command_of_the_readme_is_enough_for_a_demo(dlgrade, course):
    done = dlgrade("demo", "paths", cwd=course.exercises_dir.parent)
    assert done.returncode == 0, done.stderr
    assert "\nnone of the 6 parts is yours yet.\n" in done.stdout
    assert "Lent by torch, not written yet: optim.sgd_step" in done.stdout
    assert "your loss" not in done.stdout
    assert done.stdout.endswith(
        "All of it is torch's so far, so that there is nothing to compare.\n"
        "Next: dlgrade check optim.sgd_step\n"
    )


def test_help_of_demo_imports_no_torch(dlgrade):
    code = (
        "import sys; sys.argv = ['dlgrade', 'demo', '--help']\n"
        "import atexit; atexit.register(lambda: print('torch' in sys.modules))\n"
        "from grader.__main__ import main; main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True,
        env=dlgrade.variables,
    )  # fmt: skip
    assert done.stdout.endswith("False\n")
