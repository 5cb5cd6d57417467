"""Who may ask which host next: few at once, and none of a host that wants to be left alone."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from dsqa.network.errand import Errand, Manners, Wanted


@dataclass(slots=True)
class Host:
    """The errands to one host, how many are under way, and when it may be asked again."""

    waiting: deque[Errand] = field(default_factory=deque)
    running: int = 0
    listed: bool = False
    quiet_until: float = 0.0
    quiet: float = 0.0
    """For how long it has been left alone in all, in seconds."""


class Rounds:
    """All errands, handed out so that no host is asked more at once than it should be."""

    def __init__(self, wanted: Iterable[Wanted], manners: Manners) -> None:
        self.manners = manners
        self.hosts: dict[str, Host] = {}
        self.ready: deque[str] = deque()
        self.later: list[tuple[float, int, str, Errand | None]] = []
        self.sequence = 0
        self.stopped = False
        self.change = threading.Condition()
        for one in wanted:
            errand = Errand(one, one.address, manners.seconds, manners.room(one))
            self.hosts.setdefault(errand.address.host, Host()).waiting.append(errand)
        for name in self.hosts:
            self._list(name)

    def stop(self) -> None:
        with self.change:
            self.stopped = True
            self.change.notify_all()

    def is_stopped(self) -> bool:
        return self.stopped

    def next(self, last: str = "") -> Errand | None:
        """The next errand, if possible to the host of the last one; None when there is no more."""
        with self.change:
            while not self.stopped:
                now = time.monotonic()
                self._wake(now)
                host = self._choose(last)
                if host is not None:
                    return self._start(host)
                soon = self.later[0][0] - now if self.later else None
                self.change.wait(soon)
            return None

    def leave_alone(self, name: str, seconds: float) -> float:
        """Let nobody ask the host for so long; for how long it will have been left alone in all."""
        with self.change:
            host, now = self.hosts[name], time.monotonic()
            former = max(host.quiet_until, now)
            host.quiet_until = max(former, now + seconds)
            host.quiet += host.quiet_until - former
            self._defer(host.quiet_until, name, None)
            self.change.notify()
            return host.quiet

    def done(self, errand: Errand, following: Errand | None) -> None:
        """The request of the errand is over; another one may follow from it."""
        with self.change:
            name = errand.address.host
            host = self.hosts[name]
            host.running -= 1
            if following is not None:
                if following.wait:
                    until = time.monotonic() + following.wait
                    self._defer(until, following.address.host, following)
                else:
                    self._enqueue(following)
                # who ran the errand comes back for one of the two that may go on now
                self.change.notify()
            self._list(name)

    def _enqueue(self, errand: Errand) -> None:
        """Let the errand go on, before others of its host begin."""
        name = errand.address.host
        self.hosts.setdefault(name, Host()).waiting.appendleft(errand)
        self._list(name)

    def _defer(self, until: float, name: str, errand: Errand | None) -> None:
        self.sequence += 1
        heapq.heappush(self.later, (until, self.sequence, name, errand))

    def _wake(self, now: float) -> None:
        """Let go on what was to wait until now, and somebody take each of them."""
        while self.later and self.later[0][0] <= now:
            _, _, name, errand = heapq.heappop(self.later)
            self.change.notify(self.manners.per_host)
            if errand is not None:
                self._enqueue(errand)
            else:
                self._list(name)

    def _free(self, host: Host) -> bool:
        return (
            bool(host.waiting)
            and host.running < self.manners.per_host
            and host.quiet_until <= time.monotonic()
        )

    def _list(self, name: str) -> None:
        """Note that a host may be asked, if it may."""
        host = self.hosts[name]
        if not host.listed and self._free(host):
            host.listed = True
            self.ready.append(name)

    def _choose(self, last: str) -> str | None:
        if last in self.hosts and self._free(self.hosts[last]):
            return last
        while self.ready:
            name = self.ready.popleft()
            host = self.hosts[name]
            host.listed = False
            if self._free(host):
                return name
        return None

    def _start(self, name: str) -> Errand:
        host = self.hosts[name]
        errand = host.waiting.popleft()
        host.running += 1
        self._list(name)
        return errand
