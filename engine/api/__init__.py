"""The one door of the engine: everything the window and the command line can ask for.

Heavy modules are imported inside the functions of this package, here and nowhere else, so
that the program starts quickly and a missing GPU library is found only by what needs it.

Long jobs take a `Context`: events go to its listener on the thread that called, and
``ctx.cancel()`` from any thread makes them raise `Cancelled` with what was done kept.
"""

from typing import TYPE_CHECKING

from engine.api.benches import (
    agreement,
    bench,
    golden,
    likeness_bench,
    measure_gpu,
    operations,
)
from engine.api.cases import (
    add_to_case,
    attach_timestamp,
    check_case_exhibits,
    copy_case,
    entry_to_json,
    export_case,
    import_case,
    is_case,
    new_case,
    open_case,
    operator_name,
    remove_case,
    request_timestamp,
    verify_case,
)
from engine.api.fingerprints import (
    CAMERA,
    camera_tracers,
    case_fingerprints,
    compare_with_case_fingerprint,
    compare_with_fingerprint,
    holds_pictures,
    make_case_fingerprint,
    make_fingerprint,
    remove_case_fingerprint,
    summarise_comparisons,
    try_case_fingerprint,
    try_fingerprint,
)
from engine.api.measuring import bench_crew, bench_pair
from engine.api.occluding import rests, rests_palette, rests_to_json, rests_view, write_rests
from engine.api.pictures import Pictures, band_style, open_image, overlay, palette, thumbnail
from engine.api.reports import (
    Reliabilities,
    help_pages,
    load_signing_key,
    phrases,
    preview_report,
    verify_report,
    write_report,
)
from engine.api.scanning import Engine, ExaminerFactory, examine, find, load_examiner, scan
from engine.api.stored import (
    heatmap,
    near_duplicates,
    results,
    samples_dir,
    to_json,
    write_near_duplicates,
    write_summary,
)
from engine.api.tracing import bench_traces, trace, tracers, traces_to_json, write_traces
from engine.api.upkeep import (
    assemble_model,
    connections,
    diagnostics,
    export_models,
    forbid_network,
    import_models,
    import_trust_list,
    installed_models,
    known_models,
    machine,
    models,
    network,
    safeguards,
    selftest,
    trust_list,
    verify_model,
)

if TYPE_CHECKING:
    from engine.evidence.case_store import Case as Case
    from engine.report.preview import ReportPages as ReportPages
    from engine.report.signing import SigningKey as SigningKey
    from engine.scan.installed import Machine as Machine
    from engine.scan.installed import ModelState as ModelState
    from engine.vrm.packs import FileCheck as FileCheck

__all__ = [
    "CAMERA",
    "Engine",
    "ExaminerFactory",
    "Pictures",
    "Reliabilities",
    "add_to_case",
    "agreement",
    "assemble_model",
    "attach_timestamp",
    "band_style",
    "bench",
    "bench_crew",
    "bench_pair",
    "bench_traces",
    "camera_tracers",
    "case_fingerprints",
    "check_case_exhibits",
    "compare_with_case_fingerprint",
    "compare_with_fingerprint",
    "connections",
    "copy_case",
    "diagnostics",
    "entry_to_json",
    "examine",
    "export_case",
    "export_models",
    "find",
    "forbid_network",
    "golden",
    "heatmap",
    "help_pages",
    "holds_pictures",
    "import_case",
    "import_models",
    "import_trust_list",
    "installed_models",
    "is_case",
    "known_models",
    "likeness_bench",
    "load_examiner",
    "load_signing_key",
    "machine",
    "make_case_fingerprint",
    "make_fingerprint",
    "measure_gpu",
    "models",
    "near_duplicates",
    "network",
    "new_case",
    "open_case",
    "open_image",
    "operations",
    "operator_name",
    "overlay",
    "palette",
    "phrases",
    "preview_report",
    "remove_case",
    "remove_case_fingerprint",
    "request_timestamp",
    "rests",
    "rests_palette",
    "rests_to_json",
    "rests_view",
    "results",
    "safeguards",
    "samples_dir",
    "scan",
    "selftest",
    "summarise_comparisons",
    "thumbnail",
    "to_json",
    "trace",
    "tracers",
    "traces_to_json",
    "trust_list",
    "try_case_fingerprint",
    "try_fingerprint",
    "verify_case",
    "verify_model",
    "verify_report",
    "write_near_duplicates",
    "write_report",
    "write_rests",
    "write_summary",
    "write_traces",
]
