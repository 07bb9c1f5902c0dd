"""What a report names as the cause of a change: only parts that add up, only what moved the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from executive_suite import metrics
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import Table
from executive_suite.reports import frame
from executive_suite.reports.drivers import driver, moved
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.setting import tidy

NOW, THEN = "2026-05-01", "2026-04-01"
BLANK = Figures(date(2026, 5, 1), "2026-05-01T07:00:00+00:00", "America/Los_Angeles", "ab" * 32, ())


def selection(
    now: dict[str, int], then: dict[str, int], *, total: tuple[int, int] | None = None, entity_id: str = "rental"
) -> Selection:
    """Maintenance cost in cents by category, now and before; ``total`` where it is not the sum."""
    metrics.definitions()
    whole = total or (sum(now.values()), sum(then.values()))

    def facts(period: str, figure: int, parts: dict[str, int]) -> tuple[Fact, ...]:
        return (
            Fact("maintenance_cost", entity_id, period, figure, "cents"),
            *(Fact("maintenance_cost", entity_id, period, v, "cents", {"category": k}) for k, v in parts.items()),
        )

    return Selection(
        replace(
            BLANK,
            facts=facts(NOW, whole[0], now),
            previous=facts(THEN, whole[1], then),
            previous_date=THEN,
        )
    )


def named(s: Selection) -> str:
    return driver(s, s.fact("maintenance_cost", "rental"))


def test_the_part_that_moved_most_the_same_way_is_named() -> None:
    # 100 + 50 - 120 = +30 USD: plumbing moved the whole up most, cleaning moved against it.
    s = selection(
        {"plumbing": 200_00, "hvac": 150_00, "cleaning": 0}, {"plumbing": 100_00, "hvac": 100_00, "cleaning": 120_00}
    )
    assert named(s) == "plumbing (+$100)"


def test_a_part_that_came_or_went_counts_from_nothing() -> None:
    assert named(selection({"hull": 70_00}, {"engine": 100_00})) == "engine (\u2212$100)"


def test_parts_that_do_not_add_up_are_no_cause() -> None:
    assert named(selection({"hull": 70_00}, {"hull": 10_00}, total=(500_00, 100_00))) == ""


def test_no_cause_without_a_change() -> None:
    assert named(selection({"hull": 10_00, "engine": 5_00}, {"hull": 5_00, "engine": 10_00})) == ""


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(-(10**9), 10**9)),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(-(10**9), 10**9)),
)
def test_some_cause_is_named_exactly_when_a_sum_changes(now: dict[str, int], then: dict[str, int]) -> None:
    s = selection(now, then)
    fact = s.fact("maintenance_cost", "rental")
    # A sum cannot move unless at least one of its parts moves the same way.
    assert bool(driver(s, fact)) == bool(moved(fact, s.prior(fact)))


def test_a_column_without_causes_is_left_out() -> None:
    bare = selection({}, {}, total=(500_00, 490_00))  # a change of under a tenth needs no cause
    table = frame.changes(bare, "maintenance_cost", entity_id="rental")
    assert [c.title for c in tidy(table).columns] == ["Figure", "Now", "Before", "Change"]
    full = frame.changes(selection({"hull": 2}, {"hull": 1}), "maintenance_cost", entity_id="rental")
    assert [c.title for c in tidy(full).columns] == [c.title for c in full.columns]
    assert tidy(Table("t", (), ())) == Table("t", (), ())


def facts_of(metric_id: str, unit: str, figures: dict[str, int], *, at: dict[str, int]) -> tuple[Fact, ...]:
    """Undivided facts of one entity by month or date."""
    return tuple(Fact(metric_id, "rental", period, value, unit) for period, value in {**figures, **at}.items())


# Twelve months to April no longer include April of the year before: 12 entered, 16 left, so 138 became 134.
def test_a_figure_over_twelve_months_names_the_month_that_entered_and_the_one_that_left() -> None:
    metrics.definitions()
    s = Selection(
        replace(
            BLANK,
            facts=facts_of("idle_captain_days", "days", {"2026-04": 12, "2025-04": 16}, at={NOW: 134}),
            previous=facts_of("idle_captain_days", "days", {"2025-04": 16}, at={THEN: 138}),
            previous_date=THEN,
        )
    )
    assert driver(s, s.fact("idle_captain_days", "rental")) == "Apr 2026 (12 days) in, Apr 2025 (16 days) out"


def aged(now: int, then: int) -> str:
    metrics.definitions()
    s = Selection(
        replace(
            BLANK,
            facts=facts_of("secret_age_days", "days", {}, at={NOW: now}),
            previous=facts_of("secret_age_days", "days", {}, at={THEN: then}),
            previous_date=THEN,
        )
    )
    return driver(s, s.fact("secret_age_days", "rental"))


def test_an_age_that_grew_by_the_time_between_two_reports_says_so() -> None:
    assert aged(130, 100) == "the 30 days between the reports"  # April has thirty days
    assert aged(131, 100) == ""


def test_a_quotient_names_what_it_is_made_from_and_never_an_entity() -> None:
    metrics.definitions()

    def facts(period: str, cash: int, burn: int, part: int) -> tuple[Fact, ...]:
        return (
            Fact("cash_balance", "group", period, cash, "cents"),
            Fact("net_burn", "group", period, burn, "cents/month"),
            Fact("cash_runway_months", "group", period, cash // burn, "months"),
            Fact("cash_runway_months", "rental", period, part, "months"),
        )

    s = Selection(
        replace(BLANK, facts=facts(NOW, 400, 100, 24), previous=facts(THEN, 600, 100, 377), previous_date=THEN)
    )
    assert driver(s, s.fact("cash_runway_months")) == "cash balance \u2212$2"


def test_age_groups_are_named_only_where_nothing_says_more() -> None:
    metrics.definitions()

    def facts(period: str, old: int, new: int, client: int) -> tuple[Fact, ...]:
        def part(value: int, **dimensions: str) -> Fact:
            return Fact("unbilled_revenue", "rental", period, value, "cents", dimensions)

        whole = Fact("unbilled_revenue", "rental", period, old + new, "cents")
        ages = (part(old, age_days="91+"), part(new, age_days="0-30"))
        return (
            whole,
            *ages,
            *((part(client, contract="C1"), part(old + new - client, contract="C2")) if client else ()),
        )

    def named_in(client_now: int, client_then: int) -> str:
        s = Selection(
            replace(
                BLANK,
                facts=facts(NOW, 90_000, 10_000, client_now),
                previous=facts(THEN, 50_000, 20_000, client_then),
                previous_date=THEN,
            )
        )
        return driver(s, s.fact("unbilled_revenue", "rental"))

    assert named_in(60_000, 40_000) == "C1 (+$200)"
    assert named_in(0, 0) == "91+ days old (+$400)"


def test_the_only_entity_of_a_group_is_no_cause() -> None:
    metrics.definitions()

    def facts(period: str, cash: int, *entities: str) -> tuple[Fact, ...]:
        return tuple(Fact("cash_balance", entity, period, cash, "cents") for entity in ("group", *entities))

    def named_of(*entities: str) -> str:
        s = Selection(
            replace(BLANK, facts=facts(NOW, 5, *entities), previous=facts(THEN, 9, *entities), previous_date=THEN)
        )
        return driver(s, s.fact("cash_balance"))

    assert named_of("jada") == ""
    assert named_of("jada", "qos") != ""


# The table of changes has only what changed; the rest is named once under it, with its value.
def test_unchanged_figures_are_named_under_the_changes() -> None:
    table = frame.changes(selection({"hull": 70_00}, {"hull": 70_00}), "maintenance_cost", entity_id="rental")
    assert (table.rows, table.empty) == ((), "Unchanged: Maintenance cost ($70).")
    moving = frame.changes(selection({"hull": 71_00}, {"hull": 70_00}), "maintenance_cost", entity_id="rental")
    assert (len(moving.rows), moving.note) == (1, frame.OVERLAP)


# A margin of twelve months is made from the jobs and the cost of a job of the same twelve months, not of all time.
def test_a_margin_of_twelve_months_names_jobs_and_cost_of_the_same_months() -> None:
    metrics.definitions()
    trailing = {"window": "trailing_12_months"}

    def facts(period: str, jobs: int, cost: int, margin: str) -> tuple[Fact, ...]:
        return (
            Fact("delivery_jobs", "one", period, jobs, "count", trailing),
            Fact("delivery_jobs", "one", period, 90 + jobs, "count"),
            Fact("cost_per_delivery", "one", period, cost, "cents", trailing),
            Fact("delivery_margin", "one", period, Decimal(margin), "ratio", trailing),
        )

    now, then = facts(NOW, 6, 80_000, "-0.1"), facts(THEN, 8, 60_000, "0.1")
    s = Selection(replace(BLANK, facts=now, previous=then, previous_date=THEN))
    assert driver(s, s.fact("delivery_margin", "one", **trailing)) == "delivery jobs \u22122, cost per delivery +$200"


# 97.81 % and 97.84 % read alike: a row that shows no change is no news.
def test_what_reads_alike_has_not_changed_and_what_was_not_told_before_is_new() -> None:
    metrics.definitions()

    def table(now: Decimal | None, then: Decimal | None) -> Table:
        facts = [
            Fact(
                "email_delivery_rate", "group", day, value, "ratio", {}, "ok" if value is not None else "not_applicable"
            )
            for day, value in ((NOW, now), (THEN, then))
        ]
        s = Selection(replace(BLANK, facts=(facts[0],), previous=(facts[1],), previous_date=THEN))
        return frame.changes(s, "email_delivery_rate")

    assert table(Decimal("0.9784"), Decimal("0.9781")).rows == ()
    assert table(Decimal("0.9784"), None).rows[0][3].text == "new"
    assert table(None, Decimal("0.9784")).rows[0][3].text == "gone"


# A group of one entity has no parts: cash moved by what the month since the previous report brought.
def test_cash_of_one_entity_names_the_month_that_moved_it() -> None:
    metrics.definitions()
    flow = Fact("net_cash_change", "group", "2026-04", -1_800_00, "cents")
    s = Selection(
        replace(
            BLANK,
            facts=(Fact("cash_balance", "group", NOW, 5_200_00, "cents"), flow),
            previous=(Fact("cash_balance", "group", THEN, 7_000_00, "cents"),),
            previous_date=THEN,
        )
    )
    assert driver(s, s.fact("cash_balance")) == "Apr 2026 \u2212$1,800"
