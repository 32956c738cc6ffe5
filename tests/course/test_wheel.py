"""The wheel, installed alone in a fresh environment outside the repository, does it all."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from releases import solution_lines, stub_texts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel alone; what it depends on is borrowed from this environment."""
    folder = tmp_path_factory.mktemp("fresh environment")
    venv.create(folder, symlinks=os.name != "nt")
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / scripts / ("python.exe" if os.name == "nt" else "python")
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    packages = Path(done.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # A path alone, so that the editable installation of the source tree stays out.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture
def run(installed, tmp_path):
    """Run the installed command outside of the repository."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONUTF8": "1"}

    def call(*arguments, start=("-m", "grader")):
        return subprocess.run(
            [str(installed), *start, *arguments], cwd=tmp_path, env=environment,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    call.folder = tmp_path
    return call


def test_the_wheel_holds_no_solution_in_any_byte(wheel, course):
    secret, shared = solution_lines(course), stub_texts(course)
    assert len(secret) > 200
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert not [name for name in names if "solution" in name]
        assert "grader/_course/exercises/conv.py" in names
        assert "grader/course/handout/templates/gradescope/run_autograder" in names
        for name in names:
            if name.startswith("grader/_course/"):
                text = archive.read(name).decode("utf-8")
                assert not {line for line in secret if line in text and line not in shared}, name


def test_the_installed_package_is_the_wheel(run):
    code = (
        "import grader; from grader.course.course import find_course; "
        "print(grader.__file__); print(find_course())"
    )
    done = run(code, start=["-c"])
    assert done.returncode == 0, done.stderr
    assert str(ROOT / "grader") not in done.stdout
    assert "solutions_dir=None" in done.stdout


def test_init_check_hint_reset_list_and_release_work_from_the_wheel(run):
    assert run("init").returncode == 0
    file = run.folder / "exercises" / "conv.py"
    text = file.read_text(encoding="utf-8")
    body = "    return (input_size + padding - kernel_size) // stride + 1\n"
    file.write_text(text.replace("    raise NotImplementedError\n", body, 1), encoding="utf-8")
    done = run("check", "conv.conv_output_size")
    assert done.returncode == 1
    assert "Likely:" in done.stdout
    assert "checked against torch" in done.stdout
    assert "hint 1/3" in run("hint", "conv.conv_output_size").stdout
    assert "0 of " in run("list").stdout
    assert "Each window, written as a column" in run("explain", "conv.im2col").stdout
    assert "one small window" in run("explain", "conv").stdout
    assert "conv.py.bak" in run("reset", "conv.conv_output_size").stdout
    assert file.read_text(encoding="utf-8") == text
    release = run("release", "class", "--gradescope", "--only", "conv.conv_output_size")
    assert release.returncode == 0, release.stderr
    assert (run.folder / "class" / "exercises" / "conv.py").is_file()
    assert (run.folder / "class" / "autograder.zip").is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_the_whole_evening_works_from_the_wheel(run, installed):
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        str(ROOT / "tests" / "docs" / "test_evening.py"), "-k", "test_an_evening",
    ]  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment |= {"DLGRADE_COMMAND": f"'{installed}' -m grader"}
    done = subprocess.run(
        command, cwd=run.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 passed" in done.stdout
