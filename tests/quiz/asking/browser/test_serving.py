"""The server of a quiz in the browser: for whoever started it, and for nothing else."""

from __future__ import annotations

import socket
import time

import pytest
from browsed import FORM, sit_in_browser
from quiz_helpers import item_called

ONE = [item_called("conv.stride-1")]


@pytest.fixture
def served(history):
    with sit_in_browser(ONE, history) as (_, visitor, site):
        yield visitor, site


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/quiz", "/%2e%2e/", "//", "/{half}"])
def test_without_the_whole_secret_there_is_nothing(served, path):
    """Every other path is 404, for reading and for sending."""
    visitor, _ = served
    path = path.replace("{half}", visitor.path[1:-1])
    assert visitor.request("GET", path)[0] == 404
    sent = visitor.request("POST", path, b"do=skip", Content_Type=FORM, Content_Length="7")
    assert sent[0] == 404
    assert len(visitor.path) > 20


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 403),
        ("127.0.0.1.evil.example:80", 403),
        ("", 403),
        (None, 403),
        ("[bad", 403),
        ("localhost:9000", 200),
        ("127.0.0.1:1", 200),
    ],
)
def test_a_name_of_elsewhere_does_not_lead_here(served, host, status):
    """A name that was rebound to this machine is refused; a tunnel's other port is not."""
    assert served[0].request("GET", Host=host)[0] == status


@pytest.mark.parametrize(
    ("header", "value", "taken"),
    [
        ("Sec-Fetch-Site", "cross-site", 0),
        ("Sec-Fetch-Site", "same-site", 0),
        ("Origin", "http://evil.example", 0),
        ("Origin", "https://127.0.0.1.evil.example:8000", 0),
        ("Origin", "http://[bad", 0),
        ("Origin", "null", 1),
        ("Origin", "http://localhost:8000", 1),
    ],
)
def test_a_form_of_another_page_is_not_taken(served, history, header, value, taken):
    """What a browser says comes from elsewhere changes nothing, even with the right address."""
    visitor, _ = served
    body = b"do=skip&state=0"
    sent = visitor.request(
        "POST", body=body, Content_Type=FORM, Content_Length=str(len(body)), **{header: value}
    )
    assert (sent[0], len(history.events)) == (303 if taken else 403, taken)


def test_nothing_is_loaded_kept_or_told_elsewhere(served):
    """The headers of each answer say so; style and script are known by their digests."""
    visitor, _ = served
    for method, path in (("GET", visitor.path), ("GET", "/"), ("PUT", visitor.path)):
        _, headers, _ = visitor.request(method, path)
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "Python" not in headers["Server"]


def test_it_listens_on_loopback_alone(served):
    """No other machine reaches it."""
    assert served[1].server.server_address[0] == "127.0.0.1"


def test_what_is_no_form_is_refused_and_changes_nothing(served, history):
    """Too long, of another type, without a length, cut short, of too many fields, not a form."""
    visitor, _ = served
    many = b"&".join(b"a%d=1" % n for n in range(300))
    long = b"typed=" + b"1" * 40_000
    for status, body, more in (
        (413, long, {"Content_Type": FORM, "Content_Length": str(len(long))}),
        (413, b"", {"Content_Type": FORM, "Content_Length": "9" * 30}),
        (411, b"", {"Content_Type": FORM}),
        (411, b"", {"Content_Type": FORM, "Transfer_Encoding": "chunked"}),
        (411, b"", {"Content_Type": FORM, "Content_Length": "-1"}),
        (415, b"{}", {"Content_Type": "application/json", "Content_Length": "2"}),
        (400, many, {"Content_Type": FORM, "Content_Length": str(len(many))}),
        (400, b"a=\xff", {"Content_Type": FORM, "Content_Length": "3"}),
    ):
        assert visitor.request("POST", body=body, **more)[0] == status, more
    assert history.events == []
    assert "5" not in visitor.look().forms["answer"]["given"]


def _raw(visitor, sent, *, close=False):
    """Send bytes and return what comes back."""
    with socket.create_connection((visitor.host, visitor.port), timeout=30) as connection:
        found = b""
        try:
            connection.sendall(sent)
            if close:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                found += piece
        except OSError:  # it was closed already
            pass
        return found


def test_bytes_that_are_no_request_end_their_connection_alone(served, history, capfd):
    """Endless headers, nonsense, a form cut short: the next page is there, and nothing is said."""
    visitor, _ = served
    head = f"POST {visitor.path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: {FORM}\r\n"
    cut = _raw(visitor, f"{head}Content-Length: 99\r\n\r\ndo=skip&state=0".encode(), close=True)
    assert b"400" in cut
    long = _raw(visitor, b"GET / HTTP/1.0\r\n" + b"X-More: y\r\n" * 90 + b"Z: " + b"z" * 60_000)
    assert not long or b"431" in long
    assert b"400" in _raw(visitor, b"\x00\x01\x02\r\n\r\n")
    assert _raw(visitor, b"G" * 70_000, close=True) in (b"", _raw(visitor, b"G" * 70_000))
    assert "Question" in visitor.look().text.title()
    assert history.events == []
    assert capfd.readouterr() == ("", "")


def test_silent_connections_leave_room_for_the_page(served):
    """A browser opens some in advance and says nothing on them."""
    visitor, _ = served
    silent = [socket.create_connection((visitor.host, visitor.port)) for _ in range(20)]
    try:
        assert visitor.look().forms.keys() == {"answer", "skip", "stop"}
    finally:
        for one in silent:
            one.close()


def test_too_many_connections_are_turned_away_and_the_next_is_served(served):
    """So many at once are more than a browser ever has."""
    visitor, _ = served
    silent = [socket.create_connection((visitor.host, visitor.port)) for _ in range(40)]
    for one in silent:
        one.close()
    for _ in range(100):
        try:
            found = visitor.look()
        except OSError:  # the last of them are still being let go
            time.sleep(0.05)
        else:
            break
    assert found.forms


def test_a_fault_of_ours_is_kept_for_the_terminal(served, monkeypatch):
    """The page says that there is one, and the sitting ends."""
    visitor, site = served
    monkeypatch.setattr(site._paged, "look", lambda: 1 / 0)
    status, _, text = visitor.request("GET")
    assert (status, "fault of dlgrade" in text) == (500, True)
    assert isinstance(site.fault, ZeroDivisionError)
    assert site.over.is_set()
