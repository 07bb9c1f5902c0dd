"""The bytes of a mail: what is in it, and what can never get into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from executive_suite.document import Document, Part
from executive_suite.mailing import message
from executive_suite.mailing.message import Labels, Leaving, MessageError

LABELS = Labels("a" * 52, 1, datetime(2026, 5, 1, 13, tzinfo=UTC))
PICTURE = Part("burn.png", "image/png", b"\x89PNG" + b"0" * 500, "burn@suite")
WORKBOOK = Part("cfo-report.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK" * 500)
PLAIN = Document(
    report="cfo",
    file_name="cfo-report",
    report_type="cfo",
    entity="group",
    report_date=date(2026, 5, 1),
    subject="Cash lasts 4.85 months",
    text="Cash lasts 4.85 months.\n",
    mail_html="<html><body><p>Cash lasts 4.85 months.</p></body></html>",
)
HEADERS = [name for name in message.ALLOWED_HEADERS if not name.startswith("List-")]
LIST = ["List-Id", "List-Unsubscribe"]


def frozen(
    document: Document = PLAIN, *, name: str = "Executive Suite", to: str = "cfo@example.com", **rest: Any
) -> bytes:
    return message.freeze(document, name, "reports@example.com", to, rest.pop("labels", LABELS), **rest)


def read(mime: bytes) -> Any:
    return message_from_bytes(mime, policy=policy.default)


def shown(mail: Any, kind: str = "plain") -> str:
    """A part as a mail client shows it: with the line ends of its own system."""
    return str(mail.get_body((kind,)).get_content()).replace("\r\n", "\n")


def test_a_mail_has_a_text_part_that_stands_alone_and_a_page() -> None:
    mail = read(frozen())
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert shown(mail) == "Cash lasts 4.85 months.\n"


def test_pictures_belong_to_the_page_and_attachments_to_the_mail() -> None:
    mail = read(frozen(replace(PLAIN, pictures=(PICTURE,), attachments=(WORKBOOK,))))
    assert mail.get_content_type() == "multipart/mixed"
    body, attached = mail.iter_parts()
    text, related = body.iter_parts()
    page, picture = related.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert (picture["Content-ID"], picture.get_content()) == ("<burn@suite>", PICTURE.body)
    assert (attached.get_filename(), attached.get_content()) == ("cfo-report.xlsx", WORKBOOK.body)


def test_headers_are_those_and_no_others() -> None:
    mail = read(frozen())
    assert mail.keys() == HEADERS
    assert mail["From"] == "Executive Suite <reports@example.com>"
    assert mail["To"] == "cfo@example.com"
    assert mail["Subject"] == "Cash lasts 4.85 months"
    assert mail["Date"] == "Fri, 01 May 2026 13:00:00 +0000"
    assert mail["Message-ID"] == f"<{'a' * 52}.g1@example.com>"
    assert mail["X-Executive-Suite-Content-Digest"] == PLAIN.content_digest
    assert mail["X-Executive-Suite-Delivery"] == f"{'a' * 52}; generation=1"
    # RFC 3834, section 5, and Microsoft's [MS-OXCMAIL] 2.2.3.2.14: no program answers it.
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_a_mail_of_a_series_says_which_and_how_to_leave_it() -> None:
    """RFC 2919 (List-Id: a name in the sender's domain) and RFC 2369 (List-Unsubscribe: URLs in angle brackets)."""
    mail = read(frozen(leaving=Leaving("reports+off@example.com")))
    assert sorted(mail.keys()) == sorted([*HEADERS, *LIST])
    assert mail["List-Id"] == "<cfo-report.example.com>"
    assert mail["List-Unsubscribe"] == "<mailto:reports%2Boff@example.com?subject=unsubscribe%20cfo-report>"


@pytest.mark.parametrize(("page", "joined"), [("https://x.example/off", "?"), ("https://x.example/off?group=a", "&")])
def test_one_click_is_offered_only_where_a_page_takes_it(page: str, joined: str) -> None:
    """RFC 8058, section 3.1: exactly one HTTPS URI that says who leaves what, and the header that allows the POST."""
    mime = frozen(leaving=Leaving("off@example.com", page))
    mail = read(mime)
    assert sorted(mail.keys()) == sorted(message.ALLOWED_HEADERS)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    first, second = mail["List-Unsubscribe"].split(", ")
    assert first == f"<{page}{joined}delivery={'a' * 52}>"
    assert second.startswith("<mailto:off@example.com?")
    assert frozen(leaving=Leaving("off@example.com", page)) == mime


LINKED = replace(
    PLAIN,
    mail_html=(
        '<html><body><p>Cash.</p><!--archived page--><!--[if mso]><v:roundrect href="2026-05-01/cfo-report.html">'
        '</v:roundrect><![endif]--><a href="2026-05-01/cfo-report.html">Open</a><!--/archived page-->'
        "<p>Archived as 2026-05-01/cfo-report.html</p></body></html>"
    ),
)


def test_the_button_has_a_signed_link_of_the_mails_own_date() -> None:
    signed: list[tuple[str, datetime]] = []

    def link_to(key: str, sent_at: datetime) -> str:
        signed.append((key, sent_at))
        return f"https://reports.example.com/{key}?Expires=1&Signature=a--b"

    mail = read(frozen(LINKED, link_to=link_to))
    page = shown(mail, "html")
    assert signed == [("2026-05-01/cfo-report.html", LABELS.date)]
    link = 'href="https://reports.example.com/2026-05-01/cfo-report.html?Expires=1&amp;Signature=a-&#45;b"'
    assert page.count(link) == 2  # as Outlook draws it, and as all others do
    assert "Archived as 2026-05-01/cfo-report.html" in page
    assert "archived page" not in page
    assert shown(mail) == PLAIN.text, "the text part is the archived text"
    assert mail["X-Executive-Suite-Content-Digest"] == LINKED.content_digest


def test_without_signed_links_there_is_no_button_and_the_page_is_named() -> None:
    page = shown(read(frozen(LINKED)), "html")
    assert "<a " not in page
    assert "roundrect" not in page
    assert "Archived as 2026-05-01/cfo-report.html" in page


def test_the_same_inputs_give_the_same_bytes() -> None:
    document = replace(PLAIN, pictures=(PICTURE,), attachments=(WORKBOOK,))
    assert frozen(document) == frozen(document)
    assert frozen(document) != frozen(document, labels=replace(LABELS, generation=2))


def test_a_resend_says_so_in_its_subject() -> None:
    assert read(frozen(labels=replace(LABELS, generation=2)))["Subject"] == "[Resend] Cash lasts 4.85 months"


# RFC 5322 2.1.1: a line has at most 998 characters and should have no more than 78; RFC 2045 6.7: 76 in bodies
@pytest.mark.parametrize("text", ["x" * 5000 + "\n", "é" * 3000 + "\n", "a\r\nb\rc\n", ".\n..\nFrom here\n", ""])
def test_lines_stay_short_and_text_comes_back(text: str) -> None:
    mime = frozen(replace(PLAIN, text=text, mail_html=f"<p>{text}</p>", subject="Ünïcödé " * 20))
    assert max(len(line) for line in mime.split(b"\r\n")) <= 998
    assert b"\n" not in mime.replace(b"\r\n", b"")
    assert shown(read(mime)).rstrip("\n") == text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


# what could end a header line, start another header, or become either once it is decoded
TRICKS = [
    "a\r\nBcc: thief@example.com",
    "a\nBcc: thief@example.com",
    "a\rBcc: thief@example.com",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    "a\x00b",
    "=?utf-8?q?=0ABcc:_thief@example.com?=",
    "=?UTF-8?B?CkJjYzogdGhpZWZAZXhhbXBsZS5jb20=?=",
    "a =?x",
    "\ud800",
    "",
    "   ",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_in_subject_or_sender_name_is_refused(trick: str) -> None:
    with pytest.raises(MessageError, match="subject"):
        frozen(replace(PLAIN, subject=trick))
    with pytest.raises(MessageError, match="sender name"):
        frozen(name=trick)


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_in_a_file_name_is_refused(trick: str) -> None:
    with pytest.raises(MessageError, match="file name"):
        frozen(replace(PLAIN, attachments=(replace(WORKBOOK, name=trick),)))


@pytest.mark.parametrize(
    "address",
    [
        "cfo@example.com, thief@example.com",
        "cfo@example.com\r\nBcc: thief@example.com",
        "CFO <cfo@example.com>",
        "cfo",
        "cfo@localhost",
        "cfo@exämple.com",
        "cfo@example.com ",
        "=?utf-8?q?a?=@example.com\n",
        "",
    ],
)
def test_a_recipient_is_one_plain_address(address: str) -> None:
    with pytest.raises(MessageError, match="recipient address") as caught:
        frozen(to=address)
    assert "thief" not in str(caught.value)


@pytest.mark.parametrize("media_type", ["image/png\r\nX: y", "image", "image/png; name=x", ""])
def test_a_media_type_is_a_plain_one(media_type: str) -> None:
    with pytest.raises(MessageError, match="media type"):
        frozen(replace(PLAIN, attachments=(replace(WORKBOOK, media_type=media_type),)))


@given(st.text(max_size=300), st.text(max_size=80))
@example('Cash: 38,800 USD; runway <4.85> "months" (net) @ D', "Suite, Executive")
@example("ﷺ" * 60, "名前" * 20)
@example("a" * 200, "b" * 100)
@example("two  blanks and a	tab", "x  y")
def test_a_header_reads_back_as_it_was_meant_or_is_refused(subject: str, name: str) -> None:
    try:
        mime = frozen(replace(PLAIN, subject=subject), name=name)
    except MessageError:
        return
    mail = read(mime)
    assert mail.keys() == HEADERS
    assert mail["Subject"] == subject
    # Not by the structured reader: it puts blanks between encoded words, against RFC 2047, section 6.2.
    raw = message_from_bytes(mime)["From"].replace("\r\n", "")
    assert str(make_header(decode_header(parseaddr(raw)[0]))) == name
    assert mail["From"].addresses[0].addr_spec == "reports@example.com"
    assert [address.addr_spec for address in mail["To"].addresses] == ["cfo@example.com"]


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=200))
def test_ordinary_subjects_are_never_refused(subject: str) -> None:
    if "=?" in subject or not subject.strip() or subject != subject.strip():
        return
    assert read(frozen(replace(PLAIN, subject=subject)))["Subject"] == subject


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_comes_back_from_its_part(text: str) -> None:
    got = shown(read(frozen(replace(PLAIN, text=text))))
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    assert got.rstrip("\n") == unix.rstrip("\n")


def test_attachments_that_are_too_large_become_links_and_the_mail_says_so() -> None:
    large = replace(PLAIN, attachments=(replace(WORKBOOK, body=b"x" * 90_000),))
    mime = frozen(
        large, size_limit=100_000, link_to=lambda key, _: f"https://reports.example.com/{key}?signature=a&b=c"
    )
    mail = read(mime)
    assert len(mime) <= 100_000
    text = shown(mail)
    assert "too large" in text
    assert "https://reports.example.com/2026-05-01/cfo-report.xlsx?signature=a&b=c" in text
    assert "signature=a&amp;b=c" in shown(mail, "html")
    assert not list(mail.iter_attachments())
    assert mail["X-Executive-Suite-Content-Digest"] == large.content_digest


def test_without_a_signer_the_mail_names_the_archive_key() -> None:
    large = replace(PLAIN, attachments=(replace(WORKBOOK, body=b"x" * 90_000),))
    assert "2026-05-01/cfo-report.xlsx" in shown(read(frozen(large, size_limit=100_000)))


def test_a_mail_that_is_too_large_without_attachments_is_refused() -> None:
    with pytest.raises(MessageError, match="limit is 500"):
        frozen(size_limit=500)


def test_size_is_counted_after_base64() -> None:
    """75,000 bytes are 100,000 in base64 and more with line ends (RFC 2045 6.8: 4/3)."""
    document = replace(PLAIN, attachments=(replace(WORKBOOK, body=b"x" * 75_000),))
    assert list(read(frozen(document, size_limit=110_000)).iter_attachments())
    assert not list(read(frozen(document, size_limit=100_000)).iter_attachments())


# What a report's words may hold: letters of any alphabet, marks, single and double blanks; no control characters.
WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=80),
    min_size=1,
    max_size=25,
)


@given(WORDS, st.sampled_from([" ", "  "]))
@example(["Executive Suite 2026-05-01: 1 report was not sent by the deadline yet"], " ")
@example(["x" * 900], " ")
def test_every_subject_reads_back_whatever_its_length(words: list[str], blank: str) -> None:
    """Read by two readers of the library, an old and a new one, which decode and unfold each in its own way."""
    subject = blank.join(words)
    if "=?" in subject:
        return
    mime = frozen(replace(PLAIN, subject=subject))
    assert read(mime)["Subject"] == subject
    old = message_from_bytes(mime)["Subject"].replace("\r\n", "")
    assert str(make_header(decode_header(old))) == subject
    written = mime[mime.index(b"Subject: ") : mime.index(b"\r\nDate: ")]
    assert max(map(len, written.split(b"\r\n"))) <= 76  # RFC 2047, section 2


@given(WORDS)
@example(["USD", "c:d", "%)", "a,b;", "\\", "<x>", '"q"'])
@example(["größer"] * 12)
def test_every_sender_name_reads_back_and_names_one_address(words: list[str]) -> None:
    name = " ".join(words)
    if "=?" in name:
        return
    mime = frozen(name=name)
    assert [one.addr_spec for one in read(mime)["From"].addresses] == ["reports@example.com"]
    raw = message_from_bytes(mime)["From"].replace("\r\n", "")
    assert parseaddr(raw)[1] == "reports@example.com"
    assert str(make_header(decode_header(parseaddr(raw)[0]))) == name
