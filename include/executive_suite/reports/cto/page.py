"""The CTO's report: gaps by stack, cloud cost, and the ten engineering actions that pay most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Decision, Page, View
from executive_suite.reports import frame, page_picture, phrases, story
from executive_suite.reports.absence import none, unknown, zero
from executive_suite.reports.cto import actions, cloud, gaps, readers, recovery, remedies, security, stacks
from executive_suite.reports.kpis import kpi, monthly
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_MAIN = ("security_gaps_open", "ux_gaps_open", "delivery_capability_gaps_open", "cloud_baseline_median")
_CHANGES = (
    "security_gaps_open",
    "cvss_exposure_open",
    "finding_age_days_open",
    "finding_days_over_limit",
    "ux_gaps_open",
    "delivery_capability_gaps_open",
    "cloud_baseline_median",
    "cloud_open_savings",
)


def view(s: Selection, base: Page) -> View:
    """The CTO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        picture=page_picture.broken(s, base.report, "cloud_billed_cost", GROUP),
        kpis=(
            kpi(s, "security_gaps_open"),
            kpi(s, "finding_sla_breaches"),
            cloud.oldest_secret(s),
            monthly(s, "cloud_billed_cost", "Cloud bill"),
            kpi(s, "cloud_open_savings"),
            kpi(s, "delivery_capability_gaps_open"),
            kpi(s, "ux_gaps_open"),
            kpi(s, "finding_age_days_open", "Mean age of open findings"),
        ),
        changes=frame.changes(s, *_CHANGES),
        decisions=story.decisions(s, base.report, _decisions(s), officer=say("CTO")),
    )
    return View(
        page,
        {
            "actions": actions.actions(s),
            "security": security.security(s),
            "stacks": stacks.stacks(s),
            "users": gaps.users(s),
            "release": gaps.release(s),
            "cloud": cloud.cloud(s),
            "recovery": recovery.recovery(s),
            **readers.readers(s),
        },
    )


def _message(s: Selection) -> tuple[str, ...]:
    """Open gaps against their fix-by dates; then the cloud bill and open savings."""
    found = s.fact("security_gaps_open")
    gaps = say(
        "{counted} {are} open", counted=formats.counted(found.value, "security gap"), are=phrases.are(found.value)
    )
    first = f"{gaps}, {_critical(s, found)}; {_late(s)}."
    if found.value == 0:
        first = none("No security gap is open, which is the target.", zero(found))
    if found.value is None:
        first = phrases.available(s, *_MAIN)
    low, high = s.fact("cloud_baseline_low"), s.fact("cloud_baseline_high")
    if low.number is None or high.number is None:
        return (first,)
    same = formats.alike(low.value, high.value, low.unit)
    span = formats.of(low) if same else say("{low} to {high}", low=formats.within_period(low), high=formats.of(high))
    saving = s.fact("cloud_open_savings")
    if saving.value is None:
        return (first, say("The cloud costs {span}.", span=span))
    worth = (
        say("{saving} could be saved", saving=formats.of(saving))
        if saving.number
        else none("no saving is recommended", zero(saving))
    )
    return (first, say("The cloud costs {span}; {worth}.", span=span, worth=worth))


def _critical(s: Selection, found: Fact) -> str:
    """How many of the open gaps are critical, phrased for none, one and many."""
    critical = s.fact("security_gaps_open", severity="critical")
    if found.value == 1:
        return say("and it is critical") if critical.value else say("and it is not critical")
    return (
        say("{critical} of them critical", critical=formats.of(critical))
        if critical.value != 0
        else none("none of them critical", zero(critical))
    )


def _late(s: Selection) -> str:
    """How many gaps are past the fix-by date for their severity."""
    share, one = s.fact("finding_sla_breaches"), s.fact("security_gaps_open").value == 1
    if share.value is None:
        return none("no fix-by date is set", unknown(share))
    if share.value == 1:
        return say("it is past its fix-by date") if one else say("all are past their fix-by date")
    return (
        say("{share} are past their fix-by date", share=formats.of(share))
        if share.value
        else none("none is past its fix-by date", zero(share))
    )


def _decisions(s: Selection) -> Iterator[Decision]:
    """Actions without an owner, and gaps without an action."""
    every = remedies.ranked(s)
    unowned = [action for action in every if not all(remedies.terms(s, action))]
    if unowned:
        which = (
            say("{unowned} of the", unowned=formats.number(len(unowned))) if len(unowned) < len(every) else say("all")
        )
        what = say(
            "Name an owner and a date for {which} {every}.",
            which=which,
            every=formats.counted(len(every), "ranked action"),
        )
        yield Decision(
            what, say("Not assigned: {some}.", some=phrases.some([phrases.capital(a.title) for a in unowned]))
        )
    bare = [fact for fact in security.open_findings(s) if remedies.against(s, fact.dimensions["finding"]) is None]
    if bare:
        what = say("Plan a fix for {bare} without a ranked action.", bare=formats.counted(len(bare), "open gap"))
        yield Decision(what, f"{phrases.some([phrases.capital(fact.dimensions['title']) for fact in bare])}.")
