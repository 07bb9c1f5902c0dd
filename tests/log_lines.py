"""Lines of CloudFront's standard logs, by what differs; the layout is that of Amazon's Developer Guide."""

from __future__ import annotations

import gzip

FIELDS = (
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) "
    "cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken "
    "x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status "
    "fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len "
    "sc-range-start sc-range-end"
)
CHROME = "Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)%20Chrome/126.0%20Safari/537.36"


def line(
    *,
    day: str = "2026-05-02",
    at: str = "13:05:00",
    ip: str = "192.0.2.100",
    method: str = "GET",
    path: str = "/2026-05-01/ceo-report.html",
    status: str = "200",
    agent: str = CHROME,
) -> str:
    """One request, by default somebody who opens the CEO's page on May 2, 2026."""
    host = "d111111abcdef8.cloudfront.net"
    first = (day, at, "LAX1", "392", ip, method, host, path, status, "-", agent, "Expires=1&Signature=x", "-", "Hit")
    rest = ("SOX4xwn4", host, "https", "23", "0.001", "-", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "Hit", "HTTP/2.0")
    return "\t".join((*first, *rest, "-", "-", "11040", "0.001", "Hit", "text/html", "78", "-", "-"))


def log(*lines: str) -> str:
    """A log with the two lines of its header."""
    return "\n".join(("#Version: 1.0", f"#Fields: {FIELDS}", *lines, ""))


def packed(*lines: str) -> bytes:
    """The same as CloudFront stores it."""
    return gzip.compress(log(*lines).encode("utf-8", "surrogatepass"), mtime=0)
