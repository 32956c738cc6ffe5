"""`grader.ask` in a real kernel that is typed into, in one that is not, and at a prompt."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest
from quiz_helpers import QUIZZES

from grader.quiz.items.loading import load_topic
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import right_answer
from grader.quiz.memory.history import History

jupyter_client = pytest.importorskip("jupyter_client", reason="jupyter_client is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # the client's own, about event loops
TOPIC = "transfer"
VARIANTS = [draw_variant(item) for item in load_topic(QUIZZES, TOPIC).items]


class Cell:
    """A cell that is run, with somebody who types: what it asks for and what it shows."""

    def __init__(self, client, answers):
        self._client, self._answers = client, list(answers)
        self.shown, self.screens, self.prompts, self.error = "", [], [], ""
        self.texts = []
        self._clear = False

    def run(self, code, *, can_type=True):
        self._client.execute_interactive(
            code, allow_stdin=can_type, timeout=120,
            stdin_hook=self._type, output_hook=self._show,
        )  # fmt: skip
        return self

    def _type(self, message):
        self.prompts.append(message["content"]["prompt"])
        answer = self._answers.pop(0)
        answer() if callable(answer) else self._client.input(answer)

    def _show(self, message):
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "clear_output":
            self._clear = content["wait"]
        elif kind == "display_data":
            self.shown = content["data"]["text/html"] + ("" if self._clear else self.shown)
            self._clear = False
            self.texts.append(content["data"]["text/plain"])
            self.screens.append(self.shown)  # one before each line that is read, one at the end
        elif kind == "error":
            self.error = f"{content['ename']}: {content['evalue']}"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """Return a client of a kernel with an empty history, and where that is."""
    home = tmp_path_factory.mktemp("kernel")
    manager = jupyter_client.KernelManager(kernel_name="python3")
    environment = {**os.environ, "XDG_DATA_HOME": str(home), "PYTHONPATH": str(QUIZZES.parent)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        manager.start_kernel(env=environment, cwd=str(home))
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=120)
            yield client, home, manager
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def events_of(home):
    return History(Path(home) / "dlgrade" / "quiz").events


def test_a_cell_asks_by_keyboard_and_ends_with_the_sum(kernel):
    """Questions are HTML, lines are read below them, and the history is the terminal's."""
    client, home, _ = kernel
    first = VARIANTS[0]
    answers = ["?", "no answer", *[right_answer(variant) for variant in VARIANTS], ""]
    cell = Cell(client, answers).run(f'import grader; grader.ask("{TOPIC}")')
    assert cell.error == ""
    assert cell._answers == []
    assert cell.prompts[0] == f"Your answer to 1 of {len(VARIANTS)}: "
    assert cell.prompts[-1] == "> "
    assert len(cell.screens) == len(cell.prompts) + 1
    assert first.question in cell.screens[0].replace("&#x27;", "'")
    assert f"{len(VARIANTS)} questions, about" in cell.screens[0]
    assert "skip (s) shows the answer" in cell.screens[1]
    assert "That cannot be read as an answer" in cell.screens[2]
    for number, screen in enumerate(cell.screens[3:-2], start=1):
        assert "Right." in screen  # the last verdict, above the next question
        assert screen.count('class="question"') == 1, number
    assert "That was the last question." in cell.screens[-2]
    line = f"{len(VARIANTS)} of {len(VARIANTS)} right at the first try."
    assert line in cell.shown
    assert "Nothing is due today; next:" in cell.shown
    assert [event.item for event in events_of(home)] == [
        *[variant.item.id for variant in VARIANTS], "",
    ]  # fmt: skip


def test_a_cell_of_a_day_is_stopped_gone_back_in_and_gone_on_with(kernel):
    """Without a topic it is today's; a wrong answer is taken back, and `q` ends it."""
    client, home, _ = kernel
    before = len(events_of(home))
    cell = Cell(client, ["skip", "undo", "q"]).run("import grader; grader.ask()")
    assert cell.error == ""
    assert re.search(r"Today: 8 new questions, about \d+ minutes", cell.screens[0])
    assert "Skipped." in cell.screens[1]
    assert "Taken back: your answer to" in cell.screens[2]
    assert "Stopped; 0 answers are saved. Go on with: dlgrade quiz today" in cell.shown
    assert len(events_of(home)) == before


def test_interrupting_the_kernel_stops_it_with_the_sum(kernel):
    """As Ctrl-C does in the terminal: no traceback, and all that was answered is kept."""
    client, home, manager = kernel
    before = len(events_of(home))
    cell = Cell(client, ["skip", manager.interrupt_kernel])
    cell.run('import grader; grader.ask("conv")')
    assert cell.error == ""
    assert "Stopped; 1 answer is saved. Go on with: dlgrade quiz conv" in cell.shown
    assert len(events_of(home)) == before + 1


def test_where_nothing_can_be_typed_one_line_says_what_to_do(kernel):
    """A notebook that is run as a whole has no keyboard; an unknown topic is told as ever."""
    client, home, _ = kernel
    before = events_of(home)
    cell = Cell(client, []).run('import grader; grader.ask("conv")', can_type=False)
    assert cell.error.startswith("UsageError: nothing can be typed into this notebook")
    assert "dlgrade quiz conv" in cell.error
    assert "\n" not in cell.error
    typo = Cell(client, []).run('grader.ask("cnov")').error
    assert typo.startswith("UnknownTargetError: ")
    assert "'conv'" in typo
    assert events_of(home) == before


def test_a_console_without_html_gets_the_text_of_a_terminal(kernel):
    """As Spyder's and Qt's have: the question, its options, the verdict and the sum."""
    client, _, _ = kernel
    cell = Cell(client, ["skip", "?", "q"]).run('import grader; grader.ask("pool")', can_type=True)
    assert "UnknownTargetError" in cell.error  # an exercise's module, whose questions are another's
    assert "dlgrade quiz" in cell.error
    cell = Cell(client, ["skip", "?", "q"]).run('import grader; grader.ask("losses")')
    first = draw_variant(load_topic(QUIZZES, "losses").items[0])
    plain = [" ".join(text.split()) for text in cell.texts]
    assert " ".join(first.question.split()) in plain[0]
    assert "Skipped." in plain[1]
    assert first.question not in plain[2]
    assert "skip (s) shows the answer" in plain[2]
    assert plain[3].startswith("Stopped; 1 answer is saved.")
    assert all("<" + "p>" not in text for text in plain)


def test_today_is_a_word_for_the_day_and_what_is_no_topic_is_one_line(kernel):
    """A function, a number, a seed that is none: what to write instead."""
    client, _, _ = kernel
    cell = Cell(client, ["q"]).run('import grader; grader.ask("today")')
    assert "Go on with: dlgrade quiz today" in cell.shown
    for given, said in (
        ("len", 'UsageError: a topic is a text, as in grader.ask("conv")'),
        ("5", 'UsageError: a topic is a text, as in grader.ask("conv")'),
        ('"conv", seed="5"', "UsageError: a seed is a whole number"),
    ):
        assert Cell(client, []).run(f"grader.ask({given})").error.startswith(said)


def test_at_a_prompt_it_is_the_terminals(tmp_path):
    """Python without a notebook: lines, as `dlgrade quiz` shows them; Ctrl-D stops."""
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(QUIZZES.parent)}
    found = subprocess.run(
        [sys.executable, "-c", f'import grader; grader.ask("{TOPIC}", seed=3)'],
        input="skip\n", env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert "Skipped." in found.stdout
    assert f"Go on with: dlgrade quiz {TOPIC} --seed 3" in found.stdout
    assert found.stderr == ""


def test_what_a_notebook_shows_is_text(monkeypatch):
    """No word of a question is markup in a cell."""
    from grader.student.notebook.asked import NotebookScreen

    shown = []
    publisher = SimpleNamespace(publish=lambda data: shown.append(data["text/html"]))
    running = SimpleNamespace(display_pub=publisher)
    ipython = SimpleNamespace(get_ipython=lambda: running)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    screen = NotebookScreen("conv")
    evil = "<script>alert(1)</script>"
    screen.say(evil)
    screen.warn(evil)
    screen.unreadable(evil)
    screen.read_as(evil)
    screen.close()
    assert "<script>" not in shown[0]
    assert shown[0].count("&lt;script&gt;") == 4
