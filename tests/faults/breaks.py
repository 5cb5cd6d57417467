"""Servers that break off, or speak another language."""

from __future__ import annotations

import random

from dsqa.outside import Outcome
from tests.faults.bombs import sending
from tests.faults.fault import PAGE, End, Fault, Name, Pieces, Request, only_get, respond

ALIVE, DEAD = Outcome.ALIVE, Outcome.DEAD
UNVERIFIED, REFUSED = Outcome.UNVERIFIED, Outcome.REFUSED
START = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
HALF = START + b"Content-Length: 50000\r\n\r\n" + PAGE
NOISE = random.Random(6).randbytes(3000)
BROKE = "broke off"
MUTE = "before it answered"
NOT_HTTP = "HTTP"


def reset_at_first(request: Request) -> Pieces:
    if request.number <= 2:
        yield End.RESET
    yield respond(request, "200 OK")


def stale(request: Request) -> Pieces:
    """A server that says nothing of it, but ends every connection after one answer."""
    if request.method == "HEAD":
        yield respond(request, "405 Method Not Allowed")
    else:
        yield respond(request, "200 OK")
    yield End.CLOSED


FAULTS = (
    Fault("closed-at-once", sending(b""), UNVERIFIED, MUTE, at_once=True),
    Fault("closed", sending(b""), UNVERIFIED, MUTE),
    Fault("reset-at-once", sending(b"", End.RESET), UNVERIFIED, MUTE, at_once=True),
    Fault("reset", sending(b"", End.RESET), UNVERIFIED, MUTE),
    Fault("reset-at-first", reset_at_first, ALIVE, "200 OK", status=200),
    Fault("stale-connection", stale, ALIVE, "200 OK", status=200),
    Fault("closed-after-status", sending(b"HTTP/1.1 200 OK\r\n"), UNVERIFIED, BROKE),
    Fault("closed-in-status", sending(b"HTTP/1.1 2"), UNVERIFIED, NOT_HTTP),
    Fault("closed-in-headers", sending(START + b"X-A"), UNVERIFIED, BROKE),
    Fault("reset-in-headers", sending(START + b"X-A", End.RESET), UNVERIFIED, BROKE),
    Fault("closed-in-body", only_get(sending(HALF)), UNVERIFIED, BROKE),
    Fault("reset-in-body", only_get(sending(HALF, End.RESET)), UNVERIFIED, BROKE),
    Fault(
        "closed-in-chunk",
        only_get(sending(START + b"Transfer-Encoding: chunked\r\n\r\nfff\r\nshort")),
        UNVERIFIED,
        BROKE,
    ),
    Fault("noise", sending(NOISE), UNVERIFIED, NOT_HTTP),
    Fault("noise-at-once", sending(NOISE, None), UNVERIFIED, NOT_HTTP, at_once=True),
    Fault("nothing-but-zeros", sending(b"\0" * 3000), UNVERIFIED, NOT_HTTP),
    Fault("http-0.9", sending(PAGE), UNVERIFIED, NOT_HTTP),
    Fault(
        "http-1.0",
        only_get(sending(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE)),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault("http-2", sending(b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64" * 3), UNVERIFIED, NOT_HTTP),
    Fault("http-7", sending(b"HTTP/7.3 200 OK\r\n\r\n" + PAGE), UNVERIFIED, NOT_HTTP),
    Fault("ssh", sending(b"SSH-2.0-OpenSSH_9.6\r\n", None), UNVERIFIED, NOT_HTTP, at_once=True),
    Fault("status-000", sending(b"HTTP/1.1 000 Nothing\r\n\r\n"), UNVERIFIED, NOT_HTTP),
    Fault("status-word", sending(b"HTTP/1.1 fine OK\r\n\r\n"), UNVERIFIED, NOT_HTTP),
    Fault("status-giant", sending(b"HTTP/1.1 20000 OK\r\n\r\n"), UNVERIFIED, NOT_HTTP),
    Fault(
        "status-with-controls",
        sending(b"HTTP/1.1 403 \x1b]0;owned\x07\r\nContent-Length: 0\r\n\r\n"),
        UNVERIFIED,
        "403 Forbidden",
        status=403,
    ),
    Fault(
        "bare-line-feeds",
        only_get(sending(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok")),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault(
        "headers-without-colon",
        only_get(sending(START + b"what is this\r\n\r\n" + PAGE)),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault(
        "headers-with-zeros",
        only_get(sending(START + b"X-A: \0\0\r\n\r\n" + PAGE)),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault(
        "headers-in-latin-1",
        only_get(sending(START + b"X-\xe9: \xe9\r\n\r\n" + PAGE)),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault("no-such-name", sending(b""), DEAD, "there is no host", host=Name.ABSENT),
    Fault("name-server-fails", sending(b""), UNVERIFIED, "looked up", host=Name.FAILING),
    Fault("private-name", sending(b""), REFUSED, "", host=Name.PRIVATE),
    Fault("half-private-name", sending(b""), REFUSED, "", host=Name.MIXED),
    Fault("closed-port", sending(b""), UNVERIFIED, "refused", host=Name.HERE, listens=False),
)
