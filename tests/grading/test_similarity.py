"""What two submissions share beyond stub and reference is shown side by side, without a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import begin, hand_in, passed
from classes import dlgrade

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.report import write_report
from grader.gradebook.view import select_view
from grader.grading.intake.layouts import find_all
from grader.grading.similarity import find_pairs

ODD = """
def zero_pad2d(x, padding):
    rows = []
    for image in x:
        planes = []
        for plane in image:
            wide = [[0.0] * padding + list(line) + [0.0] * padding for line in plane]
            empty = [[0.0] * len(wide[0]) for _ in range(padding)]
            planes.append(empty + wide + [list(line) for line in empty])
        rows.append(planes)
    return np.array(rows)
"""
OTHER = """
def zero_pad2d(x, padding):
    if padding == 0:
        return x.copy()
    made = np.zeros(x.shape[:2] + tuple(size + padding * 2 for size in x.shape[2:]))
    made[..., padding:-padding, padding:-padding] = x
    return made
"""


@pytest.fixture
def download(tmp_path, course):
    """Write two with one odd idea, one with an idea of its own, two stubs, a broken archive."""
    stub = (course.exercises_dir / "conv.py").read_text()
    renamed = ODD.replace("planes", "p").replace("wide", "broad").replace("rows", "all_images")
    texts = {
        "abc": stub + ODD, "bob": stub + "# all mine </pre><script>\n" + renamed,
        "eve": stub + OTHER, "sam": stub, "tom": stub,
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / "hw" / name).mkdir(parents=True)
        (tmp_path / "hw" / name / "conv.py").write_text(text)
    (tmp_path / "hw" / "zed.zip").write_bytes(b"no zip")
    return tmp_path / "hw"


def test_other_names_and_comments_do_not_hide_a_shared_idea(download, course):
    (pair,) = find_pairs(find_all(download).submissions, course)
    assert (pair.left, pair.right, pair.file) == ("abc", "bob", "conv.py")
    assert pair.share > 0.8
    assert (
        "".join(text for text, _ in pair.left_parts) == (download / "abc" / "conv.py").read_text()
    )
    shared = "".join(text for text, same in pair.left_parts if same)
    assert "planes.append" in shared
    assert "Return" not in shared


def test_those_who_both_handed_in_the_reference_share_nothing_of_note(tmp_path, course):
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions")
    for name in ("abc", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "conv.py").write_text((course.solutions_dir / "conv.py").read_text())
    assert find_pairs(find_all(tmp_path).submissions, course) == []


def test_the_report_shows_pairs_only_when_asked_and_as_text(tmp_path, download, course):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [passed()])
        chosen = select_view(book)
        assert "share much" not in write_report(chosen, course, tmp_path / "a").read_text()
        pairs = find_pairs(find_all(download).submissions, course)
        text = write_report(chosen, course, tmp_path / "b", pairs=pairs).read_text()
    assert "no verdict" in text
    assert "# all mine &lt;/pre&gt;&lt;script&gt;" in text


def test_the_command_reads_the_download_again(tmp_path, download):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [passed()])
    done = dlgrade("report", tmp_path / "g.db", "-o", tmp_path / "out", "--similar", download)
    assert done.returncode == 0, done.stderr
    assert "<bdi>abc</bdi> and <bdi>bob</bdi>" in Path(tmp_path / "out" / "index.html").read_text()
