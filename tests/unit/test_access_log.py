"""Access logs as CloudFront writes them: what counts as a read, and lines that strangers made up."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.archive import access_log
from executive_suite.archive.access_log import AccessLogError, Read
from log_lines import CHROME, line, log, packed

DAY = date(2026, 5, 1)
SAMPLE = (
    "2019-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\tGET\td111111abcdef8.cloudfront.net\t/index.html\t200\t-\t"
    "Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)%20AppleWebKit/537.36%20(KHTML,%20like%20Gecko)%20"
    "Chrome/78.0.3904.108%20Safari/537.36\t-\t-\tHit\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\t"
    "d111111abcdef8.cloudfront.net\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE-RSA-AES128-GCM-SHA256\tHit\tHTTP/2.0\t-\t-\t"
    "11040\t0.001\tHit\ttext/html\t78\t-\t-"
)
"""A line of the example in Amazon's Developer Guide, Standard log file format."""


def counted(*lines: str, prefix: str = "") -> dict[tuple[date, str], int]:
    return access_log.counted(access_log.reads(log(*lines), prefix))


def test_a_line_of_the_documentation_is_read() -> None:
    """The same line with one of our keys in place of ``/index.html`` is one read, at the hour it says."""
    (read,) = access_log.reads(log(SAMPLE.replace("/index.html", "/2019-12-01/ceo-report.html")))
    assert (read.report_date, read.file_name, read.hour) == (date(2019, 12, 1), "ceo-report", "2019-12-04 21")
    assert list(access_log.reads(log(SAMPLE))) == []


def test_no_address_is_kept() -> None:
    (read,) = access_log.reads(log(line(ip="192.0.2.100")))
    assert "192.0.2" not in repr(read)
    assert {one.viewer for one in access_log.reads(log(line()), salt=b"1")}.isdisjoint(
        one.viewer for one in access_log.reads(log(line()), salt=b"2")
    )


def test_one_viewer_within_an_hour_is_one_read() -> None:
    """A page, then its PDF in two parts; another hour, another viewer and another report are reads of their own."""
    same = (line(), line(path="/2026-05-01/ceo-report.pdf", status="206"), line(at="13:59:59", status="304"))
    assert counted(*same, *same) == {(DAY, "ceo-report"): 1}
    others = (line(at="14:00:00"), line(ip="192.0.2.7"), line(agent="Mozilla/5.0%20Firefox/130.0"))
    assert counted(*same, *others) == {(DAY, "ceo-report"): 4}
    assert counted(line(), line(path="/2026-05-01/cto-report.html")) == {
        (DAY, "ceo-report"): 1,
        (DAY, "cto-report"): 1,
    }


@pytest.mark.parametrize(
    "left_out",
    [
        line(method="HEAD"),
        line(status="403"),
        line(status="000"),
        line(path="/index.html"),
        line(path="/2026-05-01/ceo-report.mail.html"),
        line(path="/2026-05-01/../secret.html"),
        line(path="/2026-02-30/ceo-report.html"),
        line(path="/groups/acme/2026-05-01/ceo-report.html"),
        line(agent="-"),
        line(agent="curl/8.5.0"),
        line(agent="Slackbot-LinkExpanding%201.0%20(+https://api.slack.com/robots)"),
        line(agent="Mozilla/5.0%20(compatible;%20Googlebot/2.1)"),
        line(agent="executive-suite/2.0"),
    ],
)
def test_what_is_no_read(left_out: str) -> None:
    assert counted(left_out) == {}


def test_a_group_of_many_has_its_own_reads_only() -> None:
    own = line(path="/groups/acme/2026-05-01/ceo-report.html")
    other = line(path="/groups/acme-2/2026-05-01/ceo-report.html")
    assert counted(own, other, line(), prefix="groups/acme/") == {(DAY, "ceo-report"): 1}


def test_fields_are_found_by_their_names() -> None:
    """Amazon adds fields at the end, and its newer logs may choose and order them."""
    few = "#Version: 1.0\n#Fields: cs-method sc-status date time cs-uri-stem cs(User-Agent) c-ip\n"
    told = f"GET\t200\t2026-05-02\t13:00:00\t/2026-05-01/ceo-report.html\t{CHROME}\t192.0.2.1\n"
    assert access_log.counted(access_log.reads(few + told)) == {(DAY, "ceo-report"): 1}


@given(st.lists(st.text(max_size=200), max_size=20))
def test_hostile_lines_never_count_and_never_break(lines: list[str]) -> None:
    assert counted(*lines, line()) == {(DAY, "ceo-report"): 1} or any("#" in one for one in lines)


@given(st.text(max_size=100), st.sampled_from(["at", "ip", "method", "path", "status", "agent"]))
def test_a_hostile_field_is_a_read_of_our_keys_or_none(value: str, name: str) -> None:
    for read in access_log.reads(log(line(**{name: value}))):
        assert isinstance(read, Read)
        assert (read.report_date, read.file_name) == (DAY, "ceo-report")


def test_a_bomb_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten million zeros in ten thousand bytes; the limit lowered so that the test is fast."""
    monkeypatch.setattr(access_log, "LARGEST", 2_000_000)
    bomb = gzip.compress(b"0" * 10_000_000)
    assert len(bomb) < 20_000
    with pytest.raises(AccessLogError, match="more than 2000000 bytes"):
        access_log.text(bomb)


def test_logs_that_are_none() -> None:
    whole = packed(line())
    for body, why in ((b"#Version: 1.0", "not gzip"), (whole[:-9], "ends too early")):
        with pytest.raises(AccessLogError, match=why):
            access_log.text(body)
    assert access_log.text(b"") == ""
    assert access_log.text(whole + whole) == log(line()) * 2
