from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from dsqa.network.address import Address, Malformed, Refused, parse
from dsqa.network.guard import SECOND_LOOK, Guard, LedInside, NoSuchName, Unresolved

PUBLIC = "93.184.216.34"


class Recorder:
    """Answers lookups out of a table, and records each connection instead of making it."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.names = names
        self.lookups: list[str] = []
        self.connections: list[tuple[str, int]] = []

    def resolve(self, name: str) -> Iterable[str]:
        self.lookups.append(name)
        if name not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.names[name]

    def connect(self, ip: str, port: int, seconds: float) -> socket.socket:
        self.connections.append((ip, port))
        raise ConnectionRefusedError(111, "Connection refused")

    def guard(self, *allowed: str) -> Guard:
        return Guard(allowed, resolve=self.resolve, connect=self.connect)


def asked(recorder: Recorder, hrefs: Sequence[str], *allowed: str) -> str:
    """What becomes of a request to the first address that is redirected to the others in turn."""
    guard = recorder.guard(*allowed)
    base: Address | None = None
    for href in hrefs:
        try:
            base = parse(href, base)
            guard.connected(base, seconds=2)
        except ConnectionRefusedError:
            continue
        except Refused as error:
            return f"Refused: {error}"
        except (Malformed, NoSuchName, Unresolved) as error:
            return f"{type(error).__name__}: {error}"
    return "asked"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        pytest.param("http://Host.example", "http://host.example/", id="no path"),
        pytest.param("HTTPS://host.example:443/a", "https://host.example/a", id="default port"),
        pytest.param("http://host.example:/a", "http://host.example/a", id="empty port"),
        pytest.param("//host.example/a", "https://host.example/a", id="of the page's scheme"),
        pytest.param("http://host.example/a?b=c#d", "http://host.example/a?b=c", id="fragment"),
        pytest.param("http://host.example/a/../b", "http://host.example/b", id="dot segments"),
        pytest.param("http://host.example//b", "http://host.example//b", id="double slash"),
        pytest.param("http://host.example?q", "http://host.example/?q", id="query without a path"),
        pytest.param("http://host.example/ä b", "http://host.example/%C3%A4%20b", id="letters"),
        pytest.param("http://host.example/%e4%2F", "http://host.example/%E4%2F", id="escapes"),
        pytest.param("http://h.example/100%/%41", "http://h.example/100%25/%41", id="bare percent"),
        pytest.param("http://h.example/#\\ \n", "http://h.example/", id="anything in a fragment"),
        pytest.param("http://Bücher.example/", "http://xn--bcher-kva.example/", id="umlaut"),
        pytest.param("http://faß.example/", "http://xn--fa-hia.example/", id="sharp s"),
        pytest.param("http://ＢＵＣＨ。example/", "http://buch.example/", id="full width"),
        pytest.param("\n\0 http://h.example/a \t\r\n", "http://h.example/a", id="blanks around it"),
        pytest.param("http://h.example/a\\..\\b", "http://h.example/b", id="backslash in the path"),
        pytest.param(
            "http://h.example/\\a@b", "http://h.example//a@b", id="backslash at its start"
        ),
        pytest.param(
            "https://h.example/svg?x=\\frac{a}{b^2} \\ | c?/\\d",
            "https://h.example/svg?x=%5Cfrac%7Ba%7D%7Bb%5E2%7D%20%5C%20%7C%20c?/%5Cd",
            id="a formula in the query",
        ),
        pytest.param("http://my_host.example./", "http://my_host.example./", id="trailing dot"),
        pytest.param("http://[2600:0::0001]:8080/", "http://[2600::1]:8080/", id="IPv6"),
    ],
)
def test_an_address_has_one_way_to_be_written(href: str, url: str) -> None:
    assert parse(href).url == url
    assert parse(url) == parse(href)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("//other.example/x", "http://other.example/x"),
        ("/x/./y", "http://host.example:8080/x/y"),
        ("x", "http://host.example:8080/a/x"),
        ("../x", "http://host.example:8080/x"),
        ("..//other.example", "http://host.example:8080//other.example"),
        ("?x", "http://host.example:8080/a/b?x"),
        ("?x\\y", "http://host.example:8080/a/b?x%5Cy"),
        ("\\x", "http://host.example:8080/x"),
        ("..\\x", "http://host.example:8080/x"),
        ("x/\\y", "http://host.example:8080/a/x//y"),
        ("#x", "http://host.example:8080/a/b?q/r"),
        ("", "http://host.example:8080/a/b?q/r"),
    ],
)
def test_a_redirect_is_read_from_where_it_stands(location: str, url: str) -> None:
    assert parse(location, parse("http://host.example:8080/a/b?q/r")).url == url


@pytest.mark.parametrize(
    "href",
    [
        "",
        "/a",
        "a",
        "host.example/a",
        "ftp://host.example/",
        "javascript:alert(1)",
        "mailto:someone@host.example",
        "http:host.example",
        "http:/host.example",
        "http:///host.example/",
        "http://",
        "http://:80/",
        "http://?",
        "http://host.example:0/",
        "http://host.example:65536/",
        "http://host.example:8o/",
        "http://host.example:80:80/",
        "http://host .example/",
        "http://host\u3000.example/",
        "http://ho\u200bst\u2028.example/",
        "http://host..example/",
        "http://.host.example/",
        "http://host.example\\a",
        "http:\\\\host.example\\a",
        "http:/\\host.example/",
        "http://\\host.example/",
        "http://host.example\\@other.example/",
        "http://user\\@host.example/",
        "\\\\host.example/",
        "http://host.example/a\nb",
        "http://host.example/?a\tb",
        "http://host.\nexample/",
        "http://host.example/\x00a",
        "http://host%2eexample/",
        "http://host$.example/",
        "http://[::1%25eth0]/",
        "http://[::1/",
        "http://[::g]/",
        "http://::1/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 130}example/",
        f"http://{'ä' * 300}.example/",
        "http://xn--\udc80.example/",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_address(href: str) -> None:
    with pytest.raises(Malformed):
        parse(href)


@pytest.mark.parametrize(
    "location",
    ["/\\other.example/", "\\/other.example/", "\\\\other.example/", "//other.example\\@a/", "\\/"],
)
def test_no_redirect_hides_another_host_behind_a_backslash(location: str) -> None:
    with pytest.raises(Malformed):
        parse(location, parse("http://host.example/a/b"))


@pytest.mark.parametrize(
    "href",
    [
        "http://user@host.example/",
        "http://user:password@host.example/",
        "http://@host.example/",
        "http://:@host.example/",
        "http://host.example@127.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://⑧.⑧.⑧.⑧/",
        "http://１２７。０。０。１:80/",
    ],
)
def test_a_password_and_a_disguise_are_refused(href: str) -> None:
    with pytest.raises(Refused):
        parse(href)
    with pytest.raises(Refused):
        parse(href, parse("https://host.example/"))


REFUSED_HOSTS = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 168.63.129.16 127.1 127.0.1 0 1 2130706433 0x7f000001 0x7f.1 0x 0177.0.0.1
    0177.0.0.01 017700000001 127.0.0.1. 8.8.8.8. 08.8.8.8 8.8.8 8.8.8.256 8.8.8.8.8 134744072
    host.1 host.0x host.0xff 127.0.0.0x1 [::] [::1] [::ffff:127.0.0.1] [::ffff:8.8.8.8]
    [::8.8.8.8] [::ffff:0:8.8.8.8] [64:ff9b::8.8.8.8] [64:ff9b::10.0.0.1] [64:ff9b:1::1]
    [2002:808:808::1] [2001:0:808:808::1] [2001:db8::1] [3fff::1] [3ffe::1] [fc00::1]
    [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] [100::1] [5f00::1] [4000::1]
    [2600::5efe:7f00:1] [2600::200:5efe:a00:1] localhost LOCALHOST localhost. a.localhost host
    metadata metadata.google.internal metadata.goog instance-data router.local a.localdomain
    a.intranet a.lan a.home a.corp a.private a.home.arpa a.onion home.arpa
""".split()


@pytest.mark.parametrize("host", REFUSED_HOSTS)
def test_no_private_host_is_looked_up_or_asked(host: str) -> None:
    recorder = Recorder({})
    assert asked(recorder, [f"http://{host}/"]).startswith("Refused: ")
    assert (recorder.lookups, recorder.connections) == ([], [])


@pytest.mark.parametrize(
    ("href", "connection"),
    [
        ("http://8.8.8.8/", ("8.8.8.8", 80)),
        ("https://172.32.0.1:8443/", ("172.32.0.1", 8443)),
        ("http://[2600:1f18::1]:8080/", ("2600:1f18::1", 8080)),
        ("https://host.example./", (PUBLIC, 443)),
        ("https://localhost.example/", (PUBLIC, 443)),
        ("https://10.0.0.1.example/", (PUBLIC, 443)),
        ("https://intranet.home.example/", (PUBLIC, 443)),
    ],
)
def test_a_public_host_is_asked(href: str, connection: tuple[str, int]) -> None:
    names = ("host", "localhost", "10.0.0.1", "intranet.home")
    recorder = Recorder({f"{name}.example": [PUBLIC] for name in names})
    assert asked(recorder, [href]) == "asked"
    assert recorder.connections == [connection]


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["127.0.0.1"], id="loopback"),
        pytest.param([PUBLIC, "10.0.0.1"], id="public and private"),
        pytest.param([PUBLIC, "::1"], id="public, and loopback of IPv6"),
        pytest.param(["::ffff:127.0.0.1"], id="mapped"),
        pytest.param(["64:ff9b::7f00:1"], id="private behind NAT64"),
        pytest.param(["2002:7f00:1::"], id="6to4"),
        pytest.param(["fe80::1%eth0"], id="with a zone"),
        pytest.param(["2600::1%eth0"], id="public with a zone"),
    ],
)
def test_one_private_answer_refuses_the_host(addresses: Sequence[str]) -> None:
    recorder = Recorder({"host.example": addresses})
    assert asked(recorder, ["http://host.example/"]).startswith("Refused: `host.example` leads to ")
    assert recorder.connections == []


def test_a_network_without_ipv4_reaches_public_hosts() -> None:
    recorder = Recorder({"host.example": ["64:ff9b::808:808"]})
    assert asked(recorder, ["http://host.example/"]) == "asked"
    assert recorder.connections == [("64:ff9b::808:808", 80)]


@pytest.mark.parametrize("port", [1, 21, 22, 25, 79, 81, 444, 3306, 6379, 8000, 11211, 65535])
def test_only_ports_of_the_web_are_asked(port: int) -> None:
    recorder = Recorder({"host.example": [PUBLIC]})
    answer = asked(recorder, [f"http://host.example:{port}/"])
    assert answer == f"Refused: {port} is not a port of the web"
    assert (recorder.lookups, recorder.connections) == ([], [])


@pytest.mark.parametrize(
    ("allowed", "href", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:9/", "asked"),
        ("127.0.0.1", "http://127.0.0.2:9/", "Refused"),
        ("127.0.0.1", "http://localhost/", "Refused"),
        ("127.0.0.1", "http://inner.example/", "Refused"),
        ("127.0.0.1", "http://0x7f.1/", "Refused"),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]/", "Refused"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", "asked"),
        ("127.0.0.1:8080", "http://127.0.0.1/", "Refused"),
        ("127.0.0.1:8080", "http://host.example:8081/", "Refused"),
        ("10.0.0.0/8", "http://inner.example:9000/", "asked"),
        ("10.0.0.0/8", "http://host.example:9000/", "Refused"),
        ("10.0.0.0/8", "http://mixed.example/", "Refused"),
        ("10.0.0.0/8:9000", "http://inner.example:9000/", "asked"),
        ("10.0.0.0/8:9000", "http://inner.example/", "Refused"),
        ("localhost", "http://localhost:9/", "asked"),
        ("LocalHost.", "http://localhost./", "asked"),
        ("localhost:80", "http://localhost:81/", "Refused"),
        ("localhost", "http://127.0.0.1/", "Refused"),
        ("localhost", "http://a.localhost/", "Refused"),
        ("mixed.example", "http://mixed.example:9/", "asked"),
        ("mixed.example", "http://a.mixed.example/", "Refused"),
        ("::1", "http://[::1]:9/", "asked"),
        ("[::1]:9", "http://[::1]:9/", "asked"),
        ("[::1]:9", "http://[::1]/", "Refused"),
        ("fd00::/8", "http://[fd12::1]/", "asked"),
        ("fd00::/8", "http://[fe80::1]/", "Refused"),
        ("0.0.0.0/0", "http://2130706433/", "Refused"),
    ],
)
def test_what_is_allowed_lifts_the_guard_for_just_that(
    allowed: str, href: str, expected: str
) -> None:
    recorder = Recorder(
        {
            "localhost": ["127.0.0.1", "::1"],
            "host.example": [PUBLIC],
            "inner.example": ["10.1.2.3"],
            "mixed.example": ["10.1.2.3", PUBLIC, "127.0.0.1"],
            "a.mixed.example": ["10.1.2.3"],
            "a.localhost": ["127.0.0.1"],
        }
    )
    assert asked(recorder, [href], allowed).partition(":")[0] == expected
    assert bool(recorder.connections) == (expected == "asked")


@pytest.mark.parametrize(
    "allowed",
    ["", "*", "*.example", "10.0.0.1/8", "10/8", "0x7f.1", "host:port", "http://host", "a b"],
)
def test_what_is_allowed_must_be_a_host_or_a_network(allowed: str) -> None:
    with pytest.raises(ValueError, match="is neither a host nor a network"):
        Guard([allowed])


def test_a_name_is_looked_up_once_and_cannot_change_its_mind() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    recorder = Recorder({})
    guard = Guard(resolve=lambda name: next(answers), connect=recorder.connect)
    for href in ("http://host.example/", "https://HOST.example./a", "http://host.example/b"):
        with pytest.raises(ConnectionRefusedError):
            guard.connected(parse(href), seconds=2)
    assert {ip for ip, _ in recorder.connections} == {PUBLIC}


def test_all_who_ask_for_a_name_wait_for_its_one_lookup() -> None:
    lookups = []
    ready = threading.Event()

    def resolve(name: str) -> Iterable[str]:
        lookups.append(name)
        ready.wait(5)
        return [PUBLIC]

    guard = Guard(resolve=resolve)
    address = parse("http://host.example/")
    found: list[tuple[str, ...]] = []
    threads = [
        threading.Thread(target=lambda: found.append(guard.vetted(address, seconds=5)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    ready.set()
    for thread in threads:
        thread.join()
    assert (lookups, found) == (["host.example"], [(PUBLIC,)] * 8)


def test_a_lookup_does_not_take_longer_than_it_may() -> None:
    ready = threading.Event()

    def resolve(name: str) -> Iterable[str]:
        ready.wait(5)
        return [PUBLIC]

    guard = Guard(resolve=resolve)
    address = parse("http://host.example/")
    started = time.monotonic()
    for seconds in (0.05, 60):  # nobody waits a second time
        with pytest.raises(Unresolved, match="in time"):
            guard.vetted(address, seconds=seconds)
    assert time.monotonic() - started < 5
    ready.set()
    found: tuple[str, ...] = ()
    while not found and time.monotonic() - started < 5:
        with suppress(Unresolved):
            found = guard.vetted(address, seconds=5)
    assert found == (PUBLIC,)


@pytest.mark.parametrize(
    ("names", "expected", "lookups"),
    [
        pytest.param(
            {"example.com": [PUBLIC]},
            ["NoSuchName: there is no host `gone.example`"] * 2,
            ["gone.example"] * 2 + ["example.com"],
            id="the control name is there",
        ),
        pytest.param(
            {},
            ["Unresolved: no name can be looked up from here"] * 2,
            ["gone.example"] * 2 + ["example.com"] * 2,
            id="no network",
        ),
        pytest.param(
            {"gone.example": [], "example.com": [PUBLIC]},
            ["NoSuchName: there is no host `gone.example`"] * 2,
            ["gone.example"] * 2 + ["example.com"],
            id="a name without an address",
        ),
    ],
)
def test_that_a_name_is_gone_is_believed_only_where_others_are_found(
    names: Mapping[str, Sequence[str]], expected: Sequence[str], lookups: Sequence[str]
) -> None:
    recorder = Recorder(names)
    guard = recorder.guard()
    found = []
    for _ in range(2):
        with pytest.raises((NoSuchName, Unresolved)) as caught:
            guard.vetted(parse("http://gone.example/"), seconds=2)
        found.append(f"{caught.type.__name__}: {caught.value}")
    assert (found, recorder.lookups) == (expected, lookups)


def test_no_control_name_is_needed_once_a_name_was_found() -> None:
    recorder = Recorder({"host.example": [PUBLIC], "localhost": ["127.0.0.1"]})
    guard = recorder.guard("localhost")
    guard.vetted(parse("http://localhost/"), seconds=2)
    with pytest.raises(Unresolved):
        guard.vetted(parse("http://gone.example/"), seconds=2)
    guard.vetted(parse("http://host.example/"), seconds=2)
    with pytest.raises(NoSuchName):
        guard.vetted(parse("http://gone.example/"), seconds=2)
    looked_up = ["localhost", *["gone.example"] * 2, *["example.com"] * 2, "host.example"]
    assert recorder.lookups == looked_up


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param([PUBLIC], f"('{PUBLIC}',)", id="it is there"),
        pytest.param([], "there is no host `host.example`", id="it has no address"),
        pytest.param(
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "there is no host `host.example`",
            id="it is not there",
        ),
        pytest.param(
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            "`host.example` could not be looked up: Temporary failure in name resolution",
            id="nobody can tell",
        ),
    ],
)
def test_that_a_name_is_gone_is_believed_at_the_second_look(
    second: Sequence[str] | OSError, expected: str
) -> None:
    gone = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    answers: Iterator[Sequence[str] | OSError] = iter([gone, second])
    times: list[float] = []

    def resolve(name: str) -> Iterable[str]:
        if name == "example.com":
            return [PUBLIC]
        times.append(time.monotonic())
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    guard = Guard(resolve=resolve)
    for _ in range(2):
        try:
            found = str(guard.vetted(parse("http://host.example/"), seconds=2))
        except (NoSuchName, Unresolved) as error:
            found = str(error)
        assert found == expected
    first, last = times
    assert last - first >= SECOND_LOOK


def test_a_second_look_does_not_take_longer_than_it_may() -> None:
    guard = Recorder({"example.com": [PUBLIC]}).guard()
    with pytest.raises(Unresolved, match="in time"):
        guard.vetted(parse("http://gone.example/"), seconds=SECOND_LOOK / 2)


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure in name resolution"),
        OSError(24, "Too many open files"),
    ],
)
def test_a_failed_lookup_says_nothing_of_the_host(error: OSError) -> None:
    def resolve(name: str) -> Iterable[str]:
        raise error

    with pytest.raises(Unresolved, match=str(error.strerror)):
        Guard(resolve=resolve).vetted(parse("http://host.example/"), seconds=2)


@contextmanager
def listening() -> Iterator[int]:
    """The port of a server on this machine that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_connection_that_ends_elsewhere_is_refused() -> None:
    with listening() as port:
        made: list[socket.socket] = []

        def connect(ip: str, wanted: int, seconds: float) -> socket.socket:
            made.append(socket.create_connection(("127.0.0.1", port), seconds))
            return made[-1]

        guard = Guard(["host.example"], resolve=lambda name: [PUBLIC], connect=connect)
        with pytest.raises(Refused, match=r"ended at `127\.0\.0\.1`"):
            guard.connected(parse(f"http://host.example:{port}/"), seconds=2)
        assert made[0].fileno() == -1


def test_one_name_leads_to_few_addresses() -> None:
    tried: list[str] = []

    def connect(ip: str, port: int, seconds: float) -> socket.socket:
        tried.append(ip)
        raise ConnectionRefusedError(111, "Connection refused")

    addresses = [f"93.184.{number // 256}.{number % 256}" for number in range(4_000)]
    guard = Guard(resolve=lambda name: addresses, connect=connect)
    with pytest.raises(ConnectionRefusedError):
        guard.connected(parse("http://host.example/"), seconds=5)
    assert tried == addresses[:4]


def test_this_machine_is_not_asked_by_its_public_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def connect(ip: str, port: int, seconds: float) -> socket.socket:
            return ToItself(port)

        guard = Guard(resolve=lambda name: ["93.184.216.34"], connect=connect)
        with pytest.raises(LedInside, match="which is this machine"):
            guard.connected(parse("http://host.example/"), seconds=5)
        guard = Guard(["host.example"], resolve=lambda name: ["127.0.0.1"])
        guard.connected(parse(f"http://host.example:{port}/"), seconds=5).close()


class ToItself(socket.socket):
    """Says that it leads from a public address to the same one."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def getpeername(self) -> tuple[str, int]:
        return "93.184.216.34", self.port

    def getsockname(self) -> tuple[str, int]:
        return "93.184.216.34", 50_000


def test_a_lookup_that_fails_for_a_moment_is_tried_again() -> None:
    failures = [socket.gaierror(socket.EAI_AGAIN, "busy")]

    def resolve(name: str) -> list[str]:
        if failures:
            raise failures.pop()
        return ["93.184.216.34"]

    assert Guard(resolve=resolve).vetted(parse("http://host.example/"), seconds=5) == (
        "93.184.216.34",
    )


def test_an_answer_that_is_no_address_tells_nothing() -> None:
    guard = Guard(resolve=lambda name: ["not an address"])
    with pytest.raises(Unresolved, match="no IP address"):
        guard.vetted(parse("http://host.example/"), seconds=5)


def test_names_that_nobody_knows_leave_no_crowd_behind() -> None:
    release = threading.Event()

    def resolve(name: str) -> list[str]:
        release.wait(20)
        return ["93.184.216.34"]

    guard = Guard(resolve=resolve)
    before = threading.active_count()
    for number in range(200):
        with pytest.raises(Unresolved):
            guard.vetted(parse(f"http://{number}.example/"), seconds=0.001)
    crowd = threading.active_count() - before
    release.set()
    assert crowd <= 64


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    tried = []

    def connect(ip: str, port: int, seconds: float) -> socket.socket:
        tried.append((ip, seconds <= (1 if ip != "127.0.0.1" else 2)))
        if ip != "127.0.0.1":
            raise TimeoutError
        return socket.create_connection((ip, port), seconds)

    with listening() as port:
        addresses = ["::1", "127.0.0.9", "127.0.0.1"]
        guard = Guard(["host.example"], resolve=lambda name: addresses, connect=connect)
        with guard.connected(parse(f"http://host.example:{port}/"), seconds=2) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)
    assert tried == [(ip, True) for ip in addresses]


def test_the_public_table_of_attacks_reaches_nothing_private(shared: Path) -> None:
    rows = json.loads((shared / "conformance/threats/ssrf_urls.json").read_text("utf-8"))
    wrong: list[tuple[object, ...]] = []
    for row in rows:
        dns = row.get("fake_dns", {})
        host = row["url"].partition("//")[2].partition("/")[0].partition(":")[0].removesuffix(".")
        recorder = Recorder({host: dns} if isinstance(dns, list) else dns)
        hrefs = [row["url"], *row.get("redirects", ())]
        answer = asked(recorder, hrefs)
        private = [ip for ip, _ in recorder.connections if not ip_address(ip).is_global]
        followed = row["expect"] == "allowed" or row["expect"].endswith(
            ("never with a token", "stop at the limit")
        )
        if private or (answer == "asked") != followed:
            wrong.append((hrefs, answer, private))
        if "redirects" not in row and (recorder.connections != []) != followed:
            wrong.append((hrefs, answer, recorder.connections))
    assert wrong == []
    assert len(rows) > 50


HOST_PARTS = """
    127.0.0.1 10.0.0.1 169.254.169.254 192.168.0.1 8.8.8.8 93.184.216.34 1.1.1.1 0x7f.1
    0177.1 2130706433 017700000001 0x7f000001 127.1 0 1 0x localhost a.localhost metadata
    db.internal [::1] [::] [::ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::a00:1] [2002:7f00:1::]
    [fe80::1] [fe80::1%25eth0] [2600::1] [2606:4700::1111] [::ffff:8.8.8.8] [fd00::1]
    ①②⑦.⓪.⓪.① 127。0。0。1 １２７.0.0.1 public.example private.example mixed.example
    mapped.example public.example. Public.Example pübliс.example ⓛocalhost loc\u00adalhost
    %31%32%37.0.0.1 127.0.0.1%00
""".split()
SCHEMES = ("http://", "https://", "HTTP://", "//", "http:/", "http:///", "http:\\\\", "ftp://", "")
LINKERS = (
    "",
    "",
    "",
    "@",
    ":80@",
    "\\@",
    "#@",
    "?@",
    "/@",
    "\t",
    "\n",
    ".",
    "%2e",
    "%40",
    ":80\\@",
)
PORTS = ("", "", "", ":80", ":443", ":8080", ":22", ":0", ":65536", ":", ":080", ":80:80", ":８０")
TAILS = ("", "/", "/a/../b", "?q=1", "#f", "\\a", "/\\a", "/a b", "/ä", "/%", "//127.0.0.1/", "/@h")
FAKE_NAMES = {
    "public.example": [PUBLIC, "2600::1"],
    "private.example": ["10.0.0.1"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "mapped.example": ["::ffff:10.0.0.1"],
}


def numeric(host: str) -> list[str]:
    """What the C library takes the host for, if for an address; it asks nobody."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]


def test_ten_thousand_addresses_reach_nothing_private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsqa.network.guard.SECOND_LOOK", 0.0)
    choose = random.Random(20260101)
    recorder = Recorder(FAKE_NAMES)
    for _ in range(10_000):
        host = choose.choice(HOST_PARTS)
        if choose.random() < 0.3:
            host += choose.choice(LINKERS) + choose.choice(HOST_PARTS)
        elif choose.random() < 0.5:
            host = ".".join(
                choose.choice(("{}", "0{:o}", "0x{:x}", "{:03}")).format(choose.randrange(300))
                for _ in range(choose.choice((1, 2, 3, 4, 4, 4, 4, 5)))
            )
        href = (
            choose.choice(SCHEMES[:3] if choose.random() < 0.7 else SCHEMES)
            + host
            + choose.choice(PORTS)
            + choose.choice(TAILS)
        )
        base = choose.choice((None, parse("https://public.example/a/b")))
        before = len(recorder.connections)
        answer = asked(recorder, ["https://public.example/a/b", href] if base else [href])
        made = recorder.connections[before + (2 if base else 0) :]
        for ip, port in made:
            assert ip_address(ip).is_global, href
            assert port in (80, 443, 8080, 8443), href
            # it is where the C library would go, or one of the names that are public
            address = parse(href, base)
            assert set(numeric(address.host)) <= {ip}, href
            assert FAKE_NAMES.get(address.host.removesuffix("."), [ip]).count(ip) == 1, href
        assert (answer == "asked") == bool(made), href
    assert len(recorder.connections) > 1_000
    assert [name for name in recorder.lookups if numeric(name) or "." not in name] == []
