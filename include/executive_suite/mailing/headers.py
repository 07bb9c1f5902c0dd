"""Header values as the bytes of a mail: folded and encoded so that every reader gets the intended value.

The library's own folding is not used: it starts a value that does not fit the first line on the next one, which reads
back with a leading blank, and it splits some display names.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import unquote

WIDTH = 76
"""The longest line of a header with encoded words (RFC 2047, section 2); used for other headers too."""

CONTINUED = "\r\n"
"""Continues before a blank; the blank is the value's own, or part of the break between encoded words."""

_FIRST, _NEXT = 39, 45
"""Bytes of the first and of each later encoded word: multiples of three, so that only the last one is padded."""


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
    r"""One mailbox with its display name, the address on its own line.

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
    # The library's structured reader puts a blank between encoded words of a name, which RFC 2047 forbids.
    return unquote(phrase) if phrase.startswith('"') else str(make_header(decode_header(phrase)))


def _folded(value: str, room: int) -> list[str]:
    """Broken at single blanks, which then start a line; a word that is too long gets its own line."""
    lines, line = [], ""
    for word in _words(value):
        if line and len(line) + len(word) > room:
            lines.append(line)
            line, room = word, WIDTH
        else:
            line += word
    return [*lines, line]


def _words(value: str) -> Iterator[str]:
    """The value in parts that start with a single blank, except the first."""
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
