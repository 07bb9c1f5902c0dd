"""Why a mail is in its state: what each cause means, and what to do about it.

Commands and notices say these words, and the tables of ``docs/runbook.md`` are these; the report room says what to do
by the names of its own buttons.
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
        do: The next step, by commands and Airflow's tasks; empty if there is none.
        press: The same in the report room, whose buttons are in quotation marks; empty where no button helps.
    """

    means: str
    do: str = ""
    press: str = ""

    @property
    def in_room(self) -> str:
        """The next step for a person in the report room."""
        return self.press or self.do


UNSENT: Mapping[str, Cause] = MappingProxyType(
    {
        "uncertain": Cause(
            "nobody knows whether SES accepted it",
            "look for the mail, then `settle` it if it is there, or `resend` it",
            press='look for the mail; if it arrived, "Count as sent"; if it did not, "Resend"',
        ),
        "refused": Cause(
            "SES refused it, so nothing was accepted; the error says why",
            "fix what the error names, then clear the send task",
            press='fix what the error names, then "Send again"',
        ),
        "retryable": Cause(
            "SES throttled it or could not be reached, so nothing was accepted, and the retries are used up",
            "check the SES status, then clear the send task",
            press='check the SES status, then "Send again"',
        ),
        "not archived": Cause(
            "the lane stopped before the archive, or there was no run",
            "look at the lane's first red task, then clear the lane; without a run, start one that names the date",
            press='look at the first red task of its run, then "Make again"; if there was no run, "Start a run"',
        ),
        "stopped": Cause(
            "preflight stopped the run before it began, so nothing was made",
            "correct what it names, then clear preflight; the run goes on from there",
        ),
        "none": Cause(
            "it was never tried",
            "look at the lane's first red task, then clear the lane",
            press='"Send again"; if the report is wrong, "Make again"',
        ),
        "reopened": Cause(
            "a person asked to send it again, and no worker has begun",
            "clear the send task",
            press='"Send again"',
        ),
        "claimed": Cause(
            "a worker is sending it, or died a moment ago",
            "wait for its lease; if it still waits then, clear the send task",
            press="wait a few minutes: then it is sent, or uncertain",
        ),
        "held": Cause(
            "a check before sending holds it; the text names which",
            "do what the text says, then clear the send task",
            press='do what the text says, then "Send again"',
        ),
        "not-approved": Cause(
            "nobody has approved these bytes yet",
            "approve in the run's approval task",
            press='read it, then "Approve and send" or "Hold"; if nobody is asked any more, "Ask again"',
        ),
        "approval-mismatch": Cause(
            "other bytes were approved",
            "look at the report again and approve it",
            press='read it again: "Ask again", then "Approve and send"',
        ),
        "rejected": Cause(
            "a person decided to hold these bytes",
            "nothing; to send them after all, clear the approval task, or start a run of that date with `approve` on",
            press='nothing; to send it after all, "Ask again"',
        ),
        "not-answered": Cause(
            "nobody answered the approval in time",
            "approve them: clear the approval task, or start a run of that date with `approve` on",
            press='"Ask again", then "Approve and send"',
        ),
        "superseded": Cause(
            "the archive holds newer bytes than the task was given",
            "clear the lane from its render task",
            press='"Make again"',
        ),
        "too-old": Cause(
            "the report date is older than the limit",
            "start a manual run that names the report date",
            press='to send it all the same, "Start a run"',
        ),
        "in-the-future": Cause(
            "the report date has not begun",
            "wait for that day, or start a manual run that names it",
            press='wait for that day; to send it before, "Start a run"',
        ),
        "backfill-not-armed": Cause(
            "a backfill archives and sends nothing",
            "to send, create it with `--dag-run-conf '{\"arm_backfill_send\": true}'`",
            press='nothing; to send it after all, "Start a run"',
        ),
        "domain-not-allowed": Cause(
            "the address is outside `allowed_domains`",
            "correct the address, or `delivery.yaml`",
            press='correct the address, or `delivery.yaml`; then "Send again"',
        ),
        "suppressed": Cause(
            "the address hard-bounced or complained",
            "correct the address (then it is sent), or `release RECIPIENT`",
            press='correct the address, or "Release" it if it was right; then "Send again"',
        ),
        "circuit-open": Cause(
            "SES stopped the account, so all sends are held",
            "SES console: account status; then `circuit close`",
            press='look at the account in the SES console; once SES allows it, "Close the circuit", then "Send again"',
        ),
        "account-paused": Cause(
            "sending is paused for the SES account",
            "SES console: account status",
            press='look at the account in the SES console; once it may send again, "Send again"',
        ),
        "daily-quota": Cause(
            "the rest of today's SES quota is too small for the batch, so none of it was begun",
            "wait until the 24-hour window moves on, or request a higher quota",
            press='wait until the 24-hour window moves on, or request a higher quota; then "Send again"',
        ),
        "other-variant": Cause(
            "the A/B lists changed while the period was open",
            "restore the recipient's variant",
            press='restore the recipient\'s variant, then "Send again"',
        ),
        "same-address": Cause(
            "two recipients of the report have one address",
            "give one of them another, or remove one from the report in `reports.yaml`",
            press='give one of them another, or remove one from the report in `reports.yaml`; then "Send again"',
        ),
        "no-address": Cause(
            "the variable of the recipient is blank or not one plain address",
            "correct it (`check` tries every one), then clear the send task",
            press='correct the variable, then "Send again"',
        ),
        "message": Cause(
            "a subject, name or file is not allowed in a mail",
            "correct what the text names, then clear the lane",
            press='correct what the text names, then "Make again"',
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
            press='to replace it, "Open a revision"',
        ),
        "accepted": Cause("SES says that it accepted it"),
        "delivered": Cause("the reader's mail server took it"),
        "delayed": Cause("the reader's mail server has not taken it yet", "wait: SES tries again by itself"),
        "bounced": Cause(
            "the reader's mail server refused it, so they do not have it",
            "correct the address, or what the text names; then `resend`",
            press='correct the address, or what the text names; then "Resend"',
        ),
        "complained": Cause(
            "the reader or their mail program called it spam, and the address is suppressed",
            "ask the reader; if they want it, `release RECIPIENT`",
            press='ask the reader; if they want it, "Release"',
        ),
        "rejected by SES": Cause(
            "SES accepted it and then did not send it: it found malware in it",
            "look at the attached files, `revise`, then clear the lane",
            press='look at the attached files, then "Open a revision"',
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
