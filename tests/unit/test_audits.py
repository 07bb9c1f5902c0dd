"""The three audits: what they share, and what they say of nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit_facts import DAY, build, fact, figures, lines
from executive_suite import metrics
from executive_suite.facts.figures import Figures
from executive_suite.rendering import lint
from typed_tables import context

AUDITS = ("rental", "delivery", "portfolio")

# The sections that the product promises the reader of each audit.


@pytest.fixture(scope="module")
def nothing() -> Figures:
    return figures(metrics.compute_all(context(DAY)))


@pytest.mark.parametrize("audit", AUDITS)
def test_an_audit_of_nothing_reads_well_and_says_what_to_add(nothing: Figures, audit: str) -> None:
    document = build(nothing, audit)
    assert lint.check(document) == ()
    told = " ".join(document.text.split())
    assert "WHAT THIS REPORT NEEDS" in told
    assert "are not recorded in table" in told
    assert "this figure was not calculated" not in document.text


def test_the_two_lines_of_an_audit_do_not_say_the_same() -> None:
    loss = [
        fact("delivery_jobs", 3, window="trailing_12_months"),
        fact("delivery_margin", Decimal("-0.1"), window="trailing_12_months"),
        fact("delivery_margin", Decimal("0.2")),
    ]
    first, second = lines("delivery", loss)
    assert "margin of \u221210%" in first
    assert "margin" not in second
    empty = [fact("occupancy", Decimal("0.5")), fact("occupancy_target", Decimal("0.75")), fact("adr", 9_000)]
    first, second = lines("rental", empty)
    assert "50%" in first
    assert "50%" not in second
