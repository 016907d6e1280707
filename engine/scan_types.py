"""What a scan is asked for, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """What to examine and how; frozen when the operator presses the button."""

    paths: tuple[str, ...]
    """Files and folders (recursively)."""
    out_dir: str | None
    """Where results go; made if missing. Nothing is written outside it. None: into a case alone."""
    model: str = "mini"
    """Pack name or folder of a published checkpoint."""
    device: str = "auto"
    """``"auto"``, ``"cpu"`` or ``"cuda"``."""
    explain: bool = True
    """Whether the language model writes an explanation."""
    triage: bool = False
    """The fast path: the tower and a linear head, no language model."""
    jobs: int = 1
    """Decoding processes."""
    distributed: str | None = None
    """Address of a Ray cluster whose workers examine, or ``"local"``; None: this machine alone."""
    workers: int | None = None
    """With ``distributed``: how many workers; None: one a machine."""
    traces: bool | None = None
    """Whether derived traces are computed; None: not in triage, else yes."""
    again: bool = False
    """Examine also what an earlier run with the same model and settings has done."""
    include: tuple[str, ...] = ()
    """Patterns of which one must fit a file in a folder; empty takes all."""
    exclude: tuple[str, ...] = ()
    """Patterns of files and folders that are left out."""
    since: float | None = None
    """Seconds since 1970; files in folders that were last changed before are left out."""
    containers: bool = True
    """Whether archives, documents and files of several pictures are opened for those in them."""
    frames: int = 0
    """Frames of each animation that are examined besides the first, evenly spaced."""
    watch_s: float | None = None
    """When given, folders are looked at again after so many seconds, until stopped."""

    @property
    def settings(self) -> Settings:
        """What is asked of each examination."""
        traces = not self.triage if self.traces is None else self.traces
        return Settings(explain=self.explain and not self.triage, triage=self.triage, traces=traces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """The workers of a scan over several machines."""

    asked: int
    """How many were to examine."""
    missing: tuple[str, ...] = ()
    """Those that could not be started, by name and machine."""
    lost: tuple[str, ...] = ()
    """Those that were lost while they worked; others did their files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSummary:
    """How a scan ended."""

    found: int
    """Files found."""
    done: int
    """Examined in this run."""
    skipped: int
    """Already examined in an earlier run with the same model and settings."""
    failed: int
    """Not examined, each with its reason in the results."""
    elapsed_s: float
    """Wall time, pauses left out."""
    ignored: int = 0
    """Files in the folders that are no images; nothing is written about them."""
    duplicates: int = 0
    """Of those done, files whose bytes were met before: examined once, with a line for each."""
    workers: Workers | None = None
    """Who examined, when workers elsewhere did; None: this machine alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate:
    """One picture of a group that looks alike."""

    path: str
    """The file as it was named."""
    sha256: str
    """Hex; members with the same one are the same file."""
    phash_bits: int
    """Bits of the pHash, of 64, that differ from the group's centre."""
    dhash_bits: int
    """Bits of the dHash, of 64, that differ from the group's centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGroup:
    """Pictures that look alike: copies, other sizes and compressions, light crops."""

    number: int
    """From 1, in the order of their first members."""
    centre: str
    """Path of the picture that the others are close to."""
    members: tuple[NearDuplicate, ...]
    """At least two, the centre included, in the order they were handed over."""
