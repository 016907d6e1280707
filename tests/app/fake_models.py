"""Models, a machine and a signer that the fake engine tells of."""

from __future__ import annotations

from dataclasses import dataclass

from engine.scan.installed import InstalledPart, Machine, ModelState

MACHINE = Machine(
    system="Linux 6.1, x86_64", processor="A processor", cores=8, memory_bytes=32_000_000_000,
    memory_free_bytes=20_000_000_000, disk_free_bytes=500_000_000_000, gpus=(),
    gpu_reason="No NVIDIA driver was found: examinations run on the processor.",
)  # fmt: skip


def model_state(name: str, problem: str = "") -> ModelState:
    """Return a model; one with a problem is not installed."""
    return ModelState(
        name=name, title=f"The {name}", ready=not problem, examines=name != "triage",
        problem=problem, licence="Apache-2.0",
        size_bytes=443_000_000, memory_bytes=1_000_000_000, sha256="" if problem else "12" * 32,
        folder="" if problem else f"/packs/{name}",
        parts=(
            InstalledPart(
                role="vision tower (looks)", source="a wheel 1", licence="MIT", note="By someone."
            ),
        ),
        validated=(("min_side_px", 100.0), ("min_jpeg_quality", 65.0)), calibrated_on=(386, 472),
        fits=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FakeSigner:
    """Whose key the fake signs with."""

    subject: str = "N. Examiner"
    issuer: str = "Example CA"
    valid: str = "2026-01-01 to 2027-01-01"
