"""Addresses that get no mail: our own list under keyed hashes, and the account's list where the endpoint offers it.

A hard bounce or a complaint suppresses an address until a person releases it. The list survives a change of the hash
key: an entry made with an older key cannot be compared with today's address, so it blocks its recipient id until a
person checks it.

| object (records bucket) | says |
|---|---|
| ``suppression/<recipient hash>/<n>`` | the n-th change for an address: suppressed or released, why, by whom |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite import canonical
from executive_suite.identity import HashKey, without_addresses
from executive_suite.mailing import journal
from executive_suite.mailing.gates import Gate, Stop
from executive_suite.mailing.request import Request
from executive_suite.stores.store import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client


@dataclass(frozen=True, slots=True)
class Entry:
    """One change for an address.

    Attributes:
        act: suppressed or released.
        reason: bounce, complaint, or a person's words.
        at: ISO 8601 UTC.
        key_id: Of the hash's key.
        recipient_id: Whose address it was; empty if unknown.
        actor: Who released it, or ``ses``.
        event_id: The cause; the same event counts once.
    """

    act: Literal["suppressed", "released"]
    reason: str
    at: str
    key_id: str
    recipient_id: str = ""
    actor: str = "ses"
    event_id: str = ""


class SuppressionList:
    """Our own list, in the records bucket; addresses appear in it as hashes only."""

    def __init__(self, records: ObjectStore, key: HashKey) -> None:
        self._records = records
        self._key = key

    def add(self, address: str, reason: str, at: datetime, *, recipient_id: str = "", event_id: str = "") -> bool:
        """Suppress an address because of an event; returns whether it is new."""
        digest = self._key.recipient_hash(address)
        earlier = self._records.keys(f"suppression/{digest}/")
        if event_id and any(self._entry(key).event_id == event_id for key in earlier):
            return False
        entry = Entry("suppressed", reason, canonical.instant(at), self._key.key_id, recipient_id, "ses", event_id)
        journal.append(self._records, f"suppression/{digest}/", entry)
        return True

    def release(self, recipient_id: str, address: str, *, actor: str, reason: str, at: datetime) -> int:
        """Release a recipient's address and its entries under older keys; returns how many entries ended."""
        released = 0
        for digest, entry in self._active():
            if digest == self._key.recipient_hash(address) or recipient_id == entry.recipient_id:
                text = without_addresses(reason)
                act = Entry("released", text, canonical.instant(at), entry.key_id, recipient_id, actor)
                journal.append(self._records, f"suppression/{digest}/", act)
                released += 1
        return released

    def suppressed_since(self, address: str) -> str:
        """Since when an address has been suppressed under today's key, ISO 8601; empty if it is not."""
        digest = self._key.recipient_hash(address)
        return next((entry.at for found, entry in self._active() if found == digest), "")

    def gate(self, request: Request, address: str) -> Stop | None:
        """No mail to an address that hard-bounced or complained."""
        digest = self._key.recipient_hash(address)
        for found, entry in self._active():
            why = f"suppressed since {entry.at} ({entry.reason})"
            if found == digest:
                return _stop(request.recipient_id, why)
            if entry.key_id != self._key.key_id and entry.recipient_id == request.recipient_id:
                return _stop(request.recipient_id, f"{why}, under hash key {entry.key_id}")
        return None

    def _active(self) -> Iterator[tuple[str, Entry]]:
        last = {key.split("/")[1]: key for key in self._records.keys("suppression/")}
        for digest, key in last.items():
            entry = self._entry(key)
            if entry.act == "suppressed":
                yield digest, entry

    def _entry(self, key: str) -> Entry:
        return canonical.unpacked(Entry, self._records.get(key).body)


def account_gate(ses: SESV2Client) -> Gate:
    """No mail to an address on the account's own suppression list.

    SES accepts a mail to such an address and drops it, so asking only makes the record clearer: if the endpoint does
    not offer the list or does not answer, the mail may go.
    """

    def gate(request: Request, address: str) -> Stop | None:
        try:
            found = ses.get_suppressed_destination(EmailAddress=address)
        except (ClientError, BotoCoreError):
            return None
        reason = found["SuppressedDestination"]["Reason"]
        return _stop(request.recipient_id, f"on the account's suppression list ({reason.lower()})")

    return gate


def _stop(recipient_id: str, why: str) -> Stop:
    return Stop(
        "suppressed",
        f"recipient {recipient_id} is {why}",
        refused=True,
    )
