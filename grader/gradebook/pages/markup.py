"""Templates, style and script of the pages, and what a browser is let do with them.

A page names the digest of each style and script that it holds, so that nothing else in it is run,
whatever is written into it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.render.signs import points, worth
from grader.text import safe_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")
WRONG_ENTRY = re.compile(r"(?<![^\s*])[^\s*]++\*")  # a word is begun once, and never given back


@cache
def environment() -> Environment:
    """Return the templates: everything is escaped and harmless to look at, or was built here."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - late

    made = Environment(
        autoescape=True, loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=harmless,
    )  # fmt: skip
    made.filters["points"] = points
    made.filters["worth"] = worth
    made.filters["grid"] = grid_markup
    return made


@cache
def own_text(*names: str) -> Markup:
    """Return the texts of our own files, one after the other: style or script of a page."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the templates

    texts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in names]
    return Markup("\n".join(texts))  # noqa: S704 - our own files


def allowed(text: str) -> str:
    """Return how a page says that a style or a script of this text is its own.

    Examples
    --------
    >>> allowed("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest())
    return f"'sha256-{digest.decode()}'"


def harmless(value: Any) -> Any:
    r"""Return a value in which no text steers what is around it, whoever wrote it.

    A gradebook may be somebody else's, and its texts may turn the way in which a line is written.

    Examples
    --------
    >>> harmless([1, {"a": "b" + chr(0x202E)}])
    [1, {'a': 'b\\u202e'}]
    """
    if isinstance(value, str):
        return value if hasattr(value, "__html__") else safe_lines(value)
    if isinstance(value, dict):
        return {harmless(key): harmless(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [harmless(one) for one in value]
    return value


def json_in_script(data: Any) -> str:
    r"""Return data as JSON that no text in it can end a script element with.

    Examples
    --------
    >>> json_in_script("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(harmless(data), separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def topic_markup(text: str) -> Markup:
    """Return a topic's page as the inside of a part of a page, without its own first heading.

    Parameters
    ----------
    text
        In Markdown; HTML in it is text.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415 - late, as the templates
    from markupsafe import Markup  # noqa: PLC0415 - comes with the templates

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(safe_lines(text))
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]  # it opens, what it says, it closes
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + 1)}"  # below that of all topics
    made: str = reader.renderer.render(tokens, reader.options, {})
    # what is wider than the screen is moved with the keyboard, too
    return Markup(made.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704 - escaped by the reader


def grid_markup(lines: Sequence[str]) -> Markup:
    """Return lines of a grid, escaped, the wrong entries marked."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with the templates

    text = safe_lines("\n".join(lines))
    made = Markup()
    at = 0
    for found in WRONG_ENTRY.finditer(text):
        made += escape(text[at : found.start()]) + Markup("<mark>") + found[0] + Markup("</mark>")
        at = found.end()
    return made + escape(text[at:])
