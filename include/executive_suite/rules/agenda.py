"""What to do, in which order: four ranked agendas with their scores shown and ties broken by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import optional_param
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.findings import SEVERITIES, Action, Finding, Severity
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, rounded
from executive_suite.metrics.marketing import channel_net, channels
from executive_suite.metrics.rows import Row, rows
from executive_suite.metrics.technology import actions, gaps
from executive_suite.rules import rulebook as rules_of_the_group

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.rules.rulebook import Rules

DAYS = 30
TOP = 10
"""Engineering actions shown (param eng_actions_top overrides it)."""

TIERS = ("zero-cost", "low-cost", "revenue-producing", "no-deploy")
_CENTS_IN_THOUSAND = 100_000
_SATURDAY = 5


def rank(
    context: Context, facts: Iterable[Fact], findings: Iterable[Finding], rules: Rules | None = None
) -> tuple[Action, ...]:
    """The agendas thirty_day, engineering, ota_sequence and capital; one whose inputs are absent is empty.

    Args:
        context: The run.
        facts: Its fact table; capital tiers come from there.
        findings: What the rules found.
        rules: The rules of the group, which say what to do about a finding; those that ship by default.
    """
    given, found = tuple(facts), tuple(findings)
    register = rules or rules_of_the_group.shipped()
    agendas: tuple[Callable[[], tuple[Action, ...]], ...] = (
        lambda: thirty_day(context, found, register),
        lambda: engineering(context),
        lambda: ota_sequence(context),
        lambda: capital(context, given),
    )
    ranked: list[Action] = []
    for agenda in agendas:
        try:
            ranked += agenda()
        except MissingInputError:
            continue
    return tuple(ranked)


def priority(weight: Decimal | int, at_stake_cents: int | None, effort_days: Decimal) -> Decimal:
    """Severity weight times (1 + thousands at stake, in the reporting currency) over working days, to two places.

    What is at stake counts as nothing while nobody can tell it, so that severity alone still ranks the action; a
    saving below zero counts as nothing too.

    Source: RICE and weighted shortest job first (value over effort), with money as reach and severity as impact.

    >>> priority(4, 200_000, Decimal(1)), priority(4, None, Decimal(2))
    (Decimal('12.00'), Decimal('2.00'))
    """
    stake = Decimal(max(at_stake_cents or 0, 0)) / _CENTS_IN_THOUSAND
    return quotient(weight * (1 + stake), effort_days, CENT_HUNDREDTH)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Something that could stand on the thirty-day agenda."""

    action_id: str
    title: str
    why: str
    severity: Severity
    at_stake_cents: int | None
    effort_days: Decimal
    owner: str
    due_on: date | None
    entity_id: str
    assumed: bool
    at_stake_every: str = ""


def thirty_day(context: Context, findings: tuple[Finding, ...], rules: Rules) -> tuple[Action, ...]:
    """What to do within thirty days about firing shortfalls, broken controls and open security gaps."""
    last = context.report_date + timedelta(days=DAYS)
    candidates = [*_from_findings(context, findings, rules), *_from_backlog(context, last)]
    scored = []
    for candidate in candidates:
        weight = _weight(context, candidate.severity)
        scored.append((priority(weight, candidate.at_stake_cents, candidate.effort_days), weight, candidate))
    scored.sort(key=lambda item: (-item[0], item[2].action_id))
    currency = reporting_currency(context.tables)
    days = _taken_in_turn([candidate for _, _, candidate in scored], context.report_date, last)
    return tuple(
        Action(
            action_id=candidate.action_id,
            agenda="thirty_day",
            rank=place,
            title=candidate.title,
            score=_words(score, candidate, weight, currency),
            owner=candidate.owner,
            due_on=day.isoformat(),
            entity_id=candidate.entity_id,
            status=candidate.severity,
            at_stake_cents=candidate.at_stake_cents,
            at_stake_every=candidate.at_stake_every,
            effort_days=format(candidate.effort_days.normalize(), "f"),
            assumed=candidate.assumed,
            details={"why": candidate.why},
        )
        for place, ((score, weight, candidate), day) in enumerate(zip(scored, days, strict=True), start=1)
    )


def _taken_in_turn(ordered: list[_Candidate], begin: date, last: date) -> list[date]:
    """When each entry is due: its own day where it has one, else when its owner can be done with it.

    Owners take their entries one after the other in this order, on working days (Monday to Friday) after the report
    date; nothing is due after the last day of the agenda.
    """
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    found = []
    for candidate in ordered:
        spent[candidate.owner] += candidate.effort_days
        found.append(candidate.due_on or min(last, _working_day(begin, ceil(spent[candidate.owner]))))
    return found


def _working_day(begin: date, count: int) -> date:
    """The day on which so many working days after ``begin`` are over.

    >>> _working_day(date(2026, 5, 1), 1), _working_day(date(2026, 5, 1), 6)
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 11))
    """
    day = begin
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def _words(score: Decimal, candidate: _Candidate, weight: Decimal, currency: str) -> str:
    stake = candidate.at_stake_cents
    every = f" a {candidate.at_stake_every}" if candidate.at_stake_every else ""
    money = "no amount known" if stake is None else f"{max(stake, 0) // 100:,} {currency}{every} at stake"
    days = format(candidate.effort_days.normalize(), "f")
    return (
        f"{score} ({candidate.severity} = {weight.normalize():f}, {money}, {days} {'day' if days == '1' else 'days'})"
    )


def _weight(context: Context, severity: Severity) -> Decimal:
    stated = optional_param(context, "agenda_severity_weight", severity)
    return stated.value if stated else Decimal(len(SEVERITIES) - SEVERITIES.index(severity))


def _from_findings(context: Context, findings: tuple[Finding, ...], rules: Rules) -> Iterator[_Candidate]:
    advice = {rule.rule_id: (rule.action, rule.effort_days) for rule in rules.rules if rule.action}
    for rule in rules.of_kind("control_violation"):
        if rule.check == "control" and context.has("control_rule"):
            for row in rows(context.table("control_rule", "rule_id", "check_name")):
                text = rule.actions.get(row.text("check_name"), "")
                if text:
                    advice[row.text("rule_id")] = text, rule.effort_days
    for finding in findings:
        if finding.outcome == "fires" and finding.finding_id in advice:
            action, effort = advice[finding.finding_id]
            yield _Candidate(
                action_id=finding.finding_id,
                title=action,
                why=finding.title,
                severity=finding.severity,
                at_stake_cents=finding.at_stake_cents,
                effort_days=effort,
                owner=finding.owner,
                due_on=None,
                entity_id=finding.entity_id,
                assumed=finding.assumed,
                at_stake_every=finding.at_stake_every,
            )


def _from_backlog(context: Context, last: date) -> Iterator[_Candidate]:
    """Open engineering actions that close an open security gap and are not due later."""
    try:
        backlog = actions.ranked(context)
        open_gaps = {gap.finding_id: gap for gap in gaps.open_gaps(context, "security")}
    except MissingInputError:
        return
    for action in backlog:
        gap = open_gaps.get(action.finding_id)
        due = date.fromisoformat(action.due_on) if action.due_on else None
        if gap is not None and (due or last) <= last:
            yield _Candidate(
                action_id=action.action_id,
                title=action.title,
                why=gap.title,
                severity=gap.severity,
                at_stake_cents=None,
                effort_days=max(action.effort_days, actions.LEAST_EFFORT_DAYS),
                owner=action.owner or "Engineering",
                due_on=due,
                entity_id=gaps.stacks(context)[gap.stack],
                assumed=action.assumed or gap.assumed,
            )


def engineering(context: Context) -> tuple[Action, ...]:
    """The first ten open engineering actions by weighted shortest job first; fewer when there are fewer.

    Raises:
        MissingInputError: the backlog or its weights are absent.
    """
    top = optional_param(context, "eng_actions_top")
    register = {}
    if context.has("finding"):
        register = {row.text("finding_id"): row for row in rows(context.table("finding", "finding_id"))}
    return tuple(
        Action(
            action_id=action.action_id,
            agenda="engineering",
            rank=place,
            title=action.title,
            score=f"{format(rounded(action.score, CENT_HUNDREDTH), 'f')}"
            f" (security {action.security_impact}, user value {action.user_value})",
            owner=action.owner,
            due_on=action.due_on,
            effort_days=format(action.effort_days.normalize(), "f"),
            assumed=action.assumed,
            details={
                "finding": action.finding_id,
                "stack": register[action.finding_id].text("stack") if action.finding_id in register else "",
                "security_impact": str(action.security_impact),
                "user_value": str(action.user_value),
            },
        )
        for place, action in enumerate(actions.ranked(context)[: max(1, int(top.value)) if top else TOP], start=1)
    )


def ota_sequence(context: Context) -> tuple[Action, ...]:
    """Travel agencies to list with, in order.

    Raises:
        MissingInputError: the channel table is absent.
    """
    found = []
    currency = reporting_currency(context.tables)
    for listing in channels.sequence(context):
        channel = listing.channel
        worth = "" if channel.score is None else f"{int(channel.score) // 100:,} {currency} per set-up day"
        score = worth or "no set-up needed"
        beside = channel_net.nets(context, channel)
        if beside:
            left = ", ".join(f"{net.unit.name} {net.cents / 100:,.0f} {currency}" for net in beside)
            score = f"{score}; net of commission and cost, each {left}"
        found.append(
            Action(
                action_id=channel.channel_id,
                agenda="ota_sequence",
                rank=listing.rank,
                title=channel.name,
                score=score,
                entity_id=channel.entity_id,
                status="eligible" if listing.eligible else f"blocked: {listing.blocked_by} missing",
                at_stake_cents=channel.monthly_net_cents,
                at_stake_every="month",
                effort_days=str(channel.setup_days),
                details={
                    "requires": "certificate of insurance" if channel.requires_coi else "nothing further",
                    "commission_bp": "" if channel.commission_bp is None else str(channel.commission_bp),
                },
            )
        )
    return tuple(found)


def capital(context: Context, facts: tuple[Fact, ...]) -> tuple[Action, ...]:
    """Capital deployment options by tier, then cost, then id; tiers are the facts of ``capital_tier``.

    Raises:
        MissingInputError: the register of options is absent.
    """
    tiers = {f.dimensions["option"]: f for f in facts if f.metric_id == "capital_tier" and "option" in f.dimensions}
    beside = {
        (f.metric_id, f.dimensions["option"]): f
        for f in facts
        if f.metric_id in ("payback_months", "runway_after_months", "deployment_npv") and "option" in f.dimensions
    }
    found = []
    for row in rows(context.table("deployment_option", "option_id", "cost_cents", "exp_monthly_gain_cents")):
        fact = tiers.get(row.text("option_id"))
        tier = str(fact.value) if fact is not None and fact.value is not None else ""
        found.append((TIERS.index(tier) if tier in TIERS else len(TIERS), row, tier, fact))
    found.sort(key=lambda item: (item[0], item[1].whole("cost_cents"), item[1].text("option_id")))
    return tuple(
        Action(
            action_id=row.text("option_id"),
            agenda="capital",
            rank=place,
            title=row.text("title") or row.text("option_id"),
            score=f"cost {Decimal(row.whole('cost_cents')) / 100:,.2f} {reporting_currency(context.tables)}",
            status=tier or f"not evaluable: {fact.reason if fact else 'no capital tier'}",
            at_stake_cents=row.whole("exp_monthly_gain_cents"),
            at_stake_every="month",
            assumed=row.assumed or (fact is not None and fact.assumed),
            details=_capital_details(row, beside),
        )
        for place, (_, row, tier, fact) in enumerate(found, start=1)
    )


def _capital_details(row: Row, beside: dict[tuple[str, str], Fact]) -> dict[str, str]:
    details = {"category": row.text("category"), "cost_cents": str(row.whole("cost_cents"))}
    for name in ("payback_months", "runway_after_months", "deployment_npv"):
        fact = beside.get((name, row.text("option_id")))
        details[name] = "" if fact is None or fact.value is None else str(fact.value)
        if fact is not None and fact.value is None:
            details[f"{name}_reason"] = fact.reason
    return details
