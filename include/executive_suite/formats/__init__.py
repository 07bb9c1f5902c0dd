"""The one package that writes numbers, money, shares and dates for people, by CLDR.

The group's locale decides numbers, money and paper, the report's language their words, the names of months included.
"""

from __future__ import annotations

from executive_suite.formats.dates import day, day_of_year, month, month_name, near, reread
from executive_suite.formats.lists import both, counted, series
from executive_suite.formats.numbers import money, money_range, number, thousands
from executive_suite.formats.speech import (
    currency,
    paper,
    parenthesized,
    region,
    sheet_date,
    speaking,
)
from executive_suite.formats.units import (
    CLOUD_CURRENCY,
    NOT_AVAILABLE,
    RATES,
    alike,
    amount,
    difference,
    function,
    is_money,
    moved,
    of,
    once,
    share,
    stake,
    unit,
    within_period,
)

__all__ = [
    "CLOUD_CURRENCY",
    "NOT_AVAILABLE",
    "RATES",
    "alike",
    "amount",
    "both",
    "counted",
    "currency",
    "day",
    "day_of_year",
    "difference",
    "function",
    "is_money",
    "money",
    "money_range",
    "month",
    "month_name",
    "moved",
    "near",
    "number",
    "of",
    "once",
    "paper",
    "parenthesized",
    "region",
    "reread",
    "series",
    "share",
    "sheet_date",
    "speaking",
    "stake",
    "thousands",
    "unit",
    "within_period",
]
