"""The reports of the CFO and the accounting officer: what they say of small and of missing figures."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from executive_suite import config, metrics, reports
from executive_suite.document import Document
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.rendering import lint
from executive_suite.rendering.blocks import NOTHING
from executive_suite.reports.accounting import recognition, roadmap
from executive_suite.reports.build import view_of
from executive_suite.reports.cfo import break_even, budget, capital
from executive_suite.reports.cfo.decisions import asked
from executive_suite.reports.lists import EVERYTHING as AGENDA
from executive_suite.reports.runway import floor_day
from executive_suite.reports.selection import Selection
from group_data import INCLUDE, figures_of, sample

FIELDS = ("finance", "forecast", "accounting", "rental", "technology")

# The sections that the product statement lists for each report, by words that must stand in it.
SECTIONS = {
    "cfo": [
        "CASH AND RUNWAY",
        "BURN",
        "BREAK-EVEN",
        "MONTHLY REVENUE TARGETS",
        "CAPITAL ALLOCATION",
        "NON-NEGOTIABLE CONTROL RULES",
    ],
    "accounting": [
        "FINANCIAL STATEMENTS",
        "TAX CALENDAR AND INFORMATION RETURNS",
        "THE ACCOUNTING SYSTEM",
        "REVENUE RECOGNITION BY STREAM",
        "EXPENSES BY FUNCTION",
        "CHART OF ACCOUNTS",
        "THE CLOSE",
        "ROADMAP TO PROFITABILITY",
    ],
}


@functools.cache
def _figures() -> Figures:
    return figures_of(sample(), (fact for field in FIELDS for fact in metrics.compute(sample(), field)))


def _report(name: str) -> config.Report:
    return config.load(INCLUDE / "config").report(name).model_copy(update={"formats": ("txt", "html")})


@functools.cache
def _built(name: str) -> Document:
    return reports.build(_figures(), _report(name))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_there_and_the_linter_is_content(name: str) -> None:
    document = _built(name)
    assert [heading for heading in SECTIONS[name] if heading not in document.text] == []
    assert lint.check(document) == ()


# In the sample two bank lines have no posting, and a vendor above the threshold has no W-9 on file.
def test_every_gap_in_the_books_stands_in_the_accounting_report() -> None:
    gaps = [f for f in _figures().findings if f.kind == "accounting_gap" and f.outcome != "clear"]
    text = _built("accounting").text
    assert gaps
    assert [gap.title for gap in gaps if gap.title not in text] == []


def test_broken_rules_and_the_books_have_actions_with_owner_and_day() -> None:
    for name, owner in (("cfo", "CFO"), ("accounting", "Accounting")):
        view = view_of(_figures(), _report(name))
        actions = view["controls" if name == "cfo" else "system"]["actions"].items
        assert [item.rank for item in actions] == list(range(1, len(actions) + 1))
        assert [item.due for item in actions if item.due == "no date"] == []
        assert owner in {item.owner for item in actions}


# The key in the code breaks a rule, and the backlog has an action against it: whoever reads of one reads of the other.
def test_a_broken_rule_names_the_action_against_the_gap_behind_it() -> None:
    titles = [item.title for item in view_of(_figures(), _report("cfo"))["controls"]["actions"].items]
    assert "Rotate & vault Stripe keys" in titles
    assert len(titles) == 3  # one action per rule


# Blast, keys and firewall state no gain, so they have neither a payback time nor a present value.
def test_a_candidate_without_a_stated_gain_says_so() -> None:
    table = capital.capital(Selection(_figures()))["table"]
    silent = {row[0].text for row in table.rows if row[2].text == row[4].text == NOTHING}
    assert silent == {"Email blast", "MFA + key rotation", "WAF"}


def test_only_who_earned_has_margins_and_the_others_are_named() -> None:
    margins = budget.budget(Selection(_figures()))["margins"]
    assert {row[0].text for row in margins.rows} == {"DangerousCentaur", "3028 51st St Rental"}
    assert margins.note.startswith("No revenue in these months: ")
    assert "JADA" in margins.note


# 23,425.02 of income against 23,100.00 paid in a year: 1.01, in the owner's audit and here.
def test_debt_cover_of_the_property_is_that_of_its_audit() -> None:
    rows = budget.budget(Selection(_figures()))["margins"].rows
    (cover,) = (row[-1] for row in rows if row[0].text == "3028 51st St Rental")
    assert cover.metric_id == "property_debt_service_cover"
    assert cover.text == "1.01\u00d7"


def test_break_even_says_when_mean_and_worst_month_need_the_same() -> None:
    def reading(worst: int) -> str:
        facts = [
            Fact("contribution_margin", "group", "2026-05-01", 150_000, "cents"),
            Fact("contribution_margin_ratio", "group", "2026-05-01", Decimal("0.75"), "ratio"),
            Fact("break_even_units", "group", "2026-05-01", 1, "units"),
            Fact("break_even_units", "group", "2026-05-01", worst, "units", {"basis": "worst_month"}),
        ]
        return str(break_even.break_even(Selection(replace(_figures(), facts=ordered(facts)))).point)

    assert reading(1).startswith("1 unit a month covers the mean month, also in the worst month.")
    assert reading(2).startswith("1 unit a month covers the mean month; the worst month takes 2 units.")


def test_a_held_candidate_says_which_condition_it_fails() -> None:
    def why(left: str) -> str:
        facts = [
            Fact("runway_after_months", "group", "2026-05-01", Decimal(left), "months", {"option": "P5"}),
            Fact("runway_floor", "group", "2026-05-01", 3, "months"),
            Fact("payback_months", "group", "2026-05-01", 25, "months", {"option": "P5"}),
            Fact("capital_tier", "group", "2026-05-01", "no-deploy", "tier", {"option": "P5"}),
        ]
        held = [a for a in _figures().actions if a.action_id == "P5"]
        bare = replace(_figures(), facts=ordered(facts), actions=tuple(held))
        return next(item.why for item in asked(Selection(bare)) if item.what.startswith("Hold"))

    assert why("1.73") == "It would leave 1.7 months of runway; the floor is 3 months."
    assert why("4.00") == "It pays back in 25 months."


def test_targets_of_milestones_are_words() -> None:
    metrics.definitions()
    words = roadmap.target_in_words
    assert words("trial_balance_diff_cents 0") == "Trial balance difference: $0"
    assert words("ota_live 2") == "OTA live: 2"
    assert words("net_income_cents") == "Net income"
    assert words("net_income_cents 1") == "Net income above $0"  # a profit, however small


# The business units are the group, and the columns of ages are all that is owed.
def test_receivables_add_up_both_ways() -> None:
    table = view_of(_figures(), _report("accounting"))["owed"]["receivables"]
    lines = [[int(str(cell.value)) for cell in row[1:]] for row in (*table.rows, table.total)]
    assert all(sum(line[:-1]) == line[-1] for line in lines)
    assert [sum(column) for column in zip(*lines[:-1], strict=True)] == lines[-1]


# 600 USD in six months of 100, and 1,200 in the same months a year before.
def test_revenue_stands_beside_the_year_before_only_where_all_of_it_is_told() -> None:
    months = [f"{year}-{month:02d}" for year, month in ((2025, 11), (2025, 12), *((2026, n) for n in (1, 2, 3, 4)))]
    now = [Fact("revenue", "group", month, 10_000, "cents") for month in months]
    then = [Fact("revenue", "group", f"{int(month[:4]) - 1}{month[4:]}", 20_000, "cents") for month in months]
    assert recognition.year_before(Selection(replace(_figures(), facts=ordered([*now, *then])))) == (60_000, 120_000)
    assert recognition.year_before(Selection(replace(_figures(), facts=ordered([*now, *then[1:]])))) is None


def test_decisions_of_the_accounting_officer_have_the_owner_and_day_of_the_agenda() -> None:
    page = view_of(_figures(), _report("accounting")).page
    asked = {d.what: d for d in (*page.decisions, *page.later)}
    system = asked["Deploy an accounting system and reconcile its opening balances."]
    # Thirteen working days after 1 May: the agenda has three days of work for accounting, then ten for the system.
    assert (system.owner, system.due) == ("Accounting", "May 20, 2026")
    assert all(one.owner and one.due for one in asked.values())


# Operations that bring 9,470 a month leave nothing to run out of: no "n/a" belongs into a first line.
@pytest.mark.parametrize("name", ["cfo", "ceo"])
def test_cash_that_grows_says_by_how_much(name: str) -> None:
    facts = [
        Fact("cash_balance", "group", "2026-05-01", 15_558_800, "cents"),
        Fact("net_burn", "group", "2026-05-01", -947_000, "cents/month"),
        Fact("cash_runway_months", "group", "2026-05-01", None, "months", {}, "not_applicable", "cash generative"),
        Fact("shortfalls_open", "group", "2026-05-01", 2, "count", {}, "ok", "of 8 rules"),
    ]
    page = view_of(replace(_figures(), facts=ordered(facts), signals=()), _report(name)).page
    assert page.message[0].startswith("Cash of $155,588 grows by $9,470 a month")


def test_one_figure_is_one_piece_of_news_whoever_reads_it() -> None:
    seen: dict[str, tuple[str, str, str]] = {}
    for name in ("ceo", "cfo", "accounting"):
        for kpi in view_of(_figures(), _report(name)).page.kpis:
            if kpi.metric_id in {"cash_balance", "cash_runway_months"}:
                told = (kpi.text, kpi.tone, kpi.comparison)
                assert seen.setdefault(kpi.metric_id, told) == told
    assert set(seen) == {"cash_balance", "cash_runway_months"}


# A path of twelve months either has a day on which cash is gone, or it lasts beyond them.
def test_raising_money_is_a_decision_only_when_burn_ends_cash_within_a_year() -> None:
    def raising(out: str | None, burn: int) -> bool:
        status = "ok" if out else "not_applicable"
        facts = [
            Fact("net_burn", "group", "2026-05-01", burn, "cents/month"),
            Fact("cash_out_date", "group", "2026-05-01", out, "date", {}, status, ""),
        ]
        bare = replace(_figures(), facts=ordered(facts), actions=())
        return any("raising money" in item.what for item in asked(Selection(bare)))

    assert raising("2026-09-05", 800_000)
    assert not raising(None, 800_000)
    assert not raising("2026-09-05", -800_000)  # operations bring cash: new sales are to be expected


def test_income_that_did_not_move_is_no_good_news() -> None:
    def shown(before: int) -> tuple[str, str]:
        facts = [
            Fact("net_income", "group", "2026-04", -250_000, "cents"),
            Fact("net_income", "group", "2026-03", before, "cents"),
        ]
        kpi = view_of(replace(_figures(), facts=ordered(facts)), _report("accounting")).page.kpis[0]
        return kpi.tone, kpi.comparison

    assert shown(-250_000) == ("neutral", "Mar 2026: \u2212$2,500")
    assert shown(-300_000) == ("neutral", "Mar 2026: \u2212$3,000")


def test_the_day_on_which_cash_falls_below_its_floor_is_the_base_cases() -> None:
    def day(why: Qualifier | None) -> str:
        fact = Fact("cash_floor_date", "group", "2026-05-01", "2026-06-05", "date", {}, "ok", "", qualifier=why)
        return str(floor_day(Selection(replace(_figures(), facts=(fact,)))))

    assert day(None) == "2026-06-05"
    assert day(Qualifier(Why.PASSED)) == "None"  # below it already


# The sample's three rules count 1, 5 and 2 exceptions: the backlog has the key rotated on 4 May, the others follow.
def test_every_broken_rule_is_answered_on_the_one_list() -> None:
    listed = {action.action_id: action for action in _figures().actions if action.agenda == AGENDA}
    days = {name: listed[name].due_on for name in ("E1", "CR2", "CR3")}
    assert days == {"E1": "2026-05-04", "CR2": "2026-05-05", "CR3": "2026-05-07"}
    assert {"cfo"} <= set(listed["CR2"].readers) & set(listed["CR3"].readers)
    assert listed["CR2"].owner == "CFO"


def test_the_year_of_targets_adds_up_to_its_last_row() -> None:
    table = view_of(_figures(), _report("cfo"))["targets"]["table"]
    assert sum(int(str(row[2].value)) for row in table.rows) == table.total[2].value
    assert sum(int(str(row[4].value)) for row in table.rows if row[4].number is not None) == table.total[4].value


# What is sold has its own name wherever page one counts it: the sample sells charters.
def test_page_one_counts_what_is_sold_by_its_name() -> None:
    page = view_of(_figures(), _report("cfo")).page
    told = [page.changes.note, *(cell.text for row in page.changes.rows for cell in row)]
    told += [words for kpi in page.kpis for words in (kpi.label, kpi.text, kpi.comparison)]
    assert not [words for words in told if re.search(r"\bunits?\b", words)]
    assert any("charter" in words for words in told)
