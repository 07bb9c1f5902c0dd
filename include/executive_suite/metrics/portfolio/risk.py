"""Which clients may leave: signals that each name their evidence, and a survival estimate when there are enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import per_unit, rounded
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.portfolio.billing import NOT_BILLED
from executive_suite.metrics.portfolio.contracts import COLUMNS, active, standing, versions
from executive_suite.metrics.portfolio.recurring import NO_CONTRACTS
from executive_suite.metrics.portfolio.renewals import months_later, terms
from executive_suite.metrics.portfolio.survival import kaplan_meier, surviving
from executive_suite.metrics.registry import metric

# Below this many clients a model would fit noise.
MODEL_NEEDS = 20
YEAR_DAYS = 365

CHURN_RISK_SCORE = Definition(
    "churn_risk_score",
    "Churn risk signals",
    "score",
    "Signals that hold for an active contract: invoices paid late or overdue; the term ends within "
    "churn_renewal_window_days and does not renew itself; out of contract; no billing model; no work for "
    "churn_quiet_days; recurring revenue lower than a year before. Each counts one; a signal without its input is not "
    "counted and is named. The undivided figure is the mean of all contracts; with fewer than 20 clients: n/a.",
    "Rule-based risk register; SaaS Metrics Standards Board",
    "lower",
)
CHURN_EXPOSURE = Definition(
    "churn_exposure",
    "Recurring revenue at risk",
    "cents",
    "MRR of the active contracts with at least one churn signal.",
    "Rule-based risk register; SaaS Metrics Standards Board",
    "lower",
)
SURVIVAL = Definition(
    "client_survival_12_months",
    "Client survival to twelve months",
    "ratio",
    "Kaplan-Meier estimate of the share of clients still there a year after their first contract began; clients still "
    "there at the report date are censored. Fewer than 20 clients, or none lost: n/a.",
    "Kaplan and Meier, JASA 53 (1958); lifelines",
    "higher",
)
NEEDS = {"client_contract": (*COLUMNS, "end_on", "auto_renew")}
Signal = Callable[[Context, pd.DataFrame], pd.Series]


def _late(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Contracts with an invoice of the last year that was paid after it was due, or is due and not paid."""
    invoice = context.table("invoice", "invoice_id", "direction", "contract_id", "due_on", "total_cents", "status")
    payment = context.table("payment", "invoice_id", "paid_on", "amount_cents")
    today = pd.Timestamp(context.report_date)
    due = invoice[
        (invoice["direction"] == "ar")
        & ~invoice["status"].isin(NOT_BILLED)
        & (invoice["due_on"] < today)
        & (invoice["due_on"] >= today - timedelta(days=YEAR_DAYS))
    ]
    joined = payment.merge(due[["invoice_id", "due_on"]], on="invoice_id")
    in_time = joined[joined["paid_on"] <= joined["due_on"]].groupby("invoice_id")["amount_cents"].sum()
    paid_in_time = due["invoice_id"].map(in_time).fillna(0).astype("int64")
    return rows["contract_id"].isin(due.loc[paid_in_time < due["total_cents"], "contract_id"])


def _ending(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Contracts whose running term ends within the window and does not renew itself."""
    limit = context.report_date + timedelta(days=int(param(context, "churn_renewal_window_days").value))
    ends = [t.end is not None and not t.over and t.end <= limit for t in terms(context, rows)]
    return pd.Series(ends, index=rows.index, dtype=bool) & ~rows["auto_renew"].astype(bool)


def _over(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Contracts past their end that go on."""
    return pd.Series([t.over for t in terms(context, rows)], index=rows.index, dtype=bool)


def _unmodelled(_: Context, rows: pd.DataFrame) -> pd.Series:
    """Contracts without a billing model."""
    return rows["billing_model"].isna() | (rows["billing_model"] == "none")


def _quiet(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Contracts on which nobody worked lately."""
    work = context.table("work_log", "contract_id", "date")
    since = pd.Timestamp(context.report_date - timedelta(days=int(param(context, "churn_quiet_days").value)))
    return ~rows["contract_id"].isin(work.loc[work["date"] >= since, "contract_id"])


def _shrinking(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Contracts whose recurring revenue is lower than a year before."""
    before = standing(versions(context), months_later(context.report_date, -12)).set_index("contract_id")
    had = rows["contract_id"].map(before["recurring_cents"]).astype("Int64").fillna(0)
    return rows["recurring_cents"].fillna(0) < had


SIGNALS: tuple[tuple[str, Signal], ...] = (
    ("paid late or overdue", _late),
    ("ends soon and does not renew itself", _ending),
    ("out of contract", _over),
    ("no billing model", _unmodelled),
    ("no recent work", _quiet),
    ("recurring revenue fell", _shrinking),
)


@metric(CHURN_RISK_SCORE, CHURN_EXPOSURE, needs=NEEDS)
def churn_risk(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _facts(context), ("churn_risk_score", "churn_exposure"), NO_CONTRACTS)


def _facts(context: Context) -> Iterator[Fact]:
    rows = active(standing(versions(context), context.report_date)).reset_index(drop=True)
    held: dict[str, pd.Series] = {}
    unchecked = []
    for name, signal in SIGNALS:
        try:
            held[name] = signal(context, rows)
        except MissingInputError as missing:
            unchecked.append(f"{name} ({missing})")
    table = pd.DataFrame(held, index=rows.index).astype(bool)
    note = f"not checked: {', '.join(unchecked)}" if unchecked else ""
    for entity_id, part in by_entity(rows):
        signals = table.loc[part.index]
        scores = signals.sum(axis=1)
        clients = part["client_id"].nunique()
        total = qualified(per_unit(int(scores.sum()), len(part), otherwise="no contracts"), note)
        if clients < MODEL_NEEDS:
            total = not_applicable(f"clients: {clients}, fewer than {MODEL_NEEDS}; no model, signals and exposure only")
        inputs = {"client_contract": len(part)}
        assumed = any_assumed(part)
        yield context.fact("churn_risk_score", total, entity_id=entity_id, inputs=inputs, assumed=assumed)
        at_risk = part.loc[scores > 0, "recurring_cents"]
        unsaid = int(at_risk.isna().sum())
        reason = (
            f"{unsaid} of {len(at_risk)} contracts at risk {'states' if unsaid == 1 else 'state'} no monthly fee"
            if unsaid
            else ""
        )
        exposed = Measure(int(at_risk.fillna(0).sum()), reason="; ".join(text for text in (reason, note) if text))
        yield context.fact("churn_exposure", exposed, entity_id=entity_id, inputs=inputs, assumed=assumed)
        for row, flags in zip(part.itertuples(), signals.to_dict("records"), strict=True):
            names = [str(name) for name, holds in flags.items() if holds]
            yield context.fact(
                "churn_risk_score",
                Measure(len(names), reason="; ".join([", ".join(names)] * bool(names) + [note] * bool(note))),
                entity_id=entity_id,
                inputs={"client_contract": 1},
                assumed=any_assumed(part.loc[[row.Index]]),
                contract=str(row.contract_id),
                client=str(row.client_id),
            )
        for name in signals.columns:
            yield context.fact(
                "churn_risk_score",
                Measure(
                    int(signals[name].sum()),
                    reason=f"contracts of {len(part)}",
                    qualifier=Qualifier(Why.COUNTED, of=len(part)),
                ),
                entity_id=entity_id,
                inputs=inputs,
                assumed=assumed,
                signal=str(name),
            )


@metric(SURVIVAL, needs={"client_contract": COLUMNS})
def client_survival(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _survival(context), ("client_survival_12_months",), NO_CONTRACTS)


def _survival(context: Context) -> Iterator[Fact]:
    contracts = versions(context)
    contracts = contracts[contracts["start_on"] <= pd.Timestamp(context.report_date)]
    now = standing(contracts, context.report_date)
    there = set(now.loc[now["status"].isin(["active", "paused"]), "client_id"])
    today = pd.Timestamp(context.report_date)
    for entity_id, rows in by_entity(contracts):
        times, lost = [], []
        for client, own in rows.groupby("client_id", sort=True):
            gone = client not in there
            times.append(
                int((_left(own, today) - own["start_on"].min()).days) if gone else (today - own["start_on"].min()).days
            )
            lost.append(gone)
        if len(times) < MODEL_NEEDS:
            measure = not_applicable(f"clients: {len(times)}, fewer than {MODEL_NEEDS}")
        elif not any(lost):
            measure = not_applicable("no client was ever lost")
        else:
            measure = Measure(rounded(surviving(kaplan_meier(times, lost), YEAR_DAYS), 10))
        yield context.fact(
            "client_survival_12_months",
            measure,
            entity_id=entity_id,
            inputs={"client_contract": len(rows)},
            assumed=any_assumed(rows),
        )


def _left(rows: pd.DataFrame, today: pd.Timestamp) -> pd.Timestamp:
    """The day from which a client was gone: when its last contract was marked so, or the day after its last."""
    marked = rows.loc[rows["status"] == "churned", "valid_from"]
    if not marked.empty:
        return pd.Timestamp(marked.max())
    ended = rows["valid_to"].max() if "valid_to" in rows.columns else pd.NaT
    return today if pd.isna(ended) else pd.Timestamp(ended) + timedelta(days=1)
