"""Files as a platform hands them out, written one by one, and what is found among them."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from grader.grading.intake.layouts import find_all
from grader.grading.intake.packages import read_package

METADATA = """\
---
submission_201:
  :submitters:
  - :name: Given Example
    :sid: '3031'
    :email: given@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-02 09:30:00.123456789 Z
  :score: 3.0
  :status: processed
  :results: {tests: [{name: a, score: 1.0}]}
  :history: []
submission_202:
  :submitters:
  - :name: Another Samename
    :sid: '3032'
    :email: another@example.org
  - :name: Given Example
    :sid: '3033'
    :email: given.example.2@example.org
  :created_at: 2026-11-03 10:00:00.180363000 Z
"""


GRADES = """\
"assignment_name","github_username","roster_identifier","student_repository_name",\
"submission_timestamp","points_awarded"
"hw2","octocat","given@example.org","hw2-octocat","2026-11-02 09:30:00 UTC","0"
"""


def put(folder, path, text="x = 1\n", when=None):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if when is not None:
        stamp = datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp()
        os.utime(file, (stamp, stamp))


def texts(submission):
    package = read_package(submission)
    return {name: content.decode() for name, content in package.files.items()}


def by_name(folder, **options):
    found = find_all(folder, **options)
    return {one.name: one for one in found.submissions}, found.skipped


def told(skipped):
    """Return why each entry is not graded, and whether it may be somebody's work."""
    return {one.name: (one.reason, one.is_work) for one in skipped}
