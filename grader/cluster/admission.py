"""Let nodes in: who decides as the parent does, has a sandbox that holds, and computes alike."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from distributed.comm import CommClosedError

from grader.cluster.here import find_differences
from grader.cluster.nodes.node import answer
from grader.cluster.replies import GarbageError
from grader.cluster.sealing import Channel, Handshake, UnsealedError, make_key
from grader.errors import FrameError, Signal
from grader.frames import from_frame, to_frame
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from distributed import Client

    from grader.grading.messages import Setup

HELLO_S, OPEN_S = 60.0, 900.0
SENT_AT_ONCE = 2  # banks on their way to nodes, each of which takes its size several times here
MOST_SLOTS = 1_024
BANK = "bank"


class RefusedError(Signal):
    """A node may not grade; the text says why."""


class AwayError(Signal):
    """A node has gone, or is out of reach."""


@dataclass(eq=False)
class Admitted:
    """A node that was let in, and what is known of it.

    Parameters
    ----------
    address, name, host, identity
        Of the node.
    slots, busy
        How many submissions it may grade at once, and how many it does.
    """

    address: str
    name: str
    host: str = ""
    identity: str = ""
    slots: int = 0
    busy: int = 0
    silent: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    channel: Channel | None = None

    @property
    def told(self) -> str:
        """What it is called in a line for a person."""
        at = f" ({self.host})" if self.host and not self.name.startswith(self.host) else ""
        return safe_text(f"{self.name}{at}")[:80]

    @property
    def is_free(self) -> bool:
        """Whether it can take one more."""
        return not self.silent and not self.gone.is_set() and self.busy < self.slots


@dataclass
class Terms:
    """What a run asks of every node.

    Parameters
    ----------
    run
        A name of the run that nobody can guess.
    mine
        What decides here, see `here.describe_here`.
    setup
        Of the run.
    probes
        Whether the walls of a node's sandbox are tried: not where it is this machine's own.
    """

    run: str
    mine: Mapping[str, Any]
    setup: Setup
    probes: bool = True
    key: bytes = field(default_factory=make_key, repr=False)
    greetings: Iterator[int] = field(default_factory=count, repr=False)
    sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SENT_AT_ONCE))
    bank: bytes = field(default=b"", repr=False)

    @property
    def label(self) -> str:
        """What the sealed bank is called."""
        return f"{BANK} of {self.run}"

    def seal_bank(self, folder: Path) -> None:
        """Take the files of the run's bank, sealed: no node and no scheduler keeps them open."""
        asked = tuple(f"{one}-" for one in self.setup.asked)
        files = [one for one in sorted(folder.iterdir()) if one.name.startswith(asked)]
        texts = [one.read_bytes() for one in files]
        sizes = [(one.name, len(text)) for one, text in zip(files, texts, strict=True)]
        self.bank = Channel(self.key).seal(to_frame(sizes, b"".join(texts)), self.label)


async def ask(
    client: Client, member: Admitted, message: bytes, timeout_s: float | None = None
) -> bytes:
    """Send bytes to a node by way of Dask, and return the bytes that it answers.

    Raises
    ------
    AwayError
        It has gone, or did not answer in time.
    """
    future = client.submit(
        answer, message, key=f"dlgrade-{secrets.token_hex(12)}", workers=[member.address],
        allow_other_workers=False, pure=False, retries=0,
    )  # fmt: skip
    result = asyncio.ensure_future(_result(future))
    gone = asyncio.ensure_future(member.gone.wait())
    try:
        await asyncio.wait({result, gone}, timeout=timeout_s, return_when="FIRST_COMPLETED")
        if not result.done():
            raise AwayError("it has gone" if gone.done() else "it does not answer")
        said = result.result()
    except AwayError:
        raise
    except asyncio.CancelledError as error:
        if result.cancelled():  # by Dask, whose scheduler has gone; else it is we who are
            raise AwayError("the scheduler has gone") from error
        raise
    except (OSError, CommClosedError, RuntimeError, TimeoutError) as error:
        raise AwayError(f"it was lost ({type(error).__name__})") from error
    except Exception as error:
        raise AwayError(f"it was lost ({type(error).__name__})") from error
    finally:
        for one in (result, gone):
            one.cancel()
        future.release()
    if not isinstance(said, bytes):
        raise GarbageError("no bytes")
    return said


async def _result(future: Any) -> Any:
    return await future


async def ask_sealed(  # noqa: PLR0913 - each is a part of the message
    client: Client,
    member: Admitted,
    run: str,
    what: str,
    tree: Any,
    data: bytes = b"",
    timeout_s: float | None = None,
) -> dict[str, Any]:
    """Ask an admitted node something; nobody else can read it, or answer in its place.

    Raises
    ------
    AwayError
        It has gone, or knows nothing of this run any more.
    GarbageError
        What it answers is no answer to this.
    """
    number = secrets.token_hex(12)
    label = f"{what} {run} {number}"
    channel = member.channel
    assert channel is not None  # noqa: S101 - it was admitted
    sealed = channel.seal(to_frame(tree, data), label)
    head = {"what": what, "run": run, "number": number}
    said = await ask(client, member, to_frame(head, sealed), timeout_s)
    try:
        outer, sealed = from_frame(said)
        if outer.get("unknown"):
            raise AwayError("it knows nothing of this run any more")
        if "error" in outer:
            raise GarbageError(safe_text(str(outer["error"]))[:200])
        inner, _ = from_frame(channel.unseal(sealed, f"answer to {label}"))
    except (FrameError, UnsealedError, AttributeError) as error:
        raise GarbageError(f"{error}") from error
    if not isinstance(inner, dict):
        raise GarbageError("no dict where there has to be one")
    return inner


async def greet(client: Client, member: Admitted, terms: Terms) -> bool:
    """Ask a node what it is, and agree with it on a key; tell whether it has the bank already.

    Raises
    ------
    RefusedError
        Its verdicts may be others, or what it says is no answer.
    AwayError
        It has gone.
    """
    handshake = Handshake()
    number = str(next(terms.greetings))
    head = {"what": "hello", "run": terms.run, "number": number, "public": handshake.public}
    try:
        said, _ = from_frame(await ask(client, member, to_frame(head), HELLO_S))
        if "error" in said:
            raise RefusedError(safe_text(str(said["error"]))[:300])
        theirs = {name: said[name] for name in ("versions", "course", "code")}
        texts = [theirs["course"], theirs["code"], said["host"], said["identity"]]
        if not all(isinstance(one, str) for one in [*texts, *dict(theirs["versions"]).values()]):
            raise TypeError
        differ = find_differences(terms.mine, theirs)
        member.host, member.identity = said["host"][:100], said["identity"][:40]
        member.slots = min(max(int(said["slots"]), 1), MOST_SLOTS)
        member.channel = handshake.agree(said["public"], terms.run)
    except (FrameError, UnsealedError, GarbageError, LookupError) as error:
        raise RefusedError(f"it answers nonsense ({error})") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RefusedError("it answers nonsense") from error
    if differ:
        raise RefusedError(safe_text("; ".join(differ))[:300])
    return bool(said.get("ready"))


async def admit(client: Client, member: Admitted, terms: Terms) -> None:
    """Let a node in.

    Raises
    ------
    RefusedError
        It may not grade.
    AwayError
        It has gone.
    """
    if await greet(client, member, terms):
        return
    setup = asdict(replace(terms.setup, course=None, bank="", scratch=""))
    tree = {"setup": json.loads(json.dumps(setup)), "probes": terms.probes}
    await _ask_whether(client, member, terms, "open", tree)
    async with terms.sending:
        tree = {"key": terms.key.hex(), "label": terms.label}
        await _ask_whether(client, member, terms, "bank", tree, terms.bank)
    await _ask_whether(client, member, terms, "begin", {})


async def _ask_whether(  # noqa: PLR0913 - each is a part of the message
    client: Client, member: Admitted, terms: Terms, what: str, tree: Any, data: bytes = b""
) -> None:
    """Ask a node for one step of its admission, which it takes, or says why it cannot."""
    try:
        said = await ask_sealed(client, member, terms.run, what, tree, data, OPEN_S)
    except GarbageError as error:
        raise RefusedError(str(error)) from error
    if "refused" in said:
        raise RefusedError(safe_text(str(said["refused"]))[:300])
