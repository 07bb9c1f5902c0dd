"""The room's pages: HTML from templates, escaped, with headers that let nothing else run in them."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from executive_suite import __version__, config, formats
from executive_suite.folders import INCLUDE
from executive_suite.reports import phrases
from executive_suite.room.visit import Visit
from executive_suite.room.words import MARKS, STATES

STATIC = INCLUDE / "templates" / "room" / "static"
OWN = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
"""Content-Security-Policy of the room's own pages: everything from here, and nothing inline."""
FOREIGN = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'"
)
"""Of a report's page and of a mail, which are shown in a frame: no script, no form, no way out, no network."""


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def coded(text: str) -> Markup:
    """Text with what is in backticks as code.

    >>> coded("`settle` it if it is <there>")
    Markup('<code>settle</code> it if it is &lt;there&gt;')
    """
    parts = (escape(part) for part in text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(INCLUDE / "templates" / "room"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        states=STATES,
        marks=MARKS,
        version=__version__,
        day=formats.day,
        number=formats.number,
        stake=formats.stake,
        sentence=phrases.sentence,
        capital=phrases.capital,
        size=_size,
    )
    made.filters.update(capital=phrases.capital, coded=coded)
    return made


def _size(count: int) -> str:
    """How large a file is."""
    return f"{formats.number(max(1, round(count / 1000)))} kB"


def page(
    visit: Visit, template: str, *, title: str, status: int = 200, currency: str = "USD", **values: Any
) -> Response:
    """A page of the room, in the group's locale; ``currency`` is that of the amounts on it."""
    group = config.group(visit.opened.config_folder)

    def moment(value: datetime | str) -> str:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        at = at.astimezone(visit.opened.settings.zone)
        return f"{formats.day(at.date())}, {at:%H:%M}"

    def dated(text: str) -> str:
        """What happened, with moments as people write them."""
        return _INSTANT.sub(lambda found: moment(found.group()), text)

    with formats.speaking(currency, group.locale):
        html = (
            _templates()
            .get_template(template)
            .render(visit=visit, home=visit.home, title=title, name=group.name, moment=moment, dated=dated, **values)
        )
    return Response(html, status, media_type="text/html")


def groups(home: str, names: tuple[str, ...]) -> Response:
    """The choice of a group, where there are several."""
    return Response(_templates().get_template("groups.j2").render(home=home, names=names), media_type="text/html")


def refusal(status: int, text: str, *, html: bool) -> Response:
    """Why something is not shown or done: a page for people, JSON for the room's script."""
    if not html:
        return JSONResponse({"detail": text}, status)
    return Response(
        _templates().get_template("refusal.j2").render(status=status, text=text), status, media_type="text/html"
    )
