"""Make every notebook of a folder with papermill, then its page (and paper) with nbconvert: twice in one process.

    PYTHON bench/run_notebooks.py FOLDER [--paper CHROMIUM]

PYTHON has papermill, nbconvert, ipykernel and pandas, and for paper matplotlib and playwright. Pages carry no address
of a script to load, which a machine without a network would wait for. Printed: seconds of the second round, and sizes.
"""

from __future__ import annotations

import argparse
import functools
import json
import time
from pathlib import Path
from typing import Any

import papermill
from nbconvert import HTMLExporter, WebPDFExporter

NOTHING_REMOTE = {"mathjax_url": "", "require_js_url": "", "jquery_url": "", "exclude_input": True}


def main() -> None:
    """Two rounds over the folder; the exporters are made once, as nbconvert's own documentation does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--paper", help="the browser that prints them; without it there are pages only")
    given = parser.parse_args()
    page = HTMLExporter(**NOTHING_REMOTE)
    paper = _printer(given.paper) if given.paper else None
    notebooks = sorted(given.folder.glob("*.in.ipynb"))
    rounds = []
    for _ in range(2):
        start = time.perf_counter()
        for notebook in notebooks:
            _made(notebook, page, paper)
        rounds.append(time.perf_counter() - start)
    size = sum(path.stat().st_size for kind in ("*.html", "*.pdf") for path in given.folder.glob(kind))
    print(json.dumps({"next": rounds[-1], "notebooks": len(notebooks), "bytes": size}))


def _made(notebook: Path, page: HTMLExporter, paper: WebPDFExporter | None) -> None:
    name = notebook.name.removesuffix(".in.ipynb")
    done: Any = papermill.execute_notebook(
        str(notebook),
        str(notebook.with_name(f"{name}.ipynb")),
        {"name": name},
        cwd=str(notebook.parent),
        progress_bar=False,
    )
    body, _ = page.from_notebook_node(done)
    notebook.with_name(f"{name}.html").write_text(body, encoding="utf-8")
    if paper:
        printed, _ = paper.from_notebook_node(done)
        notebook.with_name(f"{name}.pdf").write_bytes(printed)


def _printer(browser: str) -> WebPDFExporter:
    """The exporter, with the system's browser: Playwright would look for one that it has downloaded itself."""
    from playwright.async_api import BrowserType

    BrowserType.launch = functools.partialmethod(BrowserType.launch, executable_path=browser)
    return WebPDFExporter(disable_sandbox=True, **NOTHING_REMOTE)


if __name__ == "__main__":
    main()
