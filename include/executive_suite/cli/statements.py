"""``statements``: the financial statements of a report date on standard output, and nothing else there."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from executive_suite import formats
from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import AsOf, commands, examples
from executive_suite.rendering import spreadsheet

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context
    from executive_suite.statements.cells import Cell

app = commands()
Choice = Annotated[Literal["json", "csv", "table"], typer.Option("--format", help="For machines, or for people.")]
Entity = Annotated[
    str, typer.Option("--entity", metavar="ID", help="Only this entity, or parent, elimination or group.")
]


@app.command(
    epilog=examples("statements --as-of 2026-05-01", "statements --as-of 2026-05-01 --entity group --format table")
)
def statements(
    as_of: AsOf, data: Data = None, folder: ConfigFolder = CONFIG, entity: Entity = "", form: Choice = "json"
) -> None:
    """Print the financial statements of a report date, one row per cell.

    Balance sheet, income statement, cash flows (direct and indirect), trial balance, equity, receivables and payables:
    of each entity and consolidated, for the last thirteen complete months, the year to date and a year earlier.

    Standard error says what does not tie. Exit code 1 if the data has faults; nothing is printed then.
    """
    dataset = data_options.dataset(data, as_of, folder)
    from executive_suite import config
    from executive_suite.dataset.reporting_currency import reporting_currency
    from executive_suite.statements import report
    from executive_suite.statements.cells import DIFFERENCE

    data_options.print_notes(dataset.notes)
    with formats.speaking(reporting_currency(dataset.tables), config.group(folder).locale):
        made = report.statements(dataset.context)
        cells = _of_entity(made.cells, entity, dataset.context) if entity else made.cells
        for text in filter(None, (*made.missing, made.untied)):
            show.note(text)
        if open_ := sum(cell.line == DIFFERENCE for cell in cells):
            show.note(f"{formats.counted(open_, 'difference')}: what does not tie has line difference and says why")
        if form == "table":
            _show(cells)
        else:
            typer.echo(as_json(cells) if form == "json" else as_csv(cells), nl=False)


def _of_entity(cells: tuple[Cell, ...], entity: str, context: Context) -> tuple[Cell, ...]:
    """The cells of one column; the group's own entity is ``parent``, by its own id too.

    Raises:
        typer.BadParameter: there is no such column.
    """
    from executive_suite.dataset.group import affiliates
    from executive_suite.facts.fact import GROUP
    from executive_suite.statements.cells import ELIMINATION, PARENT
    from executive_suite.statements.worksheet import parent_of

    column = PARENT if entity == parent_of(context) != GROUP else entity
    known = dict.fromkeys([cell.entity_id for cell in cells] + sorted(affiliates(context)))
    if column not in {*known, PARENT, ELIMINATION, GROUP}:
        msg = f"{entity!r} is not an entity; there are {formats.series(list(known))}"
        raise typer.BadParameter(msg, param_hint="--entity")
    return tuple(cell for cell in cells if cell.entity_id == column)


def as_json(cells: tuple[Cell, ...]) -> bytes:
    """The cells as one JSON array, one cell a line."""
    lines = (json.dumps(cell.as_json(), ensure_ascii=False, separators=(",", ":")) for cell in cells)
    return ("[" + ",\n".join(lines) + "]\n").encode()


def as_csv(cells: tuple[Cell, ...]) -> bytes:
    """The cells as CSV, one row per cell."""
    from executive_suite.statements.cells import Cell

    return spreadsheet.as_csv((field.name for field in fields(Cell)), (cell.as_json().values() for cell in cells))


def _show(cells: tuple[Cell, ...]) -> None:
    show.table(
        ("statement", "entity", "period", "line", "label", "amount", "reason"),
        (
            (
                cell.statement,
                cell.entity_id,
                cell.period,
                cell.line,
                cell.label,
                formats.number(Decimal(cell.amount_cents).scaleb(-2), 2),
                cell.reason,
            )
            for cell in cells
        ),
    )
