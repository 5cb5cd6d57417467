"""A fault: what a server does wrong, and what is to be said of its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum

from dsqa.outside import Outcome

PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>A page that lives</title></head>
<body>
<h1 id="top-of-page">A page that lives</h1>
<p>Nothing is wrong with it: it has a heading, a few words, and a place to link to.</p>
<h2 id="installation">Installation</h2>
<p>It is here already, there is nothing to install.</p>
</body>
</html>
"""
LOGIN = b"""<!DOCTYPE html>
<html lang="en">
<head><title>Sign in</title></head>
<body>
<h1>Sign in to go on</h1>
<form method="post" action="/session">
<input name="user"><input name="password" type="password"><button>Sign in</button>
</form>
</body>
</html>
"""


@dataclass(frozen=True)
class Pause:
    """The server keeps silent; it goes on at once when nobody listens any more."""

    seconds: float


class End(Enum):
    """How the server ends the connection."""

    CLOSED = "closed"
    RESET = "reset"


Piece = bytes | Pause | End
Pieces = Iterator[Piece]


@dataclass(frozen=True)
class Request:
    """What a client asked for; `number` counts the requests for this path, from 1."""

    method: str
    path: str
    headers: Mapping[str, str]
    number: int
    living: Mapping[str, str]
    """The address of a page that lives, by scheme."""


Serve = Callable[[Request], Pieces]


class Name(Enum):
    """What is found where the name of the host is looked up."""

    HERE = "here"
    PRIVATE = "private"
    MIXED = "mixed"
    ABSENT = "absent"
    FAILING = "failing"


@dataclass(frozen=True)
class Fault:
    """One defect, and what the documentation promises for it.

    `words` are a piece of the reason that is told with the outcome, and `status` the last one that
    was received. `at_once`: the server acts before it has heard a request; if it never `listens`,
    nobody answers at its port.
    """

    name: str
    serve: Serve
    outcome: Outcome
    words: str
    _: KW_ONLY
    status: int | None = None
    hops: int = 0
    target: str = ""
    at_once: bool = False
    listens: bool = True
    scheme: str = "http"
    certificate: str = "good"
    host: Name = Name.HERE
    image: bool = False
    is_image: bool | None = None
    fragment: str = ""
    has_fragment: bool | None = None


def respond(
    request: Request, status: str, body: bytes = PAGE, type_: str = "text/html", **more: str
) -> bytes:
    """A proper answer, in one piece. `Content_Length="7"` overrides what would be the truth."""
    headers = {"Content-Type": type_, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): text for name, text in more.items()}
    head = "".join(f"{name}: {text}\r\n" for name, text in headers.items() if text)
    sent = b"" if request.method == "HEAD" else body
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + sent


def always(status: str, body: bytes = PAGE, type_: str = "text/html", **more: str) -> Serve:
    """A server that gives every request this answer."""

    def serve(request: Request) -> Pieces:
        yield respond(request, status, body, type_, **more)

    return serve


def only_get(serve: Serve) -> Serve:
    """The same server, which does not know HEAD."""

    def chosen(request: Request) -> Pieces:
        if request.method == "HEAD":
            yield respond(request, "405 Method Not Allowed")
        else:
            yield from serve(request)

    return chosen


def common(request: Request) -> Pieces:
    """The pages that every server has, whatever its defect."""
    match request.path.partition("?")[0]:
        case "/" | "/living":
            yield respond(request, "200 OK")
        case "/login":
            yield respond(request, "200 OK", LOGIN)
        case _:
            yield respond(request, "404 Not Found", b"<h1>Not Found</h1>")
