"""Servers that answer properly, but not with a page."""

from __future__ import annotations

from dsqa.outside import Outcome
from tests.faults.fault import Fault, Pieces, Request, Serve, always, only_get, respond

ALIVE, DEAD, UNVERIFIED = Outcome.ALIVE, Outcome.DEAD, Outcome.UNVERIFIED
STATUSES = {
    "200 OK": ALIVE,
    "203 Non-Authoritative Information": ALIVE,
    "206 Partial Content": ALIVE,
    "300 Multiple Choices": UNVERIFIED,
    "400 Bad Request": UNVERIFIED,
    "401 Unauthorized": UNVERIFIED,
    "402 Payment Required": UNVERIFIED,
    "403 Forbidden": UNVERIFIED,
    "404 Not Found": DEAD,
    "405 Method Not Allowed": UNVERIFIED,
    "406 Not Acceptable": UNVERIFIED,
    "408 Request Timeout": UNVERIFIED,
    "410 Gone": DEAD,
    "416 Requested Range Not Satisfiable": ALIVE,
    "418 I'm a Teapot": UNVERIFIED,
    "421 Misdirected Request": UNVERIFIED,
    "425 Too Early": UNVERIFIED,
    "451 Unavailable For Legal Reasons": UNVERIFIED,
    "500 Internal Server Error": UNVERIFIED,
    "501 Not Implemented": UNVERIFIED,
    "502 Bad Gateway": UNVERIFIED,
    "503 Service Unavailable": UNVERIFIED,
    "504 Gateway Timeout": UNVERIFIED,
}
WITHOUT_BODY = {"204 No Content": ALIVE, "205 Reset Content": ALIVE, "304 Not Modified": UNVERIFIED}
NAMELESS = {"520 Unknown": UNVERIFIED, "799 Odd": UNVERIFIED, "999 Request denied": UNVERIFIED}
WAITS = {
    "soon": "1",
    "an-hour": "3600",
    "for-ever": "9" * 400,
    "negative": "-5",
    "on-a-past-day": "Wed, 21 Oct 2015 07:28:00 GMT",
    "on-a-far-day": "Fri, 31 Dec 9999 23:59:59 GMT",
    "on-no-day": "Wed, 99 Oct 20155 77:28:00 XYZ",
    "nonsense": "in a while",
}


def on_head(status: str, on_get: Serve | None = None) -> Serve:
    """A server that answers so to HEAD only."""

    def serve(request: Request) -> Pieces:
        if request.method == "HEAD":
            yield respond(request, status)
        else:
            yield from (on_get or always("200 OK"))(request)

    return serve


def head_with_body(request: Request) -> Pieces:
    head = respond(request, "200 OK")
    yield head if request.method == "GET" else head + b"<h1>It talks too much</h1>"


def then_well(status: str, *, after: int, wait: str = "") -> Serve:
    """A server that is in this state at first, and well after so many requests."""

    def serve(request: Request) -> Pieces:
        if request.number > after:
            yield respond(request, "200 OK")
        else:
            yield respond(request, status, Retry_After=wait)

    return serve


FAULTS = (
    *(
        Fault(f"status-{line[:3]}", always(line), outcome, line, status=int(line[:3]))
        for line, outcome in STATUSES.items()
    ),
    *(
        Fault(f"status-{line[:3]}", always(line, b"", ""), outcome, line, status=int(line[:3]))
        for line, outcome in WITHOUT_BODY.items()
    ),
    *(
        Fault(f"status-{line[:3]}", always(line), outcome, line[:3], status=int(line[:3]))
        for line, outcome in NAMELESS.items()
    ),
    Fault("status-429", always("429 Slow Down"), UNVERIFIED, "429 Too Many Requests", status=429),
    *(
        Fault(
            f"status-429-{name}",
            always("429 Slow Down", Retry_After=wait),
            UNVERIFIED,
            "429 Too Many Requests",
            status=429,
        )
        for name, wait in WAITS.items()
    ),
    Fault(
        "status-503-an-hour",
        always("503 Closed", Retry_After="3600"),
        UNVERIFIED,
        "503 Service Unavailable",
        status=503,
    ),
    Fault("429-at-first", then_well("429 Busy", after=1, wait="1"), ALIVE, "200 OK", status=200),
    Fault("500-at-first", then_well("500 Oops", after=2), ALIVE, "200 OK", status=200),
    Fault("404-at-first", on_head("404 Not Found"), ALIVE, "200 OK", status=200),
    Fault("head-403", on_head("403 Forbidden"), ALIVE, "200 OK", status=200),
    Fault("head-405", on_head("405 Method Not Allowed"), ALIVE, "200 OK", status=200),
    Fault("head-500", on_head("500 Oops"), ALIVE, "200 OK", status=200),
    Fault("head-501", on_head("501 Not Implemented"), ALIVE, "200 OK", status=200),
    Fault("head-alone", on_head("200 OK", always("404 Gone")), ALIVE, "200 OK", status=200),
    Fault(
        "head-alone-image",
        on_head("200 OK", always("404 Gone")),
        DEAD,
        "404 Not Found",
        status=404,
        image=True,
    ),
    Fault(
        "head-with-body", head_with_body, ALIVE, "200 OK", status=200, image=True, is_image=False
    ),
    Fault("404-for-get", only_get(always("404 Gone")), DEAD, "404 Not Found", status=404),
)
