"""A document as the MIME bytes of one delivery: the same inputs give the same bytes, and no header can be injected.

The bytes are parsed again before they leave this module: header names and values must be exactly the intended ones, and
every part must equal the document's.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, cast
from urllib.parse import quote

from executive_suite.document import Document, Part
from executive_suite.mailing import archived_page, headers
from executive_suite.ses.events import DELIVERY_HEADER
from executive_suite.settings import ADDRESS

CONTENT_DIGEST_HEADER = "X-Executive-Suite-Content-Digest"

ALLOWED_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    CONTENT_DIGEST_HEADER,
    DELIVERY_HEADER,
    "MIME-Version",
    "Content-Type",
)
"""All headers that a mail may have; those of lists only if its reader may leave the list."""

SIZE_LIMIT = 40_000_000
"""The largest message SES v2 accepts, in bytes after base64."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")
_OWN = {name.lower() for name in ALLOWED_HEADERS} - {"mime-version", "content-type"}
_WHOLE = _OWN - {"from", "subject"}


class _Policy(policy.EmailPolicy):
    """SMTP, with our own headers kept as they are and written by ``headers``."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() in _OWN:
            return name, value
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "from":
            return headers.mailbox(name, value.display_name, value.addr_spec)
        if name.lower() == "subject":
            return headers.text(name, value)
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value.replace('>, <', f'>,{headers.CONTINUED} <')}\r\n".encode("ascii")
        if name.lower() in _WHOLE:
            return f"{name}: {value}\r\n".encode("ascii")  # identifiers and addresses must not be broken
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", max_line_length=76)


class MessageError(ValueError):
    """The mail cannot be made safely; the message names the field and never an address."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What distinguishes mails of the same document.

    Attributes:
        delivery_id: The delivery.
        generation: Its generation; from the second on, the subject starts with "[Resend]".
        date: The ``Date`` header, aware.
    """

    delivery_id: str
    generation: int
    date: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a reader leaves the series of reports (RFC 2369, RFC 8058): a person takes them off the list.

    Attributes:
        address: Takes a mail that says so.
        url: Takes one click, with the delivery's id; empty if there is no such page.
    """

    address: str
    url: str = ""


def freeze(
    document: Document,
    sender_name: str,
    sender_address: str,
    recipient_address: str,
    labels: Labels,
    *,
    size_limit: int = SIZE_LIMIT,
    link_to: Callable[[str, datetime], str] | None = None,
    leaving: Leaving | None = None,
) -> bytes:
    """The mail's bytes.

    Args:
        document: The report.
        sender_name: Shown as the sender.
        sender_address: The verified sender.
        recipient_address: The one recipient; the audit copy's address is deliberately not an argument.
        labels: Delivery, generation and date.
        size_limit: Bytes after base64; a larger mail leaves its attachments out.
        link_to: Returns a signed link to an archive key, from the date of the mail on; None if there are none: then the
            mail names the key.
        leaving: How its reader leaves the series; None for a mail that belongs to none.

    Returns:
        Multipart bytes with CRLF line ends, lines of at most 76 characters in bodies.

    Raises:
        MessageError: a value is not allowed in a header, or the bytes do not read back as intended.
    """
    meant = _headers(document, sender_name, sender_address, recipient_address, labels)
    if leaving:
        meant |= _series(document, sender_address, labels, leaving)

    def link(key: str) -> str:
        return link_to(key, labels.date) if link_to else ""

    document = archived_page.linked(document, link(document.key("html")))
    body = _compose(document, meant, labels)
    if len(body) > size_limit:
        document = _with_links(document, link)
        body = _compose(document, meant, labels)
        if len(body) > size_limit:
            msg = f"report {document.report}: {len(body)} bytes without attachments; the limit is {size_limit}"
            raise MessageError(msg)
    _compare(body, meant, document)
    return body


def envelope_digest(mime: bytes) -> str:
    """SHA-256 of a mail's bytes, hexadecimal."""
    return hashlib.sha256(mime).hexdigest()


def date_of(mime: bytes) -> datetime:
    """The time in a mail's ``Date`` header."""
    return parsedate_to_datetime(str(BytesHeaderParser().parsebytes(mime)["Date"]))


def _headers(
    document: Document, sender_name: str, sender_address: str, recipient_address: str, labels: Labels
) -> dict[str, Any]:
    """The intended value of each header: text, and one address with its display name."""
    subject = f"[Resend] {document.subject}" if labels.generation > 1 else document.subject
    for field, value in (("subject", subject), ("sender name", sender_name), ("delivery id", labels.delivery_id)):
        _plain(field, value)
    for part in document.pictures + document.attachments:
        _plain("file name", part.name)
    for field, value in (("sender address", sender_address), ("recipient address", recipient_address)):
        if re.fullmatch(ADDRESS, value) is None:
            msg = f"{field}: is not a plain mail address"
            raise MessageError(msg)
    user, domain = sender_address.rsplit("@", 1)
    return {
        "From": Address(sender_name, user, domain),
        "To": recipient_address,
        "Subject": subject,
        "Date": format_datetime(labels.date.astimezone(UTC)),
        "Message-ID": f"<{labels.delivery_id}.g{labels.generation}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        CONTENT_DIGEST_HEADER: document.content_digest,
        DELIVERY_HEADER: f"{labels.delivery_id}; generation={labels.generation}",
    }


def _series(document: Document, sender_address: str, labels: Labels, leaving: Leaving) -> dict[str, str]:
    """The headers of a series: its id, by which readers may file it, and how they leave it."""
    domain = sender_address.rsplit("@", 1)[1]
    mail = f"mailto:{quote(leaving.address, safe='@')}?subject={quote(f'unsubscribe {document.file_name}')}"
    ways = {"List-Id": f"<{document.file_name}.{domain}>", "List-Unsubscribe": f"<{mail}>"}
    if not leaving.url:
        return ways
    page = f"{leaving.url}{'&' if '?' in leaving.url else '?'}delivery={labels.delivery_id}"
    return {
        **ways,
        "List-Unsubscribe": f"<{page}>, <{mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _plain(field: str, value: str) -> None:
    """Refuse what could end a header, or could do so once a mail client decodes it."""
    if not value.strip():
        msg = f"{field}: is blank"
        raise MessageError(msg)
    if _UNSAFE.search(value):
        msg = f"{field}: holds a line break, a control character or an encoded word: {value!r:.120}"
        raise MessageError(msg)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        msg = f"{field}: is not text: {error.reason}"
        raise MessageError(msg) from None


def _compose(document: Document, meant: Mapping[str, Any], labels: Labels) -> bytes:
    made = EmailMessage(policy=_POLICY)
    for name, value in meant.items():
        made[name] = value
    made["MIME-Version"] = "1.0"
    boundaries = _boundaries(document, labels)
    body: EmailMessage = made if not document.attachments else _bare()
    body["Content-Type"] = f'multipart/alternative; boundary="{next(boundaries)}"'
    body.attach(_text_part(document.text, "plain"))
    shown = _text_part(document.mail_html, "html")
    if document.pictures:
        related = _bare()
        related["Content-Type"] = f'multipart/related; type="text/html"; boundary="{next(boundaries)}"'
        related.attach(shown)
        for picture in document.pictures:
            related.attach(_file_part(picture, "inline"))
        shown = related
    body.attach(shown)
    if document.attachments:
        made["Content-Type"] = f'multipart/mixed; boundary="{next(boundaries)}"'
        made.attach(body)
        for attachment in document.attachments:
            made.attach(_file_part(attachment, "attachment"))
    return made.as_bytes(policy=_POLICY)


def _boundaries(document: Document, labels: Labels) -> Iterator[str]:
    """Boundaries that no body can contain: neither base64 nor quoted-printable ever writes "=_"."""
    seed = f"{document.content_digest}:{labels.delivery_id}:{labels.generation}"
    for level in ("alternative", "related", "mixed"):
        yield f"=_{hashlib.sha256(f'{seed}:{level}'.encode()).hexdigest()[:40]}"


def _bare() -> EmailMessage:
    """A part inside the mail, without its own MIME-Version."""
    return cast("EmailMessage", MIMEPart(policy=_POLICY))


def _text_part(text: str, subtype: str) -> EmailMessage:
    part = _bare()
    try:
        part.set_content(_lines(text), subtype=subtype, charset="utf-8", cte="quoted-printable")
    except UnicodeEncodeError as error:
        msg = f"{subtype} part: is not text: {error.reason}"
        raise MessageError(msg) from None
    return part


def _file_part(file: Part, disposition: str) -> EmailMessage:
    main, _, sub = file.media_type.partition("/")
    if not re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", file.media_type):
        msg = f"file {file.name}: media type {file.media_type!r:.60}; expected type/subtype"
        raise MessageError(msg)
    part = _bare()
    content_id = None
    if file.content_id:
        if not re.fullmatch(r"[A-Za-z0-9._@-]+", file.content_id):
            msg = f"file {file.name}: content id {file.content_id!r:.60}; expected letters, digits and . _ @ -"
            raise MessageError(msg)
        content_id = f"<{file.content_id}>"
    part.set_content(
        file.body,
        maintype=main,
        subtype=sub,
        disposition=disposition,
        filename=file.name,
        cid=content_id,
        params={"charset": "utf-8"} if main == "text" else None,
    )
    return part


def _with_links(document: Document, link_to: Callable[[str], str]) -> Document:
    """The document without attachments; both parts say where to find them."""
    if not document.attachments:
        return document
    notes = []
    for attachment in document.attachments:
        key = document.key(attachment.name.rsplit(".", 1)[-1])
        link = link_to(key)
        place = link or f"the report archive, at {key}"
        shown = html.escape(place)
        notes.append((attachment.name, place, f'<a href="{shown}">{shown}</a>' if link else shown))
    head = "With its attachments, this mail would have been too large. You can find them here:"
    text = "\n".join([head, *(f"  {name}: {place}" for name, place, _ in notes), "", "", document.text])
    rows = "".join(f"<li>{html.escape(name)}: {shown}</li>" for name, _, shown in notes)
    note = f"<div><p>{html.escape(head)}</p><ul>{rows}</ul></div>"
    body_tag = re.search(r"<body\b[^>]*>", document.mail_html, re.IGNORECASE)
    cut = body_tag.end() if body_tag else 0
    return replace(
        document, text=text, mail_html=document.mail_html[:cut] + note + document.mail_html[cut:], attachments=()
    )


def _compare(mime: bytes, meant: Mapping[str, Any], document: Document) -> None:
    """Read the bytes as a mail client would, and refuse them unless they say exactly what was intended."""
    read = message_from_bytes(mime, policy=policy.SMTP)
    raw = str(BytesHeaderParser().parsebytes(mime)["From"])
    names = [name for name, _ in read.items()]
    wanted = [*meant, "MIME-Version", "Content-Type"]
    if names != wanted or not set(wanted) <= set(ALLOWED_HEADERS):
        msg = f"headers read back as {names}; expected {wanted}"
        raise MessageError(msg)
    for name, value in meant.items():
        if name == "From":
            same = [one.addr_spec for one in read[name].addresses] == [value.addr_spec]
            same = same and headers.shown_in(raw) == value.display_name
        else:
            same = str(read[name]) == value
        if not same:
            msg = f"header {name} does not read back as it was meant"
            raise MessageError(msg)
    bodies = {part.get_content_subtype(): part for part in read.walk() if part.get_content_maintype() == "text"}
    files = [p.get_payload(decode=True) for p in read.walk() if p.get_content_disposition() in {"inline", "attachment"}]
    for subtype, body in (("plain", document.text), ("html", document.mail_html)):
        if subtype not in bodies or _lines(bodies[subtype].get_content()) != _lines(body):
            msg = f"the {subtype} part does not read back as the document's"
            raise MessageError(msg)
    if files != [part.body for part in document.pictures + document.attachments]:
        msg = "pictures and attachments do not read back as the document's"
        raise MessageError(msg)


def _lines(text: str) -> str:
    """The text with plain line ends and exactly one at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
