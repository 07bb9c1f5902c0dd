"""The CMO's report: which channels work, what the mailing may bring, what to list next, and what cannot be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from executive_suite.facts import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.charts import Point
from executive_suite.reports import cmo_search, frame, monthly, phrases, wording
from executive_suite.reports.blocks import ActionList, Cell, Chart, Column, FindingItem, FindingList, Page, Table
from executive_suite.reports.selection import Selection

_MODELS = (
    ("last", "Last"),
    ("last_non_direct", "Last non-direct"),
    ("first", "First"),
    ("linear", "Linear"),
    ("position", "Position"),
    ("time_decay", "Time decay"),
    ("markov", "Markov"),
)
_MAIN = ("campaign_contacts_sendable", "channels_live", "attribution_conversions", "marketing_milestones_due")
_SCENARIOS = ("low", "base", "high")
_ECONOMICS = ("cac", "cac_payback_months", "ltv_to_cac", "roas", "marketing_efficiency_ratio")
_MAIL = ("email_delivery_rate", "email_bounce_rate", "email_complaint_rate", "email_click_rate")
_TYPES = {"ota": "travel agency", "email": "mail"}
_HORIZON_DAYS = 90


@dataclass(frozen=True, slots=True)
class CmoView:
    """What the CMO's template relies on."""

    page: Page
    channels: Table
    attribution: Table
    blast: Table
    blast_note: str
    blast_chart: Chart
    mail: Table
    listings: ActionList
    search: Table
    search_chart: Chart
    roadmap: Table
    funnel: Table
    milestones: Chart
    milestone_table: Table
    needs: FindingList
    economics: Table


def view(s: Selection, base: Page) -> CmoView:
    """The CMO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("channels_live", target=s.fact("channels_live", state="planned"), target_is="planned"),
            s.kpi("campaign_contacts_sendable"),
            s.kpi("channel_bookings", "Bookings, twelve months"),
            s.kpi("attribution_conversions", "Attributed conversions"),
            s.kpi("cac"),
            s.kpi("roas"),
            monthly.kpi(s, "search_clicks", "Search clicks"),
            s.kpi("marketing_milestones_due", "Milestones due in 90 days"),
        ),
        changes=frame.changes(
            s,
            "channels_live",
            "campaign_contacts_sendable",
            "channel_bookings",
            "attribution_conversions",
            "email_delivery_rate",
            "email_bounce_rate",
            "marketing_milestones_due",
        ),
        decisions=_decisions(s),
    )
    return CmoView(
        page=page,
        channels=_channels(s),
        attribution=_attribution(s),
        blast=_blast(s),
        blast_note=_blast_note(s),
        blast_chart=_blast_chart(s),
        mail=_rates(s, "Mail sent in twelve months, share of messages", _MAIL),
        listings=s.actions("Listings: what can go live today first, then expected net per set-up day", "ota_sequence"),
        search=cmo_search.search(s),
        search_chart=cmo_search.search_chart(s),
        roadmap=cmo_search.roadmap(s),
        funnel=cmo_search.funnel(s),
        milestones=_milestone_chart(s),
        milestone_table=_milestones(s),
        needs=_needs(s),
        economics=_rates(s, "Unit economics, twelve complete months, actual", _ECONOMICS),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """What the list may bring, from whom; then how many channels sell, of how many planned."""
    contacts = s.fact("campaign_contacts_sendable")
    low, high = (s.fact("campaign_gross_value", scenario=name) for name in ("low", "high"))
    if low.value is None or high.value is None:
        first = f"{wording.of(contacts)} contacts may be mailed; what that brings is {wording.NOT_AVAILABLE}."
    else:
        span = f"{wording.number(Decimal(str(low.value)) / 100)}\u2013{wording.of(high)}"
        first = f"A mailing to {wording.of(contacts)} contacts may bring {span} of gross bookings."
    if contacts.value is None:
        first = phrases.told(s, *_MAIN)
    if s.fact("channels_live").value is None:
        return (first,)
    live, planned = s.text("channels_live"), s.text("channels_live", state="planned")
    agencies = s.text("channels_live", type="ota")
    second = f"{live} of {planned} channels are live, {agencies} of them travel agencies; {_measured(s)}."
    return (first, second)


def _measured(s: Selection) -> str:
    conversions = s.fact("attribution_conversions")
    if conversions.value:
        return f"{wording.of(conversions)} conversions can be attributed"
    return "no conversion can be attributed yet"


def _decisions(s: Selection) -> tuple[str, ...]:
    """List what is eligible, clear what blocks the rest, and close the first gaps of measurement."""
    agencies = sorted((a for a in s.figures.actions if a.agenda == "ota_sequence"), key=lambda a: a.rank)
    ready = [a for a in agencies if a.status == "eligible"]
    blocked = [a for a in agencies if a.status != "eligible"]
    found = []
    if ready:
        worth = wording.money(sum(a.at_stake_cents or 0 for a in ready))
        found.append(f"List now: {', '.join(a.title for a in ready)}, expected {worth} net a month.")
    if blocked:
        worth = wording.money(sum(a.at_stake_cents or 0 for a in blocked))
        paper = blocked[0].status.removeprefix("blocked: ").removesuffix(" missing")
        names = ", ".join(a.title for a in blocked)
        found.append(f"Get the {paper}: it blocks {names}, expected {worth} net a month.")
    high = s.fact("campaign_gross_value", scenario="high")
    if high.value is not None:
        found.append(
            f"Send the mailing or drop it: it costs {s.text('campaign_send_cost')} to send, labour not counted."
        )
    missing = [f for f in s.figures.findings if f.kind == "missing_kpi" and f.outcome == "fires"]
    if missing:
        found.append(f"Start to measure: {len(missing)} KPIs have no input, among them spend and touchpoints.")
    return tuple(found)


def _channels(s: Selection) -> Table:
    """Every channel: status, visitors, bookings and their share."""
    facts = s.facts("channel_status", "channel", "name", "type")
    order = {"live": 0, "pending": 1, "not listed": 2, "suspended": 3}
    facts = tuple(
        sorted(facts, key=lambda f: (order.get(str(f.value), 9), f.dimensions["type"], f.dimensions["channel"]))
    )

    def state(fact: Fact) -> Cell:
        return Cell(str(fact.value), tone="good" if fact.value == "live" else "bad")

    def beside(metric_id: str, fact: Fact) -> Cell:
        return replace(s.cell(s.fact(metric_id, channel=fact.dimensions["channel"])), note="")

    table = s.table(
        "Channels: visibility and bookings, twelve months to the report date, actual",
        facts,
        (
            ("Channel", lambda f: Cell(f.dimensions["name"])),
            ("Type", lambda f: Cell(_TYPES.get(f.dimensions["type"], f.dimensions["type"]))),
            ("Status", state),
            ("Visitors", lambda f: beside("channel_visits", f)),
            ("Bookings", lambda f: beside("channel_bookings", f)),
            ("Share", lambda f: beside("channel_booking_share", f)),
        ),
        note=_visits_note(s),
        empty="Not evaluable: table channel is absent or empty; add the channels.",
    )
    right = {"Visitors", "Bookings", "Share"}
    return replace(
        table, columns=tuple(Column(c.title, "right" if c.title in right else "left") for c in table.columns)
    )


def _visits_note(s: Selection) -> str:
    reason = s.fact("channel_visits").reason
    return f"Visitors: {reason}." if reason else ""


def _attribution(s: Selection) -> Table:
    """Channels against models; each column adds up to the conversions."""
    names = {
        f.dimensions["channel"]: f.dimensions["name"] for f in s.facts("channel_status", "channel", "name", "type")
    }
    facts = s.facts("attribution_conversions", "channel", "model")
    models = [(key, title) for key, title in _MODELS if any(f.dimensions["model"] == key for f in facts)]
    found = sorted({f.dimensions["channel"] for f in facts if f.value})
    heads = (Column("Channel"), *(Column(title, "right") for _, title in models))

    def row(channel: str) -> tuple[Cell, ...]:
        cells = (s.fact("attribution_conversions", channel=channel, model=key) for key, _ in models)
        return (
            Cell(names.get(channel, channel)),
            *(Cell(wording.number(monthly.number(f) or 0, 2), f.value, "number", metric_id=f.metric_id) for f in cells),
        )

    total = s.fact("attribution_conversions")
    why = total.reason or f"{wording.of(total)} conversions"
    return Table(
        f"Conversions credited to each channel, by model, all recorded journeys, n = {wording.of(total)}",
        heads,
        tuple(row(channel) for channel in found),
        note="Markov: removal effects applied to all conversions together." if found else "",
        empty=f"Not evaluable yet: {why}. Every channel stands at 0 under every model; record tagged touchpoints.",
    )


def _blast(s: Selection) -> Table:
    """The business case of each campaign by scenario."""
    facts = s.facts("campaign_gross_value", "campaign", "scenario")
    place = {name: index for index, name in enumerate(_SCENARIOS)}
    facts = tuple(
        sorted(facts, key=lambda f: (f.dimensions["campaign"], place.get(f.dimensions["scenario"], len(place))))
    )

    def beside(metric_id: str, fact: Fact) -> Cell:
        return s.cell(s.fact(metric_id, **fact.dimensions))

    return s.table(
        f"Mailing: bookings, gross value and gross margin by scenario, {wording.currency()}, forecast "
        "from assumed rates",
        facts,
        (
            ("Campaign", lambda f: Cell(f.dimensions["campaign"])),
            ("Scenario", lambda f: Cell(f.dimensions["scenario"])),
            ("Bookings", lambda f: beside("campaign_bookings", f)),
            ("Gross value", s.cell),
            ("Gross margin", lambda f: beside("campaign_gross_margin", f)),
        ),
        empty="Not evaluable: table campaign_scenario is absent or empty; add the scenarios.",
    )


def _blast_note(s: Selection) -> str:
    """Whom it reaches, whom it must not, and what it costs."""
    suppressed = s.text("campaign_contacts_sendable", state="suppressed")
    parts = [
        f"{s.text('campaign_contacts_sendable')} contacts may be mailed; {suppressed} are suppressed",
        f"sending costs {s.text('campaign_send_cost')}",
    ]
    labour = s.fact("campaign_send_cost", part="labour")
    parts.append(
        f"labour {wording.of(labour)}" if labour.value is not None else "labour is not recorded, so no return is stated"
    )
    return f"{'; '.join(parts)}. Gross bookings are not a return: compare them with a group that gets no mail."


def _blast_chart(s: Selection) -> Chart:
    points = []
    for name in _SCENARIOS:
        fact = s.fact("campaign_gross_value", scenario=name)
        value = monthly.number(fact)
        if value is not None:
            points.append(Point(f"{name} scenario", value, wording.of(fact), "forecast"))
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no scenario is stated"
    title = f"Gross bookings that the mailing may bring, {wording.currency()}, by scenario, forecast"
    return frame.chart("blast", title, charts.bars(points), f"Gross bookings: {words}.")


def _rates(s: Selection, title: str, metric_ids: tuple[str, ...]) -> Table:
    """Figures with what they are compared with, one a row."""
    heads = (Column("Measure"), Column("Now", "right"), Column("Against"))
    shown = [(s.kpi(metric_id), s.fact(metric_id)) for metric_id in metric_ids]
    rows = (
        (Cell(k.label, metric_id=k.metric_id), replace(s.cell(f, k.tone), note=""), Cell(phrases.against(k, f)))
        for k, f in shown
    )
    return Table(title, heads, tuple(rows))


def _plan(s: Selection) -> list[Fact]:
    facts = s.facts("marketing_milestone_days", "milestone", "title", "due_on", "state", "target")
    return sorted(facts, key=lambda f: (f.dimensions["due_on"], f.dimensions["milestone"]))


def _milestone_chart(s: Selection) -> Chart:
    pending = [f for f in _plan(s) if f.dimensions["state"] != "done"]
    points = [
        (phrases.capital(f.dimensions["title"]), max(0, monthly.whole(f)), wording.day(f.dimensions["due_on"]))
        for f in pending
        if monthly.whole(f) <= _HORIZON_DAYS
    ]
    words = ", ".join(f"{name} by {text}" for name, _, text in points) or "none falls due"
    title = f"Marketing milestones, days from the report date, next {_HORIZON_DAYS} days, plan"
    today = wording.day(date.fromisoformat(s.figures.report_date.isoformat())).rsplit(" ", 1)[0]
    picture = charts.timeline(points, days=_HORIZON_DAYS, today=today)
    return frame.chart("milestones", title, picture, f"Milestones due: {words}.")


def _milestones(s: Selection) -> Table:
    tones = {"late": "bad", "done": "good"}

    def state(fact: Fact) -> Cell:
        word = fact.dimensions["state"]
        return Cell(word, tone=tones.get(word, "neutral"))  # type: ignore[arg-type]

    def days(fact: Fact) -> Cell:
        return replace(s.cell(fact), note="")

    return s.table(
        "Milestones of thirty, sixty and ninety days and what each is measured by, plan",
        tuple(_plan(s)),
        (
            ("Milestone", lambda f: Cell(phrases.capital(f.dimensions["title"]))),
            ("Due", lambda f: Cell(wording.day(f.dimensions["due_on"]))),
            ("In", days),
            ("State", state),
            ("Measured by", lambda f: Cell(f.dimensions["target"].replace("_", " "))),
        ),
        empty="Not evaluable: table milestone has none for this report.",
    )


def _needs(s: Selection) -> FindingList:
    """Missing KPIs of this report: what attribution and the milestones need before they can be told."""
    own = {f.dimensions["kpi"] for f in s.facts("kpis_missing", "kpi", "report", "name", "formula", report="cmo")}
    chosen = [f for f in s.figures.findings if f.kind == "missing_kpi" and f.finding_id in own]
    items = tuple(
        FindingItem(
            f.title,
            f.severity,
            f.reason,
            f.outcome,
            owner=f.owner,
            entity=s.entity(f.entity_id),
            evidence=tuple(e.text for e in f.evidence),
        )
        for f in sorted(chosen, key=lambda f: f.finding_id)
        if f.outcome != "clear"
    )
    return FindingList(
        "What cannot be told yet, and the input it needs", items, "Every KPI of this report can be told."
    )
