"""Files are replaced whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from dsqa.source import Unreadable


class Unwritten(Exception):
    """The file was left as it was; the message says why, in one line."""


def replace_file(place: Path, old: bytes, new: bytes) -> None:
    """Put the new content where the old one stands.

    The file is at every moment either the old one or the new one, and keeps its mode. A link is
    followed. Raises Unwritten, also if the file no longer holds what it held when it was read.
    """
    from dsqa.workspace import read_bytes

    real = Path(os.path.realpath(place))
    temporary = ""
    try:
        if read_bytes(str(real)) != old:
            raise Unwritten("changed while it was being repaired")
        status = os.stat(real)
        descriptor, temporary = tempfile.mkstemp(prefix=".dsqa-", suffix=".tmp", dir=real.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fchmod(file.fileno(), status.st_mode & 0o7777)
            os.fsync(file.fileno())
        if read_bytes(str(real)) != old:
            raise Unwritten("changed while it was being repaired")
        os.replace(temporary, real)
        temporary = ""
    except Unreadable as error:
        raise Unwritten(str(error)) from None
    except OSError as error:
        raise Unwritten((error.strerror or "cannot be written").lower()) from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
