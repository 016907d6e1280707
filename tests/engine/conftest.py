"""What tests of several engine parts share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a tiny random base of the mini."""
    from tests.engine.vrm.tiny_mini import write_base  # torch is not every test's business

    return write_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def one_thread():
    """Compute on one thread, so that sums are taken in the same order every time."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
