"""``sources.yaml``: where the tables come from and what their columns are called there; validated, no secrets."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from executive_suite import config_files
from executive_suite.config import Identifier
from executive_suite.config_files import Strict
from executive_suite.period import time_zones
from executive_suite.schema.tables import ORIGIN, Table, schema
from executive_suite.sources.queries import refusal

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Activity = Literal["operating", "investing", "financing", "noncash"]
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        msg = f"{name!r} is not an encoding (utf-8, cp1252, latin-1, utf-16 …)"
        raise ValueError(msg) from None


Encoding = Annotated[str, AfterValidator(_known_encoding)]


OTHERS = "*"
"""In ``values``: any other word."""

EXHAUSTIVE = frozenset({("account", "type")})
"""Columns that decide on which statement an amount appears: each of their words must be named."""


class ColumnMapping(Strict):
    """How the source names and writes one column.

    Attributes:
        name: Its header there (``from`` in YAML).
        debit: Instead of ``from``, for an amount split into two columns: the header of the debits …
        credit: … and that of the credits, which are subtracted.
        unit: ``dollars`` or ``main`` (any currency's main unit) is converted to cents exactly; ``cents`` is kept.
        decimal: Decimal separator; default the table's.
        symbol: Currency sign or code that the amounts have.
        negate: Whether the source has the opposite sign (credit-positive).
        format: ``strptime`` format of dates and instants; default ISO 8601.
        zone: IANA time zone of instants written without one, and of days in a column of instants.
        values: The source's words to the schema's; ``*`` is any other word.
        default: What a blank cell is, as the schema writes it.
        hash: Whether cells are names or addresses of people, of which only a digest is kept.
    """

    name: Annotated[str, Field(alias="from")] = ""
    debit: str = ""
    credit: str = ""
    unit: Literal["cents", "dollars", "main"] = "cents"
    decimal: Literal["", ".", ","] = ""
    symbol: str = ""
    negate: bool = False
    format: str = ""
    zone: str = "UTC"
    values: dict[str, str] = Field(default_factory=dict)
    default: str = ""
    hash: bool = False

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in time_zones():
            msg = f"{zone!r} is not a time zone of the IANA database"
            raise ValueError(msg)
        return zone

    @model_validator(mode="after")
    def _one_place(self) -> ColumnMapping:
        if bool(self.name) == bool(self.debit or self.credit) or bool(self.debit) != bool(self.credit):
            msg = "state from, or debit and credit"
            raise ValueError(msg)
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of the columns it is made from."""
        return (self.name,) if self.name else (self.debit, self.credit)


class TableMapping(Strict):
    """How the source names and writes one table.

    Attributes:
        file: File name in a folder; default ``<table>.csv`` or ``<table>.parquet``.
        relation: Name of the table or view in a database; default the schema's name.
        query: A SELECT instead of a whole relation.
        columns: Schema column to its header there, or to how it is written; others keep their names.
        constants: Schema column to the value of every row (``entity_id: jada``).
        skip: Header to the cells whose rows are not records (totals, subtotals; ``""`` is a blank cell).
        fill: Headers whose blank cells repeat the cell above (only the first line of a transaction has a date).
        numbered: Schema column to the header whose every filled cell begins the next number (for exports without
            transaction numbers).
        sum: Schema columns that are added up over the rows of one key (a stay that is paid in two rows).
        delimiter: Cell separator of a CSV file; default the source's.
        encoding: Text encoding; default the source's.
        decimal: Decimal separator; default the source's.
        header: The row of its header; 0 for the first row that is not blank. Rows above are ignored.
    """

    several_lines: ClassVar[frozenset[str]] = frozenset({"query", "delimiter"})

    file: str = ""
    relation: str = ""
    query: str = ""
    columns: dict[str, ColumnMapping] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    skip: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fill: tuple[str, ...] = ()
    numbered: dict[str, str] = Field(default_factory=dict)
    sum: tuple[str, ...] = ()
    delimiter: Annotated[str, StringConstraints(max_length=1)] = ""
    encoding: Encoding = ""
    decimal: Literal["", ".", ","] = ""
    header: Annotated[int, Field(ge=0)] = 0

    @field_validator("columns", mode="before")
    @classmethod
    def _header_alone(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {name: {"from": value} if isinstance(value, str) else value for name, value in columns.items()}

    @model_validator(mode="after")
    def _relation_or_query(self) -> TableMapping:
        if self.relation and self.query:
            msg = "state relation or query, not both"
            raise ValueError(msg)
        if self.query and (why := refusal(self.query)):
            msg = f"query {why}"
            raise ValueError(msg)
        return self


def _misused(table: Table, mapping: TableMapping) -> Iterator[str]:
    """Settings that a column cannot have, each with what to do instead."""
    for name, mapped in mapping.columns.items():
        if table.kind(name) == "date" and "zone" in mapped.model_fields_set:
            yield f"{table.name}.{name} is a day, and a day has no zone: remove `zone` and export the local days"
        if (table.name, name) in EXHAUSTIVE and OTHERS in mapped.values:
            yield (
                f"{table.name}.{name}: `{OTHERS}` would file an unknown word as {mapped.values[OTHERS]} in silence; "
                "name every word of the source, so that an unknown one is refused"
            )
        if mapped.hash and table.kind(name) != "string":
            yield f"{table.name}.{name} is no text, so `hash` cannot stand for it"
    for name in mapping.sum:
        if table.kind(name) not in {"integer", "number"}:
            yield f"{table.name}.{name} is not a number, so `sum` cannot add it up"


class _Source(Strict):
    """What every source has.

    Attributes:
        name: Its name in messages.
        tables: How it names and writes them. A table that several sources have must be named here by each.
        sample: Whether its data is a sample.
        activity: Account to the cash-flow activity of transactions that touch it: an account by its name or the
            beginning of it, or all accounts of a type or subtype. The first match counts. Without one, transactions
            with an equity account are financing; the others have the ledger's constant, else are operating.
        natural: Whether its ledger has an amount positive where it adds to its account, so that sales are positive.
    """

    name: Identifier
    tables: dict[TableName, TableMapping] = Field(default_factory=dict)
    sample: bool = False
    activity: dict[str, Activity] = Field(default_factory=dict)
    natural: bool = False

    @field_validator("tables")
    @classmethod
    def _known_names(cls, tables: dict[str, TableMapping]) -> dict[str, TableMapping]:
        for table, mapping in tables.items():
            if table not in schema():
                msg = f"{table} is not a table of the schema (there are {', '.join(schema())})"
                raise ValueError(msg)
            known = schema()[table].columns.keys() - ORIGIN
            named = {*mapping.columns, *mapping.constants, *mapping.numbered, *mapping.sum}
            unknown = sorted(named - known)
            if unknown:
                msg = f"{table} has no columns {', '.join(unknown)}; it has {', '.join(sorted(known))}"
                raise ValueError(msg)
            if wrong := next(_misused(schema()[table], mapping), ""):
                raise ValueError(wrong)
        return tables


class FolderSource(_Source):
    """A folder or bucket of CSV and Parquet files.

    Attributes:
        location: A folder (relative to ``sources.yaml``) or ``s3://bucket/prefix``.
        delimiter: Default cell separator of its CSV files.
        encoding: Their default text encoding.
        decimal: Their default decimal separator.
    """

    kind: Literal["folder"]
    location: Annotated[str, Field(min_length=1)]
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    encoding: Encoding = "utf-8"
    decimal: Literal[".", ","] = "."

    def mapping(self, table: str) -> TableMapping:
        """How this source names and writes a table, with the source's defaults."""
        own = self.tables.get(table, UNMAPPED)
        return own.model_copy(
            update={name: getattr(own, name) or getattr(self, name) for name in ("delimiter", "encoding", "decimal")}
        )


class SqlSource(_Source):
    """A database.

    Attributes:
        url_from: The environment variable with the SQLAlchemy URL, which is never in a file.
        schema_name: Database schema (``schema`` in YAML).
        only: Whether to read only the tables under ``tables``, instead of every table of the schema.
    """

    kind: Literal["sql"]
    url_from: Variable
    schema_name: Annotated[str | None, Field(alias="schema")] = None
    only: bool = False


class JournalSource(_Source):
    """A plain-text journal with the tables ``ledger`` and ``account``; several journals may add to them.

    Attributes:
        program: The program that reads it.
        location: The journal file, relative to ``sources.yaml``.
        entity_id: The entity of all its accounts, or …
        entity_component: … the part of an account's name that is the entity (1 for ``Assets:jada:Cash``).
        cash: Cash accounts, by name or prefix.
        symbols: Commodity to its currency ({$: CAD}); otherwise $, £ and ¥ are those of the entity's base currency.
    """

    kind: Literal["journal"]
    program: Literal["beancount", "hledger"]
    location: Annotated[str, Field(min_length=1)]
    entity_id: str = ""
    entity_component: Annotated[int | None, Field(ge=1, le=6)] = None
    cash: tuple[str, ...] = ()
    symbols: dict[str, Currency] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_entity_rule(self) -> JournalSource:
        if bool(self.entity_id) == (self.entity_component is not None):
            msg = "state entity_id or entity_component, one of them"
            raise ValueError(msg)
        return self


Kinds = FolderSource | SqlSource | JournalSource
Source = Annotated[Kinds, Field(discriminator="kind")]
KINDS = tuple(get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(Kinds))
"""The values of ``kind`` in ``sources.yaml``."""


class Sources(Strict):
    """Every source; a table comes from one of them, unless all that have it name it under ``tables``.

    Attributes:
        sources: In the order in which they are read.
        folder: The folder of ``sources.yaml``, where relative locations start.
    """

    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    folder: Path = Path()


def load(path: Path) -> Sources:
    """The sources in a file; without it, the folder ``data`` next to where it would be.

    Raises:
        ConfigError: neither is there, the file is not YAML, or it has a wrong field.
    """
    if not path.exists() and (path.parent / DATA).is_dir():
        return Sources(sources=(FolderSource(name=DATA, kind="folder", location=DATA),), folder=path.parent)
    content = config_files.read(path)
    try:
        return Sources.model_validate({"sources": content, "folder": path.parent})
    except ValidationError as error:
        place = config_files.in_list(path, content, "name", "source", tags=KINDS)
        raise config_files.refused(error, place, show=False) from None


DATA = "data"
"""The folder of a group that names no source."""
UNMAPPED = TableMapping()
