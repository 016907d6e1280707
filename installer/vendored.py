"""Libraries that came inside other packages: named one by one, with licence and where they lie.

A wheel may carry libraries of others, as files beside its own or compiled into them. The files are
found in the frozen folder and known by name; what is compiled in, a wheel may tell in a bill of
materials of its own (PEP 770), which the build copies. A file that nobody knows is an error: no
library goes out unnamed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "installer"))

import hollow  # noqa: E402

BILLS = "bills"
"""Folder beside the licences where the build puts the bills of wheels, a folder a package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A library as its files are called."""

    pattern: str
    """Of the start of a file's name, up to a hash, a version or the ending."""
    name: str
    licence: str
    """SPDX expression."""
    home: str
    """Where its source is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendored:
    """A library inside another package."""

    name: str
    version: str
    """Of the library, or ``abi N`` where its file tells no more; may be empty."""
    licence: str
    """SPDX expression or identifier; empty when neither file nor bill tells."""
    home: str
    """Where its source is; empty for what a wheel tells itself."""
    package: str
    """The package that brought it."""
    files: tuple[str, ...]
    """Below the folder of libraries, sorted; empty when it is compiled into the package's own."""
    address: str
    """A package address (purl) that the wheel tells; empty otherwise."""


GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"
FFMPEG = "LGPL-2.1-or-later"
KNOWN = (
    Known(pattern="libav(codec|format|util)|libsw(scale|resample)", name="FFmpeg", licence=FFMPEG,
          home="https://ffmpeg.org"),
    Known(pattern="libaom", name="libaom", licence="BSD-2-Clause",
          home="https://aomedia.googlesource.com/aom"),
    Known(pattern="libvpx", name="libvpx", licence="BSD-3-Clause",
          home="https://chromium.googlesource.com/webm/libvpx"),
    Known(pattern="libavif", name="libavif", licence="BSD-2-Clause",
          home="https://github.com/AOMediaCodec/libavif"),
    Known(pattern="libpng16", name="libpng", licence="libpng-2.0", home="http://www.libpng.org"),
    Known(pattern="lib(crypto|ssl)", name="OpenSSL 1.1", licence="OpenSSL",
          home="https://www.openssl.org"),
    Known(pattern="libdrm", name="libdrm", licence="MIT", home="https://dri.freedesktop.org"),
    Known(pattern="lib(scipy_)?openblas", name="OpenBLAS", licence="BSD-3-Clause",
          home="https://www.openblas.net"),
    Known(pattern="libgfortran", name="libgfortran", licence=GCC, home="https://gcc.gnu.org"),
    Known(pattern="libgomp", name="libgomp", licence=GCC, home="https://gcc.gnu.org"),
    Known(pattern="libquadmath", name="libquadmath", licence="LGPL-2.1-or-later",
          home="https://gcc.gnu.org"),
    Known(pattern="libbrotli", name="Brotli", licence="MIT", home="https://github.com/google/brotli"),
    Known(pattern="libjxl", name="libjxl", licence="BSD-3-Clause",
          home="https://github.com/libjxl/libjxl"),
    Known(pattern="libde265", name="libde265", licence="LGPL-3.0-or-later",
          home="https://github.com/strukturag/libde265"),
    Known(pattern="libheif", name="libheif", licence="LGPL-3.0-or-later",
          home="https://github.com/strukturag/libheif"),
    Known(pattern="libjpeg", name="libjpeg-turbo", licence="IJG AND BSD-3-Clause AND Zlib",
          home="https://libjpeg-turbo.org"),
    Known(pattern="cjpeglib_turbo", name="libjpeg-turbo", licence="IJG AND BSD-3-Clause AND Zlib",
          home="https://libjpeg-turbo.org"),
    Known(pattern="cjpeglib_6b", name="IJG libjpeg 6b", licence="IJG", home="https://ijg.org"),
    Known(pattern="libqpdf", name="qpdf", licence="Apache-2.0", home="https://qpdf.sourceforge.io"),
    Known(pattern="libXau", name="libXau", licence="MIT", home="https://www.x.org"),
    Known(pattern="libxcb", name="libxcb", licence="X11", home="https://xcb.freedesktop.org"),
    Known(pattern="libfreetype", name="FreeType", licence="FTL", home="https://freetype.org"),
    Known(pattern="libharfbuzz", name="HarfBuzz", licence="MIT-Modern-Variant",
          home="https://harfbuzz.github.io"),
    Known(pattern="liblcms2", name="Little CMS 2", licence="MIT", home="https://www.littlecms.com"),
    Known(pattern="liblzma", name="XZ Utils (liblzma)", licence="0BSD", home="https://tukaani.org/xz"),
    Known(pattern="libopenjp2", name="OpenJPEG", licence="BSD-2-Clause",
          home="https://www.openjpeg.org"),
    Known(pattern="lib(webp|sharpyuv)", name="libwebp", licence="BSD-3-Clause",
          home="https://chromium.googlesource.com/webm/libwebp"),
    Known(pattern="libtiff", name="libtiff", licence="libtiff", home="https://libtiff.gitlab.io"),
    Known(pattern="libzstd", name="Zstandard", licence="BSD-3-Clause",
          home="https://github.com/facebook/zstd"),
    Known(pattern="libjasper", name="JasPer", licence="JasPer-2.0",
          home="https://www.ece.uvic.ca/~frodo/jasper"),
    Known(pattern="libraw_r", name="LibRaw", licence="LGPL-2.1-only OR CDDL-1.0",
          home="https://www.libraw.org"),
    Known(pattern="libpdfium", name="PDFium", licence="BSD-3-Clause AND Apache-2.0",
          home="https://pdfium.googlesource.com/pdfium"),
    Known(pattern="libc2pa_c", name="c2pa-rs", licence="MIT OR Apache-2.0",
          home="https://github.com/contentauth/c2pa-rs"),
    Known(pattern="libQt6", name="Qt", licence="LGPL-3.0-only", home="https://code.qt.io"),
    Known(pattern="libicu(data|i18n|uc)", name="ICU", licence="Unicode-3.0",
          home="https://icu.unicode.org"),
)  # fmt: skip
PLACES = {
    "*.libs/*.so*": "",
    "PySide6/Qt/lib/*.so*": "PySide6",
    "torch/lib/libgomp*": "torch",
    "rawpy/libraw*": "rawpy",
    "pypdfium2_raw/libpdfium*": "pypdfium2",
    "c2pa/libs/*": "c2pa-python",
    "jpeglib/cjpeglib/*.so": "jpeglib",
}
"""Where libraries of others lie, and whose they are; the folder says so where that is empty."""
UNTOLD = {"openssl": "Apache-2.0"}
"""Licences of what is compiled in and told without one; OpenSSL's since version 3."""
VERSION = re.compile(r"\.so\.(\d[\d.a-z]*)$")


class UnknownLibraryError(Exception):
    """A file is of no known library; the message says which and what to do."""


def libraries_in(inner: Path) -> list[Vendored]:
    """Return the libraries of others that lie in a frozen folder as files of their own.

    Args:
        inner: the folder of libraries.

    Raises:
        UnknownLibraryError: one of them is not known.
    """
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for pattern, package in PLACES.items():
        for file in sorted(inner.glob(pattern)):
            if file.is_symlink() or hollow.is_empty(file):
                continue
            place = file.relative_to(inner).as_posix()
            whose = _normal(package or place.partition(".libs/")[0])
            version = VERSION.search(file.name)
            key = (known_of(file.name, place).name, whose)
            found.setdefault(key, []).append((place, version[1] if version else ""))
    by_name = {known.name: known for known in KNOWN}
    return [
        Vendored(
            name=name,
            version=f"abi {files[0][1]}" if files[0][1] else "",
            licence=by_name[name].licence,
            home=by_name[name].home,
            package=package,
            files=tuple(place for place, _ in files),
            address="",
        )
        for (name, package), files in sorted(found.items())
    ]


def known_of(file: str, place: str) -> Known:
    """Return the library that a file's name is of.

    Raises:
        UnknownLibraryError: none is.
    """
    for known in KNOWN:
        if re.match(f"(?:{known.pattern})", file):
            return known
    raise UnknownLibraryError(
        f"{place} is a library of others that installer/vendored.py does not know: add its name, "
        "licence and source there."
    )


def copy_bills(names: Iterable[str], folder: Path) -> None:
    """Copy the bills of materials that installed packages carry.

    Args:
        names: the packages that are shipped.
        folder: gets a folder a package.
    """
    wanted = set(names)
    for package in metadata.distributions():
        name = str(package.metadata["Name"])
        for file in package.files or [] if name in wanted else []:
            if "sboms" in file.parts and file.suffix == ".json":
                target = folder / name / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(Path(str(file.locate())).read_bytes())


def told_by_wheels(folder: Path) -> list[Vendored]:
    """Return what the bills of wheels tell that is compiled into them, sorted.

    Args:
        folder: what `copy_bills` wrote; it may be missing.
    """
    found: dict[tuple[str, str, str], Vendored] = {}
    for file in sorted(folder.glob("*/*.json")):
        package = _normal(file.parent.name)
        for component in json.loads(file.read_text(encoding="utf-8")).get("components", []):
            address = str(component.get("purl", "")).partition("?")[0]
            # What a wheel may be built with and was not; what is the package itself.
            if component.get("scope") == "optional" or address.startswith("pkg:pypi/"):
                continue
            name, version = str(component["name"]), str(component.get("version", ""))
            found[name, version, package] = Vendored(
                name=name,
                version=version,
                licence=_licence(component.get("licenses", [])) or UNTOLD.get(name, ""),
                home="",
                package=package,
                files=(),
                address=address,
            )
    return [found[key] for key in sorted(found)]


def together(files: Iterable[Vendored], told: Iterable[Vendored]) -> list[Vendored]:
    """Return both, with the versions that wheels tell of the files they carry.

    What a wheel was given by a system is a file (its tool tells both): where that file is not in
    the program, neither is the library.

    Args:
        files: what `libraries_in` returned.
        told: what `told_by_wheels` returned.
    """
    found = {(each.name, each.package): each for each in files}
    inside = []
    for each in told:
        if not each.address.startswith(("pkg:rpm/", "pkg:deb/", "pkg:apk/")):
            inside.append(each)
            continue
        name = _known_name(each.name)
        file = found.get((name, each.package))
        if file is not None:
            found[name, each.package] = replace(file, version=each.version, address=each.address)
    return [*found.values(), *inside]


def _normal(package: str) -> str:
    return package.replace("_", "-").lower()


def _known_name(package: str) -> str:
    """Return the library that a system's package is of; the package's own name when unknown."""
    for file in (package, f"lib{package}"):
        for known in KNOWN:
            if re.match(f"(?:{known.pattern})", file):
                return known.name
    return package


def _licence(licences: list[dict[str, Any]]) -> str:
    names = [
        str(each.get("expression") or each["license"].get("id") or each["license"]["name"])
        for each in licences
    ]
    return " AND ".join(names)


def component_of(each: Vendored) -> dict[str, Any]:
    """Return a library's entry in a CycloneDX bill."""
    reference = f"inside:{each.package}/{each.name}@{each.version}"
    entry: dict[str, Any] = {"type": "library", "bom-ref": reference, "name": each.name}
    if each.version:
        entry["version"] = each.version
    if each.address:
        entry["purl"] = each.address
    if each.licence:
        entry["licenses"] = [{"license": {"name": each.licence}}]
    if each.home:
        entry["externalReferences"] = [{"type": "website", "url": each.home}]
    properties = [{"name": "residua:inside", "value": each.package}]
    properties += [{"name": "residua:file", "value": file} for file in each.files]
    return {**entry, "properties": properties}


def notices(libraries: Iterable[Vendored]) -> str:
    """Return which libraries lie in the program, and how those under the LGPL can be replaced."""
    told = [
        "Libraries of others that lie in the program as files of their own, below its folder",
        "_internal. Those under the LGPL may be replaced: put another build of the same library,",
        "with the same interface (the number behind .so), in the place of the file, under its",
        "name. Nothing checks these files; 'residua selftest' tells whether the program still",
        "works. Source is at the address named; the build that was taken is that of the package.",
        "",
    ]
    for each in libraries:
        replaceable = "LGPL" in each.licence
        told.append(f"{each.name} {each.version} (came with {each.package}): {each.licence}")
        told.append(f"  {each.home}")
        told += [f"  {'replaceable: ' if replaceable else ''}{file}" for file in each.files]
    return "\n".join(told)
