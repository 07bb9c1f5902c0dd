"""Worked examples of textbooks, standards and public data sets, through the metric as it is reported."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from finance_rows import CHART, Transaction, ledger, params, value_of

from executive_suite.dataset.context import Context
from executive_suite.metrics.portfolio.survival import kaplan_meier, surviving
from executive_suite.metrics.rental.season import decompose
from executive_suite.metrics.technology import scoring
from typed_tables import context, typed

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")


def books(rows: list[Transaction], report_date: str = "2026-05-01", **tables: pd.DataFrame) -> Context:
    tables = {"account": CHART, "param": params({"burn_window_months": 6})} | tables
    return context(report_date, ledger=ledger(rows), **tables)


# P. Graham, Default Alive or Default Dead? (2015): costs stay, revenue grows as it has. Receipts of 30,000 that grew by
# 10 % a month for five months are 48,315 now; 1.1 ** 7 times that is 94,154, 1.1 ** 8 is 103,569: the eighth month
# reaches costs of 100,000. Until then 700,000 less 48,315 x (1.1 + ... + 1.1 ** 7) = 195,786 is lost.
@pytest.mark.parametrize(
    ("cash_left", "alive", "month"), [(195_800, True, "2026-12-01"), (195_700, False, "2026-11-01")]
)
def test_steady_growth_goes_on_from_where_it_is_now(cash_left: int, alive: bool, month: str) -> None:
    received = [round(30_000_00 * 1.1**number) for number in range(6)]
    opening = cash_left * 100 + 6 * 100_000_00 - sum(received)
    rows: list[Transaction] = [("2025-10-31", "a", "financing", {"1010": opening, "3010": -opening})]
    for name, cents in zip(MONTHS, received, strict=True):
        rows += [
            (f"{name}-03", "a", "operating", {"1010": cents, "4100": -cents}),
            (f"{name}-04", "a", "operating", {"6100": 100_000_00, "1010": -100_000_00}),
        ]
    data = books(rows)
    assert value_of(data, "finance", "default_alive") is alive
    assert value_of(data, "finance", "default_alive_month") == month


# Garrison, Noreen and Brewer, Managerial Accounting, ch. 5: two farms with sales of $100,000; Bogside's variable and
# fixed costs are $60,000 and $30,000, Sterling's $30,000 and $60,000.
@pytest.mark.parametrize(
    ("variable", "fixed", "leverage", "safety"), [(60_000_00, 30_000_00, 4, "0.25"), (30_000_00, 60_000_00, 7, "0.143")]
)
def test_two_farms_of_different_cost_structure(variable: int, fixed: int, leverage: int, safety: str) -> None:
    data = books(
        [
            ("2025-11-01", "a", "financing", {"1010": 1_000_00, "3010": -1_000_00}),
            ("2026-04-02", "a", "operating", {"1010": 100_000_00, "4100": -100_000_00}),
            ("2026-04-03", "a", "operating", {"5100": variable, "1010": -variable}),
            ("2026-04-04", "a", "operating", {"6100": fixed, "1010": -fixed}),
        ]
    )
    assert value_of(data, "finance", "operating_leverage") == leverage
    assert value_of(data, "finance", "operating_income") == 10_000_00
    margin = value_of(data, "finance", "margin_of_safety")
    assert isinstance(margin, Decimal)
    assert margin.quantize(Decimal(safety)) == Decimal(safety)


# IRS Publication 583, example 7, bank reconciliation of 31 January: bank 1,458.12, deposits not credited 701.33 and
# 516.08, cheques outstanding 66.70, 9.80, 150 and 300; books 2,153.03, where a deposit of 600.40 was entered as 594.40
# and a charge of 10.00 is missing. Both sides come to 2,149.03.
def test_the_bank_reconciliation_of_the_small_business_records() -> None:
    entered = {"08": 594_40, "15": 891_82, "28": 701_33, "31": 516_08}
    cheques = (66_70, 9_80, 150_00, 300_00)
    rows: list[Transaction] = [
        (f"2026-01-{day}", "a", "operating", {"1010": cents, "4100": -cents}) for day, cents in entered.items()
    ]
    rows += [("2026-01-30", "a", "operating", {"6100": cents, "1010": -cents}) for cents in cheques]
    # What went before, so that the books stand at 2,153.03.
    before = 2_153_03 - sum(entered.values()) + sum(cheques)
    rows.insert(0, ("2026-01-02", "a", "operating", {"1010": before, "4100": -before}))
    lines = (
        ("2026-01-02", before, "T0000"),
        ("2026-01-08", 600_40, "T0001"),
        ("2026-01-15", 891_82, "T0002"),
        ("2026-01-31", -10_00, None),
    )
    statement = [
        {
            "bank_line_id": f"B{number}",
            "account": "1010",
            "date": day,
            "amount_cents": cents,
            "matched_txn_id": matched,
            "statement_balance_cents": 1_458_12 if matched is None else None,
        }
        for number, (day, cents, matched) in enumerate(lines)
    ]
    data = books(rows, "2026-02-01", bank_line=typed("bank_line", statement))
    assert value_of(data, "finance", "cash_balance") == 2_153_03
    assert value_of(data, "accounting", "bank_reconciliation_difference") == 0
    assert value_of(data, "accounting", "bank_unreconciled_count") == 2  # the wrong deposit and the charge


# Box and Jenkins' airline passengers, 1949 to 1960, and the seasonal figure that R's
# decompose(AirPassengers, "multiplicative") prints for them.
PASSENGERS = """
112 118 132 129 121 135 148 148 136 119 104 118 115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166 171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201 204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278 284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336 340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405 417 391 419 461 472 535 622 606 508 461 390 432
"""
FIGURE = "0.9102 0.8836 1.0074 0.9759 0.9814 1.1128 1.2266 1.2199 1.0605 0.9218 0.8012 0.8988"


def test_the_season_of_the_airline_passengers() -> None:
    season = decompose([int(count) for count in PASSENGERS.split()], 1)
    assert [f"{float(season.factors[month]):.4f}" for month in range(1, 13)] == FIGURE.split()
    assert (season.peak, season.low, season.additive) == (7, 11, False)


# Freireich et al., Blood 21 (1963): weeks of remission under 6-MP, + censored; the estimate as Cox and Oakes, Analysis
# of Survival Data, table 1.1, and every textbook since print it.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def test_survival_of_the_remission_data() -> None:
    weeks = REMISSION.split()
    steps = kaplan_meier([int(week.rstrip("+")) for week in weeks], [not week.endswith("+") for week in weeks])
    published = {6: "0.857", 7: "0.807", 10: "0.753", 13: "0.690", 16: "0.627", 22: "0.538", 23: "0.448"}
    assert {time: f"{float(share):.3f}" for time, share in steps} == published
    assert surviving(steps, 12) == surviving(steps, 10)


# FIRST, "CVSS v3.1 Examples": vector and base score as published there.
@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", "4.2"),  # CVE-2009-0783, Tomcat
        ("AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", "8.8"),  # CVE-2012-0384, Cisco IOS
        ("AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", "6.8"),  # CVE-2008-1447, DNS cache poisoning
        ("AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "6.8"),  # CVE-2014-2005, Sophos login screen
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:N/A:N", "5.8"),  # CVE-2010-0467, Joomla
        ("AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H", "9.3"),  # CVE-2013-6014, Junos proxy ARP
        ("AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:H", "9.0"),  # CVE-2019-7551, Cantemo Portal
        ("AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", "7.8"),  # CVE-2009-0658, Acrobat
        ("AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "8.8"),  # CVE-2011-1265, Bluetooth
        ("AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", "4.6"),  # CVE-2014-2019, iOS
        ("AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", "7.4"),  # CVE-2014-0224, OpenSSL
        ("AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H", "9.6"),  # CVE-2012-5376, Chrome
        ("AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:N", "6.8"),  # CVE-2016-0128, Badlock
        ("AV:P/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "7.6"),  # CVE-2018-3652, Intel DCI
    ],
)
def test_more_published_base_scores(vector: str, score: str) -> None:
    assert scoring.base_score(f"CVSS:3.1/{vector}") == Decimal(score)
