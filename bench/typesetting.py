"""Paper per page: ours, bare Typst on the same source, and WeasyPrint and Chromium on the archived page.

    PYTHONPATH=include .venv/bin/python bench/typesetting.py [--weasyprint PYTHON] [--browser CHROMIUM]

PYTHON is the interpreter of an environment with weasyprint. Everything is processor time, which a busy machine hardly
changes, and every document is set in a process of its own, because Typst remembers what it has set. Ours is from the
compiled template to the file, a body that is set twice until it fits included. WeasyPrint and Chromium set another
layout of the same report, so they are measured by the page as well. Pages are counted by poppler's pdfinfo.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from executive_suite import config
from executive_suite.run import pipeline

ROOT = Path(__file__).parents[1]
INCLUDE = ROOT / "include"
DAY = date(2026, 5, 1)

OURS = """
import contextvars, sys, time
from pathlib import Path
from executive_suite import config, reports
from executive_suite.facts.figures import Figures
from executive_suite.rendering import pdf, typesetter

folder, name = Path(sys.argv[2]), sys.argv[3]
asked, set_, document = [], pdf.fitted, typesetter.document

def remembered(source, day):
    asked.append((contextvars.copy_context(), source, day))
    return b""

def kept(source):
    (folder / f"{name}.typ").write_text(source, encoding="utf-8")
    return document(source)

pdf.fitted, typesetter.document = remembered, kept
report = next(one for one in config.load(Path(sys.argv[1])).reports if one.report == name)
made = reports.build(Figures.from_json((folder / "figures.json").read_bytes()), report)
(folder / f"{name}.html").write_bytes(made.files["html"])
context, source, day = asked[0]
typesetter.compiler()
context.run(source, 0.0)  # compiles the template, once per process
start = time.process_time()
body = context.run(set_, source, day)
print(time.process_time() - start)
(folder / f"{name}-ours.pdf").write_bytes(body)
"""
BARE = """
import sys, time
from pathlib import Path
import typst
from executive_suite.rendering import typesetter

folder, name = Path(sys.argv[2]), sys.argv[3]
fonts = typesetter._fonts()
start = time.process_time()
compiler = typst.Compiler(folder / f"{name}.typ", font_paths=fonts)
(folder / f"{name}-bare.pdf").write_bytes(compiler.compile(format="pdf", pdf_standards=["ua-1"]))
print(time.process_time() - start)
"""
WEASYPRINT = """
import sys, time
from pathlib import Path
import weasyprint

folder, name = Path(sys.argv[2]), sys.argv[3]
start = time.process_time()
weasyprint.HTML(folder / f"{name}.html").write_pdf(folder / f"{name}-weasyprint.pdf")
print(time.process_time() - start)
"""


def main() -> None:
    """One row per report, one column per side: seconds of processor per page, and times ours is of bare Typst."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--weasyprint")
    parser.add_argument("--browser")
    given = parser.parse_args()
    sides = {"ours": (sys.executable, OURS), "bare": (sys.executable, BARE)}
    if given.weasyprint:
        sides["weasyprint"] = (given.weasyprint, WEASYPRINT)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        figures = pipeline.figures_of(INCLUDE / "data", DAY, INCLUDE / "config")
        (folder / "figures.json").write_bytes(figures.to_json())
        names = [*sides, *(["chromium"] if given.browser else [])]
        print(f"{'seconds a page':14}" + "".join(f"{name:>12}" for name in names) + f"{'ours/bare':>12}{'pages':>7}")
        sums = dict.fromkeys(names, 0.0)
        for report in config.load(INCLUDE / "config").reports:
            used = {name: _python(*side, folder, report.report) for name, side in sides.items()}
            if given.browser:
                used["chromium"] = _browser(given.browser, folder, report.report)
            pages = {name: _pages(folder / f"{report.report}-{name}.pdf") for name in names}
            each = "".join(f"{used[name] / pages[name]:>12.4f}" for name in names)
            print(f"{report.report:14}{each}{used['ours'] / used['bare']:>12.2f}{pages['ours']:>7}")
            sums = {name: sums[name] + used[name] for name in names}
        whole = "".join(f"{sums[name]:>12.2f}" for name in names)
        print(f"{'all, seconds':14}{whole}{sums['ours'] / sums['bare']:>12.2f}")


def _python(python: str, code: str, folder: Path, report: str) -> float:
    command = [python, "-c", code, str(INCLUDE / "config"), str(folder), report]
    return float(_done(command).splitlines()[-1])


def _browser(browser: str, folder: Path, report: str) -> float:
    """A browser's processor time, its start included: it has no other."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    paper = f"--print-to-pdf={folder / f'{report}-chromium.pdf'}"
    _done([browser, "--headless", "--no-sandbox", "--disable-gpu", paper, str(folder / f"{report}.html")])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _pages(path: Path) -> int:
    lines = _done(["pdfinfo", str(path)]).splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pages:")))


def _done(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return done.stdout


if __name__ == "__main__":
    main()
