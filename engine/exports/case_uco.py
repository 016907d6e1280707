"""A case as JSON-LD in the terms of CASE and UCO, for other forensic tools.

Source: Cyber-investigation Analysis Standard Expression 1.4 and Unified Cyber Ontology 1.4
(caseontology.org), Apache-2.0.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from engine import __version__
from engine.case_types import CaseContents, CaseExamination, Exhibit
from engine.log_types import LISTED, LogEntry
from engine.mark_types import Annotation
from engine.report.marked import drawn_at
from engine.report.wording import phrases, printable

_UCO = "https://ontology.unifiedcyberontology.org/uco/"

PREFIXES = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": f"{_UCO}action/",
    "uco-analysis": f"{_UCO}analysis/",
    "uco-core": f"{_UCO}core/",
    "uco-identity": f"{_UCO}identity/",
    "uco-observable": f"{_UCO}observable/",
    "uco-tool": f"{_UCO}tool/",
    "uco-types": f"{_UCO}types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = dict[str, Any]


def to_case_uco(contents: CaseContents) -> str:
    """Return a case as JSON-LD, ASCII.

    Exhibits become files with provenance records, examinations analytic results with their
    classification, log entries investigative actions. The same case always gives the same
    identifiers.

    Args:
        contents: of the case.
    """
    graph = _Graph(contents)
    document = {
        "@context": {**PREFIXES, "kb": f"urn:residua:{contents.info.id}/"},
        "@graph": list(graph.nodes()),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


class _Graph:
    """Makes the nodes of one case; identifiers follow from the case's own."""

    def __init__(self, contents: CaseContents) -> None:
        self._contents, self._holds = contents, contents.standing()
        self._space = uuid.UUID(contents.info.id)

    def nodes(self) -> Iterator[Node]:
        contents, holds = self._contents, self._holds
        yield self._investigation()
        for version in sorted({__version__, *(each.tool_version for each in contents.log)}):
            yield self._tool(version)
        for operator in sorted({each.operator for each in contents.log}):
            yield {**self._of("identity", operator, "uco-identity:Identity"), **_name(operator)}
        for exhibit in contents.exhibits:
            yield self._file(exhibit)
            yield self._provenance(exhibit)
        for kept in contents.examinations:
            yield self._result(kept)
        for drawn in holds.annotations:
            yield self._annotation(drawn)
        for entry in contents.log:
            yield self._action(entry)

    def _annotation(self, drawn: Annotation) -> Node:
        said = f"{drawn.shape} at {drawn_at(drawn)}. {drawn.text}".strip()
        return {
            **self._of("annotation", str(drawn.id), "uco-core:Annotation"),
            "uco-core:createdBy": self._id("identity", drawn.author),
            "uco-core:objectCreatedTime": _time(drawn.written_utc),
            "uco-core:statement": printable(said),
            "uco-core:object": [self._id("exhibit", str(drawn.exhibit))],
        }

    def _investigation(self) -> Node:
        contents, info = self._contents, self._contents.info
        parts = [self._id("exhibit", str(each.number)) for each in contents.exhibits]
        parts += [self._id("provenance", str(each.number)) for each in contents.exhibits]
        parts += [self._id("result", str(each.id)) for each in contents.examinations]
        parts += [self._id("annotation", str(each.id)) for each in self._holds.annotations]
        parts += [self._id("action", str(each.seq)) for each in contents.log]
        said = [info.question, *info.propositions, f"Custody log head: {contents.head.hash}"]
        return {
            **self._of("investigation", info.id, "case-investigation:Investigation"),
            **_name(f"{info.number} {info.title}".strip()),
            "uco-core:description": [printable(each) for each in said if each],
            "uco-core:objectCreatedTime": _time(info.created_utc),
            "case-investigation:focus": "AI-generated images",
            "uco-core:object": parts,
        }

    def _tool(self, version: str) -> Node:
        return {
            **self._of("tool", version, "uco-tool:Tool"),
            **_name("Residua"),
            "uco-tool:toolType": "image authenticity examination",
            "uco-tool:version": version,
        }

    def _file(self, exhibit: Exhibit) -> Node:
        number = str(exhibit.number)
        facts: Node = {
            **self._of("file-facet", number, "uco-observable:FileFacet"),
            "uco-observable:fileName": printable(exhibit.name),
            "uco-observable:filePath": printable(exhibit.path),
            "uco-observable:sizeInBytes": _typed("integer", str(exhibit.bytes)),
        }
        if PurePath(exhibit.name).suffix:
            facts["uco-observable:extension"] = printable(PurePath(exhibit.name).suffix[1:])
        if exhibit.modified_utc is not None:
            facts["uco-observable:modifiedTime"] = _time(exhibit.modified_utc)
        content = {
            **self._of("content-facet", number, "uco-observable:ContentDataFacet"),
            "uco-observable:sizeInBytes": _typed("integer", str(exhibit.bytes)),
            "uco-observable:hash": [
                self._hash(number, "SHA256", exhibit.sha256),
                self._hash(number, "SHA1", exhibit.sha1),
                self._hash(number, "MD5", exhibit.md5),
            ],
        }
        stars = self._holds.stars(exhibit.number)
        tags = [*self._holds.tags_of(exhibit.number), *([f"rating {stars} of 5"] if stars else [])]
        return {
            **self._of("exhibit", number, "uco-observable:RasterPicture"),
            **_name(exhibit.name),
            **({"uco-core:tag": [printable(each) for each in tags]} if tags else {}),
            "uco-core:hasFacet": [facts, content, *self._picture(exhibit)],
        }

    def _picture(self, exhibit: Exhibit) -> Iterator[Node]:
        for kept in self._contents.newest():
            facts = kept.examination.facts
            if kept.exhibit != exhibit.number or facts.width is None or facts.height is None:
                continue
            yield {
                **self._of(
                    "picture-facet", str(exhibit.number), "uco-observable:RasterPictureFacet"
                ),
                "uco-observable:pictureHeight": _typed("integer", str(facts.height)),
                "uco-observable:pictureWidth": _typed("integer", str(facts.width)),
                "uco-observable:pictureType": (facts.format or "unknown").lower(),
            }

    def _hash(self, number: str, method: str, value: str) -> Node:
        return {
            **self._of(f"hash-{method.lower()}", number, "uco-types:Hash"),
            "uco-types:hashMethod": method,
            "uco-types:hashValue": _typed("hexBinary", value.upper()),
        }

    def _provenance(self, exhibit: Exhibit) -> Node:
        number = str(exhibit.number)
        node = {
            **self._of("provenance", number, "case-investigation:ProvenanceRecord"),
            "case-investigation:exhibitNumber": number,
            "uco-core:objectCreatedTime": _time(exhibit.added_utc),
            "uco-core:object": [self._id("exhibit", number)],
        }
        if exhibit.source:
            node["uco-core:description"] = printable(exhibit.source)
        return node

    def _result(self, kept: CaseExamination) -> Node:
        number, examination = str(kept.id), kept.examination
        node = {
            **self._of("result", number, "uco-analysis:AnalyticResult"),
            "uco-core:description": printable(phrases(examination).statement),
            "uco-core:objectCreatedTime": _time(examination.examined_utc),
        }
        if examination.verdict is None:
            return node
        p_ai = examination.verdict.p_ai
        classes = (("AI-generated or AI-altered image", p_ai), ("camera photograph", 1 - p_ai))
        node["uco-core:hasFacet"] = [
            {
                **self._of(
                    "classification-facet", number, "uco-analysis:ArtifactClassificationResultFacet"
                ),
                "uco-analysis:classification": [
                    {
                        **self._of(
                            f"classification-{place}", number, "uco-analysis:ArtifactClassification"
                        ),
                        "uco-analysis:class": name,
                        "uco-analysis:classificationConfidence": _typed("decimal", f"{p:.6f}"),
                    }
                    for place, (name, p) in enumerate(classes, start=1)
                ],
            }
        ]
        return node

    def _action(self, entry: LogEntry) -> Node:
        kinds = {"exhibit": "exhibit", "examination": "result"}
        known = {
            "exhibit": {str(each.number) for each in self._contents.exhibits},
            "examination": {str(each.id) for each in self._contents.examinations},
        }
        named = [
            (each.kind, self._id(kinds[each.kind], each.id))
            for each in entry.objects
            if each.id in known.get(each.kind, ())
        ]
        made = [node for kind, node in named if kind == "examination"]
        about = [node for kind, node in named if kind == "exhibit"]
        told = ((name, value) for name, value in entry.details if value and name != LISTED)
        details = "; ".join(f"{name}: {value}" for name, value in told)
        node = {
            **self._of("action", str(entry.seq), "case-investigation:InvestigativeAction"),
            **_name(entry.action),
            "uco-core:description": printable(f"{details} [entry hash {entry.hash}]".strip()),
            "uco-action:startTime": _time(entry.utc),
            "uco-action:endTime": _time(entry.utc),
            "uco-action:performer": self._id("identity", entry.operator),
            "uco-action:instrument": self._id("tool", entry.tool_version),
        }
        if about:
            node["uco-action:object"] = about
        if made:
            node["uco-action:result"] = made
        return node

    def _of(self, kind: str, name: str, of: str) -> Node:
        return {**self._id(kind, name), "@type": of}

    def _id(self, kind: str, name: str) -> Node:
        key = f"{kind} {name}".encode("utf-8", "surrogateescape").hex()
        return {"@id": f"kb:{kind}-{uuid.uuid5(self._space, key)}"}


def _name(name: str) -> Node:
    return {"uco-core:name": printable(name) or "unnamed"}


def _time(utc: str) -> Node:
    return _typed("dateTime", utc)


def _typed(kind: str, value: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": value}
