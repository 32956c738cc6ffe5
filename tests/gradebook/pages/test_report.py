"""The class's page in a browser: drawn, sorted, searched, opened, printed, without a network."""

from __future__ import annotations

import re
import shutil

import pytest
from books import ASKED, at, begin, fact, from_canvas, hand_in, passed, wrong

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.charts import script
from grader.gradebook.pages.report import write_report
from grader.gradebook.people.person import Person
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view

OWN = "document.title='owned'"
EVIL = f'</td></script><script>{OWN}</script><img src=x onerror="{OWN}">'
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium (`apt install chromium`)"
)


def make_class(path, count=12):
    book = Gradebook(path)
    run = begin(book)
    people = [Person(f"Person {n:04}", (str(n),)) for n in range(count)]
    people.append(Person(EVIL, ("9999",)))
    book.note_roster(run.assignment, people)
    kinds = (
        [passed(), passed("pool.flatten")],
        [wrong(), passed("pool.flatten")],
        [wrong(), fact("pool.flatten", "crashed", message="it ran out of memory")],
    )
    for n in range(count - 1):
        when = at("2026-11-02T12:00") if n % 5 == 4 else at("2026-10-30T12:00")
        hand_in(run, f"s{n:04}", kinds[n % 3], from_canvas(n, came_in=when), content=str(n % 3))
    hand_in(
        run, EVIL, [fact("conv.im2col", "failed", levels=[(EVIL, "failed", 2.0)], message=EVIL)]
    )
    book.note_override(run.assignment, "s0001", "conv.im2col", 2.0, "why not")
    return book


@pytest.fixture(scope="module")
def page_file(tmp_path_factory, course):
    folder = tmp_path_factory.mktemp("report")
    policy = Policy(read_rule("2026-11-01 00:00Z: 10%/day"))
    with make_class(folder / "g.db") as book:
        return write_report(select_view(book, policy=policy), course, folder / "out")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the playwright package")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser, page_file):
    """Open the report; fail on any error and on any request that leaves the disk."""
    context = browser.new_context(offline=True, color_scheme="light")
    made = context.new_page()
    troubles = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on(
        "console", lambda line: line.type in ("error", "warning") and troubles.append(line.text)
    )
    made.on("request", lambda one: one.url.startswith("file:") or troubles.append(one.url))
    made.goto(page_file.as_uri())
    made.evaluate("window.drawn")
    yield made
    context.close()
    assert troubles == []


def names(page):
    return page.locator("table.students tbody tr:visible th").all_inner_texts()


def test_the_page_counts_what_became_of_the_class(page_file):
    text = page_file.read_text().replace(script(), "")
    assert "13 students, 12 of whom handed in something." in text
    assert re.search(r"window-transposed</td><td>Run along the rows first\.</td>"
                     r'<td class="number">7</td>', text)  # fmt: skip
    assert "4711" not in text
    assert page_file.stat().st_size < 2_000_000
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", text)


@needs_chromium
def test_every_chart_is_drawn_without_a_network(page):
    assert page.locator(".chart svg").count() == 3
    assert page.locator(".chart[aria-label]").count() == 3


@needs_chromium
def test_the_table_is_sorted_by_a_click_and_by_the_keyboard(page):
    page.get_by_role("button", name="points").first.click()
    points = page.locator("table.students tbody tr td:nth-child(2)").all_inner_texts()
    assert points == sorted(points)
    head = page.get_by_role("button", name="points").first
    head.focus()
    page.keyboard.press("Enter")
    points = page.locator("table.students tbody tr td:nth-child(2)").all_inner_texts()
    assert points == sorted(points, reverse=True)
    assert page.locator("th[aria-sort=descending]").count() == 1


@needs_chromium
def test_searching_shows_those_who_fit_and_says_how_many(page):
    page.get_by_role("searchbox").fill("LATE person")
    assert names(page) == ["Person 0004", "Person 0009"]
    page.get_by_role("searchbox").fill("person 0003")
    assert names(page) == ["Person 0003"]
    assert page.get_by_role("status").inner_text() == "1 shown"
    page.get_by_role("searchbox").fill("")
    assert len(names(page)) == 13


@needs_chromium
def test_a_students_page_is_one_click_away(page):
    page.locator("table.students").get_by_role("link", name="Person 0001").click()
    assert page.locator("h1").inner_text() == "Person 0001"
    assert "Points given by hand: why not" in page.inner_text("main")


@needs_chromium
def test_hostile_names_stay_text(page):
    assert EVIL in names(page)
    assert page.title() == "The class: hw2"
    page.locator("table.students").get_by_role("link", name=EVIL).click()
    assert page.locator("h1").inner_text() == EVIL
    assert "owned" not in page.title().replace(EVIL, "")


@needs_chromium
def test_it_is_printed_without_its_controls(page):
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator(".controls").first.is_hidden()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_paper_in_dark_and_light(page, scheme):
    page.emulate_media(color_scheme=scheme)
    ratios = page.evaluate(CONTRAST)
    assert min(ratios.values()) >= 4.5, ratios


@needs_chromium
def test_everything_can_be_reached_by_keyboard_and_has_a_name(page):
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a, input, summary')].filter(e =>"
        " !(e.textContent.trim() || e.labels?.length || e.ariaLabel) || e.tabIndex < 0).length"
    )
    assert unnamed == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


CONTRAST = """() => {
  const style = getComputedStyle(document.documentElement), made = {};
  const light = (name) => {
    const hex = style.getPropertyValue(name).trim().slice(1);
    const parts = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  for (const ink of ["--ink", "--good", "--bad", "--doubt", "--link"])
    for (const paper of ["--paper", "--soft"]) {
      const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
      made[ink + " on " + paper] = (a + 0.05) / (b + 0.05);
    }
  return made;
}"""


def test_two_assignments_have_two_tables(tmp_path, course):
    with Gradebook(tmp_path / "g.db") as book:
        for name in ("hw1", "hw2"):
            hand_in(begin(book, name, asked=ASKED[:1]), "abc", [passed()])
        text = write_report(select_view(book), course, tmp_path / "out").read_text()
    assert text.count('<table class="students"') == 2
    assert (tmp_path / "out" / "students" / "abc.html").is_file()


def test_every_name_in_the_table_stands_apart_from_what_is_around_it(page_file):
    text = page_file.read_text()
    assert text.count('"><bdi>Person 00') >= 12
    assert '">Person 00' not in text
