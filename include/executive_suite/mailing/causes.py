"""Why a mail is in its state: what each cause means, and what to do about it.

Commands, notices and the report room say these words, and the tables of ``docs/runbook.md`` are these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Cause:
    """One row of the runbook; commands and names of settings are in backticks.

    Attributes:
        means: What happened, as a clause.
        do: The next step; empty if there is none.
    """

    means: str
    do: str = ""


UNSENT: Mapping[str, Cause] = MappingProxyType(
    {
        "uncertain": Cause(
            "nobody knows whether SES accepted it",
            "look for the mail, then `settle` it if it is there, or `resend` it",
        ),
        "refused": Cause(
            "SES refused it, so nothing was accepted; the error says why",
            "fix what the error names, then clear the send task",
        ),
        "retryable": Cause(
            "SES throttled it or could not be reached, so nothing was accepted, and the retries are used up",
            "check the SES status, then clear the send task",
        ),
        "not archived": Cause(
            "the lane stopped before the archive, or there was no run",
            "look at the lane's first red task, then clear the lane; without a run, start one that names the date",
        ),
        "stopped": Cause(
            "preflight stopped the run before it began, so nothing was made",
            "correct what it names, then clear preflight; the run goes on from there",
        ),
        "none": Cause("it was never tried", "look at the lane's first red task, then clear the lane"),
        "reopened": Cause("a person asked to send it again, and no worker has begun", "clear the send task"),
        "claimed": Cause(
            "a worker is sending it, or died a moment ago",
            "wait for its lease; if it still waits then, clear the send task",
        ),
        "held": Cause(
            "a check before sending holds it; the text names which",
            "do what the text says, then clear the send task",
        ),
        "not-approved": Cause("nobody has approved these bytes yet", "approve in the run's approval task"),
        "approval-mismatch": Cause("other bytes were approved", "look at the report again and approve it"),
        "rejected": Cause(
            "a person decided to hold these bytes",
            "nothing; to send them after all, clear the approval task, or start a run of that date with `approve` on",
        ),
        "not-answered": Cause(
            "nobody answered the approval in time",
            "approve them: clear the approval task, or start a run of that date with `approve` on",
        ),
        "superseded": Cause(
            "the archive holds newer bytes than the task was given", "clear the lane from its render task"
        ),
        "too-old": Cause("the report date is older than the limit", "start a manual run that names the report date"),
        "in-the-future": Cause(
            "the report date has not begun", "wait for that day, or start a manual run that names it"
        ),
        "backfill-not-armed": Cause(
            "a backfill archives and sends nothing",
            "to send, create it with `--dag-run-conf '{\"arm_backfill_send\": true}'`",
        ),
        "domain-not-allowed": Cause(
            "the address is outside `allowed_domains`", "correct the address, or `delivery.yaml`"
        ),
        "suppressed": Cause(
            "the address hard-bounced or complained", "correct the address (then it is sent), or `release RECIPIENT`"
        ),
        "circuit-open": Cause(
            "SES stopped the account, so all sends are held", "SES console: account status; then `circuit close`"
        ),
        "account-paused": Cause("sending is paused for the SES account", "SES console: account status"),
        "daily-quota": Cause(
            "the rest of today's SES quota is too small for the batch, so none of it was begun",
            "wait until the 24-hour window moves on, or request a higher quota",
        ),
        "other-variant": Cause("the A/B lists changed while the period was open", "restore the recipient's variant"),
        "same-address": Cause(
            "two recipients of the report have one address",
            "give one of them another, or remove one from the report in `reports.yaml`",
        ),
        "no-address": Cause(
            "the variable of the recipient is blank or not one plain address",
            "correct it (`check` tries every one), then clear the send task",
        ),
        "message": Cause(
            "a subject, name or file is not allowed in a mail", "correct what the text names, then clear the lane"
        ),
    }
)
"""Of a mail that SES has not accepted for certain: the state of the outbox, or the check that holds it."""

SENT: Mapping[str, Cause] = MappingProxyType(
    {
        "sent": Cause("SES accepted it"),
        "sent before": Cause(
            "readers have what was sent, and the report could not be made again",
            "to replace it, `revise`, then clear the lane",
        ),
        "accepted": Cause("SES says that it accepted it"),
        "delivered": Cause("the reader's mail server took it"),
        "delayed": Cause("the reader's mail server has not taken it yet", "wait: SES tries again by itself"),
        "bounced": Cause(
            "the reader's mail server refused it, so they do not have it",
            "correct the address, or what the text names; then `resend`",
        ),
        "complained": Cause(
            "the reader or their mail program called it spam, and the address is suppressed",
            "ask the reader; if they want it, `release RECIPIENT`",
        ),
        "rejected by SES": Cause(
            "SES accepted it and then did not send it: it found malware in it",
            "look at the attached files, `revise`, then clear the lane",
        ),
        "opened": Cause("a mail program loaded its pictures; weak evidence that somebody read it"),
        "clicked": Cause("somebody followed a link in it"),
        "confirmed": Cause("a person confirmed that it arrived"),
    }
)
"""Of a mail that SES accepted: the last that is known of it."""

LOST = frozenset({"bounced", "complained", "rejected"})
"""Evidence that an accepted mail did not arrive, or was not wanted."""


def said(kind: str) -> Cause:
    """What a piece of evidence means; its ``rejected`` is SES's, not a person's."""
    return SENT["rejected by SES" if kind == "rejected" else kind]


def of_stop(code: str) -> Cause:
    """What it means that a check stopped a mail."""
    return UNSENT.get(code, UNSENT["held"])
