"""A report's PDF as pictures of its pages: a frame in which nothing may run shows no PDF."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

WIDTH = 1224
"""Pixels: twice the width of a page on a screen of common density, so that small print stays sharp."""
MOST_PAGES = 64
"""Pictures kept between looks, of all reports: some 200 kB each."""

_ONE_AT_A_TIME = threading.Lock()
"""PDFium works for one thread of a process at a time."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report on paper.

    Attributes:
        content_digest: Of the document: the same digest, the same pictures.
        pdf: Its bytes.
    """

    content_digest: str
    pdf: bytes = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a page's picture, in pixels."""

    width: int
    height: int


@lru_cache(maxsize=MOST_PAGES)
def sizes(paper: Paper) -> tuple[Size, ...]:
    """The sizes of all pages, the first one first."""
    with _opened(paper) as document:
        return tuple(_size(*document.get_page_size(place)) for place in range(len(document)))


@lru_cache(maxsize=MOST_PAGES)
def picture(paper: Paper, number: int) -> bytes:
    """A page as PNG.

    Args:
        paper: The report.
        number: Of the page, from 1.

    Raises:
        IndexError: the report has no such page.
    """
    with _opened(paper) as document:
        if not 1 <= number <= len(document):
            msg = f"page {number} of {len(document)}"
            raise IndexError(msg)
        page = document[number - 1]
        drawn = page.render(scale=WIDTH / page.get_width(), rev_byteorder=True)
        return _png(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride, drawn.n_channels)


@contextmanager
def _opened(paper: Paper) -> Iterator[Any]:
    import pypdfium2

    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(paper.pdf)
        try:
            yield document
        finally:
            document.close()


def _size(width: float, height: float) -> Size:
    return Size(WIDTH, round(WIDTH * height / width))


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Lines of red, green and blue as a PNG (ISO/IEC 15948): header, one stream of unfiltered lines, end."""
    lines = b"".join(b"\0" + pixels[at : at + width * channels] for at in range(0, height * stride, stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
