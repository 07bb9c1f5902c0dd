"""The register of assets: what the group owns, at book and at market, what is owed on it, how much is insured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("asset_id", "entity_id", "asset_class")
MADE_OF = {
    "asset_count": (),
    "asset_book_value": ("book_value_cents",),
    "asset_market_value": ("market_value_cents",),
    "asset_equity": ("market_value_cents", "lien_cents"),
    "asset_insured_ratio": ("market_value_cents", "insured_cents"),
}
GONE = frozenset({"sold", "disposed", "retired", "scrapped"})


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset that the group still has; money in cents, None where nobody recorded it."""

    asset_id: str
    entity_id: str
    asset_class: str
    name: str
    book_cents: int | None
    market_cents: int | None
    lien_cents: int
    insured_cents: int | None
    assumed: bool


def assets(context: Context) -> tuple[Asset, ...]:
    """Every asset that is not sold, disposed of or retired, by entity and id.

    Raises:
        MissingInputError: the register or a column of it is absent.
    """
    frame = context.table("asset", *COLUMNS).sort_values(["entity_id", "asset_id"])
    found = []
    for row in rows(frame):
        if row.text("status") in GONE:
            continue
        amounts = [
            row.whole(column) if row.has(column) else None
            for column in ("book_value_cents", "market_value_cents", "insured_cents")
        ]
        found.append(
            Asset(
                asset_id=row.text("asset_id"),
                entity_id=row.text("entity_id"),
                asset_class=row.text("asset_class"),
                name=row.text("name") or row.text("asset_id"),
                book_cents=amounts[0],
                market_cents=amounts[1],
                lien_cents=row.whole("lien_cents"),
                insured_cents=amounts[2],
                assumed=row.assumed,
            )
        )
    return tuple(found)


def book_value(register: Sequence[Asset]) -> Measure:
    """Sum of book values; assets without one (a brand that was not bought has none) are left out and counted."""
    return _sum([a.book_cents for a in register], "without book value")


def market_value(register: Sequence[Asset]) -> Measure:
    """Sum of market values; unvalued assets are left out and counted."""
    return _sum([a.market_cents for a in register], "unvalued")


def equity(register: Sequence[Asset]) -> Measure:
    """Market value less liens of the valued assets; below zero when more is owed than they are worth.

    >>> equity([Asset("a", "x", "vessel", "a", None, 100_000, 130_000, None, False)]).value
    -30000
    """
    amounts = [None if a.market_cents is None else a.market_cents - a.lien_cents for a in register]
    return _sum(amounts, "unvalued")


def insured_ratio(register: Sequence[Asset]) -> Measure:
    """Insured sum over market value of the valued assets; an asset without a recorded sum counts as uninsured."""
    valued = [a for a in register if a.market_cents is not None]
    bare = sum(a.insured_cents is None for a in valued)
    measure = ratio(
        sum(a.insured_cents or 0 for a in valued), sum(a.market_cents or 0 for a in valued), "no market value recorded"
    )
    note = f"{bare} of {len(valued)} valued assets have no insured sum on record" if bare else ""
    return Measure(measure.value, measure.status, measure.reason or note)


def _sum(amounts: list[int | None], lacking: str) -> Measure:
    known = [amount for amount in amounts if amount is not None]
    missing = len(amounts) - len(known)
    if not known:
        return not_applicable(f"every asset is {lacking}" if missing else "no asset is registered")
    return Measure(sum(known), reason=f"{missing} of {len(amounts)} assets {lacking}" if missing else "")


_SOURCE = "ASC 360 (property, plant and equipment), ASC 350 (intangibles)"


@metric(
    Definition("asset_count", "Assets", "count", "Assets on the register that are not sold or retired.", _SOURCE),
    Definition(
        "asset_book_value",
        "Book value of assets",
        "cents",
        "Sum of recorded book values. A brand or other intangible that the group made itself has no book value; such "
        "assets are left out and counted.",
        _SOURCE,
    ),
    Definition(
        "asset_market_value",
        "Market value of assets",
        "cents",
        "Sum of recorded market values; unvalued assets are left out and counted.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "asset_equity",
        "Equity in assets",
        "cents",
        "Market value less liens of the valued assets, shown below zero where more is owed than an asset is worth.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "asset_insured_ratio",
        "Insured share of assets",
        "ratio",
        "Insured sums over market value of the valued assets; an asset without a recorded sum counts as uninsured.",
        "Insurance-to-value, as in property insurance practice",
        "higher",
    ),
    needs={"asset": COLUMNS},
)
def _assets(context: Context) -> Iterator[Fact]:
    register = assets(context)
    entities = sorted({a.entity_id for a in register} - {GROUP})
    for entity in (GROUP, *entities):
        own = [a for a in register if entity in (GROUP, a.entity_id)]
        yield from _of(context, own, entity, {})
        for asset_class in sorted({a.asset_class for a in own}):
            yield from _of(context, [a for a in own if a.asset_class == asset_class], entity, {"class": asset_class})
    for asset in register:
        yield from _of(context, [asset], asset.entity_id, _named(asset))


def _named(asset: Asset) -> dict[str, str]:
    """The dimensions of one asset in the register."""
    return {"asset": asset.asset_id, "class": asset.asset_class, "name": asset.name}


def _of(context: Context, own: Sequence[Asset], entity: str, dimensions: dict[str, str]) -> Iterator[Fact]:
    held = context.table("asset").columns
    for metric_id, measure in (
        ("asset_count", Measure(len(own))),
        ("asset_book_value", book_value(own)),
        ("asset_market_value", market_value(own)),
        ("asset_equity", equity(own)),
        ("asset_insured_ratio", insured_ratio(own)),
    ):
        absent = [name for name in MADE_OF[metric_id] if name not in held]
        yield context.fact(
            metric_id,
            not_evaluable(f"column {', '.join(f'asset.{name}' for name in absent)} is absent") if absent else measure,
            inputs={"asset": len(own)},
            entity_id=entity,
            assumed=any(a.assumed for a in own),
            **dimensions,
        )
