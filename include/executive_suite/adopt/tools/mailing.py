"""Mailchimp's audience as contacts without their addresses, and its campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from executive_suite.adopt.instants import instant, stamp
from executive_suite.adopt.reading import LeftOut, Reading, Record
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.identity import name_hash

_STATUS = {
    "subscribed": "subscribed",
    "unsubscribed": "unsubscribed",
    "cleaned": "hard_bounce",
    "bounced": "hard_bounce",
    "nonsubscribed": "never",
    "non-subscribed": "never",
    "transactional": "never",
    "pending": "never",
    "archived": "unsubscribed",
}
_CHANNEL = "email"


def audience(one: Sheet) -> Reading:
    """The contacts: the status of each by its own column, its times, or the file's name, as Mailchimp gives it.

    Raises:
        NotReadableError: nothing says whether they are subscribed.
    """
    records, left = [], 0
    words = ("unsubscribed", "nonsubscribed", "cleaned", "subscribed")
    named = next((word for word in words if _in_name(one, word)), "")
    for row in one.rows:
        address = row.text("email").casefold()
        if "@" not in address:
            left += 1
            continue
        status = _status(one, row, named)
        agreed = row.text("confirmed") or row.text("opted")
        at = instant(agreed, "UTC") if agreed else None
        values = {
            "contact_hash": name_hash(address),
            "consent_status": status,
            "consent_at": stamp(at),
            "consent_source": "Mailchimp",
        }
        records.append(Record("contact", values, one.origin(row)))
    return _reading(one, tuple(records), left)


def _in_name(one: Sheet, word: str) -> bool:
    return one.upload.name.casefold().startswith(word) or f"_{word}" in one.upload.name.casefold()


def _status(one: Sheet, row: Row, named: str) -> str:
    if row.text("left"):
        return "unsubscribed"
    if row.text("cleaned"):
        return "hard_bounce"
    word = row.text("status").casefold() or named
    if word not in _STATUS:
        msg = (
            "nothing says whether a contact is subscribed: a column Status, UNSUB_TIME or CLEAN_TIME, or a file's name "
            "as Mailchimp gives it (subscribed_…, unsubscribed_…, cleaned_…) was looked for"
        )
        raise one.refused(row.number, msg)
    return _STATUS[word]


def campaigns(one: Sheet) -> Reading:
    """The campaigns that were sent, on a channel of their own."""
    return _reading(one, tuple(_campaigns(one)), sum(not row.text("sent") for row in one.rows))


def _campaigns(one: Sheet) -> Iterator[Record]:
    first = True
    for row in sorted((row for row in one.rows if row.text("sent")), key=lambda row: _sent(one, row)):
        if first:
            yield Record(
                "channel",
                {
                    "channel_id": _CHANNEL,
                    "valid_from": _sent(one, row)[:10],
                    "name": "Mailchimp",
                    "type": "email",
                    "status": "live",
                    "requires_coi": "false",
                },
                one.origin(row),
            )
            first = False
        yield Record(
            "campaign",
            {
                "campaign_id": row.text("id"),
                "channel_id": _CHANNEL,
                "started_at": _sent(one, row),
                "objective": row.text("name") or row.text("subject"),
            },
            one.origin(row),
        )


def _sent(one: Sheet, row: Row) -> str:
    text = row.text("sent")
    at = instant(text, one.upload.zone, one.style.order)
    if at is None:
        raise one.refused(row.number, f"{text!r} is no day")
    return stamp(at)


def _reading(one: Sheet, records: tuple[Record, ...], left: int) -> Reading:
    return replace(
        one.reading("register"),
        records=records,
        left_out=(LeftOut("rows without an address or a day", left),) if left else (),
    )
