"""The head of a report: the name, the mark and the color of a group, whatever color and logo it has."""

from __future__ import annotations

import base64
import os
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from executive_suite import config, logo, reports
from executive_suite.brand import Brand
from executive_suite.config_files import ConfigError
from executive_suite.rendering import brandmark, lint
from executive_suite.rendering.contrast import contrast
from report_figures import figures, report

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path d="M0 0h90v30z" fill="#c00"/></svg>'
INK = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"'


# WCAG 2.2, 1.4.3: 4.5 to 1 for letters, on white, and white letters on it; the same for dark screens.
@given(st.integers(0, 0xFFFFFF))
def test_any_color_is_legible(number: int) -> None:
    brand = Brand("x", f"#{number:06x}")
    assert contrast(brandmark.color(brand), "#ffffff") >= 4.5
    assert contrast(brandmark.color_on_dark(brand), "#14181d") >= 4.5


def test_a_legible_color_stays_as_it_is() -> None:
    assert brandmark.color(Brand("x", "#0b4f8a")) == "#0b4f8a"


@pytest.mark.parametrize("color", ["#ffff00", "#000000", "#ff7f50"])
def test_reports_of_any_color_pass_the_linter(color: str) -> None:
    made = reports.build(replace(figures(), brand=Brand("Acme & Sons", color, LOGO)), report())
    assert lint.check(made) == ()


def test_a_logo_is_shown_as_a_picture_only() -> None:
    brief = report().model_copy(update={"mail": "brief"})
    made = reports.build(replace(figures(), brand=Brand("Acme", logo=LOGO)), brief)
    tree = html.fromstring(made.files["html"].decode())
    assert [str(src)[:26] for src in tree.xpath("//header//img/@src")] == ["data:image/svg+xml;base64,"]
    assert not tree.xpath("//header//*[local-name()='svg']")
    (picture,) = (part for part in made.pictures if part.name == "logo.png")
    assert picture.body[:4] == b"\x89PNG"
    assert f"cid:{picture.content_id}" in made.mail_html


def test_without_a_logo_the_initials_are_the_mark() -> None:
    made = reports.build(replace(figures(), brand=Brand("San Diego Group")), report())
    tree = html.fromstring(made.files["html"].decode())
    assert tree.xpath("string(//*[@class='initials'])") == "SG"
    assert tree.xpath("string(//*[@class='group'])") == "San Diego Group"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PNG", "is no SVG"),
        ("<html/>", "its root is"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "its size is not known"),
        (f"<svg {INK}><script>x()</script></svg>", "<script>"),
        (f"<svg {INK}><foreignObject/></svg>", "<foreignObject>"),
        (f'<svg {INK} onload="x()"/>', "'onload'"),
        (f'<svg {INK}><image href="https://example.com/a.png"/></svg>', "outside of it"),
        (f'<svg {INK}><a href="javascript:x()"/></svg>', "outside of it"),
        (f'<svg {INK}><use href="file:///etc/passwd#a"/></svg>', "outside of it"),
        (f'<svg {INK}><path style="fill:url(https://example.com/x)"/></svg>', "outside of it"),
        (f"<svg {INK}><style>@import 'x.css';</style></svg>", "a style that refers"),
        (f"<svg {INK}><style>a{{}}<b/>@import 'x.css';</style></svg>", "a style that refers"),
        (f"<svg {INK}><style>a{{fill:u\\72l(//example.com/x)}}</style></svg>", "a style that refers"),
        (f'<svg {INK}><path style="fill:\\75 rl(//example.com/x)"/></svg>', "outside of it"),
        (f'<svg {INK}><image><set attributeName="xlink:href" to="//example.com/x"/></image></svg>', "changes"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {INK}>&a;</svg>', "<!doctype"),
        (f"<svg {INK}><path d='{'M0 0' * 12_000}'/></svg>", "is the limit"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_its_reason(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "group.yaml").write_text("name: Acme\nlogo: acme.svg\n", encoding="utf-8")
    (tmp_path / "acme.svg").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"logo: acme\.svg") as refused:
        config.brand(tmp_path)
    assert words in str(refused.value)


def png(width: int, height: int) -> str:
    """The first chunk of a PNG of that size, as a logo would embed it."""
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    body = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")
    return f"data:image/png;base64,{base64.b64encode(body).decode()}"


def test_a_picture_in_a_logo_unpacks_to_no_gigabyte() -> None:
    """14,000 pixels squared in one color are 24 kB of PNG, and took a gigabyte for each mail."""
    shown = f'<svg {INK}><image width="9" height="3" href="{{}}"/></svg>'
    assert logo.fault(shown.format(png(2_000, 2_000))) == ""
    for wrong in (png(14_000, 14_000), png(0, 5), "data:image/png;base64,R0lGODdh", "data:image/png;base64,é"):
        assert "more than 4,000,000 pixels" in logo.fault(shown.format(wrong))
    for other in ("gif", "webp", "svg+xml"):
        assert "outside of it" in logo.fault(shown.format(f"data:image/{other};base64,AAAA"))


def test_a_logo_is_a_file_of_the_groups_folder(tmp_path: Path) -> None:
    """A pipe would be waited for, a device never ends, and a link shows readers a file that is not theirs."""
    (tmp_path / "elsewhere.svg").write_text(f"<svg {INK}/>", encoding="utf-8")
    group = tmp_path / "group"
    group.mkdir()
    (group / "group.yaml").write_text("name: Acme\nlogo: acme.svg\n", encoding="utf-8")
    os.mkfifo(group / "acme.svg")
    with pytest.raises(ConfigError, match=r"acme\.svg: is not a regular file"):
        config.brand(group)
    for target in ("../elsewhere.svg", "/dev/zero"):
        (group / "acme.svg").unlink()
        (group / "acme.svg").symlink_to(target)
        with pytest.raises(ConfigError, match=r"acme\.svg: is (a link to a file outside|not a regular)"):
            config.brand(group)


def test_what_stays_within_the_picture_is_no_fault() -> None:
    own = f'<svg {INK}><defs><linearGradient id="g"/></defs><path fill="url(#g)"/><use href="#g"/></svg>'
    assert logo.fault(own) == ""
