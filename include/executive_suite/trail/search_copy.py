"""The searchable copy of the audit trail in CloudWatch Logs; the record itself is in the records bucket.

Events the copy refuses are never lost and never stop a delivery: they are counted and logged, and ``replay`` adds
whatever the copy lacks later.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite import canonical
from executive_suite.stores.store import ObjectStore
from executive_suite.trail.sealing import chain_lengths, event_at

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient

LOG_GROUP = "/aws/reports/executive-suite"
BATCH = 500
"""Events per call; CloudWatch takes 10,000 or one megabyte, and ours have about one kilobyte."""

_log = logging.getLogger(__name__)


class CloudWatchCopy:
    """The copy, one stream per chain.

    Args:
        client: A CloudWatch Logs client.
        clock: Returns the current time. CloudWatch silently drops events older than 14 days, so they are stored under
            the time of the call; the event holds its own time.
        group: The log group.
    """

    def __init__(self, client: CloudWatchLogsClient, clock: Callable[[], datetime], group: str = LOG_GROUP) -> None:
        self._client = client
        self._clock = clock
        self._group = group
        self.refused = 0

    def send(self, chain: str, events: list[dict[str, Any]]) -> None:
        """Copy events; refused ones are counted in ``refused`` and logged."""
        for start in range(0, len(events), BATCH):
            batch = events[start : start + BATCH]
            try:
                lost = self._put(chain, batch)
            except (ClientError, BotoCoreError) as error:
                lost = len(batch)
                _log.warning("audit copy: %d events of %s refused: %s", lost, chain, type(error).__name__)
            self.refused += lost

    def known(self, chain: str) -> set[str]:
        """The ids of a chain's events in the copy.

        Raises:
            ClientError, BotoCoreError: the copy cannot be read.
        """
        return {str(event["id"]) for event in self.events(chain)}

    def events(self, chain: str) -> Iterator[dict[str, Any]]:
        """A chain's events in the copy; none if it has no such stream.

        Raises:
            ClientError, BotoCoreError: the copy cannot be read.
        """
        token = ""
        while True:
            options: dict[str, Any] = {"nextToken": token} if token else {}
            try:
                page = self._client.get_log_events(
                    logGroupName=self._group, logStreamName=chain, startFromHead=True, **options
                )
            except self._client.exceptions.ResourceNotFoundException:
                return
            for line in page["events"]:
                yield json.loads(line["message"])
            if page["nextForwardToken"] == token:
                return
            token = page["nextForwardToken"]

    def _put(self, chain: str, batch: list[dict[str, Any]]) -> int:
        """One call, creating what it needs; returns how many events were rejected."""
        try:
            return self._put_once(chain, batch)
        except self._client.exceptions.ResourceNotFoundException:
            self._make(chain)
            return self._put_once(chain, batch)

    def _make(self, chain: str) -> None:
        """Create the stream, and the group if missing: production's role may only create streams."""
        exists = self._client.exceptions.ResourceAlreadyExistsException
        with contextlib.suppress(exists):
            try:
                self._client.create_log_stream(logGroupName=self._group, logStreamName=chain)
            except self._client.exceptions.ResourceNotFoundException:
                with contextlib.suppress(exists):
                    self._client.create_log_group(logGroupName=self._group)
                self._client.create_log_stream(logGroupName=self._group, logStreamName=chain)

    def _put_once(self, chain: str, batch: list[dict[str, Any]]) -> int:
        at = int(self._clock().timestamp() * 1000)
        answer = self._client.put_log_events(
            logGroupName=self._group,
            logStreamName=chain,
            logEvents=[{"timestamp": at, "message": canonical.dumps(event).decode()} for event in batch],
        )
        rejected = dict(answer.get("rejectedLogEventsInfo") or {})
        if not rejected:
            return 0
        lost = rejected_count(rejected, len(batch))
        _log.warning("audit copy: %d of %d events of %s rejected: %s", lost, len(batch), chain, rejected)
        return lost


def rejected_count(rejected: dict[str, Any], size: int) -> int:
    """How many events of a batch were dropped, from CloudWatch's indexes: too old up to one, too new from another.

    The ends are documented as exclusive, but some endpoints return the last index itself: any rejection counts as at
    least one event. ``replay`` compares events and needs no count.

    >>> rejected_count({"tooOldLogEventEndIndex": 2, "tooNewLogEventStartIndex": 9}, 10)
    3
    """
    end = max(int(rejected.get("tooOldLogEventEndIndex", 0)), int(rejected.get("expiredLogEventEndIndex", 0)))
    start = int(rejected.get("tooNewLogEventStartIndex", size))
    return min(size, max(1 if rejected else 0, end + max(0, size - start)))


def replay(store: ObjectStore, copy: CloudWatchCopy, prefix: str = "") -> int:
    """Add every event the copy lacks; returns how many were sent.

    Args:
        store: The records bucket.
        copy: The search copy.
        prefix: Only chains whose names begin with it.

    Raises:
        ClientError, BotoCoreError: the copy cannot be read.
    """
    put = 0
    for chain, length in sorted(chain_lengths(store).items()):
        if not chain.startswith(prefix):
            continue
        known = copy.known(chain)
        missing = [event_at(store, chain, n) for n in range(1, length + 1) if f"{chain}/{n}" not in known]
        if missing:
            copy.send(chain, missing)
            put += len(missing)
    return put
