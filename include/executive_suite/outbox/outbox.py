"""The outbox: who was sent what, as create-only objects from which every state is derived.

Nothing is ever overwritten. A claim is won by creating its object; a claim without an outcome blocks its generation
permanently, whatever any clock says, until evidence arrives or a person opens the next generation.

| object | says |
|---|---|
| ``ledger/slots/<entity>/<report>/<report date>/<recipient id>/r<revision>`` | the delivery id of this slot |
| ``ledger/<delivery id>/g<generation>/opened`` | a person's decision to send again |
| ``ledger/<delivery id>/g<generation>/<n>.claim``, ``<n>.outcome`` | the right to one call, and its outcome |
| ``ledger/<delivery id>/g<generation>/evidence/<event>`` | an SES event or a person's word |
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from executive_suite import canonical
from executive_suite.outbox.state import Answer, Claim, Evidence, Generation, Opening, Record
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject, StoreError

_SLOTS = "ledger/slots/"
_KEY = re.compile(r"ledger/(?P<delivery>[a-z2-7]{52})/g(?P<generation>\d+)/(?P<rest>.+)")
_NUMBERED = re.compile(r"(?P<number>\d+)\.(?P<kind>claim|outcome)")


class ClaimLostError(Exception):
    """Another worker holds this claim; read the state again."""


class NoEntryError(LookupError):
    """The outbox has no such delivery; the message names it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One report of one date and revision for one recipient, whatever the variant or hash key."""

    entity: str
    report: str
    report_date: date
    recipient_id: str
    revision: int

    @property
    def key(self) -> str:
        """The key of the slot's delivery id."""
        return (
            f"{_SLOTS}{self.entity}/{self.report}/{self.report_date.isoformat()}/{self.recipient_id}/r{self.revision}"
        )

    @classmethod
    def of(cls, key: str) -> Slot:
        """The slot with that key."""
        entity, report, report_date, recipient_id, revision = key.removeprefix(_SLOTS).split("/")
        return cls(entity, report, date.fromisoformat(report_date), recipient_id, int(revision.removeprefix("r")))


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot with its delivery.

    Attributes:
        slot: What, for whom.
        delivery_id: Bound to the slot once.
        variant: Name of the A/B arm; empty without an experiment.
    """

    slot: Slot
    delivery_id: str
    variant: str = ""


class Outbox:
    """The outbox of one records bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def bind(self, slot: Slot, delivery_id: str, variant: str) -> Entry:
        """The entry of a slot: with the delivery id and variant given, unless it is bound to others already.

        A new hash key or a changed variant list would give the same reader a new delivery id, and with it a second
        mail; the first binding remains.
        """
        body = canonical.dumps({"delivery_id": delivery_id, "variant": variant})
        if self._store.create(StoredObject(slot.key, body, "application/json")):
            return Entry(slot, delivery_id, variant)
        return self._entry(slot)

    def entry(self, slot: Slot) -> Entry | None:
        """The entry of a slot; None if it is not bound yet."""
        try:
            return self._entry(slot)
        except ObjectMissingError:
            return None

    def slots(self) -> Iterator[Slot]:
        """Every slot, in lexical order of its key."""
        return map(Slot.of, self._store.keys(_SLOTS))

    def reports(self) -> Iterator[tuple[str, str]]:
        """Entity and report of all slots, without listing the slots."""
        for entity in self._store.folders(_SLOTS):
            for report in self._store.folders(f"{_SLOTS}{entity}/"):
                yield entity, report

    def dates(self, entity: str, report: str) -> Iterator[date]:
        """The report dates of all slots of a report, without listing the slots."""
        return map(date.fromisoformat, self._store.folders(f"{_SLOTS}{entity}/{report}/"))

    def slots_of(self, entities: Iterable[str], report: str, report_date: date) -> Iterator[Slot]:
        """The slots of a report of a date, in the order of entity and key."""
        for entity in sorted(entities):
            yield from map(Slot.of, self._store.keys(f"{_SLOTS}{entity}/{report}/{report_date.isoformat()}/"))

    def newest(self, report_date: date, report: str = "", recipient_id: str = "") -> tuple[Entry, ...]:
        """The entries of a report date, of the newest revision for each report and recipient, or for the one named."""
        newest: dict[tuple[str, str], Slot] = {}
        for entity, name in self.reports():
            for slot in self.slots_of((entity,), name, report_date) if name == (report or name) else ():
                key = (slot.report, slot.recipient_id)
                if slot.recipient_id == (recipient_id or slot.recipient_id):
                    newest[key] = max(newest.get(key, slot), slot, key=lambda one: one.revision)
        return tuple(entry for slot in newest.values() if (entry := self.entry(slot)) is not None)

    def entries(self) -> Iterator[Entry]:
        """Every entry, in the order of its slot."""
        return (found for slot in self.slots() if (found := self.entry(slot)) is not None)

    def find(self, delivery_id: str) -> Entry:
        """The entry with that delivery id.

        Raises:
            NoEntryError: there is none.
        """
        for entry in self.entries():
            if entry.delivery_id == delivery_id:
                return entry
        msg = f"the outbox has no delivery {delivery_id}"
        raise NoEntryError(msg)

    def _entry(self, slot: Slot) -> Entry:
        return Entry(slot, **json.loads(self._store.get(slot.key).body))

    def read(self, delivery_id: str) -> Record:
        """Everything on record about a delivery; an unknown one is in its first generation, state none."""
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
            msg = f"ledger/{delivery_id}/: a record has unexpected or missing fields: {error}"
            raise StoreError(msg) from error

    def since(self, delivery_id: str, generation: int) -> tuple[Evidence, ...] | None:
        """The evidence in a generation that somebody knows was accepted, without reading how it came to that.

        None if the keys say otherwise by now: nothing proves it, or a person has opened a later generation.
        """
        places = [found for key in self._store.keys(f"ledger/{delivery_id}/") if (found := _KEY.fullmatch(key))]
        own = [place for place in places if int(place["generation"]) == generation]
        proofs = [place.group() for place in own if place["rest"].startswith("evidence/")]
        answered = any(place["rest"].endswith(".outcome") for place in own)
        if not (answered or proofs) or any(int(place["generation"]) > generation for place in places):
            return None
        return tuple(canonical.restored(Evidence, self._load(key)) for key in proofs)

    def claim(self, delivery_id: str, generation: int, claim: Claim) -> None:
        """Take the right to one call.

        Raises:
            ClaimLostError: another worker took the number.
            StoreError: it is unknown whether the claim was won; nothing may be sent on it.
        """
        key = f"ledger/{delivery_id}/g{generation}/{claim.number}.claim"
        if not self._create(key, claim):
            msg = f"claim {claim.number} of generation {generation} of delivery {delivery_id} is taken"
            raise ClaimLostError(msg)

    def answer(self, delivery_id: str, generation: int, answer: Answer) -> None:
        """Write down the outcome of one's own claim.

        Raises:
            StoreError: it could not be written, or another worker's answer is there.
        """
        key = f"ledger/{delivery_id}/g{generation}/{answer.number}.outcome"
        if not self._create(key, answer):
            msg = f"{key}: holds the answer of another worker"
            raise StoreError(msg)

    def open_generation(self, delivery_id: str, number: int, opening: Opening) -> bool:
        """Open a generation by a person's decision; returns whether this call opened it."""
        return self._create(f"ledger/{delivery_id}/g{number}/opened", opening)

    def add_evidence(self, delivery_id: str, generation: int, evidence: Evidence) -> bool:
        """Store a piece of evidence; returns whether it is new."""
        key = f"ledger/{delivery_id}/g{generation}/evidence/{evidence.event_id}"
        return self._store.create(StoredObject(key, canonical.packed(evidence), "application/json"))

    def _create(self, key: str, record: Claim | Answer | Opening) -> bool:
        """Create; if the answer is no or was lost, read back: it may be one's own write."""
        item = StoredObject(key, canonical.packed(record), "application/json")
        own: Mapping[str, Any] = json.loads(item.body)
        try:
            if self._store.create(item):
                return True
        except StoreError:
            with contextlib.suppress(ObjectMissingError):
                return self._load(key) == own
            raise
        return self._load(key) == own

    def _load(self, key: str) -> Mapping[str, Any]:
        try:
            record = json.loads(self._store.get(key).body)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            msg = f"{key}: is not a record of the outbox; nothing is sent until a person has looked at it"
            raise StoreError(msg)
        return record


def _generation(number: int, parts: Mapping[str, list[Any]]) -> Generation:
    openings = [canonical.restored(Opening, record) for record in parts.get("opened", [])]
    claims = [canonical.restored(Claim, record) for record in parts.get("claim", [])]
    holders = {claim.number: claim.nonce for claim in claims}
    answers = [canonical.restored(Answer, record) for record in parts.get("outcome", [])]
    return Generation(
        number,
        openings[0] if openings else None,
        tuple(sorted(claims, key=lambda claim: claim.number)),
        tuple(sorted((a for a in answers if holders.get(a.number) == a.nonce), key=lambda answer: answer.number)),
        tuple(canonical.restored(Evidence, record) for record in parts.get("evidence", [])),
    )
