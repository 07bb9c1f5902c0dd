"""A rendered report: the bytes that are archived, approved and sent, under one content digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

LONGEST_SUBJECT = 70
"""Characters: what Gmail and Outlook show of a subject in a list on a wide screen."""

LINK_FROM, LINK_TO = "<!--archived page-->", "<!--/archived page-->"
"""Enclose the part of a mail's HTML that links to the archived page, by its archive key: what is approved and archived
does not depend on links that expire. The mail that is sent has a signed link in its place, or leaves the part out."""


def archive_key(report_date: date, file_name: str, extension: str) -> str:
    """Archive key in the reports bucket: ``<report date>/<file name>.<extension>``."""
    return f"{report_date.isoformat()}/{file_name}.{extension}"


@dataclass(frozen=True, slots=True)
class Part:
    """A picture or file that is part of a mail.

    Attributes:
        name: File name as the reader sees it.
        media_type: For example ``image/png``.
        body: Its bytes.
        content_id: For pictures shown inside the HTML part (without angle brackets); empty for attached files.
    """

    name: str
    media_type: str
    body: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One report of one report date, rendered in every format; the same facts give the same bytes.

    Attributes:
        report: Report id, e.g. ``cfo``.
        file_name: Archive file name without extension, e.g. ``cfo-report``.
        report_type: Archive tag: ceo, cto, accounting, cmo, cfo, audit or board.
        entity: Archive tag: the entity, or ``group``.
        report_date: The report date.
        subject: Subject line of the mail.
        text: The plain-text part, complete on its own.
        mail_html: The HTML part of the mail: inlined styles, pictures by content id, the link as said at ``LINK_FROM``.
        files: The archive's files by extension (``txt``, ``html``, and for some reports ``pdf``, ``xlsx``, ``ics``).
        pictures: Pictures of ``mail_html``.
        attachments: Files attached to the mail.
    """

    report: str
    file_name: str
    report_type: str
    entity: str
    report_date: date
    subject: str
    text: str
    mail_html: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    pictures: tuple[Part, ...] = ()
    attachments: tuple[Part, ...] = ()

    def key(self, extension: str) -> str:
        """The archive key of one of its files."""
        return archive_key(self.report_date, self.file_name, extension)

    @property
    def content_digest(self) -> str:
        """SHA-256 over everything rendered, in a fixed order and with lengths, so that parts stay apart."""
        running = hashlib.sha256()
        parts = [("subject", self.subject.encode()), ("text", self.text.encode()), ("mail", self.mail_html.encode())]
        parts += [(f"file:{extension}", body) for extension, body in sorted(self.files.items())]
        parts += [(f"part:{p.content_id}:{p.name}:{p.media_type}", p.body) for p in self.pictures + self.attachments]
        for name, body in parts:
            running.update(f"{name}\0{len(body)}\0".encode())
            running.update(body)
        return running.hexdigest()
