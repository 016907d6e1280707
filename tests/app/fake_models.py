"""Models, a machine and a signer that the fake engine tells of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs import Lane
from app.model_door import EngineModels
from engine.errors import ModelError
from engine.job import Context
from engine.scan.installed import InstalledPart, Machine, ModelState
from engine.vrm.packs import FileCheck

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


class FakeModels(EngineModels):
    """Tells of models as they were set, and remembers what was exported."""

    models: tuple[ModelState, ...]
    exported_packs: list[str]

    def _must_be_on(self, lane: Lane) -> None:
        raise NotImplementedError

    def installed_models(self) -> tuple[ModelState, ...]:
        self._must_be_on(Lane.FILES)
        return self.models

    def machine(self) -> Machine:
        self._must_be_on(Lane.FILES)
        return MACHINE

    def verify_model(self, name: str) -> tuple[FileCheck, ...]:
        self._must_be_on(Lane.FILES)
        return (
            FileCheck(
                name="a.safetensors", expected_sha256="ab" * 32, expected_bytes=10, found_bytes=10,
                found_sha256=("ab" if name == "mini" else "cd") * 32,
            ),
        )  # fmt: skip

    def import_models(self, source: str, ctx: Context) -> tuple[str, ...]:
        self._must_be_on(Lane.FILES)
        if not Path(source).is_dir():
            raise ModelError(f"{source} is no pack: name a folder or archive that holds one.")
        self.models = (*self.models, model_state("of mine"))
        return ("of mine",)

    def export_models(self, target: str, ctx: Context) -> tuple[str, ...]:
        self._must_be_on(Lane.FILES)
        if not Path(target).parent.is_dir():
            raise ModelError(f"{target} cannot be written: name another place.")
        self.exported_packs.append(target)
        return ("mini", "triage")
