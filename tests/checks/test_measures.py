"""A measure of overlap at exactly the threshold is worked out as a student does, and so named."""

from __future__ import annotations

import pytest

SOURCE = """import numpy as np


def non_max_suppression(boxes, scores, threshold):
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        low = np.maximum(boxes[i, :2], boxes[kept, :2])
        both = np.maximum(np.minimum(boxes[i, 2:], boxes[kept, 2:]) - low, 0).prod(axis=1)
        if not np.any(both / {} > threshold):
            kept.append(i)
    return np.array(kept, dtype=np.int64)
"""
MEASURES = {
    "(area[i] + area[kept] - both)": "",
    "area[i]": "share-of-its-own",
    "area[kept]": "share-of-the-kept",
    "np.minimum(area[i], area[kept])": "share-of-the-smaller",
    "np.maximum(area[i], area[kept])": "share-of-the-larger",
    "(area[i] + area[kept])": "sum-of-the-areas",
    "((area[i] + area[kept]) / 2)": "dice",
}


@pytest.mark.parametrize("measure", MEASURES)
def test_what_stands_for_the_union_is_named(measure, engine, course, tmp_path):
    (tmp_path / "vision.py").write_text(SOURCE.format(measure), encoding="utf-8")
    exercise = course.exercise("vision.non_max_suppression")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    assert (result.diagnosis.id if result.diagnosis else "") == MEASURES[measure]
