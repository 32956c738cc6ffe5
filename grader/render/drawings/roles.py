"""How each role looks: signs and a style in a terminal, colours on a light and on a dark page.

Nothing depends on colour alone: every role that matters has signs of its own on either side of the
number, and a frame of its own on a page.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.render.drawings.squares import Role
from grader.render.signs import QUIET, RIGHT, TELLING, WRONG

WRONG_STYLE = f"bold {WRONG}"


@dataclass(frozen=True)
class Appearance:
    """How a role looks.

    Parameters
    ----------
    left, right
        Signs beside the number, one character each or none.
    style
        In a terminal.
    light, dark
        On a page: colours of the ground, of the frame and of the number.
    width
        Of the frame, in pixels.
    dashes
        Of the frame; empty for a whole line.
    """

    left: str = ""
    right: str = ""
    style: str = ""
    light: tuple[str, str, str] = ("#ffffff", "#c9d1d9", "#1f2328")
    dark: tuple[str, str, str] = ("#161b22", "#3d444d", "#e6edf3")
    width: float = 1.0
    dashes: str = ""


LOOKS: dict[Role, Appearance] = {
    Role.PLAIN: Appearance(),
    Role.QUIET: Appearance(
        style=QUIET, dashes="2 2",
        light=("#f2f4f6", "#d8dee4", "#59636e"), dark=("#0d1117", "#2b3138", "#9198a1"),
    ),
    Role.LIT: Appearance(
        "[", "]", "bold", width=2,
        light=("#d3e5ff", "#0550ae", "#0a2f66"), dark=("#10305c", "#79b8ff", "#dcebff"),
    ),
    Role.FILTER: Appearance(
        style="magenta",
        light=("#f6e9fb", "#8250df", "#4b1f8f"), dark=("#2d1b45", "#c297ff", "#efe2ff"),
    ),
    Role.RESULT: Appearance(
        "(", ")", f"bold {RIGHT}", width=2,
        light=("#d2f4d9", "#1a7f37", "#0b4a1f"), dark=("#0f3a1f", "#56d364", "#d9fbe0"),
    ),
    Role.TIE: Appearance(
        "[", "=", TELLING, width=2, dashes="4 2",
        light=("#fde3f1", "#bf3989", "#7a1152"), dark=("#4a1433", "#ff8fcf", "#ffe1f2"),
    ),
    Role.WINNER: Appearance(
        "[", "+", f"bold {RIGHT}", width=3,
        light=("#d2f4d9", "#1a7f37", "#0b4a1f"), dark=("#0f3a1f", "#56d364", "#d9fbe0"),
    ),
    Role.FORWARD: Appearance(
        style=RIGHT,
        light=("#e9f8ec", "#1a7f37", "#116329"), dark=("#10281a", "#3fb950", "#7ee08c"),
    ),
    Role.GRADIENT: Appearance(
        style="magenta",
        light=("#fbeefc", "#8250df", "#6a2fc4"), dark=("#291b3d", "#b083f0", "#d2b0ff"),
    ),
    Role.OTHER: Appearance(
        style=WRONG,
        light=("#fff0e6", "#bc4c00", "#953800"), dark=("#3b1d0b", "#f0883e", "#ffb77c"),
    ),
}  # fmt: skip

PAGE = {
    "light": {"page": "#ffffff", "ink": "#1f2328", "soft": "#59636e", "line": "#d0d7de",
              "wrong": "#cf222e", "shade": "#0550ae"},
    "dark": {"page": "#0d1117", "ink": "#e6edf3", "soft": "#9198a1", "line": "#3d444d",
             "wrong": "#ff7b72", "shade": "#79b8ff"},
}  # fmt: skip
MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"


def style_sheet() -> str:
    """Return the CSS of a drawing: light, and dark where the reader's system is."""
    fixed = f"text{{font-family:{MONO}}}.h,.w,.s{{font-family:{SANS}}}"
    for role, look in LOOKS.items():
        dashes = f"stroke-dasharray:{look.dashes};" if look.dashes else ""
        fixed += f".{role}{{stroke-width:{look.width:g};{dashes}}}"
    dark = _colours("dark")
    return f"{fixed}{_colours('light')}@media (prefers-color-scheme:dark){{{dark}}}"


def _colours(theme: str) -> str:
    page = PAGE[theme]
    rules = [
        f".page{{fill:{page['page']}}}.ink,.h,.w{{fill:{page['ink']}}}.s{{fill:{page['soft']}}}",
        f".line{{stroke:{page['line']};fill:none}}.axis{{stroke:{page['soft']};fill:none}}",
        f".bad{{fill:{page['wrong']}}}.badline{{stroke:{page['wrong']};fill:none}}",
        f".shade{{fill:{page['shade']}}}",
    ]
    for role, look in LOOKS.items():
        ground, frame, ink = look.light if theme == "light" else look.dark
        rules.append(f"rect.{role}{{fill:{ground};stroke:{frame}}}text.{role}{{fill:{ink}}}")
        rules.append(f".l-{role}{{stroke:{frame};fill:none}}.d-{role}{{fill:{frame};stroke:none}}")
    return "".join(rules)
