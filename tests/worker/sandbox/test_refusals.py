"""What helps a machine that refuses a sandbox is read from that machine's own switches."""

from __future__ import annotations

import pytest

from grader.worker.sandbox import refusals
from grader.worker.sandbox.refusals import GENERAL, find_remedy


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return what writes the switches of another machine."""
    monkeypatch.setattr(refusals, "SETTINGS", tmp_path)
    monkeypatch.setattr(refusals, "CONTAINER_MARKS", (tmp_path / "dockerenv",))

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1\n", "/etc/apparmor.d/bwrap"),
        ("kernel/unprivileged_userns_clone", "0\n", "sysctl kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0\n", "sysctl user.max_user_namespaces=10000"),
        ("kernel/osrelease", "4.4.0-19041-Microsoft\n", "wsl --set-version"),
        ("dockerenv", "", "as root in it"),
    ],
)
def test_each_known_refusal_has_a_line_of_its_own(machine, name, text, said):
    machine(name, text)
    assert said in find_remedy("bwrap")
    assert "--sandbox uid" in find_remedy("bwrap")
    assert "\n" not in find_remedy("bwrap")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "0\n"),
        ("kernel/unprivileged_userns_clone", "1\n"),
        ("user/max_user_namespaces", "96190\n"),
        ("kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2\n"),
    ],
)
def test_a_switch_that_is_open_is_not_blamed(machine, name, text):
    machine(name, text)
    assert find_remedy("bwrap") == GENERAL


def test_no_other_sandbox_is_said_to_need_namespaces(machine):
    machine("user/max_user_namespaces", "0\n")
    assert "namespaces" not in find_remedy("uid") + find_remedy("none")
