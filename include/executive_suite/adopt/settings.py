"""Currency, time zone and fiscal year of a group, and the parameters that any group starts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from executive_suite.adopt.entities import GROUP
from executive_suite.adopt.kept import Kept
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.period import time_zones

ZONES = {
    "USD": "America/New_York",
    "CAD": "America/Toronto",
    "MXN": "America/Mexico_City",
    "GBP": "Europe/London",
    "EUR": "Europe/Berlin",
    "CHF": "Europe/Zurich",
    "AUD": "Australia/Sydney",
    "NZD": "Pacific/Auckland",
    "JPY": "Asia/Tokyo",
    "INR": "Asia/Kolkata",
}
"""Where books in a currency are usually kept; a zone decides on which day a late evening falls, and no amount."""
LOCALES = {
    "USD": "en_US",
    "CAD": "en_CA",
    "MXN": "es_MX",
    "GBP": "en_GB",
    "EUR": "en_IE",
    "CHF": "de_CH",
    "AUD": "en_AU",
    "NZD": "en_NZ",
    "JPY": "ja_JP",
    "INR": "en_IN",
}
"""How amounts in a currency are usually written."""
SINCE = "2000-01-01"
START = {
    "burn_window_months": ("6", "months"),
    "runway_floor_months": ("3", "months"),
    "monte_carlo_seed": ("20240101", "seed"),
    "monte_carlo_runs": ("10000", "runs"),
    "monte_carlo_horizon_months": ("36", "months"),
    "tier_zero_cost_max_cents": ("100", "cents"),
    "tier_infra_max_cents": ("10000", "cents"),
    "tier_payback_max_months": ("6", "months"),
    "eng_weight_security": ("0.6", "weight"),
    "eng_weight_user": ("0.4", "weight"),
}
"""The parameters of ``docs/parameters.md`` that any group starts with: value and unit."""
FISCAL = "fiscal_year_first_month"
USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says.

    Attributes:
        name: Of the group; the folder's if empty.
        entity: Of files that name no company.
        currency: ISO code; empty for what the files say.
        timezone: IANA name; empty for the deployment's, else the usual one of the currency.
        fiscal_start: First month of the fiscal year, 1 to 12; 0 for January.
    """

    name: str = ""
    entity: str = ""
    currency: str = ""
    timezone: str = ""
    fiscal_start: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that was settled for the group, and by what."""

    what: str
    value: str
    ground: str


def stated_zone(kept: Kept, wanted: Wanted, deployment: str) -> str:
    """The time zone that the user, the group or the deployment states; empty if none does."""
    group = next((row for row in kept.rows("entity") if row["kind"] == GROUP), {})
    return wanted.timezone or group.get("timezone", "") or deployment


def settled(kept: Kept, readings: Sequence[Reading], wanted: Wanted, deployment: str) -> tuple[str, str, list[Setting]]:
    """Currency and zone: as the user says, as the group has them, as the files say, as usual; and what was settled now.

    Args:
        kept: The folder; receives the parameters.
        readings: What was read.
        wanted: What the user says.
        deployment: The zone of ``EXECUTIVE_SUITE_TIMEZONE``; empty if it is not set.

    Raises:
        NotReadableError: no such zone, or another currency than the group has.
    """
    group = next((row for row in kept.rows("entity") if row["kind"] == GROUP), {})
    has = group.get("base_currency", "")
    if has and wanted.currency and wanted.currency != has:
        msg = f"--currency {wanted.currency}: the group reports in {has}; an entity may keep books in another"
        raise NotReadableError(msg)
    if wanted.timezone and wanted.timezone not in time_zones():
        msg = f"--timezone {wanted.timezone}: is not a time zone of the IANA database"
        raise NotReadableError(msg)
    told = next((one.currency for one in readings if one.currency), "")
    usual = next((code for code, zone in ZONES.items() if zone == wanted.timezone), "USD")
    news: list[Setting] = []
    currency = _first(
        "currency", ((has, ""), (wanted.currency, "--currency"), (told, "as the files say"), (usual, USUAL)), news
    )
    zone = _first(
        "time zone",
        (
            (wanted.timezone, "--timezone"),
            (group.get("timezone", ""), ""),
            (deployment, "EXECUTIVE_SUITE_TIMEZONE"),
            (ZONES.get(currency, "UTC"), f"usual for {currency}"),
        ),
        news,
    )
    _parameters(kept, wanted.fiscal_start, news)
    return currency, zone, news


def _first(what: str, ways: Sequence[tuple[str, str]], news: list[Setting]) -> str:
    value, ground = next((value, ground) for value, ground in ways if value)
    if ground:
        news.append(Setting(what, value, ground))
    return value


def _parameters(kept: Kept, fiscal_start: int, news: list[Setting]) -> None:
    table = kept.rows("param")
    there = {row["param"] for row in table}
    table += (
        {"param": name, "scope": "group", "valid_from": SINCE, "value": value, "unit": unit, "source": USUAL}
        for name, (value, unit) in START.items()
        if name not in there
    )
    year = next((row for row in table if row["param"] == FISCAL), None)
    if year is not None and not fiscal_start:
        return
    ground = "--fiscal-start" if fiscal_start else USUAL
    if year is None:
        year = {"param": FISCAL, "scope": "group", "valid_from": SINCE, "unit": "month"}
        table.append(year)
    year.update(value=str(fiscal_start or 1), source=ground)
    news.append(Setting("fiscal year begins in month", year["value"], ground))
