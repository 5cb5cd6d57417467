"""Servers that take their time."""

from __future__ import annotations

from dsqa.outside import Outcome
from tests.faults.fault import Fault, Pause, Pieces, Request, Serve, only_get, respond

ALIVE, UNVERIFIED = Outcome.ALIVE, Outcome.UNVERIFIED
HOURS = Pause(3600.0)
DROP = Pause(0.3)
"""Short enough that no single silence ever looks like a lost connection."""


def bit_by_bit(*firsts: bytes, drop: bytes) -> Serve:
    """Some bytes at once, and then one drop after the other."""

    def serve(request: Request) -> Pieces:
        yield from firsts
        while True:
            for byte in drop:
                yield bytes([byte])
                yield DROP

    return serve


def then_silent(*firsts: bytes) -> Serve:
    def serve(request: Request) -> Pieces:
        yield from firsts
        yield HOURS

    return serve


def late(request: Request) -> Pieces:
    yield Pause(1.2)
    yield respond(request, "200 OK")


def too_late(request: Request) -> Pieces:
    yield Pause(30.0)
    yield respond(request, "200 OK")


def slow_page(request: Request) -> Pieces:
    """A page that comes in the end, in twelve pieces."""
    answer = respond(request, "200 OK")
    size = len(answer) // 12 + 1
    for start in range(0, len(answer), size):
        yield answer[start : start + size]
        yield Pause(0.1)


def hung_head(request: Request) -> Pieces:
    if request.method == "HEAD":
        yield HOURS
    yield respond(request, "200 OK")


def hung_at_first(request: Request) -> Pieces:
    if request.number == 1:
        yield HOURS
    yield respond(request, "200 OK")


START = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LONG = START + b"Content-Length: 50000\r\n\r\n"
CHUNKED = START + b"Transfer-Encoding: chunked\r\n\r\n"
SLOW = "took longer"

FAULTS = (
    Fault("silent", then_silent(), UNVERIFIED, SLOW),
    Fault("silent-at-once", then_silent(), UNVERIFIED, SLOW, at_once=True),
    Fault("too-late", too_late, UNVERIFIED, SLOW),
    Fault("late", late, ALIVE, "200 OK", status=200),
    Fault("late-image", late, ALIVE, "200 OK", status=200, image=True, is_image=False),
    Fault(
        "slow-page",
        slow_page,
        ALIVE,
        "200 OK",
        status=200,
        fragment="installation",
        has_fragment=True,
    ),
    Fault("hung-head", hung_head, ALIVE, "200 OK", status=200),
    Fault("hung-at-first", hung_at_first, ALIVE, "200 OK", status=200),
    Fault("drip-status", bit_by_bit(drop=b"HTTP/1.1 200 " + b"OK" * 50), UNVERIFIED, SLOW),
    Fault("drip-headers", bit_by_bit(START, drop=b"X-A: b\r\n"), UNVERIFIED, SLOW),
    Fault("drip-one-header", bit_by_bit(START, b"X-A: ", drop=b"b"), UNVERIFIED, SLOW),
    Fault("drip-body", only_get(bit_by_bit(LONG, drop=b"b")), UNVERIFIED, SLOW),
    Fault("drip-chunks", only_get(bit_by_bit(CHUNKED, drop=b"1\r\nb\r\n")), UNVERIFIED, SLOW),
    Fault("drip-chunk-size", only_get(bit_by_bit(CHUNKED, drop=b"0")), UNVERIFIED, SLOW),
    Fault(
        "drip-trailers",
        only_get(bit_by_bit(CHUNKED, b"0\r\n", drop=b"X-A: b\r\n")),
        UNVERIFIED,
        SLOW,
    ),
    Fault("drip-interim", bit_by_bit(drop=b"HTTP/1.1 102 Processing\r\n\r\n"), UNVERIFIED, SLOW),
    Fault("silent-body", only_get(then_silent(LONG)), UNVERIFIED, SLOW),
    Fault("silent-in-headers", then_silent(START), UNVERIFIED, SLOW),
    Fault("silent-after-interim", then_silent(b"HTTP/1.1 100 Continue\r\n\r\n"), UNVERIFIED, SLOW),
    Fault("silent-handshake", then_silent(), UNVERIFIED, SLOW, at_once=True, scheme="https"),
    Fault(
        "drip-handshake",
        bit_by_bit(b"\x16\x03\x03\x40\x00", drop=b"\x02"),
        UNVERIFIED,
        SLOW,
        at_once=True,
        scheme="https",
    ),
)
