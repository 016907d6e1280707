"""The one door of the engine: everything the window and the command line can ask for.

Heavy modules are imported inside the functions, here and nowhere else, so that the
program starts quickly and a missing GPU library is found only by what needs it.
"""

from __future__ import annotations

from engine.job import Context
from engine.types import ScanRequest, ScanSummary


def scan(request: ScanRequest, ctx: Context) -> ScanSummary:
    """Examine every image of the request and write results as they come."""
    raise NotImplementedError
