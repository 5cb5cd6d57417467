"""The address of a page as a request needs it, read strictly and only once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

import idna
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?]*)(?P<rest>.*)", re.IGNORECASE)
AROUND = "".join(map(chr, range(0x21)))
"""What browsers drop at both ends of an address: control characters and spaces."""
NEVER_WRITTEN = re.compile(r"[\x00-\x1f\x7f]")
"""What some programs drop within an address and others do not."""
OTHER_HOST = re.compile(r"/\\|\\[/\\]")
"""How a path begins that browsers take for a host."""
BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
HOST_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
LONGEST_HOST_NAME = 253
NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


class Malformed(Exception):
    """No request can be made of the address; the text says why."""


class Refused(Exception):
    """The address is not asked, because that might do harm; the text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes, and what it asks for there.

    `host` is in lower case and in ASCII (RFC 5891); an IPv6 address has no brackets. `target` is
    the path with the query, percent-encoded (RFC 9112, section 3.2.1).
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def name(self) -> str:
        """The host, without the dot at its end that makes no difference."""
        return self.host.removesuffix(".")

    @property
    def netloc(self) -> str:
        """The host, and its port unless that is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        return self.origin + self.target


def parse(href: str, base: Address | None = None) -> Address:
    """The address that is written there, seen from the base, as a redirect writes it.

    What two programs could read in two ways is Malformed; a user name or password is Refused. A
    backslash is a slash in the path, as in browsers, and itself in the query.
    """
    written = href.strip(AROUND).partition("#")[0]
    if NEVER_WRITTEN.search(written):
        raise Malformed("it has a control character")
    absolute = _absolute(written, base)
    parts = WEB_ADDRESS.fullmatch(absolute)
    if parts is None:
        raise Malformed("it does not begin with `http://` or `https://`")
    if "\\" in parts["authority"]:
        raise Malformed("it has a backslash where its host should end")
    if "@" in parts["authority"]:
        raise Refused("it carries a user name or a password")
    authority = _in_ascii(parts["authority"])
    path, mark, query = BARE_PERCENT.sub("%25", parts["rest"]).partition("?")
    rest = path.replace("\\", "/") + mark + query.replace("\\", "%5C")
    address = _read(f"{parts['scheme']}://{authority}{rest}")
    if _read(address.url) != address:
        raise Malformed("it can be read in two ways")
    return address


def ends_in_number(host: str) -> bool:
    """Whether programs take the host for an IPv4 address, in whatever way that is written.

    https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    last = host.removesuffix(".").rpartition(".")[2]
    return NUMBER.fullmatch(last.lower()) is not None


def _absolute(written: str, base: Address | None) -> str:
    """The address with its scheme and host (RFC 3986, section 5.2.2); dot segments stay."""
    if written.startswith("//"):
        return f"{base.scheme if base else 'https'}:{written}"
    if base is None or SCHEME.match(written) or OTHER_HOST.match(written):
        return written
    path = base.target.partition("?")[0]
    if not written:
        return base.url
    if written.startswith(("/", "\\")):
        return f"{base.origin}/{written[1:]}"
    folder = path if written.startswith("?") else path[: path.rindex("/") + 1]
    return base.origin + folder + written


def _in_ascii(authority: str) -> str:
    """The authority with a name of other letters written as the domain name system knows it."""
    if "%" in authority:
        raise Malformed("its host name has escapes or a zone")
    if authority.isascii():
        return authority
    host, colon, port = authority.partition(":")
    if len(host) > LONGEST_HOST_NAME:
        raise Malformed("its host name is too long")
    try:
        encoded = idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:  # which idna's errors are
        raise Malformed("its host name is none that can be registered") from None
    if ends_in_number(encoded):
        raise Refused("its host is a disguised IP address")
    return encoded + colon + port


def _read(url: str) -> Address:
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise Malformed("its host or its port is malformed") from None
    if not parts.host or parts.scheme not in DEFAULT_PORTS or parts.auth is not None:
        raise Malformed("it names no host")
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    if not 0 < port < 2**16:
        raise Malformed("its port is not one")
    return Address(parts.scheme, _host(parts.host), port, parts.request_uri)


def _host(written: str) -> str:
    if written.startswith("["):
        try:
            return IPv6Address(written[1:-1]).compressed
        except AddressValueError:
            raise Malformed("its host is no IPv6 address") from None
    host = written.lower()
    if not HOST_NAME.fullmatch(host) or len(host.removesuffix(".")) > LONGEST_HOST_NAME:
        raise Malformed("its host name is none that can be registered")
    return host
