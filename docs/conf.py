"""The site: `sphinx-build -W -b html docs build/site`, and open build/site/index.html.

Sphinx reads the Markdown of this folder (MyST), the docstrings of the package and of the stubs
(numpydoc), and wears Furo, which has a light and a dark look, works on a phone and without a
network: nothing is loaded from elsewhere, and the search runs from disk.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from grader import __version__
from grader.course.course import find_course

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
COURSE = find_course()
sys.path.insert(0, str(COURSE.exercises_dir))  # the stubs are documented as they are handed out

project = "dlgrade"
author = "the authors of dlgrade"
copyright = "MIT License"  # noqa: A001 - the name that Sphinx asks for
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]

myst_enable_extensions = ["attrs_inline", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's sections say it, with shapes
numpydoc_show_class_members = False
default_role = "code"  # single backquotes are what is typed, as in Markdown
highlight_language = "text"

html_theme = "furo"
html_title = "dlgrade"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False

STUBS = HERE / "student" / "exercises"
PAGE = """\
# {module}

Function by function; [what it is about](../topics/{module}.md) is on a page of its own.

```{{eval-rst}}
.. automodule:: {module}
   :members:
   :undoc-members:
```
"""


def write_stub_pages(_app: Sphinx) -> None:
    """Write a page of reference for each module of the course; they are made anew each time."""
    STUBS.mkdir(exist_ok=True)
    for module in COURSE.modules:
        page, text = STUBS / f"{module}.md", PAGE.format(module=module)
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def keep_bars(*event: object) -> None:
    """Leave |a| as it is: the bars of a formula are no substitution of reStructuredText."""
    lines = cast("list[str]", event[-1])
    lines[:] = [line.replace("|", "\\|") for line in lines]


def setup(app: Sphinx) -> None:
    """Have the pages of the stubs written before anything is read."""
    app.connect("builder-inited", write_stub_pages)
    app.connect("autodoc-process-docstring", keep_bars)
