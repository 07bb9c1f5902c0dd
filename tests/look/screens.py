"""Pictures of pages, drawn by the system's Chromium: the same letters on any machine, nothing to download."""

from __future__ import annotations

import shutil
import sys
from importlib import resources
from pathlib import Path

from playwright.sync_api import sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SCREENS = {
    ".mail.html": ((380, "dark"), (600, "light")),
    ".html": ((380, "light"), (380, "dark"), (800, "light"), (800, "dark")),
}
"""Width in pixels and color scheme of each screen, by the end of the file's name."""


def drawn(pages: list[Path], folder: Path) -> dict[str, bool]:
    """Draw each page and mail on each of its screens.

    Args:
        pages: Files ``<report>.html`` and ``<report>.mail.html``.
        folder: Where the pictures go.

    Returns:
        By the picture's name, whether everything fits into the width.

    Raises:
        SystemExit: no Chromium is installed.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("no Chromium on PATH: install your system's package (chromium or google-chrome)")
    folder.mkdir(parents=True)
    fits = {}
    with sync_playwright() as driver:
        options = ["--force-color-profile=srgb", "--font-render-hinting=none", "--disable-lcd-text"]
        browser = driver.chromium.launch(executable_path=program, args=options)
        for path in pages:
            end = next(end for end in SCREENS if path.name.endswith(end))
            for width, scheme in SCREENS[end]:
                name = f"{path.name.removesuffix('.html')}-{width}-{scheme}.png"
                screen = browser.new_page(
                    bypass_csp=True,  # the pages allow no style but their own
                    viewport={"width": width, "height": 900},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                screen.goto(path.resolve().as_uri())
                screen.add_style_tag(content=_faces())
                screen.evaluate("document.fonts.ready")
                screen.screenshot(path=folder / name, full_page=True)
                fits[name] = screen.evaluate("document.documentElement.scrollWidth") <= width
                screen.close()
    return fits


def _faces() -> str:
    """A style that shows every letter in the locked font: screens of two machines differ in nothing else."""
    files = Path(str(resources.files("font_source_sans_pro"))) / "files"
    faces = "".join(
        f'@font-face{{font-family:Locked;font-weight:{weight};src:url("{(files / name).as_uri()}")}}'
        for weight, name in ((400, "SourceSansPro-Regular.ttf"), (700, "SourceSansPro-Bold.ttf"))
    )
    return f"{faces}*{{font-family:Locked,sans-serif !important}}"
