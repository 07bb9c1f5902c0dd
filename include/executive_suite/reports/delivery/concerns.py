"""What the rules found in the delivery business, and the figures by which they judged it."""

from __future__ import annotations

from decimal import Decimal

from executive_suite.reports import audit
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted

KIND = "delivery_concern"
YEAR = {"window": "trailing_12_months"}
REGISTER = noted("Record each job with its dates, miles and amounts.")

LOSS = "jobs_cost_more_than_invoiced"
NEVER = "jobs_never_invoiced"
DRY = "no_job_set_out"


def margin_if_invoiced(s: Selection) -> Decimal | None:
    """The margin of the twelve months had every completed job been invoiced at its quote.

    Returns:
        A fraction; None if every job is invoiced, if it is unknown, or if an uninvoiced job is older than 12 months.
    """
    return audit.judged_by(s, LOSS, "margin_if_invoiced")


def last_set_out(s: Selection) -> str:
    """The month in which a job last set out, if that is long enough ago for the rule to fire; else empty."""
    return next((f.judged_by.get("since", "") for f in audit.firing(s, KIND) if f.finding_id == DRY), "")


def route_of(s: Selection, job: str) -> str:
    """Where a job goes, which is its name in the body; empty where the register does not say."""
    name = s.label("delivery", job)
    return "" if name == job else name
