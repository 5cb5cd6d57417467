"""All faults."""

from __future__ import annotations

from tests.faults import bombs, breaks, drips, kinds, redirects, seals, statuses

FAULTS = (
    *statuses.FAULTS,
    *redirects.FAULTS,
    *drips.FAULTS,
    *bombs.FAULTS,
    *kinds.FAULTS,
    *breaks.FAULTS,
    *seals.FAULTS,
)
