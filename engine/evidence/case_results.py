"""A case as the place where a scan puts its results, resumable after any kind of end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.case_types import CaseExamination, Exhibit, Recipe
from engine.evidence.case_rows import place_of
from engine.evidence.case_store import Case
from engine.types import Examination, Failure, FileFacts, Settings

RecipeOf = Callable[[Examination], Recipe | None]
"""What makes an examination repeatable; None when nothing was computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """The newest examination of a place, and what decides whether it still holds."""

    id: int
    sha256: str | None
    model_sha256: str | None
    settings: Settings | None
    failure: Failure | None


class CaseResults:
    """Puts results into a case as they come, and takes their files in as exhibits.

    Args:
        case: open for writing.
        recipe_of: says what makes an examination repeatable.
        exhibits: when the scan is of these alone: each is examined as the exhibit it is, and one
            whose bytes are not those taken in becomes a failure.
    """

    def __init__(self, case: Case, recipe_of: RecipeOf, exhibits: Sequence[Exhibit] = ()) -> None:
        self.case = case
        self._recipe_of = recipe_of
        self._exhibits = {place_of(each.working_file): each for each in exhibits}
        self._entries: dict[str, _Entry] = {}
        self._contents: dict[tuple[str, str, Settings], int] = {}
        for each in case.examinations():
            self._remember(each)

    def may_share(self, facts: FileFacts) -> bool:
        """Return whether a file may have the result of others with its bytes.

        An exhibit whose bytes are not those taken in gets no result of anyone's.
        """
        exhibit = self._exhibits.get(place_of(facts.path))
        return exhibit is None or exhibit.sha256 == facts.sha256

    def is_done(self, path: str, sha256: str, model_sha256: str, settings: Settings) -> bool:
        """Return whether a file was examined well, as it is now, by this model and settings.

        Args:
            path: the file as it was named.
            sha256: hex, of the file's bytes now.
            model_sha256: hex, of the weights that would examine it.
            settings: what would be asked.
        """
        entry = self._entries.get(place_of(path))
        if entry is None or entry.failure is not None:
            return False
        now = (sha256, model_sha256, settings)
        return now == (entry.sha256, entry.model_sha256, entry.settings)

    def stored(self, path: str) -> Examination:
        """Return the newest examination of a file that has one.

        Raises:
            KeyError: the file has none.
        """
        return self.case.examination(self._entries[place_of(path)].id).examination

    def knows(self, sha256: str, model_sha256: str, settings: Settings) -> bool:
        """Return whether these bytes were examined well in this way, under any name.

        Args:
            sha256: hex, of the bytes.
            model_sha256: hex, of the weights that would examine them.
            settings: what would be asked.
        """
        return (sha256, model_sha256, settings) in self._contents

    def known(self, sha256: str, model_sha256: str, settings: Settings) -> Examination:
        """Return the newest examination of bytes that it knows, with the heat map.

        Raises:
            KeyError: it does not know them.
            StoreError: the case does not hold the heat map as it was stored.
        """
        kept = self.case.examination(self._contents[sha256, model_sha256, settings])
        return replace(kept.examination, heatmap=self.case.heatmap(kept))

    def add(self, examination: Examination) -> Examination:
        """Add an examination to the case; a file that fails again in the same way adds nothing.

        Args:
            examination: a finished one, with its heat map in memory.

        Returns:
            The same, as it was kept, with its heat map.

        Raises:
            StoreError: the disk is full or went away; the case is as it was before.
        """
        exhibit = self._exhibits.get(_key(examination))
        if exhibit is not None:
            examination = _only_if_unchanged(examination, exhibit)
        before = self._entries.get(_key(examination))
        if (
            before is not None
            and before.failure is not None
            and (before.failure, before.sha256) == (examination.failure, examination.facts.sha256)
        ):
            return examination
        kept = self.case.add_examination(
            examination,
            self._recipe_of(examination),
            None if exhibit is None else exhibit.number,
        )
        self._remember(kept)
        return replace(kept.examination, heatmap=examination.heatmap)

    def _remember(self, kept: CaseExamination) -> None:
        examination = kept.examination
        self._entries[_key(examination)] = _entry(kept)
        sha256, model, settings = examination.facts.sha256, examination.model, examination.settings
        if examination.ok and sha256 and model is not None and settings is not None:
            self._contents[sha256, model.sha256, settings] = kept.id


def _only_if_unchanged(examination: Examination, exhibit: Exhibit) -> Examination:
    found = examination.facts.sha256
    if found is None or found == exhibit.sha256:
        return examination
    message = (
        f"Exhibit {exhibit.number} was changed: it was taken in with SHA-256 {exhibit.sha256} and "
        f"now has {found}. Restore it, or scan the file by its name to take it in anew."
    )
    return Examination(
        facts=examination.facts,
        failure=Failure(kind="changed", message=message),
        examined_utc=examination.examined_utc,
        tool_version=examination.tool_version,
        settings=examination.settings,
    )


def _key(examination: Examination) -> str:
    return place_of(examination.facts.path)


def _entry(kept: CaseExamination) -> _Entry:
    examination = kept.examination
    return _Entry(
        id=kept.id,
        sha256=examination.facts.sha256,
        model_sha256=None if examination.model is None else examination.model.sha256,
        settings=examination.settings,
        failure=examination.failure,
    )
