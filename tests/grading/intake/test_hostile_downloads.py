"""A roster and a download may be any bytes, too: read in proportion to them, or refused."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from growth import assert_linear
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError, UnreadableError, UsageError
from grader.gradebook.people.roster import read_roster
from grader.grading.intake.layouts import find_all, find_layouts
from grader.grading.intake.packages import read_package

ANY = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(["name", "ID", "email", ",", ";", '"', "\n", "\r", "\0", "Participant 1",
                         "é", "\u2028", "=1"]),
        max_size=30,
    ).map(lambda parts: "".join(parts).encode())
)  # fmt: skip
@ANY
def test_a_roster_of_any_bytes_is_read_or_refused_in_one_line(data):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.csv"
        file.write_bytes(data)
        with contextlib.suppress(UsageError):
            assert isinstance(read_roster(file).people, list)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name\n" + b"a" * 200_000, "is no table"),
        (b"name\n" + b"a\n" * (9 * 2**20), "larger than 16 MiB"),
    ],
)
def test_a_roster_that_is_no_class_list_is_refused(tmp_path, content, reason):
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(UsageError, match=reason):
        read_roster(tmp_path / "roster.csv")


def test_reading_a_roster_is_linear(tmp_path):
    def prepare(size):
        file = tmp_path / f"{size}.csv"
        file.write_text("name,id\n" + "".join(f"Given Example,{n}\n" for n in range(size)))
        return file

    assert_linear(prepare, read_roster, 1_000)


# ----------------------------------------------------------------------------- downloads

pieces = st.sampled_from(
    ["ada", "_", "late_", "12", "assignsubmission_file_", "submission_", ".py", ".zip", ".ipynb",
     "-1", "anon_", "é", "\udcff", " ", "\n", "=1", "submission_metadata.yml", "grades.csv",
     "_attempt_2026-11-01-22-59-59", "_attempt_2026-99-01-22-59-59", ".txt", "1-2 - ", " - ",
     " - Nov 1, 2026 1059 PM", " - Feb 31, 2026 9999 PM", "Takeout", "Copy of ", "-submissions"]
)  # fmt: skip
entries = st.lists(pieces, min_size=1, max_size=6).map("".join)
yaml = st.lists(
    st.sampled_from(["submission_12:\n", "  :submitters:\n", "  - :name: a\n", "    :sid: 1\n",
                     "  :created_at: ", "2026-11-02 10:00:00 Z\n", "9999-99-99\n", "!ruby/x ", "a",
                     "- 1\n", "&a ", "*a ", "!!binary x\n", "!!timestamp y\n",
                     "? [1]\n: 2\n", "~\n"]),
    max_size=12,
).map("".join)  # fmt: skip


@given(
    st.lists(st.tuples(entries, st.booleans()), max_size=6), yaml, st.sampled_from(find_layouts())
)
@ANY
def test_a_download_with_any_names_is_read_or_refused_in_one_line(files, metadata, layout):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for entry, is_folder in files:
            with contextlib.suppress(OSError):
                (folder / entry).mkdir() if is_folder else (folder / entry).write_bytes(b"PK")
                (folder / entry / "conv.py").write_text("x = 1\n") if is_folder else None
        if (folder / "submission_12").exists() or layout == "gradescope":
            with contextlib.suppress(IsADirectoryError):  # a folder may have that name
                (folder / "submission_metadata.yml").write_text(metadata, encoding="utf-8")
        try:
            found = find_all(folder, layout)
        except SubmissionError as error:
            refusal = str(error)
        else:
            refusal = ""
        assert "\n" not in refusal
        if refusal:
            return
        assert len({one.name for one in found.submissions}) == len(found.submissions)
        for one in found.submissions:
            with contextlib.suppress(UnreadableError):
                read_package(one)


def test_a_file_from_a_year_that_no_calendar_has_has_no_time(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "conv.py").write_text("")
    try:
        os.utime(tmp_path / "ada" / "conv.py", (2**40, 2**40))
    except OSError:
        pytest.skip("this file system has calendars")
    (found,) = find_all(tmp_path, "folders").submissions
    assert found.name == "ada"
