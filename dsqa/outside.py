"""What the world outside says of an address, at the time when somebody asked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

MOMENT = 60
"""Seconds between which nobody asks what came first."""


class Outcome(Enum):
    """What becomes of a reader who goes to the address."""

    ALIVE = "alive"
    MOVED = "moved"
    """It is alive, and says itself that it has another address for good."""
    DEAD = "dead"
    """Nothing is there: it says so itself, or its host has no such name."""
    UNVERIFIED = "unverified"
    """Nobody can tell from here: it forbids to ask, is busy, slow or broken at the moment."""
    REFUSED = "refused"
    """It was not asked, because it leads into a private network or carries a password."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect: the status (RFC 9110, section 15.4), and where it leads."""

    status: int
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out of an address. Times are in seconds since 1970, UTC.

    `reason` tells in a reader's words why the outcome is this one: `404 Not Found`. `status` is the
    last one that was received (RFC 9110, section 15), None without any. `target` is the address
    that it has by now, if it moved for good. `first_dead` is when it was first found dead, if it is
    not known to have lived since; `confirmed` says that this was long enough ago to be believed.
    `astray` says that what was refused is not what is written: a redirect or a name leads there.
    `image` says whether a picture is there, None if nobody looked or could tell; so does
    `fragments` of each place that a link names on the page, by what stands behind its `#`.
    """

    outcome: Outcome
    reason: str
    asked: int
    status: int | None = None
    hops: tuple[Hop, ...] = ()
    target: str = ""
    first_dead: int | None = None
    confirmed: bool = False
    media_type: str = ""
    image: bool | None = None
    fragments: Mapping[str, bool | None] = field(default_factory=dict, hash=False)
    astray: bool = False

    @property
    def story(self) -> str:
        """When it was asked, which way it went and since when it is dead, as one tells it."""
        return "; ".join(filter(None, (f"asked {when(self.asked)}", self.way)))

    @property
    def way(self) -> str:
        """Which way it went, and since when it is dead; nothing where there is nothing to tell."""
        ways = (f"{hop.status} to `{hop.address}`" for hop in self.hops)
        known = self.first_dead is not None and self.first_dead < self.asked - MOMENT
        since = f"first found dead {when(self.first_dead)}" if known and self.first_dead else ""
        return "; ".join(filter(None, (", ".join(ways), since)))


def instant(seconds: int) -> str:
    """The time in ISO 8601."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def when(seconds: int) -> str:
    """The time as one reads it: `2026-11-22 13:05 UTC`."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
