"""Security, UX and delivery gaps: counts, order, scores, ages."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.technology import gaps, scoring
from group_data import add, changed, drop, fact, facts_of, put, sample, without
from typed_tables import context, typed

OPENED = pd.Timestamp("2026-03-01")

# FIRST, "CVSS v3.1 Examples" and "CVSS v4.0 Examples": vector and base score as published there.
PUBLISHED = [
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "6.1"),  # CVE-2013-1937, phpMyAdmin
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", "6.4"),  # CVE-2013-0375, MySQL
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", "3.1"),  # CVE-2014-3566, POODLE
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", "9.9"),  # CVE-2012-1516, VMware
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "7.5"),  # CVE-2014-0160, Heartbleed
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "9.8"),  # CVE-2014-6271, Shellshock
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "10.0"),  # CVE-2021-44228, Log4Shell
]


@pytest.mark.parametrize(("vector", "score"), PUBLISHED)
def test_base_scores_are_the_published_ones(vector: str, score: str) -> None:
    assert scoring.base_score(vector) == Decimal(score)


# FIRST: version 2 guide, section 3.3 (its three worked examples); version 3.1 section 7.2, Roundup(9.8 x 0.91 x 0.95);
# version 4.0 reference scores, vectors_threat4 (base 7.3 without E:U).
THREE_SCORES = [
    ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", ("7.8", "6.4", "9.2")),  # CVE-2002-0392
    ("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L", ("10.0", "8.3", "9.0")),  # CVE-2003-0818
    ("AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M", ("6.2", "4.9", "7.5")),  # CVE-2003-0062
    ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:ND/RL:ND/RC:ND", ("7.8", None, None)),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O", ("9.8", "8.5", None)),
    ("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", ("7.3", "4.1", None)),
    ("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:X", ("7.3", None, None)),
]


@pytest.mark.parametrize(("vector", "scores"), THREE_SCORES)
def test_each_group_of_metrics_has_its_own_score(vector: str, scores: tuple[str | None, ...]) -> None:
    found = scoring.scored(vector)
    wanted = tuple(None if score is None else Decimal(score) for score in scores)
    assert (found.base, found.threat, found.environmental) == wanted


@pytest.mark.parametrize("vector", [vector for vector, _ in PUBLISHED if "/S:C/" not in vector])
def test_an_environment_like_the_base_changes_no_score(vector: str) -> None:
    """Modified metrics that repeat the base metrics leave the score as it is (3.1 has another formula if S is C)."""
    base = [part for part in vector.split("/") if not part.startswith("CVSS")]
    found = scoring.scored("/".join([vector, *(f"M{part}" for part in base)]))
    assert found.base == scoring.base_score(vector) == found.environmental
    assert found.threat is None


def test_the_facts_keep_base_threat_and_environmental_scores_apart() -> None:
    vector = "CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U"
    run = changed(sample(), finding=put("cvss_vector", vector, finding_id="F1"))
    named = {"finding": "F1", "stack": "JADA", "version": "4"}
    assert fact(run, "technology", "cvss_base_score", **named).value == Decimal("7.3")
    threat = fact(run, "technology", "cvss_threat_score", **named)
    assert (threat.value, threat.reason) == (Decimal("4.1"), "CVSS-BT")
    nothing = fact(run, "technology", "cvss_environmental_score")
    assert (nothing.value, nothing.status) == (None, "not_applicable")


def test_what_is_no_vector_is_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        scoring.base_score("high")


def test_a_vector_that_cannot_be_read_scores_nothing_and_holds_up_no_other() -> None:
    run = changed(sample(), finding=put("cvss_vector", "CVSS:3.1/AV:Q", finding_id="F1"))
    assert fact(run, "technology", "security_gaps_open").value == 6
    unread = fact(run, "technology", "cvss_base_score", finding="F1", stack="JADA", version="none")
    assert unread.status == "not_evaluable"
    assert "CVSS:3.1/AV:Q" in unread.reason


# CERT/CC, SSVC data/csv/cisa/cisa_coordinator_2_0_3.csv: rows 0, 5, 8, 16, 22, 29, 30, 35.
ROWS = [
    ("none", "no", "partial", "low", "track"),
    ("none", "no", "total", "high", "track*"),
    ("none", "yes", "partial", "high", "attend"),
    ("poc", "no", "total", "medium", "track*"),
    ("public poc", "yes", "total", "medium", "track*"),
    ("active", "no", "total", "high", "act"),
    ("active", "yes", "partial", "low", "attend"),
    ("active", "yes", "total", "high", "act"),
]


@pytest.mark.parametrize("row", ROWS)
def test_ssvc_decides_by_the_published_table(row: tuple[str, str, str, str, str]) -> None:
    assert scoring.ssvc(*row[:4]) == row[4]


def test_the_ssvc_table_has_every_case_and_never_relaxes_when_a_case_worsens() -> None:
    order = ["track", "track*", "attend", "act"]
    axes = [("none", "poc", "active"), ("no", "yes"), ("partial", "total"), ("low", "medium", "high")]
    for case in itertools.product(*(range(len(axis)) for axis in axes)):
        here = order.index(scoring.ssvc(*(axis[i] for axis, i in zip(axes, case, strict=True))))
        for axis in range(4):
            worse = [*case]
            worse[axis] += 1
            if worse[axis] < len(axes[axis]):
                there = order.index(scoring.ssvc(*(a[i] for a, i in zip(axes, worse, strict=True))))
                assert there >= here


def test_an_answer_that_is_missing_decides_nothing() -> None:
    assert scoring.ssvc("", "yes", "total", "high") == ""


def test_the_gaps_of_the_product_statement() -> None:
    # "Security gaps 6 open"; three UX shortfalls; no CI/CD pipeline, no staging, no automated rollback.
    assert fact(sample(), "technology", "security_gaps_open").value == 6
    assert fact(sample(), "technology", "ux_gaps_open").value == 3
    assert fact(sample(), "technology", "delivery_capability_gaps_open").value == 3


def test_a_gap_is_open_from_the_day_after_it_was_found_until_it_is_closed() -> None:
    closed = changed(sample(), finding=put("closed_on", pd.Timestamp("2026-04-30"), finding_id="F1"))
    assert fact(closed, "technology", "security_gaps_open").value == 5
    later = changed(sample(), finding=put("closed_on", pd.Timestamp("2026-05-01"), finding_id="F1"))
    assert fact(later, "technology", "security_gaps_open").value == 6, "the report covers the days before its date"
    more = changed(sample(), finding=add(finding_id="N", stack="DC", kind="security", title="t", opened_on=OPENED))
    assert fact(more, "technology", "security_gaps_open").value == 7


def test_an_accepted_risk_is_counted_apart_until_it_ends() -> None:
    for until, open_gaps, accepted in (("2026-05-01", 5, 1), ("2026-04-30", 6, 0)):
        run = changed(sample(), finding=put("accepted_until", pd.Timestamp(until), finding_id="F2"))
        assert fact(run, "technology", "security_gaps_open").value == open_gaps
        assert fact(run, "technology", "security_gaps_open", state="accepted").value == accepted


def test_gaps_rank_by_ssvc_then_cvss_then_age_then_id() -> None:
    def row(finding_id: str, opened: str, vector: str | None, *answers: str) -> dict[str, object]:
        named = dict(zip(scoring.ANSWERS, answers, strict=False))
        return {
            "finding_id": finding_id,
            "stack": "S",
            "kind": "security",
            "title": finding_id,
            "opened_on": opened,
            "closed_on": None,
            "cvss_vector": vector,
            **{name: named.get(name) for name in scoring.ANSWERS},
        }

    high, low = PUBLISHED[5][0], PUBLISHED[2][0]
    table = typed(
        "finding",
        [
            row("track", "2026-01-01", high, "none", "no", "partial", "low"),
            row("unassessed", "2026-01-01", low),
            row("attend", "2026-01-01", None, "none", "yes", "partial", "high"),
            row("act", "2026-04-01", None, "active", "yes", "total", "high"),
            row("star-old", "2026-01-01", low, "none", "no", "total", "high"),
            row("star-new", "2026-02-01", low, "none", "no", "total", "high"),
            row("star-bad", "2026-04-01", high, "none", "no", "total", "high"),
            row("star-old-2", "2026-01-01", low, "none", "no", "total", "high"),
        ],
    )
    ranked = [gap.finding_id for gap in gaps.open_gaps(context("2026-05-01", finding=table))]
    assert ranked == ["act", "attend", "unassessed", "star-bad", "star-old", "star-old-2", "star-new", "track"]


def test_the_order_of_the_sample_is_by_decision_then_by_published_base_score() -> None:
    # CISA's SSVC table gives F1, F3: attend; F2, F5: track*; F4, F6: track. FIRST CVSS v3.1 base scores of the vectors:
    # F1 9.1, F3 8.6; F2 9.9, F5 8.1; F6 7.1, F4 5.6.
    ranks = {f.value: f.dimensions["finding"] for f in facts_of(sample(), "technology", "security_gap_rank")}
    assert [ranks[place] for place in range(1, 7)] == ["F1", "F3", "F2", "F5", "F6", "F4"]


def test_versions_of_cvss_are_never_added() -> None:
    assert fact(sample(), "technology", "cvss_exposure_open").value == Decimal("48.4")  # the six scores above, added
    mixed = changed(sample(), finding=put("cvss_vector", PUBLISHED[6][0], finding_id="F1"))
    assert fact(mixed, "technology", "cvss_exposure_open").status == "not_applicable"
    # each version has its own sum: five of version 3, 48.4 - 9.1; Log4Shell's 10.0 of version 4
    assert fact(mixed, "technology", "cvss_exposure_open", version="3").value == Decimal("39.3")
    assert fact(mixed, "technology", "cvss_exposure_open", version="4").value == Decimal("10.0")


@pytest.mark.parametrize(("category", "finding"), [("ci_cd", "D1"), ("staging", "D2"), ("rollback", "D3")])
def test_a_capability_gap_closes_by_its_system_or_by_its_finding(category: str, finding: str) -> None:
    deployed = changed(sample(), system=put("status", "deployed", category=category))
    assert fact(deployed, "technology", "delivery_capability_gaps_open").value == 2
    assert fact(deployed, "technology", "delivery_capability_gaps_open", capability=category).value == 0
    closed = changed(sample(), finding=put("closed_on", OPENED, finding_id=finding))
    total = fact(closed, "technology", "delivery_capability_gaps_open")
    assert total.value == 2
    assert category in total.reason, "register and finding disagree, which is said"


def test_a_capability_that_no_system_row_names_is_missing() -> None:
    assert (
        fact(changed(sample(), system=drop(category="staging")), "technology", "delivery_capability_gaps_open").value
        == 3
    )
    assert fact(without(sample(), "system"), "technology", "delivery_capability_gaps_open").status == "not_evaluable"


def test_ages_are_days_to_the_report_date() -> None:
    # 2026-01-05 to 2026-05-01: 26 + 28 + 31 + 30 + 1 = 116 days.
    ages = {f.dimensions.get("finding"): f.value for f in facts_of(sample(), "technology", "finding_age_days_open")}
    assert ages["F1"] == 116
    closed = changed(sample(), finding=put("closed_on", pd.Timestamp("2026-01-15"), finding_id="F1"))
    assert fact(closed, "technology", "finding_days_to_close").value >= Decimal(10)


LIMITED = [
    {"param": "finding_sla_days", "scope": s, "valid_from": "2026-01-01", "value": v, "unit": "days", "source": "test"}
    for s, v in (("critical", 15), ("high", 109))
]


def test_breaches_are_those_past_the_limit_of_their_severity() -> None:
    run = changed(sample(), param=lambda _: typed("param", LIMITED))
    # Critical: F1 and F2 (116 days > 15). High: F3 109 days is not past 109, F5 and F6 89 are not. Medium has no limit.
    assert fact(run, "technology", "finding_sla_breaches").value == Decimal("0.4")
    assert fact(run, "technology", "finding_days_over_limit").value == 2 * (116 - 15)


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([p[0] for p in PUBLISHED[:6]])), max_size=8))
def test_every_open_gap_has_one_place_and_worse_scores_come_first(made: list[tuple[int, str]]) -> None:
    found = [
        {
            "finding_id": f"G{i}",
            "stack": "S",
            "kind": "security",
            "title": "t",
            "opened_on": pd.Timestamp("2026-04-30") - pd.Timedelta(days=age),
            "closed_on": None,
            "cvss_vector": vector,
        }
        for i, (age, vector) in enumerate(made)
    ]
    columns = ("finding_id", "stack", "kind", "title", "opened_on", "closed_on", "cvss_vector")
    ranked = gaps.open_gaps(context("2026-05-01", finding=typed("finding", found, columns)), "security")
    assert sorted(gap.finding_id for gap in ranked) == sorted(str(row["finding_id"]) for row in found)
    scores = [gap.score for gap in ranked]
    assert scores == sorted(scores, reverse=True)
