"""What a lab's IT asks for: a bill of materials, every licence's text, known weaknesses, hashes.

The bill is CycloneDX 1.6. It is made of what lies in the frozen folder itself: packages by the
licences that the build collected, weights by the manifests of their packs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "installer"))

import vendored  # noqa: E402

from engine import __version__  # noqa: E402

BILL_NAME = "residua-sbom.cdx.json"
LICENCES_NAME = "residua-licences.txt"
AUDIT_NAME = "residua-pip-audit.txt"
HASHES_NAME = "SHA256SUMS"
SHIPPED_NAME = "packages.json"
"""Written into the frozen folder by the build: which packages have files in it."""
BLOCK_BYTES = 1 << 20


class SupplyError(Exception):
    """A document cannot be made; the message says what, the value, what to do."""


def make(program: Path, out: Path) -> None:
    """Write bill, licences and the result of the audit beside the artefacts.

    Args:
        program: the frozen folder.
        out: the folder of the artefacts.

    Raises:
        SupplyError: the folder was frozen without a list of packages, a licence is missing, or a
            library of others is not known.
    """
    inner = next(
        (place for place in (program / "_internal", program) if (place / "licences").is_dir()), None
    )
    if inner is None:
        raise SupplyError(f"{program} holds no folder of licences: build it again.")
    packages = json.loads((inner / "licences" / SHIPPED_NAME).read_text(encoding="utf-8"))
    packs = [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((inner / "resources" / "packs").glob("*/manifest.json"))
    ]
    try:
        libraries = vendored.libraries_in(inner)
    except vendored.UnknownLibraryError as error:
        raise SupplyError(str(error)) from error
    told = vendored.told_by_wheels(inner / "licences" / vendored.BILLS)
    body = bill(packages, packs, vendored.together(libraries, told))
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    (out / BILL_NAME).write_text(text, encoding="utf-8")
    report = licence_report(inner, packages, libraries)
    (out / LICENCES_NAME).write_text(report, encoding="utf-8")
    (out / AUDIT_NAME).write_text(audit(packages), encoding="utf-8")


def shipped_packages(names: set[str]) -> list[dict[str, str]]:
    """Return name, version and licence of installed packages, sorted by name.

    Args:
        names: the packages whose code is shipped, as they name themselves.
    """
    found = {}
    for package in metadata.distributions():
        name = str(package.metadata["Name"])
        if name in names:
            found[name] = {
                "name": name,
                "version": package.version.partition("+")[0],
                "build": package.version,
                "licence": licence_of(package),
            }
    return [found[name] for name in sorted(found, key=str.lower)]


def licence_of(package: metadata.Distribution) -> str:
    """Return what a package says of its licence: an expression, else classifiers, else words."""
    about = package.metadata
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    words = str(about.get("License") or "").strip().splitlines()
    # Some give the whole text instead of a name.
    name = words[0] if words and not words[0].startswith("Copyright") else "see its text"
    return " AND ".join(classifiers) or name


def bill(
    packages: list[dict[str, str]],
    packs: list[dict[str, Any]],
    libraries: Iterable[vendored.Vendored] = (),
) -> dict[str, Any]:
    """Return the bill of materials.

    Args:
        packages: what `shipped_packages` returned at the build.
        packs: the manifests of the packs inside.
        libraries: of others, that came inside packages.
    """
    components = [_component_of_package(each) for each in packages]
    components += [_component_of_part(pack, part) for pack in packs for part in pack["parts"]]
    components += [vendored.component_of(each) for each in libraries]
    references = [each["bom-ref"] for each in components]
    # The same contents give the same number, so that two builds can be compared.
    number = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([__version__, *references]))
    root = f"residua@{__version__}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "residua",
                "version": __version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": references}],
    }


def _component_of_package(package: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl_of(package),
        "name": package["name"],
        "version": package["version"],
        "purl": purl_of(package),
        "licenses": [{"license": {"name": package["licence"]}}],
    }


def _component_of_part(pack: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "machine-learning-model",
        "bom-ref": f"pack:{pack['name']}/{part['name']}",
        "name": f"{pack['name']}/{part['name']}",
        "version": pack["sha256"][:12],
        "description": f"{part['role']}; {part['source']}",
        "hashes": [{"alg": "SHA-256", "content": pack["sha256"]}],
        "licenses": [{"license": {"name": part["licence"]}}],
    }


def purl_of(package: dict[str, str]) -> str:
    """Return the address of a package: of the package index, or of the system it was built on."""
    kind = "deb/debian" if package.get("kind") == "deb" else "pypi"
    return f"pkg:{kind}/{package['name'].lower()}@{package['version'].replace('+', '%2B')}"


def licence_report(
    inner: Path, packages: list[dict[str, str]], libraries: Iterable[vendored.Vendored] = ()
) -> str:
    """Return every component with its licence and the text of it.

    Args:
        inner: the folder with ``licences`` and ``resources``.
        packages: what is shipped.
        libraries: of others, that lie in the program as files.

    Raises:
        SupplyError: a package has neither a text nor a known licence.
    """
    told = [f"Residua {__version__}: licences of all that is shipped with it", ""]
    texts = {"Residua": inner / "licences" / "residua-LICENSE"}
    told += [_heading("Residua", __version__, "Apache-2.0"), _read(texts["Residua"])]
    told += [
        _heading("Libraries inside packages", "", "named with each"),
        vendored.notices(libraries),
    ]
    for each in packages:
        folder = inner / "licences" / f"{each['name']}-{each['build']}"
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        if not files and each["licence"] == "see its text":
            raise SupplyError(f"{each['name']} {each['version']} has no licence that is known.")
        told.append(_heading(each["name"], each["version"], each["licence"]))
        told += [_read(file) for file in files]
        if not files:
            told.append("The package carries no text; its licence is the one named above.")
    for text in sorted((inner / "resources").rglob("*LICENSE*")):
        told.append(_heading(text.relative_to(inner).as_posix(), "", "see its text"))
        told.append(_read(text))
    return "\n".join(told) + "\n"


def _heading(name: str, version: str, licence: str) -> str:
    return "\n".join(["", "=" * 78, f"{name} {version}".rstrip(), f"Licence: {licence}", "=" * 78])


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace").rstrip()


def audit(packages: list[dict[str, str]]) -> str:
    """Ask pip-audit whether weaknesses of the shipped versions are known; say if it cannot.

    Args:
        packages: what is shipped.
    """
    tool = Path(sys.executable).with_name("pip-audit")
    command = str(tool) if tool.is_file() else shutil.which("pip-audit")
    if command is None:
        return "Not run: pip-audit is not installed (extra 'release').\n"
    asked = [each for each in packages if each.get("kind") != "deb"]
    wanted = "".join(f"{each['name']}=={each['version']}\n" for each in asked)
    done = subprocess.run(
        [command, "--no-deps", "--disable-pip", "--progress-spinner", "off", "-r", "/dev/stdin"],
        input=wanted, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = (done.stdout + done.stderr).strip()
    if done.returncode not in (0, 1) or "Traceback" in said or "ConnectionError" in said:
        return f"NOT RUN: the service with known weaknesses was not reached.\n\n{said[-2000:]}\n"
    skipped = said.count("could not be audited")
    if skipped == len(asked):
        return (
            f"NOT AUDITED: the service that was asked knows none of the {skipped} packages; a "
            "mirror without advisories answers like this. Run it where the service is reached."
            f"\n\n{said}\n"
        )
    return f"pip-audit of {len(asked)} packages, {skipped} of them skipped:\n\n{said}\n"


def write_hashes(out: Path) -> None:
    """Write the sha256 of every file of a folder, as ``sha256sum -c`` reads it."""
    lines = []
    for file in sorted(out.iterdir()):
        if file.is_file() and file.name != HASHES_NAME and not file.name.startswith("."):
            lines.append(f"{hash_of(file)}  {file.name}\n")
    (out / HASHES_NAME).write_text("".join(lines), encoding="ascii")


def hash_of(file: Path) -> str:
    """Return the hex sha256 of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
