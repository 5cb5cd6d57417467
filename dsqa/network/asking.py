"""Addresses are asked, as a guest asks, and what each of them answers is judged."""

from __future__ import annotations

import queue
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import quote, unquote

from dsqa.fragment import DELIMITER
from dsqa.network.address import BARE_PERCENT, Address, Malformed, Refused, parse
from dsqa.network.errand import Errand, Manners, Wanted
from dsqa.network.guard import Guard, LedInside, NoSuchName, Unresolved
from dsqa.network.proxy import Proxy
from dsqa.network.rounds import Rounds
from dsqa.network.wire import LEAST, Failed, Reply, Wire
from dsqa.outside import Answer, Hop, Outcome
from dsqa.webpage import decoded, is_image, leads_somewhere, read_names, read_page

GONE = frozenset({404, 410})
BUSY = frozenset({429, 503})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
LOGIN = re.compile(
    r"""
    (?: ^ | [/._-] )
    (?: account/begin | auth | authwall | checkpoint | consent | log-?in | oauth2? | sign-?in
      | sso )
    (?: $ | [/?._-] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
ERROR_PAGE = re.compile(
    r"[/._-](?:404|not[-_]?found)(?:$|[/._-])|/error(?:[-_]?page)?(?:\.[a-z]+)?/?$", re.IGNORECASE
)
FRONT_PAGES = re.compile(
    r"""
    / (?: [a-z]{2} (?: [-_][a-z]{2,4} )? /? )?
      (?: (?: index | default | home ) (?: \.[a-z]+ )? /? )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What the front page of a site is called: it is no loss to be led there from one of these."""
LASTING_NAMES = re.compile(
    r"""
    (?:.+\.)?
    (?: adf\.ly | aka\.ms | amzn\.to | bit\.ly | buff\.ly | doi\.org | fb\.me | g\.co | git\.io
      | go\.microsoft\.com | goo\.gl | handle\.net | is\.gd | lnkd\.in | n2t\.net | ow\.ly
      | purl\.org | rebrand\.ly | rb\.gy | t\.co | t\.ly | t\.me | tinyurl\.com | w3id\.org
      | wa\.me | youtu\.be )
    """,
    re.VERBOSE,
)
"""Hosts whose addresses are meant to be lasting names or short forms of others."""
PAGES = frozenset({"", "application/xhtml+xml", "text/html"})
"""The media types of what has places."""
PATH_ALONE = re.compile(r"[^?;]*")
SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
IN_FRAGMENT = "!$&'()*+,;=:@/?%-._~"
"""What a fragment may hold as it is (RFC 3986, section 3.5), and its escapes."""
SECONDS = re.compile(r"[0-9]+")
FOR_EVER = 1e9
"""Seconds beyond which a number means nothing else."""
HEAD_SHARE = 0.4
"""How much of its time a HEAD request may take: some hosts answer only GET."""
LEAST_SECONDS = 0.05
LONGEST_LOCATION = 2_000
LONGEST_TYPE = 200
SHORTEST_KEY = 6
"""Characters; a shorter word is in many an address by chance."""
MOST_PLACES = 20
"""So many of the places on one page are looked for."""
NO_TIME = "there was no time left to ask it in this run"


Headers = Mapping[str, Mapping[str, str]]
"""By origin, what is sent there besides: a key belongs to one host."""


def asked(
    wanted: Iterable[Wanted],
    guard: Guard,
    manners: Manners,
    *,
    user_agent: str,
    headers: Headers | None = None,
    proxy: Proxy | None = None,
    now: Callable[[], float] = time.time,
    told: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Wanted, Answer]]:
    """What each of the addresses answers, as it comes in.

    What could not be asked in the time of the run is unverified. One may stop to take answers at
    any time; then nothing more is asked. `told` is called now and then while one waits.
    """
    pending = list(dict.fromkeys(wanted))
    rounds = Rounds(pending, manners)
    answers: queue.SimpleQueue[tuple[Wanted, Answer] | BaseException] = queue.SimpleQueue()
    asker = Asker(
        guard, manners, headers or {}, user_agent, proxy, now, rounds.leave_alone, rounds.is_stopped
    )
    count = min(manners.workers, len(pending))
    end = time.monotonic() + manners.whole_run
    missing = dict.fromkeys(pending)
    try:
        for number in range(count):
            threading.Thread(
                target=work, args=(rounds, asker, answers), name=f"asking-{number}", daemon=True
            ).start()
        while missing and (left := end - time.monotonic()) > 0:
            try:
                answer = answers.get(timeout=min(left, 0.1))
            except queue.Empty:
                told()
                continue
            if isinstance(answer, BaseException):
                raise answer
            del missing[answer[0]]
            yield answer
    finally:
        rounds.stop()
    for one in missing:
        yield one, Answer(Outcome.UNVERIFIED, NO_TIME, int(now()))


def work(
    rounds: Rounds,
    asker: Asker,
    answers: queue.SimpleQueue[tuple[Wanted, Answer] | BaseException],
) -> None:
    """Run errands until there are no more; what goes wrong in here is told to who waits."""
    last = ""
    try:
        with closing(Wire(asker.guard, asker.user_agent, proxy=asker.proxy)) as wire:
            while errand := rounds.next(last):
                last = errand.address.host
                result = asker.step(errand, wire)
                if isinstance(result, Answer):
                    answers.put((errand.wanted, result))
                    rounds.done(errand, None)
                else:
                    rounds.done(errand, result)
    except Exception as error:
        error.add_note(f"while a request to {last} was made")
        answers.put(error)


@dataclass(frozen=True, slots=True)
class Asker:
    """Takes an errand one request further."""

    guard: Guard
    manners: Manners
    headers: Headers
    user_agent: str
    proxy: Proxy | None
    now: Callable[[], float]
    leave_alone: Callable[[str, float], float]
    stopped: Callable[[], bool] = lambda: False
    closed: dict[str, str] = field(default_factory=dict)
    """The hosts that want to be left alone for longer than we wait, and how they said so."""
    reading: threading.Lock = field(default_factory=threading.Lock)
    """Held while a page is searched, so that not all threads compute at once."""

    def step(self, errand: Errand, wire: Wire) -> Errand | Answer:
        """What comes next of the errand: another request, or the answer."""
        if errand.left < LEAST_SECONDS:
            return self._too_late(errand)
        if errand.room < LEAST[errand.address.scheme]:
            most = self.manners.room(errand.wanted) // 1024
            return self._unverified(errand, f"it sends more than {most} KiB")
        if why := self.closed.get(errand.address.host):
            return self._unverified(errand, why)
        head = errand.method == "HEAD"
        began = time.monotonic()
        try:
            reply = wire.ask(
                errand.method,
                errand.address,
                seconds=errand.left * HEAD_SHARE if head else errand.left,
                most=min(errand.room, self.manners.most // 2) if head else errand.room,
                headers=self._headers(errand),
            )
        except Refused as error:
            astray = bool(errand.hops) or isinstance(error, LedInside)
            answer = self._answer(errand, Outcome.REFUSED, str(error))
            return replace(answer, astray=astray)
        except NoSuchName as error:
            return self._answer(errand, Outcome.DEAD, str(error))
        except Unresolved as error:
            errand = _later(errand, began, 0)
            if head and errand.left >= LEAST_SECONDS:  # the lookup goes on meanwhile
                return replace(errand, method="GET")
            return self._unverified(errand, str(error))
        except Failed as error:
            errand = _later(errand, began, wire.received)
            if errand.left < LEAST_SECONDS:
                return self._too_late(errand)
            if head:
                return replace(errand, method="GET")
            if error.transient and errand.failures + 1 < self.manners.tries:
                return self._again(errand)
            return self._unverified(errand, str(error))
        return self._judged(_later(errand, began, wire.received), reply)

    def _headers(self, errand: Errand) -> Mapping[str, str]:
        own = self.headers.get(errand.address.origin, {})
        if errand.method == "HEAD" or errand.wanted.fragments:
            return own
        return {"Range": f"bytes=0-{self.manners.most - 1}", **own}

    def _judged(self, errand: Errand, reply: Reply) -> Errand | Answer:
        """What the reply makes of the errand."""
        status, head = reply.status, errand.method == "HEAD"
        if status in REDIRECTS and reply.headers.get("location"):
            return self._redirected(errand, reply)
        if 200 <= status < 300 or status == 416:
            if head and errand.wanted.content:
                return replace(errand, method="GET")
            return self._alive(errand, reply)
        if status == 429 or (status in BUSY and "retry-after" in reply.headers):
            return self._told_to_wait(errand, reply)
        if status in GONE:
            errand = replace(errand, deaths=errand.deaths + 1)
            if errand.deaths > 1:
                return self._answer(errand, Outcome.DEAD, said(status), status=status)
            return replace(errand, method="GET") if head else self._pause(errand)
        if head:
            return replace(errand, method="GET")
        if status >= 500 and status < 600 and errand.failures + 1 < self.manners.tries:
            return self._again(errand)
        return self._unverified(errand, said(status), status=status)

    def _redirected(self, errand: Errand, reply: Reply) -> Errand | Answer:
        location = reply.headers["location"]
        status = reply.status
        if len(location) > LONGEST_LOCATION:
            reason = f"it redirects to an address of more than {LONGEST_LOCATION} characters"
            return self._unverified(errand, reason, status=status)
        if self._repeats_key(errand, location):
            reason = "it redirects to an address that repeats the key that it was sent"
            return self._unverified(errand, reason, status=status)
        if len(errand.hops) >= self.manners.redirects:
            reason = f"it redirects more than {self.manners.redirects} times"
            return self._unverified(errand, reason, status=status)
        try:
            address = parse(location, errand.address)
        except Malformed as error:
            reason = f"it redirects to what is no address of the web: {error}"
            return self._unverified(errand, reason, status=status)
        except Refused as error:
            answer = self._answer(errand, Outcome.REFUSED, f"it redirects: {error}", status=status)
            return replace(answer, astray=True)
        _, mark, fragment = location.partition("#")
        fragment = BARE_PERCENT.sub("%25", fragment)
        hops = (*errand.hops, Hop(status, address.url + mark + quote(fragment, safe=IN_FRAGMENT)))
        visited = {
            errand.wanted.address.url,
            *(hop.address.partition("#")[0] for hop in errand.hops),
        }
        following = replace(errand, address=address, hops=hops, deaths=0)
        if address.url in visited:
            return self._unverified(following, "it redirects in a circle", status=status)
        return following

    def _repeats_key(self, errand: Errand, location: str) -> bool:
        """Whether the address holds what only its host was to know, so that nobody is shown it."""
        known = self.headers.get(errand.address.origin, {}).values()
        words = {word for value in known for word in value.split() if len(word) >= SHORTEST_KEY}
        return any(word in text for word in words for text in (location, unquote(location)))

    def _told_to_wait(self, errand: Errand, reply: Reply) -> Errand | Answer:
        """The host is busy: it is asked again once it wants to be, if that is soon."""
        host, longest = errand.address.host, self.manners.longest_wait
        wait = in_all = self._patience(reply.headers.get("retry-after", ""))
        if wait <= longest:
            in_all = self.leave_alone(host, wait)
        if in_all > longest:
            why = f"its host wants to be left alone for {in_all:.0f} s"
            self.closed[host] = why
            why = f"{said(reply.status)}, {why}"
            return self._unverified(errand, why, status=reply.status)
        if errand.failures + 1 >= self.manners.tries:
            return self._unverified(errand, said(reply.status), status=reply.status)
        return replace(
            errand,
            method="GET",
            failures=errand.failures + 1,
            wait=wait + self._jitter(),
        )

    def _patience(self, retry_after: str) -> float:
        """How long the host wants us to wait (RFC 9110, section 10.2.3); nonsense is nothing."""
        from email.utils import parsedate_to_datetime

        if SECONDS.fullmatch(retry_after.strip()):
            return min(float(retry_after), FOR_EVER)
        try:
            return max(parsedate_to_datetime(retry_after).timestamp() - self.now(), 0.0)
        except (OSError, OverflowError, ValueError):  # the first of them on Windows
            return self.manners.back_off

    def _jitter(self) -> float:
        return random.uniform(0.0, 0.5) * self.manners.back_off

    def _again(self, errand: Errand) -> Errand:
        """The same once more, after a pause that is not the same for all."""
        return self._pause(replace(errand, failures=errand.failures + 1))

    def _pause(self, errand: Errand) -> Errand:
        return replace(errand, method="GET", wait=self.manners.back_off / 2 + self._jitter())

    def _alive(self, errand: Errand, reply: Reply) -> Answer:
        """What a page, a picture or a file answers that is there."""
        status, wanted, final = reply.status, errand.wanted, errand.address
        if led_astray := _led_astray(wanted.address, final):
            return self._unverified(errand, led_astray, status=status)
        content_type = reply.headers.get("content-type", "")[:LONGEST_TYPE]
        media_type = content_type.partition(";")[0].strip().lower()
        moved = _moved(errand)
        target = moved.address if moved and _elsewhere(wanted.address, moved.address) else ""
        reason = said(status)
        if wanted.address.scheme == "https" and final.scheme == "http":
            target, reason = "", f"{reason}, but without encryption: {final.origin}"
        answer = self._answer(
            errand, Outcome.MOVED if target else Outcome.ALIVE, reason, status=status
        )
        read = errand.method == "GET" and status != 416
        unknown = dict.fromkeys(wanted.fragments)
        named = bool(errand.hops) and "#" in errand.hops[-1].address
        return replace(
            answer,
            target=target,
            media_type=media_type,
            image=is_image(_unpacked(reply), media_type) if wanted.image and read else None,
            # a redirect that names a place of its own leads there, whatever the link names
            fragments=self._places(errand, reply, media_type) if read and not named else unknown,
        )

    def _places(self, errand: Errand, reply: Reply, media_type: str) -> Mapping[str, bool | None]:
        """Which of the places are on the page.

        Of a part of a page one cannot tell, nor of one that a key has opened: whoever writes links
        would learn from our answers what it says.
        """
        unknown = dict.fromkeys(errand.wanted.fragments)
        page = reply.status in (200, 206) and media_type in PAGES and not _packed(reply)
        if not page or errand.address.origin in self.headers:
            return unknown
        with self.reading:
            return unknown if self.stopped() else {**unknown, **_fragments(errand.wanted, reply)}

    def _too_late(self, errand: Errand) -> Answer:
        return self._unverified(errand, f"it took longer than {self.manners.seconds:g} s")

    def _unverified(self, errand: Errand, reason: str, *, status: int | None = None) -> Answer:
        return self._answer(errand, Outcome.UNVERIFIED, reason, status=status)

    def _answer(
        self, errand: Errand, outcome: Outcome, reason: str, *, status: int | None = None
    ) -> Answer:
        if status is None and errand.hops:
            status = errand.hops[-1].status
        return Answer(outcome, reason, int(self.now()), status, errand.hops)


def said(status: int) -> str:
    """The status as people know it: `404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _later(errand: Errand, began: float, received: int) -> Errand:
    """The errand without the time and the room that its request took, and the wait before it."""
    left = errand.left - (time.monotonic() - began)
    return replace(errand, left=left, room=errand.room - received, wait=0.0)


def _moved(errand: Errand) -> Hop | None:
    """The last of the redirects for good that nothing temporary stands before."""
    last = None
    for hop in errand.hops:
        if hop.status not in PERMANENT:
            break
        last = hop
    return last


def _elsewhere(asked: Address, target: str) -> bool:
    """Whether the target is another address in earnest, and not what this one is for.

    A slash more at the end, or a query that says where one comes from, is no news for a reader.
    """
    if LASTING_NAMES.fullmatch(asked.host):
        return False
    page, _, query = asked.url.partition("?")
    new_page, _, new_query = SESSION.sub("", target.partition("#")[0]).partition("?")
    trifle = page.rstrip("/") == new_page.rstrip("/") and query in ("", new_query)
    return not trifle


def _led_astray(asked: Address, final: Address) -> str:
    """Why what answers is hardly what the link was made for; empty if it may be."""
    if final == asked:
        return ""
    place, path = final.host + final.target, PATH_ALONE.match(final.target)
    if LOGIN.search(place) and not LOGIN.search(asked.host + asked.target):
        return f"it leads to a login: {final.url}"
    if path and ERROR_PAGE.search(path[0]) and not ERROR_PAGE.search(asked.target):
        return f"it leads to a page about an error: {final.url}"
    if path and FRONT_PAGES.fullmatch(path[0]) and not FRONT_PAGES.fullmatch(asked.target):
        return f"it leads to the front page of {final.host}"
    return ""


def _packed(reply: Reply) -> bool:
    """Whether the host has compressed what was asked for as it is (RFC 9110, section 8.4)."""
    return reply.headers.get("content-encoding", "").strip().lower() not in ("", "identity")


def _unpacked(reply: Reply) -> bytes:
    """What can be read of the content; nothing of a compressed one, which may be a trap."""
    return b"" if _packed(reply) else reply.body


def _fragments(wanted: Wanted, reply: Reply) -> Mapping[str, bool | None]:
    """Which of the first places are on the page."""
    whole = reply.whole and reply.status == 200
    html = decoded(reply.body, reply.headers.get("content-type", ""))
    worded = any(DELIMITER in fragment for fragment in wanted.fragments)
    page = read_page(html) if whole or worded else read_names(html)
    return {
        fragment: leads_somewhere(fragment, page, whole=whole)
        for fragment in sorted(wanted.fragments)[:MOST_PLACES]
    }
