"""Which reports a group's folder can make, and what one more file would add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from executive_suite import config
from executive_suite.adopt.kept import Kept
from executive_suite.adopt.reading import Reading
from executive_suite.facts.figures import Figures

MORE = (
    ("bank_line", "each account's statement (OFX or CSV)", "the books against the bank"),
    ("invoice", "the aging of receivables (A/R) and payables (A/P) in detail", "what is owed, by age"),
    ("booking", "the transaction history of Airbnb or Vrbo", "bookings and nights"),
    ("opportunity", "the deals of HubSpot", "the sales pipeline"),
    ("contact", "the audience of Mailchimp", "the mailing list and who may be mailed"),
    ("seo_rank", "the queries of Google Search Console", "search ranks"),
    ("focus_cost", "the cloud bill in FOCUS", "cloud cost"),
    ("finding", "the alerts of Dependabot", "security gaps"),
)
"""A table that is missing, the file that would fill it, and what it would add."""
TABLES = (("asset", "assets and depreciation need the table asset (docs/data.md)"),)
"""A table that no export fills yet."""


def told(figures: Figures, folder: Path) -> Iterator[str]:
    """The reports that can be made, and those that cannot yet.

    Args:
        figures: Of the folder.
        folder: The group's.
    """
    configured = config.load(folder).reports
    lacking = [one.title for one in configured if _lacks(figures, one)]
    made = [one.title for one in configured if one.title not in lacking]
    yield f"reports that can be made: {', '.join(made) or 'none'}"
    if lacking:
        yield f"not yet: {', '.join(lacking)}"


def _lacks(figures: Figures, report: config.Report) -> bool:
    """Whether a report cannot be made yet."""
    from executive_suite import reports
    from executive_suite.reports.bound import UnboundError

    try:
        return bool(reports.not_made(figures, report))
    except UnboundError:
        return True  # a sentence of it would say what no record proves


def more(kept: Kept, readings: Iterable[Reading]) -> Iterator[str]:
    """What one more file would add to a folder into which some files were read just now."""
    kinds = {one.kind for one in kept.files if one.begins} | {one.kind for one in readings if one.totals}
    if "books" not in kinds:
        yield "one more file: the journal or general ledger of the bookkeeping program, for revenue, expenses and burn"
    elif "totals" not in kinds:
        yield "one more file: the trial balance or balance sheet, as proof that the books were read whole"
    for table, file, what in MORE:
        if not kept.tables.get(table) and not (table == "bank_line" and "books" not in kinds):
            yield f"one more file: {file}, for {what}"
    for table, text in TABLES:
        if not kept.tables.get(table):
            yield text
