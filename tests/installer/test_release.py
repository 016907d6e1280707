"""Packages and installer scripts, as far as they can be checked without building the program."""

from __future__ import annotations

import hashlib
import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from configparser import RawConfigParser
from pathlib import Path

import pytest

from engine import __version__

ROOT = Path(__file__).resolve().parents[2]
INSTALLER = ROOT / "installer"
sys.path.insert(0, str(INSTALLER))

import appimage  # noqa: E402
import compare  # noqa: E402
import debian  # noqa: E402
import release  # noqa: E402
import supply  # noqa: E402
import trim  # noqa: E402

EPOCH = 1_700_000_000
ISS = (INSTALLER / "windows" / "residua.iss").read_text(encoding="utf-8")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="tools of Linux")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A stand-in for the frozen folder."""
    folder = tmp_path / "residua"
    (folder / "_internal" / "licences").mkdir(parents=True)
    (folder / "residua").write_text(f"#!/bin/sh\necho residua {__version__}\n")
    (folder / "residua").chmod(0o755)
    (folder / "Residua").symlink_to("residua")
    (folder / "_internal" / "data.bin").write_bytes(b"data")
    return folder


def desktop() -> RawConfigParser:
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(INSTALLER / "linux" / "residua.desktop", encoding="utf-8")
    return parser


def test_menu_entry_opens_files_and_cases_in_the_window() -> None:
    entry = desktop()["Desktop Entry"]
    assert entry["Exec"] == "residua-window %F"
    assert "application/x-residua-case" in entry["MimeType"].split(";")
    assert {"Comment", "Comment[de]", "Comment[fr]"} <= set(entry)


def test_case_files_have_a_type() -> None:
    root = ET.parse(INSTALLER / "linux" / "residua-mime.xml").getroot()
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kind = root.find("m:mime-type", space)
    assert kind is not None
    assert kind.get("type") == "application/x-residua-case"
    glob = kind.find("m:glob", space)
    assert glob is not None
    assert glob.get("pattern") == "*.residua"


@needs_linux
@pytest.mark.parametrize("name", ["linux/postinst", "linux/postrm", "macos/package.sh"])
def test_shell_scripts_parse(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(INSTALLER / name)], check=False).returncode == 0


def test_installing_needs_no_network_and_removing_touches_no_case() -> None:
    for name in ("postinst", "postrm"):
        text = (INSTALLER / "linux" / name).read_text(encoding="utf-8")
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        assert not re.search(r"curl|wget|apt|pip|http|rm -|/home", code)


@needs_linux
def test_files_of_the_package_lie_where_a_desktop_looks(program: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    debian.lay_out(program, tree, EPOCH)
    assert (tree / "usr/bin/residua").readlink() == Path("/opt/residua/residua")
    assert (tree / "usr/bin/residua-window").readlink() == Path("/opt/residua/Residua")
    for name in (
        "opt/residua/_internal/data.bin",
        "usr/share/applications/residua.desktop",
        "usr/share/icons/hicolor/256x256/apps/residua.png",
        "usr/share/icons/hicolor/scalable/apps/residua.svg",
        "usr/share/man/man1/residua.1.gz",
        "usr/share/mime/packages/residua.xml",
        "usr/share/doc/residua/administrator.md",
    ):
        assert (tree / name).is_file(), name


def test_the_manual_says_version_and_date_and_every_command_in_it_exists() -> None:
    text = debian.manual(EPOCH)
    assert f"Residua {__version__}" in text
    assert "2023-11-14" in text
    assert not re.search(r"@[A-Z]+@", text)


@needs_linux
@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="no dpkg-deb here")
def test_the_same_folder_gives_the_same_package(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "outside_libraries", lambda _: {"libc.so.6"})
    monkeypatch.setattr(debian, "packages_of", lambda _: ["libc6"])
    digests = set()
    for number in range(2):
        target = tmp_path / str(number) / "residua_1_amd64.deb"
        target.parent.mkdir()
        debian.make(program, target, EPOCH)
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1
    fields = subprocess.run(
        ["dpkg-deb", "--field", str(target)], capture_output=True, text=True, check=True
    ).stdout
    assert f"Version: {__version__}" in fields
    assert "Architecture: amd64" in fields
    assert "Depends: libc6" in fields


def test_a_library_of_no_package_stops_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = subprocess.CompletedProcess([], 1, stdout="", stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: empty)
    with pytest.raises(debian.PackageError, match=r"libnobody\.so\.1"):
        debian.packages_of(["libnobody.so.1"])


def test_an_appimage_without_its_tools_is_refused_before_anything_is_packed(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ["--program", str(program), "--out", str(out), "--squash", "no-such-mksquashfs"]
    assert release.main(asked) == 2
    assert "no-such-mksquashfs is not installed here" in capsys.readouterr().err
    assert not out.exists()


def test_an_appimage_says_what_it_is(tmp_path: Path) -> None:
    runtime, packed, target = (tmp_path / name for name in ("runtime", "image", "x.AppImage"))
    runtime.write_bytes(b"\x7fELF\x02\x01\x01\x00\x00\x00\x00rest")
    packed.write_bytes(b"hsqs")
    appimage.join(runtime, packed, target)
    data = target.read_bytes()
    assert data[8:11] == b"AI\x02"
    assert data.endswith(b"resthsqs")
    assert os.access(target, os.X_OK) or os.name == "nt"


def test_the_runtime_answers_the_options_of_the_specification() -> None:
    source = (INSTALLER / "linux" / "runtime.c").read_text(encoding="utf-8")
    for option in ("extract", "extract-and-run", "offset", "help"):
        assert f'"--appimage-{option}' in source


def test_unused_parts_go_and_used_ones_stay(program: Path) -> None:
    plugins = program / "_internal/PySide6/Qt/plugins/platforms"
    plugins.mkdir(parents=True)
    for name in ("libqxcb.so", "libqvnc.so"):
        (plugins / name).write_bytes(b"no library")
    (program / "_internal" / "gone.so").symlink_to("not/there")
    (program / "_internal" / "types.pyi").write_text("x: int")
    trim.trim(program)
    assert [path.name for path in plugins.iterdir()] == ["libqxcb.so"]
    assert not (program / "_internal" / "gone.so").is_symlink()
    assert not (program / "_internal" / "types.pyi").exists()


@needs_linux
def test_a_file_that_two_packs_hold_lies_in_the_program_once(program: Path) -> None:
    packs = program / "_internal" / "resources" / "packs"
    for place, weights in (("a/vision", b"same"), ("b/tower", b"same"), ("b/words", b"other")):
        (packs / place).mkdir(parents=True)
        (packs / place / "packed.safetensors").write_bytes(weights)
    trim.trim(program)
    shutil.move(program, program.with_name("moved"))
    packs = program.with_name("moved") / "_internal" / "resources" / "packs"
    link = packs / "b/tower/packed.safetensors"
    assert link.is_symlink()
    assert link.read_bytes() == b"same"
    kept = [file for file in packs.rglob("*.safetensors") if not file.is_symlink()]
    assert {file.read_bytes() for file in kept} == {b"same", b"other"}


def test_the_list_of_packages_is_what_is_inside(program: Path) -> None:
    for name in ("numpy-0", "nobody-1.0"):
        (program / "_internal" / "licences" / name).mkdir()
    (program / "_internal" / "libz.so.1").write_bytes(b"taken from the system")
    packages = trim.record_shipped(program, {"numpy.core", "engine.types"})
    assert [each["name"] for each in packages if "kind" not in each] == ["numpy"]
    assert all(each["name"] == "zlib1g" for each in packages if "kind" in each)
    assert packages[0]["licence"]
    kept = json.loads((program / "_internal/licences/packages.json").read_text())
    assert kept == packages
    assert not (program / "_internal" / "licences" / "nobody-1.0").exists()


def test_the_bill_of_materials_names_packages_and_weights() -> None:
    packages = [{"name": "numpy", "version": "2.0", "build": "2.0", "licence": "BSD-3-Clause"}]
    part = {"name": "language", "role": "words", "source": "a wheel", "licence": "Apache-2.0"}
    packs = [{"name": "mini", "sha256": "ab" * 32, "parts": [part]}]
    bill = supply.bill(packages, packs)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == __version__
    references = [each["bom-ref"] for each in bill["components"]]
    assert references == ["pkg:pypi/numpy@2.0", "pack:mini/language"]
    assert bill["dependencies"][0]["dependsOn"] == references
    assert bill == supply.bill(packages, packs)


def test_a_package_that_only_names_its_licence_gets_the_text(tmp_path: Path) -> None:
    trim.add_missing_text({"name": "x", "licence": "MIT OR Apache-2.0"}, tmp_path / "x-1")
    assert "Apache License" in (tmp_path / "x-1" / "LICENSE").read_text()


def test_nothing_under_the_gpl_is_taken_along() -> None:
    assert '"readline",' in (INSTALLER / "app.spec").read_text(encoding="utf-8")
    assert any("readline" in pattern for pattern in trim.UNUSED)


def test_packages_of_the_system_are_named_as_such() -> None:
    package = {"name": "zlib1g", "version": "1.2.13+d", "build": "x", "licence": "", "kind": "deb"}
    assert supply.purl_of(package) == "pkg:deb/debian/zlib1g@1.2.13%2Bd"


def test_a_package_without_any_licence_stops_the_report(program: Path) -> None:
    (program / "_internal/licences/residua-LICENSE").write_text("Apache")
    package = {"name": "x", "version": "1", "build": "1", "licence": "see its text"}
    with pytest.raises(supply.SupplyError, match="x 1 has no licence"):
        supply.licence_report(program / "_internal", [package])


def test_what_two_builds_differ_in_is_listed(tmp_path: Path, program: Path) -> None:
    other = Path(shutil.copytree(program, tmp_path / "other", symlinks=True))
    assert compare.compare(program, other) == (3, {})
    (other / "_internal" / "data.bin").write_bytes(b"datA")
    (other / "Residua").unlink()
    (other / "more").write_text("x")
    assert compare.compare(program, other)[1] == {
        "_internal/data.bin": "other bytes",
        "Residua": "only first",
        "more": "only second",
    }


def test_hashes_are_of_every_artefact(tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"a")
    supply.write_hashes(tmp_path)
    supply.write_hashes(tmp_path)
    text = (tmp_path / "SHA256SUMS").read_text()
    assert text == f"{hashlib.sha256(b'a').hexdigest()}  a.deb\n"


def test_the_version_stands_in_one_place() -> None:
    others = [
        path
        for path in (*INSTALLER.rglob("*"), ROOT / "pyproject.toml")
        if path.is_file()
        and path.suffix not in (".pyc", ".ico")
        and path.name != "version.iss"
        and re.search(rf"\b{re.escape(__version__)}\b", path.read_text("utf-8", errors="replace"))
    ]
    assert others == []


def test_every_file_that_the_windows_script_takes_is_there() -> None:
    sources = re.findall(r'^(?:Source: |LicenseFile=)"?\{#Root\}\\([^";\n*]+)', ISS, re.MULTILINE)
    assert len(sources) >= 5
    missing = [
        name
        for name in (source.replace("\\", "/") for source in sources)
        if not name.startswith("dist/") and not (ROOT / name).is_file()
    ]
    assert missing == []


def test_the_windows_script_has_its_sections_and_every_message_in_three_languages() -> None:
    sections = set(re.findall(r"^\[(\w+)\]", ISS, re.MULTILINE))
    assert {"Setup", "Languages", "Files", "Icons", "Registry", "Tasks", "Code"} <= sections
    used = set(re.findall(r"\{cm:(\w+)\}", ISS)) | set(re.findall(r"CustomMessage\('(\w+)'", ISS))
    for language in ("en", "de", "fr"):
        told = set(re.findall(rf"^{language}\.(\w+)=", ISS, re.MULTILINE))
        assert used <= told


def test_the_windows_script_serves_one_person_and_everybody_and_deletes_no_case() -> None:
    assert "PrivilegesRequiredOverridesAllowed=commandline dialog" in ISS
    assert "HKLM" not in ISS  # HKA is the machine's or the person's, as was chosen
    assert "HKCU" not in ISS
    assert "[UninstallDelete]" not in ISS
    (deleting,) = re.findall(r"^.*DelTree\(.*$", ISS, re.MULTILINE)
    assert "DataFolder" in deleting
    code = ISS[ISS.index("procedure CurUninstallStepChanged") :]
    assert code.index("UninstallSilent") < code.index("HoldsCase") < code.index("DelTree")


def test_begin_and_end_are_in_balance_in_the_windows_script() -> None:
    code = re.sub(r"'[^']*'|\{[^}]*\}", "", ISS[ISS.index("[Code]") :])
    opening = len(re.findall(r"\b(?:begin|try)\b", code))
    assert opening == len(re.findall(r"\bend\b", code))


def test_the_macos_bundle_opens_cases_and_may_be_notarised() -> None:
    folder = INSTALLER / "macos"
    about = plistlib.loads((folder / "Info.plist").read_bytes())
    assert about["CFBundleShortVersionString"] == "@VERSION@"
    kinds = [kind["LSItemContentTypes"][0] for kind in about["CFBundleDocumentTypes"]]
    exported = about["UTExportedTypeDeclarations"][0]
    assert exported["UTTypeIdentifier"] in kinds
    assert exported["UTTypeTagSpecification"]["public.filename-extension"] == ["residua"]
    allowed = plistlib.loads((folder / "entitlements.plist").read_bytes())
    assert "com.apple.security.network.client" not in allowed
    assert "com.apple.security.get-task-allow" not in allowed  # Apple refuses those
    script = (folder / "package.sh").read_text(encoding="utf-8")
    assert "--options runtime" in script
    assert script.index("codesign --verify") < script.index("hdiutil create")
    assert script.index("hdiutil create") < script.index("notarytool submit")
    assert script.index("notarytool submit") < script.index("stapler staple")
