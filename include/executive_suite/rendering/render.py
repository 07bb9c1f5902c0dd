"""Views to text, HTML, mail and Typst: one template per report, one file of macros per format."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined, pass_eval_context
from jinja2.bccache import Bucket
from jinja2.nodes import EvalContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from executive_suite import formats
from executive_suite.folders import INCLUDE
from executive_suite.rendering import (
    brandmark,
    coverage,
    fit,
    mail_html,
    page_parts,
    page_rows,
    paper,
    reading,
    text_layout,
    text_lines,
    typesetter,
)
from executive_suite.rendering.blocks import SYMBOLS, verdict
from executive_suite.rendering.drill import NO_DRILL, Anchors, Drill
from executive_suite.rendering.glyphs import spelled
from executive_suite.rendering.sparkline import bars, sparkline
from executive_suite.wording import language, say, say_many

TEMPLATES = INCLUDE / "templates"


@dataclass(frozen=True, slots=True)
class MailLimits:
    """How much of a report a mail shows; the rest is in the archived report and in the plain-text part.

    Attributes:
        most_rows: Of a table.
        most_findings: Of a list of findings.
        sections: Whether what follows page one is shown at all.
        brief: Whether page one is all that the mail is to have; a whole mail without sections says what it lacks.
    """

    most_rows: int
    most_findings: int
    sections: bool = True
    brief: bool = False


MAIL_LIMITS = (MailLimits(12, 8), MailLimits(8, 4), MailLimits(4, 2), MailLimits(8, 0, sections=False))
"""Of a whole mail, from the longest down to page one alone."""
BRIEF = (MailLimits(8, 0, sections=False, brief=True),)
"""Of a brief."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Where a mail's reader finds the whole report.

    Attributes:
        page: The archive key of the page.
        files: What is attached, in words ("PDF"); empty for nothing.
    """

    page: str
    files: tuple[str, ...] = ()


_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def visible(text: str) -> str:
    """``text`` without control characters and without those that change the direction of text."""
    return _INVISIBLE.sub("", text)


def as_text(template: str, view: Any) -> str:
    """The plain-text part; lines end with a newline, no more than one blank line between blocks."""
    body = _environment("text").get_template(template).render(_context("text", view))
    lines = "\n".join(line.rstrip() for line in str(body).splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def as_html(template: str, view: Any, behind: Drill = NO_DRILL) -> str:
    """The archived page, with what is behind its figures."""
    options = {"anchors": Anchors(behind)}
    return _squeezed(_environment("html").get_template(template).render(_context("html", view, options)))


def as_mail(template: str, view: Any, enclosed: Enclosed, limits: MailLimits = MAIL_LIMITS[0]) -> str:
    """The mail, before its styles are inlined."""
    options = {**asdict(limits), "enclosed": enclosed, "logo_id": mail_html.LOGO_ID}
    return _squeezed(_environment("mail").get_template(template).render(_context("mail", view, options)))


def as_typst(template: str, view: Any, *, respelled: bool = False, shorter: float = 0) -> str:
    """Typst source of the printed report.

    Args:
        template: Of the report.
        view: The report.
        respelled: Whether a note says that some names are spelled in Latin letters.
        shorter: Points by which its body has to be shorter (``pdf.fitted``).
    """
    context = _context("typst", view, {"respelled": respelled, "shorter": shorter})
    return str(_environment("typst").get_template(template).render(context))


def alone(name: str, macro: str, block: Any) -> str:
    """One macro of a format on its own: ``text``, ``html``, ``mail`` (styles not inlined) or ``typst`` source."""
    given = {
        "text": {},
        "html": {"anchors": Anchors(NO_DRILL)},
        "mail": {**asdict(MAIL_LIMITS[0]), "logo_id": mail_html.LOGO_ID},
        "typst": {"respelled": False, "shorter": 0},
    }[name]
    return str(getattr(_macros(name, given), macro)(block))


def prepare(template: str) -> None:
    """Compile a report's template and the macros of every format, for processes that are forked from this one."""
    for name in _FINALIZE:
        environment = _environment(name)
        environment.get_template(template)
        environment.get_template(f"formats/{name}.j2")


def _context(name: str, view: Any, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    macros = _macros(name, options or {})
    return {"ui": macros, "view": view, "page": view.page, "sections": getattr(view, "sections", {})}


def _macros(name: str, options: Mapping[str, Any]) -> Any:
    """The macros of a format, which see the options."""
    return _environment(name).get_template(f"formats/{name}.j2").make_module(dict(options))


def _squeezed(html: str) -> str:
    return re.sub(r"\n\s*\n+", "\n", html)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, with its verdict on an attribute cached by type: uncached it takes a third of the time."""

    def __init__(self, **options: Any) -> None:
        """An environment with an empty cache."""
        super().__init__(**options)
        self._judged: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read an attribute."""
        key = (type(obj), attr)
        if key not in self._judged:
            self._judged[key] = super().is_safe_attribute(obj, attr, value)
        return self._judged[key]


class _Compiled(BytecodeCache):
    """Compiled templates shared by all formats: the code is the same, and compiling takes a while."""

    def __init__(self) -> None:
        """An empty cache."""
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reuse the code compiled from the same source."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        if bucket.code:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


@cache
def _environment(name: str) -> _Sandbox:
    """Autoescape stays on in every format: a format's own escape marks what it made safe, the rest is HTML."""
    made = _Sandbox(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_FINALIZE[name],
        bytecode_cache=_COMPILED,
    )
    made.filters.update(_FILTERS)
    made.globals.update(
        stylesheet=_stylesheet,
        fonts=Markup(typesetter.STACK),
        reading=reading,
        symbols=SYMBOLS,
        verdict=verdict,
        say=say,
        say_many=say_many,
        language=language,
        paper=lambda: formats.paper(),  # noqa: PLW0108 - the locale of the report at hand
        region=lambda: formats.region(),  # noqa: PLW0108 - as above
    )
    return made


def _quoted(value: Any) -> Markup:
    """A Typst string literal; nothing in it can end it."""
    return Markup(typesetter.literal(spelled(visible(str(value)))))


def _unless_safe(escape: Callable[[Any], str]) -> Callable[[EvalContext, Any], Any]:
    # It takes a context that it does not use, so Jinja never runs it while compiling: with an escape folded in, the
    # code could not be shared by all formats.
    return pass_eval_context(lambda _, value: value if hasattr(value, "__html__") else escape(value))


_FINALIZE = {
    "text": _unless_safe(lambda value: Markup(visible(str(value)))),
    "html": _unless_safe(lambda value: visible(str(value))),
    "mail": _unless_safe(lambda value: visible(str(value))),
    "typst": _unless_safe(lambda value: Markup(f"#{_quoted(value)};")),
}


def _stylesheet(name: str) -> Markup:
    return Markup((TEMPLATES / "formats" / name).read_text(encoding="utf-8"))


def _sha256(text: str) -> str:
    """A style sheet as a Content-Security-Policy allows it: its SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(str(text).encode()).digest()).decode()


def _typst_list(parts: Iterable[str]) -> Markup:
    return Markup(f"({''.join(f'{part}, ' for part in parts)})")


def _typst_date(day: str) -> Markup:
    year, month, date = (int(part) for part in day.split("-"))
    return Markup(f"datetime(year: {year}, month: {month}, day: {date})")


def _text(function: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *args: Markup(visible(function(*args)))


_FILTERS: dict[str, Callable[..., Any]] = {
    "wrap": _text(lambda words, indent="": text_layout.wrap(str(words), indent=indent)),
    "hang": _text(lambda words: text_lines.hang(str(words))),
    "rule": _text(lambda words: "=" * min(text_layout.WIDTH, text_layout.width(str(words)))),
    "layout": _text(text_layout.table),
    "kpi_lines": _text(text_lines.kpi),
    "finding_lines": _text(text_lines.finding),
    "action_lines": _text(text_lines.action),
    "decision_lines": _text(text_lines.decision),
    "definition_lines": _text(text_lines.definition),
    "foot_lines": text_lines.foot,
    "covered": coverage.covered,
    "svg": lambda chart: Markup(chart.svg + chart.narrow),
    "quoted": _quoted,
    "quoted_plain": lambda words: Markup(typesetter.literal(str(words))),
    "raw": Markup,  # only for words written in a template
    "short_hash": lambda value: say("dataset {hash}", hash=str(value)[:16]),
    "listed": formats.series,
    "fits_phone": fit.phone,
    "rows": lambda table, lines, shape, anchors: page_rows.rows(table, lines, shape, anchors, visible),
    "below": fit.below,
    "unbroken": fit.unbroken,
    "leads": fit.leads,
    "kept": lambda words: fit.kept(str(words)),
    "color": lambda brand: Markup(brandmark.color(brand)),
    "color_on_dark": lambda brand: Markup(brandmark.color_on_dark(brand)),
    "initials": brandmark.initials,
    "logo_uri": brandmark.logo_uri,
    "bars": lambda kpi: bars(kpi.history),
    "sparkline": lambda kpi: Markup(sparkline(kpi.history, kpi.aim)),
    "body": page_parts.body,
    "contents": page_parts.contents,
    "slug": page_parts.slug,
    "sha256": _sha256,
    "source_rows": _text(page_parts.source_rows),
    "months": _text(page_parts.months),
    "count": lambda number: Markup(int(number)),
    "typst_columns": lambda table: _typst_list(paper.columns(table)),
    "typst_aligns": lambda table: _typst_list(column.align for column in table.columns),
    "typst_apart": lambda columns: _typst_list(paper.apart(columns)),
    "typst_date": _typst_date,
    "paper_share": paper.share,
    "drawn": lambda chart: _typst_list(f"({high:.4f}, {typesetter.literal(svg)})" for high, svg in paper.drawn(chart)),
    "lines": paper.lines,
    "pairs": paper.pairs,
}
