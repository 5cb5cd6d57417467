"""Servers that send another kind of thing than the link promised."""

from __future__ import annotations

import struct
import zlib

from dsqa.outside import Outcome
from tests.faults.fault import LOGIN, PAGE, Fault, always

ALIVE = Outcome.ALIVE


def _png() -> bytes:
    """A picture of one white point (PNG specification, section 5)."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


PNG = _png()
SVG = b"""<?xml version="1.0"?>
<!-- a point -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>
"""
SCRIPTED = b"""<!DOCTYPE html>
<html><head><title>App</title><script src="/app.js"></script></head>
<body><div id="root"></div><script>start()</script></body></html>
"""
IMAGES: tuple[tuple[str, bytes, str, bool | None], ...] = (
    ("image-png", PNG, "image/png", True),
    ("image-svg", SVG, "image/svg+xml", True),
    ("image-as-text", PNG, "text/plain", True),
    ("image-as-html", PNG, "text/html; charset=utf-8", True),
    ("image-as-bytes", PNG, "application/octet-stream", True),
    ("image-without-type", PNG, "", True),
    ("html-for-image", PAGE, "text/html", False),
    ("html-as-image", PAGE, "image/png", False),
    ("login-for-image", LOGIN, "text/html", False),
    ("json-for-image", b'{"error": "not found"}', "application/json", False),
    ("empty-for-image", b"", "", None),
    ("bytes-for-image", b"\x00\x01\x02\x03" * 40, "application/octet-stream", None),
)
PLACES: tuple[tuple[str, bytes, str, str, bool | None], ...] = (
    ("place", PAGE, "text/html", "installation", True),
    ("no-such-place", PAGE, "text/html", "setup", False),
    ("place-in-utf-16", PAGE.decode().encode("utf-16"), "text/html", "installation", True),
    ("place-by-script", SCRIPTED, "text/html", "setup", None),
    ("place-of-pdf", b"%PDF-1.7\n", "application/pdf", "page=3", None),
    ("words", PAGE, "text/html", ":~:text=Nothing%20is%20wrong", True),
    ("no-such-words", PAGE, "text/html", ":~:text=Everything%20is%20wrong", False),
    ("place-behind-a-mebibyte", b"<p>x</p>" * 200_000 + PAGE, "text/html", "setup", None),
)

FAULTS = (
    *(
        Fault(
            name,
            always("200 OK", body, media_type),
            ALIVE,
            "200 OK",
            status=200,
            image=True,
            is_image=is_image,
        )
        for name, body, media_type, is_image in IMAGES
    ),
    *(
        Fault(
            name,
            always("200 OK", body, media_type),
            ALIVE,
            "200 OK",
            status=200,
            fragment=fragment,
            has_fragment=found,
        )
        for name, body, media_type, fragment, found in PLACES
    ),
)
