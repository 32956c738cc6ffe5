"""The terminal that starts a browser: the address, and at the end the sum."""

from __future__ import annotations

from pathlib import PurePath
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from rich.text import Text

from grader.errors import UsageError
from grader.quiz.asking.browser.page import render_last, render_page
from grader.quiz.asking.browser.pages import PagedSitting
from grader.quiz.asking.browser.serving import LoopbackServer
from grader.quiz.asking.telling import tell_saved, tell_summary
from grader.quiz.asking.terminal.screen import TerminalScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from grader.quiz.asking.browser.fields import Form
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.turns import Summary

TEXT_BROWSERS = frozenset({"www-browser", "links", "elinks", "lynx", "w3m", "browsh"})
"""They would take the terminal that they are started from."""
TURN_S = 0.2  # a wait without an end hears no Ctrl-C on Windows
LAST_TURNS = 50  # for which the last page waits to be fetched
UNSERVED = (
    "no page can be served on this machine (127.0.0.1: {}); without --browser it is asked here"
)


class BrowserScreen(TerminalScreen):
    """Hold a sitting in a browser; the terminal shows the address and the sum.

    Parameters
    ----------
    plain
        As for a terminal.
    open_browser
        Opens an address; None for the browser of whoever is here.
    """

    def __init__(
        self, *, plain: bool = False, open_browser: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(plain=plain)
        self._open = open_browser or open_address
        self._warnings: list[str] = []
        self._lines: list[str] = []
        self._site: PagedSite | None = None

    def warn(self, text: str) -> None:
        """Say it here and on every page."""
        super().warn(text)
        self._warnings.append(text)

    def say(self, text: str) -> None:
        """Say it here; before the sitting also on its first page."""
        super().say(text)
        self._lines.append(text)

    def show(self, renderable: RenderableType) -> None:
        """Print it; a line of text stands on the last page, too."""
        super().show(renderable)
        if isinstance(renderable, Text):
            self._lines.append(renderable.plain)

    def manual(self, *, saves: bool) -> str:
        """Say how it ends, and whether answers are kept."""
        saved = f"; {tell_saved(saves=True)}" if saves else ""
        return f"Stop in the page, or with Ctrl-C here{saved}."

    def hold(self, sitting: Sitting) -> None:
        """Serve the sitting until nothing is left or it is stopped; KeyboardInterrupt at Ctrl-C."""
        greeting, self._lines = " ".join(self._lines[:1]), []
        paged = PagedSitting(sitting, greeting)
        self._site = PagedSite(paged, self._warnings)
        try:
            server = LoopbackServer(self._site)
        except OSError as error:
            raise UsageError(UNSERVED.format(error.strerror or error)) from error
        serving = Thread(target=server.serve_forever, args=(TURN_S,), daemon=True)
        self._site.server, self._site.serving = server, serving
        try:
            serving.start()
            # a terminal may be narrow, and an address in two lines is none
            self._console.print(f"In your browser: {server.address}", soft_wrap=True)
            Thread(target=self._open, args=(server.address,), daemon=True).start()
            while not self._site.over.wait(TURN_S):
                pass
        except KeyboardInterrupt:
            paged.stop()
            self._end()
            raise
        if self._site.fault is not None:
            raise self._site.fault

    def sum_up(self, summary: Summary, again: str, *, saves: bool = True) -> None:
        """Show what it came to, here and on the last page."""
        again = f"{again} --browser"
        super().sum_up(summary, again, saves=saves)
        line, advice = tell_summary(summary, again, saves=saves)
        if self._site is not None:
            self._site.title = "Done" if summary.finished else "Stopped"
            self._site.advice = advice
        self._lines.append(line)

    def close(self) -> None:
        """Hand the last page over, and end the server."""
        if self._site is not None:
            self._site.last_words(self._lines)
            for _ in range(LAST_TURNS):
                if self._site.gone.wait(TURN_S):
                    break
            self._end()

    def _end(self) -> None:
        site, self._site = self._site, None
        if site is None or site.server is None or site.serving is None:
            return
        if site.serving.is_alive():  # what never began cannot be shut down: it would be waited for
            site.server.shutdown()
        site.server.server_close()


class PagedSite:
    """What is served: the pages of a sitting, and its last one when all of that is known.

    Parameters
    ----------
    paged
        The sitting.
    warnings
        What every page says first; it may grow.

    Attributes
    ----------
    server, serving
        Where it is served, and the thread that does it.
    over
        Set when nothing more is asked.
    gone
        Set when the last page was handed over.
    fault
        A fault of ours; None for none.
    title, advice
        Of the last page.
    """

    def __init__(self, paged: PagedSitting, warnings: list[str]) -> None:
        self._paged, self._warnings = paged, warnings
        self._ready, self._lines, self._lock, self._last = Event(), [""], Lock(), ""
        self.server: LoopbackServer | None = None
        self.serving: Thread | None = None
        self.over, self.gone = Event(), Event()
        self.fault: Exception | None = None
        self.title, self.advice = "Done", [""]

    def read(self, *, old: bool) -> str:
        """Return the page; the last one waits until its words are known."""
        view = self._paged.look()
        if not view.ended:
            return render_page(view, self._warnings, old=old)
        self.over.set()
        self._ready.wait(LAST_TURNS * TURN_S)
        self._last = render_last(view.label, self._lines, self.advice, self.title)
        return self._last

    def send(self, form: Form) -> bool:
        """Take a form."""
        done = self._paged.act(form)
        if self._paged.ended:
            self.over.set()
        return done

    def delivered(self, page: str) -> None:
        """Note that the last page is gone, if it was that."""
        if page == self._last:
            self.gone.set()

    def fail(self, error: Exception) -> None:
        """End the sitting with a fault of ours; the first one is told."""
        with self._lock:
            self.fault = self.fault or error
        self.over.set()

    def last_words(self, lines: list[str]) -> None:
        """Let the last page say these lines."""
        self._lines = lines
        self._ready.set()


def open_address(address: str) -> None:
    """Open an address in the browser of whoever is here, if there is one with a window."""
    import webbrowser  # noqa: PLC0415 - it looks for browsers when it is imported

    try:
        found = webbrowser.get()
        if PurePath(str(getattr(found, "name", ""))).stem not in TEXT_BROWSERS:
            found.open(address)  # `webbrowser.open` would go on to the next one, as to lynx
    except (webbrowser.Error, OSError, ValueError):  # the last one of a wrong BROWSER
        return  # the address is in the terminal
