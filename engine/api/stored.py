"""What a scan stored, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine import paths
from engine.scan_types import NearGroup
from engine.types import Examination, HeatMap


def results(out_dir: str | Path) -> tuple[Examination, ...]:
    """Return what a results folder holds, the newest line of each file, in order of discovery.

    Args:
        out_dir: the folder given to a scan.

    Raises:
        StoreError: there is no results file, or a line of it is damaged.
    """
    from engine.evidence.results import read_results

    return read_results(Path(out_dir))


def heatmap(out_dir: str | Path, examination: Examination) -> HeatMap | None:
    """Return a stored heat map, exact to 8 bits, or None when the examination has none.

    Raises:
        StoreError: the file is missing, is not a heat map of this program, or is named
            outside the results folder.
    """
    from engine.evidence.heatmaps import read_stored

    if examination.heatmap_file is None:
        return None
    return read_stored(Path(out_dir), examination.heatmap_file)


def near_duplicates(examinations: Iterable[Examination]) -> tuple[NearGroup, ...]:
    """Return groups of pictures that look alike: copies, other sizes and compressions, light crops.

    Two perceptual hashes that the examinations hold are compared; a picture is in one group at
    most. Turned, mirrored and strongly cropped pictures are not recognised, and portraits in
    the same pose may be taken for one. A group says nothing about where its pictures come from.

    Args:
        examinations: any number; those without hashes (too even, or made by an earlier version)
            are left out.
    """
    from engine.scan.near_duplicates import near_duplicates

    return near_duplicates(examinations)


def write_near_duplicates(out_dir: str | Path) -> tuple[Path, tuple[NearGroup, ...]]:
    """Write the near-duplicates of a results folder into it, one line of JSON a group.

    Args:
        out_dir: the folder given to a scan.

    Returns:
        The file, and what is in it.

    Raises:
        StoreError: there are no results, or the file cannot be written.
    """
    from engine.evidence.results import stream_results
    from engine.scan.near_duplicates import near_duplicates, write_groups

    groups = near_duplicates(stream_results(Path(out_dir)))
    return write_groups(Path(out_dir), groups), groups


def write_summary(out_dir: str | Path) -> Path:
    """Write ``summary.html`` into a results folder: counts, histograms, what to look at first.

    The page carries everything in itself and follows from the results alone.

    Args:
        out_dir: the folder given to a scan.

    Returns:
        The file.

    Raises:
        StoreError: there are no results, a line is damaged, or the page cannot be written.
    """
    from engine.evidence.results import stream_results
    from engine.exports.summary_data import lines
    from engine.exports.summary_page import to_summary
    from engine.exports.writing import store
    from engine.scan.near_duplicates import Looks

    folder, looks = Path(out_dir), Looks()
    found, scanned = lines(looks.passing(stream_results(folder)))
    file = folder / "summary.html"
    store(to_summary(found, scanned, looks.groups()).encode("utf-8"), file)
    return file


def to_json(examination: Examination) -> str:
    """Return an examination as one line of ``results.jsonl`` carries it, without line feed."""
    from engine.evidence.records import to_line

    return to_line(examination)


def samples_dir() -> Path:
    """Return the folder of sample pictures that come with the program."""
    return paths.resources_dir() / "samples"
