"""The fields of a question: what each kind is answered with, and the answer that they hold."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from grader.errors import UnreadableAnswerError
from grader.quiz.items.item import LETTERS
from grader.quiz.kinds.matrix import rows_of
from grader.quiz.marking import expected_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.quiz.items.item import Variant

    Form: TypeAlias = Mapping[str, Sequence[str]]

MAX_TYPED = 2000
WORDS = ("true", "false")
RADIOS = frozenset({"single", "code"})
UNCHOSEN = "nothing is chosen yet"
INVALID = ' aria-invalid="true"'
NOT_ONE = re.compile(r"[\s,;\[\]]")  # what one number does not hold


def typed_answer(variant: Variant, form: Form) -> str:
    """Return the answer that a form holds, as it could have been typed.

    Parameters
    ----------
    variant
        The question.
    form
        The values of each field.

    Returns
    -------
    str
        One line.

    Raises
    ------
    UnreadableAnswerError
        A field that is needed is empty.
    """
    kind = variant.item.kind
    if kind in RADIOS or kind == "multiple":
        taken = form.get("choice", ())
        return _needed(taken if kind == "multiple" else taken[:1], UNCHOSEN)
    if kind == "claim":
        missing = "both are needed, true or false and the reason"
        return _needed([_first(form, "word"), _first(form, "choice")], missing)
    if kind in ("match", "order"):
        return _placed(variant, form)
    if has_grid(variant):
        return _grid_answer(variant, form)
    text = " ".join(_first(form, "typed").split())
    if not text:
        raise UnreadableAnswerError(f"nothing is typed yet; expected {expected_form(variant)}")
    return text


def has_grid(variant: Variant) -> bool:
    """Tell whether a matrix is filled in element by element: its size is no part of the answer."""
    return variant.item.kind == "matrix" and not variant.posed.loose


def render_fields(variant: Variant, form: Form, *, described: str, refused: bool = False) -> str:
    """Write the fields of a question.

    Parameters
    ----------
    variant
        The question.
    form
        What was in them, where an answer could not be read.
    described
        The ids of what describes them, such as "question complaint".
    refused
        Whether what was in them is no answer.

    Returns
    -------
    str
        HTML; the first field without an answer has the focus.
    """
    kind = variant.item.kind
    if kind in RADIOS:
        name = "The wrong line" if kind == "code" else "One of these"
        return _choices(variant, form, name, described)
    if kind == "multiple":
        return _choices(variant, form, "All that are right", described)
    if kind == "claim":
        return _claim(variant, form, described)
    if kind in ("match", "order"):
        return _places_to_fill(variant, form, described, refused=refused)
    if has_grid(variant):
        return _grid(variant, form, described, refused=refused)
    return (
        f'<label for="typed">Your answer</label><input type="text" id="typed" name="typed"'
        f' value="{escape(_first(form, "typed"))}" maxlength="{MAX_TYPED}" spellcheck="false"'
        f' autocapitalize="none" autocorrect="off" aria-describedby="{described}" autofocus'
        f"{INVALID if refused else ''}>"
    )


def render_options(variant: Variant, signs: Callable[[str], str]) -> str:
    """Write what can be chosen as a list.

    Parameters
    ----------
    variant
        A question with options.
    signs
        What to write behind an option, by its letter; "" for nothing.

    Returns
    -------
    str
        HTML; "" where there are none.
    """
    options = zip(LETTERS, variant.posed.options, strict=False)
    lines = "".join(
        f'<li><span class="letter">{letter})</span> <div>{option_html(variant, option.text)}'
        f"{_sign(signs(letter))}</div></li>"
        for letter, option in options
    )
    return f'<ul class="options">{lines}</ul>' if lines else ""


def render_lefts(variant: Variant) -> str:
    """Write what is to be matched as a numbered list; "" where there is nothing."""
    lines = "".join(f"<li>{escape(left)}</li>" for left in variant.posed.lefts)
    return f"<ol>{lines}</ol>" if lines else ""


def option_html(variant: Variant, text: str) -> str:
    """Write the text of an option: a line of code keeps its blanks."""
    tag = "code" if variant.item.kind == "code" else "span"
    return f'<{tag} class="text">{escape(text)}</{tag}>'


def _sign(text: str) -> str:
    return f' <em class="sign">({escape(text)})</em>' if text else ""


def _first(form: Form, name: str) -> str:
    return form.get(name, [""])[0]


def _lacking(form: Form, names: Sequence[str]) -> str:
    """Return the first field that holds no answer; "" where each holds one."""
    held = {name: _first(form, name).strip() for name in names}
    return next((name for name, text in held.items() if not text or NOT_ONE.search(text)), "")


def _needed(parts: Iterable[str], missing: str) -> str:
    found = [part.strip() for part in parts]
    if not found or not all(found):
        raise UnreadableAnswerError(missing)
    return " ".join(found)


def _places(variant: Variant) -> int:
    return len(variant.posed.lefts or variant.posed.options)


def _placed(variant: Variant, form: Form) -> str:
    letters = [_first(form, f"place-{n}") for n in range(1, _places(variant) + 1)]
    if variant.item.kind == "order":
        return _needed(letters, "a step has no letter yet")
    _needed(letters, "a number has no letter yet")
    return " ".join(f"{n}{letter}" for n, letter in enumerate(letters, start=1))


def _grid_answer(variant: Variant, form: Form) -> str:
    """Join the elements; each is one number, so that none slips into the place of another."""
    rows = rows_of(variant.posed.key)
    lines = []
    for r, row in enumerate(rows, start=1):
        cells = []
        for c in range(1, len(row) + 1):
            cell = _first(form, f"cell-{r}-{c}").strip()
            where = f"row {r}, column {c}" if len(rows) > 1 else f"number {c}"
            if not cell:
                raise UnreadableAnswerError(f"{where} is empty")
            if NOT_ONE.search(cell):
                raise UnreadableAnswerError(f"{where} is one number, with a point for decimals")
            cells.append(cell)
        lines.append(" ".join(cells))
    return "; ".join(lines)


def _choices(variant: Variant, form: Form, name: str, described: str) -> str:
    kind = "checkbox" if variant.item.kind == "multiple" else "radio"
    # a claim begins with true or false
    focus = variant.item.kind != "claim" or _lacking(form, ("word", "choice")) == "choice"
    taken, lines = set(form.get("choice", ())), []
    for place, (letter, option) in enumerate(zip(LETTERS, variant.posed.options, strict=False)):
        checked = " checked" if letter in taken else ""
        wanted = letter in taken if taken and kind == "radio" else place == 0
        focused = " autofocus" if focus and wanted else ""
        lines.append(
            f'<label class="choice"><input type="{kind}" name="choice" value="{letter}"'
            f'{checked}{focused}> <span class="letter">{letter})</span>'
            f" {option_html(variant, option.text)}</label>"
        )
    return (
        f'<fieldset aria-describedby="{described}"><legend>{name}</legend>'
        f"{''.join(lines)}</fieldset>"
    )


def _claim(variant: Variant, form: Form, described: str) -> str:
    taken, lines = _first(form, "word"), []
    focus = _lacking(form, ("word", "choice")) != "choice"
    for word in WORDS:
        checked = " checked" if word == taken else ""
        focused = " autofocus" if focus and word == (taken or WORDS[0]) else ""
        lines.append(
            f'<label class="choice"><input type="radio" name="word" value="{word}"{checked}'
            f"{focused}> {word}</label>"
        )
    reasons = _choices(variant, form, "The reason", described)
    return (
        f'<fieldset aria-describedby="{described}"><legend>The claim is</legend>'
        f"{''.join(lines)}</fieldset>{reasons}"
    )


def _places_to_fill(variant: Variant, form: Form, described: str, *, refused: bool) -> str:
    """Write a list of letters to choose from for each number, or for each step."""
    texts = variant.posed.lefts or [f"Step {n + 1}" for n in range(_places(variant))]
    lacking = _lacking(form, [f"place-{n}" for n in range(1, len(texts) + 1)])
    lines = []
    for n, text in enumerate(texts, start=1):
        taken = _first(form, f"place-{n}")
        letters = "".join(
            f'<option value="{letter}"{" selected" if letter == taken else ""}>'
            f"{letter}) {escape(option.text)}</option>"
            for letter, option in zip(LETTERS, variant.posed.options, strict=False)
        )
        number = f"{n}. " if variant.posed.lefts else ""
        marks = _marks(f"place-{n}", lacking, refused=refused, first=n == 1)
        lines.append(
            f'<label class="place">{number}{escape(text)}<select name="place-{n}"{marks}>'
            f'<option value="">choose</option>{letters}</select></label>'
        )
    name = "What goes with each" if variant.posed.lefts else "The first step first"
    listed = render_options(variant, lambda _: "")
    return (
        f'{listed}<fieldset aria-describedby="{described}"><legend>{name}</legend>'
        f"{''.join(lines)}</fieldset>"
    )


def _marks(name: str, lacking: str, *, refused: bool, first: bool) -> str:
    """Write which field has the focus, and which are to be mended: all, where none is lacking."""
    focus = name == lacking or (first and not lacking)
    return f"{' autofocus' if focus else ''}{INVALID if refused and lacking in ('', name) else ''}"


def _grid(variant: Variant, form: Form, described: str, *, refused: bool) -> str:
    rows, lines = rows_of(variant.posed.key), []
    places = [(r, c) for r, row in enumerate(rows, start=1) for c in range(1, len(row) + 1)]
    lacking = _lacking(form, [f"cell-{r}-{c}" for r, c in places])
    for r, row in enumerate(rows, start=1):
        cells = []
        for c in range(1, len(row) + 1):
            name = f"Row {r}, column {c}" if len(rows) > 1 else f"Number {c}"
            value = escape(_first(form, f"cell-{r}-{c}"))
            marks = _marks(f"cell-{r}-{c}", lacking, refused=refused, first=(r, c) == (1, 1))
            cells.append(
                f'<input type="text" name="cell-{r}-{c}" aria-label="{name}" value="{value}"'
                f' maxlength="100" size="6" autocapitalize="none" spellcheck="false"{marks}>'
            )
        lines.append(f'<div class="row">{"".join(cells)}</div>')
    name = f"{len(rows)} rows of {len(rows[0])} numbers"
    legend = name if len(rows) > 1 else f"{len(rows[0])} numbers"
    return (
        f'<fieldset class="grid" aria-describedby="{described}"><legend>{legend}</legend>'
        f"{''.join(lines)}</fieldset>"
    )
