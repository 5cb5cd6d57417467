"""What one wants to know of an address, how much one asks for it, and how far one has got."""

from __future__ import annotations

from dataclasses import dataclass

from dsqa.network.address import Address
from dsqa.outside import Hop


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one wants to know of an address: whether it lives, and perhaps what is there."""

    address: Address
    image: bool = False
    """Whether a picture should be there."""
    fragments: frozenset[str] = frozenset()
    """The places on the page that links name, by what stands behind their `#`."""

    @property
    def content(self) -> bool:
        """Whether more is wanted than a status."""
        return self.image or bool(self.fragments)


@dataclass(frozen=True, slots=True)
class Manners:
    """How much one asks for, and how long one waits. Times are in seconds, sizes in bytes.

    `seconds` is for one address with its redirects; `whole_run` for all of them. `longest_wait` is
    how long, in all, a host may ask us to wait before we go away. `most` is read for an address,
    and `most_of_page` besides where a place is looked for on the page.
    """

    workers: int = 32
    per_host: int = 2
    seconds: float = 4.0
    whole_run: float = 600.0
    longest_wait: float = 30.0
    back_off: float = 1.0
    redirects: int = 5
    tries: int = 2
    most: int = 64 * 1024
    most_of_page: int = 512 * 1024

    def room(self, wanted: Wanted) -> int:
        """How many bytes may be read for an address, over all its requests."""
        return self.most + (self.most_of_page if wanted.fragments else 0)


@dataclass(frozen=True, slots=True)
class Errand:
    """Where the question for an address has got to: by which method and for how much longer."""

    wanted: Wanted
    address: Address
    left: float
    room: int
    """How many bytes may still be read for it."""
    method: str = "HEAD"
    hops: tuple[Hop, ...] = ()
    failures: int = 0
    deaths: int = 0
    """How often it was told that nothing is there."""
    wait: float = 0.0
    """How long to wait before the next request, in seconds."""
