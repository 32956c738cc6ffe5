"""The quiz in a real browser: by keyboard alone, without scripts, small, in light and dark."""

from __future__ import annotations

import pytest
from browsed import sit_in_browser
from browsers import launch_browser, needs_chromium
from quiz_helpers import ITEMS, Clock, item_called

from grader.quiz.items.item import LETTERS
from grader.quiz.items.variants import draw_variant
from grader.quiz.kinds import kind_names
from grader.quiz.kinds.matrix import rows_of
from grader.quiz.marking import right_answer

pytestmark = needs_chromium
GRID, LOOSE = item_called("by-hand.max-pool-gradient"), item_called("by-hand.relu-max-pool")
PICTURED = next(item for item in ITEMS if item.picture)
ONE_EACH = [
    *(next(item for item in ITEMS if item.kind == kind) for kind in kind_names()),
    LOOSE,
    GRID,
    PICTURED,
]
ONE_EACH = [item for place, item in enumerate(ONE_EACH) if item not in ONE_EACH[:place]]
WIDTH = "document.documentElement.scrollWidth"
SMALL = {"width": 360, "height": 640}
WIDEST = sorted(ITEMS, key=lambda i: -max([len(r[0]) for _, r in draw_variant(i).tables] or [0]))
LONGEST = sorted(
    ITEMS, key=lambda i: -max([len(o.text) for o in draw_variant(i).posed.options] or [0])
)


@pytest.fixture(scope="module")
def browser():
    with launch_browser() as made:
        yield made


@pytest.fixture
def opened(browser, history):
    """Return what opens a sitting in a window of its own; faults of any page fail the test."""
    waiting, faults = [], []

    def open_sitting(items, **options):
        served = sit_in_browser(items, history, Clock())
        sitting, visitor, _ = served.__enter__()
        context = browser.new_context(**options)
        waiting.append((served, context))
        address = f"http://{visitor.host}:{visitor.port}{visitor.path}"

        def new_page():
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda told: faults.append(told.text))
            page.on("request", lambda asked: faults.extend([asked.url] * (not is_own(asked.url))))
            page.goto(address)
            page.locator("[autofocus]:focus").wait_for()  # it comes with the first picture
            return page

        def is_own(url):
            return url.startswith((address, "data:"))

        return sitting, new_page

    yield open_sitting
    for served, context in waiting:
        context.close()
        served.__exit__(None, None, None)
    assert faults == []


def focused(page):
    """Return the name or the text of what has the focus."""
    return page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")


def type_right(page, variant):
    """Type the right answer, from where the focus is; Enter sends it."""
    kind, key, keyboard = variant.item.kind, variant.posed.key, page.keyboard
    if kind in ("single", "code", "multiple"):
        for letter in key:
            keyboard.press(letter)
    elif kind == "claim":
        keyboard.press("Space" if key[0] == "true" else "ArrowDown")
        keyboard.press(key[1])
    elif kind in ("match", "order"):
        for letter in key:
            keyboard.type(f"{letter})")
            keyboard.press("Tab")
        keyboard.press("Shift+Tab")
    elif kind == "matrix" and not variant.posed.loose:
        for row in rows_of(key):
            for number in row:
                keyboard.type(f"{number:.10g}")
                keyboard.press("Tab")
        keyboard.press("Shift+Tab")
    else:
        keyboard.type(right_answer(variant))
    keyboard.press("Enter")


FIRST_FIELDS = {
    "single": "choice", "code": "choice", "multiple": "choice", "claim": "word",
    "match": "place-1", "order": "place-1",
}  # fmt: skip


def test_a_whole_sitting_goes_by_keyboard_alone(opened):
    """Each kind: the focus is where the answer begins, Enter checks it, and Enter goes on.

    The window is a phone's, and nothing is wider than it.
    """
    sitting, new_page = opened(ONE_EACH, viewport=SMALL)
    page = new_page()
    for item in ONE_EACH:
        variant = sitting.ask().variant
        assert variant.item is item
        grid = item.kind == "matrix" and not variant.posed.loose
        assert focused(page) == FIRST_FIELDS.get(item.kind, "cell-1-1" if grid else "typed")
        assert page.evaluate(WIDTH) <= SMALL["width"], item.id
        type_right(page, variant)
        assert page.locator("#verdict h2").inner_text() == "Right.", item.id
        assert page.evaluate(WIDTH) <= SMALL["width"], item.id
        assert page.title().startswith("Right. ")
        assert focused(page) in ("Next question", "Finish")
        if sitting.has_more:
            page.keyboard.press("Enter")
            page.locator("main form [autofocus]:not(button):focus").wait_for()
    assert sitting.summary.first_right == len(ONE_EACH)


def test_the_same_goes_without_a_script(opened):
    """Blank takes a choice, Tab leads to the button; nothing else is lost."""
    items = [next(item for item in ITEMS if item.kind == k) for k in ("number", "single", "match")]
    sitting, new_page = opened(items, java_script_enabled=False)
    page = new_page()
    page.keyboard.type(right_answer(sitting.ask().variant))
    page.keyboard.press("Enter")
    assert page.locator("#verdict h2").inner_text() == "Right."
    page.keyboard.press("Enter")
    page.locator("input[name=choice]:focus").wait_for()
    page.keyboard.press("Space")
    for _ in range(LETTERS.index(sitting.ask().variant.posed.key)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#verdict h2").inner_text() == "Right."
    page.keyboard.press("Enter")
    page.locator("select:focus").wait_for()
    for letter in sitting.ask().variant.posed.key:
        page.keyboard.type(f"{letter})")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#verdict h2").inner_text() == "Right."


def test_an_answer_that_cannot_be_read_keeps_the_focus_and_the_text(opened, history):
    """It can be mended where it stands."""
    sitting, new_page = opened([item_called("conv.stride-1")])
    page = new_page()
    page.keyboard.type("fi")
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()
    assert page.title().startswith("Not counted.")
    assert (focused(page), page.locator("#typed").input_value()) == ("typed", "fi")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(right_answer(sitting.ask().variant))
    page.keyboard.press("Enter")
    assert page.locator("#verdict h2").inner_text() == "Right."
    assert len(history.events) == 1


def test_reload_back_and_a_closed_tab_answer_nothing_and_lose_nothing(opened, history):
    """The address shows where the sitting is, whatever was before."""
    sitting, new_page = opened([item_called("conv.stride-1"), item_called("conv.stride-2")])
    page = new_page()
    type_right(page, sitting.ask().variant)
    page.locator("#verdict").wait_for()
    page.reload()
    assert page.locator("#verdict h2").inner_text() == "Right."
    page.keyboard.press("Enter")
    page.locator("#typed").wait_for()
    page.reload()
    assert "question 2 of 2" in page.locator("h1").inner_text()
    page.go_back()
    page.close()
    page = new_page()
    assert "question 2 of 2" in page.locator("h1").inner_text()
    assert focused(page) == "typed"
    assert len(history.events) == 1


def test_a_second_tab_and_a_second_click_answer_nothing_twice(opened, history):
    """What is old is said; where the sitting is stands below."""
    sitting, new_page = opened([item_called("conv.stride-1"), item_called("conv.stride-2")])
    page, other = new_page(), new_page()
    page.locator("#typed").fill(right_answer(sitting.ask().variant))
    page.get_by_role("button", name="Check").dblclick()
    page.locator("#verdict").wait_for()
    assert page.locator(".note").count() == 0
    assert len(history.events) == 1
    other.locator("#typed").fill("4")
    other.keyboard.press("Enter")
    other.locator(".note").wait_for()
    assert "a page from before" in other.locator(".note").inner_text()
    assert other.locator("#verdict h2").inner_text() == "Right."
    assert len(history.events) == 1


def test_question_mark_opens_the_help_and_no_field_takes_a_letter(opened):
    """Outside of a field; in one it is typed."""
    _, new_page = opened([next(item for item in ITEMS if item.kind == "claim")])
    page = new_page()
    page.keyboard.press("?")
    assert page.locator("details[open]").count() == 1
    page.keyboard.press("b")
    assert page.locator("input[value=b]").is_checked()
    page.keyboard.press("?")
    assert page.locator("details[open]").count() == 0


def test_wide_tables_and_long_choices_fit_a_phone(opened):
    """The widest and the longest of the bank, asked and answered, at 360 pixels."""
    items = [WIDEST[0], LONGEST[0], LONGEST[1]]
    _, new_page = opened(items, viewport=SMALL)
    page = new_page()
    for item in items:
        assert page.evaluate(WIDTH) <= SMALL["width"], item.id
        page.get_by_role("button", name="Show the answer").click()
        page.locator("#verdict").wait_for()
        assert page.evaluate(WIDTH) <= SMALL["width"], item.id
        page.locator("button.main").click()
        page.locator("#question").wait_for()


@pytest.fixture
def broken_rules():
    """Return what tells the rules of accessibility that a page breaks, by axe-core."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
    checker = axe.Axe()

    def find(page):
        found = checker.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]

    return find


def test_no_rule_of_accessibility_is_broken_by_any_kind(opened, broken_rules):
    """Its question, and the verdict where it has lists or a picture: names, roles, contrast."""
    _, new_page = opened([*ONE_EACH, ONE_EACH[0]])
    page = new_page()
    for item in ONE_EACH:
        assert broken_rules(page) == [], item.id
        page.get_by_role("button", name="Show the answer").click()
        page.locator("#verdict").wait_for()
        if item.kind in ("claim", "code", "match") or item.picture:
            assert broken_rules(page) == [], item.id
        page.locator("button.main").click()
        page.locator("#question").wait_for()
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert broken_rules(page) != []  # it would be found


@pytest.mark.parametrize(("scheme", "ground"), [("light", 253), ("dark", 20)])
def test_each_look_stands_out_in_light_and_dark(opened, broken_rules, scheme, ground):
    """Open, with its help, not counted, skipped, taken back, in part right, and right."""
    several = next(i for i in ITEMS if i.kind == "multiple" and len(draw_variant(i).posed.key) > 1)
    sitting, new_page = opened([several, ONE_EACH[0]], color_scheme=scheme)
    page = new_page()
    found = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert found.startswith(f"rgb({ground}, ")
    for look in _looks(sitting, page):
        assert broken_rules(page) == [], look


def _looks(sitting, page):
    """Yield at each look that a question has."""
    yield "open"
    page.locator("summary").click()
    yield "help"
    page.get_by_role("button", name="Check").click()
    page.locator("[role=alert]").wait_for()
    yield "not counted"
    page.get_by_role("button", name="Show the answer").click()
    page.locator("#verdict.bad").wait_for()
    yield "skipped"
    page.get_by_role("button", name="Take my last answer back").click()
    page.locator(".note").wait_for()
    yield "taken back"
    page.keyboard.press(sitting.ask().variant.posed.key[0])
    page.keyboard.press("Enter")
    page.locator("#verdict.part").wait_for()
    yield "in part right"
    page.get_by_role("button", name="Take my last answer back").click()
    page.locator(".note").wait_for()
    type_right(page, sitting.ask().variant)
    page.locator("#verdict.good").wait_for()
    yield "right"
