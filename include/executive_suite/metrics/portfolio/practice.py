"""The economics of client work: what was realised, how busy, what an hour earned, what a client left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import exact, per_unit, ratio, whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity, by_month, complete_months_since
from executive_suite.metrics.portfolio.billing import MINUTES, NOT_BILLED, billable_work, value_of
from executive_suite.metrics.portfolio.contracts import COLUMNS, billers
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.cloud import tagged
from executive_suite.period import Month, complete_months

YEAR = 12
NO_WORK = "table work_log has no complete month of work"
SOURCE = "Professional-services practice (SPI Research, Clio Legal Trends: realisation and utilisation)"
NEEDS_WORK: Mapping[str, tuple[str, ...]] = {
    "work_log": ("work_id", "contract_id", "date", "minutes", "rate_cents", "billable"),
    "client_contract": COLUMNS,
}

REALISATION_RATE = Definition(
    "realisation_rate",
    "Realisation rate",
    "ratio",
    "Value of the billable work that a sent invoice covers / value of all billable work, both at its hourly rate, by "
    "month of the work. At the report date: the latest twelve complete months. No billable work: n/a.",
    SOURCE,
    "higher",
)
BILLABLE_UTILISATION = Definition(
    "billable_utilisation",
    "Billable utilisation",
    "ratio",
    "Billable hours / available hours (parameter available_hours_per_month of the entity). With basis logged: / all "
    "hours logged. No hours: n/a.",
    SOURCE,
    "higher",
)
EFFECTIVE_HOURLY_RATE = Definition(
    "effective_hourly_rate",
    "Effective hourly rate",
    "cents/h",
    "Invoices of the contracts, without tax, / all hours worked on them, billable or not, of the same months. No "
    "hours: n/a.",
    SOURCE,
    "higher",
)
CLIENT_MARGIN = Definition(
    "client_margin",
    "Client margin",
    "cents",
    "Invoices of the contract without tax, less expenses in the ledger that name the contract, less cloud cost tagged "
    "with the contract or its client, for the latest twelve complete months.",
    "FinOps Foundation, unit economics; professional-services practice",
    "higher",
)


def _windows(context: Context, rows: pd.DataFrame) -> Iterator[tuple[str, tuple[Month, ...], pd.DataFrame]]:
    """The work of each complete month since the first day, then that of the latest twelve of them."""
    known = dict(by_month(rows, "date", complete_months_since(context, rows["date"])))
    for month, here in known.items():
        yield str(month), (month,), here
    latest = tuple(m for m in complete_months(context.report_date, YEAR) if m in known)
    if latest:
        yield "", latest, pd.concat([known[month] for month in latest])


def within(days: pd.Series, months: tuple[Month, ...]) -> pd.Series:
    """Which days lie in the months, which follow each other."""
    return (days >= pd.Timestamp(months[0].first)) & (days < pd.Timestamp((months[-1] + 1).first))


@metric(REALISATION_RATE, needs={**NEEDS_WORK, "work_log": (*NEEDS_WORK["work_log"], "invoice_id")})
def realisation_rate(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _realisation(context), ("realisation_rate",), NO_WORK)


def _realisation(context: Context) -> Iterator[Fact]:
    work = billable_work(context)
    kept = [
        name for name in ("entity_id", "date", "minutes", "rate_cents", "billed", "assumed") if name in work.columns
    ]
    for entity_id, rows in by_entity(work[kept]):
        for period, _, here in _windows(context, rows):
            billed = value_of(here[here["billed"]])
            yield context.fact(
                "realisation_rate",
                ratio(billed, value_of(here), otherwise="no billable work"),
                entity_id=entity_id,
                period=period,
                inputs={"work_log": len(here)},
                assumed=any_assumed(here),
            )


@metric(BILLABLE_UTILISATION, needs=NEEDS_WORK)
def billable_utilisation(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _utilisation(context), ("billable_utilisation",), NO_WORK)


def _work(context: Context) -> pd.DataFrame:
    columns = ("contract_id", "date", "minutes", "billable", "assumed")
    rows = context.tables["work_log"]
    rows = rows[[name for name in columns if name in rows.columns]]
    return rows.assign(entity_id=billers(context, rows["contract_id"]))


def _utilisation(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(_work(context)):
        for period, months, here in _windows(context, rows):
            billable = int(here.loc[here["billable"].astype(bool), "minutes"].sum())
            for basis, measure in (
                ({}, _of_available(context, rows, billable, entity_id, months)),
                ({"basis": "logged"}, ratio(billable, int(here["minutes"].sum()), otherwise="no hours logged")),
            ):
                yield context.fact(
                    "billable_utilisation",
                    measure,
                    entity_id=entity_id,
                    period=period,
                    inputs={"work_log": len(here)},
                    assumed=any_assumed(here),
                    **basis,
                )


def _of_available(
    context: Context, rows: pd.DataFrame, billable: int, entity_id: str, months: tuple[Month, ...]
) -> Measure:
    """Billable minutes of the hours that the people of these entities had in these months."""
    known = sorted(str(entity) for entity in rows["entity_id"].dropna().unique())
    scopes = known if entity_id == GROUP and known else [entity_id]
    try:
        hours = sum(
            (
                Fraction(param(context, "available_hours_per_month", s, on=m.first).value)
                for s in scopes
                for m in months
            ),
            Fraction(0),
        )
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    return ratio(Fraction(billable, MINUTES), hours, otherwise="no hours available")


def sent(context: Context) -> pd.DataFrame:
    """Invoices to customers that were sent, with ``net_cents``: without tax."""
    rows = context.table("invoice", "direction", "issued_on", "total_cents", "status", "contract_id")
    rows = rows[(rows["direction"] == "ar") & ~rows["status"].isin(NOT_BILLED)]
    tax = rows["tax_cents"].fillna(0) if "tax_cents" in rows.columns else 0
    return rows.assign(net_cents=rows["total_cents"] - tax)


@metric(
    EFFECTIVE_HOURLY_RATE,
    needs={**NEEDS_WORK, "invoice": ("direction", "issued_on", "total_cents", "status", "contract_id")},
)
def effective_hourly_rate(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _hourly(context), ("effective_hourly_rate",), NO_WORK)


def _hourly(context: Context) -> Iterator[Fact]:
    invoices = sent(context)
    for entity_id, rows in by_entity(_work(context)):
        own = invoices[invoices["contract_id"].isin(rows["contract_id"])]
        for period, months, inside in _windows(context, rows):
            issued = own[within(own["issued_on"], months)]
            cuts: list[tuple[dict[str, str], pd.DataFrame, pd.DataFrame]] = [({}, inside, issued)]
            if not period:
                worked = dict(iter(inside.groupby("contract_id")))
                cuts += [
                    ({"contract": str(name)}, worked.get(name, inside[:0]), issued[issued["contract_id"] == name])
                    for name in sorted(rows["contract_id"].unique())
                ]
            for by, here, bills in cuts:
                hours = Fraction(int(here["minutes"].sum()), MINUTES)
                yield context.fact(
                    "effective_hourly_rate",
                    per_unit(int(bills["net_cents"].sum()), hours, otherwise="no hours worked"),
                    entity_id=entity_id,
                    period=period,
                    inputs={"invoice": len(bills), "work_log": len(here)},
                    assumed=any_assumed(here),
                    **by,
                )


@metric(
    CLIENT_MARGIN,
    needs={
        "client_contract": COLUMNS,
        "invoice": ("direction", "issued_on", "total_cents", "status", "contract_id"),
        "ledger": ("date", "entity_id", "account", "amount_cents", "contract_id"),
        "account": ("account", "type"),
    },
)
def client_margin(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _margins(context), ("client_margin",), "table client_contract has no contract")


def _margins(context: Context) -> Iterator[Fact]:
    contracts = context.tables["client_contract"].sort_values("valid_from").drop_duplicates("contract_id", keep="last")
    contracts = contracts.assign(entity_id=billers(context, contracts["contract_id"]))
    months = complete_months(context.report_date, YEAR)
    invoices = sent(context)
    invoices = invoices[within(invoices["issued_on"], months)]
    costs = _direct_costs(context, contracts["contract_id"], months)
    cloud = cloud_by_name(context, months)
    for entity_id, rows in by_entity(contracts):
        cuts: list[tuple[dict[str, str], pd.DataFrame]] = [({}, rows)]
        cuts += [({"client": str(name)}, part) for name, part in rows.groupby("client_id", sort=True)]
        for by, part in cuts:
            bills = invoices[invoices["contract_id"].isin(part["contract_id"])]
            spent = costs[costs["contract_id"].isin(part["contract_id"])]
            names = set(part["contract_id"]) | set(part["client_id"])
            hosting = sum((cents for name, cents in cloud.items() if name in names), Fraction(0))
            margin = int(bills["net_cents"].sum()) - int(spent["amount_cents"].sum()) - whole_cents(hosting)
            reason = "" if cloud else "no cloud cost is tagged with a contract or client"
            measure = Measure(margin, reason=reason)
            if bills.empty and spent.empty:
                measure = not_applicable("nothing invoiced and no direct cost in twelve months")
            yield context.fact(
                "client_margin",
                measure,
                entity_id=entity_id,
                inputs={"client_contract": len(part), "invoice": len(bills), "ledger": len(spent)},
                assumed=any_assumed(part),
                **by,
            )


def _direct_costs(context: Context, contract_ids: pd.Series, months: tuple[Month, ...]) -> pd.DataFrame:
    """Expense lines of the ledger that name one of the contracts."""
    ledger, accounts = context.tables["ledger"], context.tables["account"]
    lines = ledger[ledger["contract_id"].isin(contract_ids)]
    expenses = accounts.loc[accounts["type"] == "expense", "account"]
    return lines[lines["account"].isin(expenses) & within(lines["date"], months)]


def cloud_by_name(context: Context, months: tuple[Month, ...]) -> dict[str, Fraction]:
    """Cloud cost by the contract or client that its tags name, cents."""
    if not context.has("focus_cost") or "Tags" not in context.tables["focus_cost"].columns:
        return {}
    rows = context.table("focus_cost", "BilledCost", "BillingPeriodStart", "Tags").dropna(subset=["Tags"])
    starts = rows["BillingPeriodStart"].dt.tz_localize(None)
    found: dict[str, Fraction] = {}
    for cost, text in rows.loc[within(starts, months), ["BilledCost", "Tags"]].itertuples(index=False):
        name = tagged(text, "contract") or tagged(text, "client")
        if name:
            found[name] = found.get(name, Fraction(0)) + exact(cost) * 100
    return found
