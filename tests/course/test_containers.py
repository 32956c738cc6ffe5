"""What makes a machine ready names what is there: containers, hooks and GitHub's workflow."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from grader.course.handout.release import Release

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TORCH = next(one for one in PROJECT["project"]["dependencies"] if one.startswith("torch"))
DEV = {re.match(r"[\w-]+", one)[0] for one in PROJECT["project"]["optional-dependencies"]["dev"]}
COMMAND = (str, list, dict)
# Properties of https://containers.dev/implementors/json_schema/ that a container of an image may
# have, as far as one of ours does: any other word would be passed over without a sound.
PROPERTIES = {
    "name": str, "image": str, "customizations": dict, "securityOpt": list,
    "onCreateCommand": COMMAND, "postCreateCommand": COMMAND,
}  # fmt: skip


def instructions(word):
    """Return what the Dockerfile says after a word, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.partition(" ")[2] for line in text.splitlines() if line.startswith(f"{word} ")]


def containers(course):
    """Return the description of the repository's own container, and of the students'."""
    own = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    released = Release(course).student_files()[".devcontainer/devcontainer.json"]
    return [json.loads(own), json.loads(released)]


def test_all_that_the_image_copies_is_there_and_with_it_all_that_the_package_is_built_of():
    copied = {source for one in instructions("COPY") for source in one.split()[:-1]}
    assert not [source for source in copied if not (ROOT / source).exists()]
    built = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*built["packages"], *built["force-include"], PROJECT["project"]["readme"]}
    needed |= {"pyproject.toml", "solutions", *PROJECT["project"]["license-files"]}
    assert needed <= copied


def test_a_folder_that_is_copied_keeps_its_place():
    for one in instructions("COPY"):
        *sources, place = one.split()
        assert place == "./" or [place] == sources


def test_every_container_takes_the_torch_for_the_cpu_that_the_package_asks_for(course):
    commands = [one for one in instructions("RUN") if "torch" in one]
    commands += [one["postCreateCommand"] for one in containers(course)]
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command)
        assert TORCH in words
        assert words[words.index("--index-url") + 1].endswith("/whl/cpu")
        assert "pip install" not in command.partition("torch")[0].partition("pip install")[2]


@pytest.mark.parametrize("which", [0, 1], ids=["ours", "the students'"])
def test_a_container_says_nothing_that_nobody_reads(course, which):
    container = containers(course)[which]
    assert not [
        word for word, value in container.items() if not isinstance(value, PROPERTIES[word])
    ]
    assert {"name", "image", "postCreateCommand"} <= container.keys()
    assert set(container["customizations"]) == {"vscode"}
    assert all(
        re.fullmatch(r"[\w-]+\.[\w-]+", one)
        for one in container["customizations"]["vscode"]["extensions"]
    )


def test_a_hook_runs_a_tool_whose_version_stands_in_the_project():
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    assert {hook["entry"].split()[0] for hook in repository["hooks"]} == {"ruff", "mypy"} <= DEV


def test_github_runs_what_must_pass_on_three_systems_and_names_what_it_does_not_run_elsewhere():
    (job,) = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"].values()
    systems = job["strategy"]["matrix"]["os"]
    assert {one.partition("-")[0] for one in systems} == {"ubuntu", "macos", "windows"}
    assert job["steps"][-1]["run"] == "bash .ci/run"
    assert "= Linux ] || exec .ci/elsewhere" in (ROOT / ".ci" / "run").read_text()
    script = (ROOT / ".ci" / "elsewhere").read_text().replace("\\\n", "")
    told = script.partition('not_tried="')[2].partition('"')[0]
    tests = shlex.split(next(line for line in script.splitlines() if line.startswith("pytest")))
    folders = {word for word in tests if word.startswith("tests/")}
    assert not [folder for folder in folders if not (ROOT / folder).is_dir()]
    ignored = {tests[i + 1] for i, word in enumerate(tests) if word == "--ignore"}
    assert ignored
    assert all(folder in told for folder in ignored)


def test_whoever_reports_a_wrong_verdict_is_asked_for_the_folder():
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/wrong-verdict.yml").read_text())
    asked = {one["id"]: one for one in form["body"] if "id" in one}
    assert "dlgrade report-bug" in asked["report"]["attributes"]["label"]
    assert asked["report"]["validations"]["required"]
