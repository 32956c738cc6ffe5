"""What every page has: its style, its script, and what it may load."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path


@cache
def style_and_script() -> tuple[str, str]:
    """Return what stands in every page, as it stands there."""
    folder = Path(__file__).parent
    style, script = (
        (folder / name).read_text(encoding="utf-8") for name in ("quiz.css", "quiz.js")
    )
    return style, script


@cache
def policy() -> str:
    """Return what a page may load: its own style and script, and pictures that stand in it."""
    style, script = (_digest(text) for text in style_and_script())
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def write_document(title: str, body: str) -> str:
    """Write a whole document.

    Parameters
    ----------
    title
        Of the window, as text.
    body
        HTML.

    Returns
    -------
    str
        With the style and the script in it: nothing else is loaded.
    """
    style, script = style_and_script()
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{escape(title)} \N{MIDDLE DOT} dlgrade quiz</title>'
        f"<style>{style}</style></head><body>{body}<script>{script}</script></body></html>\n"
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
