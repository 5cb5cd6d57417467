"""Which hosts may be talked to: those that anybody on the internet can reach, and no others."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from dsqa.network.address import HOST_NAME, Address, Refused, ends_in_number

WEB_PORTS = frozenset({80, 443, 8080, 8443})
PRIVATE_NAME = re.compile(
    r"""
      [^.]+                 # what has no dot is a machine of the own network
    | (?: .*\. )?
      (?: localhost | localdomain6? | local | internal | intranet | private | lan | home | corp
        | home\.arpa | onion | alt | consul | svc )
    | metadata\.goog        # where a cloud tells its machines their passwords
    """,
    re.VERBOSE,
)
PRIVATE_V4 = tuple(
    IPv4Network(network)
    for network in """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
    192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24
    203.0.113.0/24 224.0.0.0/3 168.63.129.16/32""".split()
)
"""The special-purpose networks (RFC 6890), all that is not one host's, and the public address at
which a cloud speaks to its own machines."""
PUBLIC_V6 = IPv6Network("2000::/3")
PRIVATE_V6 = tuple(
    IPv6Network(network)
    for network in "2001::/23 2001:db8::/32 2002::/16 3ffe::/16 3fff::/20".split()
)
"""What of it is no host's: protocols and tunnels (Teredo, 6to4), examples, what was given back."""
NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches an IPv4 address (RFC 6052), which is in the last 32 bits."""
ISATAP = 0x5EFE
"""What stands before the IPv4 address in the address of a tunnel (RFC 5214)."""
ISATAP_FLAGS = 0x0300_0000
NO_SUCH_NAME = frozenset(
    getattr(socket, name)
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")
    if hasattr(socket, name)
)
SECOND_LOOK = 0.2
"""Seconds after which a name is looked up again before it is believed that there is none."""
LONGEST_LOOKUP = 3.5
"""Seconds for which one waits in all for the addresses of a name."""
MOST_LOOKUPS = 64
"""So many names are looked up at once, those that nobody waits for any more included."""
MOST_ADDRESSES = 4
"""So many of the addresses of a host are tried; nobody is led to thousands by one name."""
CONTROL_NAME = "example.com"
"""It is always there (RFC 2606): from where it is not found, nothing is told of other names."""
EXEMPTION = re.compile(
    r"""
      \[ (?P<bracketed> [^\]]+ ) \] (?: : (?P<port_6> [0-9]{1,5} ) )?
    | (?P<bare> [^:]+ ) (?: : (?P<port_4> [0-9]{1,5} ) )?
    | (?P<address_6> .+ )
    """,
    re.VERBOSE,
)


class LedInside(Refused):
    """A name that everybody may ask for leads to an address that nobody may."""


class NoSuchName(Exception):
    """The host has no address, although other hosts have."""


class Unresolved(Exception):
    """The address of the host could not be found out; the text says why."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """What is allowed besides, on one port or on any: the host of the name, or a network."""

    name: str
    network: IPv4Network | IPv6Network | None
    port: int | None

    def admits(self, port: int) -> bool:
        return self.port in (None, port)


def look_up(name: str) -> list[str]:
    """The IP addresses of the name, in the order in which they are to be tried."""
    found = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def connect(ip: str, port: int, seconds: float) -> socket.socket:
    """A connection to the address."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.connect((ip, port))
    except BaseException:
        connection.close()
        raise
    return connection


class Guard:
    """Finds out where a host is, once in a run, and connects to it if everybody may.

    `allowed` are hosts, IP addresses and networks, each with a port or without, to which this does
    not apply: `localhost`, `127.0.0.1:8080`, `[::1]:8080`, `10.0.0.0/8`. Of a host that is allowed
    by its name it does not matter which addresses it has. ValueError if one of them is neither.
    """

    def __init__(
        self,
        allowed: Sequence[str] = (),
        *,
        resolve: Callable[[str], Iterable[str]] = look_up,
        connect: Callable[[str, int, float], socket.socket] = connect,
    ) -> None:
        self._exemptions = tuple(map(_exemption, allowed))
        self._resolve = resolve
        self._connect = connect
        self._lookups: dict[str, Future[tuple[str, ...]]] = {}
        self._lock = threading.Lock()
        self._waited: dict[str, float] = defaultdict(float)
        self._free = threading.Semaphore(MOST_LOOKUPS)
        self._names_are_found = threading.Event()

    def vetted(self, address: Address, *, seconds: float) -> tuple[str, ...]:
        """The IP addresses of the host; Refused if a single one is not everybody's."""
        lifted = self._lifted(address)
        if not lifted:
            self._vet_name(address)
        name = address.name
        addresses = (name,) if _is_ip(name) else self._found(name, seconds, lifted=lifted)
        if not lifted:
            self._vet_ips(addresses, address)
        return addresses

    def vet_for_proxy(self, address: Address) -> None:
        """Refuses what can be refused where only the proxy looks up names.

        That is a private name, a port that is none of the web, and an IP address; but the proxy may
        well connect to a private IP address of a public name.
        """
        if self._lifted(address):
            return
        self._vet_name(address)
        if _is_ip(address.name):
            self._vet_ips((address.name,), address)
        elif address.port not in WEB_PORTS:
            raise Refused(f"{address.port} is not a port of the web")

    def connected(self, address: Address, *, seconds: float) -> socket.socket:
        """A connection to a vetted address of the host; OSError if none of them answers."""
        end = time.monotonic() + seconds
        connection = self._first_of(self.vetted(address, seconds=seconds), address.port, end)
        ip = connection.getpeername()[0]
        if connection.getsockname()[0] == ip and not self._is_allowed(ip, address):
            connection.close()
            raise LedInside(f"`{address.name}` leads to `{ip}`, which is this machine")
        return connection

    def connected_to_proxy(self, proxy: Address, *, seconds: float) -> socket.socket:
        """A connection to the proxy, which may be anywhere; OSError if it does not answer."""
        end = time.monotonic() + seconds
        name = proxy.name
        addresses = (name,) if _is_ip(name) else self._looked_up(name, seconds)
        if not addresses:
            raise Unresolved(f"there is no proxy `{name}`")
        return self._first_of(addresses, proxy.port, end)

    def _first_of(self, addresses: Sequence[str], port: int, end: float) -> socket.socket:
        *others, last = addresses[:MOST_ADDRESSES]
        for ip in others:
            # a host that is silent at one address often answers at the next one
            try:
                return self._connected(ip, port, (end - time.monotonic()) / 2)
            except OSError:
                continue
        return self._connected(last, port, end - time.monotonic())

    def _connected(self, ip: str, port: int, seconds: float) -> socket.socket:
        if seconds <= 0:
            raise TimeoutError
        connection = self._connect(ip, port, seconds)
        try:
            peer, peer_port, *_ = connection.getpeername()
            if ip_address(peer) != ip_address(ip) or peer_port != port:
                raise Refused(f"the connection to `{ip}` ended at `{peer}`")
        except BaseException:
            connection.close()
            raise
        return connection

    def _lifted(self, address: Address) -> bool:
        """Whether the host is allowed by its name."""
        return any(
            exempt.name == address.name and exempt.admits(address.port)
            for exempt in self._exemptions
        )

    def _vet_ips(self, addresses: Iterable[str], address: Address) -> None:
        for ip in addresses:
            if not self._may_be_asked(ip, address):
                name = address.name
                if ip == name:
                    raise Refused(f"`{ip}` is private or reserved")
                raise LedInside(f"`{name}` leads to `{ip}`, which is private or reserved")

    def _vet_name(self, address: Address) -> None:
        """Refuses what no lookup is needed for."""
        name = address.name
        if ends_in_number(name) and (not _is_ip(name) or address.host != name):
            raise Refused(f"`{address.host}` is a disguised IP address")
        if not _is_ip(name) and PRIVATE_NAME.fullmatch(name):
            raise Refused(f"`{name}` is a name of a private network")
        if address.port not in WEB_PORTS and not any(
            exempt.network and exempt.admits(address.port) for exempt in self._exemptions
        ):
            raise Refused(f"{address.port} is not a port of the web")

    def _is_allowed(self, ip: str, address: Address) -> bool:
        """Whether the command line lifts the guard for it."""
        parsed = ip_address(ip)
        return self._lifted(address) or any(
            exempt.network and exempt.admits(address.port) and parsed in exempt.network
            for exempt in self._exemptions
        )

    def _may_be_asked(self, ip: str, address: Address) -> bool:
        parsed = ip_address(ip)
        if self._is_allowed(ip, address):
            return True
        if address.port not in WEB_PORTS:
            return False
        if isinstance(parsed, IPv6Address) and parsed in NAT64 and ip != address.host:
            return _is_public(IPv4Address(int(parsed) & 0xFFFF_FFFF))
        return _is_public(parsed)

    def _found(self, name: str, seconds: float, *, lifted: bool) -> tuple[str, ...]:
        """The addresses of the name; that it has none is believed where another name has some."""
        end = time.monotonic() + seconds
        addresses = self._looked_up(name, seconds)
        if addresses:
            if not lifted:  # such a name may be known to this machine alone
                self._names_are_found.set()
            return addresses
        if not self._names_are_found.is_set():
            if not self._looked_up(CONTROL_NAME, max(0.0, end - time.monotonic())):
                raise Unresolved("no name can be looked up from here")
            self._names_are_found.set()
        raise NoSuchName(f"there is no host `{name}`")

    def _looked_up(self, name: str, seconds: float) -> tuple[str, ...]:
        """The addresses of the name, none if there is no such name; found out once in a run."""
        with self._lock:
            lookup = self._lookups.get(name) or self._begun(name)
        left = max(LONGEST_LOOKUP - self._waited[name], 0.0)
        try:
            return lookup.result(timeout=min(seconds, left))
        except TimeoutError:
            self._waited[name] += min(seconds, left)  # nobody waits for it as long again
            raise Unresolved(f"`{name}` could not be looked up in time") from None
        except OSError as error:
            raise Unresolved(f"`{name}` could not be looked up: {error.strerror}") from None

    def _begun(self, name: str) -> Future[tuple[str, ...]]:
        """A lookup of the name, which goes on by itself."""
        if not self._free.acquire(blocking=False):
            raise Unresolved("too many names are being looked up")
        lookup: Future[tuple[str, ...]] = Future()
        lookup.add_done_callback(lambda _: self._free.release())
        # getaddrinfo knows no time limit, so nobody can wait for this one's end
        thread = threading.Thread(
            target=_resolved_into, args=(lookup, self._resolve, name), daemon=True
        )
        try:
            thread.start()
        except RuntimeError as error:  # this machine lets nobody have one more
            self._free.release()
            raise Unresolved(f"`{name}` could not be looked up: {error}") from error
        self._lookups[name] = lookup
        return lookup


def _resolved_into(
    lookup: Future[tuple[str, ...]], resolve: Callable[[str], Iterable[str]], name: str
) -> None:
    try:
        try:
            addresses = _resolved(resolve, name)
        except OSError:  # which may be so for a moment
            addresses = ()
        if not addresses:
            time.sleep(SECOND_LOOK)
            addresses = _resolved(resolve, name)
        lookup.set_result(addresses)
    except BaseException as error:  # raised again to everybody who waits for the lookup
        lookup.set_exception(error)


def _resolved(resolve: Callable[[str], Iterable[str]], name: str) -> tuple[str, ...]:
    """The addresses of the name, none if there is no such name."""
    try:
        found = tuple(dict.fromkeys(resolve(name)))
        if not all(map(_is_address, found)):
            raise OSError(0, "the answer is no IP address")
        return found
    except socket.gaierror as error:
        if error.errno in NO_SUCH_NAME:
            return ()
        raise


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_ip(host: str) -> bool:
    """Whether the host is an IP address in the one way in which everybody reads it so."""
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in PRIVATE_V4)
    if ip.scope_id or ip not in PUBLIC_V6 or any(ip in network for network in PRIVATE_V6):
        return False
    return (int(ip) >> 32) & 0xFFFF_FFFF & ~ISATAP_FLAGS != ISATAP


def _exemption(written: str) -> Exemption:
    """What is allowed, as the user writes it."""
    parts = EXEMPTION.fullmatch(written.strip().lower())
    port = int(parts["port_6"] or parts["port_4"] or 0) if parts else 0
    place = (parts["bracketed"] or parts["bare"] or parts["address_6"]) if parts else ""
    name = place.removesuffix(".")
    if port >= 2**16:
        raise ValueError(f"`{written}` names a port that there is not")
    if HOST_NAME.fullmatch(name) and not ends_in_number(name):
        return Exemption(name, None, port or None)
    try:
        return Exemption("", ip_network(place), port or None)
    except ValueError:
        raise ValueError(f"`{written}` is neither a host nor a network") from None
