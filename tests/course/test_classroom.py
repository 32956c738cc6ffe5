"""What GitHub runs at every push, and what Classroom's reporter makes of it."""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from classes import dlgrade, environment
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.handout.release import Release

ROOT = Path(__file__).resolve().parents[2]
MOST_OF_A_VARIABLE = 128 * 1024


@pytest.fixture(scope="session")
def report(course, tmp_path_factory):
    """Return the released script as a file, and its names."""
    file = tmp_path_factory.mktemp("released") / "report.py"
    file.write_bytes(Release(course).student_files()[".github/report.py"])
    names = {"__name__": "report"}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), names)  # noqa: S102
    return file, names


def run(script, *options):
    command = [sys.executable, str(script), *map(str, options)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def decode(line):
    name, _, encoded = line.strip().partition("=")
    assert name == "result"
    return json.loads(base64.b64decode(encoded))


def log_line(test):
    """Return what the reporter prints about a test: a line's number unless it is 0."""
    line = test.get("line_no", "undefined")
    return test["name"] if line == 0 else f"{test['name']} - line {line}"


def by_count(tree):
    """Return the points as the log's table has them: the share of tests that passed."""
    passed = [test for test in tree["tests"] if test["status"] == "pass"]
    return len(passed) / len(tree["tests"]) * tree["max_score"]


def by_score(tree):
    """Return the points as the notice has them: the scores, added up one by one."""
    total = 0
    for test in tree["tests"]:
        total += test["score"]
    return total


def entry(name, possible, statuses, message=""):
    share = possible / len(statuses)
    levels = [
        {"name": f"level {number}", "status": status, "possible": share,
         "earned": None if status == "ungraded" else share * (status == "passed")}
        for number, status in enumerate(statuses)
    ]  # fmt: skip
    earned = None if "ungraded" in statuses else share * statuses.count("passed")
    worst = next((status for status in statuses if status != "passed"), "passed")
    return {"id": name, "status": worst, "earned": earned, "possible": possible,
            "message": message, "levels": levels}  # fmt: skip


def document(*entries):
    return {
        "earned": sum(one["earned"] or 0.0 for one in entries),
        "possible": sum(one["possible"] for one in entries), "exercises": list(entries),
    }  # fmt: skip


def test_both_totals_of_the_reporter_are_the_students_points(report, tmp_path, cache_home):
    file, _ = report
    wrong = ROOT / "examples" / "class" / "flipped-kernel"
    variables = environment(XDG_CACHE_HOME=str(cache_home))
    done = dlgrade("check", "--json", "--dir", wrong, "conv", variables=variables)
    assert done.returncode == 1, done.stderr
    (tmp_path / "result.json").write_text(done.stdout, encoding="utf-8")
    tree = decode(run(file, tmp_path / "result.json"))
    found = json.loads(done.stdout)
    earned, possible = found["earned"], found["possible"]
    assert 0 < earned < possible
    assert (by_count(tree), by_score(tree), tree["max_score"]) == (earned, earned, possible)
    assert not [one for one in map(log_line, tree["tests"]) if " - line " in one]
    table = run(file, "--table", tmp_path / "result.json")
    assert f"**{earned:g} of {possible:g} points**" in table


def entries_of(exercises):
    """Return what is told of exercises that nobody has passed, with the longest messages."""
    entries = []
    for exercise in exercises:
        shares = exercise.check.shares
        one = entry(exercise.id, exercise.check.points, ["failed"] * len(shares), "x" * 400)
        for level, (name, share) in zip(one["levels"], shares.items(), strict=True):
            level |= {"name": name, "possible": share}
        entries.append(one)
    return entries


def test_two_hundred_and_fifty_points_fit_into_tests_of_equal_worth(report, course):
    _, names = report
    totals = itertools.accumulate(one.check.points for one in course.find([]))
    kept = [one for one, total in zip(course.find([]), totals, strict=True) if total <= 250]
    assert len(kept) > 80
    entries = entries_of(kept)
    line = names["for_classroom"](document(*entries))
    assert len(line) < MOST_OF_A_VARIABLE
    assert len(decode(line)["tests"]) == 2 * sum(one["possible"] for one in entries)


def test_the_whole_course_fits_with_a_test_for_each_level(report, course):
    _, names = report
    entries = entries_of(course.find([]))
    line = names["for_classroom"](document(*entries))
    assert len(line) < MOST_OF_A_VARIABLE
    assert len(decode(line)["tests"]) == sum(len(one["levels"]) for one in entries)


def test_each_level_is_a_test_that_says_why_it_failed(report):
    _, names = report
    tests = names["as_tests"](
        document(
            entry("conv.a", 1.0, ["passed", "passed"]),
            entry("conv.b", 2.0, ["passed", "failed"], "a is wrong"),
        )
    )
    assert [(one["name"], one["status"], one["score"], one["message"]) for one in tests] == [
        ("conv.a: level 0", "pass", 0.5, ""),
        ("conv.a: level 1", "pass", 0.5, ""),
        ("conv.b: level 0, part 1 of 2", "pass", 0.5, ""),
        ("conv.b: level 0, part 2 of 2", "pass", 0.5, ""),
        ("conv.b: level 1, part 1 of 2", "fail", 0.0, "a is wrong"),
        ("conv.b: level 1, part 2 of 2", "fail", 0.0, ""),
    ]


def test_what_could_not_be_graded_is_no_test_that_passed(report):
    _, names = report
    tree = decode(names["for_classroom"](document(entry("conv.c", 2.0, ["ungraded", "ungraded"]))))
    assert tree["status"] == "fail"
    assert by_score(tree) == by_count(tree) == 0


def test_the_table_is_one_that_a_message_cannot_break(report):
    _, names = report
    table = names["as_table"](document(entry("conv.b", 2.0, ["failed"], "a | b `c` <script>")))
    assert "| `conv.b` | 0 / 2 | a \\| b 'c' &lt;script> |" in table


WORDS = st.sampled_from(["passed", "failed", "timeout", "ungraded"])
ENTRIES = st.builds(
    entry,
    st.just("conv.some_function"),
    st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, 5.0]),
    st.lists(WORDS, min_size=1, max_size=4),
    st.text(max_size=400),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(ENTRIES, min_size=1, max_size=70))
def test_both_totals_agree_whatever_was_earned_and_fit_into_a_variable(report, entries):
    _, names = report
    # a level earns its share or nothing, also where another of its exercise is not known
    for one in entries:
        if one["earned"] is None:
            one["earned"] = sum(level["earned"] or 0.0 for level in one["levels"])
    made = document(*entries)
    line = names["for_classroom"](made)
    tree = decode(line)
    assert len(line) < MOST_OF_A_VARIABLE
    assert by_score(tree) == pytest.approx(made["earned"], abs=1e-9)
    if len(tree["tests"]) > len([level for one in entries for level in one["levels"]]):
        assert by_count(tree) == pytest.approx(by_score(tree), abs=1e-9)
    assert {test["line_no"] for test in tree["tests"]} == {0}
    assert (tree["status"] == "pass") == (made["earned"] == pytest.approx(made["possible"]))
