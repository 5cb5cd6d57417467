"""By way of a proxy, which the command line alone can name, with a real one on this machine."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from dsqa.network.address import Refused, parse
from dsqa.network.asking import asked
from dsqa.network.errand import Manners, Wanted
from dsqa.network.guard import Guard, Unresolved
from dsqa.network.proxy import Proxy, proxy
from dsqa.network.wire import LEAST, Failed, Reply, Wire
from dsqa.outside import Answer, Outcome
from tests.faults.certificates import DOMAIN, Certificates, certificates
from tests.faults.server import Servers, serving
from tests.faults.table import FAULTS

LIVING = {
    fault.name: fault for fault in FAULTS if fault.name in ("living", "living-tls", "expired")
}
PASSWORD = "Basic " + b64encode("user:päss@:".encode()).decode("ascii")
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n"


@dataclass
class Passing:
    """A proxy of this machine, which finds every host on it; what it was told, line by line.

    With an `answer` of its own it passes nothing on.
    """

    answer: bytes | None = None
    established: bytes = ESTABLISHED
    port: int = 0
    heard: list[list[str]] = field(default_factory=list)

    def attend(self, connection: socket.socket) -> None:
        # whoever asks may leave at any time
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (part := connection.recv(65_536)):
                    return
                head += part
            self.heard.append(head.decode("latin-1").split("\r\n")[:-2])
            if self.answer is None:
                self.pass_on(connection, head)
                return
            connection.sendall(self.answer)
            connection.recv(1)

    def pass_on(self, connection: socket.socket, head: bytes) -> None:
        method, target, rest = head.split(b" ", 2)
        place = target if method == b"CONNECT" else target.split(b"/")[2]
        port = int(place.rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as host:
            if method == b"CONNECT":
                connection.sendall(self.established)
            else:
                path = b"/" + target.split(b"/", 3)[3]
                host.sendall(b" ".join((method, path, rest)))
            backwards = threading.Thread(target=relay, args=(host, connection))
            backwards.start()
            relay(connection, host)
            backwards.join()


def relay(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65_536):
            sink.sendall(part)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def passing(answer: bytes | None = None, established: bytes = ESTABLISHED) -> Iterator[Passing]:
    made = Passing(answer, established)
    closing = threading.Event()

    def accept() -> None:
        while not closing.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=made.attend, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.02)
        made.port = listener.getsockname()[1]
        threads = [threading.Thread(target=accept)]
        threads[0].start()
        try:
            yield made
        finally:
            closing.set()
            for thread in threads:
                thread.join()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = certificates(tmp_path_factory.mktemp("certificates"))
    if made is None:
        pytest.skip("NOT MEASURED: the command openssl is absent")
    return made


@pytest.fixture(scope="module")
def servers(signed: Certificates) -> Iterator[Servers]:
    with serving(LIVING.values(), signed) as all_servers:
        yield all_servers


def nowhere(name: str) -> Sequence[str]:
    raise AssertionError(f"{name} was looked up")


@contextmanager
def wired(at: str, signed: Certificates | None = None, *allowed: str) -> Iterator[Wire]:
    guard = Guard(allowed or [f"{name}.{DOMAIN}" for name in LIVING], resolve=nowhere)
    authorities = str(signed.authority) if signed else ""
    wire = Wire(guard, "dsqa (a test)", authorities=authorities, proxy=proxy(at))
    try:
        yield wire
    finally:
        wire.close()


def reason(wire: Wire, url: str, seconds: float = 5.0) -> tuple[str, bool]:
    """Why there is no answer, and whether a second try may help."""
    with pytest.raises(Failed) as caught:
        wire.ask("GET", parse(url), seconds=seconds, most=65_536)
    return caught.value.reason, caught.value.transient


@pytest.mark.parametrize(
    ("written", "url", "headers"),
    [
        ("http://proxy:3128", "http://proxy:3128/", {}),
        ("HTTP://127.0.0.1:8080/", "http://127.0.0.1:8080/", {}),
        ("http://[::1]:80", "http://[::1]/", {}),
        ("http://user:p%C3%A4ss@:@proxy:1", "http://proxy:1/", {"Proxy-Authorization": PASSWORD}),
        ("http://u@proxy:1", "http://proxy:1/", {"Proxy-Authorization": "Basic dTo="}),
    ],
)
def test_a_proxy_is_written_with_its_port(written: str, url: str, headers: dict[str, str]) -> None:
    made = proxy(written)
    assert (made.address.url, made.headers) == (url, headers)


NO_PROXY = "it is not `http://[USER:PASSWORD@]HOST:PORT`"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", NO_PROXY),
        ("proxy:3128", NO_PROXY),
        ("http://proxy", NO_PROXY),
        ("https://proxy:3128", NO_PROXY),
        ("socks5://proxy:1080", NO_PROXY),
        ("http://secret@proxy", NO_PROXY),
        ("http://u:secret@proxy:3128/path", NO_PROXY),
        ("http://u:secret@proxy:0", "its port is not one"),
        ("http://u:secret@pro xy:3128", "its host or its port is malformed"),
        ("http://u:secret@proxy:99999", "its host or its port is malformed"),
        ("http://u:secret@①:80", "its host is a disguised IP address"),
    ],
)
def test_what_is_wrong_with_a_proxy_is_said_without_its_password(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as caught:
        proxy(written)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(proxy("http://u:secret@proxy:1"))
    assert PASSWORD not in repr(proxy("http://user:p%C3%A4ss@:@proxy:1"))


def test_a_plain_request_names_the_whole_address(servers: Servers) -> None:
    url = servers.url(LIVING["living"])
    with passing() as own, wired(f"http://user:p%C3%A4ss@:@127.0.0.1:{own.port}") as wire:
        before = len(servers.visits)
        reply = wire.ask("GET", parse(url), seconds=5, most=65_536)
        assert (reply.status, reply.whole) == (200, True)
    assert own.heard[0][0] == f"GET {url} HTTP/1.1"
    assert f"Host: {url.split('/')[2]}" in own.heard[0]
    assert f"Proxy-Authorization: {PASSWORD}" in own.heard[0]
    assert len(servers.visits) == before + 1


def test_a_safe_request_goes_through_and_its_host_learns_no_password(
    servers: Servers, signed: Certificates
) -> None:
    url = servers.url(LIVING["living-tls"])
    place = url.split("/")[2]
    with passing() as own, wired(f"http://user:p%C3%A4ss@:@127.0.0.1:{own.port}", signed) as wire:
        before = len(servers.visits)
        for _ in range(2):
            reply = wire.ask("GET", parse(url), seconds=5, most=65_536, headers={"X-Key": "k"})
            assert (reply.status, reply.whole) == (200, True)
    assert own.heard == [
        [f"CONNECT {place} HTTP/1.1", f"Host: {place}", f"Proxy-Authorization: {PASSWORD}"]
    ]
    visits = servers.visits[before:]
    assert [visit.path for visit in visits] == ["/living-tls"] * 2
    assert {name for visit in visits for name in visit.headers} == {
        *("host", "user-agent", "accept", "accept-encoding", "x-key")
    }


def test_a_proxy_makes_no_bad_certificate_good(servers: Servers, signed: Certificates) -> None:
    with passing() as own, wired(f"http://127.0.0.1:{own.port}", signed) as wire:
        url = servers.url(LIVING["expired"])
        assert reason(wire, url) == ("its certificate has expired", False)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "href",
    [
        "//127.0.0.1/",
        "//10.0.0.1/",
        "//[::1]/",
        "//0x7f.1/",
        "//localhost/",
        "//wiki/",
        "//db.internal/",
        "//public.example:22/",
        "//public.example:8000/",
    ],
)
def test_what_can_be_refused_without_a_lookup_never_gets_to_the_proxy(
    scheme: str, href: str
) -> None:
    with (
        passing() as own,
        wired(f"http://127.0.0.1:{own.port}", None, "10.9.0.0/16") as wire,
        pytest.raises(Refused),
    ):
        wire.ask("GET", parse(f"{scheme}:{href}"), seconds=5, most=0)
    assert own.heard == []


def test_what_is_allowed_gets_to_the_proxy() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    allowed = ("wiki", "10.9.0.0/16", "localhost:9")
    hrefs = ("http://wiki:7/", "http://10.9.1.1:7/", "http://localhost:9/", "http://a.example/")
    with passing(answer) as own, wired(f"http://127.0.0.1:{own.port}", None, *allowed) as wire:
        for href in hrefs:
            assert wire.ask("GET", parse(href), seconds=5, most=0).status == 200
    assert [lines[0] for lines in own.heard] == [f"GET {href} HTTP/1.1" for href in hrefs]


PASSWORD_WANTED = ("the proxy wants a user name and a password, or other ones", False)
NO_ANSWER = ("the proxy gives no proper answer", True)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(b"HTTP/1.1 407 Who?\r\n\r\n", PASSWORD_WANTED, id="407"),
        pytest.param(
            b"HTTP/1.1 403 No\r\n\r\n", ("the proxy does not connect to it: 403", False), id="403"
        ),
        pytest.param(
            b"HTTP/1.0 404 No\r\n\r\n", ("the proxy does not connect to it: 404", False), id="404"
        ),
        pytest.param(
            b"HTTP/1.1 302 Go\r\nLocation: http://a.example/\r\n\r\n",
            ("the proxy does not connect to it: 302", False),
            id="302",
        ),
        pytest.param(
            b"HTTP/1.1 503 No\r\n\r\n", ("the proxy does not connect to it: 503", True), id="503"
        ),
        pytest.param(b"", ("it took longer than 0.3 s", True), id="silence"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nA: b\r\n", ("it took longer than 0.3 s", True), id="half"
        ),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", NO_ANSWER, id="ssh"),
        pytest.param(b"\x16\x03\x01\r\n", NO_ANSWER, id="tls"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 99_000, NO_ANSWER, id="giant header"),
        pytest.param(b"HTTP/1.1 103 Hints\r\n\r\n" * 9_000, NO_ANSWER, id="interim storm"),
        pytest.param(
            ESTABLISHED + b"HTTP/1.1 200 OK\r\n\r\n",
            ("it broke off before the connection was safe", True),
            id="words that nobody asked for",
        ),
    ],
)
def test_what_a_proxy_says_of_a_safe_host_is_never_an_answer_of_the_host(
    answer: bytes, expected: tuple[str, bool]
) -> None:
    with passing(answer) as own, wired(f"http://127.0.0.1:{own.port}") as wire:
        assert reason(wire, f"https://living.{DOMAIN}/", 0.3) == expected
        assert wire.received <= 65_536


def test_a_proxy_that_wants_a_password_says_nothing_of_a_host() -> None:
    answer = b"HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n"
    with passing(answer) as own, wired(f"http://127.0.0.1:{own.port}") as wire:
        assert reason(wire, f"http://living.{DOMAIN}/") == PASSWORD_WANTED


def test_a_proxy_that_is_not_there() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with wired(f"http://127.0.0.1:{reserved.getsockname()[1]}") as wire:
            refused = ("the connection to the proxy was refused", True)
            assert reason(wire, f"http://living.{DOMAIN}/") == refused


def test_only_the_name_of_the_proxy_is_looked_up() -> None:
    looked_up = []

    def resolve(name: str) -> Sequence[str]:
        looked_up.append(name)
        return ["127.0.0.1"] if name == "proxy" else []

    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with passing(answer) as own:
        wire = Wire(Guard(resolve=resolve), "dsqa", proxy=proxy(f"http://proxy:{own.port}"))
        for name in ("a", "b"):
            address = parse(f"http://{name}.example/")
            assert wire.ask("HEAD", address, seconds=5, most=0).status == 200
        wire.close()
        lost = Wire(Guard(resolve=resolve), "dsqa", proxy=proxy(f"http://lost:{own.port}"))
        with pytest.raises(Unresolved, match="there is no proxy `lost`"):
            lost.ask("HEAD", address, seconds=5, most=0)
    assert looked_up == ["proxy", "lost", "lost"]


def outcomes(at: Proxy, *urls: str) -> dict[str, Answer]:
    wanted = [Wanted(parse(url)) for url in urls]
    guard = Guard(resolve=nowhere)
    manners = Manners(back_off=0.01, seconds=2.0)
    found = asked(wanted, guard, manners, user_agent="dsqa (a test)", proxy=at)
    return {one.address.url: answer for one, answer in found}


@pytest.mark.parametrize("status", [407, 502, 503, 504])
def test_nothing_is_dead_because_a_proxy_cannot_reach_it(status: int) -> None:
    answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
    urls = ("http://gone.example/", "https://gone.example/")
    with passing(answer) as own:
        found = outcomes(proxy(f"http://127.0.0.1:{own.port}"), *urls)
    assert {url: one.outcome for url, one in found.items()} == dict.fromkeys(
        urls, Outcome.UNVERIFIED
    )


def test_proxies_of_the_environment_are_not_heeded(
    monkeypatch: pytest.MonkeyPatch, servers: Servers
) -> None:
    url = servers.url(LIVING["living"])
    with passing() as own:
        for name in ("http_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{own.port}")
        guard = Guard([f"living.{DOMAIN}"], resolve=lambda name: ["127.0.0.1"])
        wire = Wire(guard, "dsqa")
        assert wire.ask("GET", parse(url), seconds=5, most=65_536).status == 200
        wire.close()
    assert own.heard == []


def test_random_bytes_of_a_proxy_are_a_failure_with_words() -> None:
    choose = random.Random(7)
    pieces = [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.1 407", b"HTTP/1.0 502 Bad", b"HTTP/1.1 100 Go on"),
        *(b"\r\n", b"\r\n\r\n", b": ", b"\0", b"\xff", b"Content-Length", b"-1", b"9" * 5000),
        *(
            b"Transfer-Encoding",
            b"chunked",
            b"\x16\x03\x03\x00\x02\x02\x28",
            b"Connection",
            b"close",
        ),
    ]
    told = set()
    for _ in range(60):
        start = [pieces[choose.randrange(4)], b"\r\n"] if choose.random() < 0.7 else []
        answer = b"".join([*start, *choose.choices(pieces, k=choose.randrange(30))])
        with passing(answer) as own, wired(f"http://127.0.0.1:{own.port}") as wire:
            began = time.monotonic()
            told.add(reason(wire, f"https://living.{DOMAIN}/", 0.1)[0])
            assert time.monotonic() - began < 2
    assert len(told) > 2


def test_a_reply_by_way_of_a_proxy_is_bounded() -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500_000
    with passing(answer) as own, wired(f"http://127.0.0.1:{own.port}") as wire:
        reply = wire.ask("GET", parse(f"http://living.{DOMAIN}/"), seconds=5, most=10_000)
        assert isinstance(reply, Reply)
        assert not reply.whole
        assert wire.received <= max(10_000, LEAST["http"])
