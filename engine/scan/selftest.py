"""The installed program proves itself: weights, a scan, a report, and no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from engine import paths
from engine.addon import Addon, look
from engine.errors import EngineError, ModelError
from engine.evidence.heatmaps import read_heatmap
from engine.evidence.results import RESULTS_NAME, read_results
from engine.images.decoder import Decoder
from engine.images.offline import destination, is_local, state
from engine.job import Context
from engine.report.pdf import write_pdf
from engine.report.verify import Check, verify_report
from engine.scan.pipeline import run
from engine.scan_types import ScanRequest
from engine.types import Examination
from engine.vrm.examiner import Examiner
from engine.vrm.packs import find_pack, verify
from engine.vrm.packs.manifest import check_hashes, read_manifest, refuse_broken

PACK = "mini"
PACKS = (PACK, "triage")
SAMPLES = 2
"""How many samples are scanned."""

BROKEN = "broken.jpg"
"""A file that is no picture, scanned to see that it costs one line and nothing else."""

Factory = Callable[[str, str, bool], Examiner]

Opener = Callable[[Path], str]
"""Given a folder for settings; raises EngineError when the window does not open."""

WINDOW_LIMIT_S = 300.0
"""A window that was not painted and closed by then never will be."""


class NetworkWatch:
    """Refuses and records attempts of this process to reach another machine, while open.

    Python offers no way to take an audit hook out again, so a closed watch stays, idle.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []
        """What was tried, in order."""
        self._open = False

    def __enter__(self) -> NetworkWatch:
        self._open = True
        sys.addaudithook(self._hook)
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._open:
            return
        where = destination(event, arguments)
        if where is not None and not is_local(where):
            self.attempts.append(f"{event} {where!r}")
            raise PermissionError(f"The self-test allows no network, but {event} {where!r}.")


def run_selftest(
    work_dir: Path,
    samples_dir: Path,
    factory: Factory,
    ctx: Context,
    window: Opener | None = None,
) -> Iterator[Check]:
    """Check the installed program; see `engine.api.selftest`.

    Args:
        work_dir: an empty folder.
        samples_dir: the shipped pictures.
        factory: loads a model.
        ctx: receives progress.
        window: opens and closes the window and says how that went; None leaves it out.
    """
    with NetworkWatch() as watch:
        yield _guarded("model packs", _packs)
        yield _guarded("sample scan", lambda: _scan(work_dir, samples_dir, factory, ctx))
        yield _guarded("fast path", lambda: _triage(work_dir, samples_dir, factory, ctx))
        yield _guarded("results format", lambda: _format(work_dir))
        yield _guarded("decoding process", _confinement)
        yield _guarded("report", lambda: _report(work_dir, samples_dir, ctx))
    if (addon := look()) is not None:
        yield _guarded("GPU add-on", lambda: _addon(addon))
    if window is not None:
        # A program of its own, which gives up networks itself.
        opener = window
        yield _guarded("window", lambda: opener(work_dir / "window"))
    yield Check(
        name="no network",
        outcome="fail" if watch.attempts else "pass",
        detail="; ".join(watch.attempts) or f"nothing tried to. {state().detail}",
    )


def open_and_close(folder: Path) -> str:
    """Have a process of its own open the window, paint it and close it.

    Where a system has no display, Qt paints into memory.

    Args:
        folder: for its settings and log.

    Returns:
        How soon it could be used.

    Raises:
        EngineError: it did not open, or not in time; what it wrote is in the message.
    """
    environment = {**os.environ, paths.DATA_DIR_VARIABLE: str(folder)}
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in displays):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    frozen = bool(getattr(sys, "frozen", False))
    command = [sys.executable, *([] if frozen else ["-m", "engine"]), "gui", "--check"]
    try:
        done = subprocess.run(
            command,
            cwd=paths.resources_dir().parent,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=WINDOW_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"The window was not open after {WINDOW_LIMIT_S:.0f} s.") from error
    if done.returncode != 0:
        said = " ".join(done.stderr.split()[-60:])
        raise EngineError(f"The window ended with exit code {done.returncode}: {said}")
    told = json.loads(done.stdout)
    return (
        f"{told['width_px']} x {told['height_px']} px ({told['platform']}), painted and closed; "
        f"usable {told['usable_s']} s after its start"
    )


def _guarded(name: str, check: Callable[[], str]) -> Check:
    """Turn what a check raises into a failed check; a bug still propagates."""
    try:
        return Check(name=name, outcome="pass", detail=check())
    except EngineError as error:
        return Check(name=name, outcome="fail", detail=str(error))


def _addon(addon: Addon) -> str:
    import torch  # noqa: PLC0415 - the add-on's own, taken before the program's

    if addon.problem:
        raise ModelError(addon.problem)
    manifest = read_manifest(addon.folder)
    refuse_broken(addon.folder, check_hashes(addon.folder, manifest), "Install it again.")
    return (
        f"{len(manifest.files)} files as they were made, torch {torch.__version__} from "
        f"{Path(torch.__file__).parent}, CUDA {torch.version.cuda}"
    )


def _packs() -> str:
    said = []
    for pack in map(find_pack, PACKS):
        checks = verify(pack)
        problems = [check.problem for check in checks if not check.ok]
        if problems:
            raise ModelError("; ".join(problems))
        said.append(f"{pack.name}, {len(checks)} files, sha256 {pack.sha256}")
    return "; ".join(said)


def _scan(work_dir: Path, samples_dir: Path, factory: Factory, ctx: Context) -> str:
    pictures = [str(path) for path in _smallest(samples_dir)]
    broken = work_dir / BROKEN
    broken.write_text("This is no picture.", encoding="ascii")
    request = ScanRequest(paths=(*pictures, str(broken)), out_dir=str(_out(work_dir)), model=PACK)
    summary = run(request, lambda: factory(PACK, "auto", False), ctx)
    if (summary.done, summary.failed) != (len(pictures), 1):
        raise EngineError(
            f"{summary.done} of {len(pictures)} samples examined, {summary.failed} files failed; "
            "expected 1, the one that is no picture."
        )
    examined = [e for e in read_results(_out(work_dir)) if e.ok]
    for examination in examined:
        if examination.heatmap_file is None:
            raise EngineError(f"{examination.facts.path} has no heat map.")
        read_heatmap(_out(work_dir) / examination.heatmap_file)
    said = ", ".join(f"{Path(e.facts.path).name}: {_verdict(e)}" for e in examined)
    seconds = summary.elapsed_s / len(pictures)
    return f"{said}; {seconds:.1f} s a picture"


def _triage(work_dir: Path, samples_dir: Path, factory: Factory, ctx: Context) -> str:
    pictures = tuple(str(path) for path in _smallest(samples_dir))
    out = work_dir / "triage"
    request = ScanRequest(paths=pictures, out_dir=str(out), model=PACK, triage=True)
    summary = run(request, lambda: factory(PACK, "auto", True), ctx)
    if summary.done != len(pictures):
        raise EngineError(f"{summary.done} of {len(pictures)} samples went the fast path.")
    return ", ".join(f"{Path(e.facts.path).name}: {_verdict(e)}" for e in read_results(out))


def _confinement() -> str:
    """Say what the process that decodes is kept from; what a system lacks is no failure."""
    with Decoder() as decoder:
        safeguards = decoder.safeguards()
    return "; ".join(
        f"{each.name}: {each.detail if each.in_force else f'NOT IN FORCE, {each.detail}'}"
        for each in safeguards
    )


def _format(work_dir: Path) -> str:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only here, and slow to import

    schema = json.loads((paths.resources_dir() / "results.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    file = _out(work_dir) / RESULTS_NAME
    if not file.is_file():
        raise EngineError("There are no results to check.")
    lines = file.read_text("ascii").splitlines()
    problems = [
        f"line {number}: {error.message}"
        for number, line in enumerate(lines, start=1)
        for error in validator.iter_errors(json.loads(line))
    ]
    if problems:
        raise EngineError("; ".join(problems))
    return f"{len(lines)} lines follow the published schema"


def _report(work_dir: Path, samples_dir: Path, ctx: Context) -> str:
    out_file = work_dir / "report.pdf"
    examinations = [e for e in read_results(_out(work_dir)) if e.ok]
    write_pdf(examinations, out_dir=_out(work_dir), out_file=out_file, ctx=ctx)
    checks = verify_report(out_file, samples_dir)
    bad = [f"{check.name}: {check.detail}" for check in checks if check.outcome == "fail"]
    if bad:
        raise EngineError("; ".join(bad))
    passed = sum(check.outcome == "pass" for check in checks)
    return f"{out_file.stat().st_size} bytes, {passed} checks passed"


def _smallest(samples_dir: Path) -> list[Path]:
    endings = {".jpg", ".jpeg", ".png", ".webp"}
    found = [path for path in samples_dir.rglob("*") if path.suffix.lower() in endings]
    if not found:
        raise EngineError(f"There are no sample pictures in {samples_dir}: install again.")
    return sorted(found, key=lambda path: (path.stat().st_size, path.name))[:SAMPLES]


def _verdict(examination: Examination) -> str:
    verdict = examination.verdict
    return "none" if verdict is None else f"{verdict.outcome} {verdict.p_ai:.2f}"


def _out(work_dir: Path) -> Path:
    return work_dir / "out"
