"""The audit of a client portfolio: its concerns, and any clients that it may have."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from audit_facts import DAY, ROOT, build, concerns, fact, figures, titles
from executive_suite import config, metrics
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.rendering import lint
from executive_suite.reports.build import view_of
from typed_tables import Rows, context, typed


def test_old_unbilled_work_is_critical() -> None:
    def severity(old: int) -> str:
        facts = [fact("unbilled_revenue", 1_000), fact("unbilled_revenue", old, age_days="91+")]
        (concern,) = concerns("portfolio", facts)
        return concern.severity

    assert severity(500) == "high"
    assert severity(501) == "critical"


def term(end: str, *, renews: bool) -> Fact:
    qualifier = Qualifier(Why.RENEWS_ITSELF if renews else Why.ENDS)
    return fact("contract_renewals", end, contract="C", client="c", qualifier=qualifier)


def test_contracts_that_end_within_the_quarter() -> None:
    def found(end: str, *, renews: bool = False) -> int:
        facts = [
            term(end, renews=renews),
            fact("renewal_mrr", 100, within_days="90"),
        ]
        return len(concerns("portfolio", facts))

    assert found("2026-07-30") == 1  # 90 days after 1 May
    assert found("2026-07-31") == 0
    assert found("2026-06-01", renews=True) == 0


# Notice ends a contract that would run on; a fixed term of the same dates ends without any.
def test_notice_matters_where_a_contract_renews_itself() -> None:
    def found(notice: str, *, renews: bool) -> list[str]:
        facts = [
            term("2026-12-31", renews=renews),
            fact("contract_notice_deadline", notice, contract="C", client="c"),
            fact("contract_notice_deadline", notice),
        ]
        return [title for _, title in titles("portfolio", facts)]

    assert found("2026-05-01", renews=True) == ["A notice deadline is near"]  # the day of the report counts
    assert found("2026-07-31", renews=True) == []  # 91 days ahead
    assert found("2026-04-30", renews=True) == []  # gone by
    assert found("2026-05-01", renews=False) == []


def test_one_client_with_more_than_half() -> None:
    def found(first: int, second: int) -> list[str]:
        facts = [fact("mrr", first + second), fact("mrr", first, client="a"), fact("mrr", second, client="b")]
        return [title for _, title in titles("portfolio", facts)]

    assert found(50, 50) == []
    assert found(51, 49) == ["One client is 51% of recurring revenue"]


def test_the_two_lines_of_the_portfolio_do_not_say_the_same() -> None:
    facts = [
        fact("mrr", 60_000),
        fact("unbilled_revenue", 1_824_000),
        fact("unbilled_revenue", 1_493_900, age_days="91+"),
        fact("contracts_uninvoiced", 2, qualifier=Qualifier(Why.COUNTED, 2, 3)),
    ]
    page = view_of(figures(facts), config.load(ROOT / "include" / "config").report("portfolio")).page
    assert (*page.message, *page.headlines) == (
        (
            "$18,240 of billable work is unbilled, $14,939 of it for more than 90 days; "
            "recurring revenue is $600 a month."
        ),
        "2 of 3 active contracts got no invoice in Apr 2026.",
    )


def contracts(names: Sequence[str]) -> Rows:
    return [
        {
            "contract_id": f"C{number}",
            "valid_from": "2025-01-01",
            "valid_to": None,
            "client_id": name,
            "tier": name,
            "billing_model": None,
            "mrr_cents": -5 if number % 2 else 10**11,
            "start_on": "2025-01-01",
            "end_on": "2026-06-01",
            "auto_renew": False,
            "notice_days": 30,
            "status": "active",
        }
        for number, name in enumerate(names)
    ]


HOSTILE = (
    "Ltd. " * 24,
    "\U0001f6a2 harbour <b>&amp;</b> {{ 7*7 }} {% raw %}",
    "\u05d7\u05d1\u05e8\u05d4 \u0628\u062d\u0631",
    "=cmd|' /C calc'!A0",
    "a_b*c[d]#e$f\\g",
)


def test_hostile_names_are_only_names() -> None:
    data = context(DAY, client_contract=typed("client_contract", contracts(HOSTILE)))
    document = build(figures(metrics.compute(data, "portfolio")), "portfolio")
    remarks = [r for r in lint.check(document) if r.rule not in {"template syntax", "an HTML entity in plain text"}]
    # The text part may show braces and entities, because a client is called so; markup must not come alive.
    assert [r for r in remarks if r.rule != "markup in plain text"] == []
    assert "<b>&amp;</b>" not in document.files["html"].decode()
    assert "{{ 7*7 }}" in " ".join(document.text.split())


@pytest.mark.parametrize("number", [1, 41, 400])
def test_any_number_of_contracts_is_readable(number: int) -> None:
    data = context(DAY, client_contract=typed("client_contract", contracts([f"client {n}" for n in range(number)])))
    document = build(figures(metrics.compute(data, "portfolio")), "portfolio")
    assert len(document.mail_html.encode()) < 100_000
    assert lint.check(document) == ()
