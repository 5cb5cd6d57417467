"""Servers that send their visitors elsewhere."""

from __future__ import annotations

from dsqa.outside import Outcome
from tests.faults.fault import Fault, Pause, Pieces, Request, Serve, always, only_get, respond

ALIVE, MOVED, DEAD = Outcome.ALIVE, Outcome.MOVED, Outcome.DEAD
UNVERIFIED, REFUSED = Outcome.UNVERIFIED, Outcome.REFUSED
NOWHERE = {
    "to-a-file": "file:///etc/passwd",
    "to-ftp": "ftp://living.faults.test/living",
    "to-a-script": "javascript:alert(1)",
    "to-data": "data:text/html,hello",
    "to-garbage": "http://[:::/",
    "to-no-port": "http://living.faults.test:99999/",
    "to-controls": "http://living.faults.test/\x1b]0;title\x07",
}
PRIVATE = {
    "to-metadata": ("http://169.254.169.254/latest/meta-data/", "private"),
    "to-private": ("http://10.0.0.1/", "private"),
    "to-private-without-scheme": ("//192.168.1.1/", "private"),
    "to-loopback-6": ("http://[::1]/", "private"),
    "to-mapped": ("http://[::ffff:10.0.0.1]/", "private"),
    "to-decimal": ("http://2130706433/", "disguised"),
    "to-hex": ("http://0x7f.1/", "disguised"),
    "to-octal": ("http://0177.0.0.1/", "disguised"),
    "to-localhost": ("http://localhost/", "private"),
}


def to(location: str, status: str = "302 Found", body: bytes = b"") -> Serve:
    """A redirect; `{http}` and `{https}` stand for pages that live."""

    def serve(request: Request) -> Pieces:
        yield respond(request, status, body, Location=location.format(**request.living))

    return serve


def chain(name: str, *statuses: str, end: str = "/living", body: bytes = b"") -> Serve:
    """One redirect after the other; the last status leads to the end."""

    def serve(request: Request) -> Pieces:
        step = len(request.path.split("/")) - 2
        follow = step + 1 < len(statuses)
        location = f"/{name}" + "/on" * (step + 1) if follow else end.format(**request.living)
        yield respond(request, statuses[step], body, Location=location)

    return serve


def scheme_relative(request: Request) -> Pieces:
    yield respond(request, "302 Found", b"", Location=request.living["http"].removeprefix("http:"))


def loop(request: Request) -> Pieces:
    yield respond(request, "302 Found", Location="/loop/b" if request.path == "/loop" else "/loop")


def for_ever(request: Request) -> Pieces:
    yield respond(request, "302 Found", Location=f"{request.path}/on")


def with_endless_body(request: Request) -> Pieces:
    yield respond(request, "302 Found", b"", Location="/living", Content_Length="9999999999")
    while request.method == "GET":
        yield b"x" * 4096


def with_dripping_body(request: Request) -> Pieces:
    yield respond(request, "302 Found", b"", Location="/living", Content_Length="500")
    while request.method == "GET":
        yield b"x"
        yield Pause(0.2)


FAULTS = (
    Fault("living", always("200 OK"), ALIVE, "200 OK", status=200),
    *(
        Fault(
            f"moved-{status[:3]}",
            to("{http}", status),
            outcome,
            "200 OK",
            status=200,
            hops=1,
            target=target,
        )
        for status, outcome, target in (
            ("301 Moved Permanently", MOVED, "{http}"),
            ("302 Found", ALIVE, ""),
            ("303 See Other", ALIVE, ""),
            ("307 Temporary Redirect", ALIVE, ""),
            ("308 Permanent Redirect", MOVED, "{http}"),
        )
    ),
    Fault(
        "moved-by-get",
        only_get(to("{http}", "301 Away")),
        MOVED,
        "200 OK",
        status=200,
        hops=1,
        target="{http}",
    ),
    Fault(
        "chain",
        chain("chain", "301 A", "308 B", "301 C", end="{http}"),
        MOVED,
        "200 OK",
        status=200,
        hops=3,
        target="{http}",
    ),
    Fault(
        "mixed-chain",
        chain("mixed-chain", "301 A", "302 B", end="{http}"),
        MOVED,
        "200 OK",
        status=200,
        hops=2,
        target="{own}/mixed-chain/on",
    ),
    Fault(
        "temporary-first",
        chain("temporary-first", "302 A", "301 B", end="{http}"),
        ALIVE,
        "200 OK",
        status=200,
        hops=2,
    ),
    Fault("to-the-dead", to("/missing", "301 Away"), DEAD, "404 Not Found", status=404, hops=1),
    Fault(
        "chain-to-the-dead",
        chain("chain-to-the-dead", "302 A", "301 B", end="/missing"),
        DEAD,
        "404 Not Found",
        status=404,
        hops=2,
    ),
    Fault(
        "to-no-host", to("http://absent.faults.test/"), DEAD, "there is no host", status=302, hops=1
    ),
    Fault("to-itself", to("/to-itself"), UNVERIFIED, "circle", status=302, hops=1),
    Fault("loop", loop, UNVERIFIED, "circle", status=302, hops=2),
    Fault("for-ever", for_ever, UNVERIFIED, "redirects more than", status=302, hops=5),
    Fault("chain-of-5", chain("chain-of-5", *["302 On"] * 5), ALIVE, "200 OK", status=200, hops=5),
    Fault(
        "chain-of-20",
        chain("chain-of-20", *["302 On"] * 20),
        UNVERIFIED,
        "redirects more than",
        status=302,
        hops=5,
    ),
    Fault("to-nowhere", always("302 Found", b""), UNVERIFIED, "302 Found", status=302),
    Fault("to-nothing", to(" "), UNVERIFIED, "302 Found", status=302),
    *(
        Fault(name, to(location), UNVERIFIED, "no address of the web", status=302)
        for name, location in NOWHERE.items()
    ),
    *(
        Fault(name, to(location), REFUSED, words, status=302, hops=1)
        for name, (location, words) in PRIVATE.items()
    ),
    Fault(
        "to-credentials",
        to("http://guest:guest@living.faults.test/", "301 Away"),
        REFUSED,
        "password",
        status=301,
    ),
    Fault("scheme-relative", scheme_relative, ALIVE, "200 OK", status=200, hops=1),
    Fault("relative", to("living?a=b"), ALIVE, "200 OK", status=200, hops=1),
    Fault("to-a-place", to("/living#installation"), ALIVE, "200 OK", status=200, hops=1),
    Fault("giant-location", to("/living?" + "x" * 100_000), UNVERIFIED, "headers"),
    Fault("to-the-door", to("/login?next=%2Fhome"), UNVERIFIED, "login", status=200, hops=1),
    Fault("to-the-front", to("/", "301 Away"), UNVERIFIED, "front page", status=200, hops=1),
    Fault("with-endless-body", only_get(with_endless_body), ALIVE, "200 OK", status=200, hops=1),
    Fault(
        "chain-of-fat",
        only_get(chain("chain-of-fat", *["302 On"] * 5, body=b"x" * 60_000)),
        ALIVE,
        "200 OK",
        status=200,
        hops=5,
    ),
    Fault("with-dripping-body", only_get(with_dripping_body), ALIVE, "200 OK", status=200, hops=1),
)
