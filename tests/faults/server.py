"""The servers of all faults, each on a port of its own of 127.0.0.1, in threads of this process."""

from __future__ import annotations

import contextlib
import select
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.faults.certificates import DOMAIN, Certificates
from tests.faults.fault import End, Fault, Pause, Pieces, Request, common

PATIENCE = 20.0
GLANCE = 0.05
LIVING = ("living", "living-tls")
RESETS = struct.pack("ii", 1, 0)
"""A socket with this SO_LINGER resets its connection when it is closed: socket(7)."""


@dataclass(frozen=True)
class Visit:
    """A request that a server has heard, by a clock that only goes forward."""

    fault: str
    method: str
    path: str
    headers: Mapping[str, str]
    time: float


class Gone(Exception):
    """The client has left, or all servers close."""


def _listener(fault: Fault) -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    if fault.listens:
        listener.listen(64)
    return listener


class Servers:
    """All faults at work. `visits` is what they have heard so far."""

    def __init__(self, faults: Iterable[Fault], certificates: Certificates | None) -> None:
        self.visits: list[Visit] = []
        self._contexts = certificates.contexts if certificates else {}
        self._listeners = {fault: _listener(fault) for fault in faults}
        self.living = {
            fault.scheme: self.url(fault) for fault in self._listeners if fault.name in LIVING
        }
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def port(self, fault: Fault) -> int:
        port: int = self._listeners[fault].getsockname()[1]
        return port

    def origin(self, fault: Fault) -> str:
        return f"{fault.scheme}://{fault.name}.{DOMAIN}:{self.port(fault)}"

    def url(self, fault: Fault) -> str:
        """The address by which the fault is asked."""
        return f"{self.origin(fault)}/{fault.name}"

    def serve(self) -> None:
        """Attend whoever connects, until all servers close."""
        threads = []
        with selectors.DefaultSelector() as selector:
            for fault, listener in self._listeners.items():
                if not fault.listens:
                    continue
                selector.register(listener, selectors.EVENT_READ, (fault, listener))
            while not self._closing.is_set():
                for key, _ in selector.select(timeout=GLANCE):
                    fault, listener = key.data
                    connection, _ = listener.accept()
                    thread = threading.Thread(target=self._attend, args=(fault, connection))
                    thread.start()
                    threads.append(thread)
        for thread in threads:
            thread.join()
        for listener in self._listeners.values():
            listener.close()

    def close(self) -> None:
        """Let `serve` end: nobody is attended any more."""
        self._closing.set()

    def _attend(self, fault: Fault, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Whoever asks may leave at any time, and behind a bad certificate never comes in.
        with contextlib.closing(connection), contextlib.suppress(OSError, Gone):
            if fault.at_once:
                self._play(fault.serve(Request("", "", {}, 1, self.living)), connection)
            elif fault.scheme == "https":
                context = self._contexts[fault.certificate]
                with context.wrap_socket(connection, server_side=True) as secured:
                    self._talk(fault, secured)
            else:
                self._talk(fault, connection)

    def _talk(self, fault: Fault, connection: socket.socket) -> None:
        """Answer one request after the other, as long as the connection holds."""
        unread = b""
        while True:
            while b"\r\n\r\n" not in unread:
                unread += self._heard(connection)
            head, _, unread = unread.partition(b"\r\n\r\n")
            request = self._request(fault, head.decode("latin-1"))
            own = request.path.startswith(f"/{fault.name}")
            self._play((fault.serve if own else common)(request), connection)

    def _request(self, fault: Fault, head: str) -> Request:
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): text.strip() for name, _, text in pairs}
        with self._lock:
            self._counts[fault.name, path] += 1
            self.visits.append(Visit(fault.name, method, path, headers, time.monotonic()))
            return Request(method, path, headers, self._counts[fault.name, path], self.living)

    def _heard(self, connection: socket.socket) -> bytes:
        """The next bytes of the client, which may keep a quiet connection for a while."""
        connection.settimeout(GLANCE)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                if not (heard := connection.recv(65_536)):
                    raise Gone
                connection.settimeout(PATIENCE)
                return heard
        raise Gone

    def _play(self, pieces: Pieces, connection: socket.socket) -> None:
        for piece in pieces:
            match piece:
                case Pause(seconds):
                    self._pause(connection, seconds)
                case End.CLOSED:
                    raise Gone
                case End.RESET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETS)
                    raise Gone
                case bytes():
                    if self._closing.is_set():
                        raise Gone
                    connection.sendall(piece)

    def _pause(self, connection: socket.socket, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._closing.is_set():
                raise Gone
            readable, _, _ = select.select([connection], [], [], min(left, GLANCE))
            if readable:
                self._closing.wait(min(left, GLANCE))
                ended = not socket.socket.recv(connection, 1, socket.MSG_PEEK)
                if ended:
                    raise Gone


@contextlib.contextmanager
def serving(faults: Iterable[Fault], certificates: Certificates | None) -> Iterator[Servers]:
    """The servers, as long as somebody needs them."""
    servers = Servers(faults, certificates)
    thread = threading.Thread(target=servers.serve)
    thread.start()
    try:
        yield servers
    finally:
        servers.close()
        thread.join()
