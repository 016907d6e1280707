"""Which layers there are for the shown exhibit, and which one is looked at."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.exhibits import Exhibit
from app.looking.layers import HEAT, PINNED, RESTS, Layer, Mode
from app.resting import Rested, Resting, layer_name
from app.stage import VIEW_ENDING, Picture, Result, Stage, Traced
from app.widgets.mode_bar import Choice
from app.widgets.workspace import Workspace
from engine.job import Progress
from engine.trace_types import Tracer
from engine.types import FileFacts


class Layers(QObject):
    """Offers heat map, what the verdict rests on, derived traces and one other exhibit.

    Args:
        workspace: shows them.
        stage: fetches traces.
        resting: asks what the verdict rests on.
    """

    rests_failed = Signal(object)
    """Why it cannot be said what the verdict rests on."""

    def __init__(self, workspace: Workspace, stage: Stage, resting: Resting) -> None:
        super().__init__()
        self._pane, self._workspace, self._stage = workspace.picture, workspace, stage
        self._resting = resting
        self._result: Result | None = None
        self._asking: Progress | None = None
        """How far the verdict was asked what it rests on; None while it is not."""
        self._methods: tuple[Tracer, ...] = ()
        self._cameras: tuple[Tracer, ...] = ()
        self._layers: dict[str, Layer] = {}
        self._traced: dict[str, Traced] = {}
        self._picture: Picture | None = None
        self._pinned: Layer | None = None
        self._other: Exhibit | None = None
        """What is being decoded to be compared with."""
        self._facts: FileFacts | None = None
        self._key = HEAT
        self._waiting = ""
        """Name of the trace that is being computed."""
        self._wanted = ""
        """Key of what is looked at as soon as the exhibit's facts and the methods are known."""
        self._leading = ""
        """Name of the trace that shows what the exhibit's statement says first."""
        self._led = False
        """Whether that was looked at already, or something else was chosen."""
        self._pane.bar.layer_chosen.connect(self.show)
        workspace.findings.show_asked.connect(self.show)
        stage.tracers_ready.connect(self._take_tracers)
        stage.cameras_ready.connect(self._take_cameras)
        stage.traced.connect(self._take_trace)
        stage.other_ready.connect(self._take_other)
        resting.ready.connect(self._take_rests)
        resting.progressed.connect(self._tell_rests)
        resting.failed.connect(self._give_up_rests)
        self._pane.rests.cancelled.connect(self._give_up_rests)

    @property
    def key(self) -> str:
        """Key of the layer that is looked at, or waited for."""
        return self._key

    def choose(self, exhibit: Exhibit | None) -> None:
        """Begin with another exhibit: its heat map comes first, unless another is pinned.

        Where a statement leads that a part was edited, the trace that shows the part comes first.
        """
        self._layers.clear()
        self._traced.clear()
        self._picture, self._waiting, self._wanted = None, "", ""
        self._facts, self._leading, self._led = None, "", False
        self._result = self._asking = None
        self._resting.drop()
        if exhibit is not None:
            known = exhibit.examination.facts if exhibit.examination else None
            self._facts = replace(known, path=exhibit.path) if known else None
        if self._key not in (HEAT, PINNED):
            self._key = HEAT
        self._workspace.curve.show_trace(None)
        self._refresh()

    def show_picture(self, picture: Picture) -> None:
        """Take the picture, which another exhibit may be compared with."""
        self._picture = picture
        if not picture.preview:
            self._facts = replace(picture.facts, path=picture.path)
        self._refresh()
        self._show_wanted()
        self._lead()

    def show_result(self, result: Result) -> None:
        """Take the heat map; what an earlier examination rested on is no more."""
        before, self._result = self._result, result
        if before is None or before.examination.examined_utc != result.examination.examined_utc:
            self._forget_rests()
        if result.layer is not None:
            self._layers[HEAT] = result.layer
        self._leading = result.examination.leading_trace
        self._refresh()
        self._show_wanted()
        self._lead()

    def pin(self, exhibit: Exhibit) -> None:
        """Keep the shown exhibit's picture, so that others are compared with it; or let it go."""
        picture = self._picture
        if picture is None or picture.preview:
            return
        if self._pinned is not None and self._pinned.note == picture.path:
            self._pinned = None
        else:
            self._pinned = self._layer_of(exhibit, picture)
        self._refresh()

    def compare_with(self, exhibit: Exhibit) -> None:
        """Compare what is shown with another exhibit, side by side, once that is decoded."""
        self._other = exhibit
        self._stage.fetch_other(exhibit.path)

    def _take_other(self, picture: Picture) -> None:
        if self._other is not None and self._other.path == picture.path:
            self._pinned = self._layer_of(self._other, picture)
            self._other = None
            self._pane.set_mode(Mode.SIDE)
            self.show(PINNED)

    def _layer_of(self, exhibit: Exhibit, picture: Picture) -> Layer:
        number = f"{exhibit.number} " if exhibit.number is not None else ""
        return Layer(
            key=PINNED,
            name=self.tr("Exhibit {number}{name}").format(number=number, name=exhibit.name),
            levels=picture.levels,
            opaque=True,
            note=picture.path,
        )

    def show(self, key: str) -> None:
        """Look at a layer; a trace that was not computed is computed first."""
        self._led = True
        self._look_at(key)
        self._pane.heat_box.setChecked(True)

    def _lead(self) -> None:
        """Look at the trace that the statement speaks of first, once picture and methods came."""
        shown = self._picture is not None and not self._picture.preview
        if shown and self._key == HEAT and self._leading in self._names() and not self._led:
            self._led = True
            self._look_at(self._leading)

    def _look_at(self, key: str) -> None:
        lacks = self._facts is None or key not in self._names()
        self._wanted = key if key not in self._all() and lacks else ""
        self._key = key
        if key == RESTS:
            self._ask_rests()
        elif key not in self._all() and key in self._names() and self._facts is not None:
            tracer = next(each for each in self._tracers if each.name == key)
            self._waiting = key
            self._stage.fetch_trace(self._facts, tracer)
        traced = self._traced.get(key.removesuffix(VIEW_ENDING))
        self._workspace.show_curve(traced.trace if traced is not None else None)
        self._refresh()

    def _show_wanted(self) -> None:
        if self._wanted and self._wanted == self._key:
            self.show(self._wanted)

    def give_up(self) -> None:
        """Nothing is waited for any more; the heat map is shown again."""
        if self._waiting:
            self._waiting, self._key = "", HEAT
            self._refresh()

    def _ask_rests(self) -> None:
        known = RESTS in self._layers or self._asking is not None
        if not known and self._facts is not None and self._result is not None:
            self._asking = Progress(phase="", done=0, total=None)
            self._pane.rests.show_waiting()
            self._resting.fetch(self._facts.path, self._result.examination)

    def _tell_rests(self, progress: Progress) -> None:
        if self._asking is not None:
            self._asking = progress
            if self._key == RESTS:
                self._pane.rests.show_progress(progress)

    def _take_rests(self, rested: Rested) -> None:
        self._asking = None
        self._layers[RESTS] = rested.layer
        self._refresh()

    def _give_up_rests(self, error: BaseException | None = None) -> None:
        """Show the heat map again; an error is told."""
        self._forget_rests()
        self._refresh()
        if error is not None:
            self.rests_failed.emit(error)

    def _forget_rests(self) -> None:
        self._resting.drop()
        self._asking = None
        self._layers.pop(RESTS, None)
        if self._key == RESTS and self._wanted != RESTS:
            self._key = HEAT

    def _take_tracers(self, tracers: tuple[Tracer, ...]) -> None:
        self._methods = tracers
        self._workspace.findings.show_tracers(frozenset(self._names()))
        self._refresh()
        self._show_wanted()
        self._lead()

    def _take_cameras(self, cameras: tuple[Tracer, ...]) -> None:
        self._cameras = cameras
        self._refresh()
        self._show_wanted()

    @property
    def _tracers(self) -> tuple[Tracer, ...]:
        """Methods for every picture, then the case's cameras."""
        return (*self._methods, *self._cameras)

    def _take_trace(self, traced: Traced) -> None:
        name = traced.trace.finding.analyser
        waited = self._waiting == self._key
        self._waiting = ""
        self._traced[name] = traced
        self._layers.update({layer.key: layer for layer in traced.layers})
        if waited:
            # The view comes first where the method has nothing to map.
            self._key = traced.layers[0].key if traced.layers else HEAT
            self._workspace.show_curve(traced.trace)
            self._workspace.tell_trace(traced.trace)
        self._refresh()

    def _names(self) -> tuple[str, ...]:
        """Keys of what can be computed."""
        judged = self._result is not None and self._result.examination.verdict is not None
        rests = (RESTS,) if judged else ()
        return (*rests, *(tracer.name for tracer in self._tracers))

    def _all(self) -> dict[str, Layer]:
        pinned = {PINNED: self._pinned} if self._pinned is not None else {}
        return {**self._layers, **pinned}

    def _refresh(self) -> None:
        known = self._all()
        layer = known.get(self._key)
        waits = self._waiting or (self._key == RESTS and self._asking is not None)
        if layer is None and not waits:
            layer = known.get(HEAT)
        if layer is None and self._key == HEAT and not waits:
            layer = known.get(PINNED)
        self._show_strip(layer)
        self._pane.show_layer(layer if self._picture is not None else None)
        self._pane.bar.show_choices(self._choices(known), self._key)
        wanted = self._pane.canvas.comparison.wanted
        if wanted is Mode.DIFFERENCE and layer is not None and not layer.opaque:
            self._pane.bar.show_mode(Mode.OVERLAY)
        elif layer is not None:
            self._pane.bar.show_mode(wanted)

    def _show_strip(self, layer: Layer | None) -> None:
        strip = self._pane.rests
        if self._key != RESTS:
            strip.show_nothing()
        elif self._asking is None and layer is not None and layer.rests is not None:
            strip.show_found(layer.rests)
        elif self._asking is not None and not strip.isVisibleTo(self._pane):
            strip.show_progress(self._asking)

    def _choices(self, known: dict[str, Layer]) -> list[Choice]:
        choices = [Choice(key=HEAT, name=self.tr("Artifact heat map"))]
        if RESTS in self._names():
            busy = self._asking is not None
            name = self.tr("{name} …").format(name=layer_name()) if busy else layer_name()
            choices.append(Choice(key=RESTS, name=name, tip=self._rests_tip()))
        for tracer in self._tracers:
            busy = tracer.name == self._waiting
            name = self.tr("{name} …").format(name=tracer.title) if busy else tracer.title
            tip = f"{tracer.principle}\n\n{tracer.limits}"
            choices.append(Choice(key=tracer.name, name=name, tip=tip))
            view = f"{tracer.name}{VIEW_ENDING}"
            if view in known:
                choices.append(Choice(key=view, name=known[view].name, tip=tip))
        if self._pinned is not None:
            choices.append(Choice(key=PINNED, name=self._pinned.name))
        return choices

    def _rests_tip(self) -> str:
        return self.tr(
            "Each place is taken away in turn and the verdict is asked again. It takes seconds."
        )
