from __future__ import annotations

import contextlib
import gzip
import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dsqa.network.address import Refused, parse
from dsqa.network.guard import Guard, NoSuchName
from dsqa.network.wire import LEAST, Failed, Reply, Wire
from tests.faults.certificates import DOMAIN, Certificates, certificates

OK = b"HTTP/1.1 200 OK\r\n"
RESET = struct.pack("ii", 1, 0)
Talk = Callable[["Server", socket.socket], None]


@dataclass
class Server:
    """A server of this machine, and what it has heard."""

    port: int
    connections: int = 0
    requests: list[str] = field(default_factory=list)

    def hear(self, connection: socket.socket) -> bool:
        """Whether there is another request."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            if not (part := connection.recv(65_536)):
                return False
            heard += part
        self.requests.append(heard.decode("latin-1"))
        return True


@contextmanager
def serving(talk: Talk) -> Iterator[Server]:
    """A server that talks so on each connection."""
    closing = threading.Event()

    def attend(connection: socket.socket) -> None:
        # whoever asks may leave at any time
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.settimeout(5)
            talk(server, connection)

    def accept() -> None:
        while not closing.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                server.connections += 1
                threads.append(threading.Thread(target=attend, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.02)
        server = Server(listener.getsockname()[1])
        threads = [threading.Thread(target=accept)]
        threads[0].start()
        try:
            yield server
        finally:
            closing.set()
            for thread in threads:
                thread.join()


def saying(*answers: bytes, then: bytes | None = None) -> Talk:
    """Gives the answers to one request after the other, or breaks off, or resets, after `then`."""

    def talk(server: Server, connection: socket.socket) -> None:
        for answer in answers:
            if server.hear(connection):
                connection.sendall(answer)
        if then is None:
            server.hear(connection)
        elif then == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    return talk


def always(answer: bytes) -> Talk:
    """Gives the same answer to every request."""

    def talk(server: Server, connection: socket.socket) -> None:
        while server.hear(connection):
            connection.sendall(answer)

    return talk


def dripping(start: bytes, drop: bytes) -> Talk:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.sendall(start)
        connection.settimeout(0.02)
        for _ in range(200):
            connection.sendall(drop)
            with contextlib.suppress(TimeoutError):
                if not connection.recv(65_536):
                    return

    return talk


def flooding(start: bytes, block: bytes) -> Talk:
    def talk(server: Server, connection: socket.socket) -> None:
        server.hear(connection)
        connection.sendall(start)
        for _ in range(2_000):
            connection.sendall(block)

    return talk


@contextmanager
def wired(*allowed: str, authorities: str = "") -> Iterator[Wire]:
    guard = Guard(allowed or ["127.0.0.1"], resolve=lambda name: ["127.0.0.1"])
    wire = Wire(guard, "dsqa (a test)", authorities=authorities)
    try:
        yield wire
    finally:
        wire.close()


def asked(
    wire: Wire,
    server: Server,
    method: str = "GET",
    path: str = "/",
    *,
    seconds: float = 5.0,
    most: int = 65_536,
) -> Reply | str:
    """The reply, or why there is none."""
    address = parse(f"http://127.0.0.1:{server.port}{path}")
    try:
        return wire.ask(method, address, seconds=seconds, most=most)
    except Failed as failed:
        return failed.reason


PAGE = OK + b"Content-Length: 5\r\n\r\nhello"
TOO_LARGE = "it sends more than 64 KiB of headers"
NO_HTTP = "its answer is not HTTP"
BROKEN = "it broke off"


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        pytest.param(PAGE, 200, b"hello", id="by length"),
        pytest.param(OK + b"\r\nhello", 200, b"hello", id="until the end"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nhello", 200, b"hello", id="an old protocol"),
        pytest.param(b"HTTP/1.1 404 Not Found\r\n\r\n", 404, b"", id="not found"),
        pytest.param(b"HTTP/1.1 999\r\n\r\n", 999, b"", id="no such status"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", id="no body"),
        pytest.param(OK + b"Content-Length: 0\r\n\r\n", 200, b"", id="an empty body"),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n",
            200,
            b"hello",
            id="in chunks",
        ),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            b"HTTP/1.1 102 Processing\r\n\r\n" + PAGE,
            200,
            b"hello",
            id="after interim answers",
        ),
        pytest.param(
            OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0),
            200,
            gzip.compress(b"hello", mtime=0),
            id="never unpacked",
        ),
        pytest.param(OK.replace(b"\r", b"") + b"\nhello", 200, b"hello", id="bare line feeds"),
        pytest.param(OK + b"Content-Length: -5\r\n\r\nhello", 200, b"hello", id="negative length"),
    ],
)
def test_an_answer_is_read_to_its_end(answer: bytes, status: int, body: bytes) -> None:
    with serving(saying(answer, then=b"")) as server, wired() as wire:
        reply = asked(wire, server)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.whole) == (status, body, True)


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        pytest.param(saying(b"", then=b""), "it broke off before it answered", id="closed"),
        pytest.param(saying(b"", then=RESET), "it broke off before it answered", id="reset"),
        pytest.param(saying(OK, then=b""), BROKEN, id="closed after the status"),
        pytest.param(saying(OK + b"A: b", then=b""), BROKEN, id="closed in headers"),
        pytest.param(saying(OK + b"A: b\r\n", then=RESET), BROKEN, id="reset in headers"),
        pytest.param(saying(PAGE[:-1], then=b""), BROKEN, id="closed in the body"),
        pytest.param(saying(PAGE[:-1], then=RESET), BROKEN, id="reset in the body"),
        pytest.param(
            saying(OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhello", then=b""),
            BROKEN,
            id="closed in a chunk",
        ),
        pytest.param(saying(b"SSH-2.0-OpenSSH_9.6\r\n", then=b""), NO_HTTP, id="ssh"),
        pytest.param(saying(b"<p>hello</p>", then=b""), NO_HTTP, id="only a page"),
        pytest.param(saying(b"\0" * 5000, then=b""), NO_HTTP, id="zeros"),
        pytest.param(saying(b"HTTP/7 200 OK\r\n\r\n", then=b""), NO_HTTP, id="of the future"),
        pytest.param(saying(b"HTTP/1.1 20 OK\r\n\r\n", then=b""), NO_HTTP, id="short status"),
        pytest.param(
            saying(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", then=b""),
            NO_HTTP,
            id="two lengths",
        ),
        pytest.param(
            saying(OK + b"A: b\r\n" * 101 + b"\r\n"),
            "it sends too many headers, or too long ones",
            id="many headers",
        ),
        pytest.param(flooding(OK + b"A: ", b"b" * 4096), TOO_LARGE, id="giant header"),
        pytest.param(flooding(b"HTTP/1.1 200 ", b"K" * 4096), TOO_LARGE, id="giant status"),
        pytest.param(flooding(b"", b"HTTP/1.1 103 A\r\n\r\n" * 200), TOO_LARGE, id="interim storm"),
        pytest.param(
            flooding(b"", b"HTTP/1.1 100 A\r\n\r\n" * 200), TOO_LARGE, id="continue storm"
        ),
        pytest.param(
            flooding(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 4096),
            TOO_LARGE,
            id="endless size of a chunk",
        ),
        pytest.param(
            flooding(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n" * 500),
            TOO_LARGE,
            id="endless trailers",
        ),
    ],
)
def test_whatever_else_comes_is_told_in_a_readers_words(talk: Talk, reason: str) -> None:
    with serving(talk) as server, wired() as wire:
        assert asked(wire, server) == reason


def test_nobody_waits_for_chunks_where_there_is_no_body() -> None:
    answer = b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving(always(answer)) as server, wired() as wire:
        for connections in (1, 2):
            reply = asked(wire, server)
            assert reply == Reply(204, {"transfer-encoding": "chunked"}, b"", whole=True)
            assert server.connections == connections


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(OK + b"\r\n", id="without a length"),
        pytest.param(OK + b"Content-Length: 9999999999\r\n\r\n", id="by length"),
        pytest.param(OK + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", id="in one chunk"),
    ],
)
@pytest.mark.parametrize("most", [0, 1, 1000, 65_536])
def test_no_more_is_read_than_was_asked_for(start: bytes, most: int) -> None:
    with serving(flooding(start, b"x" * 8192)) as server, wired() as wire:
        reply = asked(wire, server, most=most)
        received = wire.received
    assert isinstance(reply, Reply)
    assert not reply.whole
    assert reply.body == b"x" * (most if most < LEAST["http"] else most - len(start))
    assert len(start) <= received <= max(most, LEAST["http"])


def test_all_that_a_request_received_is_counted() -> None:
    answers = (PAGE, OK, b"", OK + b"A: " + b"b" * 20_000)
    left = iter(answers)

    def talk(server: Server, connection: socket.socket) -> None:
        server.hear(connection)
        connection.sendall(next(left))

    with serving(talk) as server, wired() as wire:
        counts = [wire.received]
        for _ in answers:
            asked(wire, server, most=1000)
            counts.append(wire.received)
    assert counts == [0, len(PAGE), len(OK), 0, LEAST["http"]]


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        pytest.param(b"", b"", id="silence"),
        pytest.param(b"HTTP/1.1 200 ", b"K", id="status"),
        pytest.param(OK, b"A: b\r\n", id="headers"),
        pytest.param(OK + b"A: ", b"b", id="one header"),
        pytest.param(b"", b"HTTP/1.1 103 A\r\n\r\n", id="interim answers"),
        pytest.param(OK + b"\r\n", b"x", id="body"),
        pytest.param(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="chunks"),
        pytest.param(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0", id="size of a chunk"),
    ],
)
def test_drops_do_not_keep_a_request_alive(start: bytes, drop: bytes) -> None:
    with serving(dripping(start, drop)) as server, wired() as wire:
        started = time.monotonic()
        assert asked(wire, server, seconds=0.25) == "it took longer than 0.25 s"
        assert time.monotonic() - started < 1.25


def test_a_redirect_is_an_answer_whose_page_nobody_waits_for() -> None:
    start = b"HTTP/1.1 302 Found\r\nLocation: /caf\xc3\xa9\r\nX-A: \xe9\r\nX-A: b\r\nX-B: c\r\n"
    with serving(dripping(start + b"Content-Length: 99\r\n\r\n", b"x")) as server, wired() as wire:
        reply = asked(wire, server)
    headers = {"location": "/café", "x-a": "é, b", "x-b": "c", "content-length": "99"}
    assert reply == Reply(302, headers, b"", whole=False)


def test_a_connection_is_kept_for_the_next_request() -> None:
    with serving(always(PAGE)) as server, wired() as wire:
        for _ in range(3):
            reply = asked(wire, server)
            assert isinstance(reply, Reply)
            assert reply.body == b"hello"
        assert server.connections == 1
    for size in (b"Content-Length: 5", b"Transfer-Encoding: chunked"):
        with serving(always(OK + size + b"\r\n\r\n")) as server, wired() as wire:
            for _ in range(3):
                reply = asked(wire, server, "HEAD", most=0)
                assert isinstance(reply, Reply)
                assert (reply.body, reply.whole) == (b"", True)
            assert (server.connections, len(server.requests)) == (1, 3)


def test_a_connection_with_an_unread_rest_is_not_kept() -> None:
    with serving(always(PAGE)) as server, wired() as wire:
        for _ in range(3):
            reply = asked(wire, server, most=2)
            assert isinstance(reply, Reply)
            assert (reply.body, reply.whole) == (b"he", False)
        assert server.connections == 3


@pytest.mark.parametrize("then", [b"", RESET])
def test_a_kept_connection_that_was_closed_is_made_anew(then: bytes) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        saying(PAGE)(server, connection)
        if then:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, then)

    with serving(talk) as server, wired() as wire:
        for _ in range(3):
            assert isinstance(asked(wire, server), Reply)
        assert server.connections == 3
        # each connection but the last one heard a request that it did not answer
        assert len(server.requests) == 5


def test_a_kept_connection_with_words_left_over_is_made_anew() -> None:
    head = OK + b"Content-Length: 5\r\n\r\n"
    # the page, which is no answer to HEAD, comes too late to be noticed
    with serving(saying(head, b"hello" + head)) as server, wired() as wire:
        assert isinstance(asked(wire, server, "HEAD"), Reply)
        assert isinstance(asked(wire, server, "HEAD"), Reply)
        assert server.connections == 2


def test_a_closed_connection_is_not_made_anew_for_ever() -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        if server.connections == 1:
            saying(PAGE)(server, connection)
        else:
            server.hear(connection)

    with serving(talk) as server, wired() as wire:
        assert isinstance(asked(wire, server), Reply)
        assert asked(wire, server) == "it broke off before it answered"
        assert server.connections == 2


def test_a_request_says_who_asks_and_nothing_that_nobody_told_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with (
        serving(always(OK + b"Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) as server,
        wired() as wire,
    ):
        address = parse(f"http://127.0.0.1:{server.port}//a/../b%2fc?d=é%#f")
        for headers in ({}, {"Authorization": "Bearer token", "Accept": "image/*"}):
            wire.ask("GET", address, seconds=5, most=1000, headers=headers)
        host = f"127.0.0.1:{server.port}"
    start = f"GET //b%2Fc?d=%C3%A9%25 HTTP/1.1\r\nHost: {host}\r\nUser-Agent: dsqa (a test)\r\n"
    rest = "Accept-Encoding: identity\r\n"
    assert server.requests == [
        f"{start}Accept: */*\r\n{rest}\r\n",
        f"{start}Accept: image/*\r\n{rest}Authorization: Bearer token\r\n\r\n",
    ]


def test_what_the_guard_says_is_passed_on() -> None:
    def resolve(name: str) -> list[str]:
        if name == "example.com":
            return ["93.184.216.34"]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    wire = Wire(Guard(resolve=resolve), "dsqa")
    with pytest.raises(Refused):
        wire.ask("GET", parse("http://127.0.0.1/"), seconds=1, most=0)
    with pytest.raises(NoSuchName):
        wire.ask("GET", parse("https://gone.example/"), seconds=1, most=0)


@pytest.mark.parametrize(
    ("error", "reason", "transient"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "the connection was refused", True),
        (TimeoutError("timed out"), "it took longer than 2 s", True),
        (
            OSError(101, "Network is unreachable"),
            "it cannot be reached: Network is unreachable",
            True,
        ),
    ],
)
def test_a_host_that_cannot_be_reached(error: OSError, reason: str, *, transient: bool) -> None:
    def connect(ip: str, port: int, seconds: float) -> socket.socket:
        raise error

    wire = Wire(Guard(resolve=lambda name: ["93.184.216.34"], connect=connect), "dsqa")
    with pytest.raises(Failed) as caught:
        wire.ask("GET", parse("http://host.example/"), seconds=2, most=0)
    assert (caught.value.reason, caught.value.transient) == (reason, transient)


def test_random_bytes_are_an_answer_or_none() -> None:
    choose = random.Random(6)
    pieces = [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"HTTP/1.1 301 Moved", b"HTTP/1.1 103 Hints"),
        *(b"\r\n", b"\r\n\r\n", b"\n", b"\r", b": ", b":", b",", b";", b" ", b"\t", b"\0", b"\xff"),
        *(
            b"Content-Length",
            b"Transfer-Encoding",
            b"chunked",
            b"Location",
            b"Connection",
            b"close",
        ),
        *(b"Content-Encoding: gzip", b"Set-Cookie: a=b; expires=c", b"Keep-Alive", b"identity"),
        *(b"5", b"-1", b"0", b"fffffff", b"9" * 5000, b"hello", b"[", b"//", b"http://["),
    ]

    def answer() -> bytes:
        if choose.random() < 0.2:
            return choose.randbytes(choose.randrange(200))
        parts = choose.choices(pieces, k=choose.randrange(30))
        start = [pieces[choose.randrange(4)], b"\r\n"] if choose.random() < 0.7 else []
        return b"".join([*start, *parts])

    answers = [answer() for _ in range(600)]
    left = iter(answers)

    def talk(server: Server, connection: socket.socket) -> None:
        server.hear(connection)
        connection.sendall(next(left))

    replies = 0
    with serving(talk) as server, wired() as wire:
        for number in range(len(answers)):
            method = "HEAD" if number % 3 == 0 else "GET"
            replies += isinstance(asked(wire, server, method), Reply)
    assert 50 < replies < 550


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = certificates(tmp_path_factory.mktemp("certificates"))
    if made is None:
        pytest.skip("NOT MEASURED: the command openssl is absent")
    return made


def encrypted(signed: Certificates, name: str, talk: Talk) -> Talk:
    def talk_safely(server: Server, connection: socket.socket) -> None:
        with signed.contexts[name].wrap_socket(connection, server_side=True) as safe:
            talk(server, safe)

    return talk_safely


def asked_safely(server: Server, signed: Certificates | None, *, seconds: float = 5.0) -> object:
    authorities = str(signed.authority) if signed else ""
    address = parse(f"https://host.{DOMAIN}.:{server.port}/")
    with wired(f"host.{DOMAIN}", authorities=authorities) as wire:
        try:
            reply = wire.ask("GET", address, seconds=seconds, most=65_536)
            again = wire.ask("GET", address, seconds=seconds, most=65_536)
        except Failed as failed:
            return failed.reason
        assert reply == again
        return reply.status, reply.body, reply.whole, server.connections


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        ("good", (200, b"hello", True, 1)),
        ("expired", "its certificate has expired"),
        ("other host", "its certificate is for another host"),
        ("self-signed", "its certificate is signed by nobody but itself"),
    ],
)
def test_certificates_are_told_apart(
    signed: Certificates, certificate: str, expected: object
) -> None:
    with serving(encrypted(signed, certificate, always(PAGE))) as server:
        assert asked_safely(server, signed) == expected


def test_an_authority_of_ones_own_is_not_trusted_by_itself(signed: Certificates) -> None:
    with serving(encrypted(signed, "good", always(PAGE))) as server:
        assert asked_safely(server, None) == "nobody here knows who signed its certificate"


@pytest.mark.parametrize(
    ("start", "drop", "reason"),
    [
        (b"", b"", "it took longer than 0.25 s"),
        (b"\x16\x03\x03\x40\x00", b"\x02", "it took longer than 0.25 s"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"x", "it does not speak TLS there"),
        (b"\x15\x03\x03\x00\x02\x02\x28", b"", "it agrees to no way of encryption"),
    ],
)
def test_a_bad_handshake_ends_in_time(
    signed: Certificates, start: bytes, drop: bytes, reason: str
) -> None:
    with serving(dripping(start, drop)) as server:
        started = time.monotonic()
        assert asked_safely(server, signed, seconds=0.25) == reason
        assert time.monotonic() - started < 1.25


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "it broke off before it answered"),
        (OK, BROKEN),
        (PAGE[:-1], BROKEN),
    ],
)
def test_an_answer_that_ends_early_in_tls(signed: Certificates, answer: bytes, reason: str) -> None:
    with serving(encrypted(signed, "good", saying(answer, then=b""))) as server:
        assert asked_safely(server, signed) == reason


def test_a_handshake_counts_for_what_is_received(signed: Certificates, tmp_path: Path) -> None:
    folder = signed.authority.parent
    chain = tmp_path / "chain.pem"
    own = (folder / "good.pem").read_text("ascii")
    chain.write_text(own + signed.authority.read_text("ascii") * 160, encoding="ascii")
    endless = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    endless.load_cert_chain(chain, folder / "server.key")
    contexts = {**signed.contexts, "endless": endless}
    made = Certificates(signed.authority, contexts)
    address = f"https://host.{DOMAIN}:{{}}/"
    with wired(f"host.{DOMAIN}", authorities=str(signed.authority)) as wire:
        with serving(encrypted(made, "good", always(PAGE))) as server:
            counts = []
            for _ in range(2):
                wire.ask("GET", parse(address.format(server.port)), seconds=5, most=99)
                counts.append(wire.received)
            assert len(PAGE) < counts[1] < counts[0] < 4_096
        with serving(encrypted(made, "endless", always(PAGE))) as server:
            with pytest.raises(Failed, match="it sends too much before the connection is safe"):
                wire.ask("GET", parse(address.format(server.port)), seconds=5, most=0)
            assert wire.received == LEAST["https"]


def test_what_comes_over_tls_is_bounded_too(signed: Certificates) -> None:
    flood = encrypted(signed, "good", flooding(OK + b"\r\n", b"x" * 8192))
    with serving(flood) as server, wired(authorities=str(signed.authority)) as wire:
        address = parse(f"https://127.0.0.1:{server.port}/")
        with pytest.raises(Failed, match="its certificate is for another host"):
            wire.ask("GET", address, seconds=5, most=65_536)
    with (
        serving(flood) as server,
        wired(f"host.{DOMAIN}", authorities=str(signed.authority)) as wire,
    ):
        address = parse(f"https://host.{DOMAIN}:{server.port}/")
        reply = wire.ask("GET", address, seconds=5, most=65_536)
    assert not reply.whole
    assert 40_000 < len(reply.body) < 65_536
