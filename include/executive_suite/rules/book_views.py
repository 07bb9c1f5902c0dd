"""The rows behind the gaps of the books: accounts, bank lines and vendors that a figure of accounting counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.metrics.accounting import chart, information_returns
from executive_suite.metrics.book.reconciliation import reconcile

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def undefined_account(context: Context) -> pd.DataFrame:
    """Accounts with postings that the chart does not define, with their lines and what was posted on them."""
    names = chart.audit(context).undefined
    ledger = context.table("ledger", "account", "date", "amount_cents")
    lines = ledger[ledger["account"].isin(names)]
    lines = lines.assign(account=lines["account"].astype("str"), posted_cents=lines["amount_cents"].abs())
    sums = lines.groupby("account").agg(
        lines=("amount_cents", "size"), posted_cents=("posted_cents", "sum"), last_on=("date", "max")
    )
    return sums.reset_index()


def wrong_side_account(context: Context) -> pd.DataFrame:
    """Accounts of the chart whose balance is not on their side, with that balance (debits positive)."""
    balances = chart.audit(context).wrong_side
    accounts = context.table("account").drop_duplicates("account")
    wrong = accounts[accounts["account"].isin(balances)].sort_values("account")
    cents = wrong["account"].map(balances).astype("int64")
    return wrong.assign(balance_cents=cents, unsigned_cents=cents.abs())


def unreconciled_bank_line(context: Context) -> pd.DataFrame:
    """Bank lines that no transaction of the same amount answers, oldest first."""
    frame = context.table("bank_line")
    unmatched = {row.bank_line_id for row in reconcile(context).bank}
    lines = frame[frame["bank_line_id"].isin(unmatched)].sort_values(["date", "bank_line_id"])
    return lines.assign(unsigned_cents=lines["amount_cents"].abs())


def vendor_without_w9(context: Context) -> pd.DataFrame:
    """Vendors paid at or above the reporting threshold in the year of the report, without a W-9 on file."""
    this = next(year for year in information_returns.years(context) if year.year == context.last_day.year)
    parties = context.table("counterparty")
    found = parties[parties["counterparty_id"].isin(this.without)].sort_values("counterparty_id")
    return found.assign(paid_cents=found["counterparty_id"].map(this.without).astype("int64"), year=str(this.year))
