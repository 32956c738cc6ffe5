"""A picture is painted whole: on a small terminal, in ASCII, and as SVG that is read and seen."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import pytest
from drawn import CASES, TARGETS, cases_of, held_case, own, picture
from rich.console import Console

from grader.render.drawings.figures import Chart, Curve
from grader.render.drawings.listing import render_drawings
from grader.render.drawings.parts import Picture
from grader.render.drawings.roles import LOOKS, PAGE, style_sheet
from grader.render.drawings.squares import Bar, Bars, Grid, Role, Square
from grader.render.drawings.svg import write_html, write_svg
from grader.render.drawings.terminal import render_picture
from grader.render.grids import Frame
from grader.student.drawing.held import compare

NAMES = sorted({drawing.name: exercise for drawing, exercise in reversed(TARGETS)}.items())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def functions(engine):
    with own(engine) as found:
        yield found


def parse(text):
    return ET.fromstring(text)  # noqa: S314 - our own


def printed(shown, width=80, **how):
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, markup=False, highlight=False)
    console.print(render_picture(shown, width, **how))
    return out.getvalue()


@pytest.mark.parametrize(("name", "exercise"), NAMES)
def test_the_lectures_pictures_fit_a_terminal_of_80_by_24_with_the_line_of_keys(
    functions, name, exercise
):
    first = picture(functions, name, exercise)
    for step in range(first.steps):
        lines = printed(picture(functions, name, exercise, step=step)).splitlines()
        assert len(lines) <= 23
        assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("drawing", "exercise"), CASES)
def test_a_failing_case_of_any_size_leaves_room_for_the_keys_and_keeps_what_is_lit(
    engine, drawing, exercise
):
    with own(engine, but=[exercise]) as known:
        for arguments, right in cases_of(engine, exercise, every=15):
            known.held = held_case(exercise, arguments, right, compare(right, None, Frame()))
            shown = picture(known, drawing.name, exercise)
            whole, fitted = printed(shown), printed(shown, height=22)
            assert fitted.count("\n") <= 22
            if whole.count("\n") <= 22:
                assert fitted == whole
            for line in (*shown.words[:1], *shown.notes):
                assert line[:40] in fitted


def test_a_colour_that_is_not_seen_is_not_explained(functions):
    shown = picture(functions, "graph")
    assert "n forward" in printed(shown)
    assert "n forward" not in printed(shown, coloured=False)
    lit = printed(picture(functions, "window"), coloured=False)
    assert "[n] under the window   (n) its number" in lit


@pytest.mark.parametrize(("name", "exercise"), NAMES)
@pytest.mark.parametrize("width", [40, 60])
def test_on_a_narrow_terminal_no_line_is_longer_than_it(functions, name, exercise, width):
    assert max(map(len, printed(picture(functions, name, exercise), width).splitlines())) <= width


@pytest.mark.parametrize(("name", "exercise"), NAMES)
def test_plain_pictures_are_ascii_and_say_the_same_numbers(functions, name, exercise):
    shown = picture(functions, name, exercise)
    plain = printed(shown, plain=True)
    assert plain.isascii()
    number = r"(?<![\w.])\d+\.\d+"
    assert set(re.findall(number, printed(shown))) == set(re.findall(number, plain))


def test_every_role_that_is_told_is_told_without_colour_or_by_its_place():
    """Colour alone tells only what a title or a column tells too."""
    told_by_place = {
        Role.PLAIN,
        Role.QUIET,
        Role.FILTER,
        Role.FORWARD,
        Role.GRADIENT,
        Role.OTHER,
        Role.STRONG,
    }
    signs = {role: look.left + look.right for role, look in LOOKS.items()}
    assert all(signs[role] for role in set(Role) - told_by_place)
    assert len({one for one in signs.values() if one}) == len(
        [one for one in signs.values() if one]
    )


def test_a_wrong_number_has_a_sign_and_the_legend_says_so():
    squares = ((Square(1.0, Role.RESULT, is_wrong=True), Square(2.0)),)
    shown = Picture("p", "P", "says", ((Grid("out", squares),),))
    assert "(1)*" in printed(shown)
    assert "n* wrong, says the check" in printed(shown)
    assert 'class="badline"' in write_svg(shown)
    assert "wrong, says the check" in write_svg(shown)


def test_a_grid_that_is_too_wide_keeps_what_is_lit():
    squares = tuple(Square(v / 7, Role.LIT if v == 19 else Role.PLAIN) for v in range(20))
    shown = printed(Picture("p", "P", "says", ((Grid("x", (squares,)),),)), 40)
    assert "x …" in shown
    assert "[2.7]" in shown


def test_a_bar_without_a_number_is_empty_and_says_that_it_is_not_known():
    bars = Bars("unit", (Bar("f", None), Bar("g", -1.0, -1.0), Bar("h", 9.0)))
    shown = printed(Picture("p", "P", "says", ((bars,),))).splitlines()
    assert shown[2].count("█") == 0
    assert "?" in shown[2]
    assert (shown[3].count("█"), shown[4].count("█")) == (9, 18)


def test_a_bar_of_what_is_no_number_is_empty_and_one_of_infinity_full():
    bars = Bars("unit", (Bar("f", float("nan")), Bar("g", float("inf")), Bar("h", -9.0, -1.0)))
    shown = Picture("p", "P", "says", ((bars,),))
    lines = printed(shown).splitlines()
    assert [line.count("█") for line in lines[2:]] == [0, 18, 9]
    assert ["nan" in lines[2], "inf" in lines[3]] == [True, True]
    assert not re.search(r'(width|x)="(nan|-?inf)', write_svg(shown))


def test_a_curve_with_zeros_and_infinities_is_drawn_without_them():
    curve = Curve("c", "c", (1.0, 0.0, float("inf"), float("nan"), 1e-5))
    shown = Picture("p", "P", "says", ((Chart("t", "steps", ("0", "4"), (curve,), 5),),))
    assert printed(shown).count("c") >= 3
    assert write_svg(shown).count("<circle") == 2


# ----------------------------------------------------------------------------- SVG


@pytest.mark.parametrize(("name", "exercise"), NAMES)
def test_the_svg_is_whole_has_its_words_as_text_and_says_what_it_is(functions, name, exercise):
    shown = picture(functions, name, exercise)
    text = write_svg(shown)
    root = parse(text)
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby").split()
    named = {one.get("id"): one.text for one in root if one.tag in (f"{SVG}title", f"{SVG}desc")}
    assert list(named) == ids
    assert named[ids[0]] == shown.title
    assert shown.says in named[ids[1]]
    words = [one.text for one in root.iter(f"{SVG}text")]
    assert shown.title in words
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")  # nothing is loaded
    assert "<script" not in text
    classes = set(re.findall(r"\.([\w-]+)", style_sheet()))
    for one in root.iter():
        assert set((one.get("class") or "").split()) <= classes


@pytest.mark.parametrize(("name", "exercise"), NAMES)
def test_nothing_of_the_svg_lies_outside_of_it(functions, name, exercise):
    """By the widths that letters may have at most: no text is cut at the right or below."""
    root = parse(write_svg(picture(functions, name, exercise)))
    width, height = float(root.get("width")), float(root.get("height"))

    def look(node, x, y):
        moved = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", node.get("transform") or "")
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        if node.tag == f"{SVG}text":
            letters = len(node.text or "") * float(node.get("font-size")) * 0.5
            start = {"middle": letters / 2, "end": letters}.get(node.get("text-anchor"), 0.0)
            left = x + float(node.get("x")) - start
            assert left >= 0
            assert left + letters <= width, node.text
            assert 0 <= y + float(node.get("y")) <= height - 4, node.text
        if node.tag == f"{SVG}rect" and node.get("x"):
            assert 0 <= x + float(node.get("x")) <= width - float(node.get("width"))
            assert y + float(node.get("y")) + float(node.get("height")) <= height
        for child in node:
            look(child, x, y)

    look(root, 0.0, 0.0)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_can_be_read_on_light_and_on_dark_pages(theme):
    """WCAG asks for 4.5 for text and 3 for frames that mean something."""
    page = PAGE[theme]
    for name in ("ink", "soft", "wrong"):
        assert contrast(page[name], page["page"]) >= 4.5
    for role, look in LOOKS.items():
        ground, frame, ink = getattr(look, theme)
        assert contrast(ink, ground) >= 4.5, role
        assert contrast(ink, page["page"]) >= 4.5, role  # names and curves stand on the page
        if role not in (Role.PLAIN, Role.QUIET):
            assert contrast(frame, page["page"]) >= 3.0, role


def test_a_title_with_signs_of_markup_is_text():
    shown = Picture("p", "a < b & c", "x > y", (), ('say "<b>"',))
    assert parse(write_svg(shown)).find(f"{SVG}title").text == "a < b & c"
    page = write_html(shown)
    assert page.startswith("<!doctype html>")
    assert "<b>" not in page


def test_the_list_names_each_drawing_and_whose_it_is():
    out = io.StringIO()
    rows = [("window", "what it shows", ["conv.im2col"]), ("attention", "where it looks", [])]
    Console(file=out, width=80, color_system=None).print(render_drawings(rows, plain=True))
    lines = [line.strip() for line in out.getvalue().splitlines()]
    assert "window     what it shows" in lines
    assert "conv.im2col" in lines
    assert "of no exercise: its numbers are ours" in lines
