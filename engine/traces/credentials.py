"""Content Credentials (C2PA): integrity and trust as two facts, and what the claim says.

Nothing is fetched: neither a remote manifest nor the state of a certificate.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import c2pa

from engine.errors import InputError
from engine.traces import trust
from engine.traces.generators import known_source_type
from engine.traces.made import NONE, Method, listed, quoted
from engine.traces.specimen import Specimen
from engine.traces.trust import TrustList
from engine.types import Finding

STANDARD = f"C2PA 2.x; c2pa-python {c2pa.__version__}, c2pa-rs {c2pa.sdk_version()}"
PRESENT = Method(name="c2pa.manifest", version="1", source=STANDARD)
INTEGRITY = Method(name="c2pa.integrity", version="1", source=STANDARD)
BROKEN = Method(name="conflict.c2pa_integrity", version="1", source=STANDARD)
TRUST = Method(name="c2pa.trust", version="1", source=STANDARD)
ORIGIN = Method(name="c2pa.digital_source_type", version="1", source=STANDARD)
REMOTE = Method(name="c2pa.remote", version="1", source=STANDARD)

OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}
"""What keeps the library from opening the network."""

UNTRUSTED = "signingCredential.untrusted"
_MIME = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "GIF": "image/gif",
}
_TRUST_CODES = frozenset([UNTRUSTED, "signingCredential.trusted", "timeStamp.untrusted"])


def find(specimen: Specimen) -> tuple[Finding, ...]:
    """Read and validate the manifest store of a file, without any network."""
    remote = _remote(specimen)
    mime = _MIME.get(specimen.format)
    if mime is None:
        reason = f"Content Credentials of {specimen.format} files are not read by this version."
        return (PRESENT.not_available(reason), *remote)
    if not specimen.blocks.manifest:
        reason = (
            "The file carries no Content Credentials (C2PA). Most files do not, and many websites "
            "remove them: this says nothing about the picture's origin."
        )
        return (PRESENT.observed(NONE, reason), *remote)
    return (*_validated(specimen.data, mime), *remote)


def _remote(specimen: Specimen) -> tuple[Finding, ...]:
    addresses = specimen.xmp_values("dcterms:provenance")
    return tuple(
        REMOTE.observed(
            quoted(address),
            "The file names a manifest kept elsewhere. It was not fetched: this program opens no "
            "network connection.",
        )
        for address in addresses
        if address.lower().startswith(("http:", "https:"))
    )


def _validated(data: bytes, mime: str) -> tuple[Finding, ...]:
    try:
        anchors, list_problem = trust.current(), ""
    except InputError as error:
        anchors, list_problem = None, str(error)
    settings: dict[str, Any] = {"verify": OFFLINE}
    if anchors is not None:
        settings["trust"] = {"trust_anchors": anchors.pem}
    try:
        context = c2pa.Context.from_dict(settings)
        with c2pa.Reader(mime, BytesIO(data), context=context) as reader:
            report = json.loads(reader.json())
    except c2pa.C2paError as error:
        reason = f"The manifest store cannot be read ({quoted(str(error), 200)})."
        return (BROKEN.observed("unreadable", reason),)
    active = report.get("manifests", {}).get(report.get("active_manifest"), {})
    failures = _failures(report)
    return (
        _integrity(active, failures),
        _trust(active, report, failures, anchors, list_problem),
        _claim(active, len(report.get("manifests", {}))),
        *_origins(active),
    )


def _failures(report: dict[str, Any]) -> list[str]:
    """Return the codes of everything that failed, those about trust left out."""
    results = report.get("validation_results", {})
    items = list(results.get("activeManifest", {}).get("failure", []))
    for delta in results.get("ingredientDeltas") or []:
        items += delta.get("validationDeltas", {}).get("failure", [])
    codes = [str(item.get("code")) for item in items]
    return list(dict.fromkeys(code for code in codes if code not in _TRUST_CODES))


def _integrity(active: dict[str, Any], failures: list[str]) -> Finding:
    if failures:
        return BROKEN.observed(
            "Content Credentials broken",
            f"The signed manifest does not fit the file ({listed(failures, 4)}): the file was "
            "changed after signing, or the manifest was moved here from another file. What it says "
            "cannot be relied on.",
        )
    signed = _signer(active)
    return INTEGRITY.observed(
        "valid",
        f"Picture and manifest are as they were signed{signed}. This says that nothing changed "
        "since, not that what was signed is true.",
    )


def _trust(
    active: dict[str, Any],
    report: dict[str, Any],
    failures: list[str],
    anchors: TrustList | None,
    list_problem: str,
) -> Finding:
    if failures:
        return TRUST.not_available("The manifest is broken: who signed it does not matter.")
    if anchors is None:
        return TRUST.not_available(
            list_problem
            or "No trust list is imported, so the signer was not looked up: fetch the C2PA trust "
            "list on another machine and run 'residua trust import FILE --dated DATE'."
        )
    told = f"the list {quoted(anchors.name, 60)} of {anchors.dated}, {anchors.count} authorities"
    if report.get("validation_state") == "Trusted":
        return TRUST.observed("trusted", f"The certificate{_signer(active)} leads to {told}.")
    return TRUST.observed(
        "not trusted",
        f"The certificate{_signer(active)} does not lead to {told}. Anyone can sign with a "
        "certificate of their own.",
    )


def _signer(active: dict[str, Any]) -> str:
    info = active.get("signature_info") or {}
    names = [quoted(str(info[key]), 60) for key in ("common_name", "issuer") if info.get(key)]
    when = f" on {quoted(str(info['time']), 30)}" if info.get("time") else ""
    return f" by {', '.join(names)}{when}" if names else ""


def _claim(active: dict[str, Any], manifests: int) -> Finding:
    makers = active.get("claim_generator_info") or []
    named = [
        quoted(f"{maker.get('name', '')} {maker.get('version', '')}".strip(), 60)
        for maker in makers
        if isinstance(maker, dict)
    ]
    generator = listed(named, 3) or quoted(str(active.get("claim_generator") or "not named"), 60)
    steps = [_step(action) for action in _actions(active)]
    said = f" Actions: {listed(steps, 6)}." if steps else ""
    sources = len(active.get("ingredients") or [])
    parts = f" Made from {sources} ingredient(s)." if sources else ""
    return PRESENT.observed(
        generator, f"{manifests} manifest(s); the last was made by {generator}.{said}{parts}"
    )


def _actions(active: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for assertion in active.get("assertions") or []:
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            data = assertion.get("data")
            actions = data.get("actions") if isinstance(data, dict) else None
            found += [action for action in actions or [] if isinstance(action, dict)]
    return found


def _step(action: dict[str, Any]) -> str:
    agent = action.get("softwareAgent")
    name = agent.get("name", "") if isinstance(agent, dict) else agent or ""
    return quoted(f"{action.get('action', '?')}{f' by {name}' if name else ''}", 80)


def _origins(active: dict[str, Any]) -> tuple[Finding, ...]:
    made = []
    for action in _actions(active):
        address = action.get("digitalSourceType")
        if not isinstance(address, str) or not address:
            continue
        known = known_source_type(address)
        made.append(
            ORIGIN.observed(
                address if known is None else known.code,
                f"The signed action {quoted(str(action.get('action', '?')), 40)} says: "
                f"{'a source type that the list does not have' if known is None else known.meaning}"
                ".",
            )
        )
    return tuple(dict.fromkeys(made))
