"""GitHub Classroom's repositories are their owners', alone or as a team."""

from __future__ import annotations

from datetime import UTC, datetime

from layoutfiles import GRADES, by_name, put, texts, told

from grader.grading.intake.layouts import detect_layout


def test_classrooms_repositories_are_named_after_their_owners(tmp_path):
    folder = tmp_path / "hw2-submissions"
    for login in ("octocat", "abc-l", "alan"):
        put(folder, f"hw2-{login}/conv.py")
        put(folder, f"hw2-{login}/.git/HEAD", "ref: refs/heads/main\n")
    put(folder, "grades.csv", GRADES)
    assert detect_layout(folder) == "classroom"
    found, _ = by_name(folder)
    assert list(found) == ["abc-l", "alan", "octocat"]
    assert list(texts(found["octocat"])) == ["conv.py"]
    assert found["octocat"].delivery.came_in == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert found["octocat"].delivery.person.name == "given@example.org"


def test_each_member_of_a_classroom_team_is_known(tmp_path):
    folder = tmp_path / "hw2-submissions"
    rows = ["github_username,student_repository_name,submission_timestamp,group_name"]
    rows += [f"octo{n},hw2-team-{'ab'[n > 2]},2026-11-02 09:30:00 UTC,Team" for n in (1, 2, 3, 4)]
    rows += ["octo5,hw2-team-z,2026-11-02 09:30:00 UTC,Team Z"]
    put(folder, "grades.csv", "\n".join(rows) + "\n")
    for team in "abc":
        put(folder, f"hw2-team-{team}/conv.py")
    put(folder, "by mail/conv.py")
    assert detect_layout(folder) == "classroom"
    found, skipped = by_name(folder)
    assert list(found) == ["octo1", "octo2", "octo3", "octo4", "team-c"]
    assert {one.delivery.team for one in found.values()} == {"Team", "team-c"}
    assert [one.delivery.files[0][-1] for one in found.values()] == list("aabbc")
    assert found["team-c"].delivery.person.ids == ()  # nobody says who is in it
    assert {one.name: one.student for one in skipped if one.is_work} == {
        "hw2-team-z": "octo5", "by mail": "",
    }  # fmt: skip
    assert "--per-page" in told(skipped)["hw2-team-z"][0]
