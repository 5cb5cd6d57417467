"""One request to a host and its answer, within limits that hold against whatever the host sends."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.util.ssltransport import SSLTransport

from dsqa.network.address import Address
from dsqa.network.guard import Guard
from dsqa.network.proxy import Proxy

LEAST = {"http": 8_192, "https": 32_768}
"""Bytes that a request may read in any case: the headers; and a handshake, and what TLS packs up
together, which is of no use in part."""
MOST_ORIGINS = 4
"""So many connections wait for the next request."""
READING = threading.Lock()
"""Held while the authorities are read, which threads that begin together all want."""
INTERIM = range(100, 200)
"""After such a status another one follows (RFC 9110, section 15.2)."""
PROXY_PASSWORD = 407
NO_PASSWORD = "the proxy wants a user name and a password, or other ones"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CERTIFICATE_FAULTS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by nobody but itself",
    19: "nobody here knows who signed its certificate",
    20: "nobody here knows who signed its certificate",
    21: "nobody here knows who signed its certificate",
    23: "its certificate was revoked",
    62: "its certificate is for another host",
    64: "its certificate is for another host",
}
"""By the number that OpenSSL gives them (X509_V_ERR_…)."""
NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})
"""What OpenSSL says of an answer that is none of TLS."""
TOO_MANY_HEADERS = (http.client.HTTPException, http.client.LineTooLong)
BROKEN_OFF = (ConnectionError, http.client.IncompleteRead, ssl.SSLError)


class Failed(Exception):
    """There is no answer; the text says why. `transient` if a second try may well have one."""

    def __init__(self, reason: str, *, transient: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.transient = transient


@dataclass(frozen=True, slots=True)
class Reply:
    """What the host answers. The names of headers are in lower case; `whole` if all was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool


class Wire:
    """The connections of one thread; those to the last few origins stay open for more requests.

    `authorities` is a file of the certificates that are trusted, by default those that browsers
    trust. Nothing of the environment is heeded: no proxy, no password file, no cookies. With a
    `proxy`, it is the proxy that looks names up and connects (see Guard.vet_for_proxy).
    """

    def __init__(
        self, guard: Guard, user_agent: str, *, authorities: str = "", proxy: Proxy | None = None
    ) -> None:
        self._limits = _Limits()
        self._adapter = _Adapter(guard, self._limits, authorities or DEFAULT_CA_BUNDLE_PATH, proxy)
        self._proxy = proxy
        self._headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}

    def ask(
        self,
        method: str,
        address: Address,
        *,
        seconds: float,
        most: int,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Reply:
        """The answer to one request; a redirect is an answer.

        `seconds` is for all of it, `most` for the bytes of all that is received: those of the body
        and of what comes before it, which may have LEAST in any case. Raises Refused, NoSuchName,
        Unresolved (see Guard) and Failed.
        """
        request = _Request(method, address, {**self._headers, **headers}, self._proxy)
        self._limits.begin(address, seconds, max(most, LEAST[address.scheme]))
        try:
            return self._asked(request, most)
        except (requests.RequestException, HTTPError) as error:
            if self._limits.connected or self._limits.exhausted:
                raise self._limits.failure(error) from error
        # the host may have closed the connection that was kept, or said too much on it
        self._limits.heard = 0
        try:
            return self._asked(request, most)
        except (requests.RequestException, HTTPError) as error:
            raise self._limits.failure(error) from error

    @property
    def received(self) -> int:
        """How many bytes the last request received, whatever became of it."""
        return self._limits.most - self._limits.left

    def close(self) -> None:
        self._adapter.close()

    def _asked(self, request: _Request, most: int) -> Reply:
        answer: HTTPResponse = self._adapter.send(request, stream=True).raw
        if self._limits.ended:  # which http.client takes for the end of the headers
            answer.close()
            raise ProtocolError from ConnectionResetError()
        if request.by_proxy and answer.status == PROXY_PASSWORD:
            answer.close()
            raise Failed(NO_PASSWORD)
        if answer.status in REDIRECTS and "location" in answer.headers:
            most = 0  # nobody reads what it says besides
        body = bytearray()
        try:
            while (
                len(body) < most
                and answer.length_remaining != 0
                and (part := answer.read1(most - len(body)))
            ):
                body += part
        except HTTPError:
            if not self._limits.exhausted:
                raise
        if self._limits.exhausted and not body:
            raise ProtocolError
        whole = not self._limits.exhausted and (answer.closed or answer.length_remaining == 0)
        if whole and (request.method == "HEAD" or not answer.chunked):
            answer.read1(1)  # which finds that nothing is left, and keeps the connection
        else:
            answer.close()
        return Reply(answer.status, _headers(answer), bytes(body), whole)


class _Limits:
    """What the request at hand may still use: each wait and each byte of its sockets counts."""

    most = left = 0

    def begin(self, address: Address, seconds: float, most: int) -> None:
        self.address = address
        self.seconds = seconds
        self.most = most
        self.end = time.monotonic() + seconds
        self.left = most
        self.heard = 0
        """How much of the answer itself was received."""
        self.ended = False
        """Whether nothing more can be read."""
        self.exhausted = False
        """Whether that is so because `most` was reached."""
        self.connected = False
        """Whether a connection was made for it."""

    def hear(self, size: int) -> int:
        """Counts what was received of the answer itself."""
        self.heard += size
        self.ended = not size
        return size

    def remaining(self) -> float:
        remaining = self.end - time.monotonic()
        if remaining <= 0:
            raise self.late()
        return remaining

    def late(self) -> Failed:
        return Failed(f"it took longer than {self.seconds:g} s", transient=True)

    def failure(self, error: Exception) -> Failed:
        """What a reader is told of an answer that cannot be read."""
        if self.exhausted:
            return Failed(f"it sends more than {self.most // 1024} KiB of headers")
        if not self.heard:
            return Failed("it broke off before it answered", transient=True)
        causes = tuple(_causes(error))
        if any(isinstance(cause, BROKEN_OFF) for cause in causes):
            return Failed("it broke off", transient=True)
        if any(type(cause) in TOO_MANY_HEADERS for cause in causes):
            return Failed("it sends too many headers, or too long ones")
        return Failed("its answer is not HTTP")


class _Socket(socket.socket):
    """A connection that waits no longer and reads no more than the request at hand may."""

    limits: _Limits

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """What http.client reads of an answer that is not encrypted."""
        return self.limits.hear(self._received_into(memoryview(buffer)[: nbytes or None]))

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        """What TLS reads; only some of that is the answer."""
        buffer = memoryview(bytearray(bufsize))
        return bytes(buffer[: self._received_into(buffer)])

    def _received_into(self, buffer: memoryview) -> int:
        limits = self.limits
        if not limits.left:
            limits.exhausted = True
            return 0
        self.settimeout(limits.remaining())
        try:
            received = super().recv_into(buffer[: limits.left])
        except TimeoutError:
            raise limits.late() from None
        limits.left -= received
        return received

    def sendall(self, data: Any, flags: int = 0) -> None:
        if not data:
            return
        self.settimeout(self.limits.remaining())
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise self.limits.late() from None


class _Encrypted(SSLTransport):
    """A connection whose other end may say that it ends, though it stays open."""

    socket: _Socket

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        received = super().recv_into(buffer, nbytes, flags)
        assert isinstance(received, int)  # which is bytes only where there is no buffer
        return self.socket.limits.hear(received)


class _Answer(http.client.HTTPResponse):
    """Skips every interim answer; http.client does so for the status 100 alone."""

    def begin(self) -> None:
        super().begin()
        while self.status in INTERIM:
            self.headers = None  # type: ignore[assignment]  # begin() reads only where there is none
            super().begin()


class _Connection(HTTPConnection):
    """A connection to the host of the request at hand, made by the guard."""

    response_class = _Answer

    def __init__(self, *, host: str, port: int, adapter: _Adapter, **options: Any) -> None:
        super().__init__(host, port, **options)
        self._adapter = adapter

    def connect(self) -> None:
        self.sock = self._adapter.connected()


class _Request(requests.PreparedRequest):
    """A request that keeps the address as it was parsed: nothing parses it again."""

    def __init__(
        self, method: str, address: Address, headers: Mapping[str, str], proxy: Proxy | None
    ) -> None:
        super().__init__()
        self.method = method
        self.address = address
        self.by_proxy = proxy is not None and address.scheme == "http"
        """Whether it is the proxy that reads it; else only the host can."""
        self.url = address.url
        self.headers = CaseInsensitiveDict({"Host": address.netloc, **headers})
        if proxy and self.by_proxy:
            self.headers.update(proxy.headers)


class _Adapter(HTTPAdapter):
    """Sends requests by the connections of the guard, and by the address that was vetted."""

    def __init__(
        self, guard: Guard, limits: _Limits, authorities: str, proxy: Proxy | None
    ) -> None:
        super().__init__()
        self._pools: dict[str, HTTPConnectionPool] = {}
        self._guard = guard
        self._limits = limits
        self._authorities = authorities
        self._proxy = proxy

    def connected(self) -> _Socket | _Encrypted:
        """A new connection for the request at hand."""
        limits = self._limits
        try:
            plain = self._reached()
        except TimeoutError:
            raise limits.late() from None
        except ConnectionRefusedError:
            to_whom = " to the proxy" if self._proxy else ""
            raise Failed(f"the connection{to_whom} was refused", transient=True) from None
        except OSError as error:
            what = "the proxy" if self._proxy else "it"
            raise Failed(f"{what} cannot be reached: {error.strerror}", transient=True) from error
        connection = _Socket(plain.family, plain.type, plain.proto, plain.detach())
        connection.limits = limits
        limits.connected = True
        if limits.address.scheme == "http":
            return connection
        try:
            if self._proxy:
                self._lead_through(connection, self._proxy)
            return self._encrypted(connection)
        except BaseException:
            connection.close()
            raise

    def _reached(self) -> socket.socket:
        address, seconds = self._limits.address, self._limits.remaining()
        if self._proxy is None:
            return self._guard.connected(address, seconds=seconds)
        self._guard.vet_for_proxy(address)
        return self._guard.connected_to_proxy(self._proxy.address, seconds=seconds)

    def _lead_through(self, connection: _Socket, proxy: Proxy) -> None:
        """Make the proxy connect us to the host (RFC 9110, section 9.3.6)."""
        address = self._limits.address
        place = f"[{address.host}]" if ":" in address.host else address.host
        place = f"{place}:{address.port}"
        lines = {"Host": place, **proxy.headers}
        told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        answer = _Answer(connection, method="CONNECT")
        try:
            connection.sendall(f"CONNECT {place} HTTP/1.1\r\n{told}\r\n".encode("ascii"))
            answer.begin()
            if self._limits.ended:  # which http.client takes for the end of the headers
                raise ConnectionResetError
        except (http.client.HTTPException, OSError) as error:
            raise Failed("the proxy gives no proper answer", transient=True) from error
        finally:
            answer.close()
        if answer.status == PROXY_PASSWORD:
            raise Failed(NO_PASSWORD)
        if not 200 <= answer.status < 300:
            reason = f"the proxy does not connect to it: {answer.status}"
            raise Failed(reason, transient=answer.status >= 500)
        self._limits.heard = 0

    def _encrypted(self, connection: _Socket) -> _Encrypted:
        limits = self._limits
        try:
            return _Encrypted(connection, _tls(self._authorities), limits.address.name)
        except ssl.SSLCertVerificationError as error:
            fault = CERTIFICATE_FAULTS.get(error.verify_code, "its certificate is not valid")
            raise Failed(fault) from error
        except (ssl.SSLEOFError, ConnectionError) as error:
            if limits.exhausted:
                raise Failed("it sends too much before the connection is safe") from error
            raise Failed("it broke off before the connection was safe", transient=True) from error
        except ssl.SSLError as error:
            if error.reason in NO_TLS:
                raise Failed("it does not speak TLS there") from error
            raise Failed("it agrees to no way of encryption") from error

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> HTTPConnectionPool:
        """The connections to where the request goes; of the others only the last few are kept."""
        assert isinstance(request, _Request)
        address = request.address
        pool = self._pools.pop(address.origin, None)
        if pool is None:
            pool = HTTPConnectionPool(address.host, address.port, adapter=self)
            pool.ConnectionCls = _Connection
        self._pools[address.origin] = pool
        if len(self._pools) > MOST_ORIGINS:
            self._pools.pop(next(iter(self._pools))).close()
        return pool

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    def request_url(self, request: requests.PreparedRequest, *_: object) -> str:
        assert isinstance(request, _Request)
        return request.address.url if request.by_proxy else request.address.target

    def cert_verify(self, *_: object) -> None:
        """Has been seen to: no connection is made without."""

    def build_response(
        self, req: requests.PreparedRequest, resp: BaseHTTPResponse
    ) -> requests.Response:
        """The bare answer: without cookies, encoding and history it costs half as much."""
        response = requests.Response()
        response.raw = resp
        return response


def _tls(authorities: str) -> ssl.SSLContext:
    """What is trusted; reading that takes longer than a request, so it is done once."""
    with READING:
        return _read_authorities(authorities)


@cache
def _read_authorities(authorities: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authorities)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _headers(answer: HTTPResponse) -> dict[str, str]:
    names = dict.fromkeys(name.lower() for name in answer.headers)
    return {
        name: ", ".join(dict.fromkeys(map(_as_written, answer.headers.getlist(name))))
        for name in names
    }


def _as_written(value: str) -> str:
    """The value with its UTF-8, which browsers understand in an address, read as such."""
    try:
        return value if value.isascii() else value.encode("latin-1").decode()
    except UnicodeError:
        return value
