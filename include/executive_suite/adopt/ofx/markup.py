"""The tags of an OFX file as a tree: SGML (version 1) and XML (2), as banks write them, never as a parser of XML would.

``ofxtools`` finds the tags; it knows no entities, document types or includes, so a file can name nothing outside
itself. What banks often get wrong is put right here, where only one reading is possible: empty elements left open,
``</STMTRS>`` for ``</CCSTMTRS>``, a header with another character set than the text's.
"""

from __future__ import annotations

import html
import re
from bisect import bisect
from collections.abc import Callable
from xml.etree.ElementTree import Element

from ofxtools.Parser import ParseError, TreeBuilder

from executive_suite.adopt.refusing import printable, refusal

MOST_BYTES = 32 << 20
"""A hundred thousand lines of statements."""
DEEPEST = 60
"""Deeper than any aggregate of the specification."""
LONGEST = 1000
"""Characters of a value; the specification has no longer ones; numbers that were cut could be mistaken."""
ROW = "row"
"""The attribute that holds an element's line in the file."""

_SIGNS = re.compile(rb"OFXHEADER|<OFX[ >]|<\?OFX\s")
_SELF_CLOSED = re.compile(r"<[A-Z0-9._]+[ ]*/>")
_ROOT = re.compile(r"<OFX(?: [^<>]*)?>")


def known(body: bytes) -> bool:
    """Whether a file says in its first lines that it is OFX."""
    return bool(_SIGNS.search(body[:2000].replace(b"\0", b"")))


def tree(file: str, body: bytes) -> Element:
    """The element ``OFX``, each element with the line where it begins.

    Raises:
        NotReadableError: too large or too deep, no such element, text between elements, or an end before its end.
    """
    if len(body) > MOST_BYTES:
        raise refusal(file, 0, f"it is larger than {MOST_BYTES >> 20} MB; export fewer months at a time")
    text = _decoded(body).replace("\r\n", "\n").replace("\r", "\n")
    root = _ROOT.search(text)
    if root is None:
        raise refusal(file, 0, "it has no element <OFX>; the download may be incomplete")
    if another := _ROOT.search(text, root.end()):
        line = text.count("\n", 0, another.start()) + 1
        raise refusal(file, line, "a second download begins here; bring each in a file of its own")
    text = "\n" * text.count("\n", 0, root.start()) + "<OFX>" + text[root.end() :]
    text = _without(file, text, ("<!--", "-->"), lambda inside: "\n" * inside.count("\n"))
    text = _without(file, text, ("<![CDATA[", "]]>"), lambda inside: html.escape(inside, quote=False))
    builder = _Builder(file)
    builder.build(_SELF_CLOSED.sub("", text))
    if builder.open:
        raise refusal(file, 0, f"it ends inside <{builder.open[-1]}>; the download may be incomplete")
    made: Element = builder.close()
    return made


def words(element: Element, tag: str) -> str:
    """The text of the first element of a name that is not blank, on one line; empty if there is none."""
    found = next((one.text for one in element.iter(tag) if one.text and one.text.strip()), "")
    return printable(html.unescape(found), LONGEST)


def row(element: Element) -> int:
    """The line where an element begins."""
    return int(element.attrib[ROW])


class _Builder(TreeBuilder):
    """What ofxtools builds, with rows; a closing tag also closes what was left open inside its element."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file, self.row = file, 0
        self.open: list[str] = []
        self.begun = False

    def build(self, text: str) -> None:
        """Every tag of a text, in turn."""
        ends = [found.start() for found in re.finditer("\n", text)]
        for match in self.regex.finditer(text):
            self.row = bisect(ends, match.start()) + 1
            tag = match["tag"].strip()
            if tag[0] == "/" and tag[1:] not in self.open:
                continue  # closes nothing
            if self._groomstring(match["tail"]):
                raise refusal(self.file, self.row, "there is text between elements")
            try:
                self._feedmatch(tag, self._groomstring(match["text"]), match["closetag"])
            except ParseError:
                raise refusal(self.file, self.row, "there is text between elements") from None

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        if len(self.open) >= DEEPEST:
            raise refusal(self.file, self.row, f"elements are nested more than {DEEPEST} deep")
        if self.begun and not self.open:
            raise refusal(self.file, self.row, "there are elements outside <OFX>")
        self.begun = True
        self.open.append(tag)
        started: Element = super().start(tag, {**attrs, ROW: str(self.row)})
        return started

    def end(self, tag: str) -> Element:
        while (left_open := self.open.pop()) != tag:
            super().end(left_open)
        ended: Element = super().end(tag)
        return ended


def _decoded(body: bytes) -> str:
    """Text by what the bytes are; headers name a character set out of habit (windows-1252 is all that remains)."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _without(file: str, text: str, marks: tuple[str, str], replaced: Callable[[str], str]) -> str:
    """A text with each marked part replaced, in one pass."""
    opening, closing = marks
    kept, *parts = text.split(opening)
    done = [kept]
    for part in parts:
        inside, closed, rest = part.partition(closing)
        if not closed:
            raise refusal(file, 0, f"{opening} is not closed; the download may be incomplete")
        done += (replaced(inside), rest)
    return "".join(done)
