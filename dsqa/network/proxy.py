"""The proxy that the command line names, which connects to hosts in our place."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote

from dsqa.network.address import Address, Malformed, Refused, parse

PROXY = re.compile(r"http://(?:(?P<user>[^/?#]*)@)?(?P<place>[^@/?#]+:[0-9]+)/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it is, and what it is told of who we are; nobody else is told that."""

    address: Address
    headers: dict[str, str] = field(default_factory=dict, repr=False, hash=False)


def proxy(written: str) -> Proxy:
    """The proxy at `http://[USER:PASSWORD@]HOST:PORT`; ValueError, which names no password."""
    parts = PROXY.fullmatch(written.strip())
    if parts is None:
        raise ValueError("it is not `http://[USER:PASSWORD@]HOST:PORT`")
    try:
        address = parse(f"http://{parts['place']}/")
    except (Malformed, Refused) as error:
        raise ValueError(f"{error}") from None
    if parts["user"] is None:
        return Proxy(address)
    name, _, password = parts["user"].partition(":")
    known = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode("ascii")
    return Proxy(address, {"Proxy-Authorization": f"Basic {known}"})
