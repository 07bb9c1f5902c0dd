"""Deals of a CRM as the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from executive_suite.adopt.bank.evidence import word_of
from executive_suite.adopt.instants import instant, stamp
from executive_suite.adopt.reading import Reading, Record
from executive_suite.adopt.sheet import Row, Sheet

STAGES = ("lead", "qualified", "quoted", "negotiation", "won", "lost")
_SURE = {"won": "10000", "lost": "0"}
_CHANCES = ("2000", "4000", "6000", "8000", "9000")
_WHOLE = 10_000


def deals(one: Sheet) -> Reading:
    """The deals, each as it is now: earlier stages are not in the file, so history begins with it.

    Raises:
        NotReadableError: a deal has a day or an amount that cannot be read.
    """
    unknown: dict[str, Row] = {}
    records = tuple(_records(one, unknown))
    remarks = [
        f"Row {row.number}: the stage {word!r} is none of HubSpot's usual ones; it counts as a lead."
        for word, row in unknown.items()
    ]
    return replace(
        one.reading("register"),
        records=records,
        remarks=tuple(remarks),
    )


def _records(one: Sheet, unknown: dict[str, Row]) -> Iterator[Record]:
    for row in one.rows:
        if not row.text("id"):
            continue
        stage = _stage(one, row)
        if not stage:
            unknown.setdefault(row.text("kind"), row)
            stage = "lead"
        created = _at(one, row, "day")
        changed = _at(one, row, "changed") or created
        closes = one.day(row, "ends")
        if stage in _SURE and not row.text("changed") and closes is not None:
            # A deal was not won when it was created.
            changed = max(filter(None, (instant(closes.isoformat(), one.upload.zone), created)))
        if changed is None:
            raise one.refused(row.number, "a deal without a day on which it was created or changed")
        amount = one.amount(row, "amount") or Decimal(0)
        yield Record(
            "opportunity",
            {
                "opp_id": row.text("id"),
                "valid_from": stamp(changed),
                "stage": stage,
                "amount_cents": str(int(amount * 100)),
                "probability_bp": _chance(one, row, stage),
                "expected_close": closes.isoformat() if closes else "",
                "created_at": stamp(created or changed),
                "lost_reason": row.text("reason") if stage == "lost" else "",
            },
            one.origin(row),
        )


def _stage(one: Sheet, row: Row) -> str:
    if row.text("won").casefold() in {"true", "yes", "1"}:
        return "won"
    if row.text("lost").casefold() in {"true", "yes", "1"}:
        return "lost"
    text = row.text("kind").split("(")[0].strip()
    return word_of(one.profile, text, *STAGES)


def _chance(one: Sheet, row: Row, stage: str) -> str:
    """Probability in basis points: as stated, else HubSpot's own of the stage, else none."""
    if stage in _SURE:
        return _SURE[stage]
    text = row.text("probability")
    if text:
        number = one.style.amount(row.number, text.removesuffix("%").strip())
        return str(int(number * (100 if "%" in text or number > 1 else _WHOLE)))
    return word_of(one.profile, row.text("kind").split("(")[0].strip(), *_CHANCES) or "0"


def _at(one: Sheet, row: Row, role: str) -> datetime | None:
    text = row.text(role)
    if not text:
        return None
    found = instant(text, one.upload.zone, one.style.order)
    if found is None:
        raise one.refused(row.number, f"{text!r} is no day")
    return found
