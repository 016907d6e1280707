"""What every test shares: isolation from the user's data, and honest skips."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = os.environ.get("RESIDUA_TEST_QPA", "offscreen")
"""Set before Qt is imported by any test; RESIDUA_TEST_QPA=xcb runs the window under xvfb."""

if "PYTEST_XDIST_WORKER" in os.environ:
    # Several processes test side by side, each on a core of its own: libraries that compute
    # with a thread a core would wait for each other. Set before any of them is imported.
    os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _isolated_data(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Point RESIDUA_DATA at an empty folder, except for tests that need the assembled pack."""
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("weights") is None:
            patch.setenv("RESIDUA_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def shared_data(request: pytest.FixtureRequest) -> Path:
    """Return the folder of development data; skips, saying so, where there is none."""
    if request.node.get_closest_marker("shared") is None:
        pytest.fail("A test that uses shared_data must be marked 'shared'.")
    if not SHARED.is_dir():
        pytest.skip(f"SKIPPED WITHOUT PROOF: the development data is not at {SHARED}")
    return SHARED


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked ``weights``, saying so, where no mini pack is assembled."""
    if item.get_closest_marker("weights") is None:
        return
    from engine import paths

    folders = [paths.packs_dir() / "mini"]
    bundled = paths.bundled_packs_dir()
    if bundled is not None:
        folders.append(bundled / "mini")
    if not any(folder.is_dir() for folder in folders):
        pytest.skip(
            "SKIPPED WITHOUT PROOF: no mini pack is assembled in "
            f"{folders[0]}; run 'residua models assemble'"
        )
