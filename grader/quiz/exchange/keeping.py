"""Make the file of a topic out of questions that were read."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import DlgradeError, Signal, UnheldError
from grader.quiz.exchange.question import Unheld
from grader.quiz.exchange.weighing import NUMBER
from grader.quiz.items.formulas import BLANK, BRACE, escaped
from grader.quiz.items.loading import load_topic
from grader.quiz.items.variants import draw_variant
from grader.quiz.kinds.matrix import split_rows
from grader.quiz.kinds.text import normal
from grader.quiz.marking import mark_answer, right_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exchange.question import PlainQuestion, Reply

Made = dict[str, object]
SIZES = re.compile(r"\d{1,9}(?:\s*x\s*\d{1,9})+")
LAST = 99


def keep(
    topic: str, title: str, questions: Sequence[PlainQuestion]
) -> tuple[str, list[Unheld], int]:
    """Write questions as a topic, each one loaded, drawn and answered before it is kept.

    Parameters
    ----------
    topic
        Its name, which begins every id.
    title
        One line for the list of topics.
    questions
        As they were read.

    Returns
    -------
    tuple of (str, list of Unheld, int)
        The TOML, what no item can hold, and how many are kept.
    """
    import tomli_w  # noqa: PLC0415 - only an import pays for it

    head = {"title": title, "place": LAST}
    items: list[Made] = []
    unheld = []
    ids: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        for question in questions:
            item_id = _free_id(topic, question.name, ids)
            try:
                item = _item(question, item_id)
                file = Path(folder, f"{topic}.toml")
                file.write_text(tomli_w.dumps({**head, "item": [item]}), encoding="utf-8")
                _try(Path(folder), topic)
            except (UnheldError, DlgradeError, Signal) as error:
                said = str(error).removeprefix(f"{item_id}: ")
                unheld.append(Unheld(question.line, question.name, said))
            else:
                items.append(item)
                ids.add(item_id)
    return tomli_w.dumps({**head, "item": items}), unheld, len(items)


def _try(folder: Path, topic: str) -> None:
    (item,) = load_topic(folder, topic).items
    for key in ("", "1/0"):
        variant = draw_variant(item, key)
        if not mark_answer(variant, right_answer(variant)).right:
            raise UnheldError("its own answer would not be found right")


def _free_id(topic: str, name: str, taken: set[str]) -> str:
    own = name.removeprefix(f"{topic}.").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", own).strip("-")[:60].strip("-") or "question"
    number, found = 1, f"{topic}.{slug}"
    while found in taken:
        number += 1
        found = f"{topic}.{slug}-{number}"
    return found


def _item(question: PlainQuestion, item_id: str) -> Made:
    if not question.text:
        raise UnheldError("it has no text")
    kind, body = _body(question)
    titles = [title for title, _ in question.tables]
    if len(set(titles)) < len(titles):
        raise UnheldError("two tables of it have one title")
    made: Made = {
        "id": item_id,
        "kind": kind,
        "deck": "added",
        "question": question.text,
        "explanation": question.explanation or "The answer was given without a reason.",
        "without_torch": "it comes from another program",
        **body,
    }
    if question.tables:
        made["tables"] = {t: repr([list(row) for row in rows]) for t, rows in question.tables}
    said = [text for key, value in made.items() if key != "tables" for text in _texts(value)]
    if any(BLANK.search(text) for text in said):
        made = {key: value if key == "tables" else _braced(value) for key, value in made.items()}
        made["let"] = BRACE
    return made


def _body(question: PlainQuestion) -> tuple[str, Made]:
    if question.form == "pairs":
        pairs = [list(pair) for pair in question.pairs]
        return "match", {"pairs": pairs, "extra": list(question.unused)}
    if question.form in ("choice", "choices"):
        kind = "single" if question.form == "choice" else "multiple"
        return kind, {"choices": [_choice(reply) for reply in question.replies]}
    if question.form == "number":
        return "number", _number(question)
    return _typed(question)


def _choice(reply: Reply) -> Made:
    made: Made = {"text": reply.text}
    if reply.right:
        made["right"] = True
    if reply.says:
        made["says"] = reply.says
        made |= {} if reply.right else {"slip": reply.text.strip()[:60]}
    return made


def _number(question: PlainQuestion) -> Made:
    right, *wrong = question.replies
    made: Made = {"answer": _formula(right.text)}
    if right.margin:
        made["tolerance"] = right.margin
    if right.text.startswith("-"):
        made["signed"] = True
    return made | _slips({reply.text: _formula(reply.text) for reply in wrong}, wrong)


def _slips(formulas: dict[str, str], wrong: Sequence[Reply]) -> Made:
    """Name each wrong answer that is told something; of several spellings, the first."""
    said: dict[tuple[str, str], Made] = {}
    for reply in wrong:
        if reply.says and reply.text in formulas:
            value = formulas[reply.text]
            made: Made = {"name": f"answers {reply.text}"[:60], "value": value, "says": reply.says}
            said.setdefault((value, reply.says), made)
    return {"slips": list(said.values())} if said else {}


def _typed(question: PlainQuestion) -> tuple[str, Made]:
    """Tell shapes, matrices and numbers from words: signs and sizes count in those."""
    rights = [reply for reply in question.replies if reply.right]
    wrong = [reply for reply in question.replies if not reply.right]
    for kind, formula in (("number", _formula), ("shape", _shape), ("matrix", _matrix)):
        found = formula(rights[0].text)
        if found:
            values = {reply.text: formula(reply.text) for reply in wrong}
            return kind, {"answer": found} | _slips({k: v for k, v in values.items() if v}, wrong)
    accepted = [reply.text for reply in rights]
    normals = {normal(text) for text in accepted}
    if "" in normals or normals & {normal(reply.text) for reply in wrong}:
        raise UnheldError("its right and wrong words differ in signs or capitals alone")
    told: dict[str, list[str]] = {}
    for reply in wrong:
        if reply.says:
            told.setdefault(reply.says, []).append(reply.text)
    slips = [{"name": f"answers {t[0]}"[:60], "texts": t, "says": says} for says, t in told.items()]
    return "text", {"accepted": accepted} | ({"slips": slips} if slips else {})


def _formula(text: str) -> str:
    """Return a number as a formula has it; "" for none."""
    if not NUMBER.fullmatch(text):
        return ""
    return re.sub(r"^(-?)0+(?=\d)", r"\1", text.removeprefix("+"))


def _shape(text: str) -> str:
    sizes = re.findall(r"\d+", text) if SIZES.fullmatch(text) else []
    return f"[{', '.join(str(int(size)) for size in sizes)}]" if sizes else ""


def _matrix(text: str) -> str:
    rows = split_rows(text)
    cells = [cell for row in rows for cell in row]
    if len(cells) < 2 or not all(NUMBER.fullmatch(cell) for cell in cells):
        return ""
    return "[" + ", ".join(f"[{', '.join(map(_formula, row))}]" for row in rows) + "]"


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def _braced(value: object) -> object:
    if isinstance(value, dict):
        return {key: _braced(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_braced(inner) for inner in value]
    return escaped(value) if isinstance(value, str) else value
