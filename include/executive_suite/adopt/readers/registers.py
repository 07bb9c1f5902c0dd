"""Exports of tools: deals, audiences and campaigns, searches, cloud bills and alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from executive_suite.adopt import profile, sheet
from executive_suite.adopt.profile import PROFILES
from executive_suite.adopt.reading import Reading
from executive_suite.adopt.sheet import Sheet
from executive_suite.adopt.tools import alerts, crm, focus, mailing, searches
from executive_suite.adopt.upload import Upload

LAYOUTS: Mapping[str, Callable[[Sheet], Reading]] = {
    "deals": crm.deals,
    "audience": mailing.audience,
    "campaigns": mailing.campaigns,
    "queries": searches.queries,
    "searches": searches.others,
    "alerts": alerts.from_table,
}


def read(upload: Upload) -> Reading | None:
    """The rows of a register; None if the file is none."""
    if found := focus.read(upload) or alerts.from_json(upload):
        return found
    tables = sheet.found(upload, profile.profiles(PROFILES / "registers"))
    return LAYOUTS[tables[0].profile.layout](tables[0]) if tables else None
