"""What the states of reports and mails are called in the room, with a mark that does not depend on color."""

from __future__ import annotations

from types import MappingProxyType

from executive_suite.run.periods import State

STATES = MappingProxyType[State, str](
    {
        "sent": "Sent",
        "bounced": "Bounced",
        "held": "Held",
        "not approved": "Waiting for approval",
        "uncertain": "Uncertain",
        "failed": "Failed",
        "not sent": "Not sent",
        "sending": "Sending",
        "making": "Being made",
        "archived": "Archived only",
        "not made": "Not made",
    }
)
MARKS = MappingProxyType[State, str](
    {
        "sent": "✓",
        "bounced": "↩",
        "held": "■",
        "not approved": "◷",
        "uncertain": "?",
        "failed": "✕",
        "not sent": "○",
        "sending": "→",
        "making": "…",
        "archived": "▤",
        "not made": "–",
    }
)
