"""How people type numbers: brought into the one form that `arithmetic` evaluates.

A spelling that can mean one thing only is taken for that. Where it can mean two, the student is
asked; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata

from grader.errors import AmbiguousNumberError, FormulaError

SIGNS = str.maketrans(
    {
        "\N{MULTIPLICATION SIGN}": "*",
        "\N{MIDDLE DOT}": "*",
        "\N{DOT OPERATOR}": "*",
        "\N{BULLET OPERATOR}": "*",
        "\N{DIVISION SIGN}": "/",
        "\N{FRACTION SLASH}": "/",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{SQUARE ROOT}": "sqrt ",
        "^": "**",
    }
)
RAISED = str.maketrans(
    "\N{SUPERSCRIPT ZERO}\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}"
    "\N{SUPERSCRIPT FOUR}\N{SUPERSCRIPT FIVE}\N{SUPERSCRIPT SIX}\N{SUPERSCRIPT SEVEN}"
    "\N{SUPERSCRIPT EIGHT}\N{SUPERSCRIPT NINE}\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT PLUS SIGN}",
    "0123456789-+",
)
POWER = re.compile(f"[{''.join(map(chr, RAISED))}]+")
PART = re.compile(
    r"(\d*)\s*([\N{VULGAR FRACTION ONE QUARTER}-\N{VULGAR FRACTION THREE QUARTERS}"
    r"\N{VULGAR FRACTION ONE SEVENTH}-\N{VULGAR FRACTION SEVEN EIGHTHS}])"
)
FUNCTIONS = ("sqrt", "ln", "log10", "log2", "log", "exp", "tanh", "floor", "ceil", "max", "min")
CALLED = "|".join(FUNCTIONS)

COUNTED = (
    "px|pixels?|params?|parameters?|weights?|bias(?:es)?|neurons?|steps?|epochs?|updates?|images?"
    "|channels?|maps?|filters?|rows?|columns?|words?|letters?|numbers?|elements?|dimensions?"
    "|places?|pairs?|examples?|times|wide|high|nats?|in all|in total"
)
UNIT = re.compile(rf"(?<=[\d.)%\s])\s*(?:{COUNTED})\.?$", re.IGNORECASE)
SCALE = re.compile(r"(?<=[\d.)])\s*(thousand|million|billion)$", re.IGNORECASE)
SCALES = {"thousand": "1000", "million": "1000000", "billion": "1000000000"}
WITH_COMMA = re.compile(r"(?<![\d.,_])\d+(?:,\d+)+(?:\.\d*)?(?![\d,_])")
APART = re.compile(r"[-+]?\d{1,3}(?:(?: \d{3})+|(?:'\d{3})+|(?:\.\d{3}){2,})")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
ONE_GROUP = re.compile(r"[1-9]\d{0,2},\d{3}")
TIMES = re.compile(r"(?<=[\d.)])\s*[xX]\s*(?=[\d.(])")
TWO_SIZES = re.compile(r"([\d.]+)\s*[xX]\s*([\d.]+)")
BARE = re.compile(r"\b(sqrt|ln|exp|tanh|log10|log2|log)\s+(\d+(?:\.\d+)?)|\b(sqrt|ln|exp)(\d+)")


def plain_number(text: str, *, whole: bool = True) -> str:
    """Write a typed number, or a sum of numbers, with the signs that Python has.

    Parameters
    ----------
    text
        As typed.
    whole
        Whether the question asks for a whole number: then a comma before three digits can only
        separate thousands.

    Returns
    -------
    str
        Not yet known to be arithmetic.

    Raises
    ------
    AmbiguousNumberError
        It can mean two numbers.
    FormulaError
        It is a function without a number, or a number in base 16.

    Examples
    --------
    >>> plain_number("5x5x3 + 1"), plain_number("log 2"), plain_number("10%"), plain_number("5 px")
    ('5*5*3 + 1', 'log(2)', '10/100', '5')
    >>> plain_number("0,69"), plain_number("65,536"), plain_number("2 million")
    ('0.69', '65536', '2*1000000')
    >>> plain_number("2,900", whole=False)
    Traceback (most recent call last):
    ...
    grader.errors.AmbiguousNumberError: Is that 2.9 or 2900? Write a point for decimals
    """
    plain = POWER.sub(lambda found: f"**({found[0].translate(RAISED)})", text)
    plain = PART.sub(lambda found: f"({found[1] and found[1] + '+'}{found[2]})", plain)
    plain = plain.translate(SIGNS)
    plain = unicodedata.normalize("NFKC", plain).translate(SIGNS)
    plain = " ".join(plain.split()).lstrip("=~\N{ALMOST EQUAL TO} ")
    plain = UNIT.sub("", plain).rstrip()
    if APART.fullmatch(plain):
        whole_number = re.sub(r"[ .']", "", plain)
        raise AmbiguousNumberError(f"Is that {whole_number}? Write it in one piece")
    plain = re.sub(r"\s*per ?cent$", "%", plain, flags=re.IGNORECASE)
    plain = _without_commas(plain, whole=whole)
    plain = SCALE.sub(lambda found: f"*{SCALES[found[1].lower()]}", plain)
    plain = _with_products(plain)
    plain = _with_calls(plain)
    share = re.fullmatch(r"([-+]?[\d.]+)\s*%", plain)
    return f"{share[1]}/100" if share else plain


def _without_commas(plain: str, *, whole: bool) -> str:
    if "max" in plain or "min" in plain:
        return plain  # there a comma stands between numbers

    def read(found: re.Match[str]) -> str:
        typed = found[0]
        if ONE_GROUP.fullmatch(typed) and not whole:
            either = f"{float(typed.replace(',', '.')):g} or {typed.replace(',', '')}"
            raise AmbiguousNumberError(f"Is that {either}? Write a point for decimals")
        if GROUPED.fullmatch(typed) and not typed.startswith("0"):
            return typed.replace(",", "")
        return typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed

    return WITH_COMMA.sub(read, plain)


def _with_products(plain: str) -> str:
    if re.match(r"[-+]?0[xX]\d", plain):
        raise FormulaError("not a number or a sum of numbers")
    sizes = TWO_SIZES.fullmatch(plain)
    if sizes and sizes[1] == sizes[2]:
        raise AmbiguousNumberError(
            f"Is that {sizes[1]}, the side of a square, or {sizes[1]}*{sizes[2]}? Write one of them"
        )
    return TIMES.sub("*", plain)


def _with_calls(plain: str) -> str:
    def called(found: re.Match[str]) -> str:
        name, number = found[1] or found[3], found[2] or found[4]
        if re.match(r"\s*(?:[*/.\d]|e)", plain[found.end() :]):
            raise AmbiguousNumberError(f"What does {name} take? Write its brackets: {name}(...)")
        return f"{name}({number})"

    plain = BARE.sub(called, plain)
    if bare := re.search(r"\b(log2|log10)(?!\s*\()", plain):
        base = bare[1].removeprefix("log")
        raise FormulaError(f"{bare[1]} of what? Write log({base}), or {bare[1]}(8)")
    return re.sub(rf"(?<=[\d)])\s*(?=(?:{CALLED})\()", "*", plain)
