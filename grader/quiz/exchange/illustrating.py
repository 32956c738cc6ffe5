"""Pictures of questions for other programs: an SVG file, and the words for who cannot see it."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exchange.question import Illustration

if TYPE_CHECKING:
    from grader.quiz.items.item import Variant


def illustrate(variant: Variant) -> Illustration | None:
    """Paint the picture of a variant; None where it has none.

    Parameters
    ----------
    variant
        The question.
    """
    if variant.picture is None:
        return None
    from grader.render.drawings.svg import write_svg  # noqa: PLC0415 - for pictures alone

    picture = variant.picture
    return Illustration(f"{picture.name}.svg", write_svg(picture), picture.says)


def inline_source(picture: Illustration) -> str:
    """Return an address that holds the picture itself, so that nothing else is needed."""
    return f"data:image/svg+xml;base64,{in_base64(picture)}"


def in_base64(picture: Illustration) -> str:
    """Return the bytes of the file as text."""
    return base64.b64encode(picture.svg.encode()).decode("ascii")


def image_html(picture: Illustration, source: str) -> str:
    """Return the element that shows a picture, with its words in place of it.

    Parameters
    ----------
    picture
        What is shown.
    source
        Where it is.
    """
    says = escape(picture.says)
    return f'<p><img src="{escape(source)}" alt="{says}" style="max-width:100%;height:auto"></p>'
