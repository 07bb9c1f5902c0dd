"""``sign``: a signed copy next to each printed report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from executive_suite.cli import show
from executive_suite.cli.options import commands, examples

PASSWORD = "EXECUTIVE_SUITE_SIGNING_PASSWORD"  # noqa: S105 - the name of the variable  # pragma: allowlist secret - the name of a variable
app = commands()


@app.command(epilog=examples("sign cfo-report.pdf --key signer.p12"))
def sign(
    files: Annotated[
        list[Path], typer.Argument(metavar="PDF...", exists=True, dir_okay=False, help="Printed reports.")
    ],
    key: Annotated[
        Path,
        typer.Option("--key", envvar="EXECUTIVE_SUITE_SIGNING_KEY", metavar="FILE", help="PKCS#12 file of the signer."),
    ],
) -> None:
    """Write a signed copy (PAdES) of each printed report next to it: FILE.signed.pdf.

    The password of the key is read from EXECUTIVE_SUITE_SIGNING_PASSWORD. The report itself is not changed.
    """
    from executive_suite.archive import signature

    for path in files:
        made = path.with_suffix(".signed.pdf")
        made.write_bytes(signature.signed(path.read_bytes(), key, os.environ.get(PASSWORD, "")))
        show.line(str(made), "ok", width=7)
