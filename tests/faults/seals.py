"""Servers that speak TLS badly, or not at all."""

from __future__ import annotations

from dsqa.outside import Outcome
from tests.faults.bombs import sending
from tests.faults.fault import PAGE, End, Fault, always
from tests.faults.redirects import to

ALIVE, MOVED, UNVERIFIED = Outcome.ALIVE, Outcome.MOVED, Outcome.UNVERIFIED
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
"""A fatal alert: the handshake failed (RFC 8446, section 6)."""

FAULTS = (
    Fault("living-tls", always("200 OK"), ALIVE, "200 OK", status=200, scheme="https"),
    Fault(
        "self-signed",
        always("200 OK"),
        UNVERIFIED,
        "certificate",
        scheme="https",
        certificate="self-signed",
    ),
    Fault(
        "expired", always("200 OK"), UNVERIFIED, "expired", scheme="https", certificate="expired"
    ),
    Fault(
        "other-host",
        always("200 OK"),
        UNVERIFIED,
        "certificate",
        scheme="https",
        certificate="other host",
    ),
    Fault("missing", always("404 Gone"), Outcome.DEAD, "404 Not Found", status=404, scheme="https"),
    Fault(
        "plain-on-tls",
        sending(b"HTTP/1.1 400 Bad Request\r\n\r\n" + PAGE, None),
        UNVERIFIED,
        "does not speak TLS",
        at_once=True,
        scheme="https",
    ),
    Fault("tls-on-plain", sending(ALERT), UNVERIFIED, "not HTTP"),
    Fault("closed-handshake", sending(b""), UNVERIFIED, "broke off", at_once=True, scheme="https"),
    Fault(
        "reset-handshake",
        sending(b"", End.RESET),
        UNVERIFIED,
        "broke off",
        at_once=True,
        scheme="https",
    ),
    Fault(
        "alert-handshake", sending(ALERT, None), UNVERIFIED, "encrypt", at_once=True, scheme="https"
    ),
    Fault(
        "noise-handshake",
        sending(b"\x7f" * 5000, None),
        UNVERIFIED,
        "TLS",
        at_once=True,
        scheme="https",
    ),
    Fault(
        "closed-in-tls", sending(b"HTTP/1.1 200 OK\r\n"), UNVERIFIED, "broke off", scheme="https"
    ),
    Fault(
        "without-tls",
        to("{http}", "301 Away"),
        ALIVE,
        "without encryption",
        status=200,
        hops=1,
        scheme="https",
    ),
    Fault(
        "with-tls", to("{https}", "301 Away"), MOVED, "200 OK", status=200, hops=1, target="{https}"
    ),
)
