"""Servers with every defect we know get the verdict that is documented, in time and in bounds."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.faults.certificates import Certificates, certificates
from tests.faults.server import Servers, serving
from tests.faults.table import FAULTS

PLAIN = [fault for fault in FAULTS if fault.scheme == "http" and fault.listens]


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
