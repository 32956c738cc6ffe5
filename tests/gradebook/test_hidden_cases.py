"""A function that remembers its hidden arguments cannot hand them to its author."""

from __future__ import annotations

import io
import json

import pytest
from books import begin, hand_in

from grader.engine.document import fact_of
from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.view import select_view

SIZE = "conv.conv_output_size"
KEEPING = """
import sys
seen = []
def keep(a):
    seen.append("<" + ",".join(map(str, a)) + ">")
    print(seen)
    return " ".join(seen)
def conv_output_size(*a):
    text = keep(a)
"""
WAYS = {
    "a message": "    raise RuntimeError(text)",
    "the name of a class": "    raise type(text, (Exception,), {})",
    "a result": "    return [text]",
    "a key": "    return {text: 1}",
    "the name of a type": "    return type(text, (), {})()",
    "the name of a function": "    exec(compile('def f(): raise KeyError', __file__, 'exec'))\n"
    "    f = locals()['f']\n    f.__code__ = f.__code__.replace(co_name=text)\n    f()",
    "the name of a file": "    import os\n    name = os.path.dirname(__file__) + '/' + text\n"
    "    exec(compile('raise KeyError', name, 'exec'))",
}


@pytest.mark.parametrize("way", WAYS)
def test_hidden_arguments_come_back_in_nothing_that_a_student_sees(way, engine, course, tmp_path):
    (tmp_path / "conv.py").write_text(KEEPING + WAYS[way])
    (result,) = engine.check(tmp_path, [course.exercise(SIZE)]).exercises
    where = result.location
    details = {
        "location": where and {"file": where.file, "line": where.line, "function": where.function},
        "separation": result.separation,
        "notes": list(result.notes),
        "output": result.output,
    }
    assert result.earned == 0
    fact = fact_of(result, details)
    assert "<1," in json.dumps(fact)  # the instructor reads it
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book, asked=[(SIZE, 0, 1.0)]), "abc", [fact])
        view = select_view(book)
        (file,) = write_feedback(view, course, tmp_path / "pages").values()
        seen = [(tmp_path / "pages" / file).read_text().partition("</style>")[2]]
        for form in ("gradescope", "junit"):
            stream = io.StringIO()
            load_exporter(form)(view, stream, Options())
            seen.append(stream.getvalue())
        (whole,) = write_feedback(view, course, tmp_path / "all", show_cases=True).values()
        report = (tmp_path / "all" / whole).read_text()
    for text in seen:
        assert "&lt;1," not in text
        assert "<1," not in text
        assert not [n for n in range(30) if f"{n},{n}" in text.replace(" ", "")]
    assert "smallest failing case" in report
