"""Events planted into copies of the sample: each is a signal of its kind, entity and date, and is on page one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pytest

from planted import Edit, Row, figures, page_of, rows, unplanted

JUNE_ON = ("2025-06", "2025-07", "2025-08")
SPRING = ("2025-03", "2025-04", "2025-05")
MAY_ON = ("2025-05", "2025-06", "2025-07")
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]


def put(chosen: Callable[[Row], bool], **cells: str | Callable[[Row], str]) -> Edit:
    """Cells of some rows replaced; at least one row is chosen."""

    def edit(given: list[Row]) -> list[Row]:
        assert any(map(chosen, given))
        made = {name: cell if callable(cell) else lambda _, cell=cell: cell for name, cell in cells.items()}
        return [{**row, **{name: cell(row) for name, cell in made.items()}} if chosen(row) else row for row in given]

    return edit


def drop(chosen: Callable[[Row], bool]) -> Edit:
    """Some rows taken away; at least one is."""

    def edit(given: list[Row]) -> list[Row]:
        kept = [row for row in given if not chosen(row)]
        assert len(kept) < len(given)
        return kept

    return edit


def add(*new: Row) -> Edit:
    """Rows added."""
    return lambda given: [*given, *new]


def no_bookings(column: str, value: str, months: Collection[str]) -> Mapping[str, Edit]:
    """No booking of a channel or entity in some months, nor an invoice for one."""

    def chosen(row: Row) -> bool:
        return row[column] == value and row["booked_at"][:7] in months

    gone = {row["booking_id"] for row in rows("booking") if chosen(row)}
    return {
        "booking": drop(chosen),
        "invoice": lambda given: [
            {**r, "booking_id": "" if r["booking_id"] in gone else r["booking_id"]} for r in given
        ],
    }


def costs(entity: str, account: str, months: Collection[str], percent: int) -> Mapping[str, Edit]:
    """What an account of an entity took in some months, more by so many percent; cash pays it."""

    def more(row: Row) -> str:
        return str(int(row["amount_cents"]) * percent // 100)

    def edit(given: list[Row]) -> list[Row]:
        chosen = [
            row
            for row in given
            if row["entity_id"] == entity and row["account"] == account and row["date"][:7] in months
        ]
        assert chosen
        lines = [
            {**row, "txn_id": f"{row['txn_id']}-more", "line": line, "account": own, "amount_cents": cents}
            for row in chosen
            for line, own, cents in (("1", account, more(row)), ("2", "1010", str(-int(more(row)))))
        ]
        return [*given, *lines]

    return {"ledger": edit}


def document(doc_id: str, expires: str) -> Mapping[str, Edit]:
    """Another day on which a document expires."""
    return {"compliance_doc": put(lambda row: row["doc_id"] == doc_id, expires=expires)}


def contract(**cells: str) -> Mapping[str, Edit]:
    """Other terms of the contract that pays 600 a month."""
    return {"client_contract": put(lambda row: row["contract_id"] == "C3", **cells)}


def half_the_fee(given: list[Row]) -> list[Row]:
    """A version of that contract at 300 a month from March 2026 on."""
    last = [row for row in given if row["contract_id"] == "C3"][-1]
    new = {"valid_from": "2026-03-01", "mrr_cents": "30000", "recorded_at": "2026-03-01T20:00:00Z"}
    return [*given, {**last, **new}]


def form(count: str, months: Collection[str]) -> Mapping[str, Edit]:
    """What the quote form counts in some months."""
    return {
        "funnel_event": put(lambda row: row["step"] == "quote_submitted" and row["date"][:7] in months, count=count)
    }


def four_times(column: str) -> Callable[[Row], str]:
    return lambda row: f"{float(row[column]) * 4:.2f}"


def billed(service: str, month: str) -> Mapping[str, Edit]:
    """A cloud service that costs four times as much in a month."""
    names = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")

    def chosen(row: Row) -> bool:
        return row["ServiceName"] == service and row["ChargePeriodStart"][:7] == month

    return {"focus_cost": put(chosen, **{name: four_times(name) for name in names})}


def incidents(month: str, count: int) -> Edit:
    """So many outages in one month."""
    return add(
        *(
            {
                "incident_id": f"P{at}",
                "system_id": "S7",
                "kind": "outage",
                "began_at": f"{month}-{3 + 4 * at:02d}T09:10:00Z",
                "restored_at": f"{month}-{3 + 4 * at:02d}T10:10:00Z",
                "recorded_at": f"{month}-{4 + 4 * at:02d}T09:10:00Z",
            }
            for at in range(count)
        )
    )


def posted(
    entity: str, months: Collection[str], count: int, apart: int, rating: Callable[[str, int], str]
) -> list[Row]:
    """Reviews from the third of each month on, some days apart; each is recorded the day after."""
    return [
        {
            "review_id": f"R{month}-{at}",
            "entity_id": entity,
            "channel_id": "direct",
            "posted_on": f"{month}-{3 + apart * at:02d}",
            "rating": rating(month, at),
            "recorded_at": f"{month}-{4 + apart * at:02d}T20:00:00Z",
        }
        for month in months
        for at in range(count)
    ]


def reviews(_: list[Row]) -> list[Row]:
    """Six reviews of JADA a month from August 2023: five stars each, but for four of the six from May 2025 on."""
    return posted("jada", MONTHS[7:31], 6, 4, lambda month, at: "2" if month in MAY_ON and at <= 3 else "5")


def unpaid_taxes(months: Collection[str]) -> Edit:
    """Lodging tax that was not paid in some months."""
    paid = {
        row["txn_id"]
        for row in rows("ledger")
        if row["account"] == "2200" and int(row["amount_cents"]) > 0 and row["date"][:7] in months
    }
    return drop(lambda row: row["txn_id"] in paid)


def steady(_: list[Row]) -> list[Row]:
    """Five-star reviews of the rental, four a month from June 2023 to May 2025, and none since."""
    return posted("rental", MONTHS[5:29], 4, 5, lambda *_: "5")


def four_stars(_: list[Row]) -> list[Row]:
    """Four reviews of the rental a month, five stars each until May 2025 and four since."""
    return posted("rental", MONTHS[5:32], 4, 5, lambda month, _: "4" if month >= "2025-06" else "5")


def seventh(row: Row) -> str:
    return str(int(row["count"]) // 7)


def repair(day: str, cents: int) -> list[Row]:
    """A repair that is paid in cash, as the ledger's other repairs are."""
    like = next(row for row in rows("ledger") if row["account"] == "5500" and row["entity_id"] == "rental")
    lines = (("1", "5500", cents), ("2", "1010", -cents))
    return [
        {
            **like,
            "txn_id": "ROOF",
            "line": line,
            "date": day,
            "account": account,
            "amount_cents": str(amount),
            "recorded_at": f"{day}T20:00:00Z",
            "posted_at": f"{day}T20:00:00Z",
        }
        for line, account, amount in lines
    ]


LEASE = {
    "lease_id": "L9",
    "asset_id": "P-3028",
    "unit": "garage",
    "kind": "long_term",
    "start_on": "2025-01-01",
    "end_on": "2025-10-15",
    "rent_cents": "60000",
    "security_deposit_cents": "0",
    "status": "active",
    "recorded_at": "2025-01-01T05:30:00Z",
}
INVOICE = {
    "invoice_id": "BIG",
    "direction": "ar",
    "entity_id": "jada",
    "counterparty_id": "C-CH0001",
    "issued_on": "2025-03-01",
    "due_on": "2025-03-31",
    "total_cents": "1200000",
    "tax_cents": "0",
    "status": "open",
    "recorded_at": "2025-03-01T20:00:00Z",
}


NOTE = {
    **INVOICE,
    "invoice_id": "NOTE-1",
    "direction": "ap",
    "entity_id": "qdn",
    "counterparty_id": "V-MARINA",
    "issued_on": "2025-02-01",
    "total_cents": "2500000",
    "recorded_at": "2025-02-01T20:00:00Z",
}


def late_in_july(row: Row) -> bool:
    return row["status"] == "booked" and "2025-07-04" <= row["date"] <= "2025-07-31"


@dataclass(frozen=True)
class Event:
    """What is planted, the report date, and the signal that it has to be.

    Attributes:
        day: The report date.
        edits: What is planted.
        kind: Kind of the signal.
        entity: Whom it concerns.
        since: The first day of the first month of a break, or the day from which it holds.
        on: The day on which it comes.
        names: What its id says besides.
    """

    day: str
    edits: Callable[[], Mapping[str, Edit]]
    kind: str
    entity: str
    since: str = ""
    on: str = ""
    names: str = ""


def _given(edits: Mapping[str, Edit]) -> Callable[[], Mapping[str, Edit]]:
    return lambda: edits


EVENTS = {
    "a client contract ends in six weeks": Event(
        "2025-08-01", _given(contract(end_on="2025-09-12")), "cliff", "dc", on="2025-09-12", names="contract:C3"
    ),
    "a contract ended two months ago": Event(
        "2025-09-01", _given(contract(end_on="2025-06-30")), "lapse", "dc", "2025-06-30", names="C3"
    ),
    "a channel dries up in high season, two months": Event(
        "2025-08-01",
        lambda: no_bookings("channel_id", "qdn-site", JUNE_ON),
        "break",
        "qdn",
        "2025-06-01",
        names="qdn-site",
    ),
    "a channel dries up in high season, three months": Event(
        "2025-09-01",
        lambda: no_bookings("channel_id", "direct", JUNE_ON),
        "break",
        "jada",
        "2025-06-01",
        names="direct",
    ),
    "a channel dries up in the first high season on record": Event(
        "2024-10-01",
        lambda: no_bookings("channel_id", "qdn-phone", ("2024-07", "2024-08", "2024-09")),
        "break",
        "qdn",
        "2024-07-01",
        names="qdn-phone",
    ),
    "all bookings of an entity stop": Event(
        "2025-09-01", lambda: no_bookings("entity_id", "jada", JUNE_ON), "break", "jada", "2025-06-01", names="bookings"
    ),
    "all bookings of an entity stop, two months": Event(
        "2025-08-01", lambda: no_bookings("entity_id", "qdn", JUNE_ON), "break", "qdn", "2025-06-01", names="bookings"
    ),
    "a certificate lapsed yesterday": Event(
        "2025-08-01", _given(document("COI-24", "2025-07-31")), "lapse", "jada", "2025-07-31", "2025-08-01"
    ),
    "a certificate lapsed three months ago": Event(
        "2024-10-01", _given(document("COI-23", "2024-06-30")), "lapse", "jada", "2024-06-30", "2024-10-10"
    ),
    "a license expires in three weeks": Event(
        "2025-08-01", _given(document("STR-3028", "2025-08-22")), "cliff", "rental", on="2025-08-22"
    ),
    "a form dies: zeros": Event(
        "2025-08-01", _given(form("0", MAY_ON)), "break", "qdn", "2025-05-01", names="quote_submitted"
    ),
    "a form dies: its rows are missing": Event(
        "2025-08-01",
        _given({"funnel_event": drop(lambda row: row["step"] == "quote_submitted" and row["date"][:7] in MAY_ON)}),
        "break",
        "qdn",
        "2025-05-01",
        names="quote_submitted",
    ),
    "a form died last month": Event(
        "2025-08-01", _given(form("0", ("2025-07",))), "break", "qdn", "2025-07-01", names="quote_submitted"
    ),
    "a cloud bill quadruples in the last month": Event(
        "2026-05-01",
        _given(billed("Amazon Simple Storage Service", "2026-04")),
        "break",
        "group",
        "2026-04-01",
        names="cloud_cost:Amazon Simple Storage Service",
    ),
    "a cost jumps by half for three months": Event(
        "2025-08-01", lambda: costs("jada", "6100", MAY_ON, 50), "break", "jada", "2025-05-01", names="6100"
    ),
    "a cost doubles in the last month": Event(
        "2025-08-01", lambda: costs("rental", "6250", ("2025-07",), 100), "break", "rental", "2025-07-01", names="6250"
    ),
    "recurring revenue halves": Event(
        "2026-05-01",
        _given({"client_contract": half_the_fee}),
        "break",
        "dc",
        "2026-03-01",
        names="recurring_revenue",
    ),
    "a lease ends": Event(
        "2025-09-01", _given({"lease": add(LEASE)}), "cliff", "rental", on="2025-10-15", names="lease:L9"
    ),
    "clicks from search collapse": Event(
        "2025-08-01",
        _given(
            {"seo_rank": put(lambda row: row["date"][:7] in MAY_ON, clicks=lambda row: str(int(row["clicks"]) // 10))}
        ),
        "break",
        "qdn",
        "2025-05-01",
        names="search_clicks",
    ),
    "incidents pile up": Event(
        "2025-08-01", _given({"incident": incidents("2025-07", 5)}), "break", "group", "2025-07-01", names="incidents"
    ),
    "a key person leaves": Event(
        "2025-08-01",
        _given({"key_role": put(lambda row: row["person_id"] == "Carole", departure_on="2025-09-15")}),
        "cliff",
        "jada",
        on="2025-09-15",
        names="key_person",
    ),
    "nights collapse in July": Event(
        "2025-08-01",
        _given({"availability": put(late_in_july, status="available")}),
        "break",
        "rental",
        "2025-07-01",
        names="nights",
    ),
    "a large receivable stays unpaid": Event(
        "2025-08-01", _given({"invoice": add(INVOICE)}), "lapse", "jada", "2025-03-31", names="unpaid"
    ),
    "reviews turn bad": Event(
        "2025-08-01", _given({"review": reviews}), "break", "jada", "2025-05-01", names="reviews"
    ),
    "reviews stop": Event("2025-09-01", _given({"review": steady}), "break", "rental", "2025-06-01", names="reviews"),
    "a bill quadruples three months after it rose by half": Event(
        "2026-05-01",
        _given(billed("Amazon Elastic Compute Cloud", "2026-04")),
        "break",
        "group",
        "2026-04-01",
        names="cloud_cost:Amazon Elastic Compute Cloud",
    ),
    "a note comes due": Event(
        "2025-09-01",
        _given({"invoice": add({**NOTE, "due_on": "2025-10-10"})}),
        "cliff",
        "qdn",
        on="2025-10-10",
        names="NOTE-1",
    ),
    "a note was not paid": Event(
        "2025-09-01", _given({"invoice": add({**NOTE, "due_on": "2025-05-10"})}), "lapse", "qdn", "2025-05-10"
    ),
    "a tax filing is missed": Event(
        "2025-10-20",
        _given({"ledger": unpaid_taxes(("2025-08", "2025-09"))}),
        "lapse",
        "rental",
        "2025-09-02",  # July's return: August 31 is a Sunday, Labor Day comes after it
        names="tax_overdue",
    ),
    "a key person left": Event(
        "2025-10-01",
        _given({"key_role": put(lambda row: row["person_id"] == "Carole", departure_on="2025-09-15")}),
        "lapse",
        "jada",
        "2025-09-15",
        names="key_person_gone",
    ),
}


EVENTS |= {
    "stars fall from five to four": Event(
        "2025-09-01", _given({"review": four_stars}), "break", "rental", "2025-06-01", names="reviews_stars"
    ),
    "four incidents in a month after three in fifteen": Event(
        "2024-12-01",
        _given({"incident": incidents("2024-11", 4)}),
        "break",
        "group",
        "2024-11-01",
        names="incidents",
    ),
    "visitors of a site fall by six sevenths": Event(
        "2025-06-01",
        _given({"funnel_event": put(lambda row: row["step"] == "visit" and row["date"][:7] in SPRING, count=seventh)}),
        "break",
        "qdn",
        "2025-03-01",
        names="visit",
    ),
    "one large bill on an account that seldom has any": Event(
        "2025-08-01",
        _given({"ledger": add(*repair("2025-07-15", 1_200_000))}),
        "break",
        "rental",
        "2025-07-01",
        names="5500",
    ),
}


@pytest.mark.parametrize("event", EVENTS)
def test_a_planted_event_is_a_signal_and_stands_on_page_one(event: str) -> None:
    planted = EVENTS[event]
    found = figures(planted.day, planted.edits())
    known = {signal.signal_id: signal.headline for signal in unplanted(planted.day).signals}
    (signal,) = (
        one
        for one in found.signals
        if (one.kind, one.entity_id, one.since, one.on) == (planted.kind, planted.entity, planted.since, planted.on)
        and planted.names in one.signal_id
        and known.get(one.signal_id) != one.headline
    )
    page = page_of(found, signal.readers[0])
    assert signal.headline in " ".join((*page.message, *page.headlines, *(one.what for one in page.decisions)))
