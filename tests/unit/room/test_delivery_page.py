"""The history of one mail: all that is on record, in order, in plain words, and without any address."""

from __future__ import annotations

import pytest
from lxml import html
from lxml.html import HtmlElement

from executive_suite.room.door import Person
from executive_suite.run.deployment import Deployment
from faulted import EARLIER
from faults.lanes import DAY
from room_door import HOME, visitor

READER = Person("2", "viewer", may_act=False, reports=frozenset({"ceo"}))


def page(opened: Deployment, day: str, report: str, recipient: str = "primary") -> HtmlElement:
    answer = visitor(opened).get(f"{HOME}/reports/{day}/{report}/deliveries/{recipient}")
    assert answer.status_code == 200
    assert "@example.com" not in answer.text
    return html.fromstring(answer.content)


def story(found: HtmlElement) -> dict[str, list[str]]:
    """Heading to what happened."""
    return {
        section.xpath(".//h2")[0].text: [" ".join(p.text_content().split()) for p in section.xpath(".//li//p")]
        for section in found.xpath(".//section")
        if section.xpath(".//ol")
    }


def facts(found: HtmlElement, text: str) -> dict[str, str]:
    """The technical facts of the first moment with that text."""
    item = next(item for item in found.xpath(".//li[@data-tone]") if text in item.text_content())
    names, values = item.xpath(".//dt"), item.xpath(".//dd")
    return {name.text: value.text_content() for name, value in zip(names, values, strict=True)}


def test_a_mail_that_arrived(everything: Deployment) -> None:
    found = page(everything, DAY, "ceo")
    assert story(found) == {
        "The report": ["Archived."],
        "Send 1": [
            "Passed the checks before sending.",
            "A worker took the right to one call.",
            "SES accepted it.",
            "The reader's mail server took it.",
            "A mail program loaded its pictures; weak evidence that somebody read it.",
        ],
    }
    claim = facts(found, "right to one call")
    assert len(claim["Nonce"]) == 9, "shortened"
    assert len(claim["Mail (SHA-256)"]) == 64
    assert claim["Trail"].startswith(f"runs/{DAY}/")
    assert facts(found, "SES accepted it")["Message id"].startswith("stub-")


def test_times_are_the_groups(everything: Deployment) -> None:
    found = page(everything, DAY, "ceo")
    first = found.xpath(".//ol//time")[0]
    assert (first.get("datetime"), first.text) == ("2026-05-01T13:00:00+00:00", "May 1, 2026, 06:00")
    assert "America/Los Angeles" in found.text_content()


def test_a_person_who_held_a_report_and_why(everything: Deployment) -> None:
    told = story(page(everything, EARLIER, "accounting"))
    assert told["The report"][:3] == ["Archived.", "Asked for approval.", "Held by admin. “margin looks wrong”"]
    (stopped,) = told["Send 1"]
    assert stopped.startswith("Not sent: a person decided to hold these bytes.")


def test_a_question_that_nobody_answered(everything: Deployment) -> None:
    told = story(page(everything, EARLIER, "cmo", "ann"))
    assert told["The report"][1:3] == [
        "Asked for approval.",
        "Not approved. No answer in time",
    ]


def test_generations_come_one_below_the_other(everything: Deployment) -> None:
    told = story(page(everything, EARLIER, "rental"))
    assert list(told) == ["The report", "Send 1", "Send 2"]
    assert told["Send 1"][-1] == "SES accepted it."
    assert told["Send 2"] == [
        "Another send asked for by founder. “the board asked for it”",
        "Passed the checks before sending.",
        "A worker took the right to one call.",
        "SES accepted it.",
    ]


def test_a_doubt_and_how_it_was_settled(everything: Deployment) -> None:
    told = story(page(everything, EARLIER, "cfo"))
    assert told["Send 1"][-2].startswith("Nobody knows whether SES accepted it.")
    assert told["Send 1"][-1] == "Settled by founder: it arrived. “the board asked for it”"


def test_a_revision_has_its_own_part(everything: Deployment) -> None:
    found = page(everything, EARLIER, "ceo")
    told = story(found)
    assert told["Revision 2"] == ["Revision 2 opened by founder. “the board asked for it”"]
    assert told["Send 1"][-1] == "SES accepted it."
    assert found.xpath('.//*[@class="verdict"]')[0].get("data-state") == "failed"


def test_a_revision_that_was_sent_follows_what_it_replaced(everything: Deployment) -> None:
    told = story(page(everything, EARLIER, "delivery"))
    assert told["Revision 2"] == [
        "Revision 2 opened by founder. “the board asked for it”",
        "Rendered.",
        "Archived.",
    ]
    found = page(everything, EARLIER, "delivery")
    assert [heading.text for heading in found.xpath(".//h2")] == [
        "The report",
        "Send 1",
        "Revision 2",
        "Revision 2, send 1",
    ]
    assert len({foot.text_content() for foot in found.xpath(".//section/p")}) == 2, "two deliveries"


def test_a_bounce_outranks_what_came_before(everything: Deployment) -> None:
    found = page(everything, DAY, "portfolio")
    assert found.xpath('.//*[@class="verdict"]')[0].get("data-state") == "bounced"
    last = found.xpath(".//li[@data-tone]")[-1]
    assert last.get("data-tone") == "trouble"
    assert "mailbox full" in last.text_content()


def test_only_the_recipients_own_checks_are_shown(everything: Deployment) -> None:
    assert story(page(everything, DAY, "cto", "ann"))["Send 1"][0].startswith("Not sent: the address hard-bounced")
    primary = story(page(everything, DAY, "cto"))["Send 1"]
    assert primary[-1].startswith("SES did not take it; it may be tried again.")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("ceo/deliveries/primary", 200),
        ("cfo/deliveries/primary", 403),
        ("cfo/deliveries", 403),
    ],
)
def test_a_reader_sees_their_own_reports_only(everything: Deployment, path: str, status: int) -> None:
    assert visitor(everything, READER).get(f"{HOME}/reports/{DAY}/{path}").status_code == status


@pytest.mark.parametrize(
    "path", [f"{DAY}/ceo/deliveries/nobody", f"{DAY}/nothing/deliveries", "2020-01-01/ceo/deliveries/primary"]
)
def test_what_is_not_there_is_not_found(everything: Deployment, path: str) -> None:
    assert visitor(everything).get(f"{HOME}/reports/{path}").status_code == 404


def test_a_reader_sees_what_waits_of_their_own_reports_only(everything: Deployment) -> None:
    found = html.fromstring(visitor(everything, READER).get(f"{HOME}/waiting").content)
    hrefs = [link.get("href") for link in found.xpath(".//tbody//a")]
    assert hrefs == [f"{HOME}/reports/{EARLIER}/ceo/deliveries/primary"]
    other = Person("3", "viewer", may_act=False, reports=frozenset({"delivery"}))
    found = html.fromstring(visitor(everything, other).get(f"{HOME}/waiting").content)
    assert found.xpath(".//h1")[0].text == "None of your reports waits"
