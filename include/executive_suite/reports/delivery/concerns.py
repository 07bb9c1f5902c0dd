"""What the rules found in the figures of the delivery business, and the figures by which they judged it."""

from __future__ import annotations

from decimal import Decimal

from executive_suite.reports import audit
from executive_suite.reports.selection import Selection

KIND = "delivery_concern"
YEAR = {"window": "trailing_12_months"}
REGISTER = "Add table delivery: one row per job, with its dates, miles and amounts."

LOSS = "jobs_cost_more_than_invoiced"
NEVER = "jobs_never_invoiced"
DRY = "no_job_set_out"


def margin_if_invoiced(s: Selection) -> Decimal | None:
    """The margin of the twelve months had every completed job been invoiced at its quote.

    Returns:
        A fraction; None when nothing is missing, when it is unknown, or when a job not invoiced is older than that.
    """
    return audit.judged_by(s, LOSS, "margin_if_invoiced")


def last_set_out(s: Selection) -> str:
    """The month in which a job last set out, when so long has gone by since that a rule fires; else empty."""
    return next((f.judged_by.get("since", "") for f in audit.firing(s, KIND) if f.finding_id == DRY), "")
