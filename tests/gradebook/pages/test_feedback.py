"""A student's page says what was wrong and where to look, and nothing that is not the student's."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from html.parser import HTMLParser

import pytest
from books import WRONG, at, begin, fact, from_canvas, hand_in, make_class, passed, wrong

from grader.errors import UsageError
from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.advice import Advice
from grader.gradebook.pages.feedback import file_name, write_feedback
from grader.gradebook.pages.markup import topic_markup
from grader.gradebook.pages.report import write_report
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view

EVIL = "</title><script>alert('x')</script>\"><img src=x onerror=alert(1)>\u202e\x1b[31m"


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [name for name, _ in attrs]


def tags_of(text):
    parser = Tags()
    parser.feed(text)
    assert not [name for name in parser.attributes if name.startswith("on")]
    return parser.tags


@pytest.fixture
def write(tmp_path, course):
    def run(book, **how):
        policy = how.pop("policy", None)
        chosen = select_view(book, how.pop("assignments", ()), how.pop("student", None), policy)
        written = write_feedback(chosen, course, tmp_path / "pages", **how)
        return {name: (tmp_path / "pages" / file).read_text() for name, file in written.items()}

    return run


def test_a_page_shows_points_by_level_the_case_the_mistake_and_what_to_read(book, write):
    page = write(book)["roeric"]
    for text in (
        "hw2: 2 of 3 points", "stride 1, no padding", "any stride", "wrong answer",
        "<strong>cols is wrong</strong>",
        "<strong>Likely:</strong> Run along the rows first.", "Where: conv.py, line 7",
        "Take a 2x3 image and a 2x2 window",
        "exercise conv.zero_pad2d", "exercise conv.conv_output_size",
    ):  # fmt: skip
        assert text in page


def test_a_page_has_the_topics_of_what_is_to_be_mended_at_its_end_and_leads_to_them(book, write):
    page = write(book)["roeric"]
    assert page.count('<details id="topic-conv">') == 1
    assert page.count('href="#topic-conv"') >= 1
    assert page.index('href="#topic-conv"') < page.index('<details id="topic-conv">')
    topic = page.partition('<details id="topic-conv">')[2]
    assert "<h4>im2col</h4>" in topic
    assert "correlate2d(image, edges)" in topic
    assert "&gt;&gt;&gt; " in topic
    assert "topic-pool" not in page  # nothing of it is to be mended
    for text in write(book).values():
        links = set(re.findall(r'href="#(topic-\w+)"', text))
        assert links == set(re.findall(r'<details id="(topic-\w+)">', text))


def test_a_hint_of_several_lines_is_in_letters_of_one_width(book, write):
    """Its sums and its skeleton are lined up; the question before them is a sentence."""
    page = write(book)["roeric"]
    shown = re.findall(r"<li( class=\"lines\")?>(.*?)</li>", page, re.DOTALL)
    hints = [(bool(kind), text) for kind, text in shown if kind or text.endswith("?")]
    assert {kind for kind, _ in hints} == {True, False}
    assert all(kind == ("\n" in text) for kind, text in hints)
    assert re.search(r"\.hints \.lines \{[^}]*monospace", page)


def test_a_topic_of_a_course_is_text_and_never_a_tag(tmp_path, course):
    text = "# conv\n\n<script>alert(1)</script> [x](javascript:alert(1)) `<b>`\n\n```\n<i>\n```\n"
    made = str(topic_markup(text))
    assert tags_of(made) <= {"p", "code", "pre", "a"}
    assert "javascript:" not in re.findall(r'href="([^"]*)', made)
    assert "&lt;script&gt;" in made


def test_a_name_in_a_gradebook_leads_to_no_file(course):
    advice = Advice(course)
    for name in ("../../README.x", "../topics/conv.x", "", ".", "conv\0.x"):
        assert advice.find_topic(name) is None
    assert advice.find_topic("conv.im2col").title.startswith("conv: ")


CODE = {"file": "conv.py", "first": 6, "line": 7, "text": "a = 1\nb = '<i>' * a"}


def with_code(location, file="conv.py"):
    made = wrong()
    made["details"] = {"location": location, "code": {**CODE, "file": file}}
    return made


def test_what_is_to_be_mended_comes_first_and_what_passed_is_a_strip_below(tmp_path, write):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [wrong(), passed("pool.flatten")])
        page = write(book, show_cases=True)["abc"].partition("<main>")[2]
    where = [page.index(text) for text in (
        "hw2: 2 of 3 points", 'class="mend"', "wrong answer", "0.25*", "Likely:", "Where:",
        "To read again:", "Passed, 1 of 2", "pool.flatten", "Points by exercise and level",
    )]  # fmt: skip
    assert where == sorted(where)


def test_one_cause_of_many_exercises_is_told_once(tmp_path, write):
    asked = [(f"conv.f{n}", n, 1.0) for n in range(5)]
    with Gradebook(tmp_path / "g.db") as book:
        facts = [fact(name, "missing", message="there is no file conv.py") for name, *_ in asked]
        hand_in(begin(book, asked=asked), "abc", facts)
        page = write(book)["abc"].partition("<main>")[2]
    assert page.count("there is no file conv.py") == page.count('<section class="mend"') == 1
    assert "5 exercises" in page
    assert 'id="0-4"' in page


def test_the_students_own_lines_stand_beside_the_case_the_failing_one_marked(tmp_path, write):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [with_code({"file": "conv.py", "line": 7, "function": "f"})])
        page = write(book)["abc"]
    assert "<i>   6  </i>a = 1\n" in page
    assert "<b><i>   7  </i>b = &#39;&lt;i&gt;&#39; * a</b>" in page


@pytest.mark.parametrize("file", ["helper.py", "cell 1; 3, 4", "chosen.py"])
def test_lines_that_the_code_could_choose_stay_hidden_with_the_cases(tmp_path, write, file):
    chosen = with_code({"file": file, "line": 7, "function": "f"}, file)
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [chosen])
        hidden, shown = write(book)["abc"], write(book, show_cases=True)["abc"]
    assert "a = 1" not in hidden
    assert "a = 1" in shown


def test_neither_the_seed_nor_the_arguments_of_hidden_cases_are_shown(book, write):
    pages = "".join(write(book).values())
    assert "4711" not in pages
    assert WRONG["call"] not in pages
    assert "0.5 0.25" not in pages
    assert "arguments, which stay hidden" in pages
    assert "the same at every attempt" in pages


def test_the_arguments_are_shown_on_request_and_where_students_own_the_cases(tmp_path, book, write):
    shown = write(book, show_cases=True)["roeric"]
    assert WRONG["call"] in shown
    assert "<mark>0.25*</mark>" in shown
    assert "cols[0, 0, 0] = 0.25, expected 0.5" in shown
    assert "the same at every attempt" not in shown
    with Gradebook(tmp_path / "own.db") as own:
        hand_in(begin(own, seed=0), "abc", [wrong()])
        page = write(own)["abc"]
    assert WRONG["call"] in page
    assert "stay hidden" not in page


@pytest.mark.parametrize("status", ["crashed", "timeout"])
def test_a_call_that_never_came_back_gives_no_answer_to_show(tmp_path, write, status):
    lethal = {**WRONG, "actual": None}
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [fact("conv.im2col", status, counterexample=lethal)])
        hidden, shown = write(book)["abc"], write(book, show_cases=True)["abc"]
    assert "smallest failing case" not in hidden
    assert WRONG["call"] in shown
    assert "<h4>got</h4>" not in shown


def test_no_page_has_a_script_or_reaches_for_anything(tmp_path, write):
    with Gradebook(tmp_path / "evil.db") as book:
        run = begin(book, f"hw {EVIL}")
        bad = {**wrong(), "message": EVIL, "diagnosis": {"id": "x", "message": EVIL}}
        bad["details"] = {
            "location": {"file": EVIL, "line": 1},
            "separation": EVIL,
            "notes": [EVIL],
        }
        bad["counterexample"] = {
            **WRONG,
            "call": EVIL,
            "actual": EVIL,
            "expected": {"raises": EVIL},
        }
        bad["levels"][1]["name"] = EVIL
        hand_in(run, EVIL, [bad, fact("quiz.conv", "failed")], from_canvas(1, name=EVIL))
        (page,) = write(book, show_cases=True).values()
    assert not tags_of(page) & {"script", "img", "link", "iframe", "base", "form"}
    assert "\x1b" not in page.split("<main>")[0]
    assert "http" not in page.replace("http-equiv", "")


def test_what_a_foreign_gradebook_says_turns_no_line_around(tmp_path, write, course):
    turn = f"{chr(0x202E)}turned{chr(0x2066)}{chr(0x1B)}"
    with Gradebook(tmp_path / "foreign.db") as book:
        run = begin(book, f"hw {turn}")
        bad = {**wrong(), "message": turn, "diagnosis": {"id": turn, "message": turn}}
        code = {"file": turn, "first": 1, "line": 2, "text": f"def f():\n\treturn 1  # {turn}"}
        where = {"file": turn, "line": 1}
        bad["details"] = {"location": where, "separation": turn, "notes": [turn], "code": code}
        raised = {"raises": turn}
        bad["counterexample"] = {**WRONG, "call": turn, "actual": turn, "expected": raised}
        bad["levels"][1]["name"] = turn
        hand_in(run, "abc", [bad, passed("pool.flatten")], from_canvas(1, name=turn))
        book.note_overrides(run.assignment, [("abc", "pool.flatten", 0.5, turn)])
        note_excuses(book, run.assignment, [("abc", Excuse(True, turn))])
        (page,) = write(book, show_cases=True).values()
        hand_in(run, "abd", [bad, passed("pool.flatten")], from_canvas(2))
        text = write_report(select_view(book), course, tmp_path / "report").read_text("utf-8")
        stream = io.StringIO()
        load_exporter("gradescope")(
            select_view(book, student="abc"), stream, Options(show_cases=True)
        )
    packed = re.search(r'id="evidence">([^<]*)<', text)[1]
    lines = zlib.decompress(base64.b64decode(packed)).decode().splitlines()
    data = re.search(r'id="data">([^<]*)<', text)[1]
    told = json.dumps([json.loads(data), *map(json.loads, lines)], ensure_ascii=False)
    results = json.loads(stream.getvalue())
    outputs = [results["output"], *(test["output"] for test in results["tests"])]
    for shown in (page, text, told, *outputs):
        assert not (set(turn) - set("turned")) & set(shown)
        assert "turned" in shown
    assert page.count("u202eturned") > 8
    assert "<i>   2  </i>\treturn 1" in page


def test_pages_have_names_of_their_own_whatever_students_are_called():
    names = [
        "abc",
        "Abc",
        "../Abc",
        "../abc",
        "abc/",
        "a" * 300,
        "",
        ".",
        "=1+1",
        "Zé",
        "con",
        "abc-96f599a0",
        "\x00",
        "🦊",
    ]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(files)
    for file in files:
        assert file == file.lower()
        assert set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-.")
        assert not file.startswith((".", "-", "con."))
        assert len(file) < 60
    assert file_name("examplegiven_101") == "examplegiven_101.html"


def test_everybody_gets_a_page_and_it_says_what_happened(tmp_path, write):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        book.note_roster(
            run.assignment,
            [Person("Given Example", ("1",)), Person("Another Samename", ("2",))],
        )
        hand_in(
            run,
            "examplegiven",
            [passed(), {**wrong("pool.flatten"), "status": "ungraded"}],
            from_canvas(1),
        )
        book.note_overrides(run.assignment, [("examplegiven", "conv.im2col", 1.5, "copied <b>")])
        pages = write(book)
    assert list(pages) == ["Another Samename", "examplegiven"]
    assert "Nothing was handed in." in pages["Another Samename"]
    assert "not final" in pages["examplegiven"]
    assert "Points given by hand: copied &lt;b&gt;" in pages["examplegiven"]
    assert "<h1><bdi>Given Example</bdi></h1>" in pages["examplegiven"]


def test_lateness_is_said_beside_the_points(tmp_path, write):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "abc", [passed()], from_canvas(1, came_in=at("2026-11-02T00:00:01")))
        page = write(book, policy=Policy(read_rule("2026-11-01 00:00Z: 10%/day")))["abc"]
    assert "2 days late: 20% taken off, 1.6 points count." in page


def test_a_student_of_several_assignments_has_one_page(tmp_path, write):
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book, "hw1"), "abc", [passed()])
        hand_in(begin(book, "hw2"), "abc", [wrong()])
        hand_in(begin(book, "hw2"), "bob", [wrong()])
        pages = write(book)
    assert [pages[name].count("<h2 id=") for name in ("abc", "bob")] == [2, 1]


def test_a_folder_that_cannot_be_made_is_an_error_in_one_line(tmp_path, book, course):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        write_feedback(select_view(book), course, tmp_path / "file" / "pages")


def test_the_same_gradebook_gives_the_same_pages(tmp_path, write):
    book, _ = make_class(tmp_path / "same.db")
    assert write(book) == write(book)
    book.close()


def test_a_name_from_right_to_left_does_not_turn_what_stands_after_it_around(tmp_path, write):
    name = "\u05e0\u05e2\u05dd"
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), name, [passed()], from_canvas(1))
        assert f"<h1><bdi>{name}</bdi></h1>" in write(book)[name]
