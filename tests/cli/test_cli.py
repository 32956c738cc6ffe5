"""The command line keeps its contract: exit codes, one-line errors, one JSON document."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata

import pytest
import typer
from started import run_dlgrade

from grader._version import __version__
from grader.cli import app, doctor
from grader.cli.common import Settings
from grader.cli.system import say_versions


@pytest.fixture
def dlgrade(tmp_path, cache_home):
    """Run the command in an empty folder, without a terminal."""

    def run(*arguments, cwd=tmp_path, columns=80, **extra):
        variables = os.environ | {
            "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home),
            "COLUMNS": str(columns), "PYTHONUTF8": "1", **extra,
        }  # fmt: skip
        return run_dlgrade(*arguments, folder=cwd, variables=variables)

    return run


@pytest.fixture
def student(tmp_path, course):
    """Make a folder with the stubs of conv, ready to edit."""
    shutil.copy(course.exercises_dir / "conv.py", tmp_path / "conv.py")

    def write(name, body):
        file = tmp_path / "conv.py"
        head, _, rest = file.read_text().partition(f"def {name}(")
        before, _, after = rest.partition("    raise NotImplementedError\n")
        file.write_text(f"{head}def {name}({before}{body}{after}")

    write.folder = tmp_path
    return write


def test_all_that_was_asked_passing_ends_with_0(dlgrade, course):
    done = dlgrade("check", "conv", "--dir", str(course.exercises_dir.parent / "solutions"))
    assert done.returncode == 0
    assert "10 of 10 exercises passed" in done.stdout


def test_stubs_end_with_1_and_say_how_to_begin(dlgrade, student):
    done = dlgrade("check", "conv")
    assert done.returncode == 1
    assert "not written yet" in done.stdout
    assert "Begin with conv.conv_output_size: open conv.py, write" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_wrong_answer_ends_with_1_and_names_the_mistake(dlgrade, student):
    student("conv_output_size", "    return (input_size + padding - kernel_size) // stride + 1\n")
    done = dlgrade("check", "conv.conv_output_size")
    assert done.returncode == 1
    assert "Likely:" in done.stdout
    assert "dlgrade check conv.conv_output_size" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "convv"), "did you mean 'conv'?"),
        (("check", "conv.im2cool"), "did you mean 'conv.im2col'?"),
        (("check", "imcol"), "did you mean 'conv.im2col'?"),
        (("explain", "nothing"), "`dlgrade list` shows them all"),
        (("quiz", "im2col"), "no quiz topic is called 'im2col'; its questions: dlgrade quiz conv"),
        (("quiz", "pool.flatten"), "its questions: dlgrade quiz"),
        (("quiz", "optim"), "its questions: dlgrade quiz optimisers"),
        (("check", "zzzzzzzz"), "`dlgrade list` shows them all"),
        (("hint", "nonsense"), "`dlgrade list` shows them all"),
        (("watch", "nothing"), "`dlgrade list` shows them all"),
        (("check", "conv", "--dir", "nowhere"), "--dir: there is no folder nowhere"),
        (("check", "conv"), "no exercises here"),
        (("--course", "nowhere", "list"), "is not a course"),
        (("chek",), "no command is called 'chek'; did you mean 'check'?"),
        (("test", "conv"), "did you mean 'dlgrade check'?"),
        (("conv",), "did you mean 'dlgrade check conv'?"),
        (("conv.py",), "did you mean 'dlgrade check conv.py'?"),
        (("im2col",), "did you mean 'dlgrade check im2col'?"),
        (("zzzzzzzz",), "`dlgrade --help` shows them all"),
        (("check", "--seed", "many"), "--seed"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line_that_helps(dlgrade, arguments, words):
    done = dlgrade(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("check",), "Stuck? dlgrade hint conv.im2col"),
        (("hint",), "conv.im2col  hint 1/3"),
        (("explain",), "conv.im2col"),
        (("draw",), "The window that moves"),
        (("debug",), "conv.im2col: not written yet"),
        (("reset",), "conv.im2col"),
        (("solution",), "conv.im2col has not passed as it is now"),
        (("list",), "conv.im2col"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_every_command_takes_a_function_by_its_bare_name(dlgrade, student, command, words):
    done = dlgrade(*command, "im2col", cwd=student.folder)
    assert words.lower() in (done.stdout + done.stderr).lower()
    assert "col2im" not in done.stdout.replace("dlgrade explain conv", "")  # that one alone


@pytest.mark.parametrize("asked", [(), ("check",)])
def test_help_is_had_by_its_name_and_by_both_options(dlgrade, asked):
    shown = {
        dlgrade(*words).stdout for words in [("help", *asked), (*asked, "-h"), (*asked, "--help")]
    }
    assert len(shown) == 1
    assert f"Usage: dlgrade {' '.join([*asked, '[OPTIONS]'])}" in shown.pop()


def test_json_is_one_document_and_nothing_else(dlgrade, student):
    student("conv_output_size", "    print('noise')\n    return 0\n")
    done = dlgrade("check", "conv", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(document) == [
        "schema", "submission", "assignment", "earned", "possible", "complete", "seed",
        "versions", "oracles", "sandbox", "exercises",
    ]  # fmt: skip
    assert document["schema"] == 1
    assert document["submission"] is None
    assert document["versions"]["dlgrade"] == __version__
    first = document["exercises"][0]
    assert list(first) == [
        "id", "status", "earned", "possible", "cases", "seconds", "message", "levels",
        "counterexample", "diagnosis", "output", "mending",
    ]  # fmt: skip
    assert first["output"] == "noise"
    assert first["status"] == "failed"
    assert first["counterexample"]["actual"] == 0
    assert document["exercises"][1]["status"] == "unimplemented"


def test_the_same_submission_seed_and_course_give_the_same_document(dlgrade, student):
    student("conv_output_size", "    return input_size // stride\n")
    student("zero_pad2d", "    return x[:, :, ::-1]\n")

    def document(*extra):
        asked = ("conv.conv_output_size", "conv.zero_pad2d", "--json", *extra)
        found = json.loads(dlgrade("check", *asked).stdout)
        for exercise in found["exercises"]:
            exercise["seconds"] = 0
        return found

    first = document()
    assert document() == first
    alone = json.loads(dlgrade("check", "conv.zero_pad2d", "--json").stdout)["exercises"][0]
    together = next(e for e in first["exercises"] if e["id"] == "conv.zero_pad2d")
    assert alone["counterexample"] == together["counterexample"]
    assert document("--seed", "1")["seed"] == 1


def test_a_file_that_does_not_parse_is_missing_with_the_line(dlgrade, student):
    (student.folder / "conv.py").write_text("def im2col(x:\n    pass\n")
    document = json.loads(dlgrade("check", "conv", "--json").stdout)
    assert {e["status"] for e in document["exercises"]} == {"missing"}
    assert "conv.py does not import, line 1: SyntaxError" in document["exercises"][0]["message"]


def test_a_file_that_raises_at_import_is_missing_with_its_own_error(dlgrade, student):
    file = student.folder / "conv.py"
    file.write_text(file.read_text() + "\n\nanswer = undefined_name\n")
    student("im2col", "    return None\n")
    document = json.loads(dlgrade("check", "conv.im2col", "--json").stdout)
    message = document["exercises"][0]["message"]
    assert document["exercises"][0]["status"] == "missing"
    assert "NameError: name 'undefined_name' is not defined" in message
    assert "conv.py, line" in message


def test_a_missing_function_and_a_missing_file_say_so(dlgrade, student):
    (student.folder / "conv.py").write_text("import numpy\n")
    document = json.loads(dlgrade("check", "conv.im2col", "pool.flatten", "--json").stdout)
    messages = [e["message"] for e in document["exercises"]]
    assert messages == ["conv.py has no function im2col", "there is no file pool.py"]
    assert {e["status"] for e in document["exercises"]} == {"missing"}


def test_a_function_that_returns_none_everywhere_is_unimplemented(dlgrade, student):
    student("im2col", "    pass\n")
    document = json.loads(dlgrade("check", "conv.im2col", "--json").stdout)
    assert document["exercises"][0]["status"] == "unimplemented"


def test_a_stub_that_another_exercise_calls_is_an_error_that_names_it(dlgrade, student):
    student("conv2d_forward", "    return im2col(x, weight.shape[2:], stride, padding)\n")
    document = json.loads(dlgrade("check", "conv.conv2d_forward", "--json").stdout)
    (result,) = document["exercises"]
    assert result["status"] == "error"
    assert "it calls im2col, which is not written yet" in result["message"]


def test_an_earlier_exercise_that_is_wrong_is_told_first(dlgrade, student):
    student("im2col", "    return x\n")
    student("conv2d_forward", "    return im2col(x, weight.shape[2:], stride, padding)\n")
    done = dlgrade("check", "conv", "--plain")
    assert "conv.im2col is failed, and conv2d_forward calls it: mend it first." in done.stdout


def test_changed_parameters_are_an_error_that_shows_the_right_ones(dlgrade, student):
    (student.folder / "conv.py").write_text("def im2col(x):\n    return x\n")
    (result,) = json.loads(dlgrade("check", "conv.im2col", "--json").stdout)["exercises"]
    assert result["status"] == "error"
    assert "im2col(x, kernel_size, stride=1, padding=0)" in result["message"]


def test_the_timeout_option_is_cpu_seconds_of_one_exercise(dlgrade, student):
    student("im2col", "    while True:\n        pass\n")
    (result,) = json.loads(dlgrade("check", "conv.im2col", "--json", "--timeout", "0.3").stdout)[
        "exercises"
    ]
    assert result["status"] == "timeout"
    assert result["earned"] == 0


def test_hostile_text_is_shown_harmlessly(dlgrade, student):
    student("im2col", "    raise RuntimeError('[bold]\\x1b[31m<b>' + '\\u202e')\n")
    done = dlgrade("check", "conv.im2col")
    assert "[bold]" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(("columns", "arguments"), [(40, ()), (80, ("--plain",))])
def test_messages_fit_the_screen_without_colour(dlgrade, student, columns, arguments):
    student("zero_pad2d", "    return x + 0.5\n")
    done = dlgrade("check", "conv.zero_pad2d", *arguments, columns=columns, NO_COLOR="1")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= columns


def test_explain_shows_the_formula_and_what_was_printed(dlgrade, student):
    student("zero_pad2d", "    print('here I am')\n    return x\n")
    done = dlgrade("check", "conv.zero_pad2d", "--explain")
    assert "Parameters" in done.stdout
    assert "here I am" in done.stdout


def test_list_shows_points_and_what_is_written(dlgrade, student):
    student("zero_pad2d", "    return x\n")
    done = dlgrade("list", "conv")
    assert done.returncode == 0
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("conv.")}
    assert "written" in lines["conv.zero_pad2d"]
    assert "not written yet" in lines["conv.im2col"]


def test_a_check_leaves_nothing_in_the_folder_of_the_student(dlgrade, student, tmp_path):
    (student.folder / "conv.py").write_text(
        "def conv_output_size(n, f, stride=1, padding=0):\n    return n\n"
    )
    before = {path.name for path in student.folder.iterdir()}
    cold = {"XDG_CACHE_HOME": str(tmp_path / "elsewhere"), "PYTHONDONTWRITEBYTECODE": "1"}
    (tmp_path / "elsewhere").mkdir()
    done = dlgrade("check", "conv.conv_output_size", "--json", **cold)
    assert json.loads(done.stdout)["exercises"][0]["counterexample"]["shrunk"]
    assert {path.name for path in student.folder.iterdir()} == before | {
        "elsewhere",
        ".dlgrade.json",
    }
    assert list((tmp_path / "elsewhere" / "dlgrade").iterdir())


def test_the_version_comes_with_the_course_and_what_its_answers_hang_on(dlgrade, course):
    done = dlgrade("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"dlgrade {__version__}",
        f"course {course.settings['title']} ({course.digest})",
        f"python {platform.python_version()}",
        f"numpy {metadata.version('numpy')}",
        f"torch {metadata.version('torch')}",
    ]


def test_the_version_imports_neither_numpy_nor_torch():
    code = (
        "import sys\nfrom grader.cli.common import Settings\n"
        "from grader.cli.system import say_versions\nsay_versions(Settings())\n"
        "print({'numpy', 'torch'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('title = "Sums"\nversion = "2030 a"', r"course Sums 2030 a \([0-9a-f]{16}\)"),
        ('title = "\\u001b[31mred"', r"course [^\x1b]+red \([0-9a-f]{16}\)"),
        ("", r"course [0-9a-f]{16}"),
        ("title = ", r"course not told: .*course\.toml cannot be read: .*"),
        ("version = 3", r"course not told: .*course\.toml: version is a text .*"),
        (None, r"course not told: .*: it has no exercises/ folder"),
    ],
)
def test_of_any_course_the_version_is_told_and_of_a_broken_one_why_not(
    dlgrade, tmp_path, settings, told
):
    if settings is not None:
        (tmp_path / "exercises").mkdir()
        (tmp_path / "checks").mkdir()
        (tmp_path / "exercises" / "course.toml").write_text(settings)
    done = dlgrade("--course", str(tmp_path), "--version")
    assert (done.returncode, done.stderr) == (0, "")
    first, line, *rest = done.stdout.splitlines()
    assert first == f"dlgrade {__version__}"
    assert re.fullmatch(told, line), line
    assert [one.partition(" ")[0] for one in rest] == ["python", "numpy", "torch"]


def test_a_library_that_is_not_there_is_named_with_the_versions(monkeypatch, capsys):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("grader.engine.cases.key.version", missing)
    say_versions(Settings())
    assert capsys.readouterr().out.splitlines()[-1] == "torch is not installed here"


def test_a_reader_that_goes_away_is_no_fault(student):
    code = "from grader.__main__ import main; import sys; sys.argv = ['dlgrade', 'list']; main()"
    command = f'"{sys.executable}" -c "{code}" | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert "Traceback" not in done.stderr


def test_a_course_without_solutions_says_that_torch_alone_serves(dlgrade, student, course):
    copy = student.folder / "course"
    shutil.copytree(course.exercises_dir, copy / "exercises")
    shutil.copytree(course.checks_dir, copy / "checks")
    (copy / "quizzes").mkdir()
    student("zero_pad2d", "    return x\n")
    done = dlgrade("--course", str(copy), "check", "conv.zero_pad2d", "--json")
    assert json.loads(done.stdout)["oracles"] == ["torch"]


def test_doctor_probes_every_limit(dlgrade):
    done = dlgrade("doctor", "--plain")
    assert done.returncode == 0
    for word in ("CPU time", "wall time", "memory", "output", "imports", "bwrap", "cache"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ((), "all that feedback and report need is here"),
        (("copydetect",), "not for report --similar, which"),
        (("jinja2", "copydetect"), "pip install 'dlgrade[class]'"),
    ],
)
def test_doctor_says_what_the_instructors_pages_lack(monkeypatch, missing, said):
    known = doctor.find_spec
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name in missing else known(name))
    probe = doctor._pages_probe()
    assert said in probe.detail
    assert probe.held


@pytest.mark.parametrize(
    ("words", "ready"),
    [
        (["check", "conv"], {"check"}),
        (["--course", "list", "--plain", "grade", "hw"], {"grade"}),
        (["--course=own", "quiz", "conv"], {"quiz"}),
        (["--plain"], set()),
        ([], set()),
        (["--course"], set()),
        (["chek"], None),
        (["help", "check"], None),
        (["--help"], None),
        (["--version", "list"], None),
    ],
)
def test_the_one_command_that_is_asked_for_is_got_ready(monkeypatch, words, ready):
    """Where it is not known yet which one that is, and where a shell completes, all of them are."""
    everything = names_of(app)
    assert {"check", "grade", "quiz"} < everything
    monkeypatch.setattr(typer.Typer, "__call__", lambda group, *_, **__: names_of(group))
    monkeypatch.setattr(sys, "argv", ["dlgrade", *words])
    monkeypatch.delenv("_DLGRADE_COMPLETE", raising=False)
    assert app() == (everything if ready is None else ready)
    assert names_of(app) == everything
    monkeypatch.setattr(sys, "argv", ["python"])
    assert app(words) == app(args=words) == (everything if ready is None else ready)
    monkeypatch.setattr(sys, "argv", ["dlgrade"])
    monkeypatch.setenv("_DLGRADE_COMPLETE", "complete_bash")
    assert app() == everything


def names_of(group):
    """Return what the commands and groups are called that a Typer has."""
    commands = {one.name or one.callback.__name__ for one in group.registered_commands}
    return commands | {one.name for one in group.registered_groups}
