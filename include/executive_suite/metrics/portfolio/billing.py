"""Work that was done and not billed, and contracts that got no invoice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity, by_month, complete_months_since
from executive_suite.metrics.portfolio.contracts import COLUMNS, active, billers, standings, versions
from executive_suite.metrics.portfolio.recurring import NO_CONTRACTS
from executive_suite.metrics.registry import metric
from executive_suite.period import last_complete_month

MINUTES = 60
# A voided invoice bills nothing, a draft nothing yet.
NOT_BILLED = ("draft", "void")
AGES = ((30, "0-30"), (60, "31-60"), (90, "61-90"))

UNBILLED_REVENUE = Definition(
    "unbilled_revenue",
    "Unbilled revenue",
    "cents",
    "Billable minutes at their hourly rate that no sent invoice covers. Hours of a retainer inside its monthly "
    "allowance are paid by the fee and no gap (parameter retainer_allowance_minutes of the contract; without one, all "
    "of them are); work before the contract's start is left out and shown apart.",
    "ASC 606-10-45-3 (contract asset)",
    "lower",
)
CONTRACTS_UNINVOICED = Definition(
    "contracts_uninvoiced",
    "Active contracts without an invoice",
    "count",
    "Contracts active to the end of a complete month and begun before it ended, for which no invoice was issued in it. "
    "At the report date: the latest complete month.",
    "ASC 606-10-50; revenue assurance practice",
    "zero",
)


def value_of(rows: pd.DataFrame) -> Fraction:
    """Minutes at their hourly rates, cents, exact."""
    return sum(
        (Fraction(int(m) * int(r), MINUTES) for m, r in zip(rows["minutes"], rows["rate_cents"], strict=True)),
        Fraction(0),
    )


@per_context
def billable_work(context: Context) -> pd.DataFrame:
    """The billable rows of the work log with what their contract said on the day.

    Returns:
        The rows with ``entity_id``, ``client_id``, ``model``, ``early`` (done before the contract began) and
        ``billed`` (an invoice that was sent covers it).

    Raises:
        MissingInputError: work_log, client_contract or one of their columns is absent.
    """
    work = context.table("work_log", "work_id", "contract_id", "date", "minutes", "rate_cents", "billable")
    rows = work[work["billable"].astype(bool)].sort_values("date")
    contracts = context.table("client_contract", *COLUMNS).sort_values("valid_from")
    columns = ["contract_id", "valid_from", "client_id", "billing_model", "start_on"]
    # Work from before the first version counts by the first version's terms.
    first = contracts.drop_duplicates("contract_id").assign(valid_from=pd.Timestamp("1900-01-01").as_unit("us"))
    terms = pd.concat([first[columns], contracts[columns]]).sort_values("valid_from")
    rows = pd.merge_asof(rows, terms, left_on="date", right_on="valid_from", by="contract_id")
    invoiced = rows["invoice_id"].notna() if "invoice_id" in rows.columns else pd.Series(data=False, index=rows.index)
    if context.has("invoice") and "status" in context.tables["invoice"].columns:
        invoices = context.tables["invoice"]
        unsent = invoices.loc[invoices["status"].isin(NOT_BILLED), "invoice_id"]
        if invoiced.any():
            invoiced &= ~rows["invoice_id"].isin(unsent)
    return rows.assign(
        entity_id=billers(context, rows["contract_id"]),
        model=rows["billing_model"].fillna("none stated"),
        early=rows["date"] < rows["start_on"],
        billed=invoiced.astype(bool),
    )


@metric(
    UNBILLED_REVENUE,
    needs={
        "work_log": ("work_id", "contract_id", "date", "minutes", "rate_cents", "invoice_id", "billable"),
        "client_contract": COLUMNS,
    },
)
def unbilled_revenue(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _unbilled(context), ("unbilled_revenue",), "table work_log has no billable work")


def _unbilled(context: Context) -> Iterable[Fact]:
    work = billable_work(context)
    kept = ["entity_id", "contract_id", "date", "minutes", "rate_cents", "model", "early", "billed", "assumed"]
    work = work[[name for name in kept if name in work.columns]].assign(
        open_cents=pd.Series(_beyond_allowance(context, work), index=work.index, dtype="object")
    )
    today = pd.Timestamp(context.report_date)
    for entity_id, rows in by_entity(work):
        gap = rows[~rows["early"]]
        age = (today - gap["date"]).dt.days
        cuts: list[tuple[dict[str, str], pd.DataFrame]] = [({}, gap)]
        since = 0
        for limit, name in AGES:
            cuts.append(({"age_days": name}, gap[(age >= since) & (age <= limit)]))
            since = limit + 1
        cuts.append(({"age_days": f"{since}+"}, gap[age >= since]))
        cuts += [({"contract": str(name)}, part) for name, part in gap.groupby("contract_id", sort=True)]
        cuts += [({"billing_model": str(name)}, part) for name, part in gap.groupby("model", sort=True)]
        cuts.append(({"state": "before_contract_start"}, rows[rows["early"] & ~rows["billed"]]))
        for dimensions, part in cuts:
            total = value_of(part) if "state" in dimensions else sum(part["open_cents"], Fraction(0))
            yield context.fact(
                "unbilled_revenue",
                Measure(whole_cents(total)),
                entity_id=entity_id,
                inputs={"work_log": len(part)},
                assumed=any_assumed(part),
                **dimensions,
            )


def _beyond_allowance(context: Context, work: pd.DataFrame) -> list[Fraction]:
    """What each row of work leaves unbilled, cents: nothing when billed or inside a retainer's monthly allowance."""
    used: dict[tuple[str, int, int], int] = {}
    found = []
    columns = (work[name] for name in ("contract_id", "date", "minutes", "model", "billed", "rate_cents"))
    for contract, on, worked, model, billed, rate in zip(*columns, strict=True):
        minutes = int(worked)
        if model == "retainer":
            key = (contract, on.year, on.month)
            before = used.get(key, 0)
            used[key] = before + minutes
            allowance = _allowance(context, contract, on.date())
            minutes = 0 if allowance is None else max(used[key] - max(allowance, before), 0)
        found.append(Fraction(0) if billed else Fraction(minutes * int(rate), MINUTES))
    return found


def _allowance(context: Context, contract_id: str, day: date) -> int | None:
    try:
        return int(param(context, "retainer_allowance_minutes", contract_id, on=day).value)
    except MissingInputError:
        return None


@metric(
    CONTRACTS_UNINVOICED,
    needs={
        "client_contract": COLUMNS,
        "invoice": ("invoice_id", "direction", "issued_on", "status", "contract_id"),
    },
)
def contracts_uninvoiced(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _uninvoiced(context), ("contracts_uninvoiced",), NO_CONTRACTS)


def _uninvoiced(context: Context) -> Iterator[Fact]:
    months = complete_months_since(context, versions(context)["valid_from"])
    last_days = {month: (month + 1).first - timedelta(days=1) for month in months}
    stood = standings(context, last_days.values())
    invoices = context.tables["invoice"]
    sent = invoices.loc[(invoices["direction"] == "ar") & ~invoices["status"].isin(NOT_BILLED)]
    for month, issued in by_month(sent[["issued_on", "contract_id"]], "issued_on", months):
        billed = set(issued["contract_id"])
        for entity_id, rows in by_entity(active(stood[last_days[month]])):
            contracts = _flags(rows)
            without = {contract: marked for contract, marked in contracts.items() if contract not in billed}
            inputs = {"client_contract": len(rows), "invoice": len(issued)}
            latest = month == last_complete_month(context.report_date)
            for period, when in ((str(month), ""), ("", f" in {month.first:%b %Y}"))[: 2 if latest else 1]:
                yield context.fact(
                    "contracts_uninvoiced",
                    Measure(len(without), reason=f"of {len(rows)} active contracts{when}"),
                    entity_id=entity_id,
                    period=period,
                    inputs=inputs,
                    assumed=any(contracts.values()),
                )
            for contract, marked in without.items():
                yield context.fact(
                    "contracts_uninvoiced",
                    Measure(1),
                    entity_id=entity_id,
                    period=str(month),
                    inputs=inputs,
                    assumed=marked,
                    contract=contract,
                )


def _flags(rows: pd.DataFrame) -> dict[str, bool]:
    """Contract to whether its row is marked ``assumed``."""
    marked = rows["assumed"].fillna(value=False).tolist() if "assumed" in rows.columns else [False] * len(rows)
    return {str(contract): bool(flag) for contract, flag in zip(rows["contract_id"], marked, strict=True)}
