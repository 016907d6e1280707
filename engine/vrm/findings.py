"""The mini's own findings: each log-odds it measured, and where its map is hot."""

from __future__ import annotations

from collections.abc import Collection

from engine.types import Finding, HeatMap, Region, Status

VERSION = "1"
SOURCE = "Deep-VRM, arXiv 2606.15880; see the model card for this model's own figures"


def findings(
    log_odds: dict[str, float],
    heatmap: HeatMap,
    regions: tuple[Region, ...],
    weighed: Collection[str],
) -> tuple[Finding, ...]:
    """Return the model's findings; what was not run is NOT_AVAILABLE with the reason.

    Args:
        log_odds: by name, as far as they were measured.
        heatmap: of the picture.
        regions: where it is hot.
        weighed: names of the log-odds that the calibration weighs.
    """
    words = {
        "both": ("M1", "vrm.both", "Semantic and artifact path together."),
        "semantic": ("M2", "vrm.semantic", "The semantic path alone, injection switched off."),
        "artifact": ("M3", "vrm.artifact", "The artifact encoder alone."),
        "residual": ("M4", "vrm.residual", "The residual network on native pixels alone."),
        "probe": ("M6", "vrm.probe", "A linear probe on four depths of the unadapted tower."),
    }
    made = [
        Finding(
            id=id_,
            analyser=analyser,
            version=VERSION,
            status=Status.INFERRED if name in log_odds else Status.NOT_AVAILABLE,
            value=round(log_odds[name], 4) if name in log_odds else None,
            unit="log-odds" if name in log_odds else None,
            reason=f"{reason} {_part(name, weighed)}"
            if name in log_odds
            else f"{reason} Not run: triage was asked for.",
            source=SOURCE,
        )
        for name, (id_, analyser, reason) in words.items()
    ]
    valid = float(heatmap.valid.mean())
    made.append(
        Finding(
            id="M5",
            analyser="vrm.heatmap",
            version=VERSION,
            status=Status.INFERRED if valid else Status.NOT_AVAILABLE,
            value=round(float(heatmap.cells[heatmap.valid].max()), 4) if valid else None,
            unit="highest cell, 0..1" if valid else None,
            regions=regions,
            reason=(
                "What sets each patch apart from the rest of the picture; "
                f"{100 * valid:.0f} % of the area can be judged."
                if valid
                else "No cell holds evidence: the picture is flat or clipped everywhere."
            ),
            source=SOURCE,
        )
    )
    return tuple(sorted(made, key=lambda finding: finding.id))


def _part(name: str, weighed: Collection[str]) -> str:
    """Return which part a log-odds has in p, so that none is taken for its ground."""
    return "p is calculated from it." if name in weighed else "Shown for comparison: it moves no p."


def standout_finding(region: Region | None, value: float | None) -> Finding:
    """Return the finding of the place that differs most from the rest of its picture.

    Args:
        region: the place; None where nothing can be judged.
        value: how unevenly the picture's places lie.
    """
    return Finding(
        id="M7",
        analyser="vrm.standout",
        version=VERSION,
        status=Status.NOT_AVAILABLE if region is None else Status.INFERRED,
        value=None if region is None or value is None else round(value, 4),
        unit=None if region is None else "standard deviation over the picture",
        regions=() if region is None else (region,),
        reason=(
            "No cell holds evidence: the picture is flat or clipped everywhere."
            if region is None
            else "Where to look first if a part was edited: the place that differs most from the "
            "rest. Every picture has one, so it is no sign of an edit by itself; the model card "
            "says how often it pointed right."
        ),
        source="linear head on patches beside the mean of their picture (engine.vrm.standout)",
    )
