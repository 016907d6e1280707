"""The shipped icons are one set."""

from xml.etree import ElementTree

import pytest
from PIL import Image

from engine.paths import resources_dir

ICONS = resources_dir() / "icons"
LINE_ICONS = sorted(file for file in ICONS.glob("*.svg") if file.stem != "residua")
SIZES_PX = (16, 32, 48, 64, 128, 256, 512)


@pytest.mark.parametrize("file", LINE_ICONS, ids=lambda file: file.stem)
def test_line_icon_is_drawn_in_the_common_style(file):
    root = ElementTree.parse(file).getroot()
    assert root.get("viewBox") == "0 0 16 16"
    assert (root.get("stroke"), root.get("stroke-width")) == ("currentColor", "1.5")
    assert {part.tag.rpartition("}")[2] for part in root} <= {"path", "circle"}


def test_the_icons_named_in_the_readme_are_there():
    listed = (ICONS / "README.md").read_text(encoding="utf-8").split("\n\n")[-1]
    assert {name.strip() for name in listed.split("·")} == {file.stem for file in LINE_ICONS}


@pytest.mark.parametrize("side", SIZES_PX)
def test_the_program_icon_comes_in_each_size(side):
    with Image.open(ICONS / f"residua-{side}.png") as icon:
        assert icon.size == (side, side)
        assert icon.getchannel("A").getextrema() == (0, 255)
