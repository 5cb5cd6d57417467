"""Servers that send more than anybody asked for, or lie about how much it is."""

from __future__ import annotations

import gzip

from dsqa.outside import Outcome
from tests.faults.fault import PAGE, End, Fault, Pause, Pieces, Request, Serve, only_get, respond

ALIVE, UNVERIFIED = Outcome.ALIVE, Outcome.UNVERIFIED
START = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BLOCK = b"<p>It never ends.</p>\r\n" * 170
BOMB = gzip.compress(b"<p></p>" * 3_000_000)
PACKED = gzip.compress(PAGE)


def endless(first: bytes, block: bytes) -> Serve:
    def serve(request: Request) -> Pieces:
        yield first
        while True:
            yield block

    return serve


def sending(answer: bytes, end: End | None = End.CLOSED) -> Serve:
    """These bytes, whatever was asked for, and then, when they have been read, the end."""

    def serve(request: Request) -> Pieces:
        yield answer
        yield Pause(0.1 if end else 3600.0)
        yield end or End.CLOSED

    return serve


def packed(body: bytes) -> Serve:
    """A server that packs its pages though nobody asked it to."""

    def serve(request: Request) -> Pieces:
        yield respond(request, "200 OK", body, Content_Encoding="gzip")

    return serve


def sized(*sizes: str, end: End | None = End.CLOSED) -> Serve:
    """A page whose size is told so."""
    lines = "".join(f"Content-Length: {size}\r\n" for size in sizes).encode()
    return only_get(sending(START + lines + b"\r\n" + PAGE, end))


CHUNKS = START + b"Transfer-Encoding: chunked\r\n\r\n"
TOO_MUCH = "it sends more than"
TOO_MANY = "it sends too many headers"

FAULTS = (
    Fault("endless-body", only_get(endless(START + b"\r\n", BLOCK)), ALIVE, "200 OK", status=200),
    Fault(
        "endless-image",
        only_get(endless(START + b"\r\n", BLOCK)),
        ALIVE,
        "200 OK",
        status=200,
        image=True,
        is_image=False,
    ),
    Fault(
        "endless-after-head",
        endless(START + b"\r\n", BLOCK),
        ALIVE,
        "200 OK",
        status=200,
        image=True,
        is_image=False,
    ),
    Fault(
        "endless-chunks",
        only_get(endless(CHUNKS, b"1000\r\n" + b"x" * 4096 + b"\r\n")),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault("endless-chunk-size", only_get(endless(CHUNKS, b"0" * 4096)), UNVERIFIED, TOO_MUCH),
    Fault(
        "huge-chunk",
        only_get(endless(CHUNKS + b"fffffffffffffff\r\n", BLOCK)),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault(
        "endless-trailers",
        only_get(endless(CHUNKS + b"0\r\n", b"X-A: b\r\n" * 500)),
        UNVERIFIED,
        TOO_MUCH,
    ),
    Fault("endless-status", endless(b"HTTP/1.1 200 ", b"O" * 4096), UNVERIFIED, TOO_MUCH),
    Fault("endless-headers", endless(START, b"X-A: b\r\n" * 500), UNVERIFIED, TOO_MANY),
    Fault("giant-header", endless(START + b"X-A: ", b"b" * 4096), UNVERIFIED, TOO_MUCH),
    Fault(
        "many-headers", sending(START + b"X-A: b\r\n" * 3000 + b"\r\n" + PAGE), UNVERIFIED, TOO_MANY
    ),
    Fault(
        "endless-interim",
        endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 150),
        UNVERIFIED,
        TOO_MUCH,
    ),
    Fault(
        "gzip-bomb",
        only_get(packed(BOMB)),
        ALIVE,
        "200 OK",
        status=200,
        fragment="installation",
        has_fragment=None,
    ),
    Fault(
        "gzip-page",
        packed(PACKED),
        ALIVE,
        "200 OK",
        status=200,
        fragment="elsewhere",
        has_fragment=None,
    ),
    Fault("length-too-long", sized("50000"), UNVERIFIED, "broke off"),
    Fault("length-too-short", sized("20", end=None), ALIVE, "200 OK", status=200),
    Fault("length-negative", sized("-20"), ALIVE, "200 OK", status=200),
    Fault("length-no-number", sized("many"), ALIVE, "200 OK", status=200),
    Fault("length-enormous", sized("9" * 5000), ALIVE, "200 OK", status=200),
    Fault("length-twice", sized("20", "50000"), UNVERIFIED, "not HTTP"),
    Fault(
        "chunks-and-length",
        only_get(
            sending(
                START
                + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
            )
        ),
        ALIVE,
        "200 OK",
        status=200,
    ),
    Fault(
        "chunks-broken",
        only_get(sending(CHUNKS + b"zz\r\nhello\r\n0\r\n\r\n")),
        UNVERIFIED,
        "broke off",
    ),
)
