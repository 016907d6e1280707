"""How threads of numerical libraries wait; said before the first of them is loaded."""

from __future__ import annotations

import os

WAIT_POLICY = "OMP_WAIT_POLICY"


def wait_passively() -> None:
    """Let OpenMP's threads sleep while they wait for each other, unless the operator chose.

    By default they spin, which takes the cores from decoding and derived traces that run beside
    the model: a scan with traces on two cores took a quarter longer (docs/log.md). Results do not
    depend on it. It holds for libraries that are loaded afterwards, and for child processes.

    Source: OpenMP API specification 5.2, environment variable OMP_WAIT_POLICY.
    """
    os.environ.setdefault(WAIT_POLICY, "PASSIVE")
