"""A file that is not Python: what the parser says of it, in a sentence, with what stands there."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING

from grader.model import Diagnosis
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LINE = 200
BLANKS = re.compile(r"[ \t]*")
TABS = "tabs-and-spaces"
# What other languages write, by what stands in the line; the first that is there.
FOREIGN = (
    ("```", "Three backticks are a text's mark round code, and no Python: take these lines out."),
    ("else if ", "Python writes `elif` for `else if`."),
    ("elseif ", "Python writes `elif` for `elseif`."),
    ("++", "Python has no `++`: `i += 1` counts up."),
    ("&&", "Python writes `and` for `&&`; two masks are combined with `&`."),
    ("||", "Python writes `or` for `||`; two masks are combined with `|`."),
    ("=>", "Greater or equal is `>=`."),
    ("=<", "Less or equal is `<=`."),
)
FOREIGN_ID = "other-language"
# The id, how the parser's message begins, and the sentence.
KINDS = (
    ("missing-colon", r"expected ':'",
     "A colon is missing: `if`, `else`, `for`, `while` and `def` end their line with one."),
    ("bracket-open", r"'[(\[{]' was never closed",
     "The bracket at the mark is opened here and never closed."),
    ("bracket-unmatched", r"(?:unmatched|closing parenthesis)",
     "The closing bracket at the mark belongs to none, or to one of another kind."),
    ("indentation-missing", r"expected an indented block",
     "Below a line that ends with a colon, what belongs to it is indented, by four spaces."),
    ("indentation-unexpected", r"unexpected indent",
     "The line is indented deeper than the ones above it, and none of them begins a block."),
    ("indentation-uneven", r"unindent does not match",
     "The line goes back to a depth that no line above it has: count the spaces in front."),
    ("return-outside", r"(?:'return'|'yield'|'await') outside",
     "The `return` is in no function: is it indented as the rest of the body?"),
    ("loop-outside", r"(?:'break'|'continue') (?:outside|not properly in) loop",
     "`break` and `continue` are in no loop: are they indented as the rest of its body?"),
    (TABS, r"inconsistent use of tabs",
     "Some lines are indented with tabs and some with spaces: use four spaces everywhere."),
    ("one-equals-sign", r"(?:invalid syntax|cannot assign to .{1,60})\. ?Maybe you meant '=='",
     "One `=` gives a name a value; `==` compares."),
    ("one-equals-sign", r"cannot assign to .{1,60} here\. Maybe you meant '=='",
     "One `=` gives a name a value; `==` compares."),
    ("no-target", r"cannot assign to",
     "What stands on the left of `=` is nothing that can be given a value."),
    ("quote-open", r"(?:unterminated|EOL while scanning|EOF while scanning)",
     "A text that begins here has no closing quote."),
    ("odd-character", r"invalid (?:non-printable )?character",
     "A character is in the line that Python does not know, as a curly quote: type it again."),
    ("print-statement", r"Missing parentheses in call to",
     "print is a function: print(…), with parentheses."),
    ("missing-comma", r"invalid syntax\. Perhaps you forgot a comma",
     "A comma is missing between two things, or an operator such as `*`."),
    ("number-name", r"invalid (?:decimal|hexadecimal|octal|binary|imaginary) literal",
     "A number stands right before letters: a `*` is missing, or a name begins with a digit."),
    ("argument-order", r"positional argument follows keyword",
     "Arguments that are named come after those that are not."),
    ("parameter-order", r"(?:non-default|parameter without a default)",
     "Parameters with a default come after those without one."),
)  # fmt: skip
TWO_NAMES = re.compile(r"\b([A-Za-z_]\w*)[ \t]+([A-Za-z_]\w*)\b")
FIXED = {name: text for name, _, text in KINDS} | {
    FOREIGN_ID: "The line is written as in another language: Python has `elif`, `and`, `+= 1`."
}


def explain_syntax(message: str, lines: Sequence[str], number: int) -> Diagnosis | None:
    """Return what is wrong with a file that is not Python, or None where no sentence says more.

    Parameters
    ----------
    message
        What the parser says, without the name of its exception.
    lines
        Those of the file.
    number
        The line of which it says that.

    Examples
    --------
    >>> explain_syntax("expected ':'", ["if x < 1"], 1).id
    'missing-colon'
    >>> explain_syntax("invalid syntax", ["i++"], 1).message
    'Python has no `++`: `i += 1` counts up.'
    >>> said = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
    >>> [explain_syntax(said, [line], 1).id for line in ("if a = 1:", "a, b c = x.shape")]
    ['one-equals-sign', 'missing-comma']
    """
    line = lines[number - 1][:MAX_LINE] if 1 <= number <= len(lines) else ""
    if message.startswith(("invalid syntax", "expected ':'")):
        for sign, text in FOREIGN:
            if sign in line:
                return Diagnosis(FOREIGN_ID, text)
    for name, pattern, text in KINDS:
        if re.match(pattern, message[:MAX_LINE]):
            if name == "one-equals-sign" and _lacks_comma(line):
                return Diagnosis("missing-comma", FIXED["missing-comma"])
            more = _mixture(lines, number) if name == TABS else ""
            return Diagnosis(name, more or text)
    return None


def _lacks_comma(line: str) -> bool:
    """Tell whether two names stand side by side before the first `=`: no `==` makes that right."""
    pairs = TWO_NAMES.findall(line.partition("=")[0])
    return any(not iskeyword(one) and not iskeyword(other) for one, other in pairs)


def _mixture(lines: Sequence[str], number: int) -> str:
    """Return which of two lines has tabs and which spaces in front."""
    here = _indent(lines[number - 1]) if 1 <= number <= len(lines) else ""
    above = next((i for line in reversed(lines[: number - 1]) if (i := _indent(line))), "")
    if not here or not above or here == above:
        return ""
    text = f"This line begins with {_counted(here)}, and the last indented line above it with "
    return f"{text}{_counted(above)}: use four spaces everywhere."


def _indent(line: str) -> str:
    found = BLANKS.match(line[:MAX_LINE])
    return found[0] if found and line.strip() else ""


def _counted(blanks: str) -> str:
    r"""Return how many tabs and spaces there are.

    Examples
    --------
    >>> _counted("\t"), _counted("    "), _counted("\t  ")
    ('1 tab', '4 spaces', '1 tab and 2 spaces')
    """
    counts = [(blanks.count("\t"), "tab"), (blanks.count(" "), "space")]
    return " and ".join(counted(n, what) for n, what in counts if n)
