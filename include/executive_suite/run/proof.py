"""Proof: the whole audit trail verified, with its progress in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import ObjectStore, read_all
from executive_suite.trail import verification
from executive_suite.trail.sealing import Anchor

log = logging.getLogger(__name__)

STEPS = 50
"""How often, at most, the log says how far it is."""


def proof(deployment: Deployment, anchor: str) -> dict[str, Any]:
    """What ``audit verify`` finds, in plain values: faults as it names them, and events that nothing proves yet.

    Args:
        deployment: Its records bucket holds the trail.
        anchor: One that was kept elsewhere, NUMBER:HASH; empty for none.

    Raises:
        ValueError: the anchor has another form.
    """
    kept = Anchor.parse(anchor) if anchor else None
    records = deployment.records
    verdict = verification.verify(_told(records, list(records.keys("audit/"))), anchor=kept)
    return {
        "faults": [str(fault) for fault in verdict.faults],
        "events": verdict.events,
        "chains": verdict.chains,
        "unsealed": verdict.unsealed,
        "anchor": str(verdict.anchor) if verdict.anchor else "",
        "given": anchor,
    }


def _told(records: ObjectStore, keys: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Every object of the trail, as it is read."""
    often = max(100, len(keys) // STEPS)
    for number, item in enumerate(read_all(records, keys), 1):
        if number % often == 0 or number == len(keys):
            log.info("%s of %s events read", f"{number:,}", f"{len(keys):,}")
        yield item.key, item.body
