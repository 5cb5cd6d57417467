"""The manners of asking: how much at once, how long, whom again and whom not, and when it ends."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path

import pytest

from dsqa.network.address import parse
from dsqa.network.asking import asked
from dsqa.network.errand import Manners, Wanted
from dsqa.network.guard import Guard
from dsqa.outside import Answer, Hop, Outcome
from tests.faults.certificates import DOMAIN, certificates

USER_AGENT = "dsqa (a test)"
QUICK = Manners(back_off=0.02, seconds=3.0, whole_run=20.0)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
THREAD = "asking-"


def status(code: int, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items())
    return f"HTTP/1.1 {code} x\r\n{lines}Content-Length: 0\r\n\r\n".encode("latin-1")


@dataclass(frozen=True)
class Visit:
    """A request; `number` counts those for the same address, from 1."""

    host: str
    method: str
    path: str
    headers: Mapping[str, str]
    number: int
    began: float


@dataclass
class World:
    """All hosts there are, on one port of this machine, and who came when."""

    answer: Callable[[Visit], bytes]
    port: int = 0
    visits: list[Visit] = field(default_factory=list)
    under_way: Counter[str] = field(default_factory=Counter)
    most_under_way: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def of(self, host: str) -> list[Visit]:
        return [visit for visit in self.visits if visit.host == host]

    def attend(self, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
        # whoever asks may leave at any time
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.settimeout(10)
            if tls is None:
                self.talk(connection)
                return
            with tls.wrap_socket(connection, server_side=True) as safe:
                self.talk(safe)

    def talk(self, connection: socket.socket) -> None:
        heard = b""
        while True:
            while b"\r\n\r\n" not in heard:
                if not (part := connection.recv(65_536)):
                    return
                heard += part
            head, _, heard = heard.partition(b"\r\n\r\n")
            answer = self.visited(head.decode("latin-1"))
            connection.sendall(answer)
            if not answer:
                return

    def visited(self, head: str) -> bytes:
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines)}
        host = headers["host"].partition(":")[0]
        with self.lock:
            number = sum((one.host, one.path) == (host, path) for one in self.visits) + 1
            visit = Visit(host, method, path, headers, number, time.monotonic())
            self.visits.append(visit)
            self.under_way.update((host, ""))
            self.most_under_way |= self.under_way
        try:
            return self.answer(visit)
        finally:
            with self.lock:
                self.under_way.subtract((host, ""))


@contextmanager
def world(answer: Callable[[Visit], bytes], tls: ssl.SSLContext | None = None) -> Iterator[World]:
    made = World(answer)
    closing = threading.Event()

    def accept() -> None:
        while not closing.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                threading.Thread(target=made.attend, args=(connection, tls), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        listener.settimeout(0.02)
        made.port = listener.getsockname()[1]
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield made
        finally:
            closing.set()
            thread.join()


def asking(
    urls: Iterable[str],
    manners: Manners = QUICK,
    *,
    allowed: Iterable[str] = ("127.0.0.1",),
    headers: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[tuple[str, Answer]]:
    guard = Guard(list(allowed), resolve=lambda name: ["127.0.0.1"])
    wanted = [Wanted(parse(url)) for url in urls]
    for one, answer in asked(wanted, guard, manners, user_agent=USER_AGENT, headers=headers):
        yield one.address.url, answer


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith(THREAD)]


def wait_for(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.01)
    return what()


def test_few_requests_are_under_way_at_once() -> None:
    def slowly(visit: Visit) -> bytes:
        time.sleep(0.03)
        return OK

    with world(slowly) as own:
        urls = [own.url(f"h{host}.test", f"/{n}") for host in range(48) for n in range(5)]
        found = dict(asking(urls))
        most = own.most_under_way.pop("")
        assert {url: answer.outcome for url, answer in found.items()} == dict.fromkeys(
            urls, Outcome.ALIVE
        )
        assert 16 < most <= 32
        assert max(own.most_under_way.values()) == 2


def test_an_address_is_asked_once_in_a_run() -> None:
    with world(lambda visit: OK) as own:
        urls = [own.url("a.test", f"/{n % 5}") for n in range(20)]
        assert len(list(asking(urls))) == 5
        assert Counter(visit.path for visit in own.visits) == {f"/{n}": 1 for n in range(5)}


def test_a_host_that_wants_it_is_left_alone_as_a_whole_and_others_are_not() -> None:
    def busy_at_first(visit: Visit) -> bytes:
        if visit.host == "busy.test" and visit.path == "/0" and visit.number == 1:
            return status(429, Retry_After="1")
        time.sleep(0.03)
        return OK

    with world(busy_at_first) as own:
        urls = [own.url("busy.test", f"/{n}") for n in range(8)]
        urls += [own.url(f"h{host}.test", f"/{n}") for host in range(4) for n in range(8)]
        found = dict(asking(urls))
        assert {answer.outcome for answer in found.values()} == {Outcome.ALIVE}
        told = own.of("busy.test")[0].began
        after = sorted(visit.began - told for visit in own.of("busy.test"))
        # one other request may have been under way when it said so
        assert [seconds for seconds in after if 0.1 < seconds < 1.0] == []
        assert len([seconds for seconds in after if seconds < 1.0]) <= 3
        assert all(visit.began - told < 1.0 for n in range(4) for visit in own.of(f"h{n}.test"))


def test_a_host_is_left_alone_by_all_after_the_last_try_for_one_of_its_addresses() -> None:
    def never_ready(visit: Visit) -> bytes:
        if visit.path == "/0":
            return status(503, Retry_After="1")
        time.sleep(0.03)
        return OK

    with world(never_ready) as own:
        manners = replace(QUICK, per_host=1)
        found = dict(asking([own.url("a.test", f"/{n}") for n in range(4)], manners))
        by_path = {parse(url).target: answer.outcome for url, answer in found.items()}
        assert by_path == {
            "/0": Outcome.UNVERIFIED,
            **dict.fromkeys(("/1", "/2", "/3"), Outcome.ALIVE),
        }
        times = [visit.began for visit in own.visits]
        told = [visit.began for visit in own.visits if visit.path == "/0"]
        assert len(told) == 2
        for moment in told:
            assert [other for other in times if moment < other < moment + 1.0] == []


@pytest.mark.parametrize(
    "wish",
    ["31", "3600", "99999999999", formatdate(time.time() + 3600, usegmt=True)],
    ids=["seconds", "an hour", "for ever", "date"],
)
def test_a_host_that_wants_to_be_left_alone_for_long_is_not_asked_again(wish: str) -> None:
    with world(lambda visit: status(429, Retry_After=wish)) as own:
        found = dict(asking([own.url("a.test", f"/{n}") for n in range(20)]))
        assert len(own.visits) <= 3
    assert {answer.outcome for answer in found.values()} == {Outcome.UNVERIFIED}
    reasons = Counter(answer.reason.partition(" for ")[0] for answer in found.values())
    assert reasons.keys() == {
        "429 Too Many Requests, its host wants to be left alone",
        "its host wants to be left alone",
    }


def test_a_host_cannot_keep_the_run_waiting_again_and_again() -> None:
    began = time.monotonic()
    manners = replace(QUICK, longest_wait=1.5)
    with world(lambda visit: status(429, Retry_After="1")) as own:
        found = dict(asking([own.url("a.test", f"/{n}") for n in range(50)], manners))
        assert len(own.visits) <= 6
    assert {answer.outcome for answer in found.values()} == {Outcome.UNVERIFIED}
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize("wish", ["", "soon", "-5", "Mon, 99 Foo 0000 99:99:99 +9999", "1, 2"])
def test_nonsense_about_when_to_come_back_is_no_wish(wish: str) -> None:
    def busy(visit: Visit) -> bytes:
        return OK if visit.number > 1 else status(429, Retry_After=wish)

    with world(busy) as own:
        [(_, answer)] = asking([own.url("a.test")])
    assert answer.outcome is Outcome.ALIVE


def test_the_run_ends_in_time_though_all_hosts_drip() -> None:
    def drip(visit: Visit) -> bytes:
        time.sleep(5)
        return b""

    began = time.monotonic()
    with world(drip) as own:
        urls = [own.url(f"h{host}.test", f"/{n}") for host in range(40) for n in range(3)]
        found = dict(asking(urls, replace(QUICK, whole_run=0.5)))
        assert time.monotonic() - began < 2.5
    assert found.keys() == set(urls)
    assert {(answer.outcome, answer.reason) for answer in found.values()} == {
        (Outcome.UNVERIFIED, "there was no time left to ask it in this run")
    }


@pytest.mark.parametrize("taken", [1, 7, 60])
def test_who_stops_leaves_no_thread_behind(taken: int) -> None:
    assert wait_for(lambda: threads() == [])

    def slowly(visit: Visit) -> bytes:
        time.sleep(random.uniform(0, 0.05))
        return status(503, Retry_After="30") if visit.path == "/9" else OK

    with world(slowly) as own:
        urls = [own.url(f"h{host}.test", f"/{n}") for host in range(20) for n in range(10)]
        answers = asking(urls)
        for _ in range(taken):
            next(answers)
        answers.close()  # type: ignore[attr-defined]  # it is a generator
        assert wait_for(lambda: threads() == [])
        visits = len(own.visits)
        assert visits < len(urls)
        time.sleep(0.1)
        assert len(own.visits) == visits


def test_an_error_of_ours_reaches_who_asked() -> None:
    def clock() -> float:
        raise ZeroDivisionError

    with world(lambda visit: OK) as own:
        guard = Guard(["127.0.0.1"], resolve=lambda name: ["127.0.0.1"])
        wanted = [Wanted(parse(own.url("a.test", f"/{n}"))) for n in range(9)]
        with pytest.raises(ZeroDivisionError) as caught:
            list(asked(wanted, guard, QUICK, user_agent=USER_AGENT, now=clock))
        assert caught.value.__notes__ == ["while a request to a.test was made"]
        assert wait_for(lambda: threads() == [])


def test_an_errand_goes_on_when_its_time_has_come_though_others_are_busy() -> None:
    def mixed(visit: Visit) -> bytes:
        if visit.host == "again.test":
            return OK if visit.number > 2 else status(503)
        time.sleep(0.6)
        return OK

    with world(mixed) as own:
        urls = [own.url("again.test"), *(own.url(f"h{n}.test", f"/{n}") for n in range(20))]
        began = time.monotonic()
        for url, answer in asking(urls):
            if parse(url).host == "again.test":
                assert answer.outcome is Outcome.ALIVE
                assert time.monotonic() - began < 0.5


def test_every_errand_ends_whatever_the_hosts_say() -> None:
    choose = random.Random(11)
    with world(lambda visit: random_answer(choose, own.port)) as own:
        urls = [own.url(f"h{n % 30}.test", f"/{n}") for n in range(240)]
        found = dict(asking(urls, replace(QUICK, longest_wait=1.5)))
        assert found.keys() == set(urls)
        assert len(own.visits) < 16 * len(urls)
        del own.most_under_way[""]
        assert max(own.most_under_way.values()) <= 2
    assert "no time left to ask" not in " ".join(answer.reason for answer in found.values())
    assert len({answer.outcome for answer in found.values()}) > 3


def random_answer(choose: random.Random, port: int) -> bytes:
    kind = choose.randrange(9)
    if kind == 0:
        time.sleep(choose.uniform(0, 0.1))
        return b""
    if kind == 1:
        return status(choose.choice((429, 503)), Retry_After=choose.choice(("0", "1", "x")))
    if kind < 5:
        host, path = choose.randrange(30), choose.randrange(99)
        places = (f"http://h{host}.test:{port}/{path}", f"/{path}", f"?{path}", "http://10.0.0.1/")
        return status(choose.choice((301, 302, 303, 307, 308)), Location=choose.choice(places))
    return status(choose.choice((200, 204, 206, 403, 404, 404, 405, 410, 429, 500, 503, 999)))


def test_each_of_two_addresses_must_be_found_dead_twice() -> None:
    def misleading(visit: Visit) -> bytes:
        if visit.path == "/old":
            return status(404) if visit.method == "HEAD" else status(302, Location="/new")
        return status(404) if visit.number == 1 else OK

    with world(misleading) as own:
        [(_, answer)] = asking([own.url("a.test", "/old")])
    assert (answer.outcome, answer.status) == (Outcome.ALIVE, 200)


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("/new#caf\xc3\xa9 b", "/new#caf%C3%A9%20b"),
        ("/new#a`b\x85c\x0bd|<e>\\", "/new#a%60b%C2%85c%0Bd%7C%3Ce%3E%5C"),
        ("/new#[a](b)#%41", "/new#%5Ba%5D(b)%23%41"),
        ("/new#:~:text=a%20b-,c&text=d", "/new#:~:text=a%20b-,c&text=d"),
        ("  /new#", "/new#"),
    ],
)
def test_what_a_host_calls_its_new_address_means_nothing_elsewhere(
    location: str, address: str
) -> None:
    def moved(visit: Visit) -> bytes:
        return OK if visit.path == "/new" else status(301, Location=location)

    with world(moved) as own:
        [(_, answer)] = asking([own.url("a.test", "/old")])
        assert answer.target == own.url("a.test", address)
        assert answer.hops == (Hop(301, own.url("a.test", address)),)


def test_a_key_of_a_host_goes_nowhere_else() -> None:
    def leading(visit: Visit) -> bytes:
        if visit.path == "/old":
            return status(302, Location=f"http://other.test:{own.port}/new")
        if visit.path == "/back":
            return status(302, Location=f"http://other.test:{other.port}/old")
        if visit.path == "/dot":
            return status(302, Location=f"http://key.test.:{own.port}/new")
        return status(302, Location="/here") if visit.path == "/own" else OK

    def returning(visit: Visit) -> bytes:
        return status(302, Location=f"http://key.test:{own.port}/here")

    with world(leading) as own, world(returning) as other:
        headers = {own.url("key.test", ""): {"X-Key": "secret"}}
        urls = [own.url("key.test", path) for path in ("/old", "/back", "/dot", "/own")]
        urls.append(other.url("key.test", "/port"))
        found = dict(asking(urls, headers=headers))
        assert {answer.outcome for answer in found.values()} == {Outcome.ALIVE}
        told = {(visit.host, visit.path) for visit in own.visits if "x-key" in visit.headers}
        assert told == {("key.test", f"/{path}") for path in ("old", "back", "dot", "own", "here")}
        assert {(visit.host, visit.path) for visit in own.visits} - told == {
            ("other.test", "/new"),
            ("key.test.", "/new"),
        }
        assert [visit for visit in other.visits if "x-key" in visit.headers] == []
        assert {"/old", "/port"} == {visit.path for visit in other.visits}
    assert "secret" not in repr(found)


def test_a_key_for_one_scheme_is_not_for_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = certificates(tmp_path)
    if signed is None:
        pytest.skip("NOT MEASURED: the command openssl is absent")
    monkeypatch.setattr("dsqa.network.wire.DEFAULT_CA_BUNDLE_PATH", str(signed.authority))
    host = f"host.{DOMAIN}"

    def to_plain(visit: Visit) -> bytes:
        return status(302, Location=plain.url(host, "/new")) if visit.path == "/old" else OK

    def to_safe(visit: Visit) -> bytes:
        safe_url = f"https://{host}:{safe.port}/new"
        return status(302, Location=safe_url) if visit.path == "/up" else OK

    with world(to_safe) as plain, world(to_plain, signed.contexts["good"]) as safe:
        headers = {f"https://{host}:{safe.port}": {"Authorization": "Bearer secret"}}
        urls = [f"https://{host}:{safe.port}/old", plain.url(host, "/up")]
        found = dict(asking(urls, headers=headers))
        assert {answer.status for answer in found.values()} == {200}
        assert {visit.path for visit in safe.visits} == {"/old", "/new"}
        assert all("authorization" in visit.headers for visit in safe.visits)
        assert {visit.path for visit in plain.visits} == {"/up", "/new"}
        assert not any("authorization" in visit.headers for visit in plain.visits)


@pytest.mark.parametrize("host", ["wiki", "localhost", "app.localhost", "db.internal", "nas.local"])
def test_a_private_name_is_asked_if_it_is_allowed(host: str) -> None:
    with world(lambda visit: OK) as own:
        url = own.url(host, "/page")
        for allowed in (host, f"{host}:{own.port}", f"{host.upper()}."):
            [(_, answer)] = asking([url], allowed=[allowed])
            assert answer.outcome is Outcome.ALIVE
        assert {(visit.host, visit.path) for visit in own.visits} == {(host, "/page")}
        visits = len(own.visits)
        for refusing in ([], ["127.0.0.1"], [f"{host}:1"], [f"x.{host}"]):
            [(_, answer)] = asking([url], allowed=refusing)
            assert answer.outcome is Outcome.REFUSED
        assert len(own.visits) == visits


def test_a_redirect_to_a_private_name_is_refused() -> None:
    with world(lambda visit: status(302, Location=f"http://wiki:{own.port}/")) as own:
        [(_, answer)] = asking([own.url("a.test")], allowed=["a.test"])
        assert re.match("`wiki` is a name of a private network", answer.reason)
        assert [visit.host for visit in own.visits] == ["a.test"]
    assert (answer.outcome, answer.status) == (Outcome.REFUSED, 302)
