"""The class's page in a browser: sorted, searched, drilled down, printed, without a network."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest
from books import ASKED, WRONG, at, begin, fact, from_canvas, hand_in, passed, wrong
from browsers import launch_browser, needs_chromium

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.report import MAX_PAGE, write_report
from grader.gradebook.pages.tally import Pair
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view
from grader.render.signs import PARTLY, WORDS, sign_of_class

OWN = "document.title='owned'"
EVIL = f'</td></script><script>{OWN}</script><img src=x onerror="{OWN}">'
CODE = {
    "file": "conv.py", "first": 5, "line": 7,
    "text": f"def im2col(x):\n    a = 1\n    return a  # {EVIL}",
}  # fmt: skip
BOTH = (("def f():\n", False), (f"    return 1  # {EVIL}\n", True))


def mistaken():
    """Return a wrong answer with the lines that gave it."""
    made = wrong()
    made["details"]["code"] = CODE
    return made


def make_class(path, count=12):
    book = Gradebook(path)
    run = begin(book)
    people = [Person(f"Person {n:04}", (str(n),)) for n in range(count)]
    people.append(Person(EVIL, ("9999",)))
    book.note_roster(run.assignment, people)
    kinds = (
        [passed(), passed("pool.flatten")],
        [mistaken(), passed("pool.flatten")],
        [mistaken(), fact("pool.flatten", "crashed", message="it ran out of memory")],
    )
    for n in range(count - 1):
        when = at("2026-11-02T12:00") if n % 5 == 4 else at("2026-10-30T12:00")
        hand_in(run, f"s{n:04}", kinds[n % 3], from_canvas(n, came_in=when), content=str(n % 3))
    hand_in(
        run, EVIL, [fact("conv.im2col", "failed", levels=[(EVIL, "failed", 2.0)], message=EVIL)]
    )
    note_excuses(book, run.assignment, [("s0009", Excuse(True, "ill"))])
    book.note_overrides(run.assignment, [("s0001", "conv.im2col", 2.0, "why not")])
    return book


@pytest.fixture(scope="module")
def page_file(tmp_path_factory, course):
    folder = tmp_path_factory.mktemp("report")
    policy = Policy(read_rule("2026-11-01 00:00Z: 10%/day"))
    pairs = [Pair("s0001", "s0004", "conv.py", 0.82, BOTH, BOTH)]
    with make_class(folder / "g.db") as book:
        return write_report(select_view(book, policy=policy), course, folder / "out", pairs=pairs)


@pytest.fixture(scope="module")
def browser():
    with launch_browser() as made:
        yield made


@pytest.fixture(scope="module")
def loaded(browser):
    """Return one page for all tests, and what went wrong in it or tried to leave the disk."""
    context = browser.new_context(offline=True, color_scheme="light")
    made = context.new_page()
    troubles = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on(
        "console", lambda line: line.type in ("error", "warning") and troubles.append(line.text)
    )
    made.on("request", lambda one: one.url.startswith("file:") or troubles.append(one.url))
    yield made, troubles
    context.close()


@pytest.fixture
def page(loaded, page_file):
    """Open the report anew; fail on any error and on any request that leaves the disk."""
    made, troubles = loaded
    made.set_viewport_size({"width": 1200, "height": 900})
    made.emulate_media(media="screen", color_scheme="light")
    made.goto(page_file.as_uri())
    made.evaluate("window.drawn")
    yield made
    assert troubles == []


def names(page):
    return page.locator("table.students tbody th").all_inner_texts()


def opened(page):
    """Return the text of what was opened, once it is there."""
    page.locator("dialog[open]").wait_for()
    return page.locator("dialog").inner_text()


def test_the_page_counts_what_became_of_the_class_without_the_absent_and_the_excused(page_file):
    text = page_file.read_text()
    counted = "11 handed in, 1 did not, 1 excused, 1 not graded in full and in no mean."
    assert counted in re.sub(r"\s+", " ", text)
    made = r">window-transposed</button>.*?Run along the rows first\."
    assert re.search(r'<td class="number">7</td>\s*<th scope="row"><button[^>]*' + made, text)
    assert "4711" not in text
    assert page_file.stat().st_size < 2_000_000
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", text)


def test_the_legend_has_the_sign_and_the_words_of_every_status(page_file):
    text = page_file.read_text()
    (legend,) = re.findall(r'<p class="legend[^>]*>(.*?)</p>', text, re.DOTALL)
    told = re.findall(r'<span><i class="sign (\w+)"[^>]*>(.)</i> ([^<]+)</span>', legend)
    meant = {sign: words for _, sign, words in told}
    assert len(meant) == len(told)
    assert meant.pop(PARTLY[0]) == PARTLY[1]
    spread = {word: sign for sign, words in meant.items() for word in words.split(", ")}
    assert spread == {word: sign_of_class(status) for status, word in WORDS.items()}
    cells = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])["letters"]
    shown = {sign: color for sign, word, color in reversed(cells.values()) if sign}
    assert {sign: color for color, sign, _ in told} == shown


def test_nothing_but_the_pages_own_script_and_style_is_let_run(page_file):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page_file.read_text())[1]
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#39;", "'").split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert set(rules) == {"style-src", "script-src"}
    assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", rule) for rule in rules.values())


@needs_chromium
def test_the_table_is_sorted_by_a_click_and_by_the_keyboard_with_the_absent_last(page):
    assert names(page)[-2:] == ["Person 0009", "Person 0011"]
    page.get_by_role("button", name="points").click()
    points = page.locator("table.students tbody tr td:nth-child(2)").all_inner_texts()[:-2]
    assert points == sorted(points)
    page.keyboard.press("Enter")
    points = page.locator("table.students tbody tr td:nth-child(2)").all_inner_texts()[:-2]
    assert points == sorted(points, reverse=True)
    assert page.locator("th[aria-sort=descending]").inner_text() == "points"
    assert page.evaluate("document.activeElement.textContent") == "points"
    assert set(names(page)[-2:]) == {"Person 0009", "Person 0011"}


@needs_chromium
def test_searching_finds_students_exercises_and_mistakes_and_says_how_many(page):
    box, told = page.get_by_role("searchbox"), page.get_by_role("status")
    box.fill("LATE person")
    assert names(page) == ["Person 0004"]
    box.fill("transposed")
    assert names(page) == [f"Person {n:04}" for n in (1, 2, 4, 5, 7, 8, 10)][: len(names(page))]
    assert told.inner_text() == f"{len(names(page))} students, 0 exercises, 1 mistake"
    box.fill("flatten")
    assert page.locator("table.exercises tbody tr:visible").count() == 1
    box.fill("")
    assert len(names(page)) == 13
    assert not told.inner_text()


@needs_chromium
@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_a_cell_opens_the_case_the_mistake_and_the_failing_line(page, how):
    if how == "mouse":
        page.get_by_role("gridcell", name="Person 0001, conv.im2col").click()
    else:
        page.get_by_role("button", name="student", exact=True).focus()
        names_ = names(page)
        for key in ["ArrowDown"] * (names_.index("Person 0001") + 1) + ["ArrowRight"] * 3:
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.ariaLabel").startswith("Person 0001, conv.i")
        page.keyboard.press("Enter")
    text = opened(page)
    for told in ("Run along the rows first.", WRONG["call"], "conv.py, line 7", "why not"):
        assert told in text
    assert page.locator("dialog .code b").inner_text() == f"   7      return a  # {EVIL}"
    assert page.locator("dialog mark").first.inner_text() == "0.25*"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Person 0001, conv.im2col")


@needs_chromium
def test_every_bar_and_every_mistake_opens_the_students_behind_it(page):
    for button in page.locator("[data-open]:visible").all():
        if not button.is_enabled():
            continue
        button.dispatch_event("click")
        assert re.search(r"Person 00\d\d|</td>", opened(page))
        assert page.locator("dialog a[href^='students/']").count() > 0
        page.keyboard.press("Escape")
    page.locator("[data-open=mistake]").first.focus()
    page.keyboard.press("Enter")
    assert opened(page).count("Run along the rows first.") == 8
    assert page.locator("dialog article").count() == 7


@needs_chromium
def test_an_exercise_opens_with_how_many_passed_each_of_its_levels(page):
    page.locator("button[data-open=exercise]", has_text=re.compile("^conv.im2col$")).click()
    opened(page)
    rows = page.locator("dialog table.levels tr")
    told = [tuple(row.locator("th, td").all_inner_texts()) for row in rows.all()]
    assert told == [
        (EVIL, "", "0 of 1"),  # as they first occur: this name comes before all others
        ("all", "", "3 of 3"),
        ("stride 1, no padding", "", "7 of 7"),
        ("any stride", "", "0 of 7"),
    ]
    widths = [one.get_attribute("width") for one in rows.locator("rect.passed").all()]
    assert [float(width) for width in widths] == [0, 100, 100, 0]
    page.keyboard.press("Escape")
    page.locator("[data-open=exercise][data-letter=f]:visible").first.click()
    assert "Person" in opened(page)
    assert page.locator("dialog table.levels").count() == 0  # of a part nobody asks for that
    page.keyboard.press("Escape")
    page.locator("button[data-open=exercise]", has_text=re.compile("^pool.flatten$")).click()
    opened(page)
    assert page.locator("dialog table.levels").count() == 0  # it has one level


@needs_chromium
def test_both_codes_of_a_pair_are_one_click_from_the_students_row(page):
    page.get_by_role("button", name="shares 82% with Person 0004").click()
    assert (
        page.locator(".pair[open] pre").all_inner_texts() == ["".join(text for text, _ in BOTH)] * 2
    )
    assert "no verdict" in page.inner_text("#similar")


@needs_chromium
def test_a_students_page_is_one_click_away(page):
    page.locator("table.students").get_by_role("link", name="Person 0001").click()
    assert page.locator("h1").inner_text() == "Person 0001"
    assert "Points given by hand: why not" in page.inner_text("main")


@needs_chromium
def test_hostile_names_stay_text(page):
    assert EVIL in names(page)
    assert page.title() == "The class: hw2"
    page.locator("table.students td.cell.wrong").last.click()
    opened(page)
    page.keyboard.press("Escape")
    page.locator("#opened").wait_for(state="hidden")
    page.locator("table.exercises [data-open]").first.dispatch_event("click")
    opened(page)
    assert "owned" not in page.title()
    page.keyboard.press("Escape")
    page.locator("#opened").wait_for(state="hidden")
    page.locator("table.students").get_by_role("link", name=EVIL).click()
    assert page.locator("h1").inner_text() == EVIL
    assert "owned" not in page.title().replace(EVIL, "")


@needs_chromium
def test_it_is_printed_without_its_controls_and_with_signs_beside_colours(page):
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator(".find").is_hidden()
    signs = set(page.locator("table.students td.cell").all_inner_texts())
    assert {"✔", "◐", "✘", "-", "?"} == signs


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_and_text_stands_out(page, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
    page.emulate_media(color_scheme=scheme)
    page.get_by_role("gridcell", name="Person 0001, conv.im2col").click()
    opened(page)
    with_dialog = axe.Axe().run(page)
    page.keyboard.press("Escape")
    page.locator("button[data-open=exercise]", has_text=re.compile("^conv.im2col$")).click()
    page.locator("dialog table.levels").wait_for()
    with_levels = axe.Axe().run(page)
    page.keyboard.press("Escape")
    plain = axe.Axe().run(page)
    page.locator("table.students").get_by_role("link", name="Person 0001").click()
    for found in (with_dialog, with_levels, plain, axe.Axe().run(page)):
        told = [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]
        assert told == []
        assert found.response["passes"]


WIDE = """[...document.querySelectorAll("body *")].filter((e) =>
  e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".heat, pre, dialog:not([open])"))
  .map((e) => e.outerHTML.slice(0, 90))"""


@needs_chromium
def test_a_phone_scrolls_in_one_direction(page):
    page.set_viewport_size({"width": 360, "height": 700})
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 360, page.evaluate(WIDE)
    page.get_by_role("gridcell", name="Person 0001, conv.im2col").click()
    opened(page)
    assert page.evaluate(width) <= 360, page.evaluate(WIDE)
    page.keyboard.press("Escape")
    page.locator("button[data-open=exercise]", has_text=re.compile("^conv.im2col$")).click()
    page.locator("dialog table.levels").wait_for()
    assert page.evaluate(width) <= 360, page.evaluate(WIDE)
    page.keyboard.press("Escape")
    page.locator("table.students").get_by_role("link", name="Person 0001").click()
    assert page.evaluate(width) <= 360, page.evaluate(WIDE)


@needs_chromium
def test_everything_can_be_reached_by_keyboard_and_the_grid_is_one_stop(page):
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a, input, summary')].filter(e =>"
        " !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"
    )
    assert unnamed == 0
    stops = "[...document.querySelectorAll('table.students [tabindex=\"0\"]')].length"
    assert page.evaluate(stops) == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_several_assignments_have_a_trend_and_a_table_each(tmp_path, course):
    with Gradebook(tmp_path / "g.db") as book:
        for name in ("hw1", "hw2"):
            hand_in(begin(book, name, asked=ASKED[:1]), "abc", [passed()])
        text = write_report(select_view(book), course, tmp_path / "out").read_text()
        alone = write_report(select_view(book, ["hw1"]), course, tmp_path / "one").read_text()
    assert text.count('<table class="students"') == 2
    assert text.count('<a href="#work-') == 2
    assert "From assignment to assignment" not in alone
    assert (tmp_path / "out" / "students" / "abc.html").is_file()


def test_who_handed_in_nothing_stands_once_and_people_in_the_order_of_their_numbers(
    tmp_path, course
):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        people = [Person(f"N{number}", (str(number),)) for number in (1, 2, 10, 11, 20)]
        book.note_roster(run.assignment, people)
        for number in (10, 2, 1):
            facts = [fact("conv.im2col", "crashed"), passed("pool.flatten")]
            hand_in(run, f"s{number}", facts, from_canvas(number), content=str(number))
        text = write_report(select_view(book), course, tmp_path / "out").read_text()
    look, absent = text.partition("Who needs a look")[2].split("<h3>Handed in nothing</h3>")
    named = re.compile("<bdi>(N[0-9]+)</bdi>")
    assert named.findall(look) == ["N1", "N2", "N10"]
    assert named.findall(absent.partition("<h3")[0]) == ["N11", "N20"]


def test_namesakes_stand_with_what_tells_them_apart_wherever_the_page_names_them(tmp_path, course):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        people = [("Lee, Kim", 1004), ("Lee, Kim", 1005), ("Roe, Eric", 1006), ("Lee, Kim", 1007)]
        book.note_roster(run.assignment, [Person(name, (str(key),)) for name, key in people])
        for (name, key), file in zip(people[:3], ("one", "two", "roe"), strict=True):
            facts = [fact("conv.im2col", "crashed"), passed("pool.flatten")]
            hand_in(run, file, facts, from_canvas(key, name), content=file)
        pairs = [Pair("one", "two", "conv.py", 0.9, BOTH, BOTH)]
        made = write_report(select_view(book), course, tmp_path / "out", pairs=pairs)
    text = made.read_text()
    look, absent = text.partition("Who needs a look")[2].split("<h3>Handed in nothing</h3>")
    named = re.compile("<bdi>(.*?)</bdi>")
    assert named.findall(look) == ["Lee, Kim (1004)", "Lee, Kim (1005)", "Roe, Eric"]
    assert named.findall(absent.partition("<h3")[0]) == ["Lee, Kim (1007)"]
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    in_table = sorted(row[0] for row in data["works"][0]["students"])
    assert in_table == ["Lee, Kim (1004)", "Lee, Kim (1005)", "Lee, Kim (1007)", "Roe, Eric"]
    assert [pair[0] for pair in data["pairs"][0][1:]] == in_table[:2]


@needs_chromium
def test_the_heat_map_takes_numbers_in_names_as_numbers(tmp_path, course, browser):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        for number in (10, 2, 1, 11):
            hand_in(run, f"n{number}", [passed(), passed("pool.flatten")])
        made = write_report(select_view(book), course, tmp_path / "out")
    page = browser.new_page()
    page.goto(made.as_uri())
    names = page.locator("table.students tbody th").all_inner_texts()
    page.close()
    assert names == ["n1", "n2", "n10", "n11"]


def test_what_has_no_room_is_left_to_the_students_pages_and_that_is_said(
    tmp_path, course, monkeypatch
):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        for number in range(60):
            made = mistaken()
            made["message"] = "".join(
                sha256(f"{number} {n}".encode()).hexdigest() for n in range(40)
            )
            hand_in(run, f"s{number:04}", [made, passed("pool.flatten")], from_canvas(number))
        view = select_view(book)
        whole = write_report(view, course, tmp_path / "a")
        assert "no room here" not in whole.read_text().partition("<script")[0]
        size = whole.stat().st_size - 40_000
        monkeypatch.setattr("grader.gradebook.pages.report.MAX_PAGE", size)
        monkeypatch.setattr("grader.gradebook.pages.evidence.TAIL", 10_000)
        cut = write_report(view, course, tmp_path / "b")
    assert cut.stat().st_size <= size + 1_000
    (left,) = re.findall(r"code behind (\d+) of 60 cells", cut.read_text())
    assert 0 < int(left) < 60
    assert MAX_PAGE < 2_000_000
