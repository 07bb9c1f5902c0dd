"""A document as one JSON object and back, byte for byte."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

from executive_suite import canonical
from executive_suite.document import Document, Part


def encode(document: Document) -> bytes:
    """Canonical JSON; bodies in base64."""
    return canonical.dumps(
        {
            "report": document.report,
            "file_name": document.file_name,
            "report_type": document.report_type,
            "entity": document.entity,
            "report_date": document.report_date.isoformat(),
            "subject": document.subject,
            "text": document.text,
            "mail_html": document.mail_html,
            "files": {extension: _packed(body) for extension, body in document.files.items()},
            "pictures": [_part(part) for part in document.pictures],
            "attachments": [_part(part) for part in document.attachments],
        }
    )


def decode(body: bytes) -> Document:
    """The document that ``encode`` wrote."""
    record = json.loads(body)
    return Document(
        report=record["report"],
        file_name=record["file_name"],
        report_type=record["report_type"],
        entity=record["entity"],
        report_date=date.fromisoformat(record["report_date"]),
        subject=record["subject"],
        text=record["text"],
        mail_html=record["mail_html"],
        files={extension: base64.b64decode(packed) for extension, packed in record["files"].items()},
        pictures=tuple(_unpart(part) for part in record["pictures"]),
        attachments=tuple(_unpart(part) for part in record["attachments"]),
    )


def _packed(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _part(part: Part) -> dict[str, str]:
    return {
        "name": part.name,
        "media_type": part.media_type,
        "body": _packed(part.body),
        "content_id": part.content_id,
    }


def _unpart(record: dict[str, Any]) -> Part:
    return Part(record["name"], record["media_type"], base64.b64decode(record["body"]), record["content_id"])
