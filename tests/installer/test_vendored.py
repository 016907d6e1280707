"""Libraries inside packages are named, with licence, place and how to replace them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from engine import __version__

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "installer"))

import hollow  # noqa: E402
import supply  # noqa: E402
import vendored  # noqa: E402


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    inner = tmp_path / "_internal"
    for place in (
        "pi_heif.libs/libheif-7a3e919c.so.1.23.0",
        "pillow.libs/libjpeg-6dc8d115.so.62.4.0",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libQt6Core.so.6",
    ):
        (inner / place).parent.mkdir(parents=True, exist_ok=True)
        (inner / place).write_bytes(b"a library")
    return inner


def test_every_library_is_named_with_licence_package_and_file(inner: Path) -> None:
    found = {each.name: each for each in vendored.libraries_in(inner)}
    assert set(found) == {"libheif", "libjpeg-turbo", "Qt"}
    heif = found["libheif"]
    assert (heif.version, heif.licence, heif.package) == (
        "abi 1.23.0",
        "LGPL-3.0-or-later",
        "pi-heif",
    )
    assert heif.files == ("pi_heif.libs/libheif-7a3e919c.so.1.23.0",)
    assert len(found["Qt"].files) == 2


def test_a_library_that_nobody_knows_is_an_error(inner: Path) -> None:
    (inner / "pillow.libs" / "libnovel-1234.so.1").write_bytes(b"a library")
    with pytest.raises(vendored.UnknownLibraryError, match=r"libnovel-1234\.so\.1 .* add its name"):
        vendored.libraries_in(inner)


def test_empty_libraries_are_not_those_whose_name_they_have(inner: Path) -> None:
    (inner / "opencv_python_headless.libs").mkdir()
    empty = inner / "opencv_python_headless.libs" / "libavcodec-c4204469.so.62.28.101"
    empty.write_bytes(b"\x7fELF " + hollow.ABSENT.encode())
    assert "FFmpeg" not in {each.name for each in vendored.libraries_in(inner)}
    empty.write_bytes(b"\x7fELF a decoder")
    assert "FFmpeg" in {each.name for each in vendored.libraries_in(inner)}


def test_the_report_says_which_files_may_be_replaced(inner: Path) -> None:
    text = vendored.notices(vendored.libraries_in(inner))
    assert "  replaceable: pi_heif.libs/libheif-7a3e919c.so.1.23.0" in text
    assert "  https://github.com/strukturag/libheif" in text
    assert "  pillow.libs/libjpeg-6dc8d115.so.62.4.0" in text
    assert "replaceable: pillow" not in text


def test_what_is_compiled_in_is_taken_from_the_wheels_own_bill(tmp_path: Path) -> None:
    (tmp_path / "pillow").mkdir()
    components = [
        {"name": "pillow", "version": "13", "purl": "pkg:pypi/pillow@13"},
        {"name": "libimagequant", "version": "4", "scope": "optional"},
        {"name": "raqm", "version": "0.11", "licenses": [{"license": {"id": "MIT"}}]},
        {"name": "syn", "version": "2", "purl": "pkg:cargo/syn@2?x=file:///home",
         "licenses": [{"expression": "MIT OR Apache-2.0"}]},
        {"name": "libXau", "version": "1"},
    ]  # fmt: skip
    (tmp_path / "pillow" / "x.json").write_text(json.dumps({"components": components}))
    told = vendored.told_by_wheels(tmp_path)
    assert [(each.name, each.licence) for each in told] == [
        ("libXau", ""),
        ("raqm", "MIT"),
        ("syn", "MIT OR Apache-2.0"),
    ]
    assert told[2].address == "pkg:cargo/syn@2"
    assert {each.package for each in told} == {"pillow"}


def test_a_file_has_the_version_that_its_wheel_tells(inner: Path) -> None:
    def told(name: str, package: str, kind: str = "rpm") -> vendored.Vendored:
        return vendored.Vendored(
            name=name,
            version="1.5.3-14",
            licence="",
            home="",
            package=package,
            files=(),
            address=f"pkg:{kind}/x/{name}@1.5.3-14",
        )

    files = vendored.libraries_in(inner)
    both = vendored.together(
        files,
        [
            told("libjpeg-turbo", "pillow"),
            told("libgomp", "pillow"),
            told("syn", "pillow", "cargo"),
        ],
    )
    versions = {each.name: each.version for each in both}
    assert versions["libjpeg-turbo"] == "1.5.3-14"
    assert versions["libheif"] == "abi 1.23.0"
    assert versions["syn"] == "1.5.3-14"
    assert "libgomp" not in versions


def test_bills_of_shipped_packages_are_copied(tmp_path: Path) -> None:
    vendored.copy_bills({"cryptography"}, tmp_path)
    assert any(each.name == "openssl" for each in vendored.told_by_wheels(tmp_path))
    assert {folder.name for folder in tmp_path.iterdir()} == {"cryptography"}


def test_the_bill_of_materials_names_libraries_inside_packages(inner: Path) -> None:
    libraries = vendored.libraries_in(inner)
    bill = supply.bill([], [], libraries)
    heif = next(each for each in bill["components"] if each["name"] == "libheif")
    assert heif["licenses"] == [{"license": {"name": "LGPL-3.0-or-later"}}]
    inside = {"name": "residua:inside", "value": "pi-heif"}
    assert inside in heif["properties"]
    references = [each["bom-ref"] for each in bill["components"]]
    assert len(set(references)) == len(references)
    assert bill["metadata"]["component"]["version"] == __version__
