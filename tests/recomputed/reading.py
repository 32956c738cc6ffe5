"""What a student sees of a question: its numbers, lists, tables and picture."""

from __future__ import annotations

import re

import numpy as np

NUMBER = re.compile(r"(?<![\w.^_])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?(?!\w)")
LIST = re.compile(r"\[[-\d., ]+\]")


def read_question(variant):
    """Return the numbers, the lists and the tables that a student sees."""
    text = variant.question
    lists = [[float(cell) for cell in found[1:-1].split(",")] for found in LIST.findall(text)]
    rest = LIST.sub(" ", text)
    while re.search(r"\dx\d", rest):
        rest = re.sub(r"(\d)x(\d)", r"\1 \2", rest)
    plain = [float(found.replace(",", "")) for found in NUMBER.findall(rest)]
    numbers = [int(number) if number == int(number) else number for number in plain]
    tables = {title: np.array(rows, dtype=float) for title, rows in variant.tables}
    if variant.picture is not None:
        tables = read_picture(variant.picture)
    return numbers, lists, tables, text


def read_picture(picture):
    """Return what is seen: grids and the squares of each sign, bars, and points of curves."""
    seen = {}
    for part in (part for row in picture.rows for part in row):
        if hasattr(part, "squares"):
            seen[part.title] = [[square.word() for square in row] for row in part.squares]
            for i, row in enumerate(part.squares):
                for j, square in enumerate(row):
                    seen.setdefault(f"{part.title} {square.role}", []).append((i, j))
        elif hasattr(part, "bars"):
            seen |= {bar.name: bar.value for bar in part.bars}
        else:
            seen |= {trail.name: list(trail.points) for trail in part.trails}
    return seen
