"""The exchange rates that books state or that somebody paid, as the parameters that the metrics convert with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from executive_suite.adopt.money import money
from executive_suite.adopt.reading import Origin, Record
from executive_suite.sources.postings import Price

PLACES = Decimal("0.0000000001")


def records(file: str, prices: Iterable[Price], main: str, used: Collection[str]) -> tuple[Record, ...]:
    """Rows of ``param`` for each currency in which something is booked, besides the books' own.

    Args:
        file: The file's name.
        prices: Of any commodities; of one day the last counts.
        main: The currency of the books, in whose units a rate is.
        used: Currencies of the entries.
    """
    found: dict[tuple[str, str], Decimal] = {}
    for price in prices:
        one, other = money(price.commodity), money(price.currency)
        if not one or not other or price.rate <= 0:
            continue
        if other == main and one in used:
            found[one, price.day.isoformat()] = price.rate
        elif one == main and other in used:
            found[other, price.day.isoformat()] = 1 / price.rate
    return tuple(
        Record("param", _row(currency, day, rate), Origin(file, 0))
        for (currency, day), rate in sorted(found.items())
        if currency != main
    )


def _row(currency: str, day: str, rate: Decimal) -> dict[str, str]:
    value = f"{rate.quantize(PLACES).normalize():f}"
    stated = {"param": f"fx_{currency}", "scope": "group", "valid_from": day, "value": value, "unit": "rate"}
    return {**stated, "source": "prices in the books"}
