"""A run goes on from what another one graded: it adds what is new and loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess

import classes
import pytest
from classes import ENDLESS, ONLY, RIGHT, ROOT, WRONG, grade, make_class


def test_what_was_told_of_a_submission_is_told_again_when_it_is_taken_up_again(tmp_path, book):
    told = "warning: there is conv.py beside exercises/: the one in there is graded"
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG)
    (folder / "ada" / "exercises").mkdir()
    shutil.copy(folder / "ada" / "conv.py", folder / "ada" / "exercises" / "conv.py")
    shutil.copytree(folder / "ada", tmp_path / "first")
    assert told in grade(folder, book, "--seed", 5).stdout
    shutil.rmtree(folder / "ada")
    make_class(folder, ada=RIGHT + "# another\n")
    assert told not in grade(folder, book).stdout
    shutil.rmtree(folder / "ada")
    shutil.copytree(tmp_path / "first", folder / "ada")
    shutil.copytree(tmp_path / "first", folder / "cyd")
    for _ in range(2):
        done = grade(folder, book)
        assert f"ada: graded before\n  {told}\n" in done.stdout
        assert done.stdout.count("warning: ") == 1  # cyd has the same files
        for name in ("ada", "cyd"):
            assert classes.results(book)[name]["delivery"]["warnings"] == [told.partition(" ")[2]]


def test_a_second_run_grades_only_what_is_new_and_loses_nothing(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=RIGHT, b=WRONG)
    grade(folder, book, "--seed", 5)
    before = classes.without_times(book)
    make_class(folder, c=RIGHT + "# c\n")
    done = grade(folder, book)
    assert done.stdout.count("graded before") == 2
    after = classes.without_times(book)
    assert {name: after[name] for name in before} == before
    assert after["c"]["earned"] == after["a"]["earned"]


def test_each_assignment_draws_cases_that_nobody_has_seen_and_keeps_them(tmp_path):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    seeds = []
    for name in ("one.db", "two.db"):
        grade(folder, tmp_path / name)
        seeds.append(classes.results(tmp_path / name)["a"]["seed"])
    assert len({0, *seeds}) == 3
    make_class(folder, b=RIGHT + "#\n")
    grade(folder, tmp_path / "one.db")
    assert classes.results(tmp_path / "one.db")["b"]["seed"] == seeds[0]
    kept = list((tmp_path / "one.db.bank").iterdir())
    assert kept
    for file in [tmp_path / "one.db", *kept]:
        assert file.stat().st_mode & 0o077 == 0, file


def test_another_seed_needs_regrade_which_keeps_history(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    grade(folder, book, "--seed", 5)
    refused = grade(folder, book, "--seed", 6)
    assert refused.returncode == 2
    assert "--regrade" in refused.stderr
    assert grade(folder, book, "--seed", 6, "--regrade").returncode == 0
    assert classes.results(book)["a"]["seed"] == 6
    connection = sqlite3.connect(book)
    assert connection.execute("SELECT count(*) FROM fact").fetchone() == (2,)
    connection.close()


def test_a_timeout_runs_again_only_when_the_limit_rises(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=ENDLESS)
    grade(folder, book, "--seed", 5, "--timeout", "0.5")
    assert classes.statuses(book)["a"][ONLY] == "timeout"
    assert "graded before" in grade(folder, book, "--timeout", "0.5").stdout
    assert "graded before" not in grade(folder, book, "--timeout", "0.6").stdout


def test_only_adds_facts_and_possible_counts_all_that_was_asked(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    grade(folder, book, "--seed", 5)
    grade(folder, book, only="conv.correlate2d")
    found = classes.results(book)["a"]
    assert [entry["id"] for entry in found["exercises"]] == ["conv.zero_pad2d", "conv.correlate2d"]
    assert found["possible"] == sum(entry["possible"] for entry in found["exercises"])
    assert found["earned"] == found["exercises"][0]["possible"]


def test_right_answers_with_a_bank_need_neither_torch_nor_hypothesis(tmp_path, book):
    folder = make_class(tmp_path / "hw", a=RIGHT + "# new\n")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for name in ("torch", "hypothesis"):
        (hidden / f"{name}.py").write_text("raise SystemExit('imported')")
    line = classes.command("grade", folder, "--gradebook", book, "--seed", 5, "--only", ONLY,
                           "--sandbox", classes.SANDBOX)  # fmt: skip
    path = f"{hidden}:{ROOT}"
    done = subprocess.run(line, capture_output=True, text=True, check=False,
                          env=classes.environment(PYTHONPATH=path))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert classes.statuses(book) == {"a": {ONLY: "passed"}}


def plan_for(course, folder, gradebook):
    from grader.grading.run import Plan

    return Plan(course, None, folder, gradebook, course.find([ONLY]), "hw")


@pytest.mark.parametrize("begun", [False, True])
def test_an_empty_gradebook_among_the_submissions_is_none_yet(tmp_path, course, begun):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    plan = plan_for(course, folder, folder / "g.db")
    if begun:
        plan.gradebook.touch()
    for end in ("-journal", "-wal", "-shm"):
        (folder / f"g.db{end}").touch()
    (folder / "g.db.bank").mkdir()
    found = plan.find()
    assert [one.name for one in found.submissions] == ["a"]
    assert not found.skipped


def test_a_run_finishes_an_empty_gradebook_grades_what_is_damaged_and_says_that_it_ended(
    tmp_path, book
):
    folder = make_class(tmp_path / "hw", a=RIGHT, b=WRONG)
    book.touch()
    assert grade(folder, book, "--seed", 5).returncode == 0
    before = classes.without_times(book)
    with sqlite3.connect(book) as connection:
        connection.execute("UPDATE level SET status = 'passed'")
    connection.close()
    told = classes.dlgrade("export", book, "--format", "csv")
    assert (told.returncode, told.stderr) == (
        3,
        "dlgrade: hw: the result of b is damaged: grade it again\n",
    )
    done = grade(folder, book)
    assert done.returncode == 0, done.stderr
    assert classes.without_times(book) == before
