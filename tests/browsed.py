"""A sitting served on loopback, and somebody who reads its pages and sends its forms."""

from __future__ import annotations

import contextlib
import http.client
import threading
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from quiz_helpers import Clock

from grader.quiz.asking.browser.pages import PagedSitting
from grader.quiz.asking.browser.screen import PagedSite
from grader.quiz.asking.browser.serving import LoopbackServer
from grader.quiz.asking.sitting import Sitting
from grader.quiz.kinds.matrix import rows_of
from grader.quiz.marking import right_answer

FORM = "application/x-www-form-urlencoded"


class _Reader(HTMLParser):
    """Collect the forms of a page with what may be sent, its texts and the tags it has."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.texts, self.tags, self._in, self._skip = [], [], [], False, 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        self._skip += tag in ("style", "script")
        if tag == "form":
            self.forms.append({"hidden": {}, "fields": {}, "given": {}})
            self._in = True
        if tag not in ("input", "select", "option") or not self._in:
            return
        form = self.forms[-1]
        if found.get("type") == "hidden":
            form["hidden"][found["name"]] = found["value"]
        elif tag == "option":
            form["fields"][list(form["fields"])[-1]].append(found["value"])
            if "selected" in found:
                form["given"][list(form["fields"])[-1]] = found["value"]
        else:
            values = form["fields"].setdefault(found["name"], [])
            if found.get("type") in ("radio", "checkbox"):
                values.append(found["value"])
                if "checked" in found:
                    form["given"].setdefault(found["name"], []).append(found["value"])
            elif found.get("value"):
                form["given"][found["name"]] = found["value"]

    def handle_endtag(self, tag):
        self._skip -= tag in ("style", "script")
        if tag == "form":
            self._in = False

    def handle_data(self, data):
        if not self._skip and data.strip():
            self.texts.append(data.strip())


class Page:
    """What a page says and which forms it has."""

    def __init__(self, html):
        reader = _Reader()
        reader.feed(html)
        self.html, self.tags = html, reader.tags
        self.text = " ".join(" ".join(reader.texts).split())
        self.forms = {form["hidden"]["do"]: form for form in reader.forms}

    def filled(self, word, /, **fields):
        """Return what a form sends; a value that it does not offer is a fault of the page."""
        form = self.forms[word]
        for name, values in fields.items():
            offered = form["fields"][name]
            for value in values if isinstance(values, list) else [values]:
                assert not offered or value in offered, f"{name} offers {offered}"
        return {**form["hidden"], **fields}


class Visitor:
    """Read and send what a browser would, with no script."""

    def __init__(self, address):
        parts = urlsplit(address)
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path

    def request(self, method, path=None, body=None, **headers):
        """Return status, headers and text; a value of None leaves a header out."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        with contextlib.closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path or self.path, skip_host="Host" in sent)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders()
            if body:
                connection.send(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def look(self, path=None):
        """Return the page."""
        status, _, text = self.request("GET", path)
        assert status == 200, text
        return Page(text)

    def post(self, fields):
        """Send a form, and return where it leads."""
        body = urlencode(fields, doseq=True).encode()
        status, headers, text = self.request(
            "POST", body=body, Content_Type=FORM, Content_Length=str(len(body))
        )
        assert status == 303, text
        return headers["Location"]

    def send(self, fields):
        """Send a form, and return the page that it leads to."""
        return self.look(self.post(fields))

    def do(self, word, /, **fields):
        """Fill a form of the page as it is now in, and return the next one."""
        return self.send(self.look().filled(word, **fields))


def fields_of(variant):
    """Return the fields that hold the right answer of a variant."""
    kind, key = variant.item.kind, variant.posed.key
    if kind in ("single", "code"):
        return {"choice": key}
    if kind == "multiple":
        return {"choice": list(key)}
    if kind == "claim":
        return {"word": key[0], "choice": key[1]}
    if kind in ("match", "order"):
        return {f"place-{n}": letter for n, letter in enumerate(key, start=1)}
    if kind == "matrix" and not variant.posed.loose:
        return {
            f"cell-{r}-{c}": f"{number:.10g}"
            for r, row in enumerate(rows_of(key), start=1)
            for c, number in enumerate(row, start=1)
        }
    return {"typed": right_answer(variant)}


@contextlib.contextmanager
def serve(site):
    """Serve until the block ends."""
    server = LoopbackServer(site)
    site.server = server
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def sit_in_browser(items, history, clock=None, *, warnings=(), **more):
    """Serve a sitting; yield it, who visits it, and the site."""
    told = [*warnings]
    more = {"label": "conv", **more}
    sitting = Sitting(items, history=history, clock=clock or Clock(), warn=told.append, **more)
    site = PagedSite(PagedSitting(sitting, "3 questions, about 2 minutes."), told)
    with serve(site) as server:
        yield sitting, Visitor(server.address), site
