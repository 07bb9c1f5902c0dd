"""How a group shows itself: its name, its mark and its color."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class Brand:
    """The name, mark and color of a group.

    Attributes:
        name: Of the group, as its readers call it; empty if the configuration does not name it.
        color: Of headings and marks, ``#rrggbb``; dark enough for letters on white.
        logo: An SVG picture, self-contained; empty for the initials of the name.
    """

    name: str = ""
    color: str = "#0b4f8a"
    logo: str = ""


PLAIN = Brand()
"""Of a group that does not say."""


MOST_LOGO_BYTES = 40_000
"""Of a logo: it is in every report twice."""
_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener"})
_WITHIN = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp);base64,)", re.IGNORECASE)
_FETCHED = re.compile(r"url\(\s*['\"]?(?!\s*['\"]?#)|@import|expression\(|javascript:", re.IGNORECASE)


def checked_logo(text: str) -> str:
    """A logo that can be shown as a picture: SVG that holds everything itself and runs nothing.

    Raises:
        ValueError: what is wrong with it.
    """
    size = len(text.encode())
    if size > MOST_LOGO_BYTES:
        msg = f"has {size} bytes; {MOST_LOGO_BYTES} is the limit"
        raise ValueError(msg)
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper() or "<?XML-STYLESHEET" in text.upper():
        raise ValueError("has a document type, an entity or a style sheet of its own; save it as plain SVG")
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a document type there is nothing to expand
    except ET.ParseError as error:
        msg = f"is no SVG: {error}"
        raise ValueError(msg) from None
    if root.tag != f"{_SVG}svg":
        msg = f"is no SVG: its root is {root.tag!r}"
        raise ValueError(msg)
    width, height = proportions(text)
    if not (width > 0 and height > 0):
        raise ValueError("has neither a viewBox nor a width and a height, so its size is not known")
    for element in root.iter():
        _check_element(element)
    return text


def proportions(text: str) -> tuple[float, float]:
    """Width and height of an SVG picture, in units of its own; zero where it does not say."""
    root = ET.fromstring(text)  # noqa: S314 - checked before
    box = root.get("viewBox", "").replace(",", " ").split()
    given = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]  # noqa: PLR2004 - a viewBox
    width, height = (re.match(r"\s*\d+(\.\d+)?", one) for one in given)
    return (float(width[0]), float(height[0])) if width and height else (0.0, 0.0)


def _check_element(element: ET.Element) -> None:
    name = element.tag.rpartition("}")[2]
    if name in _ACTIVE:
        msg = f"has a <{name}> element, which could run"
        raise ValueError(msg)
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        if attribute.lower().startswith("on"):
            msg = f"has the event handler {attribute!r}"
            raise ValueError(msg)
        if attribute in {"href", "src"} and not _WITHIN.match(value):
            msg = f"refers to something outside of it: {value[:60]!r}"
            raise ValueError(msg)
        if _FETCHED.search(value):
            msg = f"refers to something outside of it: {value[:60]!r}"
            raise ValueError(msg)
    if name == "style" and _FETCHED.search(element.text or ""):
        raise ValueError("has a style that refers to something outside of it")
