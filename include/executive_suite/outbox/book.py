"""The delivery ledger: who was sent what, as create-only objects from which every state is derived.

Nothing is ever overwritten. A claim is won by creating its object; a claim whose answer is missing blocks its
generation for good, whatever any clock says, until evidence comes or a person opens the next generation.

| object | says |
|---|---|
| ``ledger/slots/<entity>/<report>/<report date>/<recipient id>/r<revision>`` | which delivery this is |
| ``ledger/<delivery id>/g<generation>/opened`` | a person's decision to send again |
| ``ledger/<delivery id>/g<generation>/<n>.claim``, ``<n>.outcome`` | the right to one call, and what came of it |
| ``ledger/<delivery id>/g<generation>/evidence/<event>`` | an SES event or a person's word |
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from executive_suite import canonical
from executive_suite.outbox.state import Answer, Claim, Evidence, Generation, Opening, Record
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject, StoreError

_KEY = re.compile(r"ledger/(?P<delivery>[a-z2-7]{52})/g(?P<generation>\d+)/(?P<rest>.+)")
_NUMBERED = re.compile(r"(?P<number>\d+)\.(?P<kind>claim|outcome)")


class ClaimLostError(Exception):
    """Another worker holds this claim; read the state again."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on the reading list: one report of one date for one recipient, whatever the variant or hash key."""

    entity: str
    report: str
    report_date: date
    recipient_id: str
    revision: int

    @property
    def key(self) -> str:
        """Where the slot's delivery is written down."""
        return (
            f"ledger/slots/{self.entity}/{self.report}/{self.report_date.isoformat()}/"
            f"{self.recipient_id}/r{self.revision}"
        )


class Ledger:
    """The ledger of one records bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def bind(self, slot: Slot, delivery_id: str, variant: str) -> tuple[str, str]:
        """The delivery id and variant of a slot: those given, unless the slot already has others.

        A new hash key or a changed variant list would give the same reader a new delivery id, and with it a second
        mail; the first binding stays.
        """
        body = canonical.dumps({"delivery_id": delivery_id, "variant": variant})
        if not self._store.create(StoredObject(slot.key, body, "application/json")):
            bound = json.loads(self._store.get(slot.key).body)
            return bound["delivery_id"], bound["variant"]
        return delivery_id, variant

    def read(self, delivery_id: str) -> Record:
        """Everything that is known of a delivery; an unknown one is in its first generation, state none."""
        parts: dict[int, dict[str, list[Any]]] = {1: {}}
        for key in self._store.keys(f"ledger/{delivery_id}/"):
            match = _KEY.fullmatch(key)
            if match is None:
                continue
            found = parts.setdefault(int(match["generation"]), {})
            rest = match["rest"]
            numbered = _NUMBERED.fullmatch(rest)
            kind = numbered["kind"] if numbered else rest.split("/")[0]
            found.setdefault(kind, []).append(self._load(key))
        try:
            return Record(delivery_id, tuple(_generation(number, parts[number]) for number in sorted(parts)))
        except (TypeError, ValueError) as error:
            msg = f"ledger/{delivery_id}/: a record has other fields than it must: {error}"
            raise StoreError(msg) from error

    def may_have_sent(self, delivery_id: str) -> frozenset[str]:
        """Content digests of the mails that were, may have been, or may yet be accepted; empty for none."""
        return self.read(delivery_id).may_have_sent()

    def claim(self, delivery_id: str, generation: int, claim: Claim) -> None:
        """Take the right to one call.

        Raises:
            ClaimLostError: the number is taken by someone else.
            StoreError: whether the claim stands is unknown; nothing may be sent on it.
        """
        key = f"ledger/{delivery_id}/g{generation}/{claim.number}.claim"
        item = StoredObject(key, _dump(claim), "application/json")
        if not self._create(item, lambda found: found.get("nonce") == claim.nonce):
            msg = f"claim {claim.number} of generation {generation} of delivery {delivery_id} is taken"
            raise ClaimLostError(msg)

    def answer(self, delivery_id: str, generation: int, answer: Answer) -> None:
        """Write down what came of one's claim.

        Raises:
            StoreError: it could not be written, or another answer stands there.
        """
        key = f"ledger/{delivery_id}/g{generation}/{answer.number}.outcome"
        item = StoredObject(key, _dump(answer), "application/json")
        if not self._create(item, lambda found: found.get("nonce") == answer.nonce):
            msg = f"{key}: holds the answer of another worker"
            raise StoreError(msg)

    def open_generation(self, delivery_id: str, number: int, opening: Opening) -> bool:
        """Open a generation by a person's decision; whether this call opened it."""
        key = f"ledger/{delivery_id}/g{number}/opened"
        return self._create(
            StoredObject(key, _dump(opening), "application/json"),
            lambda found: found == json.loads(_dump(opening)),
        )

    def add_evidence(self, delivery_id: str, generation: int, evidence: Evidence) -> bool:
        """Keep a piece of evidence; whether it is new."""
        key = f"ledger/{delivery_id}/g{generation}/evidence/{evidence.event_id}"
        return self._store.create(StoredObject(key, _dump(evidence), "application/json"))

    def deliveries(self) -> tuple[str, ...]:
        """Every delivery that the ledger knows, in lexical order."""
        found = {match["delivery"] for key in self._store.keys("ledger/") if (match := _KEY.fullmatch(key))}
        return tuple(sorted(found))

    def _create(self, item: StoredObject, mine: Any) -> bool:
        """Create and, where the answer is no or lost, read back: it may be one's own write."""
        try:
            if self._store.create(item):
                return True
        except StoreError:
            try:
                return bool(mine(self._load(item.key)))
            except ObjectMissingError:
                pass
            raise
        return bool(mine(self._load(item.key)))

    def _load(self, key: str) -> Mapping[str, Any]:
        try:
            record = json.loads(self._store.get(key).body)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            msg = f"{key}: holds no record of the ledger; nothing is sent until a person has looked at it"
            raise StoreError(msg)
        return record


def _dump(item: Claim | Answer | Evidence | Opening) -> bytes:
    record = {
        name: canonical.instant(value) if isinstance(value, datetime) else value for name, value in asdict(item).items()
    }
    return canonical.dumps(record)


def _times(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: canonical.moment(value) if name in {"at", "deadline"} else value for name, value in record.items()}


def _generation(number: int, parts: Mapping[str, list[Any]]) -> Generation:
    openings = [Opening(**_times(record)) for record in parts.get("opened", [])]
    claims = [Claim(**_times(record)) for record in parts.get("claim", [])]
    holders = {claim.number: claim.nonce for claim in claims}
    answers = [Answer(**_times(record)) for record in parts.get("outcome", [])]
    return Generation(
        number,
        openings[0] if openings else None,
        tuple(sorted(claims, key=lambda claim: claim.number)),
        tuple(sorted((a for a in answers if holders.get(a.number) == a.nonce), key=lambda answer: answer.number)),
        tuple(Evidence(**_times(record)) for record in parts.get("evidence", [])),
    )
