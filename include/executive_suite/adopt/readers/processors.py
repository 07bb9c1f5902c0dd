"""Payment processors whose rows are movements of a balance (Stripe, PayPal): gross, fee and net, each of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from executive_suite.adopt import instants, profile
from executive_suite.adopt.bank.evidence import word_of
from executive_suite.adopt.layouts.postings import CENT, numbered
from executive_suite.adopt.reading import Entry, LeftOut, NotReadableError, Reading, Total
from executive_suite.adopt.selling import lines
from executive_suite.adopt.selling.desk import ZERO, Desk
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.upload import Upload

_KINDS = ("sale", "refund", "dispute", "fee", "payout", "hold", "conversion")


@dataclass(frozen=True, slots=True)
class _Movement:
    """One row that moves the balance.

    Attributes:
        row: Its row of the table.
        day: The business day.
        kind: What it is; empty if nobody knows.
        gross: Before the fee.
        cost: The fee, positive.
        net: What it moves.
        currency: Code.
        rate: At which it was converted.
    """

    row: Row
    day: date
    kind: str
    gross: Decimal
    cost: Decimal
    net: Decimal
    currency: str
    rate: Decimal = Decimal(1)


@dataclass(slots=True)
class _Notes:
    """What a person should know."""

    left: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, Row] = field(default_factory=dict)
    in_utc: bool = False


def read(upload: Upload) -> Reading | None:
    """The movements as entries; a payout goes to an account that the file does not show.

    Raises:
        NotReadableError: a row's net is not its gross less its fee, or a cell cannot be read.
    """
    found = lines.tables(upload, "processor", "payouts")
    if not found:
        return None
    if len(found) > 1:
        msg = f"{upload.name}: {len(found)} tables; bring each as a file"
        raise NotReadableError(msg)
    one = found[0]
    return _payouts(one) if one.profile.layout == "payouts" else _movements(one)


def _movements(one: Sheet) -> Reading:
    notes = _Notes()
    rows = list(_moving(one, notes))
    if not rows:
        msg = f"{one.upload.name}: no payment that is completed"
        raise NotReadableError(msg)
    booked = _converted(rows)
    codes = tuple(sorted({movement.currency for movement in booked}))
    desk = Desk(one.profile.program, codes)
    entries = numbered(_entries(one, desk, booked, notes))
    openings, totals, remarks = _balances(one, desk, rows)
    days = [movement.day for movement in rows]
    begins, ends = one.title.period or (None, None)
    return replace(
        one.reading("sales"),
        currency=codes[0] if len(codes) == 1 else "",
        begins=begins or min(days),
        ends=ends or max(days),
        accounts=desk.accounts(entries, openings),
        entries=entries,
        totals=totals,
        left_out=tuple(LeftOut(what, count) for what, count in sorted(notes.left.items())),
        remarks=(*remarks, *_said(desk, notes)),
    )


def _said(desk: Desk, notes: _Notes) -> Iterator[str]:
    yield desk.shown
    yield from lines.unknown(notes.unknown)
    if notes.in_utc:
        yield "Days are those of UTC, because no time zone was stated."


def _moving(one: Sheet, notes: _Notes) -> Iterator[_Movement]:
    """The rows that are completed and move the balance."""
    known, positive = one.profile, "positive" in one.profile.words.get("fees", ())
    seen: set[tuple[str, ...]] = set()
    for row in one.rows:
        state = word_of(known, row.text("status"), "pending", "failed") if row.text("status") else ""
        if state or word_of(known, row.text("impact"), "memo_only"):
            notes.left["pending, failed and reversed payments" if state else "rows that move no money"] += 1
            continue
        amounts = [one.amount(row, role) for role in ("gross", "fee", "net")]
        if all(amount is None for amount in amounts):
            if row.text("id"):
                notes.left["rows without an amount"] += 1
            continue
        gross, fee, net = (amount or ZERO for amount in amounts)
        cost = fee if positive else -fee
        if gross - cost != net:
            raise one.refused(row.number, f"net {net} is not gross {gross} less the fee {cost}")
        if row.text("id") and row.cells in seen:
            notes.left["rows that repeat another one"] += 1
            continue
        seen.add(row.cells)
        currency = row.text("currency").upper()
        yield _Movement(row, _day(one, row, notes), _kind(one, row), gross, cost, net, currency)


def _converted(rows: Sequence[_Movement]) -> list[_Movement]:
    """The movements with those in other currencies at the rate at which the processor converted them.

    A conversion is two rows, out of one currency and into the other, that refer to the payment: together they are that
    payment in the currency in which the account is kept, which is that of most rows.
    """
    often = Counter(it.currency for it in rows)
    base = max(sorted(often), key=lambda code: often[code])
    pairs: dict[str, list[_Movement]] = {}
    for it in rows:
        if it.kind == "conversion" and it.row.text("reference"):
            pairs.setdefault(it.row.text("reference"), []).append(it)
    by_number = {it.row.text("id"): it for it in rows if it.kind != "conversion"}
    found, gone = {}, set()
    for number, pair in pairs.items():
        payment = by_number.get(number)
        ours = [it for it in pair if it.currency == base]
        theirs = [it for it in pair if it.currency != base]
        if payment and len(ours) == len(theirs) == 1 and theirs[0].net == -payment.net != 0:
            gross = (payment.gross * ours[0].net / payment.net).quantize(CENT)
            net = ours[0].net
            found[number] = replace(
                payment, gross=gross, cost=gross - net, net=net, currency=base, rate=net / payment.net
            )
            gone |= {id(it) for it in pair}
    return [found.get(it.row.text("id"), it) for it in rows if id(it) not in gone]


def _kind(one: Sheet, row: Row) -> str:
    found = word_of(one.profile, row.text("kind"), *_KINDS)
    memo = profile.plain(row.text("memo"))
    if not found and memo in one.profile.words.get("bank", ()):
        return "payout"
    if not found and any(word in memo for word in one.profile.words.get("disputed", ())):
        return "dispute"
    return found


def _day(one: Sheet, row: Row, notes: _Notes) -> date:
    header = one.header[one.columns["day"][0]]
    text = row.text("day")
    if instants.is_utc(header) or instants.is_utc(row.text("zone")):
        stamp = f"{one.day(row)} {row.text('time')}" if row.text("time") else text
        if found := instants.local_day(stamp, one.upload.zone):
            notes.in_utc = notes.in_utc or not one.upload.zone
            return found
    day = one.day(row)
    if day is None:
        raise one.refused(row.number, "a payment without a day")
    return day


def _entries(one: Sheet, desk: Desk, rows: Sequence[_Movement], notes: _Notes) -> Iterator[Entry]:
    for movement in sorted(rows, key=lambda it: it.day):
        row, gross = movement.row, movement.gross
        amounts: dict[str, Decimal] = {"balance": movement.net, "fees": movement.cost}
        tax = (one.amount(row, "tax") or ZERO) if movement.kind == "sale" and gross > 0 else ZERO
        tax = tax if movement.rate == 1 else (tax * movement.rate).quantize(CENT)
        match movement.kind:
            case "sale" if gross >= 0:
                amounts |= {"sales": tax - gross, "sales_tax": -tax}
            case "refund" if gross <= 0:
                amounts |= {"refunds": -gross}
            case "dispute":
                amounts |= {"disputes": -gross}
            case "fee":
                amounts["fees"] -= gross
            case "payout":
                amounts |= {"payouts": -gross}
            case "hold":
                amounts |= {"holds": -gross}
            case "conversion":
                amounts |= {"currency_conversion": -gross}
            case _:
                amounts |= {"hidden": -gross}
                notes.unknown.setdefault(row.text("kind"), row)
        about = movement.currency, row.text("memo"), row.text("counterparty")
        found = desk.entry(row.text("id"), movement.day, row.text("kind"), one.origin(row), about, **amounts)
        if found:
            yield found


def _balances(
    one: Sheet, desk: Desk, rows: Sequence[_Movement]
) -> tuple[dict[str, Decimal], tuple[Total, ...], tuple[str, ...]]:
    """What the balance column says: what there was before, what is left, and where it does not follow."""
    openings: dict[str, Decimal] = {}
    totals: list[Total] = []
    remarks: list[str] = []
    for code in desk.currencies:
        own = [
            (it, balance)
            for it in rows
            if it.currency == code and (balance := one.amount(it.row, "balance")) is not None
        ]
        if not own:
            continue
        ways = {way: _breaks(own[::way]) for way in (1, -1)}
        way = min(ways, key=lambda it: len(ways[it]))
        own, breaks = own[::way], ways[way]
        name = desk.name("balance", code)
        if breaks:
            remarks.append(
                f"The balance of {code or 'the account'} in row {breaks[0]} does not follow; rows may be missing."
            )
            continue
        (first, start), (last, end) = own[0], own[-1]
        openings[name] = start - first.net
        totals.append(Total("balance", end, last.day, one.origin(last.row), name))
    return openings, tuple(totals), tuple(remarks)


def _breaks(own: Sequence[tuple[_Movement, Decimal]]) -> tuple[int, ...]:
    return tuple(later.row.number for (_, before), (later, after) in pairwise(own) if before + later.net != after)


def _payouts(one: Sheet) -> Reading:
    """A list of payouts verifies what the balance's transactions say; it is no entry."""
    days, left = [], Counter[str]()
    amounts: dict[str, Decimal] = {}
    for row in one.rows:
        amount = one.amount(row, "amount")
        if amount is None or not word_of(one.profile, row.text("status"), "booked"):
            left["payouts that are not paid"] += 1
            continue
        day = instants.local_day(row.text("day"), "") or one.day(row)
        if day is None:
            raise one.refused(row.number, "a payout without a day")
        days.append(day)
        code = row.text("currency").upper()
        amounts[code] = amounts.get(code, ZERO) + amount
    if not days:
        msg = f"{one.upload.name}: no payout that is paid"
        raise NotReadableError(msg)
    desk = Desk(one.profile.program, tuple(sorted(amounts)))
    begins, ends = min(days), max(days)
    origin = one.origin(one.rows[0])
    return replace(
        one.reading("totals"),
        currency=next(iter(amounts)) if len(amounts) == 1 else "",
        begins=begins,
        ends=ends,
        totals=tuple(
            Total("change", amount, ends, origin, desk.name("payouts"), begins) for amount in amounts.values()
        ),
        left_out=tuple(LeftOut(what, count) for what, count in left.items()),
    )
