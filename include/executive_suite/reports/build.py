"""One report of a run: from its figures to the bytes that are archived, approved and sent."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from types import ModuleType
from typing import Any

from executive_suite import config, formats
from executive_suite.document import Document, Part, archive_key
from executive_suite.facts.definition import definition_of
from executive_suite.facts.figures import Figures
from executive_suite.rendering import glyphs, mail_html, pdf, render, workbook
from executive_suite.rendering.blocks import Chart, DefinitionItem, Page, Table, View
from executive_suite.rendering.workbook.sheets import Sheet
from executive_suite.reports import bound, diary, drill, edition, evidence, filled, frame, kpis, retold, story, subject
from executive_suite.reports.bound import Explained
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.setting import tidy
from executive_suite.wording import ENGLISH, noted, say
from executive_suite.written import Written, recording

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    diary.EXTENSION: diary.MEDIA_TYPE,
}
LARGEST_PAGE = 1_500_000
"""Bytes of an archived page."""
MOST_ROWS = (8, 4, 2, 1, 0)
"""Rows of one table that the page lists for one figure: fewer where it would be larger than that."""
UNSET = ("txt", "html", "xlsx", diary.EXTENSION)
"""Formats that need no typesetter."""
ENCLOSED = {"pdf": noted("PDF"), "xlsx": noted("workbook"), diary.EXTENSION: noted("calendar")}
"""What a mail calls its attachments."""


def build(figures: Figures, report: config.Report, *, revision: int = 1, replaces: tuple[str, ...] = ()) -> Document:
    """Render one report.

    Args:
        figures: The figures of the run.
        report: Its entry in ``reports.yaml``.
        revision: From 1; a later one corrects a report that was sent.
        replaces: For a later revision, the first lines: what it replaces and which figures changed.

    Returns:
        The document in every format that the configuration asks for.

    Raises:
        AttributeError, ModuleNotFoundError: the configured view does not exist.
    """
    with _speaking(figures, report):
        s = Selection(retold.figures(figures))
        return _built(s, report, _checked(s, report, revision, replaces), revision)


def prepare(report: config.Report) -> None:
    """Import, compile and look up what the report needs each time, for processes that are forked from this one.

    It is made once from no figures at all, in the formats that need no typesetter, which must not run before a fork.
    """
    render.prepare(report.template)
    nothing = Figures(date(1970, 1, 1), cut_off="", zone="UTC", dataset_hash="", facts=())
    build(nothing, report.model_copy(update={"formats": UNSET}))


def attempt(figures: Figures, report: config.Report) -> Document | str:
    """A report rendered, or one line that says what it needs if there is nothing that it could tell its reader."""
    with _speaking(figures, report):
        s = Selection(retold.figures(figures))
        made = _checked(s, report)
        return _needs(s.figures, report, made) or _built(s, report, made, 1)


def _speaking(figures: Figures, report: config.Report) -> AbstractContextManager[None]:
    return formats.speaking(figures.currency, figures.locale, figures.report_date, report.language or ENGLISH)


def _built(s: Selection, report: config.Report, made: Made, revision: int) -> Document:
    figures = s.figures
    view, brief = made.shown, report.mail == "brief"
    sent = replace(view, page=made.mailed) if brief else view
    template = report.template if view is made.whole else filled.TEMPLATE
    page: Page = view.page
    blocks = tuple(blocks_of(view))
    mailed = tuple(blocks_of(sent.page.picture)) if brief else blocks
    charts = [block for block in mailed if isinstance(block, Chart) and block.svg]
    with ThreadPoolExecutor(max_workers=2) as typesetting:  # takes longest, and releases the interpreter lock
        drawn = typesetting.submit(_pictures, page, charts, dark=brief)
        text = render.as_text(template, view)
        files = {"txt": text.encode()}
        if diary.EXTENSION in report.formats and (entries := _diary(s, view, revision)):
            files[diary.EXTENSION] = entries
        paper = None
        if "pdf" in report.formats:
            source = partial(_on_paper, template, view, respelled=glyphs.spelled(text) != text)
            paper = typesetting.submit(copy_context().run, pdf.fitted, source, figures.report_date)
        key = archive_key(figures.report_date, report.file_name, "html")
        enclosed = render.Enclosed(
            key,
            tuple(
                say(words)
                for extension, words in ENCLOSED.items()
                if extension in (files if extension == diary.EXTENSION else report.formats)
            ),
        )
        mail = mail_html.fitted(
            lambda limits: mail_html.inlined(render.as_mail(template, sent, enclosed, limits)),
            render.BRIEF if brief else render.MAIL_LIMITS,
        )
        told = bound.explained((view,), figures, made.written)
        rows = evidence.file(figures, drill.facts_shown(blocks))
        if rows:
            files[evidence.EXTENSION] = rows
        files["html"] = _page(s, report, template, view, blocks, told)
        if "xlsx" in report.formats:
            files["xlsx"] = workbook.make(page, blocks, figures.report_date, _sheets(s, report))
        if paper:
            files["pdf"] = paper.result()
    return Document(
        report=report.report,
        file_name=report.file_name,
        report_type=report.report_type,
        entity=report.entity,
        report_date=figures.report_date,
        subject=subject.of(figures, report, revision),
        text=text,
        mail_html=mail,
        files=files,
        pictures=tuple(part for part in drawn.result() if part.content_id in mail),
        attachments=tuple(
            Part(f"{report.file_name}-{figures.report_date}.{extension}", media, files[extension])
            for extension, media in MEDIA_TYPES.items()
            if extension in files
        ),
    )


def _on_paper(template: str, view: View, shorter: float, *, respelled: bool) -> str:
    return render.as_typst(template, view, respelled=respelled, shorter=shorter)


def _sheets(s: Selection, report: config.Report) -> tuple[Sheet, ...]:
    """The sheets that a report's reader works in; most reports have none but their tables."""
    made = getattr(_module(report), "sheets", None)
    return made(s) if made else ()


def _diary(s: Selection, view: View, revision: int) -> bytes:
    sections = {part.title: tuple(blocks_of(part)) for part in view.sections.values()}
    return diary.file(s, view.page, sections, revision=revision)


def _module(report: config.Report) -> ModuleType:
    return importlib.import_module(report.view.partition(":")[0])


def _page(
    s: Selection,
    report: config.Report,
    template: str,
    view: View,
    blocks: Sequence[Any],
    told: Sequence[Explained],
) -> bytes:
    """The archived page with what is behind it, as many rows of it as fit."""
    name = f"{report.file_name}.{evidence.EXTENSION}" if s.figures.sources.facts else ""
    body = b""
    for most in MOST_ROWS:
        behind = drill.behind(s, view, blocks, told, evidence=name, most=most)
        body = render.as_html(template, view, behind).encode()
        if len(body) <= LARGEST_PAGE:
            break
    return body


def shown(figures: Figures, report: config.Report) -> tuple[str, ...]:
    """Ids of the facts that a report shows, in its cells, figures and charts and in its sentences."""
    made, told = parts_of(figures, report)
    named = (name for one in bound.explained((made.whole,), told, made.written) for name in one.facts)
    return tuple(dict.fromkeys((*drill.facts_shown(blocks_of(made.whole)), *named)))


def _pictures(page: Page, charts: Sequence[Chart], *, dark: bool) -> tuple[Part, ...]:
    """The pictures of a mail; those of a brief in both schemes, those of a whole mail, which are many, on white."""
    drawn = mail_html.pictures(charts) + (mail_html.dark_pictures(charts) if dark else ())
    return mail_html.logo(page.brand) + drawn


@dataclass(frozen=True, slots=True)
class Made:
    """A report before it is rendered.

    Attributes:
        whole: Page one and the sections that its template may show.
        shown: The same, or what it needs instead if it has too few figures.
        mailed: Page one of its mail: that of ``shown``, or what has changed since the earlier edition of the month.
        written: What the sentences of all of them are made of.
    """

    whole: View
    shown: View
    mailed: Page
    written: Written

    @property
    def views(self) -> tuple[View, ...]:
        """Everything that a reader may be told, the sentences of the mail last."""
        return (self.whole, *((self.shown,) if self.shown is not self.whole else ()), View(self.mailed, {}))


def view_of(figures: Figures, report: config.Report, *, revision: int = 1, replaces: tuple[str, ...] = ()) -> View:
    """A report before it is rendered: page one and the sections that its template may show.

    Raises:
        UnboundError: a sentence states something that nothing in the run accounts for.
    """
    return _checked(Selection(figures), report, revision, replaces).whole


def not_made(figures: Figures, report: config.Report) -> str:
    """One line that says what a report needs, if there is nothing that it could tell its reader; else nothing."""
    with _speaking(figures, report):
        told = retold.figures(figures)
        return _needs(told, report, _checked(Selection(told), report))


def _needs(figures: Figures, report: config.Report, made: Made) -> str:
    page = made.whole.page
    return filled.not_made(say(report.title), page) if filled.empty(page, figures) else ""


def explained(figures: Figures, report: config.Report) -> tuple[Explained, ...]:
    """What each sentence of a report rests on, those of its mail included."""
    made, told = parts_of(figures, report)
    return bound.explained(made.views, told, made.written)


def parts_of(figures: Figures, report: config.Report) -> tuple[Made, Figures]:
    """A report before it is rendered, and the figures in its language."""
    with _speaking(figures, report):
        told = retold.figures(figures)
        return _recorded(Selection(told), report), told


def _checked(s: Selection, report: config.Report, revision: int = 1, replaces: tuple[str, ...] = ()) -> Made:
    """A report before it is rendered, every sentence of it accounted for."""
    made = _recorded(s, report, revision, replaces)
    bound.check(made.views, s.figures, made.written)
    return made


def _recorded(s: Selection, report: config.Report, revision: int = 1, replaces: tuple[str, ...] = ()) -> Made:
    """A report before it is rendered, and which facts its words were written from."""
    with recording() as written:
        whole = _view_of(s, report, revision, replaces)
        shown = whole if filled.enough(whole.page) else _with_tables_set(filled.needs(whole))
        mailed = edition.of(s, shown.page) if report.mail == "brief" else shown.page
    return Made(whole, shown, mailed, written)


def _view_of(s: Selection, report: config.Report, revision: int, replaces: tuple[str, ...]) -> View:
    figures = s.figures
    base = frame.page(figures, report, revision=revision, replaces=replaces)
    view: View = getattr(_module(report), report.view.partition(":")[2])(s, base)
    shown = tuple(blocks_of(view))
    used = sorted({block.metric_id for block in shown if getattr(block, "metric_id", "")})
    page = replace(
        view.page,
        definitions=tuple(_definition(metric_id) for metric_id in used),
        kpis=kpis.chosen(view.page.kpis),
        decisions=view.page.decisions or frame.supplies(figures, view.page),
        assumed=any(getattr(block, "assumed", False) for block in shown),
    )
    page = story.composed(s, page)
    return _with_tables_set(replace(view, page=page))


def _with_tables_set(view: View) -> View:
    sections = {
        name: replace(part, blocks=_set(part.blocks), rows=_set(part.rows)) for name, part in view.sections.items()
    }
    return View(replace(view.page, changes=tidy(view.page.changes)), sections)


def _set(blocks: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tidy(block) if isinstance(block, Table) else block for name, block in blocks.items()}


def blocks_of(item: Any) -> Iterator[Any]:
    """Every block of a view, containers before what they hold, in order."""
    names = _fields_of(type(item))
    if names is not None:
        yield item
        for name in names:
            inner = getattr(item, name)
            if not isinstance(inner, str | int | Decimal | None):
                yield from blocks_of(inner)
    elif isinstance(item, tuple):
        for part in item:
            yield from blocks_of(part)
    elif isinstance(item, Mapping):
        for part in item.values():
            yield from blocks_of(part)


def _fields_of(kind: type) -> tuple[str, ...] | None:
    """Names of the fields of a block, None for what is none; asked for every cell."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
    return _FIELDS[kind]


_FIELDS: dict[type, tuple[str, ...] | None] = {}


def _definition(metric_id: str) -> DefinitionItem:
    found = definition_of(metric_id)
    unit = formats.unit(found.unit) or say("count")
    return DefinitionItem(metric_id, say(found.name), unit, say(found.definition), found.source)
