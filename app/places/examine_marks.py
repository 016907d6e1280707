"""The examiner's marks on the shown exhibit: what is shown of them, and what sets them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.case_door import Drawing
from app.exhibits import Exhibit
from app.looking.drawings import Sketch, sketch_of
from app.looking.layers import kept_as
from app.marks import Marks
from app.places.examine_actions import ExamineActions, connect
from app.session import Session
from app.widgets.note_dialog import NoteDialog
from app.widgets.workspace import Workspace
from engine.mark_types import Annotation, Bookmark, Note
from engine.mark_words import Retractable
from engine.types import Region


class MarksOfExhibit(QObject):
    """Joins marks, picture and table.

    Args:
        workspace: shows them.
        actions: what the keys ask for.
        session: the open case.
        marks: keeps them.
    """

    method_asked = Signal(str)
    """How a bookmark was looked at: ``"picture"``, ``"heat map"`` or the key of a layer."""

    def __init__(
        self, workspace: Workspace, actions: ExamineActions, session: Session, marks: Marks
    ) -> None:
        super().__init__()
        self._workspace, self._pane, self._table = workspace, workspace.picture, workspace.marks
        self._actions, self._session, self._marks = actions, session, marks
        self._number: int | None = None
        self._connect()
        self._connect_actions()

    def choose(self, exhibit: Exhibit | None) -> None:
        """Show the marks of another exhibit."""
        self._number = exhibit.number if exhibit is not None else None
        self._show()

    def _connect(self) -> None:
        pane, table = self._pane, self._table
        self._marks.changed.connect(self._show)
        self._session.case_changed.connect(self._show)
        pane.sketched.connect(self._keep)
        pane.sketch_changed.connect(self._keep)
        pane.stars.rated.connect(self._rate)
        pane.tags.added.connect(self._tag)
        pane.tags.removed.connect(self._untag)
        pane.canvas.picked.connect(table.choose_drawing)
        table.chosen.connect(self._go_to)
        table.edit_asked.connect(self._edit)
        table.removal_asked.connect(self._remove)
        table.note_asked.connect(self._note_verdict)

    def _connect_actions(self) -> None:
        does = self._actions
        connect(
            {
                does.undo: self._marks.undo,
                does.redo: self._marks.redo,
                does.delete: self._delete,
                does.verdict_note: self._note_verdict,
                does.bookmark: self._bookmark,
                does.tag: self._pane.tags.field.setFocus,
            }
        )
        for stars, action in enumerate(does.ratings):
            action.triggered.connect(lambda _=False, stars=stars: self._rate(stars))

    @property
    def _can_write(self) -> bool:
        case = self._session.case
        return self._number is not None and case is not None and case.can_write

    def _show(self) -> None:
        standing, number = self._marks.standing, self._number
        can = self._can_write
        self._pane.set_can_mark(can)
        self._pane.tags.show_known(sorted({tag.name for tag in standing.tags}))
        if number is None:
            self._pane.show_marks(0, ())
            self._pane.canvas.show_sketches(())
            self._table.show_marks(0, None, can_write=False)
        else:
            self._pane.show_marks(standing.stars(number), standing.tags_of(number))
            drawn = [sketch_of(e) for e in standing.annotations if e.exhibit == number]
            self._pane.canvas.show_sketches(drawn)
            self._table.show_marks(number, standing, can_write=can)
        does, undo, redo = self._actions, self._marks.can_undo, self._marks.can_redo
        does.undo.setText(self.tr("Undo: {what}").format(what=undo) if undo else self.tr("Undo"))
        does.redo.setText(self.tr("Redo: {what}").format(what=redo) if redo else self.tr("Redo"))

    def _rate(self, stars: int) -> None:
        if self._number is not None and self._can_write:
            self._marks.rate(self._number, stars)

    def _tag(self, name: str) -> None:
        if self._number is not None and self._can_write:
            self._marks.tag(self._number, name)

    def _untag(self, name: str) -> None:
        if self._number is not None and self._can_write:
            self._marks.untag(self._number, name)

    def _keep(self, sketch: Sketch) -> None:
        if self._number is None or not self._can_write:
            self._show()
            return
        drawing = Drawing(
            shape=sketch.shape,
            start=sketch.start,
            end=sketch.end,
            text=sketch.text,
            replaces=sketch.id,
        )
        self._marks.draw(self._number, drawing)

    def _delete(self) -> None:
        selected = self._pane.canvas.selected
        if selected is not None:
            self._remove("annotation", selected)
        elif self._table.mark is not None:
            self._remove(*self._table.mark)

    def _remove(self, kind: Retractable, number: int) -> None:
        if self._can_write:
            self._marks.remove(kind, number, self.tr("taking back"))

    def _bookmark(self) -> None:
        if self._number is None or not self._can_write:
            return
        view, layer = self._pane.canvas.view, self._pane.canvas.comparison.shown
        region = None if view.fitted else view.seen()
        method = "picture"
        if layer is not None:
            method = kept_as(layer.key)
        name = self.tr("whole picture")
        if region is not None:
            name = self.tr("view at {percent} %").format(percent=round(view.zoom * 100))
        self._marks.bookmark(self._number, name, region, method)
        self._workspace.show_marks()

    def _go_to(self, mark: Annotation | Bookmark | Note | None) -> None:
        canvas = self._pane.canvas
        canvas.select(mark.id if isinstance(mark, Annotation) else None)
        if isinstance(mark, Bookmark):
            if mark.region is None:
                canvas.fit()
            else:
                canvas.show_region(mark.region)
            self.method_asked.emit(mark.method)
        elif isinstance(mark, Annotation):
            (x0, y0), (x1, y1) = mark.start, mark.end
            left, top = min(x0, x1), min(y0, y1)
            region = Region(x=left, y=top, w=max(1, abs(x1 - x0)), h=max(1, abs(y1 - y0)))
            if not canvas.fitted and not canvas.rect().contains(
                canvas.view_rect(region).center().toPoint()
            ):
                canvas.view.show(left + region.w / 2, top + region.h / 2)
                canvas.update()

    def _edit(self, mark: Annotation | Note) -> None:
        if isinstance(mark, Annotation):
            self._pane.edit_words(sketch_of(mark))
            return
        title = self.tr("Note on exhibit {number}").format(number=mark.exhibit)
        self._ask(title, mark.text, mark)

    def _note_verdict(self) -> None:
        if self._number is None or not self._can_write:
            return
        title = self.tr("Note on exhibit {number}").format(number=self._number)
        if self._examination is not None:
            title = self.tr("Note on the verdict of exhibit {number}").format(number=self._number)
        self._ask(title, "", None)

    @property
    def _examination(self) -> int | None:
        result = self._workspace.result
        dossier = result.dossier if result is not None else None
        return dossier.holds.id if dossier is not None and dossier.holds is not None else None

    def _ask(self, title: str, text: str, before: Note | None) -> None:
        window: QWidget = self._workspace.window()
        dialog = NoteDialog(title, text, window)
        number, examination = self._number, self._examination
        replaces = before.id if before is not None else None
        about = before.examination if before is not None else examination
        dialog.written.connect(
            lambda words: self._marks.note(
                words, exhibit=number, examination=about, replaces=replaces
            )
        )
        dialog.written.connect(lambda _: self._workspace.show_marks())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
