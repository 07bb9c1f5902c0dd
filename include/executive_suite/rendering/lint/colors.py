"""Rules for colors: enough contrast between letters and background by WCAG 2.2 (1.4.3), in light and dark schemes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from executive_suite.rendering.contrast import ENOUGH, contrast
from executive_suite.rendering.lint.remark import Remark

_PAPER, _INK = "#ffffff", "#000000"
_VARIABLES = re.compile(r":root\{([^}]*)\}")
_VARIABLE = re.compile(r"--(\w+):(#[0-9a-fA-F]{3,6})")
_LETTERS = ("ink", "soft", "fine", "watch", "act", "brand")
_BEHIND = ("paper", "wash")
_COLOR = re.compile(r"(?<![-\w])color:\s*(#[0-9a-fA-F]{3,6})")
_BACKGROUND = re.compile(r"background(?:-color)?:\s*(#[0-9a-fA-F]{3,6})")
_RULES = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DARK = re.compile(r"@media \(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)")


def check_page(page: str) -> Iterator[Remark]:
    """The page's named colors, in both schemes, and the letters of its charts."""
    light = dict(_VARIABLE.findall("".join(_VARIABLES.findall(_DARK.sub("", page)))))
    dark = dict(_VARIABLE.findall("".join(_VARIABLES.findall("".join(_DARK.findall(page))))))
    for named in (light, {**light, **dark}):
        for letters in _LETTERS:
            for behind in _BEHIND:
                if letters in named and behind in named:
                    yield from _compared("page", f"{letters} on {behind}", named[letters], named[behind])
    for color in sorted(set(re.findall(r"<text[^>]*\sfill=\"(#[0-9a-f]{6})\"", page))):
        yield from _compared("page", "letters of a chart", color, _PAPER)


def check_mail(mail: str, tree: html.HtmlElement) -> Iterator[Remark]:
    """The mail's letters as styled on their elements, and every pair of colors that its dark scheme allows."""
    pairs = set()
    for element in tree.iter():
        if isinstance(element.tag, str) and (element.text or "").strip() and element.tag not in {"style", "title"}:
            pairs.add((_found(element, _COLOR, _INK), _found(element, _BACKGROUND, _PAPER)))
    for letters, behind in sorted(pairs):
        yield from _compared("mail", "light scheme", letters, behind)
    for block in _DARK.findall(mail):
        yield from _forgotten(tree, block)
        for letters in sorted(set(_COLOR.findall(block))):
            for behind in sorted(set(_BACKGROUND.findall(block))):
                yield from _compared("mail", "dark scheme", letters, behind)


def _forgotten(tree: html.HtmlElement, block: str) -> Iterator[Remark]:
    """Elements with a color that the dark scheme does not replace."""
    colored = ",".join(names for names, words in _RULES.findall(block) if _COLOR.search(words))
    classes, tags = set(re.findall(r"\.([\w-]+)(?=[,\s]|$)", colored)), set(re.findall(r"\s(\w+)(?=,|$)", colored))
    found = {
        element.get("class", "") or str(element.tag)
        for element in tree.xpath("//*[@style]")
        if _COLOR.search(element.get("style"))
        and not classes & set(element.get("class", "").split())
        and element.tag not in tags
    }
    yield from (Remark("mail", "a color that the dark scheme does not replace", name) for name in sorted(found))


def _compared(part: str, where: str, letters: str, behind: str) -> Iterator[Remark]:
    ratio = contrast(letters, behind)
    if ratio < ENOUGH:
        yield Remark(
            part, "letters with too little contrast", f"{where}: {letters} on {behind}, {ratio:.1f} of {ENOUGH}"
        )


def _found(element: html.HtmlElement, pattern: re.Pattern[str], default: str) -> str:
    """The color in force at an element: its own, else that of the nearest element around it."""
    for around in (element, *element.iterancestors()):
        declared = pattern.findall(around.get("style", ""))
        if declared:
            return str(declared[-1])
    return default
