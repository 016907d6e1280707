"""``models``, ``golden``, ``bench``, ``selftest`` and ``test``."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from engine import api, paths
from engine.cli.console import Reporter, job, out
from engine.cli.measuring import bench_crew, bench_pair
from engine.errors import InputError
from engine.report.wording import byte_size, printable

PICTURES = 8
"""A stage of the measurement, unless another number is asked for."""

NEAR_PICTURES = 700
"""Pictures whose near-duplicates are measured, unless another number is asked for."""

TEST_COMMAND = Path("tests") / "run.py"
"""The whole test command, in a checkout."""


def models_list(_options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Print which packs there are and which could be."""
    present = {pack.name: pack for pack in api.models()}
    for pack in present.values():
        out(f"{pack.name}  ready  {byte_size(pack.size_bytes)}  {pack.licence}")
        out(f"  {pack.title}")
        out(f"  sha256 {pack.sha256}")
        out(f"  {printable(str(pack.folder))}")
        out(f"  {_used_by(pack.name)}")
        if not pack.current:
            out(f"  kept in an earlier, larger form; smaller: residua models assemble {pack.name}")
    for spec in api.known_models():
        if spec.name not in present:
            out(f"{spec.name}  not assembled  {byte_size(spec.download_bytes)} to download")
            out(f"  {spec.title}")
            out(f"  residua models assemble {spec.name}")
    return 0


def _used_by(name: str) -> str:
    """Return how a scan comes to use a pack."""
    own = {
        "mini": "scans use it unless --model names another",
        "triage": "scans use it with --triage",
    }
    return own.get(name, f"scans use it with --model {printable(name)}")


def models_machine(_options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Print what a maintainer needs to know of this installation."""
    out(api.diagnostics())
    return 0


def models_verify(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Read every file of packs and compare hashes; 0 only if all are sound."""
    names = options.names or [pack.name for pack in api.models()] or ["mini"]
    broken = 0
    for name in names:
        for check in api.verify_model(name):
            broken += not check.ok
            said = f"sha256 {check.found_sha256}" if check.ok else check.problem
            out(f"{'ok' if check.ok else 'BROKEN':<6} {name}/{check.name}: {said}")
    return 1 if broken else 0


def models_assemble(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Build a pack in the user's data folder."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        pack = api.assemble_model(options.name, options.wheels, ctx)
    out(printable(str(pack.folder)))
    return 0


def models_import(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Take packs from a folder or archive."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        packs = api.import_models(
            options.source,
            ctx,
            name=options.name,
            base=options.base,
            signed_by=options.signed_by,
        )
    for pack in packs:
        out(printable(str(pack.folder)))
    return 0


def models_export(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Write packs for another machine."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        packs = api.export_models(options.names, options.target, ctx, key=options.sign_key)
    for pack in packs:
        out(f"{pack.name}  {byte_size(pack.size_bytes)}  sha256 {pack.sha256}")
    return 0


def golden(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Compare with golden vectors, a JSON line a case; 0 only if all are within tolerance."""
    if options.tol is not None and not options.tol >= 0:
        raise InputError(f"A tolerance of {options.tol} was asked for: use 0 or more.")
    within = True
    cases = api.golden(
        options.folder, options.tol, device=options.device, dtype=options.dtype, batch=options.batch
    )
    for case in cases:
        within = within and case.within
        record: dict[str, object] = {
            "case": case.case,
            "max_abs_logits": _finite(case.max_abs_logits),
            "max_abs_artifact": _finite(case.max_abs_artifact),
            "tokens_equal": case.tokens_equal,
        }
        if case.max_abs_batch is not None:
            record["max_abs_batch"] = _finite(case.max_abs_batch)
        if (options.device, options.dtype) != ("cpu", "float32"):
            record |= {
                "tolerance": case.tolerance,
                "device": options.device,
                "dtype": options.dtype,
            }
        out(json.dumps(record, allow_nan=False))
    return 0 if within else 1


def bench(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Measure speed and memory, or how near-duplicates are found, and print it as JSON."""
    if options.near_duplicates is not None:
        return _bench_likeness(options)
    if options.operations:
        out(json.dumps(asdict(api.operations(options.shape)), indent=2, allow_nan=False))
        return 0
    if options.agreement:
        return _bench_agreement(options)
    if options.against_model:
        return bench_pair(options, factory)
    if options.workers is not None:
        return bench_crew(options, factory)
    if options.gpu:
        with job(Reporter(quiet=options.quiet)) as ctx:
            speed = api.measure_gpu(options.shape, ctx, compiled=options.compiled)
        out(json.dumps(asdict(speed), indent=2, allow_nan=False))
        return 0
    with job(Reporter(quiet=options.quiet)) as ctx:
        measured = api.bench(
            options.images,
            model=options.model,
            device=options.device,
            limit=PICTURES if options.limit is None else options.limit,
            made=options.made,
            only_triage=options.triage,
            ctx=ctx,
            factory=factory,
        )
    out(json.dumps(asdict(measured), indent=2, allow_nan=False))
    return 0


def _bench_agreement(options: Namespace) -> int:
    """Print how far the ways to a model's answers differ; 0 only if rounding explains it."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        found = api.agreement(
            options.images,
            model=options.model,
            limit=PICTURES if options.limit is None else options.limit,
            ctx=ctx,
        )
    out(json.dumps(asdict(found), indent=2, allow_nan=False))
    return 0 if all(each.within for each in found.differences) else 1


def _bench_likeness(options: Namespace) -> int:
    limit = NEAR_PICTURES if options.limit is None else options.limit
    with job(Reporter(quiet=options.quiet)) as ctx:
        found = api.likeness_bench(options.near_duplicates, limit, ctx)
    out(json.dumps(asdict(found), indent=2, allow_nan=False))
    return 0


def selftest(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Let the program prove itself, a line a check; 0 only if nothing failed."""
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="residua-selftest-") as folder,
        job(Reporter(quiet=options.quiet)) as ctx,
    ):
        for check in api.selftest(folder, ctx, factory=factory, window=options.window):
            failed += check.outcome == "fail"
            out(f"{check.outcome:<5} {check.name}: {printable(check.detail)}")
    out("The self-test FAILED." if failed else "The self-test passed.")
    return 1 if failed else 0


def run_tests(arguments: Sequence[str]) -> int:
    """Run the whole test command of a checkout, with these arguments for it."""
    root = paths.resources_dir().parent
    command = root / TEST_COMMAND
    if not command.is_file():
        raise InputError(
            f"There is no {TEST_COMMAND} in {root}: the tests come with a checkout of the "
            "source. An installed program has 'residua selftest'."
        )
    return subprocess.call([sys.executable, str(command), *arguments], cwd=root)


def _finite(value: float) -> float | None:
    """JSON has no word for what is not a number."""
    return value if math.isfinite(value) else None
