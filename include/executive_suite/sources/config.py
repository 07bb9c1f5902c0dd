"""``sources.yaml``: where the tables come from and how their columns are called there; validated, without secrets."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from executive_suite import config_files
from executive_suite.config import Identifier
from executive_suite.period import time_zones
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, schema

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        msg = f"{name!r} is not an encoding (utf-8, cp1252, latin-1, utf-16 …)"
        raise ValueError(msg) from None


Encoding = Annotated[str, AfterValidator(_known_encoding)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


class ColumnMapping(_Strict):
    """How one column is called and written in the source.

    Attributes:
        name: Its header there (``from`` in YAML).
        debit: Instead of ``from``, for an amount in two columns: the header of the debits …
        credit: … and that of the credits, which are taken off.
        unit: ``dollars`` or ``main`` (any currency's main unit) is converted to cents exactly; ``cents`` is taken as it
            is.
        decimal: What separates decimals; the table's when blank.
        symbol: A currency's sign or code next to the amounts, not part of them.
        negate: Whether the source has the opposite sign (credit-positive).
        format: How dates and instants are written, in ``strptime`` codes; default ISO 8601.
        zone: IANA zone of instants written without one; default UTC.
        values: The source's words to the schema's; ``*`` stands for every other word.
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
        """The headers that the column is made from."""
        return (self.name,) if self.name else (self.debit, self.credit)


class TableMapping(_Strict):
    """How one table is found in the source.

    Attributes:
        file: File name in a folder; default ``<table>.csv`` or ``<table>.parquet``.
        relation: Name of the table or view in a database; default the schema's name.
        query: A SELECT instead of a whole relation.
        columns: Schema column to the header there, or to how it is written; others keep their names.
        constants: Schema column to a value that every row gets (``entity_id: jada``).
        skip: Header to the cells whose rows are no records (totals, subtotals; ``""`` is a blank one).
        fill: Headers whose blank cells repeat the cell above (the first line of a transaction has date and number).
        numbered: Schema column to the header whose every filled cell begins the next number (transactions of an export
            that does not number them).
        delimiter: What separates cells of a CSV file; the source's when blank.
        encoding: How its text is encoded; the source's when blank.
        decimal: What separates decimals in its numbers; the source's when blank.
        header: The row of its header; 0 is the first that is not blank. Rows above are passed over.
    """

    file: str = ""
    relation: str = ""
    query: str = ""
    columns: dict[str, ColumnMapping] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    skip: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fill: tuple[str, ...] = ()
    numbered: dict[str, str] = Field(default_factory=dict)
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
        return self


class _Source(_Strict):
    name: Identifier
    tables: dict[TableName, TableMapping] = Field(default_factory=dict)
    sample: bool = False

    @field_validator("tables")
    @classmethod
    def _known_names(cls, tables: dict[str, TableMapping]) -> dict[str, TableMapping]:
        for table, mapping in tables.items():
            if table not in schema():
                msg = f"{table} is not a table of the schema (there are {', '.join(schema())})"
                raise ValueError(msg)
            known = set(schema()[table].columns) - {SOURCE_FILE, SOURCE_ROW}
            unknown = sorted((set(mapping.columns) | set(mapping.constants) | set(mapping.numbered)) - known)
            if unknown:
                msg = f"{table} has no columns {', '.join(unknown)}; it has {', '.join(sorted(known))}"
                raise ValueError(msg)
        return tables


class FolderSource(_Source):
    """A folder or bucket of CSV and Parquet files.

    Attributes:
        location: A folder (relative to ``sources.yaml``) or ``s3://bucket/prefix``.
        delimiter: What separates cells of its CSV files, where a table states nothing else.
        encoding: How their text is encoded, likewise.
        decimal: What separates decimals in their numbers, likewise.
    """

    kind: Literal["folder"]
    location: Annotated[str, Field(min_length=1)]
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    encoding: Encoding = "utf-8"
    decimal: Literal[".", ","] = "."

    def mapping(self, table: str) -> TableMapping:
        """How a table is found and written here."""
        own = self.tables.get(table, UNMAPPED)
        return own.model_copy(
            update={name: getattr(own, name) or getattr(self, name) for name in ("delimiter", "encoding", "decimal")}
        )


class SqlSource(_Source):
    """A database; every schema table that it has is read, or those under ``tables`` when ``only`` is set.

    Attributes:
        url_from: The environment variable that holds the SQLAlchemy URL; the URL itself is never in a file.
        schema_name: Database schema to look in (``schema`` in YAML).
        only: Read only the tables listed under ``tables``.
    """

    kind: Literal["sql"]
    url_from: Variable
    schema_name: Annotated[str | None, Field(alias="schema")] = None
    only: bool = False


class JournalSource(_Source):
    """A plain-text journal; gives the tables ``ledger`` and ``account``, to which several journals may add.

    Attributes:
        program: Whose format it is.
        location: The journal file, relative to ``sources.yaml``.
        entity_id: The entity whose books it holds.
        entity_component: Instead: which part of an account's name is the entity (1 for ``Assets:jada:Cash``).
        cash: Account names, or their beginnings, that hold cash.
        activity: Account name or beginning to cash-flow activity, for the lines of transactions that touch it.
    """

    kind: Literal["journal"]
    program: Literal["beancount", "hledger"]
    location: Annotated[str, Field(min_length=1)]
    entity_id: str = ""
    entity_component: Annotated[int | None, Field(ge=1, le=6)] = None
    cash: tuple[str, ...] = ()
    activity: dict[str, Literal["operating", "investing", "financing", "noncash"]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_entity_rule(self) -> JournalSource:
        if bool(self.entity_id) == (self.entity_component is not None):
            msg = "state entity_id or entity_component, one of them"
            raise ValueError(msg)
        return self


Kinds = FolderSource | SqlSource | JournalSource
Source = Annotated[Kinds, Field(discriminator="kind")]
KINDS = tuple(get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(Kinds))
"""As ``kind`` is written in ``sources.yaml``."""


class Sources(_Strict):
    """Every source; a table may come from one source only.

    Attributes:
        sources: In the order in which they are read.
        folder: Where ``sources.yaml`` is; relative locations start there.
    """

    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    folder: Path = Path()


def load(path: Path) -> Sources:
    """The sources that a file states.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field in it is wrong.
    """
    content = config_files.read(path)
    try:
        return Sources.model_validate({"sources": content, "folder": path.parent})
    except ValidationError as error:
        place = config_files.in_list(path, content, "name", "source", tags=KINDS)
        raise config_files.refused(error, place, show=False) from None


UNMAPPED = TableMapping()
