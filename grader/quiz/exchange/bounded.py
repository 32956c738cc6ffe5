"""Read files that anybody may have written: bounded in size and depth, without entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from xml.sax.xmlreader import AttributesImpl

MAX_BYTES = 4 * 2**20
MAX_DEPTH = 16
MAX_QUESTIONS = 1000
MAX_ELEMENTS = 100_000


@dataclass(slots=True)
class Node:
    """An element of an XML file.

    Parameters
    ----------
    tag, attributes
        As in the file.
    line
        Where it begins.
    pieces
        The text directly in it.
    inner
        The elements directly in it.
    """

    tag: str
    attributes: dict[str, str]
    line: int
    pieces: list[str] = field(default_factory=list)
    inner: list[Node] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        """Return the elements of a name that are directly in this one."""
        return [node for node in self.inner if node.tag == tag]

    def text(self, *path: str) -> str:
        """Return the text of the first element on a path; "" when there is none."""
        node = self
        for tag in path:
            found = node.all(tag)
            if not found:
                return ""
            node = found[0]
        return "".join(node.pieces).strip()


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {}, 0)
        self.open = [self.root]
        self.count = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's own name
        line = getattr(self, "_locator").getLineNumber()  # noqa: B009 - SAX sets it
        if len(self.open) > MAX_DEPTH:
            raise UsageError(f"line {line} is more than {MAX_DEPTH} elements deep")
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise UsageError(f"it has more than {MAX_ELEMENTS:,} elements")
        node = Node(name, dict(attrs.items()), line)
        self.open[-1].inner.append(node)
        self.open.append(node)

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002 - SAX's own name and argument
        self.open.pop()

    def characters(self, content: str) -> None:
        self.open[-1].pieces.append(content)


def read_bytes(path: Path) -> bytes:
    """Read a file of a bounded size.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    UsageError
        It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES // 2**20} MiB")
    return content


def read_xml(content: bytes) -> Node:
    """Read XML, without a document type and so without entities.

    Parameters
    ----------
    content
        The file's bytes.

    Returns
    -------
    Node
        The outermost element.

    Raises
    ------
    UsageError
        It is no XML, has a document type, or is nested too deeply; with the line.
    """
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - only an import pays
    from defusedxml.sax import parseString  # noqa: PLC0415 - for it

    builder = _Builder()
    try:
        parseString(content, builder, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UsageError("it has a document type or entities, which are not read") from error
    except (SAXException, ValueError, LookupError) as error:
        line = getattr(error, "getLineNumber", lambda: None)()
        said = getattr(error, "getMessage", lambda: "its encoding is not known")()
        raise UsageError(f"it is no XML: {said}{f' in line {line}' if line else ''}") from error
    return builder.root.inner[0]
