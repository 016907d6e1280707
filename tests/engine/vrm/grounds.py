"""Examinations to explain, made by hand."""

import numpy as np

from engine.types import Finding, HeatMap, Outcome, ReadOuts, Region, Status, Verdict
from engine.vrm.ground import ground_of

SIZE = (900, 1200)
UPPER_LEFT = Region(x=40, y=30, w=200, h=150)
CENTRE = Region(x=500, y=400, w=200, h=150)
P = {Outcome.AI: 0.9712, Outcome.REAL: 0.0431, Outcome.INCONCLUSIVE: 0.4827}


def a_verdict(outcome=Outcome.AI, *, measured=True, p=None):
    return Verdict(
        outcome=outcome,
        p_ai=P[outcome] if p is None else p,
        band_reason="",
        in_validated_range=measured,
        read_outs=ReadOuts(both=1.0, semantic=0.1, artifact=2.5),
    )


def finding(id, analyser, value, *, status=Status.INFERRED, regions=(), reason="", unit=None):
    return Finding(
        id=id, analyser=analyser, version="1", status=status, value=value, unit=unit,
        regions=regions, reason=reason,
    )  # fmt: skip


def model_findings(both=1.25, semantic=0.1, artifact=2.5, regions=(UPPER_LEFT, CENTRE)):
    return (
        finding("M1", "vrm.both", both, unit="log-odds"),
        finding("M2", "vrm.semantic", semantic, unit="log-odds"),
        finding("M3", "vrm.artifact", artifact, unit="log-odds"),
        finding("M5", "vrm.heatmap", 0.93, regions=regions),
        finding("M6", "vrm.probe", 0.7, unit="log-odds"),
    )


CAMERA = finding("P1", "metadata.camera", "Nikon D70", status=Status.OBSERVED)
COMFY = finding("P2", "generator.text", "ComfyUI", status=Status.OBSERVED)
CONFLICT = finding("P3", "conflict.origin", "camera and generator", status=Status.OBSERVED)
STANDOUT = finding("M7", "vrm.standout", 0.2, regions=(UPPER_LEFT,))
COPIES = finding(
    "D1", "trace.copy_move", 14.0, status=Status.DERIVED, regions=(CENTRE,), unit="matches"
)

EDITED = finding(
    "T1", "trace.edited", 2.5, status=Status.DERIVED, regions=(UPPER_LEFT,), unit="log-odds"
)


def a_map(share=0.4):
    cells = np.full((10, 10), 0.1, np.float32)
    cells.ravel()[: round(share * cells.size)] = 0.9
    valid = np.ones(cells.shape, bool)
    return HeatMap(cells=cells, valid=valid, cell_px=(90.0, 120.0), method="test")


def a_ground(outcome=Outcome.AI, *facts, share=0.4, measured=True, p=None, locality=None, **model):
    return ground_of(
        a_verdict(outcome, measured=measured, p=p),
        (*facts, *model_findings(**model)),
        a_map(share),
        SIZE,
        locality,
    )
