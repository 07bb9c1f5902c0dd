"""The reports of CEO, CTO and CMO: every section there, every figure computed, readable whatever is missing."""

from __future__ import annotations

import functools
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite import config, formats, metrics, reports
from executive_suite.dataset.context import Context
from executive_suite.document import Document
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.figures import Figures
from executive_suite.rendering import lint
from executive_suite.rendering.blocks import Page, Table
from executive_suite.reports import months as by_month
from executive_suite.reports import phrases
from executive_suite.reports.build import view_of
from group_data import INCLUDE, changed, figures_of, put, sample

FIELDS = ("finance", "sales", "marketing", "technology", "organisation")

# The sections that the product statement lists for each report, by words that must stand in it.
SECTIONS = {
    "ceo": [
        "ASSETS ACROSS ALL BUSINESS UNITS",
        "CRITICAL SHORTFALLS",
        "REVENUE PIPELINE GAP",
        "EQUITY AND KEY PEOPLE",
        "MISSING KPIS AND WHAT EACH MEANS",
        "BUSINESS UNITS: HEALTH AND REVENUE AGAINST LAST YEAR",
        "THE NEXT THIRTY DAYS",
        "COMPLIANCE CALENDAR",
    ],
    "cto": [
        "STACK BY STACK",
        "SECURITY GAPS, RANKED",
        "CLOUD COST AND SAVINGS",
        "UX SHORTFALLS",
        "RELEASE GAPS AND DELIVERY PERFORMANCE",
        "ENGINEERING ACTIONS, RANKED",
        "BACKUP AND RECOVERY",
    ],
    "cmo": [
        "LEADS, BOOKINGS AND REVENUE BY MONTH",
        "CHANNELS: VISIBILITY AND ATTRIBUTION",
        "EMAIL BLAST: BUSINESS CASE",
        "OTA SEQUENCE",
        "LOCAL SEO ROADMAP",
        "30, 60 AND 90 DAYS: MILESTONES",
    ],
}
PLAN_STEPS = "30, 60 and 90 days"  # the plan's own name, not a figure

# Facts of the product statement that each report must say, in its words.
SAID = {
    "ceo": [
        "$38,800",
        "All 8 critical shortfalls are open",
        "Sergio",
        "Carole",
        "9 of 15 defined",
    ],
    "cto": ["6 security gaps", "$50 to $84 a month", "$25 a month", "Stripe secret key", "No staging environment"],
    "cmo": ["3,676 contacts", "$10,000\u2013$50,000", "324 are suppressed", "1. Sailo", "2. GetMyBoat", "3. Viator"],
}


def _figures(run: Context, *fields: str) -> Figures:
    """The figures of a dataset; fields not given are taken from the sample, where the change does not touch them."""
    own = [metrics.compute(run, field) for field in fields or FIELDS]
    kept = [_facts(field) for field in FIELDS if fields and field not in fields]
    return figures_of(run, (fact for part in (*own, *kept) for fact in part))


@functools.cache
def _facts(field: str) -> tuple[Fact, ...]:
    return metrics.compute(sample(), field)


@functools.cache
def _sample_figures() -> Figures:
    return _figures(sample(), "organisation")


def _report(name: str) -> config.Report:
    found = config.load(INCLUDE / "config").report(name)
    return found.model_copy(update={"formats": ("txt", "html")})


def _built(figures: Figures, name: str) -> Document:
    return reports.build(figures, _report(name))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_there_and_says_what_the_data_says(name: str) -> None:
    document = _built(_sample_figures(), name)
    text = " ".join(document.text.split())
    assert [heading for heading in SECTIONS[name] if heading not in document.text] == []
    assert [words for words in SAID[name] if words not in text] == []
    assert lint.check(document) == ()


@pytest.mark.parametrize("name", SECTIONS)
def test_a_report_reads_well_with_any_one_figure_missing(name: str) -> None:
    figures = _sample_figures()
    page = view_of(figures, _report(name)).page
    for item in page.definitions:
        gone = tuple(_blanked(f) if f.metric_id == item.metric_id else f for f in figures.facts)
        view = view_of(replace(figures, facts=gone), _report(name))
        assert view.page.message
        assert all(any(letter.isdigit() for letter in line) for line in own_lines(view.page)), item.metric_id


def own_lines(page: Page) -> tuple[str, ...]:
    """What page one says in sentences, and what it has no room for."""
    return (*page.message, *page.headlines, *page.rest)


def _blanked(fact: Fact) -> Fact:
    return replace(fact, value=None, status="not_evaluable", reason="table nowhere is absent")


@pytest.mark.parametrize("name", SECTIONS)
def test_a_report_of_nothing_is_readable(name: str) -> None:
    figures = _sample_figures()
    bare = replace(
        figures, facts=tuple(_blanked(f) for f in figures.facts if not f.dimensions), findings=(), actions=()
    )
    document = _built(bare, name)
    assert lint.check(document) == ()
    assert "could be calculated" in " ".join(document.text.split())


def test_no_template_holds_a_figure() -> None:
    for name in SECTIONS:
        template = Path(INCLUDE / "templates" / "reports" / f"{name}.j2").read_text(encoding="utf-8")
        assert not any(letter.isdigit() for letter in template.replace(PLAN_STEPS, ""))


def test_the_ranked_gaps_stand_in_their_order_and_every_business_is_audited() -> None:
    figures = _sample_figures()
    text = _built(figures, "cto").text
    titles = {f.finding_id: f.title for f in figures.findings if f.kind == "security_gap"}
    ranks = sorted((f for f in figures.facts if f.metric_id == "security_gap_rank"), key=lambda f: int(str(f.value)))
    shown = [row[1].text.lower() for row in view_of(figures, _report("cto"))["security"]["ranked"].rows]
    assert shown == [titles[f.dimensions["finding"]].lower() for f in ranks]
    assert len(shown) == 6  # "security gaps: 6 open"
    audit = text[text.index("STACK BY STACK") : text.index("CLOUD COST AND SAVINGS")]
    assert all(stack in audit for stack in ("JADA", "QOS", "QDN", "DC"))


# Units of the sample by two signs: the rental and the web business lose over the year and in April, charters sail in
# summer, deliveries earned over the year and had neither revenue nor cost in April.
def test_health_tells_a_bad_season_from_a_bad_business() -> None:
    health = view_of(_sample_figures(), _report("ceo"))["units"]["health"]
    words = {row[0].text: row[-1].text for row in health.rows}
    assert words["DangerousCentaur"] == words["3028 51st St Rental"] == "loss-making"
    assert words["JADA"] == words["QueenofSanDiego"] == "profitable over 12 months, loss-making now"
    assert words["Expert Yacht Delivery"] == "profitable over 12 months, no income now"
    assert sum(int(row[1].value) for row in health.rows) == health.total[1].value


# What is left of a target: less what is earned, less what is in the pipeline; and the units are the group.
def test_the_gap_of_each_unit_follows_from_its_row() -> None:
    table = view_of(_sample_figures(), _report("ceo"))["pipeline"]["table"]
    for row in (*table.rows, table.total):
        target, earned, weighted, gap = (int(str(cell.value)) for cell in row[1:5])
        assert target - earned - weighted == gap, row[0].text
    assert [sum(int(str(row[place].value)) for row in table.rows) for place in range(1, 5)] == [
        int(str(cell.value)) for cell in table.total[1:5]
    ]


# Without recorded opportunities the pipeline is unknown, not 0. Without a target there is no column of earned revenue.
def test_an_unknown_pipeline_is_not_zero() -> None:
    figures = _sample_figures()

    def table(metric_id: str) -> Table:
        facts = tuple(_blanked(f) if f.metric_id == metric_id else f for f in figures.facts)
        return view_of(replace(figures, facts=facts), _report("ceo"))["pipeline"]["table"]

    assert {row[3].text for row in table("pipeline_weighted").rows} == {"n/a"}
    assert [column.title for column in table("pipeline_gap").columns][:2] == ["Business unit", "Pipeline, USD"]


def test_every_decision_of_the_ceo_has_an_owner_and_a_day() -> None:
    page = view_of(_sample_figures(), _report("ceo")).page
    asked = (*page.decisions, *page.later)
    assert all(decision.owner and decision.due and decision.why for decision in asked)
    first = asked[0]  # a rent of 2,400 and a contract of 600 end on one day, and giving notice takes a month
    assert (first.owner, first.due, first.stake) == ("CEO", "May 1, 2026", "$3,000 a month")
    (listing,) = (decision for decision in asked if decision.what.startswith("List on travel agencies"))
    # 1,600 + 11,200 + 1,800 + 14,000 of four agencies
    assert listing.stake == "$28,600 a month (an estimate)"


# A decision comes before another in one report if and only if it does in every other.
def test_all_readers_see_their_decisions_in_the_one_order() -> None:
    listed = [phrases.sentence(a.title) for a in _sample_figures().actions if a.agenda == "decisions"]
    for name in SECTIONS:
        page = view_of(_sample_figures(), _report(name)).page
        asked = [decision.what for decision in (*page.decisions, *page.later)]
        places = [listed.index(what) for what in asked if what in listed]
        assert len(places) >= 4
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ((5, -1, -2), "It has lost money in each of the latest 2 months, $3 in all."),
        ((5, 4, -2), "It lost $2 in Mar 2026."),
        ((-5, 0, 4), "It earned $4 in Mar 2026; 1 of the latest 3 months brought a loss."),
        ((), ""),
    ],
)
def test_a_chart_of_income_says_for_how_long_money_is_lost(months: tuple[int, ...], words: str) -> None:
    facts = [Fact("net_income", "group", f"2026-0{n}", 100 * usd, "cents") for n, usd in enumerate(months, start=1)]
    assert by_month.losses(facts, "It") == words


def test_a_change_of_the_evidence_changes_the_page() -> None:
    repaired = _figures(
        changed(sample(), key_role=put("successor_id", "someone", role_id="operations")), "organisation"
    )
    text = " ".join(_built(repaired, "ceo").text.split())
    assert "7 of 8 critical shortfalls are open" in text
    assert "A key person leaves without a successor" not in text


# The first signal leads page one; the report's own first line comes below it.
@pytest.mark.parametrize(
    ("count", "late", "line"),
    [
        (6, Decimal(1), "6 security gaps are open, 2 of them critical; all are past their fix-by date."),
        (6, Decimal("0.5"), "6 security gaps are open, 2 of them critical; 50% are past their fix-by date."),
        (1, Decimal(0), "1 security gap is open, and it is critical; none is past its fix-by date."),
        (1, Decimal(1), "1 security gap is open, and it is critical; it is past its fix-by date."),
        (6, None, "6 security gaps are open, 2 of them critical; no fix-by date is set."),
    ],
)
def test_the_first_line_of_the_cto_says_who_is_late(count: int, late: Decimal | None, line: str) -> None:
    figures = _sample_figures()
    new = {"security_gaps_open": count, "finding_sla_breaches": late}
    facts = (
        replace(f, value=new[f.metric_id]) if f.metric_id in new and not f.dimensions else f for f in figures.facts
    )
    assert line in own_lines(view_of(replace(figures, facts=tuple(facts)), _report("cto")).page)


# Nobody on the list and no scenario: the line speaks of bookings and says that no mail is planned, to nobody at all.
def test_no_mailing_is_not_a_mailing_to_nobody() -> None:
    figures = _sample_figures()
    facts = tuple(
        replace(f, value=0)
        if f.metric_id == "campaign_contacts_sendable"
        else replace(f, value=None, status="not_evaluable", reason="no scenario is stated")
        if f.metric_id == "campaign_gross_value"
        else f
        for f in figures.facts
    )
    own = own_lines(view_of(replace(figures, facts=facts), _report("cmo")).page)
    assert any(line.endswith("; no mailing plan is on record.") for line in own)


# A gap without an action is not hidden, and an action names its owner and day.
def test_each_gap_of_the_cto_says_what_closes_it_and_on_what_evidence() -> None:
    view = view_of(_sample_figures(), _report("cto"))
    closing = {row[1].text: row[-1].text for row in view["security"]["ranked"].rows}
    key = closing["Stripe secret key hardcoded in code"]
    assert key.startswith("Rotate & vault Stripe keys (Engineering, ")
    assert "CWE-798" in key
    users = {row[0].text: row[-1].text for row in view["users"]["gaps"].rows}
    assert users["No availability calendar"].startswith("none of the 10 ranked actions.")  # 9 / 5 days: eleventh
    assert len(view["release"]["gaps"].rows) == 3  # "no CI/CD pipeline, no staging, no automated rollback"


# Hand-counted: 6 security gaps, 3 UX shortfalls and 3 release gaps are open, over all stacks.
def test_the_stacks_add_up_to_all_that_is_open() -> None:
    audit = view_of(_sample_figures(), _report("cto"))["stacks"]["audit"]
    sums = [sum(int(str(row[place].value)) for row in audit.rows) for place in (1, 2, 3)]
    assert sums == [int(str(cell.value)) for cell in audit.total[1:4]] == [6, 3, 3]


def test_points_that_stand_still_are_no_chart() -> None:
    figures = _sample_figures()
    still = [f for f in figures.facts if f.metric_id != "cvss_exposure_open" or "week" not in f.dimensions]
    weeks = [
        Fact("cvss_exposure_open", "group", "2026-05-01", Decimal(points), "points", {"week": week})
        for week, points in (("2026-04-17", "9.1"), ("2026-04-24", "9.1"))
    ]
    exposure = view_of(replace(figures, facts=(*still, *weeks)), _report("cto"))["security"]["exposure"]
    assert (exposure.svg, exposure.alt) == ("", "CVSS points of open gaps stayed at 9.1 in each of the latest 2 weeks.")
    weeks[1] = replace(weeks[1], value=Decimal("4.1"))
    moved = view_of(replace(figures, facts=(*still, *weeks)), _report("cto"))["security"]["exposure"]
    assert moved.finding == "CVSS points of open gaps fell from 9.1 to 4.1 in 2 weeks."


# Credentials are rotated every quarter; an older one is reported.
def test_the_oldest_secret_stands_beside_its_limit() -> None:
    kpis = {kpi.metric_id: kpi for kpi in view_of(_sample_figures(), _report("cto")).page.kpis}
    assert kpis["secret_age_days"].comparison.startswith("limit 90 days")
    assert kpis["secret_age_days"].tone == "act"


# Two agencies need no certificate, 1,800 + 1,600 USD a month, and two wait for it, 14,000 + 11,200.
def test_the_cmo_is_asked_for_the_listings_the_mailing_and_the_broken_funnel() -> None:
    page = view_of(_sample_figures(), _report("cmo")).page
    asked = (*page.decisions, *page.later)
    assert (asked[0].what, asked[0].stake) == (
        "List on travel agencies, Sailo first.",
        "$28,600 a month (an estimate)",
    )
    whys = {d.what: d.why for d in asked}
    repair = 'Repair QuickDumpNow\'s step "quote submitted" and test the whole funnel.'
    assert whys[repair].endswith("quote form open 96, then quote submitted 0.")
    blocked, mailing = (d for d in asked if d.what.startswith(("Get the certificate", "Approve the mailing")))
    assert (blocked.what, blocked.stake) == ("Get the certificate of insurance.", "$25,200 net a month expected")
    assert mailing.what == "Approve the mailing by May 31, 2026, or drop it."  # the day of its milestone
    assert mailing.due == "May 31, 2026"


# In February 2024 no mailing is planned: the first line reports bookings, not unknown figures.
def test_without_a_mailing_the_cmo_reads_of_bookings() -> None:
    figures = _sample_figures()
    facts = tuple(f for f in figures.facts if not f.metric_id.startswith("campaign_gross_value"))
    (own,) = (
        line
        for line in own_lines(view_of(replace(figures, facts=facts), _report("cmo")).page)
        if " came in 12 months" in line
    )
    assert "n/a" not in own


# 412 visits, 96 open the form, nobody sends it: the funnel of the sample breaks there.
def test_the_funnel_says_where_people_stop() -> None:
    shown = view_of(_sample_figures(), _report("cmo"))["search"]
    assert "96 people reached \u201cquote form open\u201d" in shown["funnel"].finding
    assert "none \u201cquote submitted\u201d" in shown["funnel"].finding
    assert [row[1].value for row in shown["steps"].rows] == [412, 96, 0, 0]


def test_keywords_stand_by_the_clicks_in_reach() -> None:
    rows = view_of(_sample_figures(), _report("cmo"))["search"]["roadmap"].rows
    reach = [int(str(row[5].value)) for row in rows]
    assert reach == sorted(reach, reverse=True)
    assert all(row[-1].text for row in rows)


# Of the nine missing KPIs the sample's catalogue gives five to this reader.
def test_only_this_reader_is_asked_to_measure_what_is_theirs() -> None:
    view = view_of(_sample_figures(), _report("cmo"))
    (asked,) = (line for line in (*view.page.decisions, *view.page.later) if line.what.startswith("Start measuring"))
    assert "5 KPIs of this report" in asked.what
    assert len(view["plan"]["needs"].rows) == 5


def test_each_milestone_says_what_its_attribution_needs_and_what_of_it_is_there() -> None:
    def needs(coverage: dict[str, int]) -> list[str]:
        view = view_of(replace(_sample_figures(), coverage=coverage), _report("cmo"))
        return [row[-1].text for row in view["plan"]["milestones"].rows]

    mail, agencies, _ = needs({"email_event": 3, "touchpoint": 0})
    assert mail == "tagged visits and campaign spend missing; mail events recorded"
    assert agencies == "bookings and reviews missing"
    assert needs({"email_event": 1, "touchpoint": 1, "campaign_spend": 1})[0] == (
        "mail events, tagged visits and campaign spend recorded"
    )


# Sent mail of the sample bounced in 1.3 of 100 cases, where the mail service reviews an account at 5.
def test_a_rate_of_mail_is_judged_by_its_limit() -> None:
    figures = _sample_figures()

    def tone(qualifier: Qualifier | None) -> str:
        facts = (
            replace(f, qualifier=qualifier) if f.metric_id == "email_bounce_rate" and not f.dimensions else f
            for f in figures.facts
        )
        kpis = view_of(replace(figures, facts=tuple(facts)), _report("cmo")).page.kpis
        return str(next(kpi.tone for kpi in kpis if kpi.metric_id == "email_bounce_rate"))

    assert tone(Qualifier(Why.WITHIN_LIMIT)) == "fine"
    assert tone(Qualifier(Why.ABOVE_LIMIT)) == "act"
    assert tone(None) == "neutral"


# One action, one owner, one day: whoever reads about it.
def test_reports_agree_on_who_does_what_by_when() -> None:
    figures = _sample_figures()
    agreed = {a.title.lower(): a for a in figures.actions if a.agenda == "thirty_day"}
    shared = [
        item for item in view_of(figures, _report("cto"))["actions"]["actions"].items if item.title.lower() in agreed
    ]
    assert len(shared) == 6  # the six open security gaps each have an action in the backlog
    assert [(i.owner, i.due) for i in shared] == [
        ("Engineering", formats.day(agreed[i.title.lower()].due_on)) for i in shared
    ]
    listings = view_of(figures, _report("cmo"))["listings"]["listings"].items
    assert [(i.title, i.owner, i.due) for i in listings][:3] == [
        ("Sailo", "Marketing", "May 12, 2026"),  # seven working days after the report date
        ("GetMyBoat", "Marketing", "May 12, 2026"),
        ("Viator", "not assigned", "no date"),
    ]


def test_hostile_names_stay_text() -> None:
    name = "\u202e<b>{{ 7*7 }}</b> \U0001f6a2 " + "x" * 120
    run = changed(sample(), finding=put("title", name, finding_id="F1"))
    document = _built(_figures(run, "technology", "organisation"), "cto")
    page = document.files["html"].decode()
    assert "<b>{{" not in page
    assert "\u202e" not in page
    assert "49" not in page[page.index("Open security gaps by ") :][:200]
