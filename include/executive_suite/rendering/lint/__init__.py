"""A linter for rendered reports: faults that no reader should see. Run by the tests and by ``build --strict``."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import html

from executive_suite.document import Document
from executive_suite.rendering.lint import causes, colors, definitions, length, mail, page, words
from executive_suite.rendering.lint.remark import Remark

__all__ = ["Remark", "across", "check"]


def check(document: Document) -> tuple[Remark, ...]:
    """Everything that the linter finds in a report's text, page and mail; empty when it is clean."""
    shown = document.files["html"].decode()
    tree = html.fromstring(shown)
    sent = html.fromstring(document.mail_html)
    return (
        *words.check(document.text),
        *page.check(shown, tree),
        *length.page_one("page", tree),
        *length.body(tree),
        *causes.check(tree),
        *definitions.check(tree),
        *colors.check_page(shown),
        *mail.check(document, sent),
        *length.page_one("mail", sent),
        *colors.check_mail(document.mail_html, sent),
    )


def across(documents: Iterable[Document]) -> tuple[Remark, ...]:
    """What the linter finds across the reports of a run: a term with two definitions."""
    return tuple(definitions.across(html.fromstring(d.files["html"].decode()) for d in documents))
