"""Pictures of questions: drawn from the numbers, said in words, and needed."""

from __future__ import annotations

import io
import math
import re
from collections import Counter

import pytest
from quiz_helpers import ITEMS, QUIZZES, item_called
from recomputed.reading import read_picture
from rich.console import Console

from grader.errors import CourseError
from grader.quiz.asking.terminal.render import render_question
from grader.quiz.asking.terminal.screen import TerminalScreen
from grader.quiz.items.item import LETTERS
from grader.quiz.items.loading import load_topic
from grader.quiz.items.variants import draw_variant
from grader.quiz.lint.problems import find_problems

PICTURED = [item for item in ITEMS if item.picture]
TEXT = (QUIZZES / "conv.toml").read_text(encoding="utf-8")
EXAMPLE = "[[item]]" + TEXT.split('id = "conv.picture-stride"')[1].join(
    ['\nid = "conv.picture-stride"', ""]
).split("[[item]]")[0]  # fmt: skip


def chosen(variant):
    return variant.posed.options[LETTERS.index(variant.posed.key)].text


def seen_function(points):
    """Name an activation function by how its curve ends."""
    (_, left), (_, right) = points[0], points[-1]
    middle = min(points, key=lambda point: abs(point[0]))[1]
    if right > 1.5:
        return "leaky ReLU" if left < 0 else "ReLU"
    return "tanh" if abs(middle) < 0.1 else "sigmoid"


def seen_derivative(points):
    """Name an activation function by its derivative."""
    (_, left), (_, right) = points[0], points[-1]
    if right == 1:
        return "leaky ReLU" if left > 0 else "ReLU"
    return "sigmoid" if max(y for _, y in points) < 0.3 else "tanh"


def seen_run(variant):
    """Find the run by what its loss does: grows, falls most, or hardly falls."""
    curves = read_picture(variant.picture)
    after = {name: points[4][1] / points[0][1] for name, points in curves.items()}
    order = sorted(after, key=after.get)
    asked = variant.question
    place = 2 if "too high" in asked else 1 if "too low" in asked else 0
    return f"that of {order[place]}"


def seen_symptom(variant):
    curves = read_picture(variant.picture)
    (first, *_, last), checked = ([y for _, y in curves[n]] for n in ("training", "validation"))
    if last > first:
        return "it diverges"
    return "it overfits" if last < first / 3 and checked[-1] > min(checked) else "it underfits"


def seen_loss(points):
    (_, left), *_, (_, right) = points
    return "MBE" if left < 0 else "MAE" if math.isclose(points[15][1], right / 2) else "MSE"


def seen_point(variant):
    at = {name: points[0] for name, points in read_picture(variant.picture).items()}
    wanted = tuple(k - m + w for k, m, w in zip(at["king"], at["man"], at["woman"], strict=True))
    return next(name for name in "PQRS" if at[name] == wanted)


READ = {
    "activations.picture-which": lambda v: seen_function(read_picture(v.picture)["f"]),
    "activations.picture-derivative": lambda v: seen_derivative(read_picture(v.picture)["d"]),
    "optimisers.picture-rates": seen_run,
    "train.picture-symptom": seen_symptom,
    "losses.picture-which": lambda v: seen_loss(read_picture(v.picture)["loss"]),
    "embeddings.picture-analogy": seen_point,
}


def test_there_are_a_dozen_of_them_over_several_topics():
    assert len(PICTURED) >= 12
    assert len({item.topic for item in PICTURED}) >= 6
    assert set(READ) == {item.id for item in PICTURED if item.kind == "single"}


@pytest.mark.parametrize("name", READ)
def test_what_is_seen_decides_which_choice_is_right(name):
    """Whoever reads the picture, and nothing else but the question, takes the right choice."""
    for seed in range(40):
        variant = draw_variant(item_called(name), f"seen/{seed}" if seed else "")
        assert READ[name](variant) == chosen(variant), variant.names


@pytest.mark.parametrize("item", PICTURED, ids=lambda item: item.id)
def test_each_has_many_pictures_which_are_all_painted_and_said(item):
    """At least ten variants; each is drawn in 80 columns of ASCII, and its words stand below."""
    found = Counter()
    for seed in range(60):
        variant = draw_variant(item, f"painted/{seed}" if seed else "")
        found[variant.question, variant.picture.says] += 1
        out = io.StringIO()
        TerminalScreen(plain=True, stream=out).ask(variant, 1, 1, again=False)
        shown = out.getvalue()
        assert shown.isascii()
        assert max(map(len, shown.splitlines())) <= 80
        assert " ".join(f"In words: {variant.picture.says}".split()) in " ".join(shown.split())
    assert len(found) >= 10


@pytest.mark.parametrize("item", PICTURED, ids=lambda item: item.id)
def test_its_words_hold_every_number_that_is_drawn(item):
    """Who cannot see a grid, a bar or a point is told the same numbers."""
    variant = draw_variant(item)
    said = variant.picture.says
    for name, found in read_picture(variant.picture).items():
        if name.endswith(("lit", "result", "tie", "quiet", "filter", "plain")):
            continue
        assert name in said
        if isinstance(found, float):
            assert f"{name} {found:g}" in said
        elif isinstance(found[0], list):
            rows = [" ".join(row) for row in found]
            assert all(row in said or not row.strip(". ") for row in rows)


def test_the_terminal_shows_the_picture_without_its_words(monkeypatch):
    """Who sees it needs no list of numbers; a narrow screen gets a narrower drawing."""
    monkeypatch.setenv("TERM", "xterm-256color")

    class Screen(io.StringIO):
        encoding = "utf-8"

        def isatty(self):
            return True

    for width in (40, 80):
        monkeypatch.setenv("COLUMNS", str(width))
        out = Screen()
        screen = TerminalScreen(stream=out)
        screen.ask(draw_variant(item_called("optimisers.picture-rates")), 1, 1, again=False)
        shown = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
        assert "In words" not in shown
        for name in "ABC":
            assert re.search(rf"[|│].*{name}{name}", shown)
        assert max(len(line.rstrip()) for line in shown.splitlines()) <= width


def problems_of(tmp_path, text):
    (tmp_path / "conv.toml").write_text(f'title = "t"\nplace = 1\n{text}', encoding="utf-8")
    return [one.message for one in find_problems((load_topic(tmp_path, "conv"),), seeds=40)]


def test_lint_finds_a_picture_that_is_not_needed(tmp_path):
    """A question that tells the numbers itself, or a picture that is called by its answer."""
    told = EXAMPLE.replace("How wide", "It is {n} wide, the filter {f}, the stride {s}. How wide")
    assert problems_of(tmp_path, EXAMPLE) == []
    assert any("needs no picture" in line for line in problems_of(tmp_path, told))
    own = "[[item]]" + (QUIZZES / "activations.toml").read_text("utf-8").split("[[item]]")[-4]
    named = own.replace("activations.", "conv.", 1).replace(
        'picture.title = "An activation function"', 'picture.title = "A curve of {fn} here"'
    )
    assert any("called by its answer" in line for line in problems_of(tmp_path, named))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("picture.says", "picture.saying", "unknown key: saying"),
        ('picture.title = "A filter on an image"\n', "", "needs a `title`"),
        ("picture.grids", "picture.curves", "`curves` of its picture are tables of"),
        ('role = "tie"', 'colour = "tie"', "`marks` of its picture are tables of"),
    ],
)
def test_a_malformed_picture_is_refused_with_the_item(tmp_path, old, new, words):
    """The author is told which item and which key."""
    assert old in EXAMPLE
    with pytest.raises(CourseError, match=r"conv\.picture-stride") as caught:
        problems_of(tmp_path, EXAMPLE.replace(old, new, 1))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[['.'] * n] * n", "[['.'] * n] * m", "the formula"),
        ("[['.'] * n] * n", "n", "gives no list"),
        ("[['.'] * n] * n", "[['.'] * f] * n", "marks on its squares alone"),
        ('role = "tie"', 'role = "ties"', "its picture cannot be drawn"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_a_problem_of_its_item(tmp_path, old, new, words):
    """Lint names it; a student would be told by one line."""
    assert any(words in line for line in problems_of(tmp_path, EXAMPLE.replace(old, new, 1)))


def test_a_loss_can_be_told_from_the_others_in_a_terminal():
    """A square and a size that rise by two or three lines of letters would look alike there."""
    item = item_called("losses.picture-which")
    for seed in range(12):
        variant = draw_variant(item, f"rows/{seed}")
        console = Console(file=io.StringIO(), width=80, color_system=None)
        console.print(render_question(variant, 1, 1, again=False, plain=True))
        shown = console.file.getvalue().partition("In words")[0].splitlines()
        rows = [line.split("|", 1)[1] for line in shown if re.match(r"\s*[-\d.]*\s*\|", line)]
        assert len(rows) > 8
        assert sum("l" in row for row in rows) >= 5, (variant.key, shown)
