"""Alerts of Dependabot as findings: from the JSON of GitHub's REST API, or from a table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from executive_suite.adopt.reading import NotReadableError, Origin, Reading, Record
from executive_suite.adopt.sheet import Sheet
from executive_suite.adopt.upload import Upload

_REPOSITORY = re.compile(r"github\.com/(?:repos/)?(?P<owner>[^/]+)/(?P<name>[^/]+)/")
_VECTOR = re.compile(r"CVSS:(?P<version>\d\.\d)/")
_OLD = "2.0"


def from_json(upload: Upload) -> Reading | None:
    """The alerts of a JSON file; None if it has none."""
    text = upload.text.lstrip()
    if text[:1] not in {"[", "{"} or "security_advisory" not in text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"{upload.name}: is not JSON: {error}"
        raise NotReadableError(msg) from None
    every = found if isinstance(found, list) else [found]
    alerts = [one for part in every for one in (part if isinstance(part, list) else [part])]
    records = tuple(
        Record("finding", _of_json(upload, one), Origin(upload.name, number)) for number, one in enumerate(alerts, 1)
    )
    return reading(upload, records)


def _of_json(upload: Upload, one: Mapping[str, Any]) -> dict[str, str]:
    try:
        advisory, link = one["security_advisory"], str(one.get("html_url") or one.get("url") or "")
        repository = str((one.get("repository") or {}).get("name") or _name(link))
        cvss = _cvss(advisory)
        weak = [str(weakness["cwe_id"]) for weakness in advisory.get("cwes") or ()]
        package = str(one["dependency"]["package"]["name"])
        return finding(
            repository,
            str(one["number"]),
            f"{package}: {advisory.get('summary') or advisory.get('ghsa_id')}",
            opened=str(one["created_at"])[:10],
            closed=str(one.get("fixed_at") or one.get("dismissed_at") or one.get("auto_dismissed_at") or "")[:10],
            cve=str(advisory.get("cve_id") or ""),
            cwe=weak[0] if weak else "",
            vector=cvss,
        )
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"{upload.name}: an alert without {error}; the answer of GitHub's REST API was looked for"
        raise NotReadableError(msg) from None


def _cvss(advisory: Mapping[str, Any]) -> str:
    """The vector of the newest version that has one."""
    severities = advisory.get("cvss_severities") or {}
    for version in ("cvss_v4", "cvss_v3"):
        if vector := (severities.get(version) or {}).get("vector_string"):
            return str(vector)
    return str((advisory.get("cvss") or {}).get("vector_string") or "")


def _name(link: str) -> str:
    found = _REPOSITORY.search(link)
    return found["name"] if found else ""


def from_table(one: Sheet) -> Reading:
    """The alerts of a table."""
    return reading(one.upload, tuple(_rows(one)))


def _rows(one: Sheet) -> Iterator[Record]:
    for row in one.rows:
        opened = row.text("day")[:10]
        if not opened:
            continue
        repository = row.text("repository").rpartition("/")[2] or _name(row.text("link"))
        title = row.text("name") or row.text("advisory")
        closed = (row.text("fixed") or row.text("dismissed"))[:10]
        if not closed and row.text("status").casefold() in {"fixed", "dismissed", "closed", "auto_dismissed"}:
            raise one.refused(row.number, f"the alert is {row.text('status')}, and no day says since when")
        values = finding(
            repository,
            row.text("id"),
            f"{row.text('package')}: {title}" if title else row.text("package"),
            opened=opened,
            closed=closed,
            cve=row.text("cve"),
            cwe=row.text("cwe").split(",")[0].strip(),
            vector=row.text("vector"),
        )
        yield Record("finding", values, one.origin(row))


def finding(
    repository: str, number: str, title: str, *, opened: str, closed: str, cve: str, cwe: str, vector: str
) -> dict[str, str]:
    """One alert as a row of table ``finding``; its stack is the repository."""
    version = _VECTOR.match(vector)
    return {
        "finding_id": "-".join(filter(None, ("dependabot", repository, number))),
        "stack": repository or "ALL",
        "kind": "security",
        "title": title,
        "cve": cve,
        "cwe": cwe,
        "cvss_version": version["version"] if version else _OLD if vector else "",
        "cvss_vector": vector,
        "opened_on": opened,
        "closed_on": closed,
    }


def reading(upload: Upload, records: tuple[Record, ...]) -> Reading:
    """All alerts of a file.

    Raises:
        NotReadableError: there is none.
    """
    if not records:
        msg = f"{upload.name}: no alert"
        raise NotReadableError(msg)
    return replace(upload.reading("GitHub", "Dependabot alerts", "register"), records=records)
