"""Servers with every defect we know get the verdict that is documented, in time and in bounds."""

from __future__ import annotations

import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest

from dsqa.network.address import parse
from dsqa.network.asking import asked
from dsqa.network.errand import Manners, Wanted
from dsqa.network.guard import Guard
from dsqa.outside import Answer, Outcome
from tests.faults.certificates import DOMAIN, Certificates, certificates
from tests.faults.fault import Fault, Name
from tests.faults.server import Servers, serving
from tests.faults.table import FAULTS

PLAIN = [fault for fault in FAULTS if fault.scheme == "http" and fault.listens]
USER_AGENT = "faults (a test)"
MOST_SECONDS = 5.0
MOST_BYTES = 64 * 1024
MOST_BYTES_OF_PAGE = MOST_BYTES + 512 * 1024
"""Where a place is looked for, so much of the page is read besides."""
IPS = {
    Name.HERE: ("127.0.0.1",),
    Name.PRIVATE: ("10.0.0.1",),
    Name.MIXED: ("127.0.0.1", "10.0.0.1"),
}
ERRORS = {Name.ABSENT: socket.EAI_NONAME, Name.FAILING: socket.EAI_AGAIN}


@dataclass(frozen=True)
class Measured:
    """What was said of a fault, and what it took to find out."""

    answer: Answer
    seconds: float
    received: int


class Names:
    """The names of all faults; `began` is when each of them was first looked up."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self._hosts = {f"{fault.name}.{DOMAIN}": fault.host for fault in FAULTS}

    def resolve(self, name: str) -> tuple[str, ...]:
        self.began.setdefault(name, time.monotonic())
        host = self._hosts.get(name, Name.ABSENT)
        if host in ERRORS:
            raise socket.gaierror(ERRORS[host], "so says the test")
        return IPS[host]


class Received:
    """Counts what all sockets of this process read, by the port from which it comes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.by_port: Counter[int] = Counter()
        read_into = socket.socket.recv_into

        def recv_into(connection: socket.socket, *args: Any) -> int:
            received = read_into(connection, *args)
            self.by_port[connection.getpeername()[1]] += received
            return received

        patch.setattr(socket.socket, "recv_into", recv_into)


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as context:
        yield context


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = certificates(tmp_path_factory.mktemp("certificates"))
    if made is None:
        pytest.skip("NOT MEASURED: the command openssl is absent")
    return made


@pytest.fixture(scope="module")
def servers(signed: Certificates) -> Iterator[Servers]:
    with serving(FAULTS, signed) as all_servers:
        yield all_servers


@pytest.fixture(scope="module")
def measured(
    servers: Servers, signed: Certificates, patch: pytest.MonkeyPatch
) -> Mapping[str, Measured]:
    """What is found out of all faults, asked at once."""
    patch.setattr("dsqa.network.wire.DEFAULT_CA_BUNDLE_PATH", str(signed.authority))
    received, names = Received(patch), Names()
    wanted = {
        Wanted(
            parse(servers.url(fault)),
            image=fault.image,
            fragments=frozenset({fault.fragment} - {""}),
        ): fault
        for fault in FAULTS
    }
    manners = Manners()
    guard = Guard(["127.0.0.1"], resolve=names.resolve)
    found = {}
    pending = iter(wanted)
    while wave := list(islice(pending, manners.workers)):  # so that none waits for another one
        for one, answer in asked(wave, guard, manners, user_agent=USER_AGENT):
            fault = wanted[one]
            seconds = time.monotonic() - names.began[one.address.host]
            found[fault.name] = Measured(answer, seconds, received.by_port[servers.port(fault)])
    return found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, servers: Servers, measured: Mapping[str, Measured]) -> None:
    found = measured[fault.name]
    answer = found.answer
    assert (answer.outcome, answer.status) == (fault.outcome, fault.status), answer
    assert fault.words in answer.reason
    assert len(answer.hops) == fault.hops
    assert answer.target == _filled(fault.target, fault, servers)
    assert answer.image is fault.is_image
    if fault.fragment:
        assert answer.fragments.get(fault.fragment) is fault.has_fragment
    assert found.seconds < MOST_SECONDS
    assert found.received <= (MOST_BYTES_OF_PAGE if fault.fragment else MOST_BYTES)


def _filled(target: str, fault: Fault, servers: Servers) -> str:
    """The address for which the words in braces stand."""
    return target.format(own=servers.origin(fault), **servers.living)


def test_table_of_all_faults(servers: Servers, measured: Mapping[str, Measured]) -> None:
    """For `pytest -s`."""
    lines = [
        f"{fault.name:28} {found.answer.outcome.value:10} {found.seconds:5.2f} s "
        f"{found.received:8,} bytes  {found.answer.reason}\n"
        for fault in FAULTS
        for found in [measured[fault.name]]
    ]
    totals = Counter(found.answer.outcome.value for found in measured.values())
    sys.stdout.write("\n" + "".join(lines) + f"{len(lines)} faults: {dict(totals)}\n")
    assert len(lines) == len(FAULTS)


def test_every_request_says_who_asks_and_nothing_else(
    servers: Servers, measured: Mapping[str, Measured]
) -> None:
    assert {visit.headers["user-agent"] for visit in servers.visits} == {USER_AGENT}
    assert {visit.headers["accept-encoding"] for visit in servers.visits} == {"identity"}
    names = {name for visit in servers.visits for name in visit.headers}
    assert names.isdisjoint({"cookie", "authorization", "proxy-authorization", "referer"})


def test_no_address_is_asked_without_end(
    servers: Servers, measured: Mapping[str, Measured]
) -> None:
    requests_for = Counter((visit.fault, visit.path) for visit in servers.visits)
    own = {key: n for key, n in requests_for.items() if not key[0].startswith("living")}
    assert max(own.values()) <= 4


def test_a_host_is_left_alone_as_long_as_it_asks(
    servers: Servers, measured: Mapping[str, Measured]
) -> None:
    times = [visit.time for visit in servers.visits if visit.fault == "429-at-first"]
    assert len(times) == 2
    assert min(later - sooner for sooner, later in pairwise(times)) >= 1.0


def test_no_living_page_is_called_dead(measured: Mapping[str, Measured]) -> None:
    dead = {fault.name for fault in FAULTS if fault.outcome is Outcome.DEAD}
    assert {n for n, found in measured.items() if found.answer.outcome is Outcome.DEAD} == dead


def heard(url: str, method: str = "GET", *, seconds: float = 1.0, most: int = 100_000) -> bytes:
    """What comes over the bare wire in a moment."""
    parts = urlsplit(url)
    assert parts.port is not None
    until, answer = time.monotonic() + seconds, b""
    with socket.create_connection(("127.0.0.1", parts.port), timeout=seconds) as connection:
        try:
            connection.sendall(f"{method} {parts.path} HTTP/1.1\r\n\r\n".encode())
            while time.monotonic() < until and len(answer) < most:
                if not (piece := connection.recv(65_536)):
                    return answer
                answer += piece
        except (TimeoutError, ConnectionError):
            return answer
    return answer


def test_at_least_sixty_faults_have_names_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60


def test_every_server_does_what_it_should_and_ends(signed: Certificates) -> None:
    with serving(FAULTS, signed) as own, ThreadPoolExecutor(48) as pool:
        urls = [own.url(fault) for fault in PLAIN]
        answers = dict(zip((f.name for f in PLAIN), pool.map(heard, urls), strict=True))
    silent = {name for name, answer in answers.items() if not answer}
    assert answers["living"].startswith(b"HTTP/1.1 200 OK\r\n")
    assert answers["status-404"].startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert b"Location: http://living.faults.test:" in answers["moved-301"]
    assert len(answers["endless-body"]) >= 100_000
    assert answers["drip-status"].startswith(b"H")
    assert silent >= {"silent", "too-late", "late", "closed", "reset", "closed-at-once"}
    assert {"status-200", "drip-headers", "noise", "ssh"}.isdisjoint(silent)


def test_certificates_are_good_and_bad(servers: Servers, signed: Certificates) -> None:
    trusting = ssl.create_default_context(cafile=str(signed.authority))
    verdicts = {}
    for fault in FAULTS:
        if fault.scheme != "https" or fault.at_once:
            continue
        parts = urlsplit(servers.url(fault))
        with socket.create_connection(("127.0.0.1", parts.port or 0), timeout=5) as connection:
            try:
                with trusting.wrap_socket(connection, server_hostname=parts.hostname):
                    verdicts[fault.name] = "good"
            except ssl.SSLCertVerificationError as error:
                verdicts[fault.name] = error.verify_message
    assert verdicts["living-tls"] == "good"
    assert verdicts["expired"] == "certificate has expired"
    assert verdicts["self-signed"] == "self-signed certificate"
    assert "Hostname mismatch" in verdicts["other-host"]
