"""Prose in Markdown, sentence by sentence: what stands in a line, and what should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKDOWN = MarkdownIt("commonmark").enable("table")
BEGINNING = re.compile(r"(?:\s*(?:[-*+]|\d+[.)]|:|>)\s+)*\s*")
AS_IT_STANDS = re.compile(
    r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"  # a span of code,
    r'|"[^"]+"|“[^”]+”'  # what is said,
    r"|\]\([^)\s]*\)|<[^>\s]+>"  # where a link leads
)
END = re.compile(r"([.!?]+[)\"'”*_\]]*)\s+(?=(\S+))")
SHORTENED = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|approx|ca|Fig|No|Dr|resp|incl)\.|…\.*)$")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph: what is code or said by somebody is never parted.

    Examples
    --------
    >>> split_sentences('It takes 1.5 s, e.g. `a. B`. Is "Yes. No." one? It is.')
    ['It takes 1.5 s, e.g. `a. B`.', 'Is "Yes. No." one?', 'It is.']
    """
    kept = [found.span() for found in AS_IT_STANDS.finditer(text)]
    sentences, begun = [], 0
    for found in END.finditer(text):
        end = found.end(1)
        inside = any(
            first < end < last or (text[first] == "`" and first < found.start() < last)
            for first, last in kept
        )
        goes_on = SHORTENED.search(text[:end]) or (found[1] != "." and found[2][0].islower())
        if not (inside or goes_on):
            sentences.append(text[begun:end])
            begun = found.end()
    return [*sentences, text[begun:]]


def paragraphs(markdown: str) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield each paragraph or item: its first line's number, its lines, and its sentences."""
    lines = markdown.splitlines()
    for token in MARKDOWN.parse(markdown):
        if token.type != "inline" or token.map is None:
            continue
        first, last = token.map
        if lines[first].lstrip().startswith(("|", "#")):  # a table's cells, a heading
            continue
        written = [line[BEGINNING.match(line).end() :].rstrip() for line in lines[first:last]]
        terms = [place for place, line in enumerate(lines[first:last]) if line.startswith(": ")]
        cut = terms[0] if terms else 0  # above a definition stands its term
        yield first + cut + 1, written[cut:], split_sentences(" ".join(written[cut:]))
