"""The values that cross the engine's door. No dict, tensor, PIL or Qt object does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

_WITHIN = re.compile(r"[^/\\]+!/(?:(?:page|view|item|frame)-[0-9]+|preview\.jpg)$")
"""How a picture is named within a picture file, with the file's own name."""


class Outcome(StrEnum):
    """What a verdict says of a picture."""

    AI = "ai"
    REAL = "real"
    INCONCLUSIVE = "inconclusive"


class Status(StrEnum):
    """How a finding is known."""

    OBSERVED = "observed"
    """The bytes say so."""
    DERIVED = "derived"
    """Computed, repeatable."""
    INFERRED = "inferred"
    """A model's opinion."""
    NOT_AVAILABLE = "not_available"
    """Not examined, with the reason."""
    FAILED = "failed"
    """The analyser failed, with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A box in original pixels, after the EXIF orientation was applied."""

    x: int
    """Left edge, px, >= 0."""
    y: int
    """Top edge, px, >= 0."""
    w: int
    """Width, px, > 0."""
    h: int
    """Height, px, > 0."""


def short_name(path: str) -> str:
    """Return the last part of an exhibit's name; a picture's place in a file with that file.

    Args:
        path: such as ``"box/scan.tif!/page-2"``, of which the directory alone is left out, for
            ``page-2`` would say nothing.
    """
    within = _WITHIN.search(path)
    return within.group() if within else PurePath(path).name or path


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What is known of a file before anything is examined; all hashes come from one read."""

    path: str
    """The file as it was named; bytes that are not UTF-8 are kept by surrogateescape."""
    sha256: str | None = None
    """Hex; the exhibit's identity. None when the file could not be read."""
    sha1: str | None = None
    """Hex; a look-up value."""
    md5: str | None = None
    """Hex; a look-up value."""
    bytes: int | None = None
    """Size of the file."""
    format: str | None = None
    """Decoder's name of the format, such as ``"JPEG"``; None when not decoded."""
    width: int | None = None
    """Width in px after orientation."""
    height: int | None = None
    """Height in px after orientation."""
    container_sha256: str | None = None
    """Hex; of the archive or document that holds it, as a whole. None for a file of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Image:
    """A decoded picture."""

    facts: FileFacts
    """The file it came from, all fields set."""
    pixels: NDArray[np.uint8]
    """[height, width, 3], sRGB, read-only, EXIF orientation applied, alpha over mid-grey."""
    notes: tuple[str, ...] = ()
    """How it was decoded, a sentence each (``"16-bit samples reduced to 8 bits"``)."""
    jpeg_quality: int | None = None
    """Estimated quality 1..100 of a JPEG's luminance table; None for other formats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOuts:
    """Log-odds of "AI-generated" from the paths of the model, natural logarithm."""

    both: float | None
    """Semantic and artifact path together; None in triage, which runs no language model."""
    semantic: float | None
    """The injection switched off; None in triage."""
    artifact: float
    """The artifact path alone; in triage the linear probe, which stands for it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeatMap:
    """What one method says of each place of a picture, as a grid of cells."""

    cells: NDArray[np.float32]
    """[rows, cols], 0..1, fixed scale, read-only; meaningless where ``valid`` is False."""
    valid: NDArray[np.bool_]
    """[rows, cols]; False where there is no evidence to judge (flat, saturated, too small)."""
    cell_px: tuple[float, float]
    """(height, width) of a cell in original pixels."""
    method: str
    """How the values were computed, such as ``"token head + residual cells"``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an explanation, with what it rests on."""

    text: str
    """The sentence, plain text."""
    cites: tuple[str, ...] = ()
    """Ids of findings of the same examination."""
    regions: tuple[Region, ...] = ()
    """Places in the picture it speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing an analyser found; it can be recomputed from what is stored."""

    id: str
    """Unique within the examination, such as ``"F3"``."""
    analyser: str
    """Name of the analyser, such as ``"jpeg.quality"``."""
    version: str
    """Version of the analyser."""
    status: Status
    """How it is known."""
    value: float | str | None = None
    """The value, if there is one."""
    unit: str | None = None
    """Unit of a numeric value."""
    regions: tuple[Region, ...] = ()
    """Where in the picture; empty means the whole file."""
    reason: str = ""
    """A sentence for a person: what it means, or why it is not available."""
    source: str = ""
    """Paper, standard or file the method rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The state the picture arrived in, which decides which error rates apply."""

    jpeg_quality: int | None
    """Estimated quality 1..100; None for formats without JPEG tables."""
    megapixels: float
    """Width x height / 1e6."""
    resized: bool | None = None
    """Whether resampling traces were found; None when not examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome for one picture."""

    outcome: Outcome
    """In words of the scale."""
    p_ai: float
    """Calibrated probability of "AI-generated", 0..1."""
    p_ai_interval: tuple[float, float] | None = None
    """Lower and upper probability (Venn-Abers) around it; None where none was fitted."""
    band_reason: str
    """Why this band: a sentence for a person."""
    in_validated_range: bool
    """Whether size and compression lie where the error rates were measured."""
    read_outs: ReadOuts
    """Log-odds of each path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Which model examined the picture."""

    name: str
    """Pack name, such as ``"mini"``."""
    sha256: str
    """Hash over the hashes of all its weight files."""
    injection_layer: int | None
    """Index K of the decoder layer before which artifact tokens enter; None in triage."""
    fusion: str | None
    """``"mean"`` or ``"gated"``; None in triage."""
    device: str
    """``"cpu"`` or ``"cuda:0"``."""
    dtype: str
    """``"float32"``, ``"bfloat16"`` or, in triage, ``"int8"``."""
    prompt_sha256: str | None = None
    """Hash of the prompt file used for the explanation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """Wall time of each stage, milliseconds."""

    decode: float = 0.0
    artifact: float = 0.0
    semantic: float = 0.0
    language: float = 0.0
    total: float = 0.0
    """Derived traces included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a file was not examined."""

    kind: str
    """Machine-readable, such as ``"truncated"``, ``"not_an_image"``, ``"too_large"``."""
    message: str
    """What, the value, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard:
    """One way in which a process is kept from doing harm, and whether it holds here."""

    name: str
    """Such as ``"system calls"``."""
    in_force: bool
    """Whether it holds on this machine."""
    detail: str
    """How, or why not: words for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was asked of an examination; with the file and the weights it decides the result."""

    explain: bool
    """Whether the language model was asked for an explanation."""
    triage: bool
    """Whether the fast path without the language model was taken."""
    traces: bool = False
    """Whether derived traces were computed; they move no verdict."""


class Extent(StrEnum):
    """How much of a picture generator traces concern."""

    WHOLE = "whole"
    """They lie evenly over the picture."""
    LOCAL = "local"
    """They stand out in places: locally edited, or a generated region."""
    UNDECIDED = "undecided"
    """The measurement does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locality:
    """Whether traces concern the whole picture or places of it; beside the verdict, not in it."""

    extent: Extent
    """What the rule says."""
    regions: tuple[Region, ...] = ()
    """The places; empty unless ``extent`` is local."""
    score: float | None = None
    """What the rule's threshold is compared with; None where nothing could be measured."""
    reason: str
    """Why, a sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What facts of provenance and the calibrated verdict say together, by the decision table.

    It changes neither of them: the table only words how they stand to each other.
    """

    row: str
    """Id of the table's row that holds."""
    table: str
    """Version of the table."""
    headline: str
    """A short phrase."""
    explanation: str
    """What follows and what does not, a sentence or more for a person."""
    conflict: bool
    """Whether facts and verdict, or facts among themselves, contradict each other."""
    first: str
    """What is to be shown first: ``"statement"`` or ``"verdict"``."""
    cites: tuple[str, ...] = ()
    """Ids of the findings it rests on."""


class ExplanationKind(StrEnum):
    """Who worded an explanation."""

    GENERATED = "generated"
    """A language model, within what the findings allow."""
    RENDERED = "rendered"
    """The program, from the same findings; no language model took part."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examination:
    """Everything that is known about one file after its examination; one line of results."""

    facts: FileFacts
    failure: Failure | None = None
    """None when the examination went well; then verdict, condition and model are set."""
    verdict: Verdict | None = None
    condition: Condition | None = None
    explanation: tuple[Sentence, ...] = ()
    """Sentences that passed the checks; who worded them, ``explanation_kind`` says."""
    dropped_sentences: int = 0
    """Generated sentences that the checks refused."""
    findings: tuple[Finding, ...] = ()
    heatmap: HeatMap | None = None
    """In memory only while the scan runs."""
    heatmap_file: str | None = None
    """Path of the stored heat map relative to the results folder."""
    cell_px: tuple[float, float] | None = None
    """(height, width) of a heat-map cell in original pixels; kept when the map is not."""
    model: ModelInfo | None = None
    elapsed: Elapsed = field(default_factory=Elapsed)
    examined_utc: str = ""
    """ISO 8601, UTC, when the examination ended."""
    notes: tuple[str, ...] = ()
    """How the file was decoded."""
    tool_version: str = ""
    """Version of this program."""
    settings: Settings | None = None
    """What was asked."""
    statement: Statement | None = None
    """Facts and verdict together; None when not examined, and in results of earlier versions."""
    locality: Locality | None = None
    """None when not examined, and in results of earlier versions."""
    explanation_kind: ExplanationKind = ExplanationKind.GENERATED
    """Who worded the explanation; earlier versions only kept generated ones."""
    duplicate_of: str | None = None
    """The file with the same bytes that was examined for this one; None when this one was."""

    @property
    def ok(self) -> bool:
        """Whether the file was examined."""
        return self.failure is None

    @property
    def leading_trace(self) -> str:
        """Name of the derived trace that shows what a leading statement says; empty without."""
        statement, locality = self.statement, self.locality
        if statement is None or statement.first != "statement":
            return ""
        if locality is None or locality.extent is not Extent.LOCAL:
            return ""
        cited = (each.analyser for each in self.findings if each.id in statement.cites)
        return next((name for name in cited if name.startswith("trace.")), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """One page that teaches a method, or leads through a task."""

    name: str
    """File name without its ending; pages are in this order."""
    title: str
    """For a person."""
    analysers: tuple[str, ...]
    """Names of the analysers that it explains, such as ``"trace.ela"``; none for a guide."""
    text: str
    """Markdown; of a method: principle, what to look for, what to ignore, failures, source."""
    language: str
    """ISO 639-1, such as ``"en"``; English where there is no translation."""
