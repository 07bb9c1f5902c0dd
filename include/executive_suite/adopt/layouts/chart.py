"""Charts of accounts: one row per account, with the program's word for its type."""

from __future__ import annotations

from collections.abc import Mapping

from executive_suite.adopt import classify, labels
from executive_suite.adopt.layouts import sides
from executive_suite.adopt.layouts.postings import reading
from executive_suite.adopt.reading import Account, NotReadableError, Reading, Total
from executive_suite.adopt.sheet import Sheet


def read(sheet: Sheet) -> Reading | None:
    """The accounts of a chart; their balances verify if the title says of which day they are.

    Returns:
        None if the profile is only tentative, and half of the words are those of no type.

    Raises:
        NotReadableError: no row names an account and its type.
    """
    rows = [row for row in sheet.rows if row.text("account") and labels.total_of(row.label) is None]
    codes = {row.text("account"): row.text("code") for row in rows}
    accounts = tuple(
        Account(
            (name := row.text("account")),
            code=codes[name],
            word=row.text("type"),
            currency=row.text("currency"),
            also=_also(name, codes),
        )
        for row in rows
        if row.text("type")
    )
    if not accounts:
        msg = f"{sheet.upload.name}: a chart of accounts without accounts"
        raise NotReadableError(msg)
    if sheet.profile.tentative and sum(classify.is_word(one.word) for one in accounts) * 2 <= len(accounts):
        return None
    as_of = sheet.title.period[1] if sheet.title.period else None
    totals = []
    for row in rows:
        side = sides.of_type(classify.kind_of(Account(row.text("account"), word=row.text("type"))).type)
        balance = sheet.amount(row, "balance")
        if as_of and side and balance is not None:
            totals.append(Total("balance", balance * side, as_of, sheet.origin(row), row.text("account")))
    return reading(sheet, accounts=accounts, totals=tuple(totals))


def _also(name: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    """The names under which reports show an account with its number, and the numbers of its parents."""
    if not codes[name]:
        return ()
    parts = name.split(":")
    paths = [":".join(parts[: place + 1]) for place in range(len(parts))]
    forms = ("{code} {part}", "{code} \u00b7 {part}", "{code} - {part}", "{part} ({code})")
    found = []
    for form in forms:
        numbered = [
            form.format(code=codes[path], part=part) if codes.get(path) else part
            for path, part in zip(paths, parts, strict=True)
        ]
        found += [":".join(numbered), numbered[-1]] if len(parts) > 1 else [numbered[-1]]
    return tuple(dict.fromkeys(found))
