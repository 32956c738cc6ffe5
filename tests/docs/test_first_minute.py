"""docs/student/first_minute.md is what its commands print.

After a change on purpose: `python docs/make_first_minute.py`, and read what it changed: is each
line the next thing that a new student needs?
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from make_first_minute import PAGE, make_page, without_measured  # noqa: E402 - beside the documents


def test_the_first_minute_is_as_it_was_recorded(tmp_path, cache_home, course):
    homes = {"XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home)}
    variables = os.environ | homes | {"XDG_DATA_HOME": str(tmp_path / "data"), "COLUMNS": "80"}
    page = make_page(tmp_path / "made", variables, course)
    assert without_measured(page) == without_measured(PAGE.read_text(encoding="utf-8"))


def test_only_the_numbers_that_another_torch_may_give_are_not_compared():
    line = "step 20 of 60, loss 0.3859 (torch's 0.3859), 92% of 60 unseen; 2.5 of 4 points"
    assert without_measured(line) == (
        "step 20 of 60, loss # (torch's #), # of 60 unseen; 2.5 of 4 points"
    )
