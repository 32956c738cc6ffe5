"""Answer a browser on loopback: one page under a secret address, to be read and to be sent to.

Whoever else is on the machine, or has a page open in the browser, does not know the address. A
request must name this machine as its host, so that no name of elsewhere leads here.
"""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress
from http.client import LineTooLong
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import BoundedSemaphore, Timer
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlsplit

from grader.quiz.asking.browser.document import policy

if TYPE_CHECKING:
    from email.message import Message
    from io import BufferedIOBase

    from grader.quiz.asking.browser.fields import Form

HERE = "127.0.0.1"
OWN_NAMES = frozenset({HERE, "localhost", "::1"})
MAX_HEAD, MAX_BODY, MAX_FIELDS = 32 * 1024, 32 * 1024, 200
MAX_DRAINED, DRAIN_S = 1024 * 1024, 1.0
IDLE_S, WHOLE_S = 10.0, 60.0
MOST_AT_ONCE = 32
SENT_AS = "application/x-www-form-urlencoded"
OLD_PAGE = "old"


class ServedSite(Protocol):
    """What is served."""

    def read(self, *, old: bool) -> str:
        """Return the page as it is now; `old` where a form of an older page led here."""

    def send(self, form: Form) -> bool:
        """Take a form, and say whether it was one of the page as it is now."""

    def delivered(self, page: str) -> None:
        """Hear that a page has been handed over."""

    def fail(self, error: Exception) -> None:
        """Hear of a fault of ours."""


class LoopbackServer(ThreadingHTTPServer):
    """Serve one page on this machine alone, at a port that is free.

    Parameters
    ----------
    site
        What is served.

    Attributes
    ----------
    address
        Where; whoever knows it can answer.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False  # on Windows another program could take the port, too
    request_queue_size = MOST_AT_ONCE

    def __init__(self, site: ServedSite) -> None:
        super().__init__((HERE, 0), LoopbackHandler)
        self.site = site
        self.path = f"/{secrets.token_urlsafe(16)}"
        self.address = f"http://{HERE}:{self.server_port}{self.path}"
        self._room = BoundedSemaphore(MOST_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, where there are not too many already."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Make room for another one at the end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that broke or sent what is no request."""

    def server_bind(self) -> None:
        """Bind without asking a name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HERE, int(self.server_address[1])


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answer one request; the connection ends with it."""

    server: LoopbackServer
    timeout = IDLE_S
    protocol_version = "HTTP/1.0"

    def setup(self) -> None:
        """Read so much at most, and for so long."""
        super().setup()
        self.rfile = BoundedLines(self.rfile, MAX_HEAD)  # type: ignore[assignment]
        self._deadline = Timer(WHOLE_S, self._cut)
        self._deadline.daemon = True
        self._deadline.start()

    def finish(self) -> None:
        """End the connection."""
        self._deadline.cancel()
        super().finish()

    def do_GET(self) -> None:
        """Hand the page over."""
        query = self._query()
        if query is None:
            return
        try:
            page = self.server.site.read(old=query == OLD_PAGE)
        except Exception as error:  # noqa: BLE001 - told where the command was started
            self._fail(error)
            return
        self._answer(200, page)
        self.server.site.delivered(page)

    def do_POST(self) -> None:
        """Take a form, and lead to the page as it is then."""
        if self._query() is None:
            return
        form = self._form()
        if form is None:
            return
        try:
            is_new = self.server.site.send(form)
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            return
        where = self.server.path if is_new else f"{self.server.path}?{OLD_PAGE}"
        self._answer(303, "", Location=where)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - the base's
        """Refuse a request in a few words."""
        said = message or self.responses.get(code, ("refused",))[0]
        self._answer(code, f"{code}: {said}\n", kind="text/plain")

    def version_string(self) -> str:
        """Say no more than needed."""
        return "dlgrade"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's
        """Write nothing into the terminal."""

    def _query(self) -> str | None:
        """Return what follows the secret path; None, and the request is refused, on any other."""
        if not is_own_host(self.headers.get("Host", "")):
            self.send_error(403, "This address is reached under its own name alone")
            return None
        if self.command == "POST" and is_foreign(self.headers):
            self.send_error(403, "Forms of other pages are not taken")
            return None
        path, _, query = self.path.partition("?")
        if not hmac.compare_digest(path.rstrip("/").encode(), self.server.path.encode()):
            self.send_error(404)
            return None
        return query

    def _form(self) -> Form | None:
        """Return the fields that were sent; None, and the request is refused, for anything else."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != SENT_AS:
            self.send_error(415)
        elif not (length.isascii() and length.isdecimal()):
            self.send_error(411)
        elif len(length) > 9 or int(length) > MAX_BODY:
            self.send_error(413)
            self._drain()
        else:
            body = self.rfile.read(int(length))
            try:
                if len(body) == int(length):
                    return parse_qs(
                        body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS,
                        errors="replace",
                    )  # fmt: skip
            except ValueError:
                pass
            self.send_error(400)
        return None

    def _answer(self, code: int, text: str, *, kind: str = "text/html", **headers: str) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(code)
        shared = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy(),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in {**shared, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _fail(self, error: Exception) -> None:
        self.server.site.fail(error)
        self.send_error(500, "A fault of dlgrade, told in the terminal; what was answered is kept")

    def _drain(self) -> None:
        """Read what is still being sent: whoever sends does not yet read the answer."""
        self.connection.settimeout(DRAIN_S)
        with suppress(OSError):
            self.rfile.read(MAX_DRAINED)

    def _cut(self) -> None:
        self.server.shutdown_request(self.connection)


class BoundedLines:
    """A stream whose lines may be so many bytes in all, what is read by length not counted.

    Parameters
    ----------
    stream
        Where to read.
    budget
        How many bytes its lines may have.
    """

    def __init__(self, stream: BufferedIOBase, budget: int) -> None:
        self._stream, self._budget = stream, budget

    def readline(self, limit: int = -1) -> bytes:
        """Read a line; raises LineTooLong where all were too many."""
        most = self._budget + 1
        line = self._stream.readline(most if limit < 0 else min(limit, most))
        self._budget -= len(line)
        if self._budget < 0:
            raise LineTooLong("header")
        return line

    def read(self, size: int) -> bytes:
        """Read so many bytes."""
        return self._stream.read(size)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._stream.closed


def is_foreign(headers: Message) -> bool:
    """Tell whether a browser says that a form is another page's; ours have the origin "null"."""
    _, _, origin = headers.get("Origin", "").partition("//")
    from_elsewhere = headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    return from_elsewhere or (origin != "" and not is_own_host(origin))


def is_own_host(host: str) -> bool:
    """Tell whether a request was meant for this machine by its own name.

    Parameters
    ----------
    host
        As in the header.

    Examples
    --------
    >>> is_own_host("127.0.0.1:4321"), is_own_host("localhost:80"), is_own_host("evil.example:4321")
    (True, True, False)

    Notes
    -----
    Any port will do: a tunnel, as of `ssh -L`, may begin at another.
    """
    try:
        return urlsplit(f"//{host}").hostname in OWN_NAMES
    except ValueError:
        return False
