"""Scans and single examinations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.case_types import Recheck
from engine.errors import ModelError
from engine.job import Context, Found
from engine.scan_types import ScanRequest, ScanSummary
from engine.types import Examination, Settings

if TYPE_CHECKING:
    from engine.evidence.case_store import Case
    from engine.rest_types import Occlusion
    from engine.scan.spreading import Gather
    from engine.vrm.examiner import Examiner
    from engine.vrm.published_examiner import Hold

ExaminerFactory = Callable[[str, str, bool], "Examiner"]
"""Loads a model: (model: pack name or folder, device, triage) -> Examiner."""


def load_examiner(model: str, device: str, triage: bool, *, weights: str = "auto") -> Examiner:
    """Load a model from its pack or folder.

    Args:
        model: pack name such as ``"mini"``, or folder of a published checkpoint.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        triage: whether to load only what the fast path needs.
        weights: how a large checkpoint is held: ``"auto"`` (the first that fits), ``"stored"``,
            ``"int8"``, ``"int4"`` or ``"offload"``.

    Raises:
        ModelError: the pack is missing or broken, the device cannot run it, or the model has
            no triage path.
    """
    if triage:
        # Apart from the rest: it needs neither torch nor transformers, which take seconds.
        from engine.vrm.triage import load_triage

        return load_triage(model, device)
    from engine.vrm.loader import load
    from engine.vrm.memory import Weights

    return load(model, device, Weights(weights), _holder)


def _holder() -> Hold:
    try:
        from engine.vrm.held import hold
    except ImportError as error:
        raise ModelError(
            f"Weights in fewer bits or away from the device need torchao ({error}): install the "
            "program's extra 'gpu' (pip install -c constraints.txt '.[gpu]')."
        ) from error
    return hold


class Engine:
    """Keeps a model loaded from one job to the next. One thread owns an engine and its jobs.

    The model is loaded by the first job that needs it and kept until a job asks for
    another model, device or path, or until `close`.

    Args:
        factory: loads a model; tests hand in one that makes a fake.
    """

    def __init__(self, *, factory: ExaminerFactory = load_examiner) -> None:
        self._factory = factory
        self._key: tuple[str, str, bool] | None = None
        self._examiner: Examiner | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def scan(
        self,
        request: ScanRequest,
        ctx: Context,
        *,
        case: Case | None = None,
        exhibits: tuple[int, ...] = (),
    ) -> ScanSummary:
        """Examine every image of the request and write results as they come.

        Events: `Found`, and again while a long search goes on; for each file `Started`,
        `Wording` (many, with explanations), `Examined` and `Progress`. A file that an earlier
        run with the same model and settings has done gives `Examined` with ``stored=True`` and
        no `Started`.

        Args:
            request: what to examine, how, and where results go.
            ctx: receives the events, carries the wish to stop.
            case: where results go, too or alone; files are taken in as its exhibits. With no
                paths in the request, its exhibits are examined.
            exhibits: only these of the case, by number; all when empty.

        Returns:
            How it ended. Files that failed are counted; each has its line in the results.

        Raises:
            InputError: none of the paths exists, or the results folder is one of them.
            ModelError: the model cannot be loaded.
            StoreError: the results cannot be written, or another scan is writing them.
            Cancelled: the operator stopped it; what was done is kept.
        """
        from engine.scan.pipeline import run

        def load() -> Examiner:
            return self._load(request.model, request.device, request.triage)

        gather = self._gather(request) if request.distributed is not None else None
        if case is None:
            return run(request, load, ctx, gather=gather)
        from engine.scan.into_case import scan_into

        return scan_into(case, request, load, ctx, exhibits, gather=gather)

    def recheck(
        self, case: Case, numbers: tuple[int, ...], ctx: Context, *, device: str | None = None
    ) -> tuple[Recheck, ...]:
        """Run examinations of a case again, compare, and keep what was found in the case.

        Args:
            case: open for writing.
            numbers: which examinations; none means the one that holds for each exhibit.
            ctx: receives progress, carries the wish to stop.
            device: where to compute; None takes the one of then.

        Raises:
            InputError: there is no such examination.
            StoreError: the case can only be read.
            Cancelled: the operator stopped it; what was done is kept.
        """
        from engine.scan.rechecking import recheck

        return recheck(case, numbers, self._load, ctx, device=device)

    def examine(
        self,
        path: str,
        *,
        model: str = "mini",
        device: str = "auto",
        explain: bool = True,
        triage: bool = False,
        traces: bool | None = None,
        ctx: Context,
    ) -> Examination:
        """Examine one file without storing anything; its heat map is in the result.

        Events: `Progress` before the model is loaded, `Started`, `Wording`, `Examined`.

        Args:
            path: the file.
            model: pack name or folder of a published checkpoint.
            device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
            explain: whether the language model writes an explanation.
            triage: the fast path without the language model.
            traces: whether derived traces are computed; None: not in triage, else yes.
            ctx: receives the events, carries the wish to stop.

        Returns:
            The examination; ``failure`` is set when the file could not be examined.

        Raises:
            ModelError: the model cannot be loaded.
            Cancelled: the operator stopped it.
        """
        from engine.scan.examining import examine_file
        from engine.scan.tracing import make_decoder

        chosen = not triage if traces is None else traces
        settings = Settings(explain=explain and not triage, triage=triage, traces=chosen)
        load = partial(self._load, model, device, triage)
        with make_decoder(traces=chosen) as decoder:
            return examine_file(path, load, decoder, settings, ctx)

    def rests(
        self,
        path: str,
        *,
        model: str = "mini",
        device: str = "auto",
        triage: bool = False,
        examined: Examination | None = None,
        fill: str = "mean colour",
        ctx: Context,
    ) -> Occlusion:
        """Return what a file's probability rests on: each place is taken away in turn.

        It asks the verdict some fifty to a hundred and fifty times, which takes seconds, and stores
        nothing. Events: `Progress`.

        Args:
            path: the file.
            model: pack name; a published checkpoint's verdict cannot be asked about places.
            device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
            triage: whether the fast path's verdict is meant.
            examined: the examination that is to be explained, which takes the place of model and
                path; the result says whether its probability is that one. None for a new one.
            fill: what stands in for a place: ``"mean colour"`` or ``"blur"``.
            ctx: receives the events, carries the wish to stop.

        Raises:
            InputError: the file cannot be read or decoded, is too small, or is another one than
                was examined.
            ModelError: the model cannot be loaded, or its verdict cannot be asked about places.
            Cancelled: the operator stopped it.
        """
        from engine.images.decoder import Decoder
        from engine.scan.occluding import rests_of

        if examined is not None and examined.model is not None:
            model = examined.model.name
            triage = examined.settings.triage if examined.settings else triage
        with Decoder() as decoder:
            load = partial(self._load, model, device, triage)
            return rests_of(path, load, decoder, examined, ctx, fill=fill)

    def close(self) -> None:
        """Let go of the model."""
        self._key = self._examiner = None

    def _gather(self, request: ScanRequest) -> Gather:
        try:
            from engine.scan.crew import gathered
        except ImportError as error:
            raise ModelError(
                f"Scanning on several machines needs Ray ({error}): install the program's extra "
                "'distributed' (pip install -c constraints.txt '.[distributed]')."
            ) from error
        load = partial(self._factory, request.model, request.device, request.triage)
        address = str(request.distributed)
        return partial(gathered, address, request.workers, load, request.settings)

    def _load(self, model: str, device: str, triage: bool) -> Examiner:
        key = (model, device, triage)
        if self._examiner is None or self._key != key:
            self.close()
            self._examiner = self._factory(*key)
            self._key = key
        return self._examiner


def scan(
    request: ScanRequest,
    ctx: Context,
    *,
    case: Case | None = None,
    factory: ExaminerFactory = load_examiner,
) -> ScanSummary:
    """Examine every image of the request with a model loaded for it; see `Engine.scan`."""
    with Engine(factory=factory) as engine:
        return engine.scan(request, ctx, case=case)


def examine(
    path: str,
    *,
    model: str = "mini",
    device: str = "auto",
    explain: bool = True,
    triage: bool = False,
    traces: bool | None = None,
    ctx: Context,
    factory: ExaminerFactory = load_examiner,
) -> Examination:
    """Examine one file with a model loaded for it; see `Engine.examine`."""
    with Engine(factory=factory) as engine:
        return engine.examine(
            path,
            model=model,
            device=device,
            explain=explain,
            triage=triage,
            traces=traces,
            ctx=ctx,
        )


def find(paths: tuple[str, ...], out_dir: str | Path, ctx: Context) -> Found:
    """List what a scan of these files and folders would examine, without reading the files.

    Args:
        paths: files and folders (recursively).
        out_dir: the results folder of that scan, which is left out; need not exist.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: none of the paths exists, or the results folder is one of them.
        Cancelled: the operator stopped it.
    """
    from engine.scan.discovery import discover

    found = discover(paths, [Path(out_dir)], ctx)
    return Found(paths=tuple(c.path for c in found.candidates), ignored=found.ignored)
