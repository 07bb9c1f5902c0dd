"""The accounting sections on receivables and payables by age, taxes, and information returns."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Chart, Section, Table, Tone, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.absence import left, none
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.reports.tables.lean import lean, only
from executive_suite.wording import say

_OVERPAID = "unapplied_credit"
_BUCKETS = {
    "current": ("not yet due", "Not due"),
    "1-30": ("1 to 30 days", "1\u201330"),
    "31-60": ("31 to 60 days", "31\u201360"),
    "61-90": ("61 to 90 days", "61\u201390"),
    "90+": ("over 90 days", "Over\u00a090"),
    _OVERPAID: ("overpaid", "Overpaid"),
}
_LATE: dict[str, Tone] = {"31-60": "watch", "61-90": "watch", "90+": "act"}
_WATCHED = frozenset({"lodging_tax_liability", "nec_1099_vendors", "nec_1099_exposure"})


def owed(s: Selection) -> Section:
    """The section on receivables and payables."""
    sales, payables = (f"{phrases.of(s.fact(m))}{_prior(s, m)}" for m in ("dso_days", "dpo_days"))
    receivables = _ageing(s, "ar_ageing", say("Open receivables"), "No receivables are open.")
    return section(
        "Receivables and payables",
        point=" ".join(dict.fromkeys((old(s), _payable(s)))),
        covered=any(s.fact(name).value is not None for name in ("ar_ageing", "ap_ageing")),
        rows={
            "reading": say(
                "Days sales outstanding: {sales}. Days payables outstanding: {payables}.",
                sales=sales,
                payables=payables,
            ),
            "chart": _chart(s),
            "receivables": receivables,
            "payables": _ageing(s, "ap_ageing", say("Open payables"), "No payables are open."),
        },
        **({"short": _by_age(receivables)} if receivables.rows else {}),
    )


def _by_age(receivables: Table) -> Table:
    """The ages that have something; their sum only if there are several."""
    found = lean(receivables)
    ages = [column.title for column in found.columns[1:-1]]
    return found if len(ages) != 1 else only(found, found.columns[0].title, *ages)


def _payable(s: Selection) -> str:
    """What is owed, and how much of it is late."""
    whole = s.fact("ap_ageing")
    if not whole.value:
        return phrases.unless(whole, "No payables are open.")
    ages = [s.fact("ap_ageing", bucket=bucket) for bucket in _BUCKETS if bucket not in {"current", _OVERPAID}]
    late = sum(map(cents, ages))
    due = (
        say("{late} of it past due", late=formats.money(late)) if late else none("none of it past due", left((), whole))
    )
    return say("Payables are {whole}, {due}.", whole=formats.of(whole), due=due)


def _chart(s: Selection) -> Chart:
    """Open receivables by age; overpayments have no age and are only in the table."""
    points = [
        Point(name, cents(fact), formats.of(fact), tone=_tone(bucket, fact))
        for bucket, (name, _) in _BUCKETS.items()
        if bucket != _OVERPAID and (fact := s.fact("ar_ageing", bucket=bucket)).value is not None
    ]
    return pictures.bars(
        "ageing",
        say("Open receivables by days past due, {currency}, at the report date", currency=formats.currency()),
        points,
        of="Receivables",
        instead=say("Not available: {reason}", reason=s.fact("ar_ageing").reason),
        finding=old(s),
    )


def _tone(bucket: str, fact: Fact) -> Tone:
    return _LATE.get(bucket, "neutral") if fact.value else "neutral"


def old(s: Selection) -> str:
    """Receivables over 90 days past due, and the unit with most receivables."""
    whole, late = s.fact("ar_ageing"), s.fact("ar_ageing", bucket="90+")
    if cents(whole) <= 0:
        return phrases.unless(whole, "No receivables are open.", left((), whole))
    if not late.value:
        summary = none(
            "None of the {whole} in receivables is over 90 days past due", left((), whole), whole=formats.of(whole)
        )
    else:
        part = say("All") if late.value == whole.value else formats.of(late)
        summary = say(
            "{part} of the {whole} in receivables is over 90 days past due", part=part, whole=formats.of(whole)
        )
    parts = [fact for fact in s.facts("ar_ageing") if fact.entity_id != GROUP and cents(fact) > 0]
    if len(parts) == 1 or not parts:
        return f"{summary}."
    most = max(parts, key=lambda f: (cents(f), f.entity_id))
    return say(
        "{summary}; {entity_id} has the most to collect, {most}.",
        summary=summary,
        entity_id=s.entity(most.entity_id),
        most=formats.of(most),
    )


def _ageing(s: Selection, metric_id: str, title: str, nothing: str) -> Table:
    """Open balances of each business unit by days past due; overpayments only if there are any."""
    whole = s.fact(metric_id)

    def column(bucket: str, head: str) -> Col[str]:
        def fact(entity: str) -> Fact:
            return s.fact(metric_id, entity, bucket=bucket)

        return figures(head, fact, tone=lambda entity: _tone(bucket, fact(entity)))

    shown = [bucket for bucket in _BUCKETS if bucket != _OVERPAID or s.fact(metric_id, bucket=bucket).value]
    return table(
        say("{title} by business unit and days past due, at the report date", title=title),
        sorted(fact.entity_id for fact in s.facts(metric_id) if fact.entity_id != GROUP and fact.value),
        (
            words("Business unit", s.entity),
            *(column(bucket, _BUCKETS[bucket][1]) for bucket in shown),
            figures("All", lambda entity: s.fact(metric_id, entity)),
        ),
        total=GROUP,
        empty=phrases.unless(whole, nothing),
    )


def _prior(s: Selection, metric_id: str) -> str:
    before = s.prior(s.fact(metric_id))
    return "" if before is None else say(", prior {prior}", prior=formats.of(before))


def taxes(s: Selection) -> Table:
    """Taxes collected for others, and information returns."""
    year = str(s.figures.report_date.year - 1)
    rows: tuple[tuple[str, dict[str, str], str], ...] = (
        ("lodging_tax_accrued", {}, say("Lodging tax accrued on nights sold")),
        ("lodging_tax_remitted", {}, say("Lodging tax remitted")),
        ("lodging_tax_liability", {}, say("Lodging tax still owed")),
        ("nec_1099_reportable", {"year": year}, say("1099-NEC returns for {year}", year=year)),
        ("nec_1099_vendors", {"year": year}, say("Vendors among them without W-9, {year}", year=year)),
        ("nec_1099_vendors", {}, say("Vendors above the threshold without W-9, this year")),
        ("nec_1099_exposure", {}, say("Paid to them this year")),
    )

    def fact(row: tuple[str, dict[str, str], str]) -> Fact:
        return s.fact(row[0], **row[1])

    return table(
        "Lodging tax and 1099-NEC returns at the report date",
        rows,
        (
            words("Item", lambda row: row[2]),
            figures("Figure", fact, tone=lambda row: "watch" if row[0] in _WATCHED and fact(row).value else "neutral"),
        ),
        fixed=True,
    )
