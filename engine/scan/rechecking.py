"""Running stored examinations again and comparing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine import __version__
from engine.case_types import CaseExamination, Difference, Exhibit, Recheck, Recipe
from engine.errors import InputError, ModelError
from engine.evidence.case_log import now_utc
from engine.evidence.case_store import Case
from engine.images.decoder import Decoder
from engine.job import Context, Progress
from engine.scan.circumstances import libraries, threads
from engine.scan.comparing import compare, tolerance_for
from engine.scan.examining import judge, prepare
from engine.scan.tracing import make_decoder, tracer
from engine.types import Examination, ModelInfo
from engine.vrm.examiner import Examiner

PHASE = "Running examinations again"

Load = Callable[[str, str, bool], Examiner]
"""Loads a model: (model, device, triage)."""


def recheck(
    case: Case, numbers: Sequence[int], load: Load, ctx: Context, *, device: str | None = None
) -> tuple[Recheck, ...]:
    """Run examinations of a case again, compare, and keep what was found in the case.

    Args:
        case: open for writing.
        numbers: which examinations; empty means the one that holds for each exhibit.
        load: gives a model.
        ctx: receives progress, carries the wish to stop.
        device: where to compute; None takes the one of then.

    Returns:
        What was found, one an examination.

    Raises:
        InputError: there is no such examination.
        Cancelled: the operator stopped it; what was done is kept.
    """
    exhibits = {each.number: each for each in case.exhibits()}
    if numbers:
        stored = [case.examination(number) for number in numbers]
    else:
        stored = [each for each in case.contents().newest() if each.examination.ok]
    done = []
    with make_decoder(traces=True) as decoder:
        for index, each in enumerate(stored):
            ctx.report(Progress(phase=PHASE, done=index, total=len(stored)))
            exhibit = None if each.exhibit is None else exhibits.get(each.exhibit)
            again = _Again(case, each, exhibit, decoder, ctx)
            done.append(case.add_recheck(again.run(load, device)))
    ctx.report(Progress(phase=PHASE, done=len(stored), total=len(stored)))
    return tuple(done)


class _Again:
    """One examination, to be run again."""

    def __init__(
        self,
        case: Case,
        stored: CaseExamination,
        exhibit: Exhibit | None,
        decoder: Decoder,
        ctx: Context,
    ) -> None:
        self._case = case
        self._stored = stored
        self._exhibit = exhibit
        self._decoder = decoder
        self._ctx = ctx

    def run(self, load: Load, device: str | None) -> Recheck:
        recipe, settings = self._stored.recipe, self._stored.examination.settings
        exhibit = self._exhibit
        if recipe is None or settings is None or exhibit is None:
            return self._failed("Nothing was computed then, so nothing can be computed again.")
        where = device or recipe.device.partition(":")[0]
        try:
            examiner = load(recipe.model, where, settings.triage)
        except (ModelError, InputError) as error:
            return self._failed(f"The model of then cannot be loaded: {error}")
        if examiner.info.sha256 != recipe.weights_sha256:
            return self._failed(
                f"The model {recipe.model!r} has other weights here (SHA-256 "
                f"{examiner.info.sha256}) than then ({recipe.weights_sha256}): bring the pack of "
                "then with 'residua models import'."
            )
        trace = tracer(self._ctx.check) if settings.traces else None
        prepared = prepare(exhibit.working_file, self._decoder, trace=trace)
        if prepared.facts.sha256 is not None and prepared.facts.sha256 != exhibit.sha256:
            return self._failed(
                f"Exhibit {exhibit.number} was changed: {exhibit.working_file} now has SHA-256 "
                f"{prepared.facts.sha256}. Restore it."
            )
        now = judge(prepared, examiner, settings, self._ctx)
        if now.failure is not None:
            return self._failed(f"It failed this time: {now.failure.message}")
        return self._compared(recipe, now, examiner.info)

    def _compared(self, recipe: Recipe, now: Examination, info: ModelInfo) -> Recheck:
        differences = compare(
            self._stored.examination,
            now,
            self._case.heatmap(self._stored),
            tolerance_for(recipe.dtype),
        )
        return replace(
            self._failed(""),
            agrees=all(each.within for each in differences),
            differences=_finite(differences),
            changes=tuple(_changes(recipe, info)),
        )

    def _failed(self, why: str) -> Recheck:
        return Recheck(
            id=0,
            examination=self._stored.id,
            utc=now_utc(),
            operator=self._case.operator,
            agrees=False,
            failure=why,
            differences=(),
            changes=(),
        )


def _finite(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """JSON has no word for what is not a number."""
    return tuple(
        replace(each, difference=None) if each.difference == float("inf") else each
        for each in differences
    )


def _changes(recipe: Recipe, info: ModelInfo) -> list[str]:
    """Return what is not as it was then, a sentence each."""
    facts = [
        ("device", recipe.device, info.device),
        ("number type", recipe.dtype, info.dtype),
        ("threads", str(recipe.threads), str(threads())),
        ("version of Residua", recipe.version, __version__),
    ]
    before = dict(recipe.libraries)
    facts += [(name, before.get(name, "none"), now) for name, now in libraries()]
    return [f"{name}: {then} then, {now} now." for name, then, now in facts if then != now]
