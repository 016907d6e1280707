"""Whether a part of a picture was edited: what the traces say, beside what the model says.

The model's own map parts edited from untouched photographs hardly better than chance
(docs/log.md), so it points and does not decide. A trace with measured error rates does: where a
part lacks the compression that the rest of the picture carries (`trace.edited`).
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.types import Extent, Finding, Locality, Status

EDITED = "trace.edited"
"""The analyser whose places decide."""


def combined(own: Locality | None, findings: Sequence[Finding]) -> Locality | None:
    """Return whether a part was edited, from the model's own measurement and derived traces.

    Args:
        own: what the model measured; None without one.
        findings: of the other analysers.

    Returns:
        Local with the trace's places where it points at any; otherwise what the model said.
    """
    found = next((f for f in findings if f.analyser == EDITED and f.status is Status.DERIVED), None)
    if found is None or not found.regions:
        return own
    score = float(found.value) if isinstance(found.value, int | float) else None
    return Locality(extent=Extent.LOCAL, regions=found.regions, score=score, reason=found.reason)
