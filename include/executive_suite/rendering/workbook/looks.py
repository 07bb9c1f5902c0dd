"""How cells look: number formats by the group's locale, and the few looks that a workbook needs."""

from __future__ import annotations

from typing import Any

from executive_suite import formats
from executive_suite.rendering.workbook.sheets import Kind, Look

_SOFT, _INPUT, _GROUP = "#555555", "#fff8dc", "#f1f3f5"


def codes() -> dict[Kind, str]:
    """Number formats by kind, in the form that Excel stores and shows in its reader's own separators.

    A negative amount is in parentheses where the accounts of the group's locale are, as in the United States, or has a
    minus sign, as in Germany (CLDR, accounting pattern); zero is a dash.
    """
    negative = "(#,##0.00)" if formats.parenthesized() else "-#,##0.00"
    after = "_)" if formats.parenthesized() else ""
    return {
        "text": "@",
        "money": f'#,##0.00{after};{negative};"\u2013"{after}',
        "ratio": f"0.0%{after};-0.0%{after}",
        "number": f"#,##0.##{after};-#,##0.##{after}",
        "whole": f"#,##0{after};-#,##0{after};0{after}",
        "date": formats.sheet_date(),
    }


class Looks:
    """The formats of one workbook, each made once: the file then has each once."""

    def __init__(self, book: Any, color: str) -> None:
        """No format yet; headings are in the group's color."""
        self._book = book
        self._color = color
        self._codes = codes()
        self._made: dict[tuple[Kind, Look, int], Any] = {}

    def of(self, kind: Kind, look: Look, indent: int = 0) -> Any:
        """The format of a cell."""
        key = kind, look, indent
        if key not in self._made:
            self._made[key] = self._book.add_format(self._properties(kind, look, indent))
        return self._made[key]

    def _properties(self, kind: Kind, look: Look, indent: int) -> dict[str, Any]:
        made: dict[str, Any] = {"valign": "top"}
        if kind == "text":
            made |= {"text_wrap": look in {"plain", "head", "total", "group"}}
            made |= {"align": "left", "indent": indent} if indent else {}  # indented only if aligned
        else:
            made |= {"num_format": self._codes[kind], "align": "right", "text_wrap": look == "head"}
        looks: dict[Look, dict[str, Any]] = {
            "plain": {},
            "title": {"bold": True, "font_size": 14, "font_color": self._color},
            "soft": {"font_color": _SOFT},
            "head": {
                "bold": True,
                "bottom": 2,
                "bottom_color": self._color,
                "align": "left" if kind == "text" else "right",
            },
            "group": {"bold": True, "font_color": self._color},
            "total": {"bold": True, "top": 1},
            "input": {"bg_color": _INPUT, "border": 1, "border_color": "#b8a35a"},
            "check": {"italic": True, "font_color": _SOFT},
        }
        return made | looks[look]
