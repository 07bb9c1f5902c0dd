"""Time stamps of an authority (RFC 3161): proof that some bytes existed by a time that is not ours to say."""

from __future__ import annotations

import hashlib
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Literal

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response
from rfc3161_client.tsp import PKIStatus

from executive_suite.trail.chain import TrailError

Demand = Literal["off", "best-effort", "required"]
MOST_BYTES = 1 << 20
PATIENCE_SECONDS = 20

_log = logging.getLogger(__name__)


def stamper(demand: Demand, address: str) -> Callable[[bytes], bytes | None]:
    """What asks an authority for a time stamp.

    Args:
        demand: ``off`` never asks; ``best-effort`` goes on without one; ``required`` fails.
        address: Of the authority (HTTPS, or HTTP: its answer is signed).
    """

    def stamp(body: bytes) -> bytes | None:
        if demand == "off":
            return None
        try:
            return _asked(body, address)
        except (OSError, ValueError, TrailError) as error:
            msg = f"no time stamp of {address}: {error}"
            if demand == "required":
                raise TrailError(msg) from None
            _log.warning("%s", msg)
            return None

    return stamp


def _asked(body: bytes, address: str) -> bytes:
    """The authority's answer, which must grant a stamp of just these bytes to just this request."""
    if not address.startswith(("https://", "http://")):
        msg = "must be the http(s) address of an authority"
        raise TrailError(msg)
    request = TimestampRequestBuilder(body, HashAlgorithm.SHA256).build()
    posted = urllib.request.Request(  # noqa: S310 - its scheme was checked
        address, data=request.as_bytes(), headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    with urllib.request.urlopen(posted, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        told: bytes = answer.read(MOST_BYTES)
    found = decode_timestamp_response(told)
    if found.status not in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}:
        msg = f"refused with status {found.status}"
        raise TrailError(msg)
    if not imprinted(told, body) or found.tst_info.nonce != request.nonce:
        msg = "the answer is about something else"
        raise TrailError(msg)
    return told


def imprinted(stamp: bytes, body: bytes) -> bool:
    """Whether a time stamp is about some bytes; its own signature is for ``openssl ts`` and the authority's CA."""
    return decode_timestamp_response(stamp).tst_info.message_imprint.message == hashlib.sha256(body).digest()
