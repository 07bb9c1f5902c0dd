"""A mail as it was sent, for people: taken apart, without any address, with its pictures in it.

The frozen bytes hold addresses, so a step of its own reads them: what shows the mail gets only what is shown.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from executive_suite.identity import without_addresses
from executive_suite.mailing import headers
from executive_suite.stores.store import ObjectStore

MASKED = "(an address)"
_PICTURE = re.compile(r"cid:([A-Za-z0-9._@-]+)")

Picture = tuple[str, bytes]
"""Media type and bytes."""


@dataclass(frozen=True, slots=True)
class Read:
    """A mail, taken apart.

    Attributes:
        headers: Name and value, in their order.
        html: The HTML part, its pictures inside; empty without one.
        text: The plain part.
        files: Name and size in bytes of each attachment.
    """

    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    files: tuple[tuple[str, int], ...]


def of(records: ObjectStore, mail_key: str, recipient_id: str) -> Read:
    """The mail at a key of the outbox; its recipient is named by id.

    Raises:
        ObjectMissingError: its bytes are no longer there.
    """
    return read(records.get(mail_key).body, recipient_id)


def read(mime: bytes, recipient_id: str) -> Read:
    """A mail's parts; its recipient is named by id."""
    mail = message_from_bytes(mime, policy=policy.SMTP)
    bodies = {"plain": "", "html": ""}
    pictures: dict[str, Picture] = {}
    files = []
    for part in mail.walk():
        disposition = part.get_content_disposition()
        if disposition == "attachment":
            files.append((part.get_filename() or "", len(_body(part))))
        elif part.get_content_maintype() == "text":
            bodies[part.get_content_subtype()] = str(part.get_content())
        elif disposition == "inline":
            pictures[str(part["Content-ID"] or "").strip("<>")] = (part.get_content_type(), _body(part))
    return Read(
        tuple((name, _shown(name, raw, mail, recipient_id)) for name, raw in _raw(mime)),
        with_pictures(bodies["html"], pictures),
        bodies["plain"],
        tuple(files),
    )


def _raw(mime: bytes) -> list[tuple[str, str]]:
    """The headers as written: a structured reader would take names and ids apart."""
    return [(name, str(value)) for name, value in message_from_bytes(mime, policy=policy.compat32).items()]


def _shown(name: str, raw: str, mail: EmailMessage, recipient_id: str) -> str:
    """A header's value without addresses."""
    match name.lower():
        case "from":
            return headers.shown_in(raw)
        case "to":
            return recipient_id
        case "subject":
            return str(mail["Subject"])
        case "message-id":
            return raw.strip("<> ").partition("@")[0]
        case "list-unsubscribe":
            return MASKED
    return without_addresses(" ".join(raw.split()))


def _body(part: EmailMessage) -> bytes:
    return cast("bytes", part.get_payload(decode=True) or b"")


def with_pictures(html: str, pictures: Mapping[str, Picture]) -> str:
    """HTML with the pictures that it names by content id inside it."""

    def inside(found: re.Match[str]) -> str:
        if found[1] not in pictures:
            return found[0]
        media_type, body = pictures[found[1]]
        return f"data:{media_type};base64,{base64.b64encode(body).decode()}"

    return _PICTURE.sub(inside, html)
