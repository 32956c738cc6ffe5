"""Read Moodle's GIFT.

References
----------
https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import UnheldError, UsageError
from grader.quiz.exchange.bounded import MAX_QUESTIONS
from grader.quiz.exchange.question import PlainQuestion, Reply, Unheld
from grader.quiz.exchange.texts import line_of, plain_text, read_html
from grader.quiz.exchange.weighing import weigh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.quiz.exchange.question import Form

SPECIAL = "~=#{}:\\"
PRIVATE = 0xE000  # where escaped signs wait until the structure has been read
HIDE = {f"\\{sign}": chr(PRIVATE + place) for place, sign in enumerate(SPECIAL)}
SHOW = {ord(hidden): escaped[1] for escaped, hidden in HIDE.items()}
ESCAPED = re.compile(r"\\[~=#{}:\\]")
HEAD = re.compile(r"(?:::(.*?)::)?\s*(?:\[(html|moodle|plain|markdown)\])?(.*)", re.DOTALL)
SHARE = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%(.*)", re.DOTALL)
BLANK = "_____"


def read(content: bytes) -> tuple[list[PlainQuestion], list[Unheld]]:
    """Read the questions of a file.

    Parameters
    ----------
    content
        The file's bytes, UTF-8.

    Returns
    -------
    tuple of (list of PlainQuestion, list of Unheld)
        Those that can be held, and those that cannot, in the order of the file.

    Raises
    ------
    UsageError
        It is no text, or holds too many questions.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UsageError(f"it is no UTF-8 text in line {line}") from error
    blocks = list(_blocks(text.translate(dict.fromkeys(SHOW))))
    if len(blocks) > MAX_QUESTIONS:
        raise UsageError(f"it holds {len(blocks)} questions; {MAX_QUESTIONS} are read at most")
    held, unheld = [], []
    for line, block in blocks:
        name, form, said = _head(block)
        try:
            held.append(_question(plain_text(name), form, said, line))
        except UnheldError as error:
            unheld.append(Unheld(line, plain_text(name[:80]), str(error)))
    return held, unheld


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Cut a file at its blank lines, without comments and categories."""
    block: list[str] = []
    first = 0
    for number, line in enumerate((*text.splitlines(), ""), start=1):
        if line.lstrip().startswith(("//", "$CATEGORY:")):
            continue
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, "\n".join(block)
            block = []


def _head(block: str) -> tuple[str, str, str]:
    hidden = ESCAPED.sub(lambda found: HIDE[found[0]], block).replace("\\n", "\n")
    found = HEAD.fullmatch(hidden.strip())
    assert found is not None  # noqa: S101 - it matches anything; this tells mypy
    return _shown(found[1] or ""), found[2] or "moodle", found[3]


def _question(name: str, form: str, said: str, line: int) -> PlainQuestion:
    if "{" not in said:
        raise UnheldError("it is a description, and asks nothing")
    before, _, rest = said.partition("{")
    inside, closed, after = rest.partition("}")
    if not closed or any(brace in inside + after for brace in "{}"):
        raise UnheldError("its braces do not close, or there are several pairs of them")
    rich = form in ("html", "moodle")
    asked = f"{before} {BLANK} {after}" if after.strip() else before
    text, tables = read_html(_shown(asked)) if rich else (plain_text(_shown(asked)), ())
    body, _, general = inside.partition("####")
    kind, replies, pairs, unused = _body(body.strip(), rich=rich)
    return PlainQuestion(
        name=name,
        form=kind,
        text=text,
        tables=tables,
        replies=replies,
        pairs=pairs,
        unused=unused,
        explanation=line_of(_shown(general), rich=rich).strip(),
        line=line,
    )


Body = tuple["Form", tuple[Reply, ...], tuple[tuple[str, str], ...], tuple[str, ...]]


def _body(body: str, *, rich: bool) -> Body:
    if not body:
        raise UnheldError("it wants an essay, which no item marks")
    if found := re.fullmatch(r"(T|TRUE|F|FALSE)(?:#(.*?))?(?:#(.*))?", body, re.DOTALL):
        return "choice", _verdict(found, rich=rich), (), ()
    if body.startswith("#"):
        return "number", weigh("number", _numbers(body[1:].strip(), rich=rich)), (), ()
    parts = re.findall(r"([=~])([^=~]*)", body)
    if not parts or body[0] not in "=~":
        raise UnheldError("its answers begin with neither = nor ~")
    if all(sign == "=" and "->" in text for sign, text in parts):
        pairs, unused = _pairs([text for _, text in parts], rich=rich)
        return "pairs", (), pairs, unused
    signs = {sign for sign, _ in parts}
    weighed = [_reply(sign, text, rich=rich and "~" in signs) for sign, text in parts]
    form: Form = "words"
    if "~" in signs:
        shared = any(SHARE.match(text) for sign, text in parts if sign == "~")
        form = "choices" if shared and "=" not in signs else "choice"
    return form, weigh(form, weighed), (), ()


def _reply(sign: str, text: str, *, rich: bool) -> tuple[float, Reply]:
    found = SHARE.fullmatch(text)
    share = float(found[1]) if found else (100.0 if sign == "=" else 0.0)
    answer, _, says = (found[2] if found else text).partition("#")
    shown = line_of(_shown(answer), rich=rich)
    return share, Reply(shown.rstrip(), share > 0, line_of(_shown(says), rich=True).strip())


def _numbers(body: str, *, rich: bool) -> list[tuple[float, Reply]]:
    parts = re.findall(r"=([^=]*)", body) if body.startswith("=") else [body]
    found = []
    for part in parts:
        share, reply = _reply("=", part, rich=False)
        value, margin = _interval(reply.text)
        says = line_of(reply.says, rich=rich)
        found.append((share, Reply(value, share > 0, says, margin)))
    return found


def _interval(text: str) -> tuple[str, float]:
    """Read `5`, `5:0.1` or `4.9..5.1`."""
    try:
        if ".." in text:
            low, high = (float(part) for part in text.split("..", 1))
            return f"{(low + high) / 2:.12g}", abs(high - low) / 2
        value, _, margin = text.partition(":")
        return value.strip(), abs(float(margin or 0))
    except ValueError as error:
        raise UnheldError(f"{text[:40]!r} is no number with a tolerance") from error


def _pairs(parts: list[str], *, rich: bool) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    pairs, unused = [], []
    for part in parts:
        left, _, right = part.partition("->")
        left, right = line_of(_shown(left), rich=rich).strip(), plain_text(_shown(right))
        if left:
            pairs.append((left, right))
        else:
            unused.append(right)
    return tuple(pairs), tuple(dict.fromkeys(unused))


def _verdict(found: re.Match[str], *, rich: bool) -> tuple[Reply, ...]:
    """Read true or false, with the feedback for a wrong answer and the one for a right one."""
    is_true = found[1].startswith("T")
    wrong, right = (line_of(_shown(text or ""), rich=rich).strip() for text in found.groups()[1:])
    says = {True: right, False: wrong}
    return tuple(
        Reply(word, verdict == is_true, says[verdict == is_true])
        for word, verdict in (("True", True), ("False", False))
    )


def _shown(text: str) -> str:
    return text.translate(SHOW)
