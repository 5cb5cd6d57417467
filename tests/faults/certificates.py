"""Certificates for this machine: one authority, and what it signed, well or badly."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DOMAIN = "faults.test"
SETTINGS = """\
[req]
distinguished_name = name
[name]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = test
[test]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = name
unique_subject = no
[good]
subjectAltName = DNS:*.{domain}
authorityKeyIdentifier = keyid
[other]
subjectAltName = DNS:elsewhere.test
authorityKeyIdentifier = keyid
"""
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
VALID = ["-days", "3"]
LONG_AGO = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"]
SIGNED = {"good": ("good", VALID), "expired": ("good", LONG_AGO), "other host": ("other", VALID)}


@dataclass(frozen=True)
class Certificates:
    """`authority` is the file of the one to trust; `contexts` are what servers show."""

    authority: Path
    contexts: Mapping[str, ssl.SSLContext]


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def certificates(folder: Path) -> Certificates | None:
    """Made anew by the command openssl; None where it is absent."""
    if shutil.which("openssl") is None:
        return None
    settings, authority, lone = folder / "ca.cnf", folder / "authority.pem", folder / "lone.pem"
    settings.write_text(SETTINGS.format(folder=folder, domain=DOMAIN), encoding="utf-8")
    (folder / "index.txt").write_text("", encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    alone = ["req", "-x509", *KEY, *VALID, "-config", str(settings), "-extensions"]
    for path, use in ((authority, "authority"), (lone, "good")):
        subject = f"/CN={path.stem}.{DOMAIN}"
        _openssl(*alone, use, "-subj", subject, "-keyout", path.with_suffix(".key"), "-out", path)
    key, wish = folder / "server.key", folder / "server.csr"
    new = ["req", "-new", *KEY, "-config", str(settings), "-subj", f"/CN=server.{DOMAIN}"]
    _openssl(*new, "-keyout", key, "-out", wish)
    sign = ["ca", "-batch", "-notext", "-config", str(settings), "-cert", str(authority)]
    sign += ["-keyfile", str(authority.with_suffix(".key")), "-in", str(wish)]
    contexts = {"self-signed": _context(lone, lone.with_suffix(".key"))}
    for name, (use, dates) in SIGNED.items():
        path = folder / f"{name}.pem"
        _openssl(*sign, "-extensions", use, *dates, "-out", path)
        contexts[name] = _context(path, key)
    return Certificates(authority, contexts)
