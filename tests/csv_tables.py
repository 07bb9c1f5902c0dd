"""Input written as CSV in a test, read as the product reads files."""

from __future__ import annotations

import textwrap
from pathlib import Path

from executive_suite.sources import files
from executive_suite.sources.raw import RawTables


def folder(path: Path, **tables: str | bytes) -> Path:
    """A folder with one CSV file a table; text is dedented, bytes are written as they are."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        body = content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode()
        (path / f"{name}.csv").write_bytes(body)
    return path


def raw(path: Path, **tables: str | bytes) -> RawTables:
    """The same, read."""
    return files.read_folder(folder(path, **tables))


ENTITIES = """
    entity_id,kind,name,base_currency,timezone
    acme,business,Acme,USD,America/Los_Angeles
    group,group,Group,USD,America/Los_Angeles
"""

IN_TWO_CURRENCIES = """
    entity_id,kind,name,base_currency,timezone
    grp,group,Group,CAD,America/Toronto
    uk,business,Harbour,GBP,Europe/London
    me,business,Me,CAD,America/Toronto
"""

ACCOUNTS = """
    account,name,type,normal_side,is_cash
    1010,Cash,asset,debit,true
    4010,Sales,revenue,credit,false
    6010,Rent,expense,debit,false
"""
