"""Access logs of the distribution, as CloudFront writes them: which archive keys were read, and how often.

A log is a text of tab-separated lines after a header that names their fields, compressed with gzip (Amazon CloudFront
Developer Guide, Standard log file format). Its lines are what strangers sent, so each is taken as far as it can be read
and left out otherwise. A viewer's address and program only tell two reads apart: they are hashed, and forgotten with
the count.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

LARGEST = 64 * 1024 * 1024
"""Bytes of a log once it is decompressed; CloudFront's own are far smaller, and a larger one is none of them."""
_PART = 1024 * 1024
_SERVED = frozenset({"200", "206", "304"})
"""The whole file, a part of it (which viewers of PDFs ask for), or that the reader has it already."""
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})/([a-z0-9][a-z0-9-]{0,80})\.(?:txt|html|csv|pdf|xlsx)")
_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}):\d{2}:\d{2}")
_NO_READER = re.compile(
    r"^-?$|bot\b|bot/|crawl|spider|slurp|preview|scan|monitor|uptime|headless|curl|wget|python|java/|go-http|httpx|boto"
    r"|okhttp|axios|facebookexternalhit|executive-suite",
    re.IGNORECASE,
)
"""Programs that say they are none with a person in front: robots, link previews, checks of addresses, ours as well."""


class AccessLogError(ValueError):
    """A log is not compressed as it should be, or larger than any of CloudFront's."""


@dataclass(frozen=True, slots=True)
class Read:
    """One request by which somebody read a report.

    Attributes:
        report_date: Of the report.
        file_name: Of the report, without extension.
        hour: Of the request, UTC ("2026-05-01 13").
        viewer: Tells viewers apart within one count; says nothing about who they are.
    """

    report_date: date
    file_name: str
    hour: str
    viewer: bytes


def text(body: bytes) -> str:
    """A compressed log as text.

    Raises:
        AccessLogError: it is not gzip, is cut off, or has more than ``LARGEST`` bytes.
    """
    found, rest = bytearray(), body
    try:
        while rest:
            opened = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # with the header of gzip
            while rest and not opened.eof:
                found += opened.decompress(rest, _PART)
                rest = opened.unconsumed_tail
                if len(found) > LARGEST:
                    msg = f"an access log of more than {LARGEST} bytes"
                    raise AccessLogError(msg)
            if not opened.eof:
                msg = "an access log that ends too early"
                raise AccessLogError(msg)
            rest = opened.unused_data
    except zlib.error as error:
        msg = f"an access log that is not gzip: {error}"
        raise AccessLogError(msg) from None
    return found.decode("utf-8", "replace")


def reads(log: str, prefix: str = "", salt: bytes = b"") -> Iterator[Read]:
    """The reads in a log.

    Args:
        log: As text.
        prefix: Where the group's keys begin on the distribution: empty, or ``groups/<name>/``.
        salt: Of one count; with another one, no viewer can be known again.
    """
    names: list[str] = []
    for line in log.split("\n"):
        if line.startswith("#"):
            names = line.removeprefix("#Fields:").split() if line.startswith("#Fields:") else names
            continue
        cells = dict(zip(names, line.rstrip("\r").split("\t"), strict=False))
        if (read := _read(cells, prefix, salt)) is not None:
            yield read


def counted(found: Iterable[Read]) -> dict[tuple[date, str], int]:
    """Reads by report date and file name: one viewer within one hour counts once."""
    viewers: dict[tuple[date, str], set[tuple[str, bytes]]] = {}
    for read in found:
        viewers.setdefault((read.report_date, read.file_name), set()).add((read.hour, read.viewer))
    return {key: len(own) for key, own in viewers.items()}


def _read(cells: dict[str, str], prefix: str, salt: bytes) -> Read | None:
    """A line as a read; None if it is none, or none of this group's reports."""
    if cells.get("cs-method") != "GET" or cells.get("sc-status") not in _SERVED:
        return None
    agent = unquote(cells.get("cs(User-Agent)", "-"))
    at = _HOUR.fullmatch(f"{cells.get('date', '')} {cells.get('time', '')}")
    path = cells.get("cs-uri-stem", "").removeprefix("/")
    key = _KEY.fullmatch(path.removeprefix(prefix)) if path.startswith(prefix) else None
    if at is None or key is None or _NO_READER.search(agent):
        return None
    try:
        day = date.fromisoformat(key[1])
    except ValueError:
        return None
    who = "\t".join((cells.get("c-ip", ""), cells.get("x-forwarded-for", ""), agent))
    viewer = hashlib.blake2b(who.encode(), key=salt, digest_size=16).digest()
    return Read(day, key[2], f"{at[1]} {at[2]}", viewer)
