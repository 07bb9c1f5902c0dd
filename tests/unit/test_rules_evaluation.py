"""Rules at work: what fires, on which rows, with how much at stake, and what could not be evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from executive_suite import canonical, metrics
from executive_suite.conditions.grammar import parse
from executive_suite.conditions.tree import columns
from executive_suite.config import ConfigError
from executive_suite.facts.fact import Fact, Input, Qualifier, Why
from executive_suite.facts.findings import Finding
from executive_suite.rules import judgement, rulebook, views
from executive_suite.rules.rule import Rule
from executive_suite.rules.rulebook import Rules
from executive_suite.rules.sentences import filled
from executive_suite.schema.tables import schema
from group_data import Change, add, changed, drop, put, sample, without
from typed_tables import context, typed

BOOKINGS = [
    {"booking_id": "a", "entity_id": "x", "status": "completed", "gross_cents": 1000, "discount_cents": 100},
    {"booking_id": "b", "entity_id": "x", "status": "cancelled", "gross_cents": 500, "discount_cents": 0},
    {"booking_id": "c", "entity_id": "y", "status": "completed", "gross_cents": 50, "discount_cents": 0},
]


def _rule(**fields: object) -> Rule:
    stated = {"rule_id": "r", "kind": "shortfall", "title": "T", "severity": "high", "check": "some", "rows": "booking"}
    return Rule.model_validate({**stated, **fields})


def _only(rule: Rule, facts: tuple[Fact, ...] = ()) -> Finding:
    (finding,) = judgement.evaluate(
        context("2026-05-01", booking=typed("booking", BOOKINGS)), facts, Rules(rules=(rule,))
    )
    return finding


def test_some_fires_on_the_rows_that_match_and_adds_up_what_is_at_stake() -> None:
    rule = _rule(
        where="status = 'completed'",
        at_stake=("gross_cents", "-discount_cents"),
        fires="{count} of {of}",
        evidence="{booking_id}: {gross_cents:money}",
    )
    finding = _only(rule)
    assert (finding.outcome, finding.reason) == ("fires", "2 of 3")
    assert finding.at_stake_cents == 1000 - 100 + 50
    assert [row.text for row in finding.evidence] == ["a: $10", "c: $0.50"]
    assert [row.key for row in finding.evidence] == [{"booking_id": "a"}, {"booking_id": "c"}]
    assert finding.entity_id == "group", "rows of two entities concern the group"
    assert _only(_rule(where="booking_id = 'b'")).entity_id == "x"


def test_a_sentence_names_the_first_row_and_counts_the_others() -> None:
    stated = "{booking_id}[, and {others:counted other booking}]"
    assert _only(_rule(where="gross_cents > 100", fires=stated)).reason == "a, and 1 other booking"
    assert _only(_rule(where="gross_cents > 900", fires=stated)).reason == "a"
    items = _rule(item="{booking_id}", fires="{items}")
    assert _only(items).reason == "a, b and c"


def test_none_fires_when_nothing_matches_even_in_an_empty_table() -> None:
    assert _only(_rule(check="none", where="status = 'quoted'")).outcome == "fires"
    assert _only(_rule(check="none", where="status = 'completed'")).outcome == "clear"
    empty = context("2026-05-01", booking=typed("booking", [], columns=("booking_id", "status")))
    (finding,) = judgement.evaluate(empty, (), Rules(rules=(_rule(check="none", where="status = 'quoted'"),)))
    assert finding.outcome == "fires"


@pytest.mark.parametrize(("limit", "outcome"), [(6666, "fires"), (6667, "clear")])
def test_a_share_must_lie_above_its_limit(limit: int, outcome: str) -> None:
    # Two of three is 66.666… %: above 66.66 %, not above 66.67 %.
    param = {"param": "p", "scope": "group", "valid_from": "2026-01-01", "value": limit, "unit": "bp", "source": "test"}
    run = context("2026-05-01", booking=typed("booking", BOOKINGS), param=typed("param", [param]))
    rule = _rule(check="share_above", where="status = 'completed'", above="p")
    (finding,) = judgement.evaluate(run, (), Rules(rules=(rule,)))
    assert finding.outcome == outcome


def test_each_row_is_a_finding_and_no_row_is_one_that_is_clear() -> None:
    rule = _rule(check="each", where="status = 'completed'", identity="booking_id", title="Booking {booking_id}")
    found = judgement.evaluate(context("2026-05-01", booking=typed("booking", BOOKINGS)), (), Rules(rules=(rule,)))
    assert [(f.finding_id, f.title, f.entity_id) for f in found] == [("a", "Booking a", "x"), ("c", "Booking c", "y")]
    assert _only(_rule(check="each", where="status = 'quoted'", identity="booking_id")).outcome == "clear"


def test_a_fact_fires_above_its_limit_and_without_a_value_is_not_evaluable() -> None:
    rule = _rule(check="figures", rows="", figures={"m": "m"}, limits={"most": 2}, where="m > most")
    fact = Fact("m", "group", "2026-05-01", 3, "count")
    assert _only(rule, (fact,)).outcome == "fires"
    assert _only(rule, (Fact("m", "group", "2026-05-01", 2, "count"),)).outcome == "clear"
    missing = Fact("m", "group", "2026-05-01", None, "count", {}, "not_evaluable", "table t is absent")
    assert (_only(rule, (missing,)).outcome, _only(rule, (missing,)).reason) == ("not_evaluable", "table t is absent")
    assert _only(rule).outcome == "not_evaluable"
    without = Fact("m", "group", "2026-05-01", None, "count", {}, "not_applicable", "nothing sold")
    assert (_only(rule, (without,)).outcome, _only(rule, (without,)).reason) == ("clear", "nothing sold")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (_rule(rows="nowhere"), "table nowhere is absent"),
        (_rule(where="colour = 'red'"), "column colour is absent"),
        (_rule(where="gross_cents > $threshold"), "param"),
        (_rule(where="status > 3"), "not a number"),
    ],
)
def test_a_rule_without_its_inputs_never_passes(rule: Rule, words: str) -> None:
    finding = _only(rule)
    assert finding.outcome == "not_evaluable"
    assert words in finding.reason


def test_worst_comes_first_and_rules_of_one_severity_keep_their_order() -> None:
    made = [_rule(rule_id=name, severity=severity) for name, severity in (("a", "low"), ("b", "high"), ("c", "high"))]
    found = judgement.evaluate(context("2026-05-01", booking=typed("booking", BOOKINGS)), (), Rules(rules=tuple(made)))
    assert [f.finding_id for f in found] == ["b", "c", "a"]


def test_a_sentence_takes_only_columns() -> None:
    row = {"who": "{secret} [{missing}]", "secret": "x", "cents": -123456}
    assert filled("{who} {cents:money} {missing} {0} {who.__class__}", row, {}) == (
        "{secret} [{missing}] \u2212$1,235 not recorded {0} {who.__class__}"
    )


def test_the_control_register_is_evaluated_row_by_row() -> None:
    # The product statement: no hardcoded keys 1, audit trail 5, certificate of insurance 2.
    found = {f.finding_id: f for f in _controls(sample())}
    assert {name: len(f.evidence) for name, f in found.items()} == {"CR1": 1, "CR2": 5, "CR3": 2}
    assert all(f.outcome == "fires" for f in found.values())
    unknown = changed(sample(), control_rule=put("check_name", "no_such_check", rule_id="CR1"))
    assert {f.finding_id: f.outcome for f in _controls(unknown)}["CR1"] == "not_evaluable"
    assert {f.finding_id: f.outcome for f in _controls(without(sample(), "expense_doc"))}["CR2"] == "not_evaluable"
    closed = changed(sample(), finding=put("cwe", "CWE-522", finding_id="F1"))
    assert {f.finding_id: f.outcome for f in _controls(closed)}["CR1"] == "clear"


def _controls(run: object) -> tuple[Finding, ...]:
    return judgement.evaluate(run, (), Rules(rules=rulebook.shipped().of_kind("control_violation")))  # type: ignore[arg-type]


def test_evidence_names_file_and_row() -> None:
    found = {f.finding_id: f for f in judgement.evaluate(sample(), (), rulebook.shipped())}
    (row,) = found["equity_risk"].evidence
    assert row.source.startswith("equity_holder.csv, row ")
    assert row.key == {"entity_id": "jada", "person_id": "Sergio"}
    assert found["revenue_tracking_gap"].assumed, "the booking is marked assumed in the data"


def test_facts_counted_by_other_rules_are_refused() -> None:
    run = context("2026-05-01", booking=typed("booking", BOOKINGS))
    counted = Fact("shortfalls_open", "group", "2026-05-01", 1, "count", {"rule": "another"})
    with pytest.raises(ConfigError, match="another"):
        judgement.evaluate(run, (counted,), Rules(rules=(_rule(where="status = 'completed'"),)))


def test_a_hostile_title_is_only_text() -> None:
    run = changed(
        sample(),
        finding=add(
            finding_id="X1",
            stack="ALL",
            kind="security",
            title="{{ 7*7 }} <script> {kind}",
            opened_on=sample().tables["finding"]["opened_on"].iloc[0],
        ),
    )
    found = {f.finding_id: f for f in judgement.evaluate(run, (), rulebook.shipped())}
    assert found["X1"].title == "{{ 7*7 }} <script> {kind}"


def test_every_row_counts_and_the_first_of_many_are_shown() -> None:
    made = [{**BOOKINGS[0], "booking_id": f"n{i:04}", "gross_cents": 2, "discount_cents": 1} for i in range(1000)]
    run = context("2026-05-01", booking=typed("booking", made))
    rule = _rule(where="status = 'completed'", at_stake=("gross_cents", "-discount_cents"), fires="{count}.")
    (finding,) = judgement.evaluate(run, (), Rules(rules=(rule,)))
    assert finding.at_stake_cents == 1000
    assert len(finding.evidence) == 200
    assert finding.reason == "1,000. The first 200 of 1,000 rows are shown."


def _metric(rule: Rule) -> str:
    (named,) = rule.figure_references.values()
    return named.metric_id


def test_the_gaps_of_the_books_follow_their_facts() -> None:
    shipped = Rules(rules=rulebook.shipped().of_kind("accounting_gap"))
    facts = tuple(Fact(_metric(rule), "group", "2026-05-01", n, "count") for n, rule in enumerate(shipped.rules))
    found = {f.finding_id: f for f in judgement.evaluate(sample(), facts, shipped)}
    assert [found[rule.rule_id].outcome for rule in shipped.rules] == ["clear", *["fires"] * (len(shipped.rules) - 1)]
    assert found[shipped.rules[3].rule_id].reason.startswith("3 vendors ")
    assert {f.outcome for f in judgement.evaluate(sample(), (), shipped)} == {"not_evaluable"}


# The evidence must be as many rows as the figure counts, whatever gap is put into the books.
@pytest.mark.parametrize(
    ("rule_id", "change", "keys"),
    [
        ("bank_lines_unreconciled", {}, None),
        ("vendors_without_w9", {}, None),
        ("vendors_without_w9", {"counterparty": put("w9_on_file", value=True)}, []),
        ("assets_double_booked", {}, []),
        # A charter of May 20 put into the house, which a tenant who booked earlier has until the end of May.
        ("assets_double_booked", {"booking": put("asset_id", "P-3028", booking_id="B2")}, [{"booking_id": "B2"}]),
        ("accounts_not_defined", {"account": drop(account="6400")}, [{"account": "6400"}]),
        (
            "balances_on_the_wrong_side",
            {"account": put("normal_side", "credit", account="6400")},
            [{"account": "6400"}],
        ),
    ],
)
def test_a_gap_of_the_books_names_the_rows_behind_its_figure(
    rule_id: str, change: dict[str, Change], keys: list[dict[str, str]] | None
) -> None:
    run = changed(sample(), **change)
    rule = next(rule for rule in rulebook.shipped().rules if rule.rule_id == rule_id)
    facts = metrics.compute(run, "accounting")
    (counted,) = (
        f.value for f in facts if (f.metric_id, f.entity_id, dict(f.dimensions)) == (_metric(rule), "group", {})
    )
    (finding,) = judgement.evaluate(run, facts, Rules(rules=(rule,)))
    assert len(finding.evidence) == counted
    assert keys is None or [row.key for row in finding.evidence] == keys
    assert finding.outcome == ("fires" if finding.evidence else "clear")
    assert all("not recorded" not in row.text for row in finding.evidence)
    assert bool(finding.at_stake_cents) == bool(rule.at_stake and finding.evidence)


def test_a_fact_without_rows_is_its_own_evidence() -> None:
    fact = Fact("revenue", "group", "2026-04", 3, "cents", inputs=(Input("ledger", 7),))
    rule = _rule(check="figures", rows="", figures={"sold": "revenue@month"}, where="sold > 0", evidence="Sold: {sold}")
    (row,) = _only(rule, (fact,)).evidence
    assert (row.table, row.text) == ("ledger", "Sold: $0.03")
    assert row.key == {"metric_id": "revenue", "entity_id": "group", "period": "2026-04"}


def test_every_rule_over_facts_names_a_metric_that_there_is() -> None:
    rules = rulebook.shipped().rules
    named = {one.metric_id for rule in rules for one in rule.figure_references.values()}
    named |= {one.metric_id for rule in rules for one in rule.fact_references.values()}
    assert named <= set(metrics.definitions())


DAY = "2026-05-01"


def _jobs(*by_month: int) -> tuple[Fact, ...]:
    """Counts of the latest complete months, oldest first, for one entity."""
    months = [f"2026-{month:02d}" for month in range(5 - len(by_month), 5)]
    return tuple(Fact("m", "one", month, count, "count") for month, count in zip(months, by_month, strict=True))


def test_a_streak_is_the_latest_months_without_a_break_after_one_that_differs() -> None:
    rule = _rule(check="streak", rows="", facts={"m": "m@months:12"}, where="m = 0", lasting=2, fires="{count} {since}")
    assert _only(rule, _jobs(1, 0, 0)).reason == "2 2026-02"
    assert _only(rule, _jobs(1, 0)).outcome == "clear"
    assert _only(rule, _jobs(1, 0, 0, 1)).outcome == "clear"
    assert _only(rule, _jobs(0, 0, 0)).outcome == "clear", "it has not begun yet"
    assert _only(rule).outcome == "not_evaluable"


def test_facts_of_one_metric_are_rows_and_those_of_another_stand_beside_them() -> None:
    sizes = [Fact("m", "one", DAY, cents, "cents", {"c": name}) for name, cents in (("a", 300), ("b", 500), ("d", 200))]
    ends = [Fact("n", "one", DAY, day, "date", {"c": "b", "d": "x"}) for day in ("2026-06-01",)]
    rule = _rule(
        check="some",
        rows="",
        facts={"size": "m[c]", "ends": "n[c, d]"},
        where="size >= 300",
        order="-size",
        evidence="{c}: {size}[, {d} until {ends}]",
        fires="{count} of {of}, {at_stake:money}, first {c}",
        due="ends",
        at_stake=("size",),
    )
    finding = _only(rule, (*sizes, *ends))
    assert (finding.entity_id, finding.at_stake_cents, finding.due_on) == ("one", 800, "2026-06-01")
    assert finding.reason == "2 of 3, $8, first b"
    assert [row.text for row in finding.evidence] == ["b: $5, x until Jun 1, 2026", "a: $3"]


def test_what_code_decides_by_is_the_qualifier_and_never_the_words() -> None:
    rule = _rule(check="some", rows="", facts={"m": "m[role]"}, where="m_why = 'overtime'", fires="{role} {m_count}")
    fact = Fact("m", "one", DAY, 1, "ratio", {"role": "mate"}, reason="overtime")
    assert _only(rule, (fact,)).outcome == "clear"
    assert _only(rule, (replace(fact, reason="", qualifier=Qualifier(Why.OVERTIME, 3)),)).reason == "mate 3"


def test_limits_and_figures_travel_with_the_finding_whether_it_fires_or_not() -> None:
    rule = _rule(
        check="figures",
        rows="",
        figures={"m": "m", "gone": "gone"},
        limits={"most": "0.5"},
        worked_out={"twice": "m * 2", "part": "m / gone"},
        where="m > most",
    )
    judged = [_only(rule, (Fact("m", "group", DAY, value, "count"),)).judged_by for value in (0, 3)]
    assert judged == [{"most": "0.5", "m": "0", "twice": "0"}, {"most": "0.5", "m": "3", "twice": "6"}]
    assert _only(rule).judged_by == {"most": "0.5"}


def test_a_figure_may_be_left_out_and_a_limit_makes_it_critical() -> None:
    rule = _rule(
        check="figures",
        rows="",
        figures={"m": "m", "old": "m[age=old] else 0"},
        where="m > 0",
        critical_if="old > m / 2",
        fires="{m}[, {old} old]",
        action="Take {m}",
    )
    found = _only(rule, (Fact("m", "group", DAY, 4, "count"),))
    assert (found.severity, found.reason, found.action) == ("high", "4", "Take 4")
    old = Fact("m", "group", DAY, 3, "count", {"age": "old"})
    assert _only(rule, (Fact("m", "group", DAY, 4, "count"), old)).severity == "critical"


def test_a_finding_survives_the_figures_file() -> None:
    rule = _rule(where="status = 'completed'", evidence="{booking_id}", action="Do {booking_id}", effort_days=2)
    finding = _only(rule)
    assert canonical.unpacked(Finding, canonical.packed(finding)) == finding


def _reads() -> Iterator[tuple[str, str, str]]:
    """Every column that a shipped rule's own conditions read, and the input table that has it."""
    for rule in rulebook.shipped().rules:
        table = views.identity_of(rule.rows)[0] if rule.rows else ""
        conditions = [parse(text) for text in (rule.where, rule.among) if text.strip()]
        named = {name for condition in conditions for name in columns(condition)} | {rule.identity}
        known = schema()[table].columns if table else {}
        yield from ((rule.rule_id, table, name) for name in sorted(named) if name in known)


@pytest.mark.parametrize(("rule_id", "table", "column"), _reads())
def test_no_shipped_rule_passes_without_a_column_that_it_reads(rule_id: str, table: str, column: str) -> None:
    rule = next(rule for rule in rulebook.shipped().rules if rule.rule_id == rule_id)
    known = sample()
    tables = {**known.tables, table: known.tables[table].drop(columns=[column])}
    without_it = replace(known, tables=tables)
    (found,) = judgement.evaluate(without_it, (), Rules(rules=(rule,)))
    assert found.outcome == "not_evaluable"
    assert column in found.reason
