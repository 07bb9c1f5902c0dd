import pytest
from finance_rows import CHART, fact_of, ledger, params, value_of

from executive_suite.dataset.context import Context
from typed_tables import Rows, context, typed

RULES = typed(
    "control_rule",
    [
        {"rule_id": "CR1", "title": "no hardcoded keys", "check_name": "no_open_hardcoded_secret"},
        {"rule_id": "CR2", "title": "audit trail", "check_name": "expense_has_receipt_and_approver"},
        {"rule_id": "CR3", "title": "cover first", "check_name": "coi_verified_before_acceptance"},
    ],
)
SPENT = ledger([(f"2026-03-0{n}", "boats", "operating", {"6100": 5, "1010": -5}) for n in (1, 2, 3)])
FINDING = {
    "finding_id": "F1",
    "kind": "security",
    "cwe": "CWE-798",
    "opened_on": "2026-01-05",
    "closed_on": None,
    "accepted_until": None,
}
BOOKING = {"booking_id": "B1", "entity_id": "boats", "confirmed_at": "2026-01-10T20:00:00Z"}
COVER = {
    "doc_id": "D1",
    "entity_id": "boats",
    "kind": "coi",
    "effective": "2026-01-01",
    "expires": "2026-12-31",
    "verified_on": "2026-01-09",
}
DOCUMENT = {"receipt_uri": "s3://receipts/1", "approver": "cfo"}


def dataset(
    findings: Rows = (FINDING,),
    documents: Rows = tuple({"txn_id": f"T000{n}"} | DOCUMENT for n in range(3)),
    bookings: Rows = (BOOKING,),
    cover: Rows = (COVER,),
) -> Context:
    return context(
        "2026-05-01",
        control_rule=RULES,
        finding=typed("finding", findings, list(FINDING)),
        ledger=SPENT,
        account=CHART,
        expense_doc=typed("expense_doc", documents, ["txn_id", *DOCUMENT]),
        booking=typed("booking", bookings, list(BOOKING)),
        compliance_doc=typed("compliance_doc", cover, list(COVER)),
        param=params({"coi_required@boats": 1}, since="2025-06-01"),
    )


def violations(data: Context, rule: str) -> object:
    return value_of(data, "finance", "control_rule_violations", rule=rule)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 1),
        ({"cwe": "CWE-79"}, 0),
        ({"cwe": None}, 0),
        ({"kind": "ux"}, 0),
        ({"opened_on": "2026-05-01"}, 0),  # not before the report date
        ({"closed_on": "2026-04-30"}, 0),
        ({"closed_on": "2026-05-01"}, 1),  # closed only on the report date
        ({"accepted_until": "2026-05-01"}, 0),  # an acceptance is running
        ({"accepted_until": "2026-04-30"}, 1),
    ],
)
def test_hardcoded_secrets(change: dict[str, object], expected: int) -> None:
    assert violations(dataset(findings=[FINDING | change]), "CR1") == expected


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([], 3),
        ([{"txn_id": "T0000"} | DOCUMENT], 2),
        ([{"txn_id": "T0000"} | DOCUMENT | {"approver": None}], 3),
        ([{"txn_id": "T0000"} | DOCUMENT | {"receipt_uri": " "}], 3),
    ],
)
def test_expenses_without_receipt_or_approver(documents: Rows, expected: int) -> None:
    assert violations(dataset(documents=documents), "CR2") == expected


@pytest.mark.parametrize(
    ("booking", "cover", "expected"),
    [
        ({}, {}, 0),
        ({}, {"verified_on": None}, 1),
        ({}, {"verified_on": "2026-01-11"}, 1),  # verified after the acceptance
        ({}, {"expires": "2026-01-09"}, 1),
        ({}, {"expires": "2026-01-10"}, 0),  # the last day is covered
        ({}, {"effective": "2026-01-11"}, 1),
        ({}, {"entity_id": "other"}, 1),
        ({}, {"kind": "uscg_coi"}, 1),
        # 2026-01-01T05:00Z is still New Year's Eve in California, a day before the cover begins.
        ({"confirmed_at": "2026-01-01T05:00:00Z"}, {"verified_on": "2025-12-01"}, 1),
        ({"confirmed_at": "2026-01-01T08:00:00Z"}, {"verified_on": "2025-12-01"}, 0),
        ({"confirmed_at": None}, {"verified_on": None}, 0),
        ({"entity_id": "bins"}, {"verified_on": None}, 0),  # needs no cover
        ({"confirmed_at": "2025-05-31T20:00:00Z"}, {}, 0),  # before the requirement
    ],
)
def test_bookings_without_cover(booking: dict[str, object], cover: dict[str, object], expected: int) -> None:
    assert violations(dataset(bookings=[BOOKING | booking], cover=[COVER | cover]), "CR3") == expected


def test_the_undivided_figure_is_the_sum() -> None:
    data = dataset(documents=[], cover=[])
    assert value_of(data, "finance", "control_rule_violations") == 1 + 3 + 1


def test_what_cannot_be_told_never_passes() -> None:
    data = dataset()
    blind = context("2026-05-01", **{name: rows for name, rows in data.tables.items() if name != "compliance_doc"})
    fact = fact_of(blind, "finance", "control_rule_violations", rule="CR3")
    assert (fact.value, fact.status, fact.reason) == (None, "not_evaluable", "table compliance_doc is absent")
    whole = fact_of(blind, "finance", "control_rule_violations")
    assert (whole.value, whole.status) == (None, "not_evaluable")
    assert "CR3" in whole.reason


def test_an_unknown_check_is_named() -> None:
    rules = typed("control_rule", [{"rule_id": "CR9", "title": "new", "check_name": "two_pairs_of_eyes"}])
    fact = fact_of(context("2026-05-01", control_rule=rules), "finance", "control_rule_violations", rule="CR9")
    assert fact.status == "not_evaluable"
    assert "two_pairs_of_eyes" in fact.reason


# A parameter of the group holds for every entity that states none of its own; without this nobody would need cover.
@pytest.mark.parametrize(
    ("stated", "expected"),
    [({"coi_required": 1}, 1), ({"coi_required": 1, "coi_required@boats": 0}, 0), ({"coi_required": 0}, 0)],
)
def test_cover_asked_of_the_whole_group(stated: dict[str, object], expected: int) -> None:
    data = dataset(cover=())
    data = Context({**data.tables, "param": params(stated, since="2025-06-01")}, data.report_date, data.zone)
    assert violations(data, "CR3") == expected
