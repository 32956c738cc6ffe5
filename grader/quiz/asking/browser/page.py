"""The HTML of a sitting: an open question, a verdict, and the end; every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from grader.quiz.asking.browser.document import write_document
from grader.quiz.asking.browser.fields import (
    has_grid,
    render_fields,
    render_lefts,
    render_options,
)
from grader.quiz.asking.browser.pages import ANSWER, NEXT, OLD, STOP
from grader.quiz.asking.telling import (
    tell_saved,
    tell_taught,
    tell_turn,
    tell_verdict,
    tell_where_to_look,
)
from grader.quiz.asking.terminal.dialogue import GUESSED, SKIP, UNDO
from grader.quiz.exchange.illustrating import illustrate, inline_source
from grader.quiz.marking import counting_rule, expected_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.asking.browser.pages import Answered, View
    from grader.quiz.asking.turns import OpenQuestion
    from grader.quiz.items.item import Variant

TYPED = (
    "A number may be typed as a sum: 5*5*3 + 1, 28*28*6, 1/3, log(2), 10%; its unit may stand"
    " behind it. Where it is read otherwise than it is typed, the next page says how."
)
KEYS = (
    "<kbd>Tab</kbd> goes on, <kbd>Enter</kbd> checks, <kbd>?</kbd> opens this. What cannot be read"
    " as an answer costs nothing."
)
TYPED_KINDS = frozenset({"number", "shape", "matrix"})
LISTED = frozenset({"match", "order"})


def render_page(view: View, warnings: Sequence[str] = (), *, old: bool = False) -> str:
    """Write the page of a sitting that goes on.

    Parameters
    ----------
    view
        What it shows.
    warnings
        What the student should know, a sentence each.
    old
        Whether the form that led here was of an older page.

    Returns
    -------
    str
        A whole document.
    """
    turn = view.answered.turn if view.answered else view.turn
    if turn is None:
        raise ValueError("this sitting has ended")
    notes = [f'<p class="warning" role="status">Warning: {escape(text)}</p>' for text in warnings]
    told = [OLD if old else "", view.notice]
    notes += [f'<p class="note" role="status">{escape(text)}</p>' for text in told if text]
    begun = view.answered is not None
    head = _head(view.label, turn, done=turn.place - (not begun), notes="".join(notes))
    body = _answered(view, view.answered) if view.answered else _open(view, turn)
    place = f"{turn.place} of {turn.total} \N{MIDDLE DOT} {view.label}"
    if view.answered:
        place = f"{tell_verdict(turn.variant, view.answered.mark)[0]} {place}"
    elif view.complaint:
        place = f"Not counted. {place}"
    return write_document(place, f"{head}<main>{body}</main>{_side(view)}")


def render_last(label: str, lines: Sequence[str], advice: Sequence[str], title: str) -> str:
    """Write the page that nothing follows.

    Parameters
    ----------
    label
        The kind of sitting.
    lines
        What it came to.
    advice
        What to read again, a line each.
    title
        Its heading.

    Returns
    -------
    str
        A whole document.
    """
    parts = [f"<h1>{escape(title)}</h1>", *(f"<p>{escape(line)}</p>" for line in lines if line)]
    if advice:
        read = "".join(f"<li>{escape(line)}</li>" for line in advice)
        parts.append(f"<h2>To read again</h2><ul>{read}</ul>")
    parts.append('<p class="faint">This page may be closed; the command has ended.</p>')
    body = f'<header></header><main class="ended">{"".join(parts)}</main>'
    return write_document(f"{title} \N{MIDDLE DOT} {label}", body)


def _head(label: str, turn: OpenQuestion, *, done: int, notes: str) -> str:
    item = turn.variant.item
    again = ", again" if turn.again else ""
    asked = f"{item.id} \N{MIDDLE DOT} {tell_taught(item)}"
    return (
        f"<header><h1>{escape(label)}: question {turn.place} of {turn.total}{again}</h1>"
        f'<progress value="{done}" max="{turn.total}" aria-label="Questions done">'
        f"{done} of {turn.total}</progress>"
        f'<p class="faint">{escape(asked)}</p>{notes}</header>'
    )


def render_asked(variant: Variant) -> str:
    """Write a question, its picture and its tables.

    Parameters
    ----------
    variant
        The question.

    Returns
    -------
    str
        HTML, which holds the picture itself.
    """
    parts = [f'<p class="question" id="question">{escape(variant.question)}</p>']
    picture = illustrate(variant)
    if picture is not None:
        source, says = escape(inline_source(picture)), escape(picture.says)
        parts.append(f'<img class="picture" src="{source}" alt="{says}">')
    tables = []
    for title, rows in variant.tables:
        lines = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        )
        tables.append(
            f'<div class="scroll"><table><caption>{escape(title)}</caption>{lines}</table></div>'
        )
    if tables:
        parts.append(f'<div class="tables">{"".join(tables)}</div>')
    return "".join(parts)


def _open(view: View, turn: OpenQuestion) -> str:
    variant = turn.variant
    hinted = "" if variant.posed.options else " hint"
    described = f"complaint question{hinted}" if view.complaint else f"question{hinted}"
    refused = view.complaint != ""
    fields = render_fields(variant, view.sent, described=described, refused=refused)
    complaint = ""
    if view.complaint:
        complaint = f'<p class="complaint" id="complaint" role="alert">{escape(view.complaint)}</p>'
    hint = expected_form(variant)
    if has_grid(variant):
        hint = "a number in each field; a sum such as 5*5*3 + 1 will do"
    shown = f'<p class="faint" id="hint">{escape(hint[0].upper() + hint[1:])}.</p>'
    lefts = render_lefts(variant) if variant.item.kind not in LISTED else ""
    return (
        f"{render_asked(variant)}{lefts}"
        f'<form id="skipping" method="post">{_hidden(view, SKIP)}</form>'
        f'<form method="post" autocomplete="off">{_hidden(view, ANSWER)}{fields}'
        f"{shown if hinted else ''}{complaint}"
        '<button class="main">Check</button><button form="skipping">Show the answer</button></form>'
        f"{_help(view, turn)}"
    )


def _help(view: View, turn: OpenQuestion) -> str:
    """Say what may be typed, which keys there are, and what the buttons do."""
    variant = turn.variant
    later, saved = tell_turn(again=not turn.is_last_try), tell_saved(saves=view.remembers)
    rule = counting_rule(variant)
    letters = "<kbd>a</kbd>, <kbd>b</kbd>, ... take a choice; " if variant.posed.options else ""
    lines = [
        "" if variant.posed.options else escape(f"Answer: {expected_form(variant)}."),
        escape(f"Counts: {rule}.") if rule else "",
        escape(TYPED) if variant.item.kind in TYPED_KINDS else "",
        f"Keys: {letters}{KEYS}",
        f"A question whose answer is shown counts as not known, and {later}; {saved}.",
    ]
    shown = "".join(f"<p>{line}</p>" for line in lines if line)
    state = " open" if view.help else ""
    return f"<details{state}><summary>What may I type?</summary>{shown}</details>"


def _answered(view: View, answered: Answered) -> str:
    variant, mark = answered.turn.variant, answered.mark
    verdict, answer = tell_verdict(variant, mark)
    sign = "good" if mark.right else "part" if mark.partial else "bad"
    lines = [answer, mark.says, variant.explanation]
    more = [] if mark.right else tell_where_to_look(variant.item)
    read = f" Read as {answered.read_as}." if answered.read_as else ""
    typed = ""
    if answered.typed:
        shown = f'<span class="typed">{escape(answered.typed[:200])}</span>'
        typed = f'<p class="faint">Your answer: {shown}{"." if read else ""}{escape(read)}</p>'
    told = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    told += "".join(f'<p class="faint">{escape(line)}</p>' for line in more)
    return (
        f"{render_asked(variant)}{render_lefts(variant)}{_marked(answered)}{typed}"
        f'<section class="verdict {sign}" id="verdict" role="status"><h2>{verdict}</h2>{told}'
        f"</section>{_next(view)}"
    )


def _marked(answered: Answered) -> str:
    """Write the options with what was chosen and what is right."""
    variant = answered.turn.variant
    if variant.item.kind in LISTED:
        return render_options(variant, lambda _: "")
    key = variant.posed.key
    rights = {str(part) for part in key} if isinstance(key, tuple) else {str(key)}
    taken = set(answered.typed.split())

    def signs(letter: str) -> str:
        words = ["your choice"] if letter in taken else []
        return ", ".join([*words, *(["right"] if letter in rights else [])])

    return render_options(variant, signs)


def _next(view: View) -> str:
    word = "Next question" if view.left else "Finish"
    forward = (
        f'<form class="side" method="post">{_hidden(view, NEXT)}'
        f'<button class="main" aria-describedby="verdict" autofocus>{word}</button></form>'
    )
    guess = _button(view, GUESSED, "It was a guess", "side") if _asks_luck(view) else ""
    return f"{forward}{guess}"


def _asks_luck(view: View) -> bool:
    """Tell whether calling it a guess stands beside the way on: a choice that was right."""
    return view.can_guess and view.is_choice and view.answered is not None


def _side(view: View) -> str:
    """Write what can be done beside answering."""
    buttons = []
    if view.can_undo:
        buttons.append(_button(view, UNDO, "Take my last answer back", "side", less=True))
    if view.can_guess and not _asks_luck(view):
        buttons.append(_button(view, GUESSED, "My last answer was a guess", "side", less=True))
    saved = f"Stop ({tell_saved(saves=True)})" if view.remembers else "Stop"
    buttons.append(_button(view, STOP, saved, "side", less=True))
    return f"<footer>{''.join(buttons)}</footer>"


def _button(view: View, word: str, text: str, place: str, *, less: bool = False) -> str:
    kind = ' class="less"' if less else ""
    return (
        f'<form class="{place}" method="post">{_hidden(view, word)}'
        f"<button{kind}>{escape(text)}</button></form>"
    )


def _hidden(view: View, word: str) -> str:
    return (
        f'<input type="hidden" name="do" value="{word}">'
        f'<input type="hidden" name="state" value="{view.state}">'
    )
