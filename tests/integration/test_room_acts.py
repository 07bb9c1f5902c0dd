"""Every act of the report room, clicked in a browser by its own user: on the trail as theirs, and the room, the command
line and SES tell the same afterwards. Minutes: `make test-engine` has it.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from executive_suite.identity import HashKey
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.room import offers
from executive_suite.stores.s3 import S3Store
from integration.suite import DAG, Suite
from ses_stub import Do

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.airflow, pytest.mark.engine]

AT = "/executive-suite/groups/-"
ASKED, SENT, ARCHIVED, STOPPED = "2026-02-19", "2026-02-20", "2026-02-21", "2026-02-22"
PATIENCE = 300.0


@dataclass
class Operator:
    """A person with a browser."""

    suite: Suite
    name: str
    page: Page

    def does(self, day: str, report: str, button: str, reason: str, **fields: str) -> None:
        """Open a report, give a reason, click, and read that it was done."""
        self.does_at(f"/reports/{day}/{report}", button, reason, **fields)

    def does_at(self, path: str, button: str, reason: str, **fields: str) -> None:
        """The same on any page of the room."""
        self.page.goto(f"{self.suite.running.access.address}{AT}{path}")
        for closed in self.page.locator("details:not([open]) > summary", has_text="you can do").all():
            closed.click()
        self._click(button, reason, **fields)
        self.is_on_the_trail(reason)

    def _click(self, button: str, reason: str, **fields: str) -> None:
        form = self.page.locator("form.act", has=self.page.get_by_role("button", name=button, exact=True))
        form.locator('input[name="reason"]').fill(reason)
        for name, value in fields.items():
            form.locator(f'input[name="{name}"]').fill(value)
        form.get_by_role("button", name=button, exact=True).click()
        said = form.locator("output.done, output.refused")
        said.wait_for(timeout=120_000)
        assert said.get_attribute("class") == "done", said.inner_text()

    def is_on_the_trail(self, reason: str) -> None:
        """Each act is an event with who did it, and why; Airflow's step writes those of an answer a moment later."""

        def there() -> bool:
            events = (
                json.loads(one["body"])["data"] for one in self.suite.objects("RECORDS_BUCKET", "audit/").values()
            )
            return (self.name, reason) in {(one["actor"], one["reason"]) for one in events}

        until(there)


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(1)


@pytest.fixture
def olga(suite: Suite, browser: Browser) -> Iterator[Operator]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.add_cookies([{"name": "_token", "value": suite.token("olga"), "url": suite.running.access.address}])
    yield Operator(suite, "olga", context.new_page())
    context.close()


def states(suite: Suite, day: str) -> dict[str, str]:
    """Report to its state, by the room's own page of a date."""
    with suite.person("olga") as client:
        page = html.fromstring(client.get(f"{AT}/dates/{day}").content)
    found = {}
    for row in page.xpath(".//tbody/tr"):
        (place,) = row.xpath(".//th/a/@href")[:1] or [""]
        found[place.rpartition("/")[2]] = row.xpath('.//*[@class="state"]/@data-state')[0]
    return found


def agree(suite: Suite) -> None:
    """The room's page of what waits is what `outstanding` lists."""
    told = json.loads(suite.command("outstanding", "--format", "json").stdout)
    with suite.person("olga") as client:
        page = html.fromstring(client.get(f"{AT}/waiting").content)
    shown = set()
    for row in page.xpath(".//section//tbody/tr"):
        *_, day, report, _, recipient = row.xpath(".//a/@href")[0].split("/")
        shown.add((day, report, recipient))
    assert shown == {(one["report_date"], one["report"], one["recipient_id"]) for one in told}


def mails(suite: Suite, report: str) -> int:
    return sum(suite.addresses[f"{report.upper()}_EMAIL"] in one.to for one in suite.ses.accepted)


def waits(suite: Suite, run_id: str, count: int) -> None:
    until(lambda: [one["state"] for one in suite.client.tasks(DAG, run_id)].count("awaiting_input") == count)
    time.sleep(3)  # an answer within a second of the question finds the task still on its way to waiting


def test_approve_hold_and_ask_again(suite: Suite, olga: Operator) -> None:
    run_id = suite.trigger(report_date=ASKED, reports=["ceo", "cfo"], approve=True)
    waits(suite, run_id, 2)
    agree(suite)
    olga.does(ASKED, "ceo", "Approve and send", "read it, it is right")
    olga.does(ASKED, "cfo", "Hold", "the rent looks wrong")
    suite.finish(run_id)
    assert states(suite, ASKED) | {"ceo": "sent", "cfo": "held"} == states(suite, ASKED)
    assert (mails(suite, "ceo"), mails(suite, "cfo")) == (1, 0)
    agree(suite)
    olga.does(ASKED, "cfo", "Ask again", "the rent was right after all")
    waits(suite, run_id, 1)
    olga.does(ASKED, "cfo", "Approve and send", "looked at it twice")
    suite.finish(run_id)
    assert states(suite, ASKED)["cfo"] == "sent"
    assert (mails(suite, "ceo"), mails(suite, "cfo")) == (1, 1)
    agree(suite)


def test_what_was_sent_held_refused_or_uncertain(suite: Suite, olga: Operator) -> None:
    """One run, in which every mail ends in its own way; then what a person does about each."""
    suite.ses.script(suite.addresses["RENTAL_EMAIL"], Do("error-after"))
    suite.ses.script(suite.addresses["ACCOUNTING_EMAIL"], Do("refuse"))
    own = SuppressionList(
        S3Store(suite.aws("s3"), suite.values["RECORDS_BUCKET"]), HashKey(suite.values["RECIPIENT_HASH_KEY"])
    )
    own.add(suite.addresses["DELIVERY_EMAIL"], "complaint", datetime.now(UTC), recipient_id="delivery")
    reports = ["accounting", "cmo", "rental", "delivery", "portfolio"]
    before = {report: mails(suite, report) for report in reports}
    run_id, _ = suite.run(report_date=SENT, reports=reports)
    found = states(suite, SENT)
    assert {report: found[report] for report in reports} == {
        "accounting": "failed",
        "cmo": "sent",
        "rental": "uncertain",
        "delivery": "held",
        "portfolio": "sent",
    }
    agree(suite)

    olga.does(SENT, "rental", "Count as sent", "the owner has it", message_id="0100-seen")
    assert states(suite, SENT)["rental"] == "sent"
    agree(suite)

    olga.does(SENT, "delivery", "Release", "the owner asked for it again")
    olga.does(SENT, "delivery", "Send again", "off the list now")
    suite.finish(run_id)
    assert states(suite, SENT)["delivery"] == "sent"
    agree(suite)

    olga.does(SENT, "cmo", "Resend", "she deleted it")
    suite.finish(run_id)
    olga.does(SENT, "portfolio", "Open a revision", "a contract was missing")
    suite.finish(run_id)
    sent = {report: mails(suite, report) - before[report] for report in reports}
    assert sent == {"accounting": 0, "cmo": 2, "rental": 1, "delivery": 1, "portfolio": 2}
    agree(suite)
    olga.page.goto(f"{suite.running.access.address}{AT}/reports/{SENT}/portfolio?revision=1")
    assert "Revision 1, replaced." in olga.page.locator(".past").inner_text()

    olga.does(SENT, "accounting", "Make again", "from the render on")
    suite.finish(run_id)
    agree(suite)
    assert sent == {report: mails(suite, report) - before[report] for report in reports} | {"accounting": 0}


def test_an_archived_report_is_made_and_sent(suite: Suite, olga: Operator) -> None:
    _, state = suite.run(report_date=ARCHIVED, reports=["cmo"], send=False)
    assert state == "success"
    before = mails(suite, "cmo")
    assert states(suite, ARCHIVED)["cmo"] == "archived"
    olga.does(ARCHIVED, "cmo", "Start a run", "now she wants it by mail")
    until(lambda: mails(suite, "cmo") == before + 1)
    until(lambda: states(suite, ARCHIVED)["cmo"] == "sent")
    agree(suite)


def test_the_circuit_is_closed(suite: Suite, olga: Operator) -> None:
    """SES stops the account while a report waits for approval: before, preflight would have stopped the run."""
    before = mails(suite, "cto")
    run_id = suite.trigger(report_date=STOPPED, reports=["cto"], approve=True)
    waits(suite, run_id, 1)
    suite.ses.script(suite.addresses["CTO_EMAIL"], Do("pause"))
    suite.ses.account["SendingEnabled"] = False
    try:
        olga.does(STOPPED, "cto", "Approve and send", "read it")
        suite.finish(run_id)
        assert states(suite, STOPPED)["cto"] == "failed"  # SES refused it; whatever comes after it is held
        with suite.person("olga") as client:
            assert "All sends are stopped" in client.get(f"{AT}/").text
        agree(suite)
    finally:
        suite.ses.account["SendingEnabled"] = True
    olga.does_at("/", "Close the circuit", "SES allows it again")
    with suite.person("olga") as client:
        assert "All sends are stopped" not in client.get(f"{AT}/").text
    olga.does(STOPPED, "cto", "Send again", "the account is open")
    suite.finish(run_id)
    assert states(suite, STOPPED)["cto"] == "sent"
    assert mails(suite, "cto") == before + 1
    agree(suite)


def test_the_trail_is_verified_and_exported(suite: Suite, olga: Operator, tmp_path: Path) -> None:
    olga.page.goto(f"{suite.running.access.address}{AT}/proof")
    olga.page.get_by_role("button", name="Verify now").click()
    olga.page.locator("#verdict [data-state]").wait_for(timeout=180_000)
    assert olga.page.locator("#verdict [data-state]").first.get_attribute("data-state") == "unchanged"
    assert suite.command("audit", "verify").returncode == 0
    with olga.page.expect_download(timeout=120_000) as found:
        olga.page.get_by_role("link", name="Download the export").click()
    kept = tmp_path / "export.zip"
    found.value.save_as(kept)
    with zipfile.ZipFile(io.BytesIO(kept.read_bytes())) as packed:
        assert "README.md" in packed.namelist() or "README" in " ".join(packed.namelist())


def test_what_is_known_now_is_asked_for_by_clicking(suite: Suite, olga: Operator) -> None:
    olga.page.goto(f"{suite.running.access.address}{AT}/compare?report=cmo&date={SENT}&known=now")
    olga.page.get_by_role("button", name="Compare with what is known now").click()
    olga.page.locator("output.done").wait_for(timeout=180_000)
    assert "would be different" in olga.page.locator(".found").inner_text()


def test_every_act_that_the_room_offers_is_clicked_here() -> None:
    """The buttons are those of ``offers``: a new one needs a click."""
    code, own = Path(offers.__file__).read_text("utf-8"), Path(__file__).read_text("utf-8")
    buttons: Any = [line.split('(("', 1)[1].split('"', 1)[0] for line in code.splitlines() if '(("' in line]
    assert len(set(buttons)) >= 8
    assert [one for one in dict.fromkeys(buttons) if f'"{one}"' not in own] == []
