"""Header values as the bytes of a mail: folded and encoded so that every reader gets back what was meant.

The library's own folding is not used: it begins a value that does not fit into the first line on the next one, which
reads back with a blank before it, and it takes some display names apart.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import unquote

WIDTH = 76
"""The longest line of a header with encoded words (RFC 2047, section 2); other headers keep to it as well."""

CONTINUED = "\r\n"
"""Before a blank it goes on; the blank is the value's own, or belongs to the break between encoded words."""

_FIRST, _NEXT = 39, 45
"""Bytes of the first and of each later encoded word: a multiple of three each, so that only the last is padded."""


def text(name: str, value: str) -> bytes:
    r"""One unstructured header, folded, with its line end.

    >>> text("Subject", "Cash lasts 4.85 months")
    b'Subject: Cash lasts 4.85 months\r\n'
    >>> text("Subject", "Größe")
    b'Subject: =?utf-8?b?R3LDtsOfZQ==?=\r\n'
    """
    lines = _folded(value, WIDTH - len(name) - 2)
    plain = value.isascii() and value == value.strip() and max(map(len, lines)) <= WIDTH
    return f"{name}: {CONTINUED.join(lines) if plain else _encoded(value)}\r\n".encode("ascii")


def mailbox(name: str, shown: str, address: str) -> bytes:
    r"""One mailbox with its display name, the address on a line of its own.

    >>> mailbox("From", 'Suite "A", Ltd.', "reports@example.com")
    b'From: "Suite \\"A\\", Ltd."\r\n <reports@example.com>\r\n'
    """
    quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
    phrase = f'"{quoted}"' if shown.isascii() else _encoded(shown)
    return f"{name}: {phrase}\r\n <{address}>\r\n".encode("ascii")


def shown_in(raw: str) -> str:
    r"""The display name of a mailbox header's raw value, decoded as RFC 2047 says.

    >>> shown_in('"Suite \\"A\\", Ltd."\r\n <reports@example.com>')
    'Suite "A", Ltd.'
    """
    phrase = raw.rpartition("<")[0].strip()
    # The structured reader of the library puts a blank between encoded words of a name, which RFC 2047 forbids.
    return unquote(phrase) if phrase.startswith('"') else str(make_header(decode_header(phrase)))


def whole(name: str, value: str) -> bytes:
    """One header on one line: identifiers and addresses, which no line end may come between."""
    return f"{name}: {value}\r\n".encode("ascii")


def _folded(value: str, room: int) -> list[str]:
    """Broken at single blanks, each of which then begins a line; a word that is too long stands alone."""
    lines, line = [], ""
    for word in _words(value):
        if line and len(line) + len(word) > room:
            lines.append(line)
            line, room = word, WIDTH
        else:
            line += word
    return [*lines, line]


def _words(value: str) -> Iterator[str]:
    """The value in parts that begin with a single blank, except for the first."""
    start = 0
    for at in range(1, len(value) - 1):
        if value[at] == " " and " " not in (value[at - 1], value[at + 1]):
            yield value[start:at]
            start = at
    yield value[start:]


def _encoded(value: str) -> str:
    """Encoded words (RFC 2047), broken between characters; the blanks between them mean nothing."""
    words: list[bytes] = []
    chunk = b""
    for character in value:
        piece = character.encode()
        if len(chunk) + len(piece) > (_NEXT if words else _FIRST):
            words.append(chunk)
            chunk = b""
        chunk += piece
    return f"{CONTINUED} ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in [*words, chunk])
