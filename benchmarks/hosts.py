"""Two hundred hosts on this machine, each with its own latency; they count what they are asked.

All of 127.0.0.0/8 is this machine, at least on Linux, so every host has an address of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

HOSTS = 200
FASTEST, SLOWEST = 0.05, 0.5
SEED = 2000
BODY = b"<!DOCTYPE html><title>A page</title><h1>A page</h1><p>It is here.</p>\n"


def addresses() -> list[str]:
    return [f"127.0.1.{number}" for number in range(1, HOSTS + 1)]


def latencies() -> dict[str, float]:
    """How long each host takes for an answer, in seconds: always the same ones."""
    generator = random.Random(SEED)
    return {host: generator.uniform(FASTEST, SLOWEST) for host in addresses()}


@dataclass
class Counts:
    """What the hosts have seen since they were asked last."""

    requests: Counter[str] = field(default_factory=Counter)
    under_way: Counter[str] = field(default_factory=Counter)
    most_at_one_host: int = 0
    most_at_all: int = 0

    def begin(self, host: str, method: str) -> None:
        self.requests[method] += 1
        self.under_way[host] += 1
        self.most_at_one_host = max(self.most_at_one_host, self.under_way[host])
        self.most_at_all = max(self.most_at_all, self.under_way.total())

    def end(self, host: str) -> None:
        self.under_way[host] -= 1


class Hosts:
    """They answer every path with the same page, after their latency."""

    def __init__(self) -> None:
        self.latencies = latencies()
        self.counts = Counts()

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self.answer(host, head.split(b" ", 1)[0].decode("ascii"), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has left
        finally:
            writer.close()

    async def answer(self, host: str, method: str, writer: asyncio.StreamWriter) -> None:
        self.counts.begin(host, method)
        try:
            await asyncio.sleep(self.latencies[host])
            length = f"Content-Length: {len(BODY)}\r\n\r\n".encode("ascii")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + length)
            if method != "HEAD":
                writer.write(BODY)
            await writer.drain()
        finally:
            self.counts.end(host)

    def report(self, pipe: Connection) -> None:
        """Tell the counts, and count from zero."""
        pipe.recv()
        pipe.send(self.counts)
        self.counts = Counts(under_way=self.counts.under_way)


async def _serve(pipe: Connection) -> None:
    hosts = Hosts()
    with socket.create_server((addresses()[0], 0)) as free:
        port = free.getsockname()[1]
    async with await asyncio.start_server(hosts.attend, addresses(), port, backlog=1024) as server:
        asyncio.get_running_loop().add_reader(pipe.fileno(), hosts.report, pipe)
        pipe.send(port)
        await server.serve_forever()


def _run(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


@contextlib.contextmanager
def serving() -> Iterator[tuple[int, Connection]]:
    """The port of all hosts, and a pipe: whatever is sent into it, the counts come back."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_run, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv(), here
    finally:
        process.terminate()
        process.join()
