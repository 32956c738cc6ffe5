"""The practice page, opened from the disk in Chromium."""

from __future__ import annotations

import pytest
from browsers import launch_browser, needs_chromium
from quiz_helpers import ITEMS

from grader.quiz.exports import load_exporter
from grader.quiz.items.item import LETTERS, Topic
from grader.quiz.items.variants import draw_variant, practice_key
from grader.quiz.marking import right_answer

KINDS = (
    "number",
    "shape",
    "matrix",
    "text",
    "single",
    "multiple",
    "claim",
    "code",
    "match",
    "order",
)
ONE_EACH = tuple(next(item for item in ITEMS if item.kind == kind) for kind in KINDS)


def page_of(items, tmp_path, count=2):
    topic = Topic("some", "Some <b>questions</b> & more", 1, items)
    variants = [
        draw_variant(item, practice_key(0, number))
        for item in items
        for number in range(count if item.parameters else 1)
    ]
    path = tmp_path / "page.html"
    path.write_text(load_exporter("html").export(topic, variants).content, encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(tmp_path):
    with launch_browser() as browser:

        def open_page(items, **options):
            page = browser.new_page(**options)
            page.asked, page.faults = [], []
            page.on("request", lambda request: page.asked.append(request.url))
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            page.goto(page_of(items, tmp_path))
            return page

        yield open_page


def answer_right(page, variant):
    """Answer with the keyboard, from what the quiz itself holds right."""
    kind, posed = variant.item.kind, variant.posed
    texts = [option.text for option in posed.options]
    if kind in ("number", "shape", "matrix", "text"):
        page.keyboard.type(right_answer(variant))
    elif kind in ("single", "code", "multiple"):
        for letter in posed.key:
            page.keyboard.press(letter)
    elif kind == "claim":
        place = 2 * LETTERS.index(posed.key[1]) + (posed.key[0] == "false")
        page.keyboard.press(LETTERS[place])
    else:
        wanted = [texts[LETTERS.index(letter)] for letter in posed.key]
        lefts = wanted if kind == "order" else posed.lefts
        sides = [str(n + 1) for n in range(len(wanted))] if kind == "order" else wanted
        for select in page.locator("select").all():
            left = select.get_attribute("data-left")
            select.select_option(dict(zip(lefts, sides, strict=True))[left])
    page.locator("#check").press("Enter") if kind in ("match", "order") else page.keyboard.press(
        "Enter"
    )


@needs_chromium
def test_every_kind_is_answered_by_keyboard_and_nothing_is_loaded_or_kept(opened):
    """Right answers are right; no request but the page, no storage, no fault in the script."""
    page = opened(ONE_EACH)
    assert page.title() == "Some <b>questions</b> & more"
    for number, item in enumerate(ONE_EACH, start=1):
        assert page.locator("#place").inner_text() == f"Question {number} of {len(ONE_EACH)}"
        answer_right(page, draw_variant(item))
        shown = page.locator("#verdict").inner_text()
        assert shown.startswith("Right."), f"{item.id}: {shown}"
        page.keyboard.press("Enter")
    assert f"{len(ONE_EACH)} of {len(ONE_EACH)} right" in page.locator("#question").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#place").inner_text() == f"Question 1 of {len(ONE_EACH)}"
    assert page.locator("#question").inner_text() == draw_variant(ONE_EACH[0], "0/1").question
    assert len(page.asked) == 1
    assert (
        page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    )
    assert page.faults == []


@needs_chromium
def test_every_number_and_its_slips_are_marked_as_the_quiz_marks_them(opened):
    """All items with numbers: each slip is told in its own words, and comes again as a variant."""
    items = tuple(item for item in ITEMS if item.kind == "number")[:40]
    page = opened(items)
    for item in items:
        variant = draw_variant(item)
        whole = [slip for slip in variant.posed.slips if isinstance(slip.value, int)]
        if whole:
            page.keyboard.type(str(whole[0].value))
            page.keyboard.press("Enter")
            assert whole[0].says in page.locator("#verdict").inner_text().replace("\n", " ")
            assert page.locator("#verdict").get_attribute("class") == "bad"
        else:
            answer_right(page, variant)
            assert page.locator("#verdict").get_attribute("class") == "good", item.id
        page.keyboard.press("Enter")
    first = next(
        i for i in items if any(isinstance(s.value, int) for s in draw_variant(i).posed.slips)
    )
    assert page.locator("#question").inner_text() == draw_variant(first, "0/1").question
    assert page.faults == []


@needs_chromium
@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "expected a number"), ("5 +", "expected a number"), ("alert(1)", "expected a number")],
)
def test_what_is_no_answer_costs_nothing(typed, said, opened):
    """It is told, and the question stays open; no typed text is run."""
    page = opened(ONE_EACH[:1])
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    assert said in page.locator("#verdict").inner_text()
    page.locator("#typed").fill(f"{right_answer(draw_variant(ONE_EACH[0]))} * 2 / 2")
    page.locator("#typed").press("Enter")
    assert page.locator("#verdict").inner_text().startswith("Right.")


@needs_chromium
def test_a_comma_that_may_be_a_decimal_one_is_asked_about(opened):
    """In a matrix nothing counts the numbers, so that a guess would cost the answer."""
    page = opened([next(item for item in ONE_EACH if item.kind == "matrix")])
    page.keyboard.type("3,0 1,5; 2,0 3,5")
    page.keyboard.press("Enter")
    assert "Is 3,0 one number or two?" in page.locator("#verdict").inner_text()


@needs_chromium
def test_it_is_dark_where_the_reader_wants_it_and_fits_a_phone(opened):
    """The colours follow the system, and nothing is wider than the window."""
    grounds = set()
    for scheme in ("light", "dark"):
        size = {"width": 360, "height": 640}
        page = opened(ONE_EACH, color_scheme=scheme, viewport=size)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert grounds == {"rgb(253, 253, 252)", "rgb(20, 23, 27)"}


def test_no_text_of_a_question_ends_the_script():
    """A closing tag in a text stays text."""
    item = ONE_EACH[0]
    variant = draw_variant(item)
    topic = Topic("some", "</title>", 1, (item,))
    changed = type(variant)(**{
        name: getattr(variant, name) for name in variant.__dataclass_fields__
    } | {"question": "</script><b>"})  # fmt: skip
    found = load_exporter("html").export(topic, [changed]).content
    assert found.count("</script>") == 1
    assert "</title>" in found.replace("&lt;/title&gt;", "")
    assert "http:" not in found.replace("http-equiv", "")
    assert "https:" not in found
