"""The audit trail: CloudEvents in hash chains of create-only, numbered objects.

``hash`` is SHA-256 over the previous event's hash (hexadecimal text) followed by the canonical JSON of the event
without ``data.hash``. A chain belongs to one run and lane, or to one day for what happens outside runs. Closing
manifests, numbered across all runs, hold the head of every chain and are themselves a chain.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Protocol

from executive_suite import canonical
from executive_suite.identity import without_addresses
from executive_suite.stores.store import ObjectStore, StoredObject, StoreError

SOURCE = "urn:executive-suite"
GENESIS = "0" * 64
_TRIES = 20


class TrailError(Exception):
    """An event could not be recorded."""


@dataclass(frozen=True, slots=True)
class Run:
    """The task at work; empty outside Airflow."""

    dag: str = ""
    run: str = ""
    task: str = ""
    map_index: int = -1
    try_number: int = 0
    code_version: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, in the fields of the audit trail, which never hold an address.

    Attributes:
        kind: For example ``delivery.claimed``; the CloudEvents type is ``executive_suite.<kind>``.
        report: Report id.
        entity: Entity id.
        report_date: ISO date.
        digest: Content digest of the document, or another digest the event concerns.
        delivery_id: The delivery.
        generation: Its generation; 0 if the event concerns none.
        attempt: The claim's number; 0 if the event concerns none.
        recipient_hash: HMAC-SHA-256 of the address.
        recipient_key_id: Id of the key it was made with.
        message_id: SES's id.
        outcome: A single word.
        error_class: retryable, refused or ambiguous.
        error_code: SES's or botocore's name.
        error: Its text, without addresses.
        actor: The person, for human decisions.
        reason: Why, for human decisions; the sentence of a gate.
        details: More plain values.
    """

    kind: str
    report: str = ""
    entity: str = ""
    report_date: str = ""
    digest: str = ""
    delivery_id: str = ""
    generation: int = 0
    attempt: int = 0
    recipient_hash: str = ""
    recipient_key_id: str = ""
    message_id: str = ""
    outcome: str = ""
    error_class: str = ""
    error_code: str = ""
    error: str = ""
    actor: str = ""
    reason: str = ""
    details: tuple[tuple[str, str], ...] = ()


class Copy(Protocol):
    """A copy of the trail; it never decides anything."""

    def send(self, chain: str, events: list[dict[str, Any]]) -> None:
        """Take events of a chain; raises nothing and reports refused events by its own means."""
        ...


class Chain:
    """One hash chain; several processes may append to it, and each append finds its own number.

    Args:
        store: The records bucket.
        name: See ``run_chain`` and ``day_chain``.
        clock: Returns the current time.
        run: The task at work.
        copy: Receives every event as well; None for no copy.
    """

    def __init__(
        self,
        store: ObjectStore,
        name: str,
        *,
        clock: Callable[[], datetime],
        run: Run | None = None,
        copy: Copy | None = None,
    ) -> None:
        self._store = store
        self.name = name
        self._clock = clock
        self._run = run or Run()
        self.copy = copy
        self._head: tuple[int, str] | None = None

    @property
    def length(self) -> int:
        """The number of events."""
        return (self._head or head(self._store, self.name))[0]

    def append(self, event: Event) -> str:
        """Record an event; returns its hash.

        Raises:
            TrailError: it could not be written.
        """
        try:
            record = self._write(event)
        except StoreError as error:
            msg = f"audit event {event.kind} of chain {self.name} could not be written: {error}"
            raise TrailError(msg) from error
        if self.copy is not None:
            self.copy.send(self.name, [record])
        digest: str = record["data"]["hash"]
        return digest

    def _write(self, event: Event) -> dict[str, Any]:
        at = canonical.instant(self._clock())
        number, previous = self._head or head(self._store, self.name)
        for _ in range(_TRIES):
            record = sealed(_cloud_event(event, self._run, self.name, number + 1, at), previous)
            item = StoredObject(key(self.name, number + 1), canonical.dumps(record), "application/cloudevents+json")
            if self._store.create(item) or self._store.get(item.key).body == item.body:
                self._head = (number + 1, record["data"]["hash"])
                return record
            number, previous = head(self._store, self.name)
        msg = f"chain {self.name} has too many writers"
        raise StoreError(msg)


def run_chain(report_date: date, run_id: str, lane: str) -> str:
    """The chain of one run and lane; a run id may hold anything, so object names only have its hash."""
    slug = hashlib.sha256(run_id.encode()).hexdigest()[:16]
    return f"runs/{report_date.isoformat()}/{slug}/{lane}"


def day_chain(day: date) -> str:
    """The chain of a day's events outside runs: bounces, resends, releases."""
    return f"days/{day.isoformat()}"


def key(chain: str, number: int) -> str:
    """The key of an event."""
    return f"audit/{chain}/{number:06d}.json"


_PLACE = re.compile(
    r"audit/(?P<chain>runs/(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})/[0-9a-f]{16}/[a-z][a-z0-9_-]{0,40}"
    r"|days/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})|manifests)/(?P<number>[0-9]{6,})\.json"
)


def place_of(where: str) -> tuple[str, int] | None:
    """Chain and number of the event at a key; None for any other object, even one that only spells a key differently.

    >>> place_of("audit/days/2026-05-01/000002.json"), place_of("audit/days/2026-05-01/0000002.json")
    (('days/2026-05-01', 2), None)
    """
    match = _PLACE.fullmatch(where)
    if match is None:
        return None
    chain, number = match["chain"], int(match["number"])
    try:
        if day := match["date"] or match["day"]:
            date.fromisoformat(day)
    except ValueError:
        return None
    return (chain, number) if number and key(chain, number) == where else None


def event_of(where: str, body: bytes) -> dict[str, Any] | None:
    """The event at a key; None unless key and bytes are as this module writes them and name the same place."""
    place = place_of(where)
    try:
        record = json.loads(body)
        if place is None or canonical.dumps(record) != body.rstrip(b"\n"):
            return None
        data = record["data"]
        return record if (data["chain"], data["sequence"]) == place and isinstance(record, dict) else None
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def head(store: ObjectStore, chain: str) -> tuple[int, str]:
    """A chain's last number and hash; (0, GENESIS) if it is empty.

    Raises:
        StoreError: the last event was changed; nothing is appended to a tampered trail.
    """
    last = max((where for where in store.keys(f"audit/{chain}/") if place_of(where)), default="")
    if not last:
        return 0, GENESIS
    try:
        data = json.loads(store.get(last).body)["data"]
        return int(data["sequence"]), str(data["hash"])
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, StoreError):
            raise
        msg = f"{last}: is no longer an event of the trail; `audit verify` shows what was changed"
        raise StoreError(msg) from None


def sealed(record: dict[str, Any], previous: str) -> dict[str, Any]:
    """The event with ``prev_hash`` and ``hash`` in its data."""
    data = {**record["data"], "prev_hash": previous}
    open_record = {**record, "data": data}
    return {**record, "data": {**data, "hash": digest_of(open_record, previous)}}


def digest_of(record: dict[str, Any], previous: str) -> str:
    """SHA-256(previous hash ‖ canonical JSON of the event without ``data.hash``), hexadecimal."""
    data = {name: value for name, value in record["data"].items() if name != "hash"}
    return hashlib.sha256(previous.encode() + canonical.dumps({**record, "data": data})).hexdigest()


def _cloud_event(event: Event, run: Run, chain: str, number: int, at: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in {**asdict(event), **asdict(run)}.items():
        if name == "details":
            data[name] = {label: _clean(text) for label, text in value}
        elif name != "kind":
            data[name] = _clean(value) if isinstance(value, str) else value
    data["chain"] = chain
    data["sequence"] = number
    return {
        "specversion": "1.0",
        "id": f"{chain}/{number}",
        "source": SOURCE,
        "type": f"executive_suite.{event.kind}",
        "time": at,
        "subject": event.delivery_id or event.report or chain,
        "datacontenttype": "application/json",
        "data": data,
    }


def _clean(text: str) -> str:
    """Text without addresses, and without control characters, which JSON programs write in different ways."""
    return without_addresses("".join(c if c.isprintable() else " " for c in text))
