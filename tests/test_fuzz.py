"""Damaged files of all formats through the real child processes; a short run, and a long one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.__main__ import held, main, table
from tests.fuzz.campaign import KINDS, Campaign
from tests.fuzz.mutations import MUTATIONS, damaged, pieces
from tests.fuzz.seeds import CONTAINERS, seeds

SHORT = 192
LONG = 7200


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    folder = tmp_path_factory.mktemp("fuzz")
    run = Campaign(11, folder)
    run.run(range(SHORT))
    assert [path.name for path in folder.iterdir()] == ["damaged"], "nothing else was written"
    return run


def test_every_format_and_container_is_damaged_and_met(campaign):
    assert len(campaign.formats) == 24
    assert all(tally.files >= SHORT // 24 for tally in campaign.tallies.values())
    assert set(CONTAINERS) < set(campaign.formats)


def test_nothing_hangs_and_every_refusal_has_a_clear_reason(campaign):
    for name, tally in campaign.tallies.items():
        assert tally.hangs == 0, name
        assert tally.unclear == [], name
        assert set(tally.refused) <= KINDS | {"no picture in it"}, name


def test_some_damaged_files_get_as_far_as_a_picture(campaign):
    assert sum(tally.decoded for tally in campaign.tallies.values()) > SHORT // 10


def test_the_same_seed_gives_the_same_files(campaign, tmp_path):
    again = Campaign(11, tmp_path)
    # Signed files carry keys that are made anew: where one of them was drawn, bytes differ.
    names = ("TIFF", "HEIC", "ZIP", "DNG", "JPEG XL")
    for index in range(60):
        name, data = campaign.case(index)
        if name in names and again.case(index)[1] != data:
            assert random.Random(f"11 {index}").random() >= 0.7, (index, name)


def test_sound_files_have_joints_and_every_mutation_changes_some():
    sound = seeds()
    for name in ("JPEG", "PNG", "WebP", "TIFF", "HEIC", "ZIP", "PDF"):
        assert len(pieces(bytearray(sound[name][0]))) > 1, name
    for mutation in MUTATIONS:
        changed = 0
        for turn in range(10):
            data = bytearray(sound["PNG"][0])
            mutation(data, random.Random(turn), sound["JPEG"])
            changed += bytes(data) != sound["PNG"][0]
        assert changed, mutation


def test_files_without_joints_are_damaged_too():
    assert isinstance(damaged(b"PK" + bytes(20), random.Random(1), [b"PK" + bytes(9)]), bytes)


@pytest.mark.fuzz
def test_a_long_campaign_holds(tmp_path: Path):
    out = tmp_path / "fuzz.json"
    assert main(["--seed", "0", "--count", str(LONG), "--out", str(out)]) == 0


def test_a_campaign_that_found_a_hang_or_a_stray_file_does_not_hold():
    sound = {"strays": [], "formats": {"PNG": {"hangs": 0, "unclear": []}}}
    assert held(sound)
    assert not held({**sound, "strays": ["left.tmp"]})
    assert not held({**sound, "formats": {"PNG": {"hangs": 1, "unclear": []}}})


def test_the_table_sums_up():
    each = {"files": 2, "decoded": 1, "refused": {"timeout": 1}, "crashes": [], "hangs": 0}
    rows = table({"formats": {"PNG": {**each, "slowest_s": 1.5}}}).splitlines()
    assert rows[-1] == "| all | 2 | 1 | 1 | 1 | 0 | 1.5 s |"
